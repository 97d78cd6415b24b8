"""A case made readable: names, words and tellers, for whoever holds an office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mediation_engine.codec import read_event
from mediation_engine.domain.case import Case
from mediation_engine.domain.formatting import heading
from mediation_engine.domain.line import Line
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.service import MediationService
from mediation_engine.telling import Teller, people_in


def teller(
    door: MediationService,
    case: Case,
    office: Office,
    lines: Iterable[Line] | None = None,
    entered: Mapping[str, str] | None = None,
) -> Teller:
    """Tells lines of a case (all, or those not yet written, with who is `entered`) to who holds an office."""
    workflow = door.catalogue.reading(case.workflow)
    told = door.history(case.id) if lines is None else lines
    ids = _people(workflow, told) | {*case.facts.people().values()}
    with door.store.read() as unit:
        actors = {a.id: a.name for a in unit.register.actors()}
        people = {id: person.name for id, person in unit.register.people(ids).items()} | dict(entered or {})
    parties = {key: people[id] for key, id in case.facts.people().items() if id in people}
    return Teller(
        workflow=workflow,
        names=door.names(case) | people | parties,
        words=door.words(case.id, office),
        actors=actors,
    )


def parties(door: MediationService, case: Case) -> str:
    """Who is in a case, by name."""
    names = door.names(case)
    return heading([names[key] for key in case.facts.people()])


def thing(case: Case, teller: Teller, key: str) -> str:
    """An instance by its name; where that does not tell, with whom or what it is about."""
    if key in teller.names:
        return teller.thing(key)
    about = _about(case, teller, key)
    return f"{teller.thing(key)}（{about}）" if about else teller.thing(key)


def _about(case: Case, teller: Teller, key: str) -> str:
    by = case.facts.named_by(key)
    return "　".join(name for id in by if (name := teller.thing(id) if "/" in id else teller.names.get(id, "")))


def standing(workflow: Workflow | None, phase: str, state: str) -> str:
    """Phase and state in words."""
    machine = workflow.machines.get(phase) if workflow else None
    return f"{machine.label}·{machine.label_of(state)}" if machine else f"{phase}·{state}"


def _people(workflow: Workflow | None, lines: Iterable[Line]) -> set[str]:
    """Ids of everybody some lines name: who is invited is no party."""
    kinds = workflow.events if workflow else {}
    events = (read_event(kinds[line.event], line) for line in lines if line.command and line.event in kinds)
    return {person for event in events if event and event.given for person in people_in(event.given)}
