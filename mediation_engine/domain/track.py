"""Legal tracks as data: what differs between 人民调解 and 劳动争议调解, with the article each rule stands in."""

from __future__ import annotations

from dataclasses import dataclass

from .facts import SigningManner


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One legal track; the version is in its code, and the rules' fingerprint covers it."""

    code: str
    label: str
    number_word: str
    """As in （2026）永开人调字第0001号."""
    oral_allowed: bool
    manners: frozenset[SigningManner]
    """Ways of signing that count for effect."""
    proactive_needs_consent: bool
    """Whether mediating without an application needs every disputant's consent, or only that none refuses."""
    host_kinds: frozenset[str]
    """Kinds of organisation whose mediation this law speaks of."""
