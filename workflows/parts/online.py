"""What it means that somebody confirms a text on a telephone: never more than the state of the text allows.

The act is evidence of will and no signature (电子签名法 第7、8条). What it is evidence of follows from the case alone, by
the first row of `MEANINGS` that fits, and is said to whoever confirms before and after. To sign by it would take a
reliable electronic signature and the consent of all signers (电子签名法 第3、13条): not offered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mediation_engine.domain.case import Case

from ..facts import facts_of
from ..tracks import track_of
from ..vocabulary import CapacityKind, OnlineMeaning
from .states import AgreementState, CapacityState


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One meaning of confirming, in words."""

    code: OnlineMeaning
    fits: Callable[[Case, str, str], bool]
    """Whether it is that of a confirmation (key) by somebody in a capacity."""
    before: Sequence[str]
    """What is said before the button."""
    after: Sequence[str]
    """What stands on the receipt."""
    basis: str


def _is_oral(case: Case, key: str, _capacity: str) -> bool:
    """Reached, put into words, no paper wanted by anybody, and under a law that knows oral agreements."""
    held = facts_of(case).agreements[facts_of(case).confirmations[key].agreement]
    track = track_of(held.track or facts_of(case).track)
    reached = case.is_in(facts_of(case).confirmations[key].agreement, AgreementState.REACHED)
    return reached and track is not None and track.oral_allowed


def _is_represented(case: Case, key: str, capacity: str) -> bool:
    """The party itself, for whom delegates sign (民事诉讼法 第56条; 浙江条例 第40条)."""
    party = facts_of(case).confirmations[key].party
    return (capacity or party) == party and any(
        it.kind is CapacityKind.DELEGATE and party in it.principals and case.is_in(name, CapacityState.STANDING)
        for name, it in facts_of(case).capacities.items()
    )


def _is_unsigned(case: Case, key: str, _capacity: str) -> bool:
    """The text is out for signature."""
    return case.is_in(facts_of(case).confirmations[key].agreement, AgreementState.DRAFTED)


MEANINGS = (
    Meaning(
        code=OnlineMeaning.ORAL,
        fits=_is_oral,
        before=(
            "各方都说过不用写协议书。您按“同意”，就是确认口头谈好的就是这些内容。",
            "口头协议从谈好那天起算数；您的确认留作证据。",
        ),
        after=("您确认了口头谈好的内容。这份回执是证据。",),
        basis="人民调解法 第28条、第30条",
    ),
    Meaning(
        code=OnlineMeaning.REPRESENTED,
        fits=_is_represented,
        before=(
            "这份协议由推选的代表人替您签。您按“同意”，就是同意代表人按这些内容签字。",
            "您不用再到场签名；代表人签字、盖章以后协议才生效。",
        ),
        after=("您同意代表人按这些内容签字，不用再到场签名。", "代表人签字、盖章以后协议才生效。"),
        basis="浙江省劳动人事争议调解仲裁条例 第40条",
    ),
    Meaning(
        code=OnlineMeaning.UNSIGNED,
        fits=_is_unsigned,
        before=(
            "您按“同意”，只是告诉调解室您认可这些内容。这不是签字，协议不会因此生效。",
            "之后还要您在纸上签名（或盖章、按指印）。签名以前，内容改了要重新问您。",
        ),
        after=(
            "已在线确认，尚须签名。",
            "协议现在没有生效，任何期限都没有开始算。调解员会联系您来签名。",
        ),
        basis="人民调解法 第29条",
    ),
)
"""The first that fits, of this many."""


def meaning_of(case: Case, key: str, capacity: str) -> Meaning | None:
    """What it would mean that somebody in a capacity confirms now; None where there is nothing to confirm."""
    return next((it for it in MEANINGS if it.fits(case, key, capacity)), None)
