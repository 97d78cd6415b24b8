"""Instalments add up to the 分, lie as far apart as was said, and keep the day of the month where there is one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation_engine.errors import YearUnknown
from workflows.instalments import Distance, instalments, later, parted, shared

pytestmark = pytest.mark.quick

SUMS = st.lists(st.integers(1, 10**11), min_size=1, max_size=8)
FIRST = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@given(SUMS, st.integers(1, 60), FIRST, st.sampled_from(Distance))
def test_what_each_is_paid_adds_up_and_the_days_go_on(
    amounts: list[int], number: int, first: date, distance: Distance
) -> None:
    found = [*instalments([(f"party/{n}", amount) for n, amount in enumerate(amounts)], number, first, distance)]
    for n, amount in enumerate(amounts):
        own = [it for it in found if it.payee == f"party/{n}"]
        assert sum(it.amount for it in own) == amount
        assert all(it.amount > 0 for it in own)
        days = [it.due for it in own]
        assert days == sorted(set(days))
    assert [it.due for it in found] == sorted(it.due for it in found)
    assert all(it.due == later(first, distance, it.number - 1) for it in found)


@given(st.integers(1, 10**11), st.integers(1, 60))
def test_parts_are_equal_and_whole_yuan_but_for_the_last_which_is_never_less(amount: int, number: int) -> None:
    *others, last = parted(amount, number)
    assert sum(others) + last == amount
    assert len(set(others)) <= 1
    assert all(last >= part for part in others)
    assert amount < number * 100 or all(part % 100 == 0 for part in others)


@given(st.integers(0, 10**11), st.lists(st.integers(1, 10**6), min_size=1, max_size=12))
def test_a_total_by_shares_loses_nothing_and_is_never_a_fen_off(total: int, weights: list[int]) -> None:
    found = shared(total, weights)
    assert sum(found) == total
    exact = zip(found, weights, strict=True)
    assert all(abs(part * sum(weights) - total * weight) < sum(weights) for part, weight in exact)


@pytest.mark.parametrize(
    ("first", "distance", "days"),
    [
        (date(2026, 11, 28), Distance.MONTH, [date(2026, 11, 28), date(2026, 12, 28), date(2027, 1, 28)]),
        (date(2027, 12, 31), Distance.MONTH, [date(2027, 12, 31), date(2028, 1, 31), date(2028, 2, 29)]),
        (date(2028, 1, 31), Distance.MONTH, [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31)]),
        (date(2026, 12, 31), Distance.TWO_MONTHS, [date(2026, 12, 31), date(2027, 2, 28), date(2027, 4, 30)]),
        (date(2028, 2, 29), Distance.YEAR, [date(2028, 2, 29), date(2029, 2, 28), date(2030, 2, 28)]),
        (date(2026, 12, 28), Distance.WEEK, [date(2026, 12, 28), date(2027, 1, 4)]),
        (date(2026, 8, 31), Distance.HALF_YEAR, [date(2026, 8, 31), date(2027, 2, 28), date(2027, 8, 31)]),
    ],
    ids=str,
)
def test_a_shorter_month_ends_the_instalment_with_it(first: date, distance: Distance, days: list[date]) -> None:
    assert [later(first, distance, n) for n in range(len(days))] == days


def test_thirty_three_thousand_in_two_halves_among_three() -> None:
    sums = [("zhang", 1_200_000), ("liu", 1_150_000), ("wei", 950_000)]
    found = [*instalments(sums, 2, date(2026, 11, 28), Distance.MONTH)]
    assert [(it.payee, it.amount) for it in found] == 2 * [("zhang", 600_000), ("liu", 575_000), ("wei", 475_000)]


def test_beyond_all_years_it_is_said() -> None:
    with pytest.raises(YearUnknown):
        later(date(9990, 1, 1), Distance.YEAR, 60)
