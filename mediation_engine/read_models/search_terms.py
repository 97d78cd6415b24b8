"""What somebody types to find a case, taken apart: two or three neighbouring characters, whole numbers, initials.

王某某 is found by 王, 王某, 某某 and by wmm; （2026）永开人调字第0012号 by 永开, 2026, 0012 and 12. The same words are
made from what is to be found (`of_name`, `of_number`) and from what is typed (`asked`): what has them all is found.
Of three characters and more, threes are asked for: a whole name of three is in few cases, each of its pairs in many.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import TypeVar

from ..domain.names import written

S = TypeVar("S", str, list[tuple[str, ...]])
LONGEST = 40
"""So many characters of what is typed count."""
LONGEST_DIGITS = 8
"""Longer pieces of a number are not kept."""
_IN_EVERY_NUMBER = re.compile("(?<=调)字第?|字第(?=\\d|$)")
_RUNS = re.compile(r"(\d+)|([a-z]+)|([^\W\d_a-z]+)")


@lru_cache(maxsize=4096)
def of_name(name: str) -> frozenset[str]:
    """The words a name is found by."""
    folded = plain(written(name))
    words = {pair for run in _RUNS.findall(folded) for pair in _of_run(*run)}
    first = re.sub(r"\W", "", folded)[:1]
    return frozenset(words | ({first} if first else set()) | set(_initials(folded)))


def of_names(names: Iterable[str]) -> frozenset[str]:
    """The words somebody is found by who has several names."""
    return frozenset().union(*map(of_name, names))


def of_number(number: str) -> frozenset[str]:
    """The words a case number is found by."""
    runs = _RUNS.findall(plain(number))
    typed = (word for _, letters, _ in runs for word in _letters(letters))
    return frozenset((*(word for run in runs for word in _of_run(*run)), *typed))


def asked(typed: str) -> frozenset[str]:
    """The words a case must have to be found; none where nothing is typed that one could look for."""
    # A full-width blank is one within a name; the common one stands between two things that are looked for.
    tokens = (written(token) for token in typed[:LONGEST].split(" "))
    return frozenset(word for token in tokens for part in plain(token).split() for word in _of_token(part))


def _of_token(token: str) -> Iterator[str]:
    """One character alone is how a name begins; one left over beside digits, as in 第12号, says nothing."""
    for digits, letters, others in _RUNS.findall(token):
        if digits:
            yield _whole(digits)
        elif letters:
            yield from (f"~{piece}" for piece in _longest(letters))
        elif len(others) > 1 or others == token:
            yield from _longest(others)


def _letters(run: str) -> Iterator[str]:
    """The pieces that letters of a number are looked for by: J in J33078400017."""
    yield from (f"~{piece}" for length in (2, 3) for piece in _neighbours(run, length))
    if len(run) == 1:
        yield f"~{run}"


def _longest(run: str) -> Iterator[str]:
    """The pieces of what is typed that are in the fewest cases: threes, or all of it where it is shorter."""
    return _neighbours(run, 3) if len(run) > 2 else iter((run,))


def _neighbours(run: S, count: int) -> Iterator[S]:
    """So many neighbours at a time."""
    return (run[n : n + count] for n in range(len(run) - count + 1))


def plain(words: str) -> str:
    """Full and half width, large and small are the same; what stands in every case number parts the rest of it."""
    return _IN_EVERY_NUMBER.sub(" ", unicodedata.normalize("NFKC", words).casefold())


def _of_run(digits: str, letters: str, others: str) -> Iterator[str]:
    """The word of a run of digits, or those of characters (their twos and threes); letters count as initials."""
    if digits:
        yield _whole(digits)
    yield from (*_neighbours(others, 2), *_neighbours(others, 3))


def _whole(digits: str) -> str:
    """A number, with or without the noughts before it."""
    return f"#{digits[:LONGEST_DIGITS].lstrip('0') or '0'}"


def _initials(plain: str) -> Iterator[str]:
    """Twos and threes of initials, and the first one alone; a character that is read in several ways has several."""
    each = [_initials_of(character) for character in plain if character.isalpha()]
    for some in (each[:1], *_neighbours(each, 2), *_neighbours(each, 3)):
        yield from (f"~{''.join(letters)}" for letters in product(*some) if letters)


@lru_cache(maxsize=8192)
def _initials_of(character: str) -> tuple[str, ...]:
    if character.isascii():
        return (character,)
    from pypinyin import Style, pinyin  # reads its tables for half a second: only whoever enters a name waits for it

    [read] = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore") or [[]]
    return tuple(dict.fromkeys(letter for letter in read if letter.isascii()))
