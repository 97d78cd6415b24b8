"""The legal tracks, as data. A case has one; it decides form, manner of signing, and how mediation may begin."""

from mediation_engine.domain.facts import SigningManner
from mediation_engine.domain.track import Track

PEOPLE = Track(
    code="people_mediation",
    label="人民调解",
    number_word="人调",
    oral_allowed=True,
    oral_basis="人民调解法 第28条",
    manners=frozenset({SigningManner.SIGNATURE, SigningManner.SEAL, SigningManner.FINGERPRINT}),
    manners_basis="人民调解法 第29条",
    proactive_needs_consent=False,
    proactive_basis="人民调解法 第17条",
    host_kinds=frozenset({"mediation_committee", "enterprise_committee", "mediation_room"}),
    host_basis="人民调解法 第34条",
)

LABOUR = Track(
    code="labour_mediation",
    label="劳动争议调解",
    number_word="劳调",
    oral_allowed=False,
    oral_basis="劳动争议调解仲裁法 第14条",
    manners=frozenset({SigningManner.SIGNATURE, SigningManner.SEAL}),
    manners_basis="劳动争议调解仲裁法 第14条",
    proactive_needs_consent=True,
    proactive_basis="浙江省劳动人事争议调解仲裁条例 第10条",
    host_kinds=frozenset({"mediation_committee", "enterprise_committee", "mediation_room", "labour_organisation"}),
    host_basis="劳动争议调解仲裁法 第10条",
)

TRACKS = (PEOPLE, LABOUR)


def track_of(code: str) -> Track | None:
    """The track with this code, None where it is none of ours."""
    return next((t for t in TRACKS if t.code == code), None)
