"""Heights that keep their distances and pull lines straight: a weighted sum of differences brought to its least.

The sum is convex, so going downhill ends at the bottom. Each step moves, by the same stretch, the set of places that
gains most; a least cut finds that set. Whole numbers only: the same heights on every machine.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise

_STRETCHES = (64, 16, 4, 1)
_NEVER = 10**9


@dataclass(slots=True)
class Heights:
    """Places by number; `pulls` want two of them level, `gaps` keep the second below the first by at least so much."""

    at: list[int] = field(default_factory=list)
    pulls: list[tuple[int, int, int]] = field(default_factory=list)
    gaps: list[tuple[int, int, int]] = field(default_factory=list)

    def place(self, height: int) -> int:
        """A new place; its number."""
        self.at.append(height)
        return len(self.at) - 1

    def settle(self) -> None:
        """Move places until no set of them can gain."""
        for stretch in _STRETCHES:
            while any([self._moved(stretch), self._moved(-stretch)]):
                pass

    def _moved(self, stretch: int) -> bool:
        moving = _least_cut(len(self.at), *self._costs(stretch))
        for number in moving:
            self.at[number] += stretch
        return bool(moving)

    def _costs(self, stretch: int) -> tuple[list[int], dict[tuple[int, int], int]]:
        """What it costs each place to move, and each pair (a, b) that a moves without b."""
        single, double = [0] * len(self.at), dict[tuple[int, int], int]()
        for a, b, weight in self.pulls:
            apart = self.at[a] - self.at[b]
            alone_a = weight * (abs(apart + stretch) - abs(apart))
            alone_b = weight * (abs(apart - stretch) - abs(apart))
            single[a] -= alone_b
            single[b] += alone_b
            double[a, b] = double.get((a, b), 0) + alone_a + alone_b
        for upper, lower, least in self.gaps:
            if self.at[lower] - self.at[upper] - abs(stretch) < least:
                pair = (upper, lower) if stretch > 0 else (lower, upper)
                double[pair] = double.get(pair, 0) + _NEVER
        return single, double


def _least_cut(size: int, single: list[int], double: dict[tuple[int, int], int]) -> list[int]:
    """The smallest set of places that saves most by moving; empty where nothing is saved."""
    source, sink = size, size + 1
    room: list[dict[int, int]] = [{} for _ in range(size + 2)]
    edges = dict(double)
    edges |= {((source, n) if cost < 0 else (n, sink)): abs(cost) for n, cost in enumerate(single)}
    for (a, b), capacity in edges.items():
        room[a][b] = room[a].get(b, 0) + capacity
        room[b].setdefault(a, 0)
    while sink in (reached := _reached(room, source)):
        _send(room, reached, sink)
    return sorted(set(reached) - {source})


def _reached(room: list[dict[int, int]], source: int) -> dict[int, int]:
    """Every place with room on the way from the source, and the place before it."""
    reached, waiting = {source: source}, deque([source])
    while waiting:
        here = waiting.popleft()
        for there, capacity in room[here].items():
            if capacity > 0 and there not in reached:
                reached[there] = here
                waiting.append(there)
    return reached


def _send(room: list[dict[int, int]], reached: dict[int, int], sink: int) -> None:
    """Fill the way to the sink."""
    way = [sink]
    while reached[way[-1]] != way[-1]:
        way.append(reached[way[-1]])
    pairs = list(pairwise(reversed(way)))
    amount = min(room[a][b] for a, b in pairs)
    for a, b in pairs:
        room[a][b] -= amount
        room[b][a] += amount
