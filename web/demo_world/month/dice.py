"""Dice for a made-up month: the same seed throws the same month on every machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TypeVar

from ..days import A_DAY, Days
from ..script import Step

MOST_BACK = 70
"""Working days: a month that is over lies within so many."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is in a month, by kind."""

    cases: int = 60
    alerts: int = 40
    grid: int = 200
    receptions: int = 12
    errands: int = 30
    petitions: int = 3


@dataclass(frozen=True, slots=True)
class Dice:
    """What is thrown for one story; another story's throws change nothing of it."""

    days: Days
    random: Random

    @classmethod
    def of(cls, days: Days, seed: int, name: str) -> Dice:
        """Those of a story by its name."""
        return cls(days, Random(f"{seed}/{name}"))

    def one_of(self, some: Sequence[T], weights: Sequence[int] | None = None) -> T:
        """One of some, each as often as its weight says."""
        return self.random.choices(some, weights)[0]

    def number(self, least: int, most: int) -> int:
        """A number between two, both included."""
        return self.random.randint(least, most)

    def yuan(self, least: int, most: int) -> int:
        """A sum in whole hundreds of yuan."""
        return self.random.randint(least, most) * 100

    def back(self) -> int:
        """A working day of the month, as so many before today."""
        return self.random.choice(month_of(self.days))

    def day(self, back: int) -> date:
        """A working day so many before today; after it where there are fewer."""
        return self.days.back(back) if back > 0 else self.days.coming(1 - back)

    def clock(self, hours: range = range(9, 17)) -> str:
        """A time of day at work."""
        return f"{self.random.choice(hours):02d}:{self.random.choice(range(0, 60, 5)):02d}"


def taken(steps: Iterable[Step]) -> Iterator[Step]:
    """Those of a story that were taken before today."""
    return (it for it in steps if it.back >= 1)


def month_of(days: Days) -> list[int]:
    """The working days of the last month that is over, as so many before today; the latest first."""
    before = days.today.replace(day=1) - A_DAY
    backs = [n for n in range(1, MOST_BACK) if _month(days.back(n)) == _month(before)]
    assert backs, days.today
    return backs


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
