"""Paired timings: each figure beside its limit, taken in turn in one run; medians with their spread."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Spread:
    """Several measurements of one thing."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.values)

    def words(self, digits: int = 0) -> str:
        """The median, and the least and greatest in brackets."""
        m, low, high = (f"{v:,.{digits}f}" for v in (self.median, min(self.values), max(self.values)))
        return f"{m}（{low}–{high}）"


def seconds(work: Callable[[], object]) -> float:
    """How long something takes, the garbage of what went before cleared away first."""
    gc.collect()
    began = perf_counter()
    work()
    return perf_counter() - began


def in_turn(works: Sequence[Callable[[int], float]], rounds: int, warm: int = 1) -> list[Spread]:
    """Each work's measurements, taken A B A B …, so that a drift of the machine touches all alike."""
    taken = [tuple(work(n) for work in works) for n in range(rounds + warm)][warm:]
    return [Spread(column) for column in zip(*taken, strict=True)]


def ratio(ours: Spread, limit: Spread) -> Spread:
    """Pair by pair."""
    return Spread(tuple(a / b for a, b in zip(ours.values, limit.values, strict=True)))


def percentile(values: Iterable[float], share: float) -> float:
    """The value that `share` of the others do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
