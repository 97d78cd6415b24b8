"""What somebody types to find a case, taken apart: pairs of neighbouring characters, pieces of numbers, initials.

王某某 is found by 王, 王某, 某某 and by wmm; （2026）永开人调字第0012号 by 永开, 2026, 0012 and 12. The same words are
made from what is to be found (`of_name`, `of_number`) and from what is typed (`asked`): what has them all is found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise, product

LONGEST = 40
"""So many characters of what is typed count."""
LONGEST_DIGITS = 8
"""Longer pieces of a number are not kept."""
_RUNS = re.compile(r"(\d+)|([a-z]+)|([^\W\d_a-z]+)")


@lru_cache(maxsize=4096)
def of_name(name: str) -> frozenset[str]:
    """The words a name is found by."""
    plain = _plain(name)
    words = {pair for run in _RUNS.findall(plain) for pair in _of_run(*run)}
    first = re.sub(r"\W", "", plain)[:1]
    return frozenset(words | ({first} if first else set()) | set(_initials(plain)))


def of_number(number: str) -> frozenset[str]:
    """The words a case number is found by."""
    return frozenset(word for run in _RUNS.findall(_plain(number)) for word in _of_run(*run))


def asked(typed: str) -> frozenset[str]:
    """The words a case must have to be found; none where nothing is typed that one could look for."""
    return frozenset(word for token in _plain(typed)[:LONGEST].split() for word in _of_token(token))


def _of_token(token: str) -> Iterator[str]:
    """One character alone is how a name begins; one left over beside digits, as in 第12号, says nothing."""
    for digits, letters, others in _RUNS.findall(token):
        if digits:
            yield f"#{digits[:LONGEST_DIGITS]}"
        elif letters:
            yield from (f"~{a}{b}" for a, b in pairwise(letters))
            yield from ([f"~{letters}"] if len(letters) == 1 else [])
        else:
            yield from (a + b for a, b in pairwise(others))
            yield from ([others] if others == token and len(others) == 1 else [])


def _plain(words: str) -> str:
    """Full and half width, large and small are the same."""
    return unicodedata.normalize("NFKC", words).casefold()


def _of_run(digits: str, letters: str, others: str) -> Iterator[str]:
    """The words of a run of digits (how it begins and how it ends), or of characters (its pairs); letters count as
    initials."""
    for length in range(1, min(len(digits), LONGEST_DIGITS) + 1):
        yield from (f"#{digits[:length]}", f"#{digits[-length:]}")
    yield from (a + b for a, b in pairwise(others))


def _initials(plain: str) -> Iterator[str]:
    """Pairs of initials, and the first one alone; a character that is read in several ways has several."""
    each = [_initials_of(character) for character in plain if character.isalpha()]
    yield from (f"~{letter}" for letter in (each[0] if each else ()))
    yield from (f"~{a}{b}" for here, there in pairwise(each) for a, b in product(here, there))


@lru_cache(maxsize=8192)
def _initials_of(character: str) -> tuple[str, ...]:
    if character.isascii():
        return (character,)
    from pypinyin import Style, pinyin  # reads its tables for half a second: only whoever enters a name waits for it

    [read] = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore") or [[]]
    return tuple(dict.fromkeys(letter for letter in read if letter.isascii()))
