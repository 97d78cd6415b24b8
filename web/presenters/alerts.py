"""警情收件箱: alerts by what is to be done with them, of all districts or of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from mediation_engine.domain.formatting import heading, near_words
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.domain.zone import District
from mediation_engine.ports.views import Wanted
from mediation_engine.services.authorization import reach
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import MediationService
from workflows.zone.alert.contact import RecordContact
from workflows.zone.alert.disposal import S as DisposalState
from workflows.zone.alert.facts import facts_of
from workflows.zone.alert.feedback import TellPolice
from workflows.zone.alert.inbox import S as InboxState
from workflows.zone.alert.inbox import SignForAlert
from workflows.zone.alert.vocabulary import ALERT, Urgency

A_PAGE = 30
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


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """An alert in the inbox."""

    case: str
    number: str
    parties: str
    subject: str
    pushed: str
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


def inbox(door: MediationService, office: Office, actor: Actor, asked: str, district: str, after: str) -> Inbox:
    """The alerts of an actor's organisation and those below it; unasked the first group that has any."""
    with door.store.read() as unit:
        wanted = Wanted(organisations=reach(unit.register, actor.organisation), matter=ALERT.code, district=district)
        counts = {group: unit.views.count(_of(wanted, group), MOST_COUNTED) for group in Group}
        first = next((it for it in Group if counts[it]), Group.UNSIGNED)
        group = Group.named(asked) or first
        oldest = group is not Group.CLOSED
        found = unit.views.newest(_of(wanted, group), after=after, most=A_PAGE + 1, oldest_first=oldest)
        shown = [row.case for row in found[:A_PAGE]]
        days = unit.views.next_dates(shown)
    rows = []
    for view in door.outlines(shown, office, actor):
        day = days.get(view.case.id)
        row = _row(view)
        if day is not None and not row.by:
            row = replace(row, by=f"{near_words(day, view.today)}以前", is_late=day < view.today)
        rows.append(row)
    further = shown[-1] if len(found) > A_PAGE else ""
    return Inbox(group=group, rows=tuple(rows), counts=counts, further=further)


def _of(wanted: Wanted, group: Group) -> Wanted:
    if group is Group.CLOSED:
        return replace(wanted, closed=True)
    return replace(wanted, closed=False, state=STATES[group].code)


def _row(view: CaseView) -> AlertRow:
    facts, unsigned = facts_of(view.case), None
    if facts.sign_by and facts.signed is None and facts.closed is None:
        unsigned = Occurred(facts.sign_by)
    outcomes = [f"{it.kind.label}：{it.state.label}" for it in facts.outcomes.values()]
    return AlertRow(
        case=view.case.id,
        number=facts.number or "没有编号",
        parties=heading([view.people.get(id, id) for id in facts.people().values()]) or "还没有写明涉及的人",
        subject=" · ".join(facts.subject()),
        pushed=facts.pushed.words() if facts.pushed else "",
        by=f"{unsigned.words()}以前签收" if unsigned else "",
        is_late=unsigned is not None and (unsigned.day or view.today) < view.today,
        handler=view.actors.get(facts.signed_by or "", "") or "、".join(view.actors.get(it, it) for it in facts.pair),
        is_urgent=facts.urgency in (Urgency.URGENT, Urgency.MAJOR),
        came="；".join(outcomes),
    )


def choices(districts: Collection[District], district: str) -> list[tuple[str, str]]:
    """The districts one can narrow to; none where there is only one."""
    known = [(it.code, it.name) for it in districts]
    return [("", "全部片区"), *known] if len(known) > 1 or district else []
