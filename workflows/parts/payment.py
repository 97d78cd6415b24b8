"""A payment: a line of the ledger beside the obligations. It may come before any paper, undated, without a known sum."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import MISSING, dataclass
from typing import ClassVar, Self

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, flag, money, ref, rows, text
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.guard import MET, Answer, given_as, guard, met_if
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, Spawns, T
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR, PARTY, PARTY_OR_MEDIATOR

from ..facts import MediationFacts, Payment, Share, facts_of
from ..vocabulary import PaidBy, PaymentGround, PaymentResult, ReturnReason, TermKind
from . import cards, naming
from .authority import may_act_for
from .batch import next_rows, of_row
from .booking import (
    MOVED,
    WAY,
    Booking,
    amount_is_positive,
    debtor_named,
    not_deducted,
    of_one_agreement,
    still_owed,
    will_count,
)
from .ledger import left_to_pay, owed_now
from .moments import AFTER_SENDING
from .states import PaymentState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPayment(Booking):
    label: ClassVar[str] = "记录付款"
    occurs: ClassVar[str] = "哪天付的"
    parties: ClassVar[tuple[str, ...]] = ("payer",)
    shares: tuple[Share, ...] = rows(
        "这次付了哪几笔", help="一笔钱付几个人的，各写各的；没有付的空着", about=owed_now, fill=left_to_pay
    )
    amount: int | None = money("金额")
    payer: str | None = ref("付款人", "party", default=None)
    note: Text | None = text("凭证、说明", disclosure="joint")
    way: PaidBy = choice("付款方式", default=PaidBy.UNREPORTED)
    payee: str | None = ref(
        "收款人", "party", default=None, help="交给代收人的留空；代付人发放的，付款人留空", rare=True
    )
    for_payer: str | None = ref("代谁付", "party", default=None, help="付款人替别人付的，写明本来该谁付", rare=True)
    ground: PaymentGround = choice("付款依据", default=PaymentGround.OWN, rare=True)
    for_payee: str | None = ref("代谁收", "party", default=None, help="收款人替别人收的，写明本来该谁收", rare=True)
    agreement: str | None = ref("依据哪份协议", "agreement", default=None, rare=True)
    obligation: str | None = ref("履行哪项义务", "obligation", default=None, rare=True)
    credited: bool = flag("谈妥协议前付的，约定抵作已付", rare=True)
    separate: bool = flag("与已入账的同样一笔不是同一笔", rare=True)

    def completed(self, case: Case) -> Self:
        """Rows of duties say how much it was, and who paid whom where that is one and the same."""
        if not self.shares or self.obligation is not None:
            return self
        owed = [facts_of(case).obligations[share.obligation] for share in self.shares]
        payers = {of.payer for of in owed}
        payees = {None if of.into_custody else of.payee for of in owed}
        amount = sum(share.amount for share in self.shares) if self.amount is None else self.amount
        is_one = len(self.shares) == 1 and amount == self.shares[0].amount
        return dataclasses.replace(
            self,
            amount=amount,
            payer=self.payer or (payers.pop() if len(payers) == 1 and self.for_payer is None else None),
            payee=self.payee or (payees.pop() if len(payees) == 1 and self.for_payee is None else None),
            obligation=self.shares[0].obligation if is_one else None,
            shares=() if is_one else self.shares,
        )

    def booked(self, s: Situation, key: str | None) -> tuple[Payment, ...]:
        return (booked(self, s.occurred),)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgePayment(Booking):
    """The same payment as `RecordPayment` books, by word of whom it was due to: he speaks against his own interest."""

    label: ClassVar[str] = "确认收到付款"
    help: ClassVar[str] = "收款的当事人自己说钱收到了；由调解员记的，用“记录付款”"
    party: str = ref("谁收到的", "party")
    obligation: str = ref("收到的是哪项义务的钱", "obligation")
    amount: int = money("收到多少", default=MISSING)

    def booked(self, s: Situation, key: str | None) -> tuple[Payment, ...]:
        return (acknowledged(facts_of(s), self, s.occurred),)


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocatePayment(Booking):
    label: ClassVar[str] = "写明付的是哪一项"
    help: ClassVar[str] = "谈妥协议前付的从此抵作已付；看着像重复入账的从此算另一笔"
    obligation: str = ref("履行哪项义务", "obligation")

    def booked(self, s: Situation, key: str | None) -> tuple[Payment, ...]:
        return (allocated(facts_of(s).payments[key], self),) if key else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReturn(Command):
    label: ClassVar[str] = "记录退汇"
    help: ClassVar[str] = "银行把款退回来的；重新付了又被退回的也记这里。义务仍未履行，改好账号后再付"
    reason: ReturnReason = choice("退汇原因")
    note: Text | None = text("说明", longest=100, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendPayment(Booking):
    label: ClassVar[str] = "记录重新付款成功"
    help: ClassVar[str] = "退汇的款已重新付出、对方收到；时间写重新付的那天，可以一次选几笔。又被退回的记“记录退汇”"
    note: Text | None = text("付款方式与凭证", disclosure="joint")

    def booked(self, s: Situation, key: str | None) -> tuple[Payment, ...]:
        return (made_anew(facts_of(s).payments[key], s.occurred),) if key else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputePayment(Command):
    label: ClassVar[str] = "对付款提出异议"
    one_by_one: ClassVar[bool] = True
    reason: Text | None = text("异议", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class UpholdPayment(Command):
    label: ClassVar[str] = "核实付款属实"
    help: ClassVar[str] = "查过凭证，钱确实到了收款人手里的：这笔照样算已付"


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikePayment(Command):
    label: ClassVar[str] = "冲销付款"
    one_by_one: ClassVar[bool] = True
    help: ClassVar[str] = "查过，钱没有付或没有到的：这笔不再算已付，义务仍要履行"
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
        ground=given.ground,
        way=given.way,
    )


def acknowledged(facts: MediationFacts, given: AcknowledgePayment, occurred: Occurred) -> Payment:
    """The same, from whom the obligation names to whoever says that it came."""
    owed = facts.obligations[given.obligation]
    return Payment(
        agreement=owed.agreement,
        obligation=given.obligation,
        payer=owed.payer,
        payee=given.party,
        amount=given.amount,
        occurred=occurred,
    )


def allocated(payment: Payment, given: AllocatePayment) -> Payment:
    """The same, now that somebody says what it was for: that settles when it was paid, and that it is one of its own."""
    return replace(payment, obligation=given.obligation, shares=(), credited=True, separate=True)


def made_anew(payment: Payment, occurred: Occurred) -> Payment:
    """The same after it came back, now that it has been made again."""
    return replace(payment, occurred=occurred, returned=None, return_note=None, returned_on=None)


def _returned(payment: Payment, line: Line) -> Payment:
    """The same, with the day on which it came back where it did."""
    day = line.occurred.day or line.recorded.astimezone(CHINA).date()
    return replace(payment, returned_on=day) if payment.returned else payment


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRecorded(Event[RecordPayment]):
    label: ClassVar[str] = "付款已入账"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.payments[line.instance] = booked(self.given, line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAcknowledged(Event[AcknowledgePayment]):
    label: ClassVar[str] = "收款方确认收到付款"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.payments[line.instance] = acknowledged(facts, self.given, line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAllocated(Event[AllocatePayment]):
    label: ClassVar[str] = "付款用途已指明"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.payments[line.instance] = allocated(facts.payments[line.instance], self.given)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReturned(Event[RecordReturn]):
    label: ClassVar[str] = "付款被退汇"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        held = facts.payments[line.instance]
        returned = replace(held, returned=self.given.reason, return_note=self.given.note)
        facts.payments[line.instance] = _returned(returned, line)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentResent(Event[ResendPayment]):
    label: ClassVar[str] = "退汇的款已重新付出"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.payments[line.instance] = made_anew(facts.payments[line.instance], line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class _PaymentOfBatch(Event[None]):
    """One row of a batch, as a payment; what became of it stands on the row."""

    given: None = None
    batch: str
    row: int

    def apply(self, facts: MediationFacts, line: Line) -> None:
        payment = of_row(facts, self.batch, facts.batches[self.batch].rows[self.row - 1])
        facts.payments[line.instance] = _returned(payment, line)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOfBatchBooked(_PaymentOfBatch):
    label: ClassVar[str] = "批量付款中的一笔已入账"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOfBatchReturned(_PaymentOfBatch):
    label: ClassVar[str] = "批量付款中的一笔被退汇"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDisputed(Event[DisputePayment]):
    label: ClassVar[str] = "付款有异议"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.payments[line.instance] = replace(facts.payments[line.instance], disputed=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentUpheld(Event[UpholdPayment]):
    label: ClassVar[str] = "付款已核实"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentStruck(Event[StrikePayment]):
    label: ClassVar[str] = "付款已冲销"


def paid_in_batch(case: Case) -> Iterator[PaymentOfBatchBooked]:
    """The rows of a batch that come next and were paid."""
    return (PaymentOfBatchBooked(batch=batch, row=row) for batch, row in next_rows(case, PaymentResult.PAID))


def returned_in_batch(case: Case) -> Iterator[PaymentOfBatchReturned]:
    """The rows of a batch that come next and were returned."""
    return (PaymentOfBatchReturned(batch=batch, row=row) for batch, row in next_rows(case, PaymentResult.RETURNED))


@guard("有代收代付的，应写明付款人、收款人或履行哪项义务，否则不计入", "policy", of_form=True)
def leg_known(s: Situation) -> Answer:
    given = given_as(s, RecordPayment)
    if given is None or given.obligation is not None or given.shares or given.agreement is None:
        return MET
    held = facts_of(s).agreements[given.agreement]
    paying = (t for n, t in enumerate(held.terms, 1) if t.kind is TermKind.PAY and n not in held.left_out)
    return met_if(bool(given.payer or given.payee) or all(t.custodian is None for t in paying))


@guard("一笔付几项义务的，各项写一次，合计须等于这笔的金额，并且不再另选一项义务", "policy", fixed=True, of_form=True)
def shares_add_up(s: Situation) -> Answer:
    given = given_as(s, RecordPayment)
    if given is None or not given.shares:
        return MET
    named = [share.obligation for share in given.shares]
    whole = sum(share.amount for share in given.shares) == given.amount and all(x.amount > 0 for x in given.shares)
    return met_if(whole and given.obligation is None and len(set(named)) == len(named))


@guard("只有收款的一方能自己说收到了；付款的一方、别人请告诉调解员", "policy", fixed=True)
def due_to_party(s: Situation) -> Answer:
    given = given_as(s, AcknowledgePayment)
    return met_if(given is None or facts_of(s).obligations[given.obligation].payee == given.party)


@guard("钱经人代收、转交的，由调解员对过账再记，请告诉调解员", "policy", fixed=True)
def paid_straight(s: Situation) -> Answer:
    given = given_as(s, AcknowledgePayment)
    return met_if(given is None or facts_of(s).obligations[given.obligation].custodian is None)


@guard("退汇原因选“其他”的，请在说明里写明", "policy", fixed=True, of_form=True)
def return_explained(s: Situation) -> Answer:
    given = given_as(s, RecordReturn)
    return met_if(given is None or given.reason is not ReturnReason.OTHER or bool(given.note))


A31 = "人民调解法 第31条"
LEG = (leg_known, *MOVED, debtor_named)
SOUND = (amount_is_positive, shares_add_up, of_one_agreement)
SAID, ANEW = (*WAY, not_deducted, still_owed), (*MOVED, AFTER_SENDING)
CAME_BACK = (AFTER_SENDING,)
ADMITTED = (amount_is_positive, due_to_party, paid_straight, will_count)

# fmt: off
ROWS = (
    Spawns(S.RECORDED, paid_in_batch,     PaymentOfBatchBooked,   A31),
    Spawns(S.RETURNED, returned_in_batch, PaymentOfBatchReturned, A31),
    # from        command          to          by                 only if                     records           basis            marks
    T(None,       RecordPayment,   S.RECORDED, MEDIATOR,          SOUND,                      PaymentRecorded,  A31,             LEG),
    T(None,       AcknowledgePayment, S.RECORDED, PARTY,          ADMITTED,                   PaymentAcknowledged, A31),
    T(S.RECORDED, AllocatePayment, S.RECORDED, MEDIATOR,          (),                         PaymentAllocated, "民法典 第560条", SAID),
    T(S.RECORDED, RecordReturn,    S.RETURNED, MEDIATOR,          (return_explained,),        PaymentReturned,  A31,             CAME_BACK),
    T(S.RETURNED, RecordReturn,    S.RETURNED, MEDIATOR,          (return_explained,),        PaymentReturned,  A31,             CAME_BACK),
    T(S.DISPUTED, RecordReturn,    S.RETURNED, MEDIATOR,          (return_explained,),        PaymentReturned,  A31,             CAME_BACK),
    T(S.RETURNED, ResendPayment,   S.RECORDED, MEDIATOR,          (),                         PaymentResent,    A31,             ANEW),
    T(S.RECORDED, DisputePayment,  S.DISPUTED, PARTY_OR_MEDIATOR, (),                         PaymentDisputed,  A31, (may_act_for,)),
    T(S.DISPUTED, UpholdPayment,   S.RECORDED, MEDIATOR,          (),                         PaymentUpheld,    A31),
    T(S.DISPUTED, StrikePayment,   S.STRUCK,   MEDIATOR,          (),                         PaymentStruck,    A31),
)
# fmt: on

PAYMENT = Machine.declare(
    "payment",
    "付款",
    S,
    ROWS,
    final={S.STRUCK},
    resting={S.RECORDED, S.RETURNED},  # what is still owed stands on its obligation
    alive=ALWAYS,
    shown=Presentation(
        urgent=frozenset({S.DISPUTED, S.RETURNED}),
        calm=cards.payment_is_calm,
        called=naming.payment,
        summary=cards.payment_summary,
        waits=cards.payments_to_look_into,
    ),
)
