"""Where periods end: the vectors of the field, and what holds for every period."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mediation_engine.calendar.shipped import calendar_with, shipped_years
from mediation_engine.domain.calendar import Calendar
from mediation_engine.domain.periods import PeriodEnd, PeriodUnit, period_end

D, W, M, Y = PeriodUnit
NOW = calendar_with()
OFFICIAL = tuple(year for year, it in shipped_years().items() if it.is_official)


def day(words: str) -> date:
    return date.fromisoformat(words)


def end(start: str, number: int, unit: PeriodUnit, calendar: Calendar = NOW) -> PeriodEnd:
    return period_end(calendar, day(start), number, unit)


OF_2026 = {
    "fifteen days from a Sunday that is worked end in the week of National Day and move behind it": (
        "2026-09-20", 15, D, "2026-10-05", "2026-10-08"
    ),
    "fifteen days end on the first day of the longest Spring Festival": (
        "2026-01-31", 15, D, "2026-02-15", "2026-02-24"
    ),
    "thirty days for judicial confirmation end on National Day": ("2026-09-01", 30, D, "2026-10-01", "2026-10-08"),
    "thirty days end on the Sunday of Labour Day": ("2026-04-03", 30, D, "2026-05-03", "2026-05-06"),
    "a month from the 31st ends on the last of February, a Saturday that is worked": (
        "2026-01-31", 1, M, "2026-02-28", "2026-02-28"
    ),
    "a month from the last of March ends on the last of April": ("2026-03-31", 1, M, "2026-04-30", "2026-04-30"),
    "five working days pass over Mid-Autumn": ("2026-09-22", 5, W, "2026-09-30", "2026-09-30"),
    "five working days count the Saturday worked and pass over Spring Festival": (
        "2026-02-13", 5, W, "2026-02-27", "2026-02-27"
    ),
    "sixty working days": ("2026-03-02", 60, W, "2026-05-28", "2026-05-28"),
    "fifteen days to answer a petition end in the week of National Day": (
        "2026-09-18", 15, D, "2026-10-03", "2026-10-08"
    ),
    "sixty days to settle a petition end in the week of National Day": (
        "2026-08-03", 60, D, "2026-10-02", "2026-10-08"
    ),
    "thirty days end on a Sunday": ("2026-11-27", 30, D, "2026-12-27", "2026-12-28"),
    "fifteen days end on a Saturday": ("2026-11-27", 15, D, "2026-12-12", "2026-12-14"),
    "a year from the leap day ends on the last of February": ("2024-02-29", 2, Y, "2026-02-28", "2026-02-28"),
}  # fmt: skip

OF_2027 = {
    "thirty days for judicial confirmation end on New Year's Day": ("2026-12-02", 30, D, "2027-01-01", "2027-01-04"),
    "fifteen days for arbitral review end on New Year's Day": ("2026-12-17", 15, D, "2027-01-01", "2027-01-04"),
    "sixty days of a petition end in Spring Festival": ("2026-12-08", 60, D, "2027-02-06", "2027-02-11"),
    "thirty days end on the eve of Spring Festival": ("2027-01-06", 30, D, "2027-02-05", "2027-02-11"),
    "fifteen days end on the first of Spring Festival": ("2027-01-22", 15, D, "2027-02-06", "2027-02-11"),
    "thirty days end on Labour Day, a Saturday made up for": ("2027-04-01", 30, D, "2027-05-01", "2027-05-05"),
    "fifteen days end on Dragon Boat": ("2027-05-25", 15, D, "2027-06-09", "2027-06-10"),
    "thirty days end on National Day": ("2027-09-01", 30, D, "2027-10-01", "2027-10-06"),
    "five working days pass over the turn of the year": ("2026-12-28", 5, W, None, "2027-01-05"),
    "three working days pass over the turn of the year": ("2026-12-30", 3, W, None, "2027-01-05"),
    "three working days pass over Spring Festival": ("2027-02-03", 3, W, None, "2027-02-12"),
    "five working days pass over Spring Festival": ("2027-02-03", 5, W, None, "2027-02-16"),
    "five working days pass over Labour Day": ("2027-04-29", 5, W, None, "2027-05-10"),
    "sixty working days of a year to come": ("2027-01-04", 60, W, None, "2027-04-02"),
    "a month from the last of January ends on a Sunday": ("2027-01-31", 1, M, "2027-02-28", "2027-03-01"),
}


class TestVectors:
    @pytest.mark.parametrize(("start", "number", "unit", "raw", "result"), OF_2026.values(), ids=OF_2026)
    def test_of_an_official_year_there_is_one_day(
        self, start: str, number: int, unit: PeriodUnit, raw: str, result: str
    ) -> None:
        found = end(start, number, unit)
        assert (found.expected, found.is_settled) == (day(result), True)
        assert found.raw == day(raw)
        assert found.latest == found.duty == found.expected

    @pytest.mark.parametrize(("start", "number", "unit", "raw", "expected"), OF_2027.values(), ids=OF_2027)
    def test_of_a_provisional_year_there_are_three(
        self, start: str, number: int, unit: PeriodUnit, raw: str | None, expected: str
    ) -> None:
        found = end(start, number, unit)
        assert (found.expected, found.is_settled) == (day(expected), False)
        assert found.duty <= found.raw <= found.expected <= found.latest
        if raw is not None:
            assert found.raw == day(raw)
            assert found.latest == day(raw) + timedelta(days=9)
