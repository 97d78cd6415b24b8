"""One mediated case in 17 orders: from registration over talks, a session and an agreement to visits and closing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from random import Random
from time import perf_counter

from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Actor, Office, Organisation
from mediation_engine.ports.register import Person
from mediation_engine.ports.store import Store
from mediation_engine.services.mediation import MediationService
from workflows.facts import Term
from workflows.parts.agreement import AffixSeal, DraftAgreement, ReachAgreement, SignAsMediator
from workflows.parts.block import RecordTalk
from workflows.parts.confirmation import ConfirmAgreement
from workflows.parts.party import TellRights
from workflows.parts.payment import RecordPayment
from workflows.parts.session import RecordSession, ScheduleSession
from workflows.parts.visit import Finding, RecordVisit
from workflows.phases.follow_up import CloseAsPerformed
from workflows.phases.intake import AcceptCase, PartyRow, RegisterCase
from workflows.vocabulary import Dispute, Side, SigningManner, TermKind

ROOM = Organisation(id="room", name="喜哥调解室", short_name="永开", kind="mediation_room")
MEDIATOR = Actor(id="li", name="李调解", organisation="room", offices=frozenset({Office.MEDIATOR}))
LEAD = Actor(id="wang", name="王主任", organisation="room", offices=frozenset({Office.LEAD}))
PEOPLE = (
    Person(id="worker", name="王某", kind=PartyKind.PERSON),
    Person(id="firm", name="某五金厂", kind=PartyKind.ENTERPRISE),
)
PAY = Term(words=Text("一次付清"), kind=TermKind.PAY, payer="party/2", payee="party/1", amount=1_200_000)
BOTH = ("party/1", "party/2")
STEPS = 17

Told = tuple[Command, tuple[str, ...], Office]


def staffed(store: Store, door: MediationService) -> MediationService:
    """The door with a room and its two people entered in the register."""
    with store.write() as unit:
        unit.register.put_organisation(ROOM)
        for actor in (MEDIATOR, LEAD):
            unit.register.put_actor(actor)
    return door


OPEN = 150
"""Cases in progress at a time: whose turn it is next is chance, as in a room."""


class Traffic:
    """So many cases in progress; the next order is always that of another one, and a new case follows a closed one."""

    def __init__(self, door: MediationService, who: object, cases: int = OPEN) -> None:
        self.door, self.random = door, Random(repr(who))
        self._who, self._opened = who, count()
        self._left = [self._next() for _ in range(cases)]
        self.give(cases * STEPS // 2)  # until they stand here and there

    def _next(self) -> Iterator[Order]:
        return orders(self.door, scattered(self._who, next(self._opened)))

    def give(self, many: int) -> list[float]:
        """Seconds of each of so many orders, with the making of it."""
        taken = list[float]()
        while len(taken) < many:
            at, began = self.random.randrange(len(self._left)), perf_counter()
            order = next(self._left[at], None)
            if order is None:
                self._left[at] = self._next()
                continue
            self.door.submit(order, PEOPLE if order.workflow else ())
            taken.append(perf_counter() - began)
        return taken


def scattered(*about: object) -> str:
    """A case's id as the program makes them: its neighbours in the order of ids are anybody's."""
    return hashlib.sha256(repr(about).encode()).hexdigest()[:10].upper()


def told() -> Iterator[Told]:
    """The 17 commands in order; a confirmation's text hash is filled in by `orders`."""
    yield _registration(), (), Office.MEDIATOR
    yield AcceptCase(), (), Office.LEAD
    yield TellRights(), BOTH, Office.MEDIATOR
    for party in BOTH:
        yield RecordTalk(party=party, said=Text("愿意协商，希望月底前有结果。")), (), Office.MEDIATOR
    yield ScheduleSession(invited=BOTH, planned=date(2026, 11, 25), topic=Text("工资结算")), (), Office.MEDIATOR
    yield RecordSession(attended=BOTH, rights_told=True), ("session/1",), Office.MEDIATOR
    yield ReachAgreement(terms=(PAY,)), (), Office.MEDIATOR
    yield DraftAgreement(signers=BOTH), ("agreement/1",), Office.MEDIATOR
    for number, manner in enumerate((SigningManner.SIGNATURE, SigningManner.SIGNATURE_SEAL), 1):
        yield (
            ConfirmAgreement(manner=manner, text_hash="", identity_checked=True),
            (f"confirmation/{number}",),
            Office.MEDIATOR,
        )
    yield SignAsMediator(), ("agreement/1",), Office.MEDIATOR
    yield AffixSeal(), ("agreement/1",), Office.LEAD
    yield RecordPayment(obligation="obligation/1", amount=PAY.amount), (), Office.MEDIATOR
    for number in (1, 2):
        visited = RecordVisit(party=BOTH[number - 1], finding=Finding.STABLE, said=Text("已收到钱，没有别的要求。"))
        yield visited, (f"visit/{number}",), Office.MEDIATOR
    yield CloseAsPerformed(), (), Office.MEDIATOR


def _registration() -> RegisterCase:
    named = (
        PartyRow(person="worker", side=Side.APPLICANT),
        PartyRow(person="firm", side=Side.RESPONDENT, kind=PartyKind.ENTERPRISE),
    )
    matter = Text("拖欠两个月工资，工人多次讨要没有结果。")
    return RegisterCase(
        named=named, track="people_mediation", dispute=Dispute.LABOUR_PAY, organisation="room", matter=matter
    )


def orders(door: MediationService, case: str) -> Iterator[Order]:
    """The orders of one case; each has to be given before the next is asked for."""
    for number, (command, on, office) in enumerate(told(), 1):
        if isinstance(command, ConfirmAgreement):
            text_hash = door.case(case).facts.agreements["agreement/1"].text_hash or ""
            command = replace(command, text_hash=text_hash)
        yield Order(
            id=f"{case}-{number}",
            case=case,
            command=command,
            actor=LEAD.id if office is Office.LEAD else MEDIATOR.id,
            office=office,
            on=on,
            workflow="" if number > 1 else "fast_track_2026",
        )
