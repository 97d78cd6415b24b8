"""Days as people write them are read as one day or as none; what is written out is read back as the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation_engine.domain.formatting import WEEKDAYS, day_words
from mediation_engine.domain.occurred import Occurred
from mediation_engine.input.days import Unread, read_day, read_time, read_when, typed_day, typed_when

pytestmark = pytest.mark.quick

TODAY = date(2026, 11, 29)  # a Sunday
DIGITS = "零一二三四五六七八九"
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))

HAPPENED = {
    "2026-11-28": "2026-11-28",
    "2026/11/28": "2026-11-28",
    "2026.11.28": "2026-11-28",
    "20261128": "2026-11-28",
    "2026年11月28日": "2026-11-28",
    "2026年11月28日（周六）": "2026-11-28",
    "２０２６年１１月２８号": "2026-11-28",
    "11月28日": "2026-11-28",
    "11.28": "2026-11-28",
    "11-28": "2026-11-28",
    "28日": "2026-11-28",
    "今天": "2026-11-29",
    "昨天": "2026-11-28",
    "前天": "2026-11-27",
    "大前天": "2026-11-26",
    "三天前": "2026-11-26",
    "两周前": "2026-11-15",
    "上月底": "2026-10-31",
    "上个月28日": "2026-10-28",
    "上周五": "2026-11-20",
    "周五": "2026-11-27",
    "周一": "2026-11-23",
    "本周五": "2026-11-27",
    "上星期天": "2026-11-22",
    "本周一": "2026-11-23",
    "去年12月25日": "2025-12-25",
    "8月1日": "2026-08-01",
    "农历十月初八": None,
    "农历2026年十月初八": "2026-11-16",
    "2026-11-28T14:30": "2026-11-28T14:30",
    "11月28日 14:30": "2026-11-28T14:30",
    "11月28日下午2点半": "2026-11-28T14:30",
    "昨天晚上8点一刻": "2026-11-28T20:15",
    "前天上午9点": "2026-11-27T09:00",
    "昨天中午12点": "2026-11-28T12:00",
    "昨晚": "2026-11-28",
    "昨晚10点40": "2026-11-28T22:40",
    "昨晚22:40": "2026-11-28T22:40",
    "今早8点": "2026-11-29T08:00",
    "14:30": "2026-11-29T14:30",
    "10月": "2026-10",
    "10月份": "2026-10",
    "2026年10月": "2026-10",
    "2026-10": "2026-10",
    "上个月": "2026-10",
    "2025": "2025",
    "去年": "2025",
    "约2026年10月": "2026-10~",
    "10月28日左右": "2026-10-28~",
    "10月1日至10月5日": "2026-10-01/2026-10-05",
    "不清楚": "..",
}


@pytest.mark.parametrize(("typed", "text"), [(k, v) for k, v in HAPPENED.items() if v], ids=str)
def test_when_something_happened_is_read_as_exactly_as_it_was_written(typed: str, text: str) -> None:
    read = read_when(typed, TODAY)
    assert read is not None
    assert read.text == text


@pytest.mark.parametrize("typed", ["", "  ", "现在", "刚才"])
def test_nothing_written_is_now(typed: str) -> None:
    assert read_when(typed, TODAY) is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("周日", "是今天还是上周日？请写成 今天 或 上周日"),
        ("下周一", "是2026年11月30日（周一），还没有到"),
        ("12月25日", "还没有到；如果是2025年的，请写成 2025年12月25日"),
        ("30日", "还没有到；上个月的请写明几月，如 10月30日"),
        ("31日", "本月没有这一天"),
        ("12月", "还没有到；去年的请写成 2025年12月"),
        ("13月", "不是月份"),
        ("2月30日", "没有这一天"),
        ("2026年2月29日", "没有这一天"),
        ("2026年11月28日（周五）", "是周六，不是周五"),
        ("昨天2点半", "是上午还是下午？请写成 下午2点半 或 凌晨2点半"),
        ("昨天25:00", "不是几点几分"),
        ("昨天上午3点", "对不上"),
        ("昨天晚上12点", "对不上"),
        ("农历十月初八", "还没有到"),
        ("十一月二十八日", "农历的前面写上“农历”"),
        ("10月5日至10月1日", "前后颠倒"),
        ("1026-11-28", "年份不对"),
        ("前几天", "请写几月几日，比方说 11月22日、昨天"),
        ("三天内", "不是哪一天"),
        ("三天后", "是2026年12月2日（周三），还没有到"),
        ("月底", "还没有到"),
        ("年底", "还没有到"),
        ("下月5日", "还没有到"),
        ("一年前", "不是哪一天"),
        ("零天前", "不是有效日期"),
        ("十十天前", "不是哪一天"),
        ("11月", None),
        ("1" * 5000, "不是有效日期"),
        ("2026年" * 2000, "不是有效日期"),
    ],
)
def test_what_can_be_meant_in_two_ways_or_is_none_says_how_to_write_it(typed: str, sentence: str | None) -> None:
    if sentence is None:
        assert read_when(typed, TODAY) == Occurred("2026-11")
        return
    with pytest.raises(Unread) as fault:
        read_when(typed, TODAY)
    assert sentence in str(fault.value)
    assert len(str(fault.value)) < 140


def test_what_disturbs_a_screen_is_not_said_back() -> None:
    with pytest.raises(Unread) as fault:
        read_day("\x1b[2J\u202e", TODAY)
    assert str(fault.value).startswith("“?[2J?”")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1月15日", date(2027, 1, 15)),
        ("12月28日", date(2026, 12, 28)),
        ("11月20日", date(2026, 11, 20)),
        ("28日", date(2026, 11, 28)),
        ("明天", date(2026, 11, 30)),
        ("下周三", date(2026, 12, 2)),
        ("明年3月1日", date(2027, 3, 1)),
        ("三天内", date(2026, 12, 2)),
        ("3日内", date(2026, 12, 2)),
        ("十五天以内", date(2026, 12, 14)),
        ("三天后", date(2026, 12, 2)),
        ("两周内", date(2026, 12, 13)),
        ("一个星期后", date(2026, 12, 6)),
        ("一个月内", date(2026, 12, 29)),
        ("三个月后", date(2027, 2, 28)),
        ("半个月内", date(2026, 12, 14)),
        ("半年内", date(2027, 5, 29)),
        ("一年后", date(2027, 11, 29)),
        ("月底", date(2026, 11, 30)),
        ("本月底", date(2026, 11, 30)),
        ("本月末", date(2026, 11, 30)),
        ("下月底", date(2026, 12, 31)),
        ("下个月底", date(2026, 12, 31)),
        ("下个月月底", date(2026, 12, 31)),
        ("年底", date(2026, 12, 31)),
        ("明年年底", date(2027, 12, 31)),
        ("本月28日", date(2026, 11, 28)),
        ("下月28日", date(2026, 12, 28)),
        ("下个月1号", date(2026, 12, 1)),
        ("农历腊月二十", date(2027, 1, 27)),
        ("除夕", date(2027, 2, 5)),
    ],
)
def test_a_day_that_is_set_may_lie_ahead(typed: str, day: date) -> None:
    assert read_day(typed, TODAY) == day


@pytest.mark.parametrize("typed", ["8月1日", "5月1日"])
def test_of_a_day_that_lies_near_in_no_year_the_year_is_asked(typed: str) -> None:
    with pytest.raises(Unread, match=f"是哪一年？请写成 2027年{typed} 或 2026年{typed}"):
        read_day(typed, TODAY)


def test_a_leap_day_is_read_in_a_year_that_has_it() -> None:
    assert read_day("2月29日", date(2028, 1, 10)) == date(2028, 2, 29)
    with pytest.raises(Unread, match="没有这一天"):
        read_day("2月29日", date(2026, 1, 10))


@given(st.dates(date(1901, 1, 1), date(2190, 12, 31)), st.integers(1, 99), st.sampled_from("内后"))
def test_a_day_counted_from_today_is_so_many_days_ahead(today: date, number: int, way: str) -> None:
    tens, ones = divmod(number, 10)
    said = ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")
    for words in (f"{number}天{way}", f"{said}天{way}", f"{number}日以{way}"):
        assert read_day(words, today) == today + timedelta(days=number)
    assert read_day(f"{said}天前", today, past=True) == today - timedelta(days=number)


@given(st.dates(date(1901, 1, 1), date(2190, 12, 31)), st.sampled_from(["", "本月", "上月", "下个月"]))
def test_the_end_of_a_month_is_the_day_before_the_next_begins(today: date, month: str) -> None:
    day = read_day(f"{month}月底" if month else "月底", today)
    assert (day + timedelta(days=1)).day == 1
    assert abs(day - today) <= timedelta(days=62)
    assert read_day(f"{month}{day.day}日", today) == day


def test_the_example_beside_what_cannot_be_read_lies_ahead_and_does_not_look_like_the_answer() -> None:
    with pytest.raises(Unread, match=r"比方说 12月6日、昨天、三天内$"):
        read_day("过几天", TODAY)


def test_a_time_of_day_where_only_a_day_is_asked_is_said_with_the_day_that_was_meant() -> None:
    for words in ("昨晚22:40", "昨天22:40", "11月28日晚上10点40"):
        with pytest.raises(Unread, match="这一栏只写哪一天，请写 2026年11月28日；几点钟请写在情况里"):
            read_day(words, TODAY)


@pytest.mark.parametrize("typed", ["28日", "昨天", "11月28日", "上周五", "三天内", "月底", "下月5日"])
def test_where_nobody_says_what_day_it_is_a_day_has_to_be_written_out(typed: str) -> None:
    with pytest.raises(Unread, match="请写明年月日"):
        read_day(typed)


TIMES = {"9点": "09:00", "14时05分": "14:05", "下午5点三刻": "17:45", "下午14:30": "14:30", "0:00": "00:00"}


@pytest.mark.parametrize(("typed", "time"), TIMES.items())
def test_a_time_of_day_is_read_by_the_clock_of_24_hours(typed: str, time: str) -> None:
    assert read_time(typed) == time


@given(DAYS)
def test_a_day_written_out_is_read_back_with_its_weekday_and_without_asking_what_day_it_is(day: date) -> None:
    assert read_day(typed_day(day)) == read_day(day.isoformat()) == read_day(day_words(day)) == day


@given(DAYS, st.integers(0, 23), st.integers(0, 59), st.integers(0, 300))
def test_every_time_that_can_be_recorded_is_written_out_and_read_back_as_the_same(
    day: date, hour: int, minute: int, more: int
) -> None:
    last = min(day + timedelta(days=more), date(2200, 12, 31))
    texts = (f"{day}T{hour:02d}:{minute:02d}", f"{day}", f"{day:%Y-%m}", f"{day:%Y}", f"{day}/{last}")
    for text in (*texts, f"{day}~", f"{day:%Y-%m}~", f"{day:%Y}~", ".."):
        occurred = Occurred(text.replace(f"{day:%Y}", f"{day.year:04d}", 1) if text != ".." else text)
        assert read_when(typed_when(occurred), TODAY) == occurred


@given(DAYS, st.dates(date(1901, 1, 1), date(2199, 12, 31)))
def test_a_day_without_its_year_is_never_read_as_another_day_of_the_year(day: date, today: date) -> None:
    for past in (True, False):
        try:
            read = read_day(f"{day.month}月{day.day}日", today, past=past)
        except Unread:
            continue
        assert (read.month, read.day) == (day.month, day.day)
        assert not past or read <= today


@given(st.sampled_from(WEEKDAYS), DAYS)
def test_a_weekday_that_is_not_that_of_the_day_is_told(weekday: str, day: date) -> None:
    typed = f"{typed_day(day)}（周{weekday}）"
    if WEEKDAYS[day.weekday()] == weekday:
        assert read_day(typed) == day
    else:
        with pytest.raises(Unread, match="请核对"):
            read_day(typed)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_time_or_a_sentence(typed: str) -> None:
    try:
        read = read_when(typed, TODAY)
    except Unread:
        return
    assert read is None or Occurred.read(read.text) == read


AHEAD = {
    "周五": "2026-12-04",
    "周一": "2026-11-30",
    "星期六": "2026-12-05",
    "下周五": "2026-12-04",
    "下周一": "2026-11-30",
}


@pytest.mark.parametrize(("typed", "text"), AHEAD.items(), ids=str)
def test_of_what_lies_ahead_a_weekday_is_the_next_one(typed: str, text: str) -> None:
    assert read_day(typed, TODAY, ahead=True).isoformat() == text


def test_a_weekday_that_is_today_or_of_a_day_that_may_lie_either_way_is_asked_about() -> None:
    with pytest.raises(Unread, match="是今天还是下周日？"):
        read_day("周日", TODAY, ahead=True)
    with pytest.raises(Unread, match="是哪一周？请写成 上周五、本周五、下周五"):
        read_day("周五", TODAY)
