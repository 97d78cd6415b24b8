"""Questions that several tables ask of a case."""

from __future__ import annotations

from collections.abc import Iterable

from mediation_engine.domain.case import Case, Situation

from ..facts import Member, Proceeding, facts_of
from ..tracks import track_of
from ..vocabulary import Conflict, ProceedingEffect, ProceedingKind, Side, SigningManner
from .states import TO_SIGN, AgreementState, ConfirmationState, PartyState, ProceedingState

REST = 10
"""Days by which a last day may move on over a holiday; within them a guard cannot judge without the year's calendar."""
TALKS = frozenset({"mediation", "coordination", "consultation", "follow_up", "challenge"})
"""The phases in which one talks, meets and agrees: all after acceptance, since real cases keep to no order."""


def in_dispute(case: Case) -> list[str]:
    """The parties that have not left."""
    return [key for key in facts_of(case).parties if not case.is_in(key, PartyState.LEFT)]


def opponents(case: Case) -> list[str]:
    """The parties whose consent is wanted: those on a side. Who is only related, such as an agent, is none of them."""
    return [key for key in in_dispute(case) if facts_of(case).parties[key].side is not Side.RELATED]


def untold(s: Situation, parties: Iterable[str]) -> list[str]:
    """Those of some parties who had not been told their rights by when a step happened."""
    told = {k: facts_of(s).parties[k].told_rights for k in parties}
    return [k for k, when in told.items() if when is None or s.occurred.is_before(when)]


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
    return [k for k in opponents(case) if k not in member.agreed_by]


def unaccepting(case: Case, member: Member, issues: tuple[str, ...] = ()) -> list[str]:
    """The disputants who have not accepted a member in spite of what it has disclosed; of some issues, or all.

    Policy: the law on people's mediation has no rule on recusal (domestic court rules let informed parties agree).
    """
    if member.conflict in (None, Conflict.NONE):
        return []
    concerned = {p for k in issues for p in facts_of(case).issues[k].parties}
    asked = [k for k in opponents(case) if not concerned or k in concerned]
    return [k for k in asked if k not in member.accepted_by]


def binds(case: Case, agreement: str) -> bool:
    """Whether an agreement is in effect."""
    return case.is_in(agreement, AgreementState.EFFECTIVE, AgreementState.PERFORMED)


def counts(case: Case, agreement: str, manner: SigningManner) -> bool:
    """Whether a way of signing counts for an agreement: by the track its text was drafted under."""
    facts = facts_of(case)
    track = track_of(facts.agreements[agreement].track or facts.track)
    return track is not None and manner.has(*track.manners)


def denied(case: Case, agreement: str | None = None) -> list[str]:
    """The confirmations of a text that somebody disputes having signed; of one agreement, or of all."""
    held = facts_of(case).confirmations
    return [k for k, c in held.items() if agreement in (None, c.agreement) and case.is_in(k, ConfirmationState.DENIED)]


REPLACING = frozenset({ProceedingEffect.SUPERSEDES, ProceedingEffect.SETS_ASIDE})
"""What a decision or a settlement elsewhere does to an agreement that ends with it."""


STRENGTHENING = (ProceedingKind.JUDICIAL, ProceedingKind.ARBITRAL)
"""Those in which a court or an arbitration body confirms an agreement."""


def confirmed(case: Case, agreement: str) -> bool:
    """Whether a court or an arbitration body has confirmed an agreement, and nothing has lifted that."""
    held = facts_of(case).proceedings
    states = (ProceedingState.CONFIRMED, ProceedingState.OBJECTED)
    return any(p.agreement == agreement and p.kind in STRENGTHENING and case.is_in(k, *states) for k, p in held.items())


def ends(case: Case, proceeding: Proceeding) -> bool:
    """Whether what came of a proceeding ends an agreement: one that has been confirmed is not reached by it."""
    return proceeding.effect in REPLACING and not confirmed(case, proceeding.agreement or "")


def kin(case: Case, *agreements: str | None, parted: bool = True) -> list[str]:
    """Some agreements and all that hang together with them: in the place of one another, and split off unless not."""
    held = facts_of(case).agreements
    links = [{k for k in (key, a.replaces, a.split_from if parted else None) if k} for key, a in held.items()]
    found = {k for k in agreements if k}
    while new := {k for link in links if link & found for k in link} - found:
        found |= new
    return [k for k in held if k in found]


def parts_of(case: Case, agreement: str) -> list[str]:
    """The agreements that were split off from one, and from those, in order."""
    found: list[str] = []
    for key, held in facts_of(case).agreements.items():
        if held.split_from in (agreement, *found):
            found.append(key)
    return found


def wholes_of(case: Case, agreement: str | None) -> list[str]:
    """An agreement and those that it was split off from, one from another; nothing where there is none."""
    found: list[str] = []
    while agreement is not None:
        found.append(agreement)
        agreement = facts_of(case).agreements[agreement].split_from
    return found


def obligations_of(case: Case, agreement: str) -> list[str]:
    """The obligations an agreement has created."""
    return [k for k, o in facts_of(case).obligations.items() if o.agreement == agreement]


def asked_to_sign(case: Case, agreement: str) -> list[str]:
    """The confirmations of the text of an agreement as it stands."""
    facts, text = facts_of(case), facts_of(case).agreements[agreement].text_hash
    return [k for k, c in facts.confirmations.items() if (c.agreement, c.text_hash) == (agreement, text)]


def unsigned(case: Case, key: str) -> list[str]:
    """Confirmations of the text as it stands that nobody has signed on paper, or that do not stand."""
    lacking = (*TO_SIGN, ConfirmationState.DECLINED, ConfirmationState.HELD)
    return [k for k in asked_to_sign(case, key) if case.is_in(k, *lacking)]


MOST_ON_SHEET = 30
"""So many signers at most have a row each; more are ticked, signed in one manner."""


def to_be_signed(case: Case) -> list[str]:
    """The confirmations that stand open on paper, also of those who have declined to sign so far."""
    return [key for key in case.of("confirmation") if case.is_in(key, *TO_SIGN, ConfirmationState.DECLINED)]
