"""What the worker does of itself. Decides nothing: who may do what stands in the tables."""

from __future__ import annotations

from datetime import date

from mediation_engine.domain.automatic import AutomaticStep
from mediation_engine.domain.case import Case
from mediation_engine.domain.fields import Text

from .parts.states import VisitState
from .parts.visit import VISIT, EndEntrustment

LEFT = 3
"""So many days after its day a visit that somebody was entrusted with comes back to the room: as long as his link is
good (policy)."""


def _taken_back(case: Case, key: str, _: date) -> EndEntrustment | None:
    """Somebody without an account was to go, and nothing has come of it."""
    return (
        EndEntrustment(reason=Text("过了走访的日子没有办，自动收回")) if case.is_in(key, VisitState.ENTRUSTED) else None
    )


AUTOMATIC = (
    AutomaticStep(code="take_back", label="收回没有办的走访委托", kind=VISIT.name, after=LEFT, command=_taken_back),
)
