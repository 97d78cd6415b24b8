"""Chinese words as they may be typed: in characters, in pinyin, by first letters, or in any mixture of these."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


def plain(words: str) -> str:
    """Words without case, width and blanks; of pinyin also without tones."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", words).casefold().replace("ü", "v"))
    return "".join(c for c in parts if c.isalnum())


@lru_cache(maxsize=8192)
def place_of(typed: str, words: str) -> tuple[int, int] | None:
    """Where among some words what was typed begins, and how many characters lie outside it; None: it is not there.

    Both are `plain`. A character is met by itself, by any of its readings, or by the first letter of one.
    """
    for begin in range(len(words)):
        end = _end(typed, words, begin)
        if end is not None:
            return begin, len(words) - (end - begin)
    return None


def _end(typed: str, words: str, begin: int) -> int | None:
    """Up to which character words are said by what was typed, from one on; None where they are not."""
    ends: dict[tuple[int, int], int | None] = {}

    def go_on(at: int, number: int) -> int | None:
        if at == len(typed):
            return number
        if number == len(words):
            return None
        if (at, number) not in ends:
            said = (go_on(at + len(way), number + 1) for way in _ways(words[number]) if typed.startswith(way, at))
            ends[at, number] = next((end for end in said if end is not None), _unfinished(typed, words, at, number))
        return ends[at, number]

    return go_on(0, begin)


def _unfinished(typed: str, words: str, at: int, number: int) -> int | None:
    """The last syllable may be typed half: 付k, fuku."""
    rest = typed[at:]
    return number + 1 if any(way.startswith(rest) for way in _ways(words[number])) else None


@lru_cache(maxsize=8192)
def _ways(character: str) -> tuple[str, ...]:
    """How a character may be typed, the longest first."""
    if character.isascii():
        return (character,)
    from pypinyin import Style, pinyin  # reads its tables for half a second: only whoever looks for a step waits for it

    [read] = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore") or [[]]
    letters = {plain(way) for way in read if way}
    return (character, *sorted(letters, key=len, reverse=True), *sorted({way[0] for way in letters}))
