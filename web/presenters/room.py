"""What the lead looks after: what waits for a decision with its text, and how much each mediator has in hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mediation_engine.descriptions.lines import Told
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.ports.views import Wanted
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import MediationService
from workflows.parts.visit import VISIT

from .case_list import mediators
from .case_options import Asking
from .mediator_dashboard import MOST_COUNTED, NEAR, apart_machines, is_for_lead, place_of, title
from .next_move import next_move
from .refusal_reasons import Way, address, step_for
from .whose_turn import Turn, whose_turn

LOOKED_INTO = 100
"""Open cases that a page goes through for what waits for the lead."""
MOST_SHOWN = 10
MOST_LINES = 6
"""Lines shown of what is to be decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something that the lead alone can decide, with what is to be read before."""

    case: str
    number: str
    title: str
    what: str
    since: str
    handler: str
    text: Sequence[Told]
    ways: Sequence[Way]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What somebody has in hand."""

    id: str
    name: str
    open: int
    late: int
    visits: int
    risks: int


def loads(door: MediationService, actor: Actor) -> list[Load]:
    """Every mediator of the room with what is in hand; whoever has most first, those without anything last."""
    today, room = door.today(), [actor.organisation]
    with door.store.read() as unit:
        found = []
        for who in mediators(unit, room):
            own = Wanted(organisations=room, closed=False, mediator=who.id)
            late = replace(own, due_before=today)
            visits = unit.views.due_dates(today + NEAR, kinds=[VISIT.name], organisations=room, mediator=who.id)
            risks = [
                due
                for machine in apart_machines(door.catalogue)
                for due in unit.views.due_dates(
                    today, waiting=True, machine=machine, organisations=room, mediator=who.id
                )
            ]
            load = Load(
                id=who.id,
                name=who.name,
                open=unit.views.count(own, MOST_COUNTED),
                late=unit.views.count(late, MOST_COUNTED),
                visits=len(visits),
                risks=len({due.case for due in risks}),
            )
            if load.open or who.active:
                found.append(load)
    return sorted(found, key=lambda it: (-it.open, it.name))


def undecided(door: MediationService, actor: Actor, after: tuple[datetime, str] | None) -> tuple[list[str], str]:
    """Ids of open cases of the room in which the lead alone goes on, the one longest unmoved first; and the place
    from which there may be more."""
    wanted = Wanted(organisations=[actor.organisation], closed=False)
    with door.store.read() as unit:
        rows = unit.views.resting(wanted, after=after, most=LOOKED_INTO + 1)
    looked = {row.case: row for row in rows[:LOOKED_INTO]}
    found: list[str] = []
    by_id = {view.case.id: view for view in door.outlines(looked, Office.LEAD, actor)}
    for case, row in looked.items():
        if _waits(by_id[case]):
            found.append(case)
        if len(found) == MOST_SHOWN:
            return found, place_of(row)
    return found, place_of(rows[LOOKED_INTO - 1]) if len(rows) > LOOKED_INTO else ""


def _waits(view: CaseView) -> bool:
    if view.workflow is None or view.stepped_back:
        return False
    if any(is_for_lead(view.workflow, it.keys[0]) for it in view.workflow.waits(view.case)):
        return True
    return whose_turn(Asking(view=view, workflow=view.workflow)) is Turn.LEAD


def decisions(view: CaseView) -> list[Decision]:
    """What the lead has to decide in a case that is looked at."""
    if view.workflow is None:
        return []
    asked = Asking(view=view, workflow=view.workflow)
    found = []
    for wait in view.workflow.waits(view.case):
        if is_for_lead(view.workflow, wait.keys[0]):
            steps = [replace(wait, step=name) for name in (wait.step, *wait.instead)]
            commands = view.workflow.commands
            ways = [Way(label=commands[it.step].label, address=step_for(view.case, it)) for it in steps]
            found.append(_decision(view, wait.what, wait.keys, ways))
    move = next_move(asked) if whose_turn(asked) is Turn.LEAD else None
    if move is not None and move.address is not None:
        keys = move.address.on or (view.case.phase,)
        ways = _ways(asked, move.address.command, keys)
        if ways:
            found.append(_decision(view, view.workflow.commands[move.address.command].label, keys, ways))
    return found


def _ways(asked: Asking, first: str, keys: Collection[str]) -> list[Way]:
    """The step that leads on, and the others that the lead alone may take there."""
    others = {(o.command, o.key) for o in asked.allowed.get(Office.MEDIATOR, ())}
    lead = asked.allowed.get(Office.LEAD, ())
    own = [o for o in lead if o.command.name() == first or (o.key in keys and (o.command, o.key) not in others)]
    own.sort(key=lambda option: option.command.name() != first)
    named = {option.command: option for option in reversed(own)}
    kinds = list(dict.fromkeys(option.command for option in own))
    there = {kind: [o.key for o in own if o.command is kind and o.key and o.key != asked.case.phase] for kind in kinds}
    return [Way(label=kind.label, address=address(asked.case.id, named[kind], there[kind])) for kind in kinds]


def _decision(view: CaseView, what: str, keys: Collection[str], ways: Sequence[Way]) -> Decision:
    """With all that was written down of the things to be decided on, the latest where that is much."""
    lines = [it for it in view.lines if it.line.command and not it.line.void and it.line.instance in keys]
    return Decision(
        case=view.case.id,
        number=view.case.facts.number or "尚无案号",
        title=title(view),
        what=what,
        since=lines[-1].line.occurred.words() if lines else "",
        handler=view.lead_name,
        text=[view.teller.line(it) for it in lines[-MOST_LINES:]],
        ways=ways,
    )
