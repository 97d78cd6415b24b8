"""How days, moments, sums and many names are written in Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from .labels import capital_words, money_words


def sum_words(fen: int) -> str:
    """A sum that was agreed: in figures, and in characters that nobody can alter."""
    return f"{money_words(fen)}（{capital_words(fen)}）"


MOST_NAMED = 4
"""Of more parties than these a heading says how many they are."""


def heading(names: Sequence[str]) -> str:
    """A few by name; of many some, and how many they are: 王某、李某、赵某、钱某等218方."""
    shown = "、".join(names[:MOST_NAMED])
    return f"{shown}等{len(names)}方" if len(names) > MOST_NAMED else shown
