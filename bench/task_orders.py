"""Two measured tasks as their orders, in the order of days: three workers' wages; a worker's death at five tables.

What the paper of each says is recorded as a careful mediator would; an order is given by the member of the staff named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Text
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.people import PartyKind
from mediation_engine.ports.register import Person
from web.demo_world.papers import Drawn, scan
from web.demo_world.room import ROOM
from web.demo_world.script import FAST, PANEL
from workflows.facts import Share, Term
from workflows.parts.agreement import AffixSeal, AmendAgreement, DraftAgreement, ReachAgreement, SignAsMediator
from workflows.parts.assignment import AddHelper, Helping
from workflows.parts.block import Contact, MarkReady, RecordTalk
from workflows.parts.call import RecordCall
from workflows.parts.capacity import EnterCapacity
from workflows.parts.confirmation import ConfirmAgreement, DeclineToSign
from workflows.parts.exhibit import FileExhibit
from workflows.parts.grading import SetGrade
from workflows.parts.member import InviteMember, SeatMember
from workflows.parts.note import RecordNote
from workflows.parts.obligation import UrgePerformance
from workflows.parts.party import TellRights
from workflows.parts.payment import RecordPayment
from workflows.parts.proceeding import FileProceeding, RecordGranted
from workflows.parts.risk import EaseRisk, RaiseRisk, Receiver, ReportRisk
from workflows.parts.session import Attendance, RecordSession, ScheduleSession
from workflows.parts.visit import EntrustVisit, Finding, RecordVisit, Way
from workflows.phases.coordination import ConveneConsultation
from workflows.phases.follow_up import CloseAsPerformed, Planned
from workflows.phases.intake import AcceptCase, PartyRow, RegisterCase
from workflows.tracks import LABOUR, PEOPLE
from workflows.vocabulary import (
    Ability,
    AuthorityPaper,
    CapacityKind,
    Danger,
    Dispute,
    ExhibitKind,
    Grade,
    Presence,
    ProceedingKind,
    SessionResult,
    Side,
    SigningManner,
    Source,
    TermKind,
)

MEDIATOR, LEAD = "li", "wang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One order: when, by whom, what, on what."""

    at: datetime
    by: str
    command: Command
    on: tuple[str, ...] = ()
    capacity: str = ""
    papers: tuple[Drawn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A case that is told: under which workflow, who is in it, its orders."""

    case: str
    family: str
    people: tuple[Person, ...]
    orders: tuple[Told, ...] = field(repr=False)


def told(at: str, by: str, command: Command, *on: str, **more: Any) -> Told:
    """An order in one line."""
    return Told(at=datetime.fromisoformat(at).replace(tzinfo=CHINA), by=by, command=command, on=on, **more)


def _person(id: str, name: str, kind: PartyKind = PartyKind.PERSON) -> Person:
    return Person(id=id, name=name, kind=kind)


def _party(id: str, side: Side, kind: PartyKind = PartyKind.PERSON, **more: Any) -> PartyRow:
    return PartyRow(person=id, side=side, kind=kind, **more)


def _pay(words: str, yuan: int, due: str, payer: str, payee: str, **more: Any) -> Term:
    day = date.fromisoformat(due)
    return Term(words=Text(words), kind=TermKind.PAY, payer=payer, payee=payee, amount=yuan * 100, due=day, **more)


FIRM = PartyKind.ENTERPRISE
WORKERS = ("party/1", "party/2", "party/3")
WAGES = (12_000, 11_500, 9_500)
HALVES = (("2026-11-28", "第一期"), ("2026-12-28", "第二期"))


def _wages() -> Iterator[Told]:
    """Task A: 速调."""
    named = (*(_party(f"worker-{n}", Side.APPLICANT) for n in (1, 2, 3)), _party("maker", Side.RESPONDENT, FIRM))
    said = Text("三人八月到十月的工资没有发，共33000元。")
    sort: dict[str, Any] = {"track": LABOUR.code, "dispute": Dispute.LABOUR_PAY, "organisation": ROOM.id}
    yield told(
        "2026-11-02T09:00",
        MEDIATOR,
        RegisterCase(named=named, matter=said, amount_claimed=3_300_000, in_zone=True, **sort),
    )
    yield told("2026-11-02T09:40", LEAD, AcceptCase())
    yield told("2026-11-02T10:00", MEDIATOR, TellRights(), *WORKERS)
    for n, minute in zip((1, 2, 3), (10, 30, 50), strict=True):
        yield told(f"2026-11-02T10:{minute}", MEDIATOR, RecordTalk(party=f"party/{n}", said=Text("要拿回工资。")))
    mandate = EnterCapacity(
        principals=("party/4",),
        person="manager",
        kind=CapacityKind.AGENT,
        settle=True,
        paper=AuthorityPaper.MANDATE,
        paper_day=date(2026, 11, 3),
    )
    yield told("2026-11-04T09:00", MEDIATOR, mandate)
    paper = scan("授权委托书", "委托厂长参加调解、", "和解、签协议。", day=date(2026, 11, 3), signed="宏达五金厂")
    filed = FileExhibit(kind=ExhibitKind.AUTHORITY, title=Text("授权委托书"), party="party/4")
    yield told("2026-11-04T09:10", MEDIATOR, filed, papers=(paper,))
    yield told("2026-11-04T09:20", MEDIATOR, TellRights(), "party/4")
    yield told("2026-11-04T09:30", MEDIATOR, RecordTalk(party="party/4", said=Text("货款到了就付，分两次。")))
    yield told("2026-11-04T10:00", MEDIATOR, AddHelper(staff="zhou", role=Helping.RECORDER))
    called = ScheduleSession(planned=date(2026, 11, 6), topic=Text("三人工资"), place=Text("调解室"))
    yield told("2026-11-04T10:10", MEDIATOR, called)
    met = RecordSession(
        attended=(*WORKERS, "party/4"), result=SessionResult.SETTLED, minutes=Text("全额付清，分两期各一半。")
    )
    yield told("2026-11-06T16:00", MEDIATOR, met, "session/1")
    terms = tuple(
        _pay(f"{name}工资", yuan // 2, due, "party/4", payee, default=Text("逾期的，其余立即到期"))
        for due, name in HALVES
        for payee, yuan in zip(WORKERS, WAGES, strict=True)
    )
    yield told("2026-11-06T16:10", MEDIATOR, ReachAgreement(terms=terms, amount=3_300_000))
    yield told("2026-11-06T16:30", MEDIATOR, DraftAgreement(signers=(*WORKERS, "party/4")), "agreement/1")
    signed = ConfirmAgreement(manner=SigningManner.SIGNATURE, identity_checked=True)
    yield told("2026-11-06T16:50", MEDIATOR, signed, "confirmation/1", "confirmation/2")
    by_finger = ConfirmAgreement(
        manner=SigningManner.SIGNATURE_FINGERPRINT, identity_checked=True, read_by="reader", signed_as=Text("韦小妹")
    )
    yield told("2026-11-06T16:55", MEDIATOR, by_finger, "confirmation/3")
    by_firm = ConfirmAgreement(manner=SigningManner.SIGNATURE_SEAL, identity_checked=True)
    yield told("2026-11-06T17:00", MEDIATOR, by_firm, "confirmation/4", capacity="capacity/1")
    yield told("2026-11-06T17:05", MEDIATOR, SignAsMediator(), "agreement/1")
    yield told("2026-11-06T17:20", LEAD, AffixSeal(), "agreement/1")
    paper = scan("调解协议书", "工资33000元，", "分两期付清。", day=date(2026, 11, 6), signed="四方签字盖章")
    filed = FileExhibit(kind=ExhibitKind.SIGNED, title=Text("签好的协议书"), agreement="agreement/1")
    yield told("2026-11-06T17:30", MEDIATOR, filed, papers=(paper,))
    rows = zip(range(1, 7), (yuan * 50 for _ in HALVES for yuan in WAGES), strict=True)
    paid = [Share(obligation=f"obligation/{n}", amount=cents) for n, cents in rows]
    yield told("2026-11-28T10:00", MEDIATOR, _transferred(paid[:3]))
    calm = RecordVisit(
        party="party/1", also=("party/2", "party/3"), finding=Finding.PERFORMING, said=Text("都在上班。")
    )
    yield told("2026-12-06T15:00", MEDIATOR, calm, "visit/1")
    late = ("obligation/4", "obligation/5", "obligation/6")
    yield told("2026-12-30T09:00", MEDIATOR, UrgePerformance(note=Text("打了电话，说月初付。")), *late)
    yield told("2027-01-04T09:00", MEDIATOR, UrgePerformance(note=Text("又打了电话。")), *late)
    yield told("2027-01-05T16:00", MEDIATOR, _transferred(paid[3:]))
    yield told("2027-01-06T10:00", MEDIATOR, RecordCall(party="party/1", said=Text("钱都到了。")))
    yield told("2027-01-06T10:20", MEDIATOR, CloseAsPerformed(visits=Planned.CANCELLED, visits_reason=Text("已付清")))


def _transferred(shares: Sequence[Share]) -> RecordPayment:
    """One transfer of the firm for the shares of three."""
    return RecordPayment(
        agreement="agreement/1", payer="party/4", amount=sum(it.amount for it in shares), shares=tuple(shares)
    )


FAMILY = ("party/1", "party/2", "party/3", "party/4", "party/5")
BUILDERS = ("party/6", "party/7")
EVERYBODY = (*FAMILY, *BUILDERS)
SEATS = (
    ("police", "justice"),
    ("labour", "department"),
    ("prosecutor", "justice"),
    ("mentor", "mentor"),
    ("women", "host"),
    ("sister-1", "host"),
    ("sister-2", "host"),
)
MEMBERS = tuple(f"member/{n}" for n in range(1, len(SEATS) + 1))


def _death() -> Iterator[Told]:
    """Task B: 五方会诊."""
    minor = {"ability": Ability.MINOR}
    family = (("wife", {}), ("son", minor), ("daughter", {"ability": Ability.UNDER_16}), ("father", {}), ("mother", {}))
    named = (
        *(_party(id, Side.APPLICANT, **more) for id, more in family),
        *(_party(id, Side.RESPONDENT, FIRM) for id in ("xingu", "hongye")),
    )
    said = Text("石某在工地从脚手架坠落身亡，家属赶来，要求赔偿。")
    sort: dict[str, Any] = {"track": PEOPLE.code, "dispute": Dispute.DAMAGE, "organisation": ROOM.id}
    pushed = RegisterCase(named=named, matter=said, source=Source.POLICE, weighty=True, in_zone=True, **sort)
    yield told("2026-11-09T08:30", MEDIATOR, pushed)
    yield told("2026-11-09T08:40", LEAD, AcceptCase())
    yield told("2026-11-09T08:50", MEDIATOR, RaiseRisk(danger=Danger.SUICIDE, signs=Text("有一人扬言跳楼。")))
    yield told("2026-11-09T09:00", LEAD, ReportRisk(receiver=Receiver.POLICE), "risk/1")
    guardian: dict[str, Any] = {"kind": CapacityKind.GUARDIAN, "settle": True, "paper": AuthorityPaper.KINSHIP}
    guards = EnterCapacity(
        principals=("party/2", "party/3"), person="wife", co_heir=True, share_set_apart=True, **guardian
    )
    yield told("2026-11-09T10:00", MEDIATOR, guards)
    mandate: dict[str, Any] = {"kind": CapacityKind.AGENT, "paper": AuthorityPaper.MANDATE, "settle": True}
    speaks = EnterCapacity(principals=("party/1",), person="brother", paper_day=date(2026, 11, 9), **mandate)
    yield told("2026-11-09T10:10", MEDIATOR, speaks)
    paper = scan("授权委托书", "委托兄弟参加调解。", day=date(2026, 11, 9), signed="杨秀兰")
    filed = FileExhibit(kind=ExhibitKind.AUTHORITY, title=Text("授权委托书"), party="party/1")
    yield told("2026-11-09T10:20", MEDIATOR, filed, papers=(paper,))
    yield told("2026-11-09T10:30", MEDIATOR, TellRights(), *EVERYBODY)
    yield told("2026-11-09T10:40", MEDIATOR, SetGrade(grade=Grade.MAJOR))
    yield told("2026-11-09T14:00", MEDIATOR, RecordTalk(party="party/1", said=Text("要一百五十万，先安葬。")))
    yield told("2026-11-09T16:00", MEDIATOR, RecordTalk(party="party/6", said=Text("愿意赔，要看责任怎么分。")))
    yield told("2026-11-10T09:00", MEDIATOR, RecordTalk(party="party/7", said=Text("愿意担一部分。")))
    again = RecordTalk(party="party/1", said=Text("一百万可以谈。"), manner=Contact.IN_PERSON)
    yield told("2026-11-10T15:00", MEDIATOR, again, "block/1")
    yield told("2026-11-11T09:00", MEDIATOR, EaseRisk(note=Text("有人陪着，情绪稳定。")), "risk/1")
    for minute, (person, role) in enumerate(SEATS, 10):
        invited = InviteMember(role=role, person=person, agreed_by=EVERYBODY)
        yield told(f"2026-11-11T10:{minute}", MEDIATOR, invited)
    yield told("2026-11-11T15:00", MEDIATOR, SeatMember(), *MEMBERS)
    yield told("2026-11-11T15:30", MEDIATOR, MarkReady(), "block/1", "block/2", "block/3")
    yield told("2026-11-11T15:40", MEDIATOR, ConveneConsultation(reason=Text("各方愿意坐下来谈。")))
    plan: dict[str, Any] = {
        "topic": Text("石某死亡赔偿"),
        "place": Text("调解室"),
        "plan": Text("先听意见，再谈数目。"),
    }
    plan |= {"members": MEMBERS}
    yield told("2026-11-11T16:00", MEDIATOR, ScheduleSession(planned=date(2026, 11, 12), **plan))
    came = [Attendance(member=key) for key in MEMBERS]
    came[2] = Attendance(member=MEMBERS[2], presence=Presence.WRITTEN, opinion=Text("责任按合同分担。"))
    first = RecordSession(
        attended=EVERYBODY,
        result=SessionResult.TO_BE_CONTINUED,
        minutes=Text("数目没有谈拢。"),
        attendance=tuple(came),
    )
    yield told("2026-11-12T17:00", MEDIATOR, first, "session/1")
    caucus = RecordTalk(party="party/6", manner=Contact.CAUCUS, said=Text("最多六十万。"))
    yield told("2026-11-12T17:10", MEDIATOR, caucus, "block/2")
    yield told("2026-11-12T17:20", MEDIATOR, ScheduleSession(planned=date(2026, 11, 14), **plan))
    second = RecordSession(
        attended=EVERYBODY, result=SessionResult.SETTLED, minutes=Text("一百万元谈妥。"), attendance=tuple(came)
    )
    yield told("2026-11-14T16:40", MEDIATOR, second, "session/2")
    yield told("2026-11-14T16:45", MEDIATOR, ReachAgreement(terms=_shares("2026-12-20"), amount=100_000_000))
    yield told("2026-11-14T16:50", MEDIATOR, DraftAgreement(signers=EVERYBODY), "agreement/1")
    yield from _signed("2026-11-14T17", (1, 4, 5, 6))
    yield told("2026-11-14T17:30", MEDIATOR, DeclineToSign(reason=Text("第二期日子太近。")), "confirmation/7")
    later = AmendAgreement(terms=_shares("2026-12-30"), amount=100_000_000, signers=EVERYBODY)
    yield told("2026-11-14T18:00", MEDIATOR, later, "agreement/1")
    yield from _signed("2026-11-14T18", range(8, 15))
    yield told("2026-11-14T18:40", MEDIATOR, SignAsMediator(), "agreement/1")
    yield told("2026-11-14T18:50", LEAD, AffixSeal(), "agreement/1")
    paper = scan("调解协议书", "一百万元，分两期。", day=date(2026, 11, 14), signed="七方签字盖章")
    filed = FileExhibit(kind=ExhibitKind.SIGNED, title=Text("签好的协议书"), agreement="agreement/1")
    yield told("2026-11-14T19:00", MEDIATOR, filed, papers=(paper,))
    asked = FileProceeding(kind=ProceedingKind.JUDICIAL, agreement="agreement/1", applicants=EVERYBODY)
    yield told("2026-11-16T09:00", MEDIATOR, asked)
    for hour, payer, yuan, number in ((10, 6, 150_000, 1), (11, 6, 120_000, 1), (14, 7, 200_000, 2)):
        yield told(f"2026-11-17T{hour}:00", MEDIATOR, _paid(payer, yuan, number))
    yield told("2026-11-25T10:00", MEDIATOR, RecordGranted(paper=Text("准予确认")), "proceeding/1")
    seen = RecordVisit(party="party/1", manner=Way.PHONE, finding=Finding.STABLE, said=Text("已经安葬。"))
    yield told("2026-12-14T10:00", MEDIATOR, seen, "visit/1")
    yield told("2026-12-30T10:00", MEDIATOR, _paid(6, 300_000, 3))
    yield told("2027-01-02T09:00", MEDIATOR, UrgePerformance(note=Text("款在走流程。")), "obligation/4")
    yield told("2027-01-04T10:00", MEDIATOR, _paid(7, 200_000, 4))
    entrusted = EntrustVisit(person="village-police", party="party/1")
    yield told("2027-01-05T09:00", MEDIATOR, entrusted, "visit/2")
    seen = RecordVisit(party="party/1", finding=Finding.STABLE, said=Text("当地派出所去看过，安好。"))
    yield told("2027-01-08T10:00", MEDIATOR, seen, "visit/2")
    yield told("2027-01-08T10:20", MEDIATOR, RecordNote(words=Text("结果已告知派出所。")))
    yield told("2027-01-08T10:30", MEDIATOR, CloseAsPerformed(visits=Planned.CANCELLED, visits_reason=Text("已付清")))


def _shares(second: str) -> tuple[Term, ...]:
    """Half within three days, half later, of each of the two firms; what one has paid for the funeral counts."""
    halves = (("2026-11-17", "第一期", (270_000, 200_000)), (second, "第二期", (300_000, 200_000)))
    funeral = Term(
        words=Text("已付的丧葬费"), kind=TermKind.PAID, payer="party/6", payee="party/1", amount=30_000 * 100
    )
    owed = (
        _pay(f"{name}赔偿", yuan, due, payer, "party/1")
        for due, name, sums in halves
        for payer, yuan in zip(BUILDERS, sums, strict=True)
    )
    return funeral, *owed


def _signed(hour: str, numbers: Iterable[int]) -> Iterator[Told]:
    """The parties sign, each its own confirmation; the children by their mother, the parents by fingerprint."""
    for number in numbers:
        party = (number - 1) % len(EVERYBODY) + 1
        manner = {4: SigningManner.SIGNATURE_FINGERPRINT, 5: SigningManner.SIGNATURE_FINGERPRINT}.get(
            party, SigningManner.SEAL if party > len(FAMILY) else SigningManner.SIGNATURE
        )
        capacity = "capacity/1" if party in (2, 3) else ""
        signed = ConfirmAgreement(manner=manner, identity_checked=True)
        yield told(f"{hour}:{10 + number}", MEDIATOR, signed, f"confirmation/{number}", capacity=capacity)


def _paid(payer: int, yuan: int, obligation: int) -> RecordPayment:
    return RecordPayment(
        amount=yuan * 100, payer=f"party/{payer}", payee="party/1", obligation=f"obligation/{obligation}"
    )


TASKS = (
    Task(
        case="task-a",
        family=FAST,
        people=(
            _person("worker-1", "张桂花"),
            _person("worker-2", "刘建军"),
            _person("worker-3", "韦小妹"),
            _person("maker", "宏达五金厂", FIRM),
            _person("manager", "吕厂长"),
            _person("reader", "李调解"),
        ),
        orders=tuple(_wages()),
    ),
    Task(
        case="task-b",
        family=PANEL,
        people=(
            _person("wife", "杨秀兰"),
            _person("son", "石小一"),
            _person("daughter", "石小二"),
            _person("father", "石父"),
            _person("mother", "石母"),
            _person("xingu", "鑫固建设", FIRM),
            _person("hongye", "宏业建设", FIRM),
            _person("brother", "杨某"),
            _person("village-police", "当地民警"),
            *(_person(id, f"会诊成员{n}") for n, (id, _) in enumerate(SEATS, 1)),
        ),
        orders=tuple(_death()),
    ),
)
