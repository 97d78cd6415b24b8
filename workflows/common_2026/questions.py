"""Questions that several tables ask of a case."""

from __future__ import annotations

from mediation_engine.domain.case import Case
from mediation_engine.domain.facts import Member, TermKind

from .states import AgreementState, PartyState, PaymentState

TALKS = frozenset({"mediation", "coordination", "consultation", "follow_up"})
"""The phases in which one talks, meets and agrees: all after acceptance, since real cases keep to no order."""


def in_dispute(case: Case) -> list[str]:
    """The parties that have not left."""
    return [key for key in case.facts.parties if not case.is_in(key, PartyState.LEFT)]


def refusing(case: Case) -> list[str]:
    """The parties that have explicitly refused mediation (人民调解法 第17条)."""
    return [key for key in case.facts.parties if case.is_in(key, PartyState.REFUSING)]


def consented(case: Case, member: Member) -> bool:
    """Whether a member needs nobody's consent, or has that of every disputant."""
    rule = case.facts.roles.get(member.role)
    return rule is None or not rule.needs_consent or set(in_dispute(case)) <= set(member.agreed_by)


def binds(case: Case, agreement: str) -> bool:
    """Whether an agreement is in effect."""
    return case.is_in(agreement, AgreementState.EFFECTIVE, AgreementState.PERFORMED)


def obligations_of(case: Case, agreement: str) -> list[str]:
    """The obligations an agreement has created."""
    return [k for k, o in case.facts.obligations.items() if o.agreement == agreement]


def paid_on(case: Case, obligation: str) -> int:
    """What the ledger holds for an obligation, in 分.

    A payment on an agreement as a whole counts for its payment term where there is only one: no guess is needed.
    """
    owed = case.facts.obligations[obligation]
    kinds = [case.facts.obligations[k].kind for k in obligations_of(case, owed.agreement)]
    alone = kinds.count(TermKind.PAY) == 1
    counted = [
        p.amount or 0
        for k, p in case.facts.payments.items()
        if case.is_in(k, PaymentState.RECORDED)
        and (p.obligation == obligation or (alone and p.obligation is None and p.agreement == owed.agreement))
    ]
    return sum(counted)
