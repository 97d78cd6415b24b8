"""Periods of figures as people say them."""

from __future__ import annotations

from datetime import date

import pytest

from mediation_engine.input.spans import period_code
from mediation_engine.services.figures import read_period

pytestmark = pytest.mark.quick

TODAY = date(2026, 11, 29)

SAID = {
    "上个月": "2026-10",
    "上月": "2026-10",
    "本月": "2026-11",
    "10月": "2026-10",
    "10月份": "2026-10",
    "12月": "2025-12",
    "2026年10月": "2026-10",
    "2026.10": "2026-10",
    "2026-10": "2026-10",
    "去年12月": "2025-12",
    "三季度": "2026-Q3",
    "第3季度": "2026-Q3",
    "2025年四季度": "2025-Q4",
    "上季度": "2026-Q3",
    "上半年": "2026-H1",
    "去年下半年": "2025-H2",
    "今年": "2026",
    "2025年": "2025",
    "2026-Q4": "2026-Q4",
    "2026-H2": "2026-H2",
    "2026": "2026",
}


@pytest.mark.parametrize("words", SAID)
def test_a_period_is_read_as_people_say_it(words: str) -> None:
    assert period_code(words, TODAY) == SAID[words]
    assert read_period(period_code(words, TODAY)) is not None


def test_seen_from_january_the_last_month_and_quarter_are_of_the_year_before() -> None:
    january = date(2027, 1, 5)
    assert [period_code(it, january) for it in ("上月", "上季度", "下半年")] == ["2026-12", "2026-Q4", "2026-H2"]


@pytest.mark.parametrize("words", ["", "10", "2026-13", "第五季度", "上周", "十月革命"])
def test_what_is_no_period_is_none(words: str) -> None:
    assert read_period(period_code(words, TODAY)) is None
