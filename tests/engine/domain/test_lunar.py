"""农历: lunar dates as people write them, and the civil days they are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mediation_engine.calendar.lunar import lunar_years
from mediation_engine.calendar.shipped import feasts
from mediation_engine.domain.lunar import LunarDay, NoSuchDay, civil_day, read_lunar

pytestmark = pytest.mark.quick

TODAY = date(2026, 11, 29)


def day(words: str, today: date | None = TODAY) -> date:
    it = read_lunar(words)
    assert it is not None, words
    return civil_day(it, lunar_years(), today)


@pytest.mark.parametrize(
    ("words", "is_day"),
    [
        ("农历腊月二十", "2027-01-27"),
        ("农历2026年十二月廿三", "2027-01-30"),
        ("正月十五", "2027-02-20"),
        ("除夕", "2027-02-05"),
        ("端午", "2027-06-09"),
        ("中秋节", "2027-09-15"),
        ("农历八月十五", "2027-09-15"),
        ("农历2025年闰六月初一", "2025-07-25"),
        ("农历12月20日", "2027-01-27"),
        ("腊月二十九", "2027-02-05"),
        ("今年除夕", "2027-02-05"),
        ("明年除夕", "2028-01-25"),
        ("农历2026年春节", "2026-02-17"),
        ("冬月初八", "2026-12-16"),
        ("阴历十月二十", "2027-11-17"),
        ("  农历腊月廿  ", None),
    ],
)
def test_what_people_write_is_that_day(words: str, is_day: str | None) -> None:
    assert (read_lunar(words) and day(words).isoformat()) == is_day


@pytest.mark.parametrize(
    "words", ["8月15日", "八月十五", "2026-11-23", "伤愈后", "腊月", "农历十三月初一", "农历腊月三十一", ""]
)
def test_what_may_be_a_civil_date_or_is_none_is_no_lunar_one(words: str) -> None:
    assert read_lunar(words) is None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("腊月三十", "农历2026年腊月只有29天，二十九就是除夕，没有三十"),
        ("农历2026年闰六月初一", "农历2026年没有闰六月"),
        ("闰六月初一", "今年和明年农历都没有闰六月"),
        ("农历1999年正月初一", "农历只认得2000年到2056年的"),
    ],
)
def test_a_day_that_does_not_exist_is_refused_with_what_there_is(words: str, sentence: str) -> None:
    with pytest.raises(NoSuchDay, match=sentence):
        day(words)


def test_without_a_year_and_a_day_to_count_from_the_year_is_asked_for() -> None:
    with pytest.raises(NoSuchDay, match="请写明农历哪一年"):
        day("腊月二十", None)


def test_the_next_to_come_may_be_today() -> None:
    assert day("腊月二十", date(2027, 1, 27)) == date(2027, 1, 27)
    assert day("腊月二十", date(2027, 1, 28)) == date(2028, 1, 16)


def test_each_year_ends_where_the_next_begins_and_has_its_months() -> None:
    years = lunar_years()
    for year, of in years.items():
        assert len(of.lengths) == (13 if of.leap else 12)
        ends = max(start + timedelta(days=days) for start, days in of.months.values())
        assert year + 1 not in years or years[year + 1].first == ends


def test_the_feasts_of_the_calendar_of_the_state_are_the_same_days() -> None:
    for year, of in feasts().items():
        for name, month, number in (("春节", 1, 1), ("端午节", 5, 5), ("中秋节", 8, 15)):
            assert civil_day(LunarDay(month, number, year=year), lunar_years(), None) == of[name]
