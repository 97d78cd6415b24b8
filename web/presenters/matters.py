"""事项清单: matters by what is to be done with them, of all kinds and districts or of one; the next reception day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from mediation_engine.domain.formatting import day_words, heading, near_words
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.domain.zone import Zone
from mediation_engine.ports.store import Unit
from mediation_engine.ports.views import Wanted
from mediation_engine.read_models.projections import CaseRow
from mediation_engine.services.authorization import reach
from mediation_engine.services.calendar import calendar_in
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import MediationService
from workflows.zone.matter.entry import AssignMatter, EndMatter
from workflows.zone.matter.entry import S as EntryState
from workflows.zone.matter.facts import facts_of
from workflows.zone.matter.handling import S as HandlingState
from workflows.zone.matter.handling import SignForMatter, VerifyMatter
from workflows.zone.matter.kinds import kinds_of
from workflows.zone.matter.measure import RecordMeasure
from workflows.zone.matter.vocabulary import MATTER

A_PAGE = 30
MOST_COUNTED = 1000
"""Matters of a group are counted up to here."""


class Group(Labelled):
    """What is to be done with a matter."""

    TO_ASSIGN = "to_assign", "待交办"
    TO_SIGN = "to_sign", "待签收"
    IN_HAND = "in_hand", "办理中"
    TO_VERIFY = "to_verify", "待核实"
    TO_END = "to_end", "待办结"
    OPEN = "open", "未办结"
    CLOSED = "closed", "办结"


STATES: Mapping[Group, Labelled] = {
    Group.TO_ASSIGN: EntryState.REGISTERED,
    Group.TO_SIGN: HandlingState.TO_SIGN,
    Group.IN_HAND: HandlingState.IN_HAND,
    Group.TO_VERIFY: HandlingState.TO_VERIFY,
    Group.TO_END: HandlingState.TO_END,
}
STEPS: Mapping[Group, tuple[str, str]] = {
    Group.TO_ASSIGN: (AssignMatter.name(), AssignMatter.label),
    Group.TO_SIGN: (SignForMatter.name(), SignForMatter.label),
    Group.IN_HAND: (RecordMeasure.name(), RecordMeasure.label),
    Group.TO_VERIFY: (VerifyMatter.name(), VerifyMatter.label),
    Group.TO_END: (EndMatter.name(), EndMatter.label),
}
"""The step that leads on from a group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is narrowed to."""

    group: str = ""
    kind: str = ""
    district: str = ""
    late: bool = False
    after: str = ""
    words: str = ""
    """Pieces of a name or a number: then of whatever state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterRow:
    """A matter in the list."""

    case: str
    title: str
    kind: str
    number: str
    """Empty where it is the title."""
    district: str
    came: str
    reception: str
    """The reception day on which it came, in words."""
    by: str
    """By when something is to be done, in words."""
    is_late: bool
    handler: str
    stands: str
    """What is to be done with it, or that it is over, in a word."""
    step: tuple[str, str] | None
    """The step that leads on, and what it is called."""
    ended: str
    """How it ended, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matters:
    """A group of matters, a page of it, and how many there are of each."""

    group: Group
    rows: tuple[MatterRow, ...]
    counts: Mapping[Group, int]
    late: int
    """How many of all that are open something is late with."""
    further: str


def listed(door: MediationService, office: Office, actor: Actor, asked: Asked) -> Matters:
    """The matters of an actor's organisation and those below it; unasked the first group that has any."""
    today = door.today()
    with door.store.read() as unit:
        wanted = Wanted(
            organisations=reach(unit.register, actor.organisation),
            matter=MATTER.code,
            kind=asked.kind,
            district=asked.district,
        )
        late = replace(wanted, closed=False, due_before=today)
        narrowed = late if asked.late else wanted
        counts = {group: unit.views.count(_of(narrowed, group), MOST_COUNTED) for group in Group}
        first = next((it for it in Group if counts[it] and it is not Group.OPEN), Group.TO_ASSIGN)
        group = Group.named(asked.group) or first
        if asked.words:
            searched = replace(narrowed, words=asked.words)
            found = unit.views.search(searched, after=asked.after, most=A_PAGE + 1)
        else:
            found = _page(unit, narrowed, group, asked.after)
        shown = [row.case for row in found[:A_PAGE]]
        days = unit.views.next_dates(shown)
        many = unit.views.count(late, MOST_COUNTED)
    rows = [row(view, days.get(view.case.id)) for view in door.outlines(shown, office, actor)]
    further = shown[-1] if len(found) > A_PAGE else ""
    return Matters(group=group, rows=tuple(rows), counts=counts, late=many, further=further)


def _page(unit: Unit, wanted: Wanted, group: Group, after: str) -> list[CaseRow]:
    """A page of a group and the one that follows it; of all that are open those first that can be ended."""
    if group is Group.CLOSED:
        return unit.views.newest(_of(wanted, group), after=after, most=A_PAGE + 1)
    ways: list[Group] = [*STATES][::-1] if group is Group.OPEN else [group]
    if group is Group.OPEN and after:
        last = unit.views.search(Wanted(cases=[after]), most=1)
        at = next((way for way in ways if last and last[0].state == STATES[way].code), ways[0])
        ways = ways[ways.index(at) :]
    found = list[CaseRow]()
    for way in ways:
        most, place = A_PAGE + 1 - len(found), after if way is ways[0] else ""
        if most:
            found += unit.views.newest(_of(wanted, way), after=place, most=most, oldest_first=True)
    return found


def _of(wanted: Wanted, group: Group) -> Wanted:
    if group is Group.CLOSED:
        return replace(wanted, closed=True)
    if group is Group.OPEN:
        return replace(wanted, closed=False)
    return replace(wanted, closed=False, state=STATES[group].code)


def _group_of(view: CaseView) -> Group:
    if view.case.facts.closed:
        return Group.CLOSED
    state = view.case.state(view.case.phase)
    return next((group for group, it in STATES.items() if it.code == state), Group.IN_HAND)


def row(view: CaseView, by: date | None = None) -> MatterRow:
    """A matter in a list, with the day `by` which something is to be done."""
    if by is None:
        return _row(view)
    return replace(_row(view), by=f"{near_words(by, view.today)}以前", is_late=by < view.today)


def _row(view: CaseView) -> MatterRow:
    facts = facts_of(view.case)
    names = heading([view.people.get(id, id) for id in facts.people().values()])
    ended = facts.how
    in_time = {True: "，按时", False: "，超过期限", None: ""}[facts.in_time]
    return MatterRow(
        case=view.case.id,
        title=names or facts.number or (facts.kind.label if facts.kind else "事项"),
        kind=facts.kind.label if facts.kind else "",
        number="" if facts.number and not names else facts.number or "没有编号",
        district=facts.district_name,
        came=facts.came.words() if facts.came else "",
        reception=f"{day_words(facts.reception)}接访日" if facts.reception else "",
        by="",
        is_late=False,
        handler=view.actors.get(facts.handler or "", ""),
        stands=_group_of(view).label,
        step=STEPS.get(_group_of(view)),
        ended=f"{ended.label}{in_time}" if ended and facts.closed else "",
    )


def only_words(asked: Asked, kinds: Collection[tuple[str, str]], districts: Collection[tuple[str, str]]) -> str:
    """What a list leaves nothing but, in words: what is late, one kind, one district."""
    said = [
        dict(kinds).get(asked.kind) if asked.kind else "",
        dict(districts).get(asked.district) if asked.district else "",
    ]
    return "、".join(it for it in ("超期的" if asked.late else "", *said) if it)


def kind_choices(zone: Zone) -> list[tuple[str, str]]:
    """The kinds one can narrow to."""
    return [("", "全部种类"), *((it.code, it.label) for it in kinds_of(zone))]


def reception_words(door: MediationService) -> str:
    """Whether today is a reception day, and which is the next."""
    today = door.today()
    with door.store.read() as unit:
        days = door.catalogue.zone.receptions(today, calendar_in(unit))
        first = next(days, None)
        if first is None:
            return ""
        if first > today:
            return f"下一个接访日：{day_words(first)}"
        after = next(days, None)
    return "今天是接访日。" + (f"下一个接访日：{day_words(after)}" if after else "")
