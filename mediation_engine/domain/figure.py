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
    BODIES = "bodies", "家"


class Adds(Labelled):
    """What one thing adds to a figure."""

    ONE = "things", "1"
    AMOUNT = "amount", "金额或天数"
    PEOPLE = "people", "人数"


class Origin(Labelled):
    """Where the things that a figure counts stand."""

    RECORD = "record", "记录"
    DIRECTORY = "directory", "组织名录"


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """That only those things of a figure count of which the same people had one before."""

    people: str
    """The kind of thing (code) that names somebody of it: the key is the person, how it stands the moment in EDTF."""
    within: str
    """The setting of how many days before."""


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
    again: Again | None = None
    """Where only what came again counts."""
    origin: Origin = Origin.RECORD
    afterwards: bool = False
    """Whether its things are recorded once the period is over: then none of them is late."""
    passed: bool = False
    """Whether only days that are over count: until then what falls due may still be done in time."""
    adds: Adds = Adds.ONE
    head: str = ""
    """The head it stands under."""
    tile: bool = False
    """Whether it stands at the top, large."""
    inside: bool = False
    """Whether it is for the room and its form alone: where it tells of one, people outside know of whom."""

    @property
    def is_tallied(self) -> bool:
        """Whether the read model adds it up."""
        return self.origin is Origin.RECORD and self.again is None


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
