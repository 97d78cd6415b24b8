"""Who may read what is written: one place, fail-closed."""

from __future__ import annotations

from ..domain.fields import JOINT, OF_PARTY
from ..domain.roles import Office


def may_read(label: str, office: Office, parties: frozenset[str] = frozenset()) -> bool:
    """Whether an office may read a text with this label; `parties` are those a representative acts for.

    Mediators read everything in their cases. Auditors see that something was said and that it is unaltered, not what
    was said in private. An unknown label is read by mediators only.
    """
    if office in (Office.MEDIATOR, Office.LEAD):
        return True
    if office is Office.AUDITOR:
        return label == JOINT
    if office is Office.REPRESENTATIVE:
        return label == JOINT or label in parties
    return False


def readers_of(disclosure: str) -> str:
    """Who will read what is written in a field, in words for whoever writes it."""
    if disclosure == JOINT:
        return "本案各方都能看"
    return "只有当事人本人和调解员、室主任能看" if disclosure == OF_PARTY else "只有调解员、室主任能看"
