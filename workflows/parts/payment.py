"""A payment: a line of the ledger beside the obligations. It may come before any paper, undated, without a known sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, flag, money, ref, rows, text
from mediation_engine.domain.guard import MET, Answer, given_as, guard, met_if, none_of
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR, PARTY_OR_MEDIATOR

from ..facts import MediationFacts, Payment, Share, facts_of
from ..vocabulary import TermKind
from . import cards
from .authority import may_act_for
from .ledger import Objection, against
from .states import PaymentState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPayment(Command):
    label: ClassVar[str] = "记录付款"
    parties: ClassVar[tuple[str, ...]] = ("payer",)
    amount: int | None = money("金额", help="不清楚就留空")
    payer: str | None = ref("付款人", "party", default=None)
    payee: str | None = ref("收款人", "party", default=None, help="交给代收人的留空；代付人发放的，付款人留空")
    for_payer: str | None = ref("代谁付", "party", default=None, help="付款人替别人付的，写明义务人")
    for_payee: str | None = ref("代谁收", "party", default=None, help="收款人替别人收的，写明权利人")
    agreement: str | None = ref("依据哪份协议", "agreement", default=None)
    obligation: str | None = ref("履行哪项义务", "obligation", default=None)
    shares: tuple[Share, ...] = rows("一笔付几项义务的，怎么分")
    credited: bool = flag("谈妥协议前付的，约定抵作已付")
    separate: bool = flag("与已入账的同样一笔不是同一笔")
    note: Text | None = text("付款方式与凭证", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocatePayment(Command):
    label: ClassVar[str] = "指明付款用途"
    help: ClassVar[str] = "谈妥协议前付的从此抵作已付；看着像重复入账的从此算另一笔"
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


def booked(given: RecordPayment, occurred: Occurred) -> Payment:
    """A payment as it stands in the ledger."""
    return Payment(
        agreement=given.agreement,
        obligation=given.obligation,
        payer=given.payer,
        payee=given.payee,
        amount=given.amount,
        occurred=occurred,
        for_payer=given.for_payer,
        for_payee=given.for_payee,
        shares=given.shares,
        credited=given.credited,
        separate=given.separate,
    )


def allocated(payment: Payment, given: AllocatePayment) -> Payment:
    """The same, now that somebody says what it was for: that settles when it was paid, and that it is one of its own."""
    return replace(payment, obligation=given.obligation, shares=(), credited=True, separate=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRecorded(Event[RecordPayment]):
    label: ClassVar[str] = "付款已入账"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.payments[line.instance] = booked(self.given, line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAllocated(Event[AllocatePayment]):
    label: ClassVar[str] = "付款用途已指明"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.payments[line.instance] = allocated(facts.payments[line.instance], self.given)


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
    if given is None or given.obligation is not None or given.shares or given.agreement is None:
        return MET
    paying = (t for t in facts_of(s).agreements[given.agreement].terms if t.kind is TermKind.PAY)
    return met_if(bool(given.payer or given.payee) or all(t.custodian is None for t in paying))


@guard("金额须大于零", "policy", fixed=True, of_form=True)
def amount_is_positive(s: Situation) -> Answer:
    given = given_as(s, RecordPayment)
    return met_if(given is None or given.amount is None or given.amount > 0)


@guard("一笔付几项义务的，各项写一次，合计须等于这笔的金额，并且不再另选一项义务", "policy", fixed=True, of_form=True)
def shares_add_up(s: Situation) -> Answer:
    given = given_as(s, RecordPayment)
    if given is None or not given.shares:
        return MET
    named = [share.obligation for share in given.shares]
    whole = sum(share.amount for share in given.shares) == given.amount and all(x.amount > 0 for x in given.shares)
    return met_if(whole and given.obligation is None and len(set(named)) == len(named))


def _met_unless(s: Situation, objection: Objection) -> Answer:
    """Whether a payment that is about to be booked, or to be said what it was for, does not meet with an objection."""
    given, payment = s.given, None
    if isinstance(given, RecordPayment):
        payment = booked(given, s.occurred)
    elif isinstance(given, AllocatePayment) and s.key is not None:
        payment = allocated(facts_of(s).payments[s.key], given)
    return met_if(payment is None or objection not in against(s.case, payment, s.key))


@guard("付款人应是义务人，或写明代谁付；否则不计入", "民法典 第524条")
def from_obligor(s: Situation) -> Answer:
    return _met_unless(s, Objection.PAYER)


@guard("收款人应是权利人，或写明代谁收；否则不计入", "民法典 第522条")
def to_obligee(s: Situation) -> Answer:
    return _met_unless(s, Objection.PAYEE)


@guard("付款人和收款人不应是同一个人；否则不计入", "policy")
def not_to_oneself(s: Situation) -> Answer:
    return _met_unless(s, Objection.ONESELF)


@guard("所选的义务须属于所选的协议；两样都选的，请只留一样", "policy", fixed=True, of_form=True)
def of_one_agreement(s: Situation) -> Answer:
    given = given_as(s, RecordPayment)
    if given is None or given.agreement is None:
        return MET
    owed = facts_of(s).obligations
    named = (*filter(None, (given.obligation,)), *(share.obligation for share in given.shares))
    return none_of(k for k in named if k in owed and owed[k].agreement != given.agreement)


@guard("谈妥协议前付的，应写明约定抵作已付；否则不计入", "policy")
def not_early(s: Situation) -> Answer:
    return _met_unless(s, Objection.EARLY)


@guard("同一天同样的一笔已经入账，不是同一笔的应写明；否则不计入", "policy")
def not_again(s: Situation) -> Answer:
    return _met_unless(s, Objection.AGAIN)


A31 = "人民调解法 第31条"
WAY = (from_obligor, to_obligee)
LEG = (leg_known, *WAY, not_to_oneself, not_early, not_again)
SOUND = (amount_is_positive, shares_add_up, of_one_agreement)

# fmt: off
ROWS = (
    # from        command          to          by                 only if                records           basis            marks
    T(None,       RecordPayment,   S.RECORDED, MEDIATOR         , SOUND,                 PaymentRecorded,  A31,             LEG),
    T(S.RECORDED, AllocatePayment, S.RECORDED, MEDIATOR,          (),                    PaymentAllocated, "民法典 第560条", WAY),
    T(S.RECORDED, DisputePayment,  S.DISPUTED, PARTY_OR_MEDIATOR, (),                    PaymentDisputed,  A31, (may_act_for,)),
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
