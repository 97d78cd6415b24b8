"""A payment: a line of the ledger beside the obligations. It may come before any paper, undated, without a known sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, money, ref, text
from mediation_engine.domain.guard import MET, Answer, given_as, guard, met_if
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR, PARTY_OR_MEDIATOR

from ..facts import MediationFacts, Payment, facts_of
from ..vocabulary import TermKind
from . import cards
from .states import PaymentState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPayment(Command):
    label: ClassVar[str] = "记录付款"
    parties: ClassVar[tuple[str, ...]] = ("payer",)
    amount: int | None = money("金额", help="不清楚就留空")
    payer: str | None = ref("付款人", "party", default=None)
    payee: str | None = ref("收款人", "party", default=None, help="交给代收人的留空；代付人发放的，付款人留空")
    agreement: str | None = ref("依据哪份协议", "agreement", default=None)
    obligation: str | None = ref("履行哪项义务", "obligation", default=None)
    note: Text | None = text("付款方式与凭证", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocatePayment(Command):
    label: ClassVar[str] = "指明付款用途"
    obligation: str = ref("履行哪项义务", "obligation")


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputePayment(Command):
    label: ClassVar[str] = "对付款提出异议"
    reason: Text | None = text("异议", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class UpholdPayment(Command):
    label: ClassVar[str] = "核实付款属实"


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikePayment(Command):
    label: ClassVar[str] = "冲销付款"
    gives_up: ClassVar[bool] = True
    reason: Text | None = text("原因", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRecorded(Event[RecordPayment]):
    label: ClassVar[str] = "付款已入账"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        g = self.given
        facts.payments[line.instance] = Payment(
            agreement=g.agreement,
            obligation=g.obligation,
            payer=g.payer,
            payee=g.payee,
            amount=g.amount,
            occurred=line.occurred,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAllocated(Event[AllocatePayment]):
    label: ClassVar[str] = "付款用途已指明"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.payments[line.instance] = replace(facts.payments[line.instance], obligation=self.given.obligation)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDisputed(Event[DisputePayment]):
    label: ClassVar[str] = "付款有异议"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentUpheld(Event[UpholdPayment]):
    label: ClassVar[str] = "付款已核实"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentStruck(Event[StrikePayment]):
    label: ClassVar[str] = "付款已冲销"


@guard("有代收代付的，应写明付款人、收款人或履行哪项义务，否则不计入", "policy")
def leg_known(s: Situation) -> Answer:
    given = given_as(s, RecordPayment)
    if given is None or given.obligation is not None or given.agreement is None:
        return MET
    paying = (t for t in facts_of(s).agreements[given.agreement].terms if t.kind is TermKind.PAY)
    return met_if(bool(given.payer or given.payee) or all(t.custodian is None for t in paying))


@guard("金额须大于零", "policy")
def amount_is_positive(s: Situation) -> Answer:
    given = given_as(s, RecordPayment)
    return met_if(given is None or given.amount is None or given.amount > 0)


A31 = "人民调解法 第31条"
LEG = (leg_known,)

# fmt: off
ROWS = (
    # from        command          to          by                 only if                records           basis            marks
    T(None,       RecordPayment,   S.RECORDED, MEDIATOR         , (amount_is_positive,), PaymentRecorded,  A31,             LEG),
    T(S.RECORDED, AllocatePayment, S.RECORDED, MEDIATOR,          (),                    PaymentAllocated, "民法典 第560条"),
    T(S.RECORDED, DisputePayment,  S.DISPUTED, PARTY_OR_MEDIATOR, (),                    PaymentDisputed,  A31),
    T(S.DISPUTED, UpholdPayment,   S.RECORDED, MEDIATOR,          (),                    PaymentUpheld,    A31),
    T(S.DISPUTED, StrikePayment,   S.STRUCK,   MEDIATOR,          (),                    PaymentStruck,    A31),
)
# fmt: on

PAYMENT = Machine.declare(
    "payment",
    "付款",
    S,
    ROWS,
    final={S.STRUCK},
    resting={S.RECORDED},
    alive=ALWAYS,
    shown=Presentation(urgent=frozenset({S.DISPUTED}), summary=cards.payment_summary),
)
