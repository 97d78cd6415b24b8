"""What a row of a ledger amounts to: the orders of its case, each as the row says it and under an id that follows from
the room, the row's number and its day. So the same row is the same orders, whichever file it stands in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Text
from mediation_engine.domain.line import Provenance
from mediation_engine.domain.occurred import UNREPORTED, Occurred, on
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import Details
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.ids import id_of, new_id
from mediation_engine.input.new_people import bytes_from
from mediation_engine.ports.register import Person
from workflows.parts.agreement import ReachAgreement, ReportPerformance
from workflows.parts.assignment import AssignMediator
from workflows.parts.note import RecordNote
from workflows.parts.party import DeclareListComplete, RecordConsent, TellRemedies
from workflows.parts.payment import RecordPayment
from workflows.phases.endings import Ground, TerminateMediation, WithdrawApplication
from workflows.phases.follow_up import CloseAsPerformed, Planned
from workflows.phases.intake import AcceptCase, PartyRow, RegisterCase
from workflows.questions import POLICY_VISIT_DAYS
from workflows.tracks import usual_track
from workflows.vocabulary import Source

from .ledger_columns import Result
from .ledger_rows import Entry

FAMILY = "fast_track"
"""By which rules such a case is opened: those of one room without a panel."""
AGREEMENT, APPLICANT = "agreement/1", "party/1"
SOURCE = "source"
"""What the id of the note on where a row came from ends with: it alone may say otherwise the next time."""
LAST_VISIT = timedelta(days=max(POLICY_VISIT_DAYS))
REPORTED, INFERRED = Provenance.REPORTED, Provenance.INFERRED
ASSUMED, UNSAID = Provenance.ASSUMED, Provenance.UNREPORTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """Who takes a ledger, for whom, by which rules."""

    actor: Actor
    staff: Mapping[str, str]
    """Who of the room may handle a case: the id by name."""
    workflow: str
    in_zone: bool
    digest: str
    """Of the file."""
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """A row as it goes through the door."""

    entry: Entry
    case: str
    orders: tuple[Order, ...]
    people: tuple[tuple[Person, Details | None], ...]


def case_of(organisation: str, entry: Entry) -> str:
    """The id of the case of a row; the same for the same room, number and day."""
    return id_of("ledger", organisation, entry.number, entry.day.isoformat())


def taking_of(entry: Entry, taker: Taker) -> Taking:
    """The orders of a row, and who comes into the register with them."""
    case = case_of(taker.actor.organisation, entry)
    randomness = bytes_from(taker.actor.organisation, case)
    people = tuple((Person(id=new_id(randomness, 16), name=it.name, kind=it.kind), it.details) for it in entry.parties)
    orders = tuple(_Orders(entry, taker, case, [person.id for person, _ in people]).all())
    return Taking(entry=entry, case=case, orders=orders, people=people)


@dataclass(frozen=True, slots=True)
class _Orders:
    """The orders of a row, in the order in which things happened."""

    entry: Entry
    taker: Taker
    case: str
    people: list[str]

    def all(self) -> Iterator[Order]:
        it = self.entry
        yield self._registered()
        if it.mediator in self.taker.staff:
            yield self._order("assign", AssignMediator(staff=self.taker.staff[it.mediator or ""]))
        keys = [f"party/{n}" for n, _ in enumerate(it.parties, 1)]
        if it.source is Source.PROACTIVE and usual_track(it.dispute).proactive_needs_consent:
            yield self._order("consent", RecordConsent(), *keys, provenance=ASSUMED)
        yield self._accepted()
        yield self._order(SOURCE, RecordNote(words=Text(self._told())))
        if it.result is Result.SETTLED:
            yield from self._settled()
        elif it.result is Result.FAILED:
            yield self._order("remedies", TellRemedies(), *keys, provenance=ASSUMED)
            yield self._order("terminate", TerminateMediation(ground=Ground.NO_AGREEMENT), day=it.settled or it.closed)
        elif it.result is Result.WITHDRAWN:
            yield self._order("withdraw", WithdrawApplication(), day=it.settled or it.closed)

    def _order(
        self,
        name: str,
        command: Command,
        *about: str,
        day: date | None = None,
        provenance: Provenance = REPORTED,
        fields: Mapping[str, Provenance] | None = None,
        waives: Mapping[str, Text] | None = None,
        workflow: str = "",
    ) -> Order:
        occurred: Occurred = UNREPORTED if day is None else on(day)
        return Order(
            id=f"{self.case}.{name}",
            case=self.case,
            command=command,
            actor=self.taker.actor.id,
            office=Office.LEAD,
            on=about,
            occurred=occurred,
            provenance=provenance,
            field_provenance=dict(fields or {}),
            waives=dict(waives or {}),
            workflow=workflow,
        )

    def _registered(self) -> Order:
        it = self.entry
        rows = tuple(
            PartyRow(person=id, side=party.side, kind=party.kind, count=party.count)
            for id, party in zip(self.people, it.parties, strict=True)
        )
        fields = {"track": INFERRED, "in_zone": ASSUMED, "elsewhere": UNSAID, "weighty": UNSAID}
        fields |= {"source": UNSAID} if it.source is None else {}
        command = RegisterCase(
            named=rows,
            track=usual_track(it.dispute).code,
            dispute=it.dispute,
            matter=Text(it.matter) if it.matter else None,
            source=it.source or Source.OTHER,
            in_zone=self.taker.in_zone,
            organisation=self.taker.actor.organisation,
            amount_claimed=it.claimed,
            origin=Text(f"由台账录入，台账编号 {it.number}"),
        )
        return self._order("register", command, day=it.day, fields=fields, workflow=self.taker.workflow)

    def _accepted(self) -> Order:
        """A ledger lists what was accepted; who handled it is waived where nobody of the staff is named."""
        it = self.entry
        told = f"台账写的是“{it.mediator}”，系统里没有这个账号" if it.mediator else "台账没有写承办人"
        waives = {} if it.mediator in self.taker.staff else {"somebody_leads": Text(told)}
        return self._order("accept", AcceptCase(), day=it.day, provenance=INFERRED, waives=waives)

    def _told(self) -> str:
        """Where the row stands, and what of it no step can say."""
        it = self.entry
        said = {
            "台账承办人": it.mediator if it.mediator not in self.taker.staff else None,
            "协议形式": it.form.label if it.form else None,
            "台账结案日期": str(it.closed) if it.closed and not self._closes() else None,
            "台账履行情况": it.undone,
            "台账备注": it.remark,
        }
        lines = [f"由台账录入：第{it.row}行，编号 {it.number}，文件校验码 {self.taker.digest}"]
        return "\n".join([*lines, *(f"{label}：{value}" for label, value in said.items() if value)])

    def _closes(self) -> bool:
        """Whether a step says the day of the end."""
        it = self.entry
        ended = it.result in (Result.FAILED, Result.WITHDRAWN) and it.settled in (None, it.closed)
        return ended or (it.result is Result.SETTLED and it.is_performed)

    def _settled(self) -> Iterator[Order]:
        it = self.entry
        words = Text(it.terms) if it.terms else None
        yield self._order("reach", ReachAgreement(amount=it.agreed, words=words), day=it.settled)
        if it.paid:
            yield self._order("pay", RecordPayment(agreement=AGREEMENT, amount=it.paid), day=it.performed)
        if it.extent is not None:
            told = ReportPerformance(extent=it.extent)
            yield self._order(f"perform-{it.extent.value}", told, AGREEMENT, day=it.performed)
        if it.is_performed and it.closed is not None:
            yield self._order("list", DeclareListComplete(), APPLICANT, provenance=ASSUMED)
            yield self._order("close", self._closing(), day=it.closed)

    def _closing(self) -> CloseAsPerformed:
        """Visits whose days have gone by are not planned any more; those to come are."""
        it = self.entry
        last = max(day for day in (it.settled, it.performed, it.closed, it.day) if day is not None)
        if last + LAST_VISIT >= self.taker.today:
            return CloseAsPerformed()
        reason = Text("由台账录入的旧案，走访的日子已经过去；走访情况台账没有记载")
        return CloseAsPerformed(visits=Planned.CANCELLED, visits_reason=reason)
