"""The legal tracks, as data. A case has one; it decides form, manner of signing, and how mediation may begin.

人民调解: 人民调解法 第17条 (beginning), 第28条 (oral form), 第29条 (signing), 第34条 (hosts).
劳动争议调解: 浙江省劳动人事争议调解仲裁条例 第10条 (beginning), 劳动争议调解仲裁法 第14条 (form, signing),
第10条 (hosts).
"""

from __future__ import annotations

from dataclasses import dataclass

from mediation_engine.domain.track import Track

from .vocabulary import LABOUR_DISPUTES, Dispute, SigningManner


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalTrack(Track):
    """What differs between the laws under which a dispute is mediated."""

    number_word: str
    """As in （2026）永开人调字第0001号."""
    oral_allowed: bool
    manners: frozenset[SigningManner]
    """Ways of signing that count for effect."""
    proactive_needs_consent: bool
    """Whether mediating without an application needs every disputant's consent, or only that none refuses."""
    host_kinds: frozenset[str]
    """Kinds of organisation whose mediation this law speaks of."""


COMMITTEES = frozenset(
    {
        "mediation_committee",
        *("village_committee", "residents_committee", "township_committee", "street_committee"),
        *("enterprise_committee", "association_committee"),
    }
)
"""Natures of bodies that are people's mediation committees (人民调解法 第8条、第34条)."""

PEOPLE = LegalTrack(
    code="people_mediation",
    label="人民调解",
    number_word="人调",
    oral_allowed=True,
    manners=frozenset({SigningManner.SIGNATURE, SigningManner.SEAL, SigningManner.FINGERPRINT}),
    proactive_needs_consent=False,
    host_kinds=COMMITTEES | {"mediation_room"},
)

LABOUR = LegalTrack(
    code="labour_mediation",
    label="劳动争议调解",
    number_word="劳调",
    oral_allowed=False,
    manners=frozenset({SigningManner.SIGNATURE, SigningManner.SEAL}),
    proactive_needs_consent=True,
    host_kinds=COMMITTEES | {"labour_committee", "mediation_room", "labour_organisation"},
)

TRACKS = (PEOPLE, LABOUR)


def usual_track(dispute: Dispute) -> LegalTrack:
    """The track that a type of dispute goes on, unless somebody says otherwise."""
    return LABOUR if dispute in LABOUR_DISPUTES else PEOPLE


def track_of(code: str) -> LegalTrack | None:
    """The track with this code, None where it is none of ours."""
    return next((t for t in TRACKS if t.code == code), None)
