"""The plain text of a paper, in the order it is read; and a paper without characters that deceive."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from ..domain.paper import DAY, STRUCK, Entries, Grid, Paper, Paragraph, Signatures

T = TypeVar("T")
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Categories of characters that stand on no paper: controls, overrides of direction, halves of pairs, private ones."""
KEPT = frozenset({"\u200d"})
"""Joins characters, and changes no order."""


def clean(words: str) -> str:
    """Words without characters that nobody sees; a tab or a line break is a space.

    An override of direction would show another order than the one that is signed.
    """
    spaced = "".join(" " if one in "\t\r\n\v\f\x85\u2028\u2029" else one for one in words)
    return "".join(one for one in spaced if one in KEPT or unicodedata.category(one) not in INVISIBLE)


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


def lines_of(paper: Paper) -> Iterator[str]:
    """All that stands on a paper but what is repeated on each page."""
    yield from filter(None, (paper.host, paper.title, paper.number))
    for block in paper.blocks:
        match block:
            case Paragraph():
                yield block.words
            case Entries():
                for row in block.rows:
                    for label, value in row:
                        yield from (label, value or STRUCK)
            case Grid():
                yield from block.head
                for cells in block.rows:
                    yield from (cell or STRUCK for cell in cells)
            case Signatures():
                yield from _signatures(block)


def signature_rows(block: Signatures) -> list[tuple[str, str]]:
    """What stands side by side where it is signed."""
    count = max(len(block.left), len(block.right))
    left, right = (words + ("",) * (count - len(words)) for words in (block.left, block.right))
    return list(zip(left, right, strict=True))


def _signatures(block: Signatures) -> Iterator[str]:
    for row in signature_rows(block):
        yield from filter(None, row)
    yield from filter(None, (block.seal, DAY if block.day else ""))
