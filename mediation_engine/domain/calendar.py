"""工作日历: which days are rest days. Days are civil days in China, whatever the host's zone.

A year is official once the notice of the State Council's office (国办发明电) is known, provisional while only the
regulation fixes its days (全国年节及纪念日放假办法), and otherwise unknown: nothing is said of it (`YearUnknown`).
How periods are counted on it stands in `periods`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ..errors import YearUnknown
from .labels import Labelled

A_DAY = timedelta(days=1)
SATURDAY = 5
"""By `date.weekday`."""
MOST_BRIDGED = 3
"""Working days beside a feast that one break took at most, beyond 补假, in the notices of 2020 to 2026."""
NEAR = 11
"""Days within which a Saturday or Sunday worked lay from a statutory day of its break, in the same notices, at most."""
TURN = 29
"""From this day of December on the notice of the next year may decide: that of 2019 moved the 29th."""


class YearStatus(Labelled):
    """What is known of a year."""

    OFFICIAL = "official", "官方"
    PROVISIONAL = "provisional", "暂定"


class DayKind(Labelled):
    """What a day is that its weekday does not make it."""

    STATUTORY = "statutory", "法定节日"
    SUBSTITUTE = "substitute", "补假"
    BRIDGE_OFF = "bridge_off", "调休放假"
    MAKEUP_WORK = "makeup_work", "调休上班"


@dataclass(frozen=True, slots=True, order=True)
class NamedDay:
    """A day with a kind of its own."""

    day: date
    kind: DayKind
    name: str
    """The holiday it belongs to: 春节; where two meet, both: 国庆节、中秋节."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarYear:
    """A year as it is known."""

    year: int
    status: YearStatus
    days: tuple[NamedDay, ...]
    """In order of time; a year's notice may name days of the December before."""
    paper: str = ""
    """The number of the notice: 国办发明电〔2025〕7号."""
    paper_day: date | None = None
    """The day it is signed with."""
    text_digest: str = ""
    """SHA-256 of its text in hex, where the text was handed in."""
    imported_by: str = ""
    """Id of whoever handed it in; nothing where the year came with the program."""
    imported_at: datetime | None = None

    @property
    def is_official(self) -> bool:
        """Whether the notice is known."""
        return self.status is YearStatus.OFFICIAL


class Calendar:
    """Years put together. A value: what it answers depends on nothing else."""

    def __init__(self, years: Iterable[CalendarYear]) -> None:
        self.years: Mapping[int, CalendarYear] = {it.year: it for it in sorted(years, key=lambda it: it.year)}
        self._days = {it.day: it for year in self.years.values() for it in year.days}
        self._order = sorted(self._days)

    def year(self, year: int) -> CalendarYear:
        """A year of it. YearUnknown."""
        if year not in self.years:
            raise YearUnknown(year=year)
        return self.years[year]

    def named(self, day: date) -> NamedDay | None:
        """What is particular about a day; None where its weekday says it all. YearUnknown."""
        self.year(day.year)
        return self._days.get(day)

    def is_rest(self, day: date) -> bool:
        """Whether a day is a rest day (法定休假日). YearUnknown."""
        if day.year not in self.years:
            raise YearUnknown(year=day.year)
        named = self._days.get(day)
        return is_weekend(day) if named is None else named.kind is not DayKind.MAKEUP_WORK

    def is_settled(self, first: date, last: date | None = None) -> bool:
        """Whether no notice that is still to come can change what a day is, or one of the days from it to another.

        YearUnknown.
        """
        last = last or first
        notices = range(first.year, last.year + 1 + ((last.month, last.day) >= (12, TURN)))
        known = (self.years.get(year) if year > last.year else self.year(year) for year in notices)
        return all(it is not None and it.is_official for it in known)

    def is_sure(self, day: date) -> bool:
        """Whether a day is a working day come what may: it is settled, or too far from a feast for a break to take it.

        YearUnknown.
        """
        if self.is_rest(day) or self.is_settled(day):
            return not self.is_rest(day)
        return not any(self._is_beside_feast(day, step) for step in (-A_DAY, A_DAY))

    def _is_beside_feast(self, day: date, step: timedelta) -> bool:
        """Whether a working day is among the first beside a feast, going one way."""
        passed = 0
        while passed < MOST_BRIDGED:
            day += step
            if day.year not in self.years:
                return True  # nothing is known of what lies there
            if not self.is_rest(day):
                passed += 1
            elif self.named(day):
                return True
        return False

    def may_be_worked(self, day: date) -> bool:
        """Whether a notice to come may have a rest day worked: a Saturday or Sunday near a feast. YearUnknown."""
        if self.is_settled(day) or self.named(day) or not is_weekend(day):
            return False
        around = (day + A_DAY * n for n in range(-NEAR, NEAR + 1))
        return any((it := self._days.get(near)) and it.kind is DayKind.STATUTORY for near in around)

    def next_workday(self, day: date) -> date:
        """The day itself, or the first working day after it. YearUnknown."""
        while self.is_rest(day):
            day = later(day, 1)
        return day

    def first_of_rest(self, day: date) -> date:
        """The first of the rest days in a row that a rest day is among, as far as anything is known."""
        while (day - A_DAY).year in self.years and self.is_rest(day - A_DAY):
            day -= A_DAY
        return day

    def names(self, first: date, last: date) -> tuple[str, ...]:
        """The holidays whose days off lie between two days, both with it, each once, in order."""
        between = self._order[bisect_left(self._order, first) : bisect_right(self._order, last)]
        named = (self._days[day] for day in between)
        return tuple(dict.fromkeys(it.name for it in named if it.kind is not DayKind.MAKEUP_WORK))


def is_weekend(day: date) -> bool:
    """Whether it is a Saturday or a Sunday."""
    return day.weekday() >= SATURDAY


def later(day: date, days: int) -> date:
    """So many days after a day. YearUnknown where dates end."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise YearUnknown(year=date.max.year + 1) from None
