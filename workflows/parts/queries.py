"""Questions that several tables ask of a case."""

from __future__ import annotations

from mediation_engine.domain.case import Case

from ..facts import Member, Obligation, Payment, facts_of
from ..vocabulary import ProceedingEffect, TermKind
from .states import AgreementState, PartyState, PaymentState

REST = 10
"""Days by which a last day may move on over a holiday; within them a guard cannot judge without the year's calendar."""
TALKS = frozenset({"mediation", "coordination", "consultation", "follow_up", "challenge"})
"""The phases in which one talks, meets and agrees: all after acceptance, since real cases keep to no order."""


def in_dispute(case: Case) -> list[str]:
    """The parties that have not left."""
    return [key for key in facts_of(case).parties if not case.is_in(key, PartyState.LEFT)]


def refuses(case: Case, party: str, issues: tuple[str, ...] = ()) -> bool:
    """Whether a party has explicitly refused mediation on any of some issues; on all there are, where none is named.

    人民调解法 第17条. A refusal that names issues leaves the others open.
    """
    if not case.is_in(party, PartyState.REFUSING):
        return False
    refused = set(facts_of(case).parties[party].refuses)
    if not refused:
        return True
    return bool(refused & set(issues)) if issues else refused >= set(facts_of(case).issues)


def unasked(case: Case, member: Member, *, public: bool) -> list[str]:
    """The disputants who have not agreed to a member, where its role needs it; for public organs, or for others."""
    rule = facts_of(case).roles.get(member.role)
    if rule is None or not rule.needs_consent or rule.public_organ != public:
        return []
    return [k for k in in_dispute(case) if k not in member.agreed_by]


def unaccepting(case: Case, member: Member, issues: tuple[str, ...] = ()) -> list[str]:
    """The disputants who have not accepted a member in spite of what it has disclosed; of some issues, or all.

    Policy: the law on people's mediation has no rule on recusal (domestic court rules let informed parties agree).
    """
    if member.conflict is None:
        return []
    concerned = {p for k in issues for p in facts_of(case).issues[k].parties}
    asked = [k for k in in_dispute(case) if not concerned or k in concerned]
    return [k for k in asked if k not in member.accepted_by]


def binds(case: Case, agreement: str) -> bool:
    """Whether an agreement is in effect."""
    return case.is_in(agreement, AgreementState.EFFECTIVE, AgreementState.PERFORMED)


REPLACING = frozenset({ProceedingEffect.SUPERSEDES, ProceedingEffect.SETS_ASIDE})
"""What a decision or a settlement elsewhere does to an agreement that ends with it."""


def obligations_of(case: Case, agreement: str) -> list[str]:
    """The obligations an agreement has created."""
    return [k for k, o in facts_of(case).obligations.items() if o.agreement == agreement]


def paid_on(case: Case, obligation: str) -> int:
    """What the ledger holds for an obligation, in 分."""
    mine = (None, facts_of(case).obligations[obligation].agreement)
    booked = (p for k, p in facts_of(case).payments.items() if case.is_in(k, PaymentState.RECORDED))
    near = (p for p in booked if p.obligation == obligation or (p.obligation, p.agreement) == mine)
    return sum(p.amount or 0 for p in near if obligation in paid_for(case, p))


def paid_for(case: Case, payment: Payment) -> list[str]:
    """The obligations a payment counts for: the one it names; else those of the one payment term it can be for.

    No guess is made between two terms. Where one goes through a custodian, who paid and who received tells the leg;
    money that went straight from payer to payee counts for both, which are one sum.
    """
    if payment.obligation is not None:
        return [payment.obligation]
    if payment.agreement is None:
        return []
    owed = facts_of(case).obligations
    fits = [k for k in obligations_of(case, payment.agreement) if _fits(owed[k], payment)]
    return fits if len({owed[k].term for k in fits}) == 1 else []


def _fits(owed: Obligation, payment: Payment) -> bool:
    """Whether a payment on the whole agreement can be for one of its obligations."""
    if owed.kind is not TermKind.PAY or owed.custodian is None:
        return owed.kind is TermKind.PAY
    mine, named = (owed.payer, payment.payer) if owed.into_custody else (owed.payee, payment.payee)
    return named is not None and mine in (None, named)


def received(case: Case, agreement: str) -> list[int | None]:
    """The sums on the ledger of an agreement that reached a payee: what lies with a custodian has not yet."""
    owed, found = facts_of(case).obligations, []
    for key, payment in facts_of(case).payments.items():
        legs = paid_for(case, payment)
        mine = payment.agreement == agreement or any(owed[k].agreement == agreement for k in legs)
        kept = bool(legs) and all(owed[k].into_custody for k in legs)
        if mine and not kept and case.is_in(key, PaymentState.RECORDED):
            found.append(payment.amount)
    return found
