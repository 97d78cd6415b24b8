"""Which texts are nearly the same: exactly those whose shingles overlap so far, and without comparing all with all.

Two texts that share a part t of their shingles share one of the first (1 - t) of each in any one order (prefix filter;
Chaudhuri, Ganti, Kaushik 2006), here the rarest first. Texts that are the same word for word are taken together before.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

WIDTH = 4
"""Characters of a shingle."""
SHORTEST = 40
"""Characters that a text must have: of a line or two many are the same by nature."""
MOST_NEAR = 200
"""So many texts that share a rare shingle are compared with a new one, the latest first: more are of one template, and
are found through each other."""


def shingles(text: str) -> frozenset[int]:
    """Every run of so many characters, as numbers."""
    return frozenset(hash(text[n : n + WIDTH]) for n in range(len(text) - WIDTH + 1))


def likeness(one: str, other: str) -> float:
    """What part of the shingles of two texts are in both."""
    a, b = shingles(one), shingles(other)
    return len(a & b) / len(a | b) if a | b else 0.0


BITS = 512


def _mark(shingles: frozenset[int]) -> int:
    """A bit for each shingle, several for one bit: where two marks differ, at least so many shingles do."""
    mark = 0
    for shingle in shingles:
        mark |= 1 << shingle % BITS
    return mark


def alike(texts: Sequence[str], least: float) -> list[list[int]]:
    """Groups of texts (by their places) that hang together by a likeness of at least so much, the largest first."""
    same: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        if len(text) >= SHORTEST:
            same[text].append(place)
    distinct = sorted(same, key=len)
    of = list(range(len(distinct)))

    def root(n: int) -> int:
        while of[n] != n:
            of[n] = n = of[of[n]]
        return n

    often = Counter(shingle for text in distinct for shingle in shingles(text))
    near: dict[int, list[int]] = defaultdict(list)
    sizes, marks = list[int](), list[int]()
    for n, text in enumerate(distinct):
        own = shingles(text)
        sizes.append(len(own))
        marks.append(_mark(own))
        mine = sorted(own, key=lambda shingle: (often[shingle], shingle))
        first = mine[: len(mine) - math.ceil(least * len(mine)) + 1]
        for m in dict.fromkeys(m for shingle in first for m in near[shingle][-MOST_NEAR:]):
            apart = (1 - least) / (1 + least) * (sizes[m] + sizes[n])
            can_be = root(m) != root(n) and (marks[m] ^ marks[n]).bit_count() <= apart
            if can_be and likeness(distinct[m], text) >= least:
                of[root(m)] = root(n)
        for shingle in first:
            near[shingle].append(n)
    groups: dict[int, list[int]] = defaultdict(list)
    for n, text in enumerate(distinct):
        groups[root(n)].extend(same[text])
    return sorted((sorted(group) for group in groups.values() if len(group) > 1), key=lambda it: (-len(it), it))
