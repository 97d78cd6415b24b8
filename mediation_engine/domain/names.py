"""Names of people and organisations: one way of writing for what looks alike, and what no name is made of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

_HAN = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_DOTS = re.compile(r"\s*[·・•‧∙⋅･]\s*")
_WITHIN = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")
STRANGE = re.compile("[\u200b-\u200f\u2060-\u2064\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufffe\uffff\U000f0000-\U0010ffff]")
"""What shows as nothing, or on one machine only: a rare character of a name has a place of its own in Unicode."""


def written(name: str) -> str:
    """A name as it is kept: no blank between two Han characters, one kind of dot, one blank at most elsewhere."""
    plain = _DOTS.sub("·", unicodedata.normalize("NFC", name))
    return " ".join(_WITHIN.sub("", plain).split())


def plain_number(number: str) -> str:
    """A number as it is compared: in ordinary width and case, without blanks and what nobody sees."""
    return "".join(STRANGE.sub("", unicodedata.normalize("NFKC", number)).casefold().split())


def like(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known names that are nearest to one that is not known; none where none is near."""
    return get_close_matches(name, sorted(set(known)), n=most, cutoff=0.6)
