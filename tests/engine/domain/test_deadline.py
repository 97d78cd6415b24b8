"""A clock says how long something may take still: by its rule, its start and the calendar, whatever the day it is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation_engine.calendar.shipped import calendar_with
from mediation_engine.domain.case import Case
from mediation_engine.domain.deadline import (
    Clock,
    ClockState,
    DeadlineRule,
    Pause,
    Run,
    Signal,
    Whose,
    clocks,
    due_days,
)
from mediation_engine.domain.facts import CaseFacts
from mediation_engine.domain.occurred import UNREPORTED, Occurred, on
from mediation_engine.domain.periods import PeriodUnit

CALENDAR = calendar_with()
CASE = Case("A1", facts=CaseFacts())
START = date(2026, 11, 2)


def rule(*runs: Run, **given: object) -> DeadlineRule:
    usual: dict[str, object] = {
        "code": "term",
        "label": "调解期限",
        "version": "2026",
        "whose": Whose.ROOM,
        "number": 15,
        "unit": PeriodUnit.DAYS,
        "begins": "受理",
        "runs": lambda case, calendar: runs,
        "basis": "policy",
        "after": "可以起诉",
        "warns": (5, 2),
        "is_pausable": True,
    }
    return DeadlineRule(**usual | given)  # type: ignore[arg-type]


def run(start: date = START, **given: object) -> Run:
    return Run(instance="", since=on(start), **given)  # type: ignore[arg-type]


def clock(of: Run, today: date, **given: object) -> Clock:
    [found] = clocks([rule(of, **given)], CASE, CALENDAR, today)
    return found


def dues(of: Run, **given: object) -> list[date]:
    return [last for _, _, last in due_days([rule(of, **given)], CASE, CALENDAR)]


@pytest.mark.parametrize(
    ("today", "signal", "state"),
    [
        ("2026-11-02", Signal.GREEN, ClockState.RUNNING),
        ("2026-11-11", Signal.GREEN, ClockState.RUNNING),
        ("2026-11-12", Signal.YELLOW, ClockState.RUNNING),
        ("2026-11-17", Signal.YELLOW, ClockState.RUNNING),
        ("2026-11-18", Signal.RED, ClockState.MISSED),
    ],
)
def test_it_is_green_then_yellow_then_red(today: str, signal: Signal, state: ClockState) -> None:
    found = clock(run(), date.fromisoformat(today))
    assert (found.last, found.signal, found.state) == (date(2026, 11, 17), signal, state)


@pytest.mark.parametrize(
    ("met", "is_late"),
    [("2026-11-17", False), ("2026-11-18", True), ("2026-11", None), ("2026-10-01", False)],
)
def test_what_is_met_has_no_colour_and_says_whether_that_was_late(met: str, is_late: bool | None) -> None:
    found = clock(run(met=Occurred.read(met)), date(2027, 3, 1))
    assert (found.state, found.signal, found.is_late) == (ClockState.MET, Signal.NONE, is_late)
    assert dues(run(met=Occurred.read(met))) == []


def test_what_is_over_runs_no_more() -> None:
    assert clock(run(is_over=True), date(2027, 3, 1)).state is ClockState.OVER
    assert dues(run(is_over=True)) == []


class TestWhoseItIs:
    """Fifteen days from 25 January 2027 end on a rest day of a year whose notice is still to come."""

    START = date(2027, 1, 25)

    def test_a_duty_of_ours_ends_on_the_last_day_that_is_sure_to_be_in_time(self) -> None:
        found = clock(run(self.START), self.START)
        assert found.end is not None
        assert found.last == found.end.duty < found.end.raw
        assert found.is_provisional

    def test_a_right_is_shown_by_the_calendar_and_lost_when_that_is_certain(self) -> None:
        right = {"whose": Whose.PARTY}
        end = clock(run(self.START), self.START, **right).end
        assert end is not None
        shown = clock(run(self.START), end.expected + timedelta(days=1), **right)
        assert (shown.last, shown.state) == (end.expected, ClockState.RUNNING)
        assert clock(run(self.START), end.latest, **right).state is ClockState.RUNNING
        assert clock(run(self.START), end.latest + timedelta(days=1), **right).state is ClockState.MISSED

    def test_whether_it_was_met_in_time_is_left_open_until_the_notice_is_known(self) -> None:
        end = clock(run(self.START), self.START).end
        assert end is not None
        for day, is_late in ((end.raw, False), (end.latest, None), (end.latest + timedelta(days=1), True)):
            assert clock(run(self.START, met=on(day)), date(2028, 1, 3)).is_late is is_late


class TestConsentAndPauses:
    def test_a_day_agreed_on_counts_where_it_is_later(self) -> None:
        assert clock(run(until=date(2026, 12, 31)), START).last == date(2026, 12, 31)
        assert clock(run(until=date(2026, 11, 5)), START).last == date(2026, 11, 17)

    def test_a_pause_that_is_over_moves_the_last_day_by_its_days(self) -> None:
        pauses = (Pause(since=date(2026, 11, 5), until=date(2026, 11, 9)),)
        found = clock(run(pauses=pauses), date(2026, 11, 10))
        assert (found.last, found.paused) == (date(2026, 11, 23), 4)  # 21 November is a Saturday
        assert dues(run(pauses=pauses)) == [date(2026, 11, 23)]

    def test_where_the_rule_is_not_paused_the_days_count(self) -> None:
        pauses = (Pause(since=date(2026, 11, 5)),)
        found = clock(run(pauses=pauses), date(2026, 11, 10), is_pausable=False)
        assert (found.state, found.last, found.paused) == (ClockState.RUNNING, date(2026, 11, 17), 0)

    def test_a_pause_after_the_last_day_takes_nothing_up_again(self) -> None:
        for until in (None, date(2026, 12, 9)):
            pauses = (Pause(since=date(2026, 11, 20), until=until),)
            found = clock(run(pauses=pauses), date(2026, 12, 10))
            assert (found.state, found.last, found.paused) == (ClockState.MISSED, date(2026, 11, 17), 0)

    def test_a_pause_after_it_was_met_makes_nothing_timely(self) -> None:
        pauses = (Pause(since=date(2026, 11, 10)),)
        late = run(met=on(date(2026, 11, 25)), pauses=(Pause(since=date(2026, 11, 26)),))
        assert clock(late, date(2026, 12, 30)).is_late
        assert clock(run(met=on(date(2026, 11, 20)), pauses=pauses), date(2026, 12, 30)).paused == 10

    def test_while_it_is_paused_it_falls_due_on_no_day(self) -> None:
        pauses = (Pause(since=date(2026, 11, 5)),)
        found = clock(run(pauses=pauses), date(2026, 12, 24))
        assert (found.state, found.signal) == (ClockState.PAUSED, Signal.NONE)
        assert dues(run(pauses=pauses)) == []

    def test_pauses_that_overlap_or_lie_before_the_start_count_once_or_not(self) -> None:
        pauses = (
            Pause(since=date(2026, 10, 1), until=date(2026, 11, 4)),
            Pause(since=date(2026, 11, 3), until=date(2026, 11, 6)),
            Pause(since=date(2026, 11, 5), until=date(2026, 11, 6)),
        )
        assert clock(run(pauses=pauses), date(2026, 11, 10)).paused == 4

    @given(
        st.lists(st.tuples(st.integers(0, 14), st.integers(0, 20)), max_size=5),
        st.integers(0, 60),
    )
    def test_as_many_days_do_not_count_as_lie_in_some_pause(self, spans: list[tuple[int, int]], later: int) -> None:
        today = START + timedelta(days=later)
        pauses = tuple(
            Pause(since=START + timedelta(days=a), until=START + timedelta(days=a + length)) for a, length in spans
        )
        days = {
            day
            for pause in pauses
            for day in range(pause.since.toordinal(), pause.until.toordinal() if pause.until else 0)
            if day < today.toordinal()
        }
        assert clock(run(pauses=pauses), today).paused == len(days)


class TestWhatCannotBeCounted:
    @pytest.mark.parametrize("since", [UNREPORTED, Occurred("2026-11"), Occurred("2026-11-02~")])
    def test_without_a_day_to_count_from_it_says_so(self, since: Occurred) -> None:
        found = clock(Run(instance="", since=since), START)
        assert (found.state, found.last, found.why) == (ClockState.UNDATED, None, "起算的日期没有记载")

    def test_in_a_year_nothing_is_known_of_it_says_so(self) -> None:
        found = clock(run(date(2059, 5, 1)), date(2059, 5, 2))
        assert found.state is ClockState.UNDATED
        assert "2059" in found.why
        assert dues(run(date(2059, 5, 1))) == []


@given(
    st.dates(date(2025, 1, 1), date(2030, 12, 31)),
    st.integers(1, 60),
    st.sampled_from([PeriodUnit.DAYS, PeriodUnit.WORKDAYS, PeriodUnit.MONTHS]),
    st.sampled_from(Whose),
    st.dates(date(2025, 1, 1), date(2031, 6, 30)),
)
def test_the_day_that_falls_due_is_the_one_that_is_shown(
    start: date, number: int, unit: PeriodUnit, whose: Whose, today: date
) -> None:
    given = {"number": min(number, 9) if unit is PeriodUnit.MONTHS else number, "unit": unit, "whose": whose}
    found = clock(run(start), today, **given)
    assert dues(run(start), **given) == ([found.last] if found.last else [])
    if found.last:
        assert (found.signal is Signal.RED) == (today > found.last)
        assert found.last >= start
