"""Telling a case in tests: a door with a small staff, and orders in one line each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from mediation_engine.clock import FixedClock
from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.erasing import ErasureGround
from mediation_engine.domain.fields import Text
from mediation_engine.domain.line import Line
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.order import Order, Receipt
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Actor, Office, Organisation
from mediation_engine.domain.zone import Campaign, District, Grid, Zone
from mediation_engine.ids import seeded_randomness
from mediation_engine.ports.register import Person
from mediation_engine.ports.store import Store
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import MediationService
from web.wiring import catalogue
from workflows.facts import Term
from workflows.parts.agreement import AffixSeal, DraftAgreement, ReachAgreement, SignAsMediator
from workflows.parts.capacity import EnterCapacity
from workflows.parts.confirmation import ConfirmAgreement
from workflows.parts.erasure import EraseTexts, TextRow
from workflows.parts.origin import LinkItem
from workflows.phases.intake import AcceptCase, PartyRow, RegisterCase, SubmitApplication
from workflows.vocabulary import AuthorityPaper, Dispute, Grievance, Side, SigningManner, TermKind
from workflows.zone.alert.inbox import PushAlert, SignForAlert
from workflows.zone.alert.involved import InvolvedRow
from workflows.zone.alert.vocabulary import Standing, Trouble
from workflows.zone.matter.concerned import ConcernedRow
from workflows.zone.matter.entry import AssignMatter, DetailRow, RegisterMatter
from workflows.zone.matter.handling import SignForMatter
from workflows.zone.matter.vocabulary import Standing as MatterStanding
from workflows.zone.meeting.attendee import AttendeeRow
from workflows.zone.meeting.calling import PlanMeeting
from workflows.zone.meeting.topic import TopicRow
from workflows.zone.meeting.vocabulary import Theme
from workflows.zone.returns.filing import EntryRow, FileReturn
from workflows.zone.returns.vocabulary import Result

STORY_SEED = 7
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ROOM = Organisation(id="room", name="喜哥调解室", short_name="永开", kind="mediation_room")
BELOW = Organisation(id="other", name="某村调委会", short_name="永村", kind="mediation_committee", parent="room")
STAFF = {
    Office.MEDIATOR: Actor(id="li", name="李调解", organisation="room", offices=frozenset({Office.MEDIATOR})),
    Office.LEAD: Actor(id="wang", name="王主任", organisation="room", offices=frozenset({Office.LEAD})),
    Office.AUDITOR: Actor(id="chen", name="陈核查", organisation="room", offices=frozenset({Office.AUDITOR})),
    Office.ADMINISTRATOR: Actor(
        id="zhao", name="赵管理", organisation="room", offices=frozenset({Office.ADMINISTRATOR})
    ),
    Office.GRID_WORKER: Actor(id="gao", name="高网格", organisation="room", offices=frozenset({Office.GRID_WORKER})),
}
ZONE = Zone(
    campaigns=(
        Campaign(
            code="wages", name="无欠薪", since=date(2026, 11, 1), until=date(2027, 2, 5), disputes=("labour_pay",)
        ),
    ),
    districts=(District(code="east", name="东片区", security="li", zone="wang"), District(code="west", name="西片区")),
    grids=(Grid(name="东一网格", worker="gao", district="east"),),
)
"""Two districts: one with its pair and a grid, one that nobody answers for yet."""
ZHOU = Actor(id="zhou", name="周调解", organisation="room", offices=frozenset({Office.MEDIATOR}))
"""A second mediator, in stories that have one."""
ZHANG = Actor(id="zhang", name="张某", organisation="room", offices=frozenset({Office.REPRESENTATIVE}))
"""Who acts for a party by a link, in stories where somebody does."""
APPLICANT = Actor(id="worker", name="王某", organisation="room", offices=frozenset({Office.APPLICANT}))
"""Who applies by himself, in stories that begin so."""
ROBOT = Actor(id="automatic-room", name="自动办理", organisation="room", offices=frozenset({Office.AUTOMATIC}))
"""The worker, in stories in which it does something."""
WORKER = Person(id="worker", name="王某", kind=PartyKind.PERSON)
FIRM = Person(id="firm", name="某五金厂", kind=PartyKind.ENTERPRISE)
PAY = Term(words=Text("一次付清"), kind=TermKind.PAY, payer="party/2", payee="party/1", amount=1_200_000)


class Story:
    """A door to a store, and one case told through it. Time moves a minute with every order."""

    def __init__(self, store: Store, clock: FixedClock, case: str = "A1", more: Iterable[Actor] = ()) -> None:
        self.store, self.clock, self.name = store, clock, case
        self.door = MediationService(store, catalogue(zone=ZONE), seeded_randomness(STORY_SEED))
        self.told = 0
        self.holders = {office: actor.id for office, actor in STAFF.items()}
        with store.write() as unit:
            unit.register.put_organisation(ROOM)
            unit.register.put_organisation(BELOW)
            for actor in (*STAFF.values(), *more):
                unit.register.put_actor(actor)

    def order(self, command: Command, *on: str, by: Office = Office.MEDIATOR, **given: Any) -> Order:
        """An order by the staff member who holds the office."""
        self.told += 1
        given.setdefault("id", f"{self.name}-{self.told}")
        given.setdefault("actor", self.holders.get(by, ""))
        return Order(case=self.name, command=command, office=by, on=on, **given)

    def do(
        self, command: Command, *on: str, by: Office = Office.MEDIATOR, at: str | None = None, **given: Any
    ) -> Receipt:
        """Give an order; the next one is a minute later."""
        occurred = Occurred.read(at) if at else None
        receipt = self.door.submit(self.order(command, *on, by=by, occurred=occurred, **given), given_people(command))
        self.clock.now += timedelta(minutes=1)
        return receipt

    def with_colleague(self, actor: Actor = ZHOU) -> Story:
        """The same room with one more on its staff."""
        with self.store.write() as unit:
            unit.register.put_actor(actor)
        return self

    @property
    def case(self) -> Case:
        """The case as it is."""
        return self.door.case(self.name)

    def view(self, office: Office) -> CaseView:
        """The case as who holds an office sees it."""
        return self.door.view(self.name, office)

    @property
    def lines(self) -> list[Line]:
        """The history."""
        return self.door.history(self.name)

    def state(self, key: str) -> str | None:
        """The state code of an instance."""
        return self.case.state(key)

    # -- usual beginnings

    def submitted(self, about: Grievance = Grievance.WAGES, **given: Any) -> Story:
        """A worker has applied by himself, against a firm."""
        with self.store.write() as unit:
            unit.register.put_actor(APPLICANT)
        self.do(apply_for(about, **given), by=Office.APPLICANT, actor=APPLICANT.id, workflow="fast_track_2026")
        return self

    def registered(self, track: str = "people_mediation", **given: Any) -> Story:
        """A worker against a firm, registered."""
        self.do(register(track, **given), workflow="fast_track_2026")
        return self

    def linked(self) -> Story:
        """The case, linked to an item of the zone by the worker."""
        self.with_colleague(ROBOT).holders[Office.AUTOMATIC] = ROBOT.id
        self.do(LinkItem(item="J1", instance="outcome/1", issue="issue/1"), by=Office.AUTOMATIC)
        return self

    def pushed(self, **given: Any) -> Story:
        """A police alert in the inbox of the room."""
        self.do(push(**given), workflow="alert_2026")
        return self

    def signed(self, **given: Any) -> Story:
        """The same, signed for by one of the pair."""
        self.pushed(**given).do(SignForAlert())
        return self

    def came(self, kind: str = "grid", **given: Any) -> Story:
        """A matter of some kind, registered."""
        self.do(come(kind, **given), workflow="matter_2026")
        return self

    def convened(self, **given: Any) -> Story:
        """A meeting that is called, its four things fixed."""
        self.do(convened(**given), workflow="meeting_2026")
        return self

    def found(self, **given: Any) -> Story:
        """What a grid worker found, reported by himself."""
        self.do(come("grid", **given), by=Office.GRID_WORKER, workflow="matter_2026")
        return self

    def taken_on(self, kind: str = "grid", **given: Any) -> Story:
        """The same, given to the mediator and in his hands."""
        self.came(kind, **given)
        if self.case.phase == "entry/1":
            self.do(AssignMatter(staff="li"))
        if self.state("handling/1") == "to_sign":
            self.do(SignForMatter())
        return self

    def accepted(self, track: str = "people_mediation") -> Story:
        """The same, accepted by the lead."""
        self.registered(track).do(AcceptCase(), by=Office.LEAD)
        return self

    def drafted(self, track: str = "people_mediation", terms: Iterable[Term] = (PAY,)) -> Story:
        """An agreement reached and out for signature."""
        self.accepted(track).do(ReachAgreement(terms=tuple(terms)))
        self.do(DraftAgreement(signers=("party/1", "party/2")), "agreement/1")
        return self

    def acting_for(self, *parties: str, person: str = "zhang", **given: Any) -> str:
        """Somebody acts for parties, as an agent who may settle unless said otherwise; the key of the capacity."""
        given = {"settle": True, "paper": AuthorityPaper.MANDATE} | given
        return self.do(EnterCapacity(principals=parties, person=person, **given)).lines[0].instance

    def confirm(self, *keys: str, manner: SigningManner | None = None, capacity: str = "", **given: Any) -> Receipt:
        """Signing parties confirm the current text: people by signature, a firm with its seal."""
        facts = self.case.facts
        parties = [facts.parties[facts.confirmations[k].party] for k in keys if k in facts.confirmations]
        firm = any(p.kind is PartyKind.ENTERPRISE for p in parties)
        manner = manner or (SigningManner.SIGNATURE_SEAL if firm else SigningManner.SIGNATURE)
        text_hash = facts.agreements["agreement/1"].text_hash or ""
        given = {"identity_checked": True} | given
        return self.do(ConfirmAgreement(manner=manner, text_hash=text_hash, **given), *keys, capacity=capacity)

    def effective(self, track: str = "people_mediation", terms: Iterable[Term] = (PAY,)) -> Story:
        """An agreement signed by all, by the mediator, and sealed."""
        self.drafted(track, terms).confirm("confirmation/1", "confirmation/2")
        self.do(SignAsMediator(), "agreement/1")
        self.do(AffixSeal(), "agreement/1", by=Office.LEAD)
        return self


def register(track: str = "people_mediation", **given: Any) -> RegisterCase:
    """A worker against a firm."""
    named = (
        PartyRow(person="worker", side=Side.APPLICANT),
        PartyRow(person="firm", side=Side.RESPONDENT, kind=PartyKind.ENTERPRISE),
    )
    fields = {"named": named, "track": track, "dispute": Dispute.LABOUR_PAY, "organisation": "room"} | given
    return RegisterCase(**fields)


def push(**given: Any) -> PushAlert:
    """A fight between a worker and somebody of a firm."""
    named = (
        InvolvedRow(person="worker"),
        InvolvedRow(person="firm", standing=Standing.OTHER, kind=PartyKind.ENTERPRISE),
    )
    fields = {
        "number": "J330784",
        "district": "east",
        "trouble": Trouble.FIGHT,
        "words": Text("两人在厂门口推搡"),
        "named": named,
        "organisation": "room",
    } | given
    return PushAlert(**fields)


FILLED: dict[str, tuple[DetailRow, ...]] = {
    "meeting_task": (DetailRow(field="due", day=date(2026, 11, 27)),),
    "grid": (
        DetailRow(field="reporter", words=Text("吴网格")),
        DetailRow(field="category", words=Text("车间口角")),
    ),
    "reception": (
        DetailRow(field="people", number=2),
        DetailRow(field="leader", words=Text("某副主任")),
        DetailRow(field="answer_by", day=date(2026, 12, 4)),
    ),
    "errand": (
        DetailRow(field="agent", words=Text("吴网格")),
        DetailRow(field="promised", day=date(2026, 11, 27)),
    ),
    "petition": (
        DetailRow(field="assigner", words=Text("市信访局")),
        DetailRow(field="limit", day=date(2026, 12, 20)),
        DetailRow(field="leader", words=Text("某副主任")),
    ),
}
"""What is filled in of a matter, by its kind."""


def come(kind: str = "grid", **given: Any) -> RegisterMatter:
    """A worker comes with something against a firm."""
    named = (
        ConcernedRow(person="worker"),
        ConcernedRow(person="firm", standing=MatterStanding.OTHER, kind=PartyKind.ENTERPRISE),
    )
    fields = {
        "kind": kind,
        "district": "east",
        "words": Text("厂里两个月没有发工资"),
        "named": named,
        "details": FILLED.get(kind, ()),
        "organisation": "room",
    } | given
    return RegisterMatter(**fields)


def convened(**given: Any) -> PlanMeeting:
    """A meeting on fire safety whose four things are fixed, with something on the table."""
    fields = {
        "theme": Theme.FIRE,
        "day": date(2026, 11, 24),
        "time": "14:30",
        "named": (AttendeeRow(staff="li"), AttendeeRow(person="zhang", post="片区副片长"), AttendeeRow(body="room")),
        "plan": Text("先排查出租房，再集中整治"),
        "topics": (TopicRow(words=Text("出租房里的电动车")),),
        "organisation": "room",
    } | given
    return PlanMeeting(**fields)


def filed(**given: Any) -> FileReturn:
    """A small dispute in an enterprise, which did not come to an agreement there, in the return of a month."""
    row = EntryRow(worker="worker", other="firm", result=Result.FAILED, raised=date(2026, 10, 12), told=True)
    fields = {"organisation": "room", "month": "2026-10", "named": (row,), "signer": Text("王人事")} | given
    return FileReturn(**fields)


def apply_for(about: Grievance = Grievance.WAGES, **given: Any) -> SubmitApplication:
    """A worker's application against a firm."""
    fields = {
        "applicant": "worker",
        "respondent": "firm",
        "about": about,
        "words": Text("八月起没有发工资"),
        "organisation": "room",
    } | given
    return SubmitApplication(**fields)


def given_people(command: Command) -> tuple[Person, ...]:
    """The people a registration or an application names, to be entered with it."""
    return (WORKER, FIRM) if isinstance(command, RegisterCase | SubmitApplication | PushAlert | FileReturn) else ()


def erase(story: Story, *words: str) -> Receipt:
    """The lead erases some words of the case."""
    with story.store.read() as unit:
        ids = {text.words: id for id, text in unit.record.texts(story.name).items()}
    command = EraseTexts(
        texts=tuple(TextRow(text=ids[said]) for said in words),
        ground=ErasureGround.PURPOSE,
        basis=Text("个人信息保护法第47条"),
        reason=Text("本人申请，纠纷已了结"),
    )
    return story.do(command, by=Office.LEAD)
