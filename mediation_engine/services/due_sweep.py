"""The due sweep: what falls due and what waits in the outbox becomes messages, each once, however many do it at once.

A claim and the messages that come of it are one transaction: who is killed in the middle has done nothing, who is
stopped and goes on does nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from itertools import pairwise

from msgspec import Struct

from ..domain.case import Case
from ..domain.deadline import Whose
from ..domain.formatting import CHINA
from ..domain.message import MOVED, Audience, Takes, Topic
from ..domain.roles import MEDIATOR, Actor, Office, standing_for
from ..domain.workflow import Workflow
from ..errors import UNFIT, LineUnreadable
from ..ports.calendars import MovedDeadline
from ..ports.messages import BEGINNING, UNREADABLE, Contact, Item, Message, Parked, Place, Sending, Window
from ..ports.store import Store, Unit
from ..ports.views import Notice
from ..record.fold import all_lines, fold_under
from ..rules.catalogue import Catalogue

A_DAY = timedelta(days=1)
"""What happened longer ago is told late."""
LONG_LAPSED = 30
"""Days after which nobody is told any more of a right that has lapsed."""
BATCH = 500
"""Items claimed by one transaction."""
DUE = Topic(to=frozenset({Audience.MEDIATOR}))
"""What falls due and the content says nothing of: told to the lead mediator."""
OF_CASE = frozenset({Audience.HELPERS, Audience.REPORTER})
"""Whom the record of a case alone tells."""


class Swept(Struct, kw_only=True):
    """What a sweep did."""

    due: int = 0
    """Items that fell due and were claimed."""
    late: int = 0
    """Of these, how many should have been told on an earlier day."""
    ahead: int = 0
    """Items that were told of before their day."""
    notices: int = 0
    messages: int = 0
    untold: int = 0
    """Of both, how many there was nobody to tell of."""
    parked: int = 0
    """Of the notices, how many were put aside: their case cannot be read."""


Stop = Callable[[], bool]


def sweep(
    store: Store,
    catalogue: Catalogue,
    channels: Collection[str] = (),
    *,
    most: int = BATCH,
    stop: Stop = lambda: False,
) -> Swept:
    """Claim all that is due by today in China and all that waits in the outbox, and write the messages.

    `channels` are those (by name) through which messages are sent besides; `stop` is asked between transactions.
    """
    done = Swept()
    with store.read() as unit:
        today = _today(unit)
    for window in windows(catalogue, today):
        _sweep_window(store, catalogue, channels, window, done, most=most, stop=stop)
    while not stop():
        with store.write() as unit:
            notices = unit.messages.claim_notices(most)
            if not notices:
                break
            told = Told(unit, catalogue, channels)
            told.notices(notices)
            told.write()
            _count(done, told, notices=len(notices))
    return done


def windows(catalogue: Catalogue, today: date) -> Iterator[Window]:
    """What is told of on a day: what has fallen due, and of deadlines what comes near, at each distance once.

    Of the distances that are passed at once, as when nobody swept for days, the nearest alone is told.
    """
    yield Window(until=today)
    found: dict[tuple[int, int, bool], tuple[set[str], set[str]]] = {}
    for workflow in catalogue.workflows.values():
        rights = {rule.code for rule in workflow.deadlines if rule.whose is Whose.PARTY}
        for kind, warns in workflow.warnings.items():
            lapses = kind in rights
            for before, nearer in [*pairwise((*warns, 0)), *([(0, -LONG_LAPSED)] if lapses else [])]:
                kinds, workflows = found.setdefault((before, nearer, lapses), (set(), set()))
                kinds.add(kind)
                workflows.add(workflow.name)
    for (before, nearer, lapses), (kinds, workflows) in sorted(found.items()):
        yield Window(
            since=today + timedelta(days=nearer + 1),
            until=today + timedelta(days=before),
            before=before,
            lapses=lapses,
            kinds=frozenset(kinds),
            workflows=frozenset(workflows),
        )


def _sweep_window(
    store: Store,
    catalogue: Catalogue,
    channels: Collection[str],
    window: Window,
    done: Swept,
    *,
    most: int,
    stop: Stop,
) -> None:
    place: Place | None = BEGINNING
    while place is not None and not stop():
        with store.write() as unit:
            items, place = unit.messages.claim_due(window, after=place, most=most)
            if not items:
                continue
            told = Told(unit, catalogue, channels)
            for item in items:
                told.due(item, window.before)
            told.write()
            late = sum(it.due < told.today for it in items)
            counted = {"ahead": len(items)} if window.before else {"due": len(items), "late": late}
            _count(done, told, **counted)


def _today(unit: Unit) -> date:
    return unit.now.astimezone(CHINA).date()


def _count(done: Swept, told: Told, *, due: int = 0, ahead: int = 0, late: int = 0, notices: int = 0) -> None:
    done.due += due
    done.ahead += ahead
    done.late += late
    done.notices += notices
    done.messages += len(told.messages)
    done.untold += told.untold
    done.parked += len(told.parked)


@dataclass
class _Staff:
    """Who is to be told, read once a transaction."""

    actors: Mapping[str, Actor]
    leads: Mapping[str, Sequence[str]]
    """Ids of the leads, and of those who stand in for them today, by organisation."""
    parents: Mapping[str, str | None]

    def leads_of(self, organisation: str | None) -> Sequence[str]:
        """The leads of an organisation; where it has none, of the nearest above that has."""
        seen = set[str | None]()
        while organisation and organisation not in seen:
            if found := self.leads.get(organisation):
                return found
            seen.add(organisation)
            organisation = self.parents.get(organisation)
        return ()

    def handles(self, actor: str | None, workflow: Workflow | None) -> bool:
        """Whether somebody is there who can open a case of a workflow."""
        known, offices = self.actors.get(actor or ""), workflow.handlers if workflow else MEDIATOR
        return known is not None and known.active and not offices.isdisjoint(known.offices)


def _staff(unit: Unit, today: date) -> _Staff:
    actors, standing = unit.register.actors(), unit.substitutions.substitutions()
    leads: dict[str, list[str]] = {}
    for actor in actors:
        stands_in = any(it.is_at_desk for it in standing_for(standing, actor, today))
        if (actor.active and Office.LEAD in actor.offices) or stands_in:
            leads.setdefault(actor.organisation, []).append(actor.id)
    return _Staff(
        actors={actor.id: actor for actor in actors},
        leads=leads,
        parents={it.id: it.parent for it in unit.register.organisations()},
    )


@dataclass
class Told:
    """The messages of one transaction."""

    unit: Unit
    catalogue: Catalogue
    channels: Collection[str]
    messages: list[Message] = field(default_factory=list)
    sendings: list[Sending] = field(default_factory=list)
    parked: list[Parked] = field(default_factory=list)
    untold: int = 0

    def __post_init__(self) -> None:
        self.today = _today(self.unit)
        self.staff = _staff(self.unit, self.today)
        self._contacts: dict[str, list[Contact]] = {}
        for contact in self.unit.messages.contacts() if self.channels else ():
            if contact.channel in self.channels:
                self._contacts.setdefault(contact.actor, []).append(contact)

    def due(self, item: Item, before: int = 0) -> None:
        """Tell of something that falls due, or of one that will, at most so many days before."""
        workflow = self.catalogue.reading(item.workflow)
        topic = (workflow.topic_of(item.kind) if workflow else None) or DUE
        leads = self.staff.leads_of(item.organisation)
        people = [item.mediator] if item.mediator and self.staff.handles(item.mediator, workflow) else leads
        if topic.to & OF_CASE and (case := self._case(item.case)):
            people = [*people, *self._handling(case, topic)]
        if Audience.LEAD in topic.to:
            people = [*people, *leads]
        self._tell(
            people,
            topic,
            (item.case, item.instance, item.kind, item.due.isoformat(), *([str(before)] if before else [])),
            topic_code=item.kind,
            case=item.case,
            instance=item.instance,
            workflow=item.workflow,
            day=item.due,
            late=item.due < self.today,
        )

    def moved(self, case: Case, it: MovedDeadline) -> None:
        """Tell of a last day that a notice moved."""
        lead, workflow = case.facts.lead_mediator(), self.catalogue.reading(case.workflow)
        people = [lead] if lead and self.staff.handles(lead, workflow) else self.staff.leads_of(case.facts.organisation)
        self._tell(
            people,
            DUE,
            (it.case, it.instance, it.kind, MOVED, str(it.year), str(it.version)),
            topic_code=f"{MOVED}{it.kind}",
            case=it.case,
            instance=it.instance,
            workflow=case.workflow,
            day=it.after,
            late=False,
        )

    def notices(self, notices: Iterable[Notice]) -> None:
        """Tell of events; who handles a case is read from its record, once."""
        cases: dict[str, list[Notice]] = {}
        for notice in notices:
            cases.setdefault(notice.case, []).append(notice)
        for case, about in cases.items():
            self._events(case, about)

    def _events(self, case_id: str, notices: Sequence[Notice]) -> None:
        case = self._case(case_id)
        if case is None:
            for notice in notices:
                self._park(notice)
            return
        lines = {line.version: line for line in all_lines(self.unit.record.orders(case_id))}
        workflow, leads = self.catalogue.reading(case.workflow), self.staff.leads_of(case.facts.organisation)
        for notice in notices:
            line = lines.get(notice.version)
            if line is None:
                self._park(notice)
                continue
            topic = (workflow.topic_of(notice.event) if workflow else None) or Topic()
            people = [it for it in self._handling(case, topic) if it != line.actor]
            if Audience.LEAD in topic.to or not self._handling(case, topic):
                people += [it for it in leads if it != line.actor]
            self._tell(
                people,
                topic,
                (notice.case, str(notice.version), notice.event),
                topic_code=notice.event,
                case=notice.case,
                instance=line.instance,
                workflow=case.workflow,
                day=line.recorded.astimezone(CHINA).date(),
                late=self.unit.now - line.recorded > A_DAY,
                version=notice.version,
                own=line.actor,
            )

    def _park(self, notice: Notice) -> None:
        """Put a notice aside whose case cannot be read: it is told once somebody has put that right."""
        it = Parked(case=notice.case, kind=notice.event, version=notice.version, why=UNREADABLE, at=self.unit.now)
        self.parked.append(it)

    def _case(self, id: str) -> Case | None:
        """A case; None where it cannot be read: that is for audit to tell, and bars nobody else's message."""
        try:
            case = fold_under(self.catalogue, id, self.unit.record.orders(id))
        except (*UNFIT, LineUnreadable):
            return None
        return case if case.opened else None

    def _handling(self, case: Case, topic: Topic) -> list[str]:
        """Those who handle a case, or reported it, whom a topic is for."""
        lead, found = case.facts.lead_mediator(), list[str]()
        if Audience.MEDIATOR in topic.to and lead:
            found.append(lead)
        if Audience.HELPERS in topic.to:
            found += [it for it in case.facts.staff().values() if it != lead and case.facts.is_handled(it)]
        if Audience.REPORTER in topic.to and (reporter := case.facts.reporter()):
            found.append(reporter)
        workflow = self.catalogue.reading(case.workflow)
        return [it for it in dict.fromkeys(found) if self.staff.handles(it, workflow)]

    def _tell(
        self,
        people: Iterable[str],
        topic: Topic,
        about: tuple[str, ...],
        *,
        topic_code: str,
        case: str,
        instance: str,
        workflow: str,
        day: date,
        late: bool,
        version: int | None = None,
        own: str | None = None,
    ) -> None:
        recipients = list(dict.fromkeys(people))
        self.untold += not recipients and own is None
        for recipient in recipients:
            message = Message(
                id=message_id(recipient, *about),
                recipient=recipient,
                topic=topic_code,
                case=case,
                instance=instance,
                workflow=workflow,
                day=day,
                written=self.unit.now,
                late=late,
                urgent=topic.urgent,
                version=version,
            )
            self.messages.append(message)
            self.sendings += [
                Sending(message=message.id, channel=it.channel, next=self.unit.now)
                for it in self._contacts.get(recipient, ())
                if topic.urgent or it.takes is Takes.ALL
            ]

    def write(self) -> None:
        """Put them into the store."""
        self.unit.messages.put(self.messages, self.sendings)
        self.unit.messages.park(self.parked)


def message_id(*about: str) -> str:
    """What a message is called, always the same for who gets it and what it is about: 32 hex digits."""
    return sha256("\x1f".join(about).encode()).hexdigest()[:32]
