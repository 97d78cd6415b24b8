"""Who may read what is written: one place, fail-closed."""

from __future__ import annotations

from .domain.fields import JOINT
from .domain.roles import Office


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
