"""Which payments count for which obligation, and what speaks against the others.

Money counts where it belongs: from the obligor or on his behalf, to the obligee or on his behalf, once, and not from
before the agreement unless it was agreed to be credited, nor where the agreement itself takes it off. Whatever else
moved is booked and marked, and counts for nothing until somebody says how it was. Who is not named is taken to be whom
the obligation names. What a bank sends back was not paid.

Performance by or to another person: 民法典 第522—524条; which obligation it is for: 第560条. That the day and a second
booking matter is policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from mediation_engine.domain.case import Case
from mediation_engine.domain.labels import Labelled

from ..facts import Agreement, Obligation, Payment, facts_of
from ..vocabulary import TermKind
from .queries import obligations_of, parts_of, wholes_of
from .states import ObligationState, PaymentState


class Objection(Labelled):
    """Why a payment counts for nothing."""

    PAYER = "payer", "付款人不是付款方（义务人），也没有写明代谁付"
    PAYEE = "payee", "收款人不是收款方（权利人），也没有写明代谁收"
    ONESELF = "oneself", "付款人和收款人是同一个人"
    EARLY = "early", "早于谈妥协议或裁判，没有写明抵作已付"
    DEDUCTED = "deducted", "协议已写明此前付过多少，不再抵一次"
    AGAIN = "again", "同一天同样的一笔已经入账"


def intended(case: Case, payment: Payment) -> list[str]:
    """The obligations a payment is for: the one it names, or those it is shared among; else those of the one payment term it can be for.

    No guess is made between two terms; whom it was paid to tells one from those of others. Where one goes through a
    custodian, who paid and who received tells the leg; money that went straight from payer to payee counts for both,
    which are one sum.
    """
    if payment.obligation is not None:
        return [payment.obligation, *_passed_on(case, payment, payment.obligation)]
    if payment.shares:
        named = [share.obligation for share in payment.shares]
        return [*named, *(leg for k in named for leg in _passed_on(case, payment, k))]
    agreement = stands_in(case, payment)
    if agreement is None or _before_parting(case, payment):
        return []
    owed = facts_of(case).obligations
    fits = [k for k in obligations_of(case, agreement) if _fits(owed[k], payment)]
    fits = [k for k in fits if _to(payment) is not None and owed[k].payee == _to(payment)] or fits
    return fits if len({owed[k].term for k in fits}) == 1 else []


def stands_in(case: Case, payment: Payment) -> str | None:
    """The agreement in which that stands now what a payment on a whole agreement was for: the part that was split off
    with whom it was paid to."""
    agreements, agreement, payee = facts_of(case).agreements, payment.agreement, _to(payment)
    if agreement is None or payee is None or payee in agreements[agreement].signers:
        return agreement
    parts = parts_of(case, agreement)
    return next((k for k in reversed(parts) if payee in agreements[k].signers), agreement)


def _before_parting(case: Case, payment: Payment) -> bool:
    """Whether a payment names nobody who got it, and was made while more were to be paid by the same agreement."""
    parting = facts_of(case).agreements[payment.agreement or ""].split
    return parting is not None and _to(payment) is None and payment.occurred.is_before(parting)


def agreements_of(case: Case, payment: Payment) -> set[str | None]:
    """The agreements a payment belongs to: those of the duties it names, else where that stands which it was for."""
    owed = facts_of(case).obligations
    return {owed[k].agreement for k in named_in(payment)} or {stands_in(case, payment)}


def _passed_on(case: Case, payment: Payment, obligation: str) -> list[str]:
    """The second leg of a duty through a custodian, where the money went straight to the payee: it is one sum."""
    owed = facts_of(case).obligations
    straight = owed[obligation].into_custody and _to(payment) is not None and _to(payment) == owed[obligation].payee
    return [k for k, other in owed.items() if straight and other.waits_for == obligation]


def _fits(owed: Obligation, payment: Payment) -> bool:
    """Whether a payment on the whole agreement can be for one of its obligations."""
    if owed.kind is not TermKind.PAY or owed.custodian is None:
        return owed.kind is TermKind.PAY
    mine, named = (owed.payer, _from(payment)) if owed.into_custody else (owed.payee, _to(payment))
    return named is not None and mine in (None, named)


def _from(payment: Payment) -> str | None:
    return payment.for_payer or payment.payer


def _to(payment: Payment) -> str | None:
    return payment.for_payee or payment.payee


def objections(case: Case, payment: Payment, obligation: str, key: str | None = None) -> Iterator[Objection]:
    """What speaks against counting a payment for an obligation; `key` is its own where it is booked already."""
    facts = facts_of(case)
    owed = facts.obligations[obligation]
    if _from(payment) not in (None, owed.payer) and owed.payer is not None:
        yield Objection.PAYER
    if _to(payment) not in (None, owed.payee) and owed.payee is not None:
        yield Objection.PAYEE
    if payment.payer is not None and payment.payer == payment.payee and payment.for_payee is None:
        yield Objection.ONESELF
    agreed, ordered = facts.agreements.get(owed.agreement or ""), facts.proceedings.get(owed.proceeding or "")
    since = agreed.reached if agreed else ordered.decided if ordered else None
    if not payment.credited and since is not None and payment.occurred.is_before(since):
        yield Objection.EARLY
    if agreed and _is_deducted(case, agreed, owed, payment):
        yield Objection.DEDUCTED
    if not payment.separate and _is_booked(case, payment, key):
        yield Objection.AGAIN


def _is_deducted(case: Case, agreed: Agreement, owed: Obligation, payment: Payment) -> bool:
    """Whether the agreement itself takes off what was paid before it: then such a payment is in its total already.

    What it was split off from takes it off too, where that does not say to whom it was paid.
    """
    early = payment.occurred.is_before(agreed.reached) or (payment.credited and payment.occurred.span() is None)
    between = (_from(payment) or owed.payer, _to(payment) or owed.payee)
    wholes = (facts_of(case).agreements[k] for k in wholes_of(case, agreed.split_from))
    terms = (*agreed.terms, *(t for whole in wholes for t in whole.terms if t.payee is None))
    paid = (t for t in terms if t.kind is TermKind.PAID)
    return early and any(t.payer in (None, between[0]) and t.payee in (None, between[1]) for t in paid)


def _is_booked(case: Case, payment: Payment, key: str | None) -> bool:
    """Whether a payment like it to the last was booked before it; where sum or day is not known, none is like it."""
    day = payment.occurred.day
    if payment.amount is None or day is None:
        return False
    for other, booked in facts_of(case).payments.items():
        if other == key:
            return False
        if None not in (booked.obligation, payment.obligation) and booked.obligation != payment.obligation:
            continue  # each says for what it is
        alike = booked.amount == payment.amount and booked.occurred.day == day
        alike = alike and _whose(case, booked) == _whose(case, payment)
        if alike and case.is_in(other, PaymentState.RECORDED):
            return True
    return False


def _whose(case: Case, payment: Payment) -> tuple[object, ...]:
    """For what, from whom to whom: who is not named is whom the obligation names."""
    legs = sorted(intended(case, payment))
    owed = facts_of(case).obligations[legs[0]] if legs else None
    payer, payee = _from(payment) or (owed and owed.payer), _to(payment) or (owed and owed.payee)
    shared = sorted((share.obligation, share.amount) for share in payment.shares)
    return tuple(legs), stands_in(case, payment) if not legs else None, payer, payee, tuple(shared)


def against(case: Case, payment: Payment, key: str | None = None) -> list[Objection]:
    """What speaks against counting a payment for any obligation it is for; empty where it counts or is for none."""
    found = [[*objections(case, payment, obligation, key)] for obligation in intended(case, payment)]
    if payment.shares:
        return list(dict.fromkeys(objection for some in found for objection in some))
    return min(found, key=len, default=[])


def paid_for(case: Case, key: str) -> list[str]:
    """The obligations that a booked payment counts for; none while it is disputed or struck."""
    payment = facts_of(case).payments[key]
    if not case.is_in(key, PaymentState.RECORDED):
        return []
    return [k for k in intended(case, payment) if not any(objections(case, payment, k, key))]


def is_owed(case: Case, obligation: str) -> bool:
    """Whether money is still wanted for an obligation."""
    owed = facts_of(case).obligations[obligation]
    if owed.kind is not TermKind.PAY or case.is_in(obligation, ObligationState.PERFORMED, ObligationState.LAPSED):
        return False
    return owed.amount is None or paid_on(case, obligation) < owed.amount


MOST_OWED = 12
"""Duties that a form begins with."""


def owed_now(case: Case) -> list[str]:
    """The duties that are to be paid now, the first due first; what a custodian is to hand on comes when he has it."""
    owed = facts_of(case).obligations
    now = [k for k in owed if is_owed(case, k) and not case.is_in(k, ObligationState.WAITING)]
    return sorted(now, key=lambda k: owed[k].due or date.max)[:MOST_OWED]


def left_to_pay(case: Case, obligation: str) -> int | None:
    """What is still to be paid for an obligation, in 分; None where its sum is not known."""
    owed = facts_of(case).obligations[obligation]
    return None if owed.amount is None else max(0, owed.amount - paid_on(case, obligation))


def to_be_made_anew(case: Case, key: str) -> bool:
    """Whether a payment came back, what it was for is still owed, and it has not been tried again otherwise."""
    payments = facts_of(case).payments
    legs = intended(case, payments[key]) if case.is_in(key, PaymentState.RETURNED) else []
    later = list(payments)[list(payments).index(key) + 1 :] if legs else []
    tried = {leg for other in later if not case.is_in(other, PaymentState.STRUCK) for leg in named_in(payments[other])}
    return any(is_owed(case, leg) and leg not in tried for leg in legs)


def named_in(payment: Payment) -> tuple[str, ...]:
    """The obligations that a payment itself says it is for."""
    return (payment.obligation,) if payment.obligation else tuple(share.obligation for share in payment.shares)


def came_back(case: Case, obligation: str) -> str | None:
    """The payment for an obligation that came back and is to be made anew."""
    payments = facts_of(case).payments
    found = (k for k, p in payments.items() if p.returned and obligation in named_in(p) and to_be_made_anew(case, k))
    return next(found, None)


def paid_on(case: Case, obligation: str, but: str | None = None) -> int:
    """What the ledger holds for an obligation, in 分; one payment (key) left out."""
    payments, mine = facts_of(case).payments, wholes_of(case, facts_of(case).obligations[obligation].agreement)
    first = facts_of(case).obligations[obligation].waits_for
    near = (
        k
        for k, p in payments.items()
        if p.shares or p.obligation in (obligation, first or obligation) or (not p.obligation and p.agreement in mine)
    )
    near = (key for key in near if key != but and obligation in paid_for(case, key))
    return sum(part_for(case, payments[key], obligation) or 0 for key in near)


def part_for(case: Case, payment: Payment, obligation: str) -> int | None:
    """How much of a payment is for an obligation it is for."""
    first = facts_of(case).obligations[obligation].waits_for
    parts = [share.amount for share in payment.shares if share.obligation in (obligation, first)]
    return parts[0] if parts else payment.amount


def received(case: Case, agreement: str) -> list[int | None]:
    """The sums on the ledger of an agreement that reached a payee: what lies with a custodian has not yet."""
    owed, found = facts_of(case).obligations, []
    for key, payment in facts_of(case).payments.items():
        if not case.is_in(key, PaymentState.RECORDED) or against(case, payment, key):
            continue
        legs = paid_for(case, key)
        mine = agreement in agreements_of(case, payment)
        kept = bool(legs) and all(owed[k].into_custody for k in legs)
        if mine and not kept:
            own = [s.amount for s in payment.shares if owed[s.obligation].agreement == agreement]
            found.append(sum(own) if own else payment.amount)
    return found
