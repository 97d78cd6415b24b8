"""A declared figure (统计指标): what it is called, what counts in it and what does not, by which day, in which unit."""

from __future__ import annotations

from dataclasses import dataclass

from .labels import Labelled


class Unit(Labelled):
    """In what a figure is told."""

    CASES = "cases", "件"
    PEOPLE = "people", "人"
    TIMES = "times", "人次"
    MONEY = "money", "元"
    VISITS = "visits", "次"
    DAYS = "days", "天"
    COPIES = "copies", "份"


class Adds(Labelled):
    """What one thing adds to a figure."""

    ONE = "things", "1"
    AMOUNT = "amount", "金额或天数"
    PEOPLE = "people", "人数"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number: of some kinds of things, those that came out in some way."""

    code: str
    label: str
    unit: Unit
    by_day: str
    """By which day something is in a period."""
    counts: str
    """What counts, and what does not: a sentence."""
    whats: tuple[str, ...]
    """The kinds of things (codes) that count."""
    kinds: tuple[str, ...] = ()
    """How they stand or came out (codes); empty for all."""
    within: str = ""
    """In place of `kinds`: the setting of how many days, where what is counted says after how many."""
    adds: Adds = Adds.ONE
    head: str = ""
    """The head it stands under."""
    tile: bool = False
    """Whether it stands at the top, large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A figure over another, both shown beside it."""

    code: str
    label: str
    counts: str
    of: str
    """The figure (code) that is divided."""
    by: str
    head: str = ""
    unit: Unit | None = None
    """None for a share of a hundred."""
