"""期间: where a period ends that is counted from a day (民法典 第200—204条, 民事诉讼法 第85条).

The first day does not count; a month or a year ends on the corresponding day, or the last of the month where there is
none; a last day that is a rest day moves to the first working day after it. Working days (工作日) count alone where a
rule says so. Nothing here reads a clock, a zone or a library.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from ..errors import YearUnknown
from .calendar import A_DAY, Calendar, later
from .labels import Labelled

LONGEST_BREAK = 9
"""Days of the longest break that a yearly notice made: 15 to 23 February 2026."""
MADE_UP = 2
"""Saturdays and Sundays worked for one break in any notice of 2020 to 2026: by so many a count can come out shorter."""


class PeriodUnit(Labelled):
    """What a period is counted in."""

    DAYS = "days", "日"
    WORKDAYS = "workdays", "个工作日"
    MONTHS = "months", "个月"
    YEARS = "years", "年"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodEnd:
    """Where a period ends. While a notice is still to come, three days: none is said to be the one."""

    start: date
    """The day it is counted from, which does not count."""
    number: int
    unit: PeriodUnit
    raw: date
    """The last day before it moves; of working days the earliest that it can be."""
    expected: date
    """The last day by the calendar as it is."""
    latest: date
    """The last day at the latest, whatever the notice says: before it nobody is said to have lost a right."""
    duty: date
    """The last day on which a duty of ours is sure to be in time: a working day, whatever the notice says. Where the
    period has none, the day it is counted from."""
    is_settled: bool
    """Whether there is only one: `expected`."""
    names: tuple[str, ...]
    """The holidays that moved it, or were passed over; nothing for a weekend."""

    @classmethod
    def fixed(cls, start: date, day: date) -> PeriodEnd:
        """A day that was written down: no count, and nothing moves it."""
        ends = {"raw": day, "expected": day, "latest": day, "duty": day}
        return cls(start=start, number=0, unit=PeriodUnit.DAYS, **ends, is_settled=True, names=())


def period_end(calendar: Calendar, start: date, number: int, unit: PeriodUnit, *, paused: int = 0) -> PeriodEnd:
    """Where a period of `number` units, at least one, that is counted from a day ends; `paused` days of it do not
    count, of working days none. YearUnknown."""
    if number < 1 or (paused and unit is PeriodUnit.WORKDAYS):
        raise ValueError("a period has at least one unit, and one of working days is not paused")
    if unit is PeriodUnit.WORKDAYS:
        return _workdays(calendar, start, number)
    return _rolled(calendar, start, number, unit, later(raw_end(start, number, unit), paused))


def raw_end(start: date, number: int, unit: PeriodUnit) -> date:
    """The last day of a period that no calendar is needed for, before it moves. YearUnknown."""
    return later(start, number) if unit is PeriodUnit.DAYS else _corresponding(start, number, unit)


def _rolled(calendar: Calendar, start: date, number: int, unit: PeriodUnit, raw: date) -> PeriodEnd:
    expected = calendar.next_workday(raw)
    settled = calendar.is_settled(raw, expected)
    moved = calendar.names(calendar.first_of_rest(raw), expected) if expected > raw else ()
    return PeriodEnd(
        start=start,
        number=number,
        unit=unit,
        raw=raw,
        expected=expected,
        latest=expected if settled else max(expected, later(raw, LONGEST_BREAK)),
        duty=expected if settled else _sure(calendar, start, raw),
        is_settled=settled,
        names=moved,
    )


def _workdays(calendar: Calendar, start: date, number: int) -> PeriodEnd:
    expected = _nth_workday(calendar, start, number)
    settled = calendar.is_settled(later(start, 1), expected)
    raw = expected if settled else _earliest(calendar, start, number)
    return PeriodEnd(
        start=start,
        number=number,
        unit=PeriodUnit.WORKDAYS,
        raw=raw,
        expected=expected,
        latest=expected if settled else later(expected, LONGEST_BREAK),
        duty=expected if settled else _sure(calendar, start, raw),
        is_settled=settled,
        names=calendar.names(later(start, 1), expected),
    )


def _nth_workday(calendar: Calendar, start: date, number: int) -> date:
    day = start
    for _ in range(number):
        day = calendar.next_workday(later(day, 1))
    return day


def _earliest(calendar: Calendar, start: date, number: int) -> date:
    """The same where the notice to come has `MADE_UP` of the weekend days that it can have worked worked at once."""
    day, spare = start, MADE_UP
    while number:
        day = later(day, 1)
        if not calendar.is_rest(day):
            number -= 1
        elif spare and calendar.may_be_worked(day):
            number, spare = number - 1, spare - 1
    return day


def _sure(calendar: Calendar, start: date, raw: date) -> date:
    """The last sure working day of a period up to a day; where it has none, the day it is counted from."""
    day = raw
    while day > start and not calendar.is_sure(day):
        day -= A_DAY
    return day


def _corresponding(start: date, number: int, unit: PeriodUnit) -> date:
    """The day of the same number so many months or years on, or the last of that month. YearUnknown."""
    months = start.year * 12 + start.month - 1 + number * (12 if unit is PeriodUnit.YEARS else 1)
    year, month = divmod(months, 12)
    if year > date.max.year:
        raise YearUnknown(year=year)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
