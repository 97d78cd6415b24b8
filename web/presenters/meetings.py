"""例会清单: meetings by how far they are; whom one can ask to come."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from mediation_engine.domain.roles import MEDIATOR_OR_GRID_WORKER, Actor, Office, may_handle
from mediation_engine.ports.views import Wanted
from mediation_engine.services.authorization import reach
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.directory import directory_of
from mediation_engine.services.mediation import MediationService
from workflows.zone.matter.facts import facts_of as facts_of_matter
from workflows.zone.matter.kinds import MEETING_TASK
from workflows.zone.matter.vocabulary import MATTER
from workflows.zone.meeting.calling import FixMeeting, HoldMeeting
from workflows.zone.meeting.calling import S as State
from workflows.zone.meeting.facts import facts_of
from workflows.zone.meeting.vocabulary import MEETING, Theme

A_PAGE = 30
MOST_COUNTED = 1000
"""Meetings of a group are counted up to here."""
STEPS: Mapping[State, tuple[str, str]] = {
    State.PLANNED: (FixMeeting.name(), FixMeeting.label),
    State.CALLED: (HoldMeeting.name(), HoldMeeting.label),
}
"""Meetings are grouped by their states; the step that leads on from one."""
OVER = frozenset({State.HELD, State.CALLED_OFF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is narrowed to."""

    group: str = ""
    kind: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRow:
    """A meeting in the list."""

    case: str
    title: str
    number: str
    when: str
    is_late: bool
    """Whether its day has passed, and nobody wrote down that it was held."""
    missing: str
    """What of the four is not fixed, in words."""
    people: str
    convener: str
    tasks: int
    struck_off: int
    """How many of them are done and struck off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetings:
    """A group of meetings, a page of it, and how many there are of each; and the tasks that are still open."""

    group: State
    rows: tuple[MeetingRow, ...]
    counts: Mapping[State, int]
    further: str
    tasks: int
    late: int
    """How many of these are past their day."""


def listed(door: MediationService, office: Office, actor: Actor, asked: Asked) -> Meetings:
    """The meetings of an actor's organisation and those below it; unasked the first group that has any."""
    with door.store.read() as unit:
        within = reach(unit.register, actor.organisation)
        wanted = Wanted(organisations=within, matter=MEETING.code, kind=asked.kind)
        counts = {it: unit.views.count(replace(wanted, state=it.code), MOST_COUNTED) for it in State}
        group = State.named(asked.group) or next((it for it in State if counts[it]), State.CALLED)
        narrowed = replace(wanted, state=group.code)
        oldest = group not in OVER
        found = unit.views.newest(narrowed, after=asked.after, most=A_PAGE + 1, oldest_first=oldest)
        tasks = Wanted(organisations=within, matter=MATTER.code, kind=MEETING_TASK, closed=False)
        many = unit.views.count(tasks, MOST_COUNTED)
        late = unit.views.count(replace(tasks, due_before=door.today()), MOST_COUNTED)
    shown = [row.case for row in found[:A_PAGE]]
    views = door.outlines(shown, office, actor)
    done = _struck_off(door, office, actor, [it for view in views for it in _matters(view)])
    rows = tuple(_row(view, done) for view in views)
    further = shown[-1] if len(found) > A_PAGE else ""
    return Meetings(group=group, rows=rows, counts=counts, further=further, tasks=many, late=late)


def _matters(view: CaseView) -> list[str]:
    """The matters (ids) that the tasks of a meeting became."""
    return [it.matter for it in facts_of(view.case).tasks.values() if it.matter]


def _struck_off(door: MediationService, office: Office, actor: Actor, matters: Sequence[str]) -> Collection[str]:
    """Those of some matters that are done and struck off."""
    facts = {it.case.id: facts_of_matter(it.case) for it in door.outlines(matters, office, actor)}
    return {id for id, it in facts.items() if it.how is not None and it.how.done}


def _row(view: CaseView, done: Collection[str]) -> MeetingRow:
    facts = facts_of(view.case)
    came = f"，到{len(facts.came)}人" if facts.held else ""
    return MeetingRow(
        case=view.case.id,
        title=facts.subject()[0],
        number=facts.number or "",
        when=facts.held.words() if facts.held else facts.when,
        is_late=facts.closed is None and facts.day is not None and facts.day < view.today,
        missing="、".join(it.label for it in facts.unfixed()),
        people=f"应到{len(facts.attendees)}人{came}",
        convener=view.actors.get(facts.convener or "", ""),
        tasks=len(facts.tasks),
        struck_off=sum(it in done for it in _matters(view)),
    )


def themes() -> list[tuple[str, str]]:
    """The themes one can narrow to."""
    return [("", "全部主题"), *((it.code, it.label) for it in Theme)]


def staff(door: MediationService, actor: Actor) -> list[tuple[str, str]]:
    """The staff of one's organisation, by id."""
    with door.store.read() as unit:
        everybody = unit.register.actors()
    able = (it for it in everybody if may_handle(it, actor.organisation, MEDIATOR_OR_GRID_WORKER))
    return [(it.id, it.name) for it in able]


def bodies(door: MediationService, actor: Actor) -> list[tuple[str, str]]:
    """The organisations of the directory that are there today, by id."""
    today = door.today()
    with door.store.read() as unit:
        known = directory_of(unit, actor).by_id.values()
    return [(it.id, it.name) for it in known if it.is_active(today)]
