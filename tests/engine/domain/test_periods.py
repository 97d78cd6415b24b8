"""Where periods end: the vectors of the field, and what holds for every period."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation_engine.calendar.law import provisional_year
from mediation_engine.calendar.shipped import calendar_with, feasts, shipped_years
from mediation_engine.domain.calendar import A_DAY, Calendar, CalendarYear, DayKind, NamedDay, YearStatus, is_weekend
from mediation_engine.domain.periods import PeriodEnd, PeriodUnit, period_end
from mediation_engine.errors import YearUnknown

pytestmark = pytest.mark.quick

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


starts = st.dates(date(2020, 1, 1), date(2026, 6, 30))
"""Days from which every period tried here ends in an official year."""
lengths = st.integers(1, 120)
units = st.sampled_from(PeriodUnit)


def workdays_between(start: date, last: date) -> int:
    """Working days after one day up to another."""
    return sum(not NOW.is_rest(start + n * A_DAY) for n in range(1, (last - start).days + 1))


class TestEveryPeriod:
    @given(starts, lengths, st.sampled_from([D, W]))
    def test_it_ends_on_no_rest_day(self, start: date, number: int, unit: PeriodUnit) -> None:
        found = period_end(NOW, start, number, unit)
        assert not NOW.is_rest(found.expected)
        assert found.is_settled

    @given(starts, st.integers(1, 5), st.sampled_from([M, Y]))
    def test_nor_does_one_of_months_or_years(self, start: date, number: int, unit: PeriodUnit) -> None:
        try:
            found = period_end(NOW, start, number, unit)
        except YearUnknown:
            return
        assert not NOW.is_rest(found.expected)

    @given(starts, lengths, units)
    def test_a_longer_one_ends_no_earlier(self, start: date, number: int, unit: PeriodUnit) -> None:
        try:
            one, more = (period_end(NOW, start, n, unit) for n in (number, number + 1))
        except YearUnknown:
            return
        assert one.expected <= more.expected

    @given(starts, lengths, units)
    def test_one_that_begins_later_ends_no_earlier(self, start: date, number: int, unit: PeriodUnit) -> None:
        try:
            one, later = (period_end(NOW, day, number, unit) for day in (start, start + A_DAY))
        except YearUnknown:
            return
        assert one.expected <= later.expected

    @given(starts, lengths)
    def test_between_start_and_end_lie_as_many_working_days_as_were_counted(self, start: date, number: int) -> None:
        assert workdays_between(start, period_end(NOW, start, number, W).expected) == number

    @given(starts, lengths)
    def test_days_move_over_rest_days_alone(self, start: date, number: int) -> None:
        found = period_end(NOW, start, number, D)
        assert found.raw == start + timedelta(days=number)
        moved = range((found.expected - found.raw).days)
        assert all(NOW.is_rest(found.raw + n * A_DAY) for n in moved)

    @given(st.dates(date(2026, 12, 1), date(2031, 6, 1)), lengths, st.sampled_from([D, W]))
    def test_while_provisional_the_days_stand_in_order(self, start: date, number: int, unit: PeriodUnit) -> None:
        found = period_end(NOW, start, number, unit)
        assert start <= found.duty
        assert found.raw <= found.expected <= found.latest
        assert found.is_settled or found.duty <= found.raw

    @pytest.mark.parametrize("number", [0, -1])
    def test_a_period_of_nothing_is_a_mistake_of_the_caller(self, number: int) -> None:
        with pytest.raises(ValueError, match="at least one"):
            end("2026-01-01", number, D)


class TestUnknownYears:
    @pytest.mark.parametrize(
        ("start", "number", "unit"),
        [
            ("2031-12-20", 30, D),
            ("2031-12-20", 60, W),
            ("2026-01-01", 6, Y),
            ("2026-01-01", 10**6, D),
            ("2026-01-01", 10**30, D),
            ("2026-01-01", 10**30, W),
            ("2026-01-01", 10**30, Y),
            ("2019-01-01", 5, W),
        ],
    )
    def test_nothing_is_guessed(self, start: str, number: int, unit: PeriodUnit) -> None:
        with pytest.raises(YearUnknown, match="不能计算"):
            end(start, number, unit)

    def test_a_period_may_begin_before_the_first_known_year(self) -> None:
        assert end("2019-12-20", 15, D).expected == day("2020-01-06")


def as_it_was(year: int) -> Calendar:
    """The calendar on the eve of the notice of a year."""
    earlier = (it for of, it in shipped_years().items() if of < year)
    return Calendar([*earlier, *(provisional_year(of, feasts()[of]) for of in range(year, 2028))])


OFFICIAL = [year for year, it in shipped_years().items() if it.is_official]
PROLONGED = (day("2020-01-24"), day("2020-02-02"))
"""The break that a notice of its own prolonged when it was under way: what no calendar could have known."""


class TestHadEachYearBeenProvisional:
    """The notices of 2020 to 2026, each held against what would have been said before it."""

    @pytest.mark.parametrize("year", OFFICIAL)
    def test_the_day_lay_within_what_was_said(self, year: int) -> None:
        before = as_it_was(year)
        for start in (date(year, 1, 1) + n * A_DAY for n in range(-20, 330, 3)):
            for number, unit in ((3, D), (15, D), (30, D), (60, D), (1, W), (3, W), (5, W), (7, W), (15, W), (60, W)):
                if start.year not in before.years or (start + timedelta(days=100)).year > year:
                    continue
                said, true = period_end(before, start, number, unit), period_end(NOW, start, number, unit).expected
                assert max(said.duty, said.raw) <= true, (start, number, unit)
                if not (year == 2020 and start <= PROLONGED[1] and true > PROLONGED[0]):
                    assert true <= said.latest, (start, number, unit)

    @pytest.mark.parametrize("year", OFFICIAL)
    def test_what_was_called_sure_was_worked(self, year: int) -> None:
        before = as_it_was(year)
        days = (date(year, 1, 1) + n * A_DAY for n in range(362))
        assert [it for it in days if before.is_sure(it) and NOW.is_rest(it)] == []

    @pytest.mark.parametrize("year", OFFICIAL)
    def test_what_was_worked_on_a_weekend_had_been_thought_possible(self, year: int) -> None:
        before = as_it_was(year)
        worked = [it.day for it in NOW.years[year].days if it.kind is DayKind.MAKEUP_WORK]
        assert [it for it in worked if not before.may_be_worked(it)] == []


class TestTheTurnOfTheYear:
    def test_the_last_days_of_december_wait_for_the_next_notice(self) -> None:
        assert NOW.is_settled(day("2026-12-28"))
        assert not NOW.is_settled(day("2026-12-29"))
        assert NOW.is_settled(day("2025-12-31"))

    def test_the_next_notice_settles_them(self) -> None:
        """As that of 2019 did for 2018: Saturday the 29th was worked, Monday the 31st was off."""
        days = (
            NamedDay(day("2026-12-29"), DayKind.BRIDGE_OFF, "元旦"),
            *provisional_year(2027, feasts()[2027]).days,
        )
        notice = CalendarYear(year=2027, status=YearStatus.OFFICIAL, days=days)
        found = end("2026-12-14", 15, D, calendar_with([notice]))
        assert (found.expected, found.is_settled, found.names) == (day("2026-12-30"), True, ("元旦",))


class TestTheLawAlone:
    def test_of_2027_thirteen_statutory_days_and_six_for_those_on_weekends(self) -> None:
        days = NOW.years[2027].days
        assert sum(it.kind is DayKind.STATUTORY for it in days) == 13
        substitutes = [it.day.isoformat()[5:] for it in days if it.kind is DayKind.SUBSTITUTE]
        assert substitutes == ["02-09", "02-10", "05-03", "05-04", "10-04", "10-05"]

    def test_of_2027_two_hundred_and_forty_eight_working_days(self) -> None:
        assert workdays_between(day("2026-12-31"), day("2027-12-31")) == 248

    @pytest.mark.parametrize("year", range(2027, 2032))
    def test_days_are_made_up_for_on_working_days(self, year: int) -> None:
        days = NOW.years[year].days
        assert [it for it in days if it.kind is DayKind.SUBSTITUTE and is_weekend(it.day)] == []
        owed = sum(it.kind is DayKind.STATUTORY and is_weekend(it.day) for it in days)
        assert sum(it.kind is DayKind.SUBSTITUTE for it in days) == owed

    @pytest.mark.parametrize("year", OFFICIAL)
    def test_every_statutory_day_of_an_official_year_was_off(self, year: int) -> None:
        law = provisional_year(year, feasts()[year]).days
        assert [it.day for it in law if it.kind is DayKind.STATUTORY and not NOW.is_rest(it.day)] == []

    def test_the_years_that_come_with_the_program(self) -> None:
        assert [*range(2020, 2027)] == OFFICIAL
        assert [*NOW.years] == [*range(2020, 2032)]
