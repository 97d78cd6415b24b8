"""警情收件箱: alerts by what is to be done with them, of all districts or of one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from mediation_engine.domain.command import Command
from mediation_engine.domain.deadline import ClockState
from mediation_engine.domain.formatting import CHINA, heading, near_words
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.domain.zone import District, districts_of
from mediation_engine.ports.store import Unit
from mediation_engine.ports.views import Wanted
from mediation_engine.services.authorization import reach
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import MediationService
from workflows.zone.alert.contact import RecordContact
from workflows.zone.alert.disposal import FinishAlert
from workflows.zone.alert.disposal import S as DisposalState
from workflows.zone.alert.facts import facts_of
from workflows.zone.alert.feedback import TellPolice
from workflows.zone.alert.inbox import S as InboxState
from workflows.zone.alert.inbox import SignForAlert
from workflows.zone.alert.outcome import SettleOnSpot
from workflows.zone.alert.vocabulary import ALERT, Urgency
from workflows.zone.outcome import RecordNotAgreed, ReferToMediation
from workflows.zone.vocabulary import RUNNING

from .deadlines import due_left
from .refusal_reasons import Address

A_PAGE = 30
MOST_ON_BOARD = 20
"""Alerts of a group on a board; all are in the inbox."""
MOST_COUNTED = 1000
"""Alerts of a group are counted up to here."""


class Group(Labelled):
    """What is to be done with an alert."""

    UNSIGNED = "unsigned", "待签收"
    TO_CONTACT = "to_contact", "待联系"
    IN_HAND = "in_hand", "在办"
    TO_REPORT = "to_report", "待反馈"
    CLOSED = "closed", "办结"


STATES: Mapping[Group, Labelled] = {
    Group.UNSIGNED: InboxState.PUSHED,
    Group.TO_CONTACT: DisposalState.TO_CONTACT,
    Group.IN_HAND: DisposalState.IN_HAND,
    Group.TO_REPORT: DisposalState.TO_REPORT,
}
STEPS: Mapping[Group, tuple[str, str]] = {
    Group.UNSIGNED: (SignForAlert.name(), SignForAlert.label),
    Group.TO_CONTACT: (RecordContact.name(), RecordContact.label),
    Group.TO_REPORT: (TellPolice.name(), TellPolice.label),
}
"""The step that leads on from a group."""
CLOCKS: Mapping[Group, str] = {
    Group.TO_CONTACT: "alert_contact",
    Group.IN_HAND: "alert_result",
    Group.TO_REPORT: "alert_feedback",
}
"""The period that runs while an alert is in a group."""
OPEN = (ClockState.RUNNING, ClockState.MISSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """An alert in the inbox."""

    case: str
    number: str
    parties: str
    subject: str
    pushed: str
    stands: str
    """What is to be done with it, or that it is over, in a word."""
    by: str
    """By when something is to be done, in words."""
    is_late: bool
    handler: str
    is_urgent: bool
    came: str
    """What came of it, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """A group of alerts, a page of it, and how many there are of each."""

    group: Group
    rows: tuple[AlertRow, ...]
    counts: Mapping[Group, int]
    further: str


def inbox(
    door: MediationService, office: Office, actor: Actor, asked: str, district: str, after: str, words: str = ""
) -> Inbox:
    """The alerts of an actor's organisation and those below it; unasked the first group that has any.

    With words those that are found by them, in whatever group they are.
    """
    with door.store.read() as unit:
        wanted = Wanted(organisations=reach(unit.register, actor.organisation), matter=ALERT.code, district=district)
        counts = {group: unit.views.count(_of(wanted, group), MOST_COUNTED) for group in Group}
        first = next((it for it in Group if counts[it]), Group.UNSIGNED)
        group = Group.named(asked) or first
        oldest = group is not Group.CLOSED
        if words:
            found = unit.views.search(replace(wanted, words=words), after=after, most=A_PAGE + 1)
        else:
            found = unit.views.newest(_of(wanted, group), after=after, most=A_PAGE + 1, oldest_first=oldest)
        shown = [row.case for row in found[:A_PAGE]]
        now = unit.now.astimezone(CHINA)
    rows = [_row(view, _group_of(view), now) for view in door.outlines(shown, office, actor)]
    further = shown[-1] if len(found) > A_PAGE else ""
    return Inbox(group=group, rows=tuple(rows), counts=counts, further=further)


def _group_of(view: CaseView) -> Group:
    if view.case.facts.closed:
        return Group.CLOSED
    state = view.case.state(view.case.phase)
    return next((group for group, it in STATES.items() if it.code == state), Group.IN_HAND)


def _of(wanted: Wanted, group: Group) -> Wanted:
    if group is Group.CLOSED:
        return replace(wanted, closed=True)
    return replace(wanted, closed=False, state=STATES[group].code)


def _due(view: CaseView, group: Group, now: datetime) -> tuple[str, str]:
    """By when what a group waits for is to be done, in words; and late, now, soon, or nothing where no day is known."""
    facts = facts_of(view.case)
    if group is Group.UNSIGNED and facts.sign_by:
        by = datetime.fromisoformat(facts.sign_by).replace(tzinfo=CHINA)
        is_late = by < now
        words = f"{near_words(by.date(), view.today)}{by:%H:%M}以前签收"
        return f"{words}，已过期" if is_late else words, "late" if is_late else "now"
    wanted = CLOCKS.get(group, "")
    days = [it.last for it in view.clocks if it.rule.code == wanted and it.state in OPEN and it.last]
    if not days:
        return "", ""
    day = min(days)
    tone = "late" if day < view.today else "now" if day == view.today else "soon"
    return f"{near_words(day, view.today)}以前，{due_left(day, view.today)}", tone


def _row(view: CaseView, group: Group, now: datetime) -> AlertRow:
    facts = facts_of(view.case)
    by, tone = _due(view, group, now)
    outcomes = [f"{it.kind.label}：{it.state.label}" for it in facts.outcomes.values()]
    return AlertRow(
        case=view.case.id,
        number=facts.number or "没有编号",
        parties=heading([view.people.get(id, id) for id in facts.people().values()]) or "还没有写明涉及的人",
        subject=" · ".join(facts.subject()),
        pushed=facts.pushed.words() if facts.pushed else "",
        stands=group.label,
        by=by,
        is_late=tone == "late",
        handler=handlers(view),
        is_urgent=facts.urgency in (Urgency.URGENT, Urgency.MAJOR),
        came="；".join(outcomes),
    )


def choices(districts: Collection[District], district: str) -> list[tuple[str, str]]:
    """The districts one can narrow to; none where there is only one."""
    known = [(it.code, it.name) for it in districts]
    return [("", "全部片区"), *known] if len(known) > 1 or district else []


def handlers(view: CaseView) -> str:
    """Who signed for it, else the pair that answers for it."""
    facts = facts_of(view.case)
    return view.actors.get(facts.signed_by or "", "") or "、".join(view.actors.get(it, it) for it in facts.pair)


# -- on the board of who answers for them


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """An alert with which somebody has to do something."""

    group: Group
    view: CaseView
    what: str
    by: str
    tone: str
    step: type[Command] | None
    """By which it is done; None where it is another's to do."""
    form: tuple[tuple[str, str], ...] = ()
    """What its form begins with."""
    on: tuple[str, ...] = ()
    """What it is given on."""
    instead: type[Command] | None = None
    """What else it may come to."""

    def address(self, step: type[Command] | None) -> Address | None:
        """Where a step is taken."""
        if step is None:
            return None
        on, form = (self.on, self.form) if step is self.step else ((), ())
        return Address(self.view.case.id, step.name(), on, form)


def waiting(
    door: MediationService, office: Office, actor: Actor, organisations: Collection[str], *, own: bool
) -> list[ToDo]:
    """What is to be done with the alerts of some organisations, what is late first.

    With `own` those alone that a member of staff answers for; the lead answers for all.
    """
    with door.store.read() as unit:
        now = unit.now.astimezone(CHINA)
        wanted = Wanted(organisations=organisations, matter=ALERT.code, closed=False)
        is_lead = office is Office.LEAD
        districts = [it.code for it in districts_of(actor.id, door.catalogue.zone.districts)]
        narrowed = [replace(wanted, district=it) for it in districts] if own and not is_lead else [wanted]
        found = [(group, case) for one in narrowed for group in STATES for case in _oldest(unit, one, group)]
    groups = {case: group for group, case in found}
    todos = []
    for view in door.outlines(groups, office, actor):
        if own and not is_lead and actor.id not in facts_of(view.case).pair:
            continue
        todo = _todo(view, groups[view.case.id], actor, now, is_lead=is_lead)
        todos += [todo] if todo else []
    return sorted(todos, key=lambda it: it.tone != "late")


def _oldest(unit: Unit, wanted: Wanted, group: Group) -> Iterator[str]:
    rows = unit.views.newest(_of(wanted, group), most=MOST_ON_BOARD, oldest_first=True)
    return (row.case for row in rows)


def _todo(view: CaseView, group: Group, actor: Actor, now: datetime, *, is_lead: bool) -> ToDo | None:
    facts = facts_of(view.case)
    by, tone = _due(view, group, now)
    usual = ToDo(group=group, view=view, what="", by=by, tone=tone or "now", step=None)
    outcomes = facts.outcomes.values()
    match group:
        case Group.UNSIGNED:
            signs = is_lead or not facts.pair or actor.id in facts.pair
            urgent = facts.urgency.label if facts.urgency and facts.urgency is not Urgency.USUAL else ""
            what = "，".join(filter(None, (urgent, "请签收" if signs else f"等{handlers(view)}签收")))
            return replace(usual, what=what, step=SignForAlert if signs else None)
        case Group.TO_CONTACT:
            return replace(usual, what="联系双方，先稳住人", step=RecordContact)
        case Group.TO_REPORT:
            key = facts.untold()[0]
            what = f"{facts.outcomes[key].state.label}，请反馈公安"
            return replace(usual, what=what, step=TellPolice, form=(("outcome", key),))
        case Group.IN_HAND if lost := tuple(key for key, it in facts.outcomes.items() if it.is_lost):
            return replace(usual, what="没有找到要并入的案件", step=RecordNotAgreed, on=lost)
        case Group.IN_HAND if not outcomes:
            return replace(usual, what="要作出处置", step=SettleOnSpot, instead=ReferToMediation)
        case Group.IN_HAND if not any(it.state in RUNNING for it in outcomes):
            return replace(usual, what="都反馈了，可以办结", step=FinishAlert)
    return None  # a case goes on: what becomes of it comes from there
