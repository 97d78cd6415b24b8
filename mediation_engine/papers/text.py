"""The words of a paper without characters that deceive."""

from __future__ import annotations

import unicodedata
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from ..domain.paper import Signatures

T = TypeVar("T")
INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
"""Categories of characters that stand on no paper: controls, overrides of direction, halves of pairs. Private ones
stay: some names are written with them, and of a name nothing may be lost without a word."""
KEPT = frozenset({"\u200d"})
"""Joins characters, and changes no order."""


def clean(words: str) -> str:
    """Words without characters that nobody sees; a tab or a line break is a space.

    An override of direction would show another order than the one that is signed.
    """
    spaced = "".join(" " if one in "\t\r\n\v\f\x85\u2028\u2029" else one for one in words)
    return "".join(
        one for one in spaced if one in KEPT or not (_is_none(one) or unicodedata.category(one) in INVISIBLE)
    )


def _is_none(one: str) -> bool:
    """Whether it is no character at all, and never will be: no file of ours may hold it."""
    return ord(one) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(one) <= 0xFDEF


def cleaned(part: T) -> T:
    """A paper, or a part of one, with all its words clean."""
    return _cleaned(part)  # type: ignore[no-any-return]


def _cleaned(part: Any) -> Any:
    if isinstance(part, str):
        return clean(part)
    if isinstance(part, tuple):
        return tuple(map(_cleaned, part))
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{f.name: _cleaned(getattr(part, f.name)) for f in fields(part)})
    return part


def signature_rows(block: Signatures) -> list[tuple[str, str]]:
    """What stands side by side where it is signed."""
    count = max(len(block.left), len(block.right))
    left, right = (words + ("",) * (count - len(words)) for words in (block.left, block.right))
    return list(zip(left, right, strict=True))
