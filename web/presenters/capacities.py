"""In which capacity somebody could do what a party does: what a form offers, and what it begins with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from mediation_engine.domain.command import Command
from mediation_engine.domain.machine import T
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.services.case_view import CaseView

from .case_details import Casework

SELF = "本人"


def is_own(workflow: Workflow, view: CaseView, kind: type[Command]) -> bool:
    """Whether a step is a party's own act."""
    machine = workflow.machine_for(kind, view.case)
    rows = machine.rows if machine else ()
    return any(isinstance(r, T) and r.command is kind and Office.REPRESENTATIVE in r.by for r in rows)


def offered(workflow: Workflow, view: CaseView, kind: type[Command], on: Iterable[str]) -> list[tuple[str, str]]:
    """Capacities (key, words) in which a step could be done for those whom some things are of, the party itself first.

    Nothing where there are none: then the party has done it.
    """
    facts, details = view.case.facts, Casework(view=view)
    own = [{facts.acts_for(key)} for key in on]
    found = dict.fromkeys(key for party in own for key, _ in _covering(workflow, view, kind, party))
    words = ((key, f"{view.teller.thing(key)}（{details.summary(key)}）") for key in found)
    return [("", f"{SELF}（本单位）"), *words] if found else []


def likely(workflow: Workflow, view: CaseView, kind: type[Command], on: Iterable[str]) -> str:
    """The only capacity that covers a step today; empty where there are several, or none."""
    parties = {view.case.facts.acts_for(key) for key in on}
    covering = [key for key, covers in _covering(workflow, view, kind, parties) if covers]
    return covering[0] if len(covering) == 1 else ""


def _covering(
    workflow: Workflow, view: CaseView, kind: type[Command], parties: Collection[str]
) -> Sequence[tuple[str, bool]]:
    if not is_own(workflow, view, kind):
        return ()
    return view.case.facts.capacities_for(parties, kind.name(), Occurred(view.today.isoformat()))
