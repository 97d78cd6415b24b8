"""When something happened, as exactly as it was reported, and no more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.occurred import UNREPORTED, Occurred, Precision, at, on

pytestmark = pytest.mark.quick

# 00:30 on 23 November in China: still the 22nd in UTC.
JUST_AFTER_MIDNIGHT = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "precision", "words"),
    [
        ("2026-11-23T09:30", Precision.MINUTE, "2026年11月23日（周一）09:30"),
        ("2026-11-23", Precision.DAY, "2026年11月23日（周一）"),
        ("2026-11", Precision.MONTH, "2026年11月"),
        ("2026", Precision.YEAR, "2026年"),
        ("2026-11-01/2026-11-05", Precision.INTERVAL, "2026年11月1日（周日）至2026年11月5日（周四）"),
        ("2026-11-23~", Precision.ABOUT, "约2026年11月23日"),
        ("2026-11~", Precision.ABOUT, "约2026年11月"),
        ("2026~", Precision.ABOUT, "约2026年"),
        ("..", Precision.UNREPORTED, "时间不清楚"),
    ],
)
def test_every_precision_is_read_and_told(written: str, precision: Precision, words: str) -> None:
    occurred = Occurred.read(f" {written} ")
    assert (occurred.text, occurred.precision, occurred.words()) == (written, precision, words)


def test_every_precision_there_is_can_be_written() -> None:
    written = ["2026-11-23T09:30", "2026-11-23", "2026-11", "2026", "2026-11-01/2026-11-05", "2026~", ".."]
    assert {Occurred.read(w).precision for w in written} == set(Precision)


@pytest.mark.parametrize(
    ("written", "day", "first", "last"),
    [
        ("2026-11-23T23:59", date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 23)),
        ("2026-11-23", date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 23)),
        ("2026-11", None, date(2026, 11, 1), date(2026, 11, 1)),
        ("2026", None, date(2026, 1, 1), date(2026, 1, 1)),
        ("2026-11-01/2026-11-05", None, date(2026, 11, 1), date(2026, 11, 5)),
        ("2026-11-23~", None, date(2026, 11, 23), date(2026, 11, 23)),
        ("..", None, None, None),
    ],
)
def test_a_day_is_known_only_where_it_was_reported(
    written: str, day: date | None, first: date | None, last: date | None
) -> None:
    occurred = Occurred.read(written)
    assert (occurred.day, occurred.first_day(), occurred.last_day()) == (day, first, last)


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-30",
        "2025-02-29",
        "2026-13",
        "2026-00",
        "2026-11-31~",
        "2026-11-23T24:01",
        "2026-11-23T09:60",
        "2026-11-01/2026-11-31",
        "2026-11-3",
        "11-23",
        "26",
        "2026-11-23T09:30+08:00",
        "2026-11-23T09:30:15",
        "2026-11/2026-12",
        "2026-11-23Z",
        "２０２６-11-23",
        "明天",
        "...",
        "~",
        "",
    ],
)
def test_what_is_no_date_is_refused_with_how_one_is_written(written: str) -> None:
    with pytest.raises(
        ValueError, match="不是有效日期，应写成 2026-11-23、2026-11、2026 或 2026-11-23T09:30"
    ) as refused:
        Occurred.read(written)
    assert f"“{written}”" in str(refused.value)


@pytest.mark.parametrize("written", ["0000", "0001-01-01"])
def test_a_year_before_all_records_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"不是有效日期|年份过早"):
        Occurred.read(written)


def test_1899_is_too_early_and_1900_is_not() -> None:
    with pytest.raises(ValueError, match="“1899-12-31”年份过早"):
        Occurred.read("1899-12-31")
    assert Occurred.read("1900-01-01").day == date(1900, 1, 1)


def test_an_interval_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(ValueError, match="“2026-11-05/2026-11-01”起日晚于止日"):
        Occurred.read("2026-11-05/2026-11-01")
    assert Occurred.read("2026-11-05/2026-11-05").precision is Precision.INTERVAL


class TestTheFuture:
    """By the day in China, whatever the clock's own zone; to the minute where minutes are known."""

    @pytest.mark.parametrize(
        ("written", "future"),
        [
            ("2026-11-23", False),
            ("2026-11-24", True),
            ("2026-11-23T00:31", False),  # a minute's grace for clocks
            ("2026-11-23T00:32", True),
            ("2026-11", False),
            ("2026-12", True),
            ("2026", False),
            ("2027", True),
            ("2026-11-24~", True),
            ("2026-11-20/2026-11-23", False),
            ("2026-11-24/2026-11-25", True),
            ("..", False),
        ],
    )
    def test_just_after_midnight_in_china_it_is_the_new_day(self, written: str, future: bool) -> None:
        assert Occurred.read(written).is_after(JUST_AFTER_MIDNIGHT) is future

    def test_just_before_it_the_new_day_is_still_to_come(self) -> None:
        before = JUST_AFTER_MIDNIGHT - timedelta(hours=1)
        assert Occurred.read("2026-11-23").is_after(before)
        assert not Occurred.read("2026-11-22").is_after(before)

    def test_the_zone_of_the_clock_makes_no_difference(self) -> None:
        today = Occurred.read("2026-11-23")
        assert not today.is_after(JUST_AFTER_MIDNIGHT.astimezone(CHINA))


def test_a_moment_is_written_as_the_clock_in_china_shows_it() -> None:
    assert at(JUST_AFTER_MIDNIGHT) == Occurred("2026-11-23T00:30")
    assert on(date(2026, 11, 23)) == Occurred("2026-11-23")
    assert Occurred() == UNREPORTED


@given(st.timedeltas(timedelta(0), timedelta(days=100_000)).map(lambda since: datetime(1900, 1, 1, tzinfo=UTC) + since))
def test_a_moment_written_down_can_be_read_and_is_not_in_its_own_future(moment: datetime) -> None:
    written = at(moment)
    assert Occurred.read(written.text) == written
    assert not written.is_after(moment)
    assert written.day == moment.astimezone(CHINA).date()


@given(st.text(max_size=24) | st.from_regex(r"[0-9T:/~.-]{0,24}", fullmatch=True))
def test_whatever_is_written_is_read_or_refused_in_chinese(written: str) -> None:
    try:
        occurred = Occurred.read(written)
    except ValueError as fault:
        told = str(fault)
    else:
        told = occurred.words()
    assert any("一" <= character <= "鿿" for character in told) or occurred.precision is Precision.MINUTE


@pytest.mark.parametrize(("typed", "meant"), [("2026/11/03", "2026-11-03"), ("2026-11-03 09:30", "2026-11-03T09:30")])
def test_what_people_type_is_taken_as_they_mean_it(typed: str, meant: str) -> None:
    assert Occurred.read(typed).text == meant
