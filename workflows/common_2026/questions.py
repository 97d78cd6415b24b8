"""Questions that several tables ask of a case."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from mediation_engine.domain.case import Case
from mediation_engine.domain.facts import Member, TermKind
from mediation_engine.domain.occurred import Occurred
from mediation_engine.labels import span

from ..tracks import LABOUR
from .states import AgreementState, PartyState, PaymentState

REST = 10
"""Days by which a last day may move on over a holiday; within them a guard cannot judge without the year's calendar."""
TALKS = frozenset({"mediation", "coordination", "consultation", "follow_up"})
"""The phases in which one talks, meets and agrees: all after acceptance, since real cases keep to no order."""


def overdue_by_law(case: Case, occurred: Occurred) -> bool | None:
    """Whether the usual term of the track had passed: 15 days from the application, one month from acceptance.

    None where a day is not reported, and in the days over which a holiday may have carried the last day on.
    """
    labour = case.facts.track == LABOUR.code
    start = case.facts.registered if labour else case.facts.accepted
    first = start.day if start else None
    if first is None or occurred.day is None:
        return None
    last = first + span(15) if labour else same_day_next_month(first)
    return None if last < occurred.day <= last + span(REST) else occurred.day > last


def same_day_next_month(day: date) -> date:
    """One month on; the last day of a month that has no such day (民法典 第202条)."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def in_dispute(case: Case) -> list[str]:
    """The parties that have not left."""
    return [key for key in case.facts.parties if not case.is_in(key, PartyState.LEFT)]


def refuses(case: Case, party: str, issues: tuple[str, ...] = ()) -> bool:
    """Whether a party has explicitly refused mediation on any of some issues; on all there are, where none is named.

    人民调解法 第17条. A refusal that names issues leaves the others open.
    """
    if not case.is_in(party, PartyState.REFUSING):
        return False
    refused = set(case.facts.parties[party].refuses)
    if not refused:
        return True
    return bool(refused & set(issues)) if issues else refused >= set(case.facts.issues)


def unasked(case: Case, member: Member, *, public: bool) -> list[str]:
    """The disputants who have not agreed to a member, where its role needs it; for public organs, or for others."""
    rule = case.facts.roles.get(member.role)
    if rule is None or not rule.needs_consent or rule.public_organ != public:
        return []
    return [k for k in in_dispute(case) if k not in member.agreed_by]


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
