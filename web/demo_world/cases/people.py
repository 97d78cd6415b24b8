"""Deliveries, damage, neighbours, under 人民调解."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from workflows.facts import Term
from workflows.parts.agreement import AffixSeal, DraftAgreement, ReachAgreement, SignAsMediator
from workflows.parts.confirmation import ConfirmAgreement
from workflows.parts.party import TellRights
from workflows.parts.payment import RecordPayment
from workflows.phases.intake import AcceptCase, PartyRow, RegisterCase
from workflows.tracks import PEOPLE as TRACK
from workflows.vocabulary import Dispute, Side, SigningManner, TermKind

from ..days import Days
from ..room import ROOM
from ..script import FAST, Step, Story, step

BOTH = ("party/1", "party/2")


def waiting_for_the_seal(days: Days) -> Iterator[Step]:
    named = (PartyRow(person="yushui", side=Side.APPLICANT), PartyRow(person="chunfen", side=Side.RESPONDENT))
    yield step(9, "09:10", "zhou", RegisterCase(
        named=named, track=TRACK.code, dispute=Dispute.HOUSING, organisation=ROOM.id, in_zone=True,
        matter=Text("店面漏水，装修泡坏，房东不肯赔。"),
    ))  # fmt: skip
    yield step(8, "10:00", "wang", AcceptCase())
    yield step(7, "14:00", "zhou", TellRights(), *BOTH)
    yield step(5, "15:30", "zhou", ReachAgreement(terms=(
        Term(words=Text("房东赔偿装修损失"), kind=TermKind.PAY, payer="party/2", payee="party/1",
             amount=800_000, due=days.ahead(9)),
    )))  # fmt: skip
    yield step(4, "09:30", "zhou", DraftAgreement(signers=BOTH), "agreement/1")
    for at, key in (("10:00", "confirmation/1"), ("15:10", "confirmation/2")):
        yield step(2, at, "zhou", ConfirmAgreement(manner=SigningManner.SIGNATURE, identity_checked=True), key)
    yield step(1, "15:20", "zhou", SignAsMediator(), "agreement/1")


def in_instalments(days: Days) -> Iterator[Step]:
    named = (
        PartyRow(person="cartons", side=Side.APPLICANT, kind=PartyKind.ENTERPRISE),
        PartyRow(person="cups", side=Side.RESPONDENT, kind=PartyKind.ENTERPRISE),
    )
    dues = (days.back(6), days.ahead(-1), days.ahead(3))
    terms = tuple(
        Term(words=Text(f"第{n}期货款"), kind=TermKind.PAY, payer="party/2", payee="party/1", amount=2_000_000, due=due)
        for n, due in enumerate(dues, 1)
    )
    yield step(16, "09:00", "li", RegisterCase(
        named=named, track=TRACK.code, dispute=Dispute.CONTRACT, organisation=ROOM.id, in_zone=True,
        amount_claimed=6_000_000, matter=Text("纸箱货款拖了大半年，双方对账没有异议，只是一次拿不出。"),
    ))  # fmt: skip
    yield step(15, "09:30", "wang", AcceptCase())
    yield step(14, "09:30", "li", TellRights(), *BOTH)
    yield step(12, "14:30", "li", ReachAgreement(terms=terms, amount=6_000_000))
    yield step(11, "09:30", "li", DraftAgreement(signers=BOTH), "agreement/1")
    for key in ("confirmation/1", "confirmation/2"):
        yield step(10, "10:00", "li", ConfirmAgreement(manner=SigningManner.SEAL, identity_checked=True), key)
    yield step(10, "10:20", "li", SignAsMediator(), "agreement/1")
    yield step(10, "11:00", "wang", AffixSeal(), "agreement/1")
    yield step(
        6, "16:00", "li", RecordPayment(amount=2_000_000, obligation="obligation/1", payer="party/2", payee="party/1")
    )


PEOPLE = (
    Story(case="demo-seal", family=FAST, steps=waiting_for_the_seal),
    Story(case="demo-instalments", family=FAST, steps=in_instalments),
)
