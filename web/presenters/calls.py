"""今天要打的电话: whom of the parties to call, why, at which number, and where what came of it is recorded.

Which cases comes from the calendar of all cases; only those with something that falls due are read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mediation_engine.domain.calls import Call, calls_waiting
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.masking import masked_phone
from mediation_engine.domain.occurred import at
from mediation_engine.domain.people import Contact, Details
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import UNFIT, LineUnreadable
from mediation_engine.ports.links import Link
from mediation_engine.ports.register import Person
from mediation_engine.ports.views import Views
from mediation_engine.services.authorization import reach
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import MediationService
from workflows.calls import CALL_BACK

from .refusal_reasons import MOST_CHOSEN

MINE, ROOM = "mine", "room"
MOST_CASES = 60
"""Cases whose calls are listed, those with what falls due first."""
MOST_DATES = 1000
"""Dates read for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A telephone number: masked, or whole for a minute."""

    words: str
    label: str = ""
    dialled: str = ""
    """As a telephone is told it; empty while it is masked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """One call to be made."""

    case: str
    number: str
    """Of the case."""
    call: Call
    days: int
    """In how many days what it is about falls due; fewer than none where it is overdue."""
    whom: str
    """The party by its name."""
    step: str
    """What the step that records it is called."""
    lead: str = ""
    """Who is to make it, where that need not be the reader."""
    speakers: Sequence[str] = ()
    """Whom to speak to, the first first: ids in the register."""
    person: str = ""
    """Of them, whose numbers are shown."""
    speaker: str = ""
    """The same by name, where it is not the party itself."""
    phones: Sequence[Number] = ()
    also: Sequence[CallRow] = ()
    """What else the same party is to be called about."""
    prefers: str = ""
    """How that person likes to be reached, where not by telephone."""

    @property
    def on(self) -> Sequence[str]:
        """The things that the step which records it is given on."""
        return self.call.about[:MOST_CHOSEN] if self.call.rule.is_on_it else ()

    @property
    def filled(self) -> dict[str, str]:
        """What its form begins with, as an address says it."""
        return {f"f.{name}": value for name, value in self.call.filled.items()}


def calls(door: MediationService, office: Office, actor: Actor, of: str = MINE) -> tuple[list[CallRow], bool]:
    """The calls of one's own cases, or of the room's, without numbers; and whether there are cases beyond those read.

    One's own are also the visits that one is to make in the cases of others; not those that somebody else is to make.
    """
    installed = door.catalogue.workflows.values()
    today, ahead = door.today(), max((rule.ahead for it in installed for rule in it.calls), default=0)
    kinds = {rule.about for it in installed for rule in it.calls}
    with door.store.read() as unit:
        soon, room = today + timedelta(days=ahead), [actor.organisation]
        if of == ROOM:
            cases, more = _cases(unit.views, soon, room, None, kinds)
        else:
            cases, more = _cases(unit.views, soon, reach(unit.register, actor.organisation), actor.id, kinds)
            cases += _cases(unit.views, today, room, None, {"visit"})[0]
        calling = [it for it in unit.links.calling() if it.case]
    views = _views(door, list(dict.fromkeys(cases)), office, actor)
    rows = [row for view in views for row in _rows(view, actor.id, today, of)]
    rows += _asked(_views(door, list(dict.fromkeys(it.case for it in calling)), office, actor), calling, actor, of)
    return sorted(rows, key=lambda row: (row.days, row.case)), more


def by_person(rows: Sequence[CallRow]) -> list[CallRow]:
    """A row for each party of a case, and for who is to call it: the most urgent of its calls, with the others."""
    found = dict[tuple[str, str, str], list[CallRow]]()
    for row in rows:
        found.setdefault((row.case, row.call.party, row.lead), []).append(row)
    return [replace(first, also=also) for first, *also in found.values()]


def _asked(views: Sequence[CaseView], calling: Sequence[Link], reader: Actor, of: str) -> Iterator[CallRow]:
    """The calls that somebody with a link has asked for, until he was called or has a new one.

    One's own are also those to whom one has issued the link.
    """
    known = {view.case.id: view for view in views if view.case.facts.organisation == reader.organisation}
    for link in calling:
        view, asked = known.get(link.case), link.called
        party = view.case.facts.with_party(link.instance) or link.instance if view else ""
        if view is None or asked is None or party not in view.case.facts.people():
            continue
        by = {view.case.facts.lead_mediator(), link.issued_by}
        done = any(not moment.is_before(at(asked)) for moment in CALL_BACK.called(view.case, party, party))
        if not done and (of == ROOM or reader.id in by):
            day = asked.astimezone(CHINA).date()
            call = Call(party=party, why=CALL_BACK.why(view.case, party, 0), due=day, about=(party,), rule=CALL_BACK)
            yield _row(view, call, 0, [link.person], view.actors.get(link.issued_by, "") if of == ROOM else "")


def _row(view: CaseView, call: Call, days: int, speakers: Sequence[str], lead: str) -> CallRow:
    assert view.workflow is not None
    return CallRow(
        case=view.case.id,
        number=view.case.facts.number or "尚无案号",
        call=call,
        days=days,
        whom=view.teller.thing(call.party),
        step=view.workflow.commands[call.rule.step].label,
        lead=lead,
        speakers=tuple(speakers),
    )


def _views(door: MediationService, cases: Sequence[str], office: Office, actor: Actor) -> list[CaseView]:
    """Those of some cases that can be read: a damaged one is for audit to tell, and bars no other."""
    try:
        return door.outlines(cases, office, actor)
    except (*UNFIT, LineUnreadable):
        return [view for case in cases for view in _views(door, [case], office, actor)] if len(cases) > 1 else []


def _cases(
    views: Views, until: date, organisations: Collection[str], mediator: str | None, kinds: Collection[str]
) -> tuple[list[str], bool]:
    """Cases with something of some kinds that falls due up to a day; the most urgent first."""
    found = views.due_dates(until, organisations=organisations, mediator=mediator, kinds=kinds, most=MOST_DATES)
    cases = list(dict.fromkeys(due.case for due in found))
    return cases[:MOST_CASES], len(cases) > MOST_CASES or len(found) == MOST_DATES


def _rows(view: CaseView, reader: str, today: date, of: str) -> list[CallRow]:
    case, found = view.case, list[CallRow]()
    if view.workflow is None or view.stepped_back:
        return []
    for call in calls_waiting(view.workflow, case, today):
        by = call.by or case.facts.lead_mediator() or ""
        if of == ROOM or by == reader:
            lead, speakers = view.actors.get(by, "") if of == ROOM else "", case.facts.speakers(call.party, today)
            found.append(_row(view, call, (call.due - today).days, speakers, lead))
    return found


Known = Mapping[str, tuple[Person, Details]]


def with_numbers(rows: Sequence[CallRow], known: Known, whole: str = "") -> list[CallRow]:
    """The same with the numbers of the first speaker who has any, whole for one person alone."""
    return [_numbered(row, known, whole) for row in rows]


def _numbered(row: CallRow, known: Known, whole: str) -> CallRow:
    found = next((id for id in row.speakers if id in known and known[id][1].phones), "")
    if not found:
        return replace(row, person=row.speakers[0])
    person, details = known[found]
    likes = getattr(details, "contact", None)
    return replace(
        row,
        person=found,
        speaker=person.name if found != row.speakers[0] or person.name != row.whom else "",
        phones=tuple(_number(str(it.number), str(it.label or ""), found == whole) for it in details.phones),
        prefers=likes.label if likes not in (None, Contact.CALL) else "",
    )


def _number(number: str, label: str, is_whole: bool) -> Number:
    dialled = "".join(it for it in number if it.isdigit() or it == "+")
    return Number(words=number if is_whole else masked_phone(number), label=label, dialled=dialled if is_whole else "")
