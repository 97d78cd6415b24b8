"""层级: where a case was raised, and where it was settled (小事不出村、矛盾不上交)."""

from __future__ import annotations

from mediation_engine.domain.case import Case
from mediation_engine.domain.roles import Level

from ..facts import facts_of
from .states import AgreementState

SETTLED = (AgreementState.EFFECTIVE, AgreementState.PERFORMED)


def raised_at(case: Case) -> Level | None:
    """The level of the organisation with which it was raised; None where nobody has said what level that is."""
    return facts_of(case).raised_at


def settled_at(case: Case) -> Level | None:
    """The level of the organisation that hosted it when an agreement took effect that still binds; None where none
    does. Who takes it over afterwards, to see that it is performed, settles nothing."""
    facts = facts_of(case)
    if not any(case.is_in(key, *SETTLED) for key in facts.agreements):
        return None
    return facts.settled_before or facts.level


def levels(case: Case) -> tuple[Level | None, Level | None]:
    """At which level it was raised, and at which it was settled."""
    return raised_at(case), settled_at(case)
