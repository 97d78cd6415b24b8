"""What payments are held to when they come to stand in the ledger: one by one, many at once, or after they came back."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command
from mediation_engine.domain.guard import MET, UNJUDGED, Answer, guard, met_if, none_of

from ..facts import Payment, facts_of
from ..vocabulary import PaymentGround, Power, TermKind
from .authority import A171, reaches
from .ledger import Objection, against, intended, named_in, objections, paid_on, part_for
from .states import ObligationState, PaymentState


class Booking(Command):
    """A command by which payments come to count."""

    __slots__ = ()

    def booked(self, s: Situation, key: str | None) -> tuple[Payment, ...]:
        """The payments as they would then stand in the ledger; of those that the order is given on, the one of a key."""
        raise NotImplementedError


def _booked(s: Situation) -> tuple[Payment, ...]:
    return s.given.booked(s, s.key) if isinstance(s.given, Booking) else ()


def of_some(payments: tuple[Payment, ...], named: list[str | None]) -> Answer:
    """Met where no payment is at fault; else unmet, naming what those are for where there are several."""
    return met_if(not named, filter(None, named if len(payments) > 1 else ()))


def _ledger(s: Situation) -> Case:
    """The case with those payments in the ledger that the same order books before this one for the same."""
    if not isinstance(s.given, Booking) or s.key not in s.on:
        return s.case
    [payment] = s.given.booked(s, s.key)
    before = {key: s.given.booked(s, key)[0] for key in s.on[: s.on.index(s.key)]}
    before = {key: other for key, other in before.items() if _may_be_for_the_same(payment, other)}
    case = s.case.copy() if before else s.case
    facts_of(case).payments.update(before)
    for key in before:
        case.instances[key] = replace(case.instances[key], state=PaymentState.RECORDED.code)
    return case


def _may_be_for_the_same(payment: Payment, other: Payment) -> bool:
    mine, others = named_in(payment), named_in(other)
    return not mine or not others or not set(mine).isdisjoint(others)


def _own(s: Situation) -> str | None:
    """The payment itself, where it stands in the ledger already."""
    return s.key if s.case.is_in(s.key or "", PaymentState.RECORDED) else None


def _met_unless(s: Situation, objection: Objection) -> Answer:
    """Whether no payment that is about to count meets with an objection."""
    payments, case, own = _booked(s), _ledger(s), _own(s)
    arrived = (p for p in payments if p.returned is None)
    return of_some(payments, [p.obligation for p in arrived if objection in against(case, p, own)])


@guard("金额须大于零", "policy", fixed=True, of_form=True)
def amount_is_positive(s: Situation) -> Answer:
    payments = _booked(s)
    return of_some(payments, [p.obligation for p in payments if p.amount is not None and p.amount <= 0])


@guard("付款人应是付款方（义务人），或写明代谁付；否则不计入", "民法典 第524条")
def from_obligor(s: Situation) -> Answer:
    return _met_unless(s, Objection.PAYER)


@guard("收款人应是收款方（权利人），或写明代谁收；否则不计入", "民法典 第522条")
def to_obligee(s: Situation) -> Answer:
    return _met_unless(s, Objection.PAYEE)


@guard("付款人和收款人不应是同一个人；否则不计入", "policy")
def not_to_oneself(s: Situation) -> Answer:
    return _met_unless(s, Objection.ONESELF)


@guard("谈妥协议前付的，应写明约定抵作已付；否则不计入", "policy")
def not_early(s: Situation) -> Answer:
    return _met_unless(s, Objection.EARLY)


@guard("协议已写明此前付过多少的，谈妥前付的不再抵一次；不计入", "policy")
def not_deducted(s: Situation) -> Answer:
    return _met_unless(s, Objection.DEDUCTED)


@guard("同一天同样的一笔已经入账，不是同一笔的应写明；否则不计入", "policy")
def not_again(s: Situation) -> Answer:
    return _met_unless(s, Objection.AGAIN)


@guard("代理人代收款的，应有有效的“代收款”权限；没有的，请补授权或由本人确认收到", A171)
def may_receive(s: Situation) -> Answer:
    """Of those who act for the obligee in the case; that it was handed to anybody else is for the parties to say."""
    asked = ((k, p.occurred) for p in _booked(s) for k in _agents(s.case, p))
    answers = {k: reaches(s.case, k, Power.RECEIVE_MONEY, when) for k, when in asked}
    if not answers or True in answers.values():
        return MET
    return UNJUDGED if None in answers.values() else Answer(False, tuple(answers))


def _agents(case: Case, payment: Payment) -> Iterator[str]:
    """The capacities (keys) in which whoever received a payment acts for whom he received it."""
    facts = facts_of(case)
    receiver = facts.parties.get(payment.payee or "")
    if receiver is not None and payment.for_payee not in (None, payment.payee):
        for key, held in facts.capacities.items():
            if held.person == receiver.person and payment.for_payee in held.principals:
                yield key


@guard("替别人付的，应写明代谁付，以便日后追偿", "policy")
def debtor_named(s: Situation) -> Answer:
    return met_if(all(p.ground is PaymentGround.OWN or p.for_payer is not None for p in _booked(s)))


@guard("付的不应超过还没有付清的；超出的算多付", "policy")
def still_owed(s: Situation) -> Answer:
    payments, case, own = _booked(s), _ledger(s), _own(s)
    arrived = (p for p in payments if p.returned is None)
    return of_some(
        payments, [p.obligation for p in arrived if any(_is_over(case, p, k, own) for k in intended(case, p))]
    )


def _is_over(case: Case, payment: Payment, obligation: str, own: str | None) -> bool:
    """Whether a payment that is for an obligation, be it for the second time, is more than is still to be paid for it.

    The ledger alone tells: what is recorded as performed is often booked afterwards.
    """
    owed, wrong = facts_of(case).obligations[obligation], {*objections(case, payment, obligation, own)}
    if wrong - {Objection.AGAIN}:
        return False
    if owed.kind is not TermKind.PAY or case.is_in(obligation, ObligationState.LAPSED):
        return True
    left = None if owed.amount is None else owed.amount - paid_on(case, obligation, but=own)
    return left is not None and (left <= 0 or (part_for(case, payment, obligation) or 0) > left)


@guard(
    "这样记不能算数：可能同一天同样的一笔已经记过，或者比没付的多，或者日子早于谈妥那天。请核对；没有错的，请告诉调解员",
    "policy",
    fixed=True,
    of_form=True,
)
def will_count(s: Situation) -> Answer:
    """Of what a party books by itself: nothing speaks against it, so that nobody has to make it good."""
    payments, case = _booked(s), _ledger(s)
    return met_if(
        not any(against(case, p) or any(_is_over(case, p, k, None) for k in intended(case, p)) for p in payments)
    )


@guard("所选的义务须属于所选的协议；单独一笔可以只选一样", "policy", fixed=True, of_form=True)
def of_one_agreement(s: Situation) -> Answer:
    owed = facts_of(s).obligations
    chosen = [(p.agreement, k) for p in _booked(s) if p.agreement is not None for k in named_in(p)]
    return none_of(k for agreement, k in chosen if k in owed and owed[k].agreement != agreement)


WAY = (from_obligor, to_obligee)
MOVED = (*WAY, may_receive, not_to_oneself, not_early, not_deducted, not_again, still_owed)
"""Marks of money that moved."""
