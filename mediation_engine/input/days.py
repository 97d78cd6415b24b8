"""Days and times as people write them in Chinese: 2026年11月28日, 11.28, 三天内, 下月底, 昨天下午2点半, 农历腊月二十.

A small grammar, read from a day that is passed in. What can be meant in two ways is no day: the sentence says how to
write it instead. What is written out (`typed_day`, `typed_when`) is read back as the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache

from ..calendar.lunar import lunar_years
from ..domain.formatting import WEEKDAYS, civil_words, day_words
from ..domain.lunar import NoSuchDay, civil_day, read_lunar
from ..domain.occurred import UNREPORTED, Occurred, Precision, on
from ..domain.periods import PeriodUnit, raw_end
from .characters import FULL_WIDTH, quoted

FIRST_YEAR, LAST_YEAR = 1900, 2200
NEAR = timedelta(days=92)
"""A day without a year is that of the year in which it lies so near; of one that lies near in none, it is asked."""
EXAMPLE = "2026年11月23日"
HINTS_AT_LUNAR = re.compile("[农阴旧]历|[正一二三四五六七八九十冬腊]月")
RELATIVE = {
    "大前天": -3,
    "前天": -2,
    "前日": -2,
    "昨天": -1,
    "昨日": -1,
    "今天": 0,
    "今日": 0,
    "当天": 0,
    "明天": 1,
    "明日": 1,
    "后天": 2,
    "大后天": 3,
}
EVENINGS = {
    "前晚": ("前天", "晚上"),
    "昨早": ("昨天", "早上"),
    "昨晚": ("昨天", "晚上"),
    "昨夜": ("昨天", "晚上"),
    "今早": ("今天", "早上"),
    "今晚": ("今天", "晚上"),
}
"""A day and a part of it, said in one word."""
RELATIVE |= {word: RELATIVE[day] for word, (day, _) in EVENINGS.items()}
WEEKS = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1, "下下": 2}
NEXT_MONTHS = {"下个月": 1, "下月": 1}
YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
MONTHS = {"上个月": -1, "上月": -1, "本月": 0, "这个月": 0, "这月": 0}
NOW, UNKNOWN = ("", "现在", "刚才", "刚刚", "now"), ("不清楚", "不知道", "不详", "时间未报道", "未报道", "..")
_WEEKDAY = r"(?:\s*[(（]?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])[)）]?)?"
_FULL = re.compile(
    rf"(?P<y>[0-9]{{4}})\s*[-年/.]\s*(?P<m>[0-9]{{1,2}})\s*[-月/.]\s*(?P<d>[0-9]{{1,2}})\s*[日号]?{_WEEKDAY}"
)
_COMPACT = re.compile("(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})")
_SHORT = re.compile(
    rf"(?P<year>{'|'.join(YEARS)})?\s*(?P<m>[0-9]{{1,2}})\s*[-月/.]\s*(?P<d>[0-9]{{1,2}})\s*[日号]?{_WEEKDAY}"
)
_MONTHS = "|".join([*MONTHS, *NEXT_MONTHS])
_OF_MONTH = re.compile(rf"(?P<month>{_MONTHS})?(?P<d>[0-9]{{1,2}})[日号]{_WEEKDAY}")
_END_OF_MONTH = re.compile(rf"(?P<month>{_MONTHS})?(?:的?(?:月底|月末|最后一天)|(?<=月)[底末])")
_END_OF_YEAR = re.compile(f"(?P<year>{'|'.join(YEARS)})?年?[底末]")
_COUNTED = re.compile(
    "(?P<n>[0-9]{1,3}|[一二两三四五六七八九十]{1,3}|半)个?(?P<unit>天|日|周|星期|礼拜|月|年)(?:以|之)?(?P<way>[内后前])"
)
_UNITS = {
    **dict.fromkeys(("天", "日"), (1, PeriodUnit.DAYS)),
    **dict.fromkeys(("周", "星期", "礼拜"), (7, PeriodUnit.DAYS)),
    "月": (1, PeriodUnit.MONTHS),
    "年": (1, PeriodUnit.YEARS),
}
_HALVES = {"月": (15, PeriodUnit.DAYS), "年": (6, PeriodUnit.MONTHS)}
_ONES = "一二三四五六七八九"
_OF_WEEK = re.compile(r"(?P<week>上上|下下|上|本|这|下)?个?(?:周|星期|礼拜)(?P<n>[一二三四五六日天])")
_MONTH = re.compile(
    rf"(?:(?P<y>[0-9]{{4}})\s*[-年/.]\s*|(?P<year>{'|'.join(YEARS)}))?(?P<m>[0-9]{{1,2}})(?P<unit>\s*月份?)?"
)
_TIME = re.compile(
    r"(?P<part>凌晨|早上|早晨|清晨|上午|中午|下午|傍晚|晚上|夜里|晚)?\s*(?P<h>[0-9]{1,2})"
    r"(?::(?P<m>[0-9]{2})(?::[0-9]{2})?|[点时](?:(?P<half>半)|(?P<quarter>[一三]刻)|(?P<min>[0-9]{1,2})分?|整)?)"
)
_AT = re.compile(rf"(?P<day>.*?)[T\s]*(?P<time>{_TIME.pattern})", re.S)
_PARTS = {
    **dict.fromkeys(("早上", "早晨", "清晨", "上午"), (5, 12, 0)),
    **dict.fromkeys(("下午", "傍晚"), (1, 7, 12)),
    **dict.fromkeys(("晚上", "夜里", "晚"), (5, 11, 12)),
    "凌晨": (0, 5, 0),
}
"""By part of the day: the hours that are said of it, and what they are on a clock of 24 hours."""


class Unread(ValueError):
    """A sentence in Chinese: why something is no day or time, and how to write it."""


class NotYet(Unread):
    """The same of a day that lies ahead, where only what has happened is written down."""


# -- days


def read_day(words: str, today: date | None = None, *, past: bool = False, ahead: bool = False) -> date:
    """The civil day that is meant; without `today` only a day written out in full.

    Of something in the `past` a day without a year, or a weekday, is the last such day; of something that lies `ahead`
    a weekday is the next one.

    Raises:
        Unread: with what to do.
    """
    typed = _plain(words)
    lunar = read_lunar(typed)
    try:
        day = civil_day(lunar, lunar_years(), today) if lunar else _civil(typed, today, past=past, ahead=ahead)
    except NoSuchDay as fault:
        raise Unread(str(fault)) from fault
    if lunar and past and today and day > today:
        raise NotYet(f"{typed}是{day_words(day)}，还没有到；以前的请写明哪一年，如 农历{today.year}年腊月二十")
    _check_year(typed, day.year)
    return day


def is_lunar(words: str) -> bool:
    """Whether a day is written as a lunar date."""
    return read_lunar(_plain(words)) is not None


def typed_day(day: date) -> str:
    """A day as a form shows it, and reads it back."""
    return civil_words(day)


def _plain(words: str) -> str:
    return words.translate(FULL_WIDTH).strip()


def _civil(typed: str, today: date | None, *, past: bool, ahead: bool) -> date:
    for form in (_FULL, _COMPACT):
        if found := form.fullmatch(typed):
            return _fits(_date(typed, int(found["y"]), int(found["m"]), int(found["d"])), found)
    if found := _SHORT.fullmatch(typed):
        return _fits(_in_some_year(typed, found, _asked(typed, today), past=past), found)
    if found := _OF_MONTH.fullmatch(typed):
        return _fits(_of_month(typed, found, _asked(typed, today), past=past), found)
    if typed in RELATIVE:
        return _asked(typed, today) + timedelta(days=RELATIVE[typed])
    if found := _OF_WEEK.fullmatch(typed):
        return _of_week(typed, found, _asked(typed, today), past=past, ahead=ahead)
    if found := _COUNTED.fullmatch(typed):
        return _counted(typed, found, _asked(typed, today), past=past)
    if ends := _END_OF_MONTH.fullmatch(typed) or _END_OF_YEAR.fullmatch(typed):
        return _end_of(typed, ends, _asked(typed, today), past=past)
    if (timed := _day_at(typed, today, past=past, ahead=ahead)) is not None:
        raise Unread(f"{quoted(typed)}：这一栏只写哪一天，请写 {civil_words(timed)}；几点钟请写在情况里")
    lunar = "；农历的前面写上“农历”，如 农历腊月二十" if HINTS_AT_LUNAR.search(typed) else ""
    raise Unread(f"{quoted(typed)}不是有效日期，{_how(today, past=past, ahead=ahead)}{lunar}")


def _day_at(typed: str, today: date | None, *, past: bool, ahead: bool) -> date | None:
    """The day of what is written with a time of day; None where it is no such thing."""
    at = _AT.fullmatch(_parted(typed))
    with suppress(Unread):
        return _civil(at["day"].strip(), today, past=past, ahead=ahead) if at and at["day"].strip() else None
    return None


def _parted(typed: str) -> str:
    """昨晚10点 as 昨天晚上10点."""
    day, part = EVENINGS.get(typed[:2], (typed[:2], ""))
    return f"{day}{part}{typed[2:]}" if len(typed) > 2 else typed


def _how(today: date | None, *, past: bool, ahead: bool = False) -> str:
    """How to write a day: an example that cannot be taken for what was meant."""
    if today is None:
        return f"应写成 {EXAMPLE}"
    day = today + timedelta(days=-7 if past else 7)
    return f"请写几月几日，比方说 {day.month}月{day.day}日、{'昨天' if past else '三天内' if ahead else '昨天、三天内'}"


def _asked(typed: str, today: date | None) -> date:
    if today is None:
        raise Unread(f"{quoted(typed)}不是有效日期，请写明年月日，如 {EXAMPLE}")
    return today


def _date(typed: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as fault:
        raise Unread(f"{quoted(typed)}不是有效日期，没有这一天，请核对") from fault


def _check_year(typed: str, year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unread(f"{quoted(typed)}年份不对，应在{FIRST_YEAR}年到{LAST_YEAR}年之间")


def _fits(day: date, found: re.Match[str]) -> date:
    """The day, where the weekday written beside it is its own."""
    said = (found.groupdict().get("weekday") or "").replace("天", "日")
    if said and said != WEEKDAYS[day.weekday()]:
        raise Unread(f"{civil_words(day)}是周{WEEKDAYS[day.weekday()]}，不是周{said}，请核对")
    return day


def _in_some_year(typed: str, found: re.Match[str], today: date, *, past: bool) -> date:
    month, number = int(found["m"]), int(found["d"])
    if found["year"]:
        return _date(typed, today.year + YEARS[found["year"]], month, number)
    days = list(_each_year(month, number, today.year))
    if not days:
        return _date(typed, today.year, month, number)
    this = next((day for day in days if day.year == today.year), None)
    if past and this is not None and this <= today:
        return this
    near = [day for day in days if abs(day - today) <= NEAR and (not past or day <= today)]
    if len(near) == 1:
        return near[0]
    last = max((day for day in days if day < today), default=days[0])
    coming = min((day for day in days if day > today), default=days[-1])
    if past:
        raise NotYet(f"{quoted(typed)}还没有到；如果是{last.year}年的，请写成 {civil_words(last)}")
    raise Unread(f"{quoted(typed)}是哪一年？请写成 {civil_words(coming)} 或 {civil_words(last)}")


def _each_year(month: int, number: int, year: int) -> Iterator[date]:
    """The day in the year before, in the year itself and in the one after, where there is one."""
    for each in (year - 1, year, year + 1):
        with suppress(ValueError):
            yield date(each, month, number)


def _of_month(typed: str, found: re.Match[str], today: date, *, past: bool) -> date:
    number, first = int(found["d"]), _first_of(found["month"], today)
    try:
        day = first.replace(day=number)
    except ValueError as fault:
        which = found["month"] or "本月"
        raise Unread(f"{quoted(typed)}：{which}没有这一天，请写明几月，如 {civil_words(today)}") from fault
    if past and day > today:
        raise NotYet(f"{quoted(typed)}还没有到；上个月的请写明几月，如 {(today.month - 2) % 12 + 1}月{number}日")
    return day


def _first_of(month: str | None, today: date) -> date:
    """The first day of a month that is named from today on."""
    number = today.year * 12 + today.month - 1 + (MONTHS | NEXT_MONTHS).get(month or "", 0)
    return date(number // 12, number % 12 + 1, 1)


def _end_of(typed: str, found: re.Match[str], today: date, *, past: bool) -> date:
    """The last day of a month, or of a year."""
    said = found.groupdict()
    if "year" in said:
        day = date(today.year + YEARS.get(said["year"] or "", 0), 12, 31)
    else:
        day = (_first_of(said["month"], today) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return _not_ahead(typed, day, today) if past else day


def _not_ahead(typed: str, day: date, today: date) -> date:
    if day > today:
        raise NotYet(f"{quoted(typed)}是{day_words(day)}，还没有到")
    return day


def _counted(typed: str, found: re.Match[str], today: date, *, past: bool) -> date:
    """三天内, 一个月后: the last day of a period from today on, which is not counted itself (民法典 第201条)."""
    unit, way = found["unit"], found["way"]
    each, kind = _HALVES.get(unit, (0, PeriodUnit.DAYS)) if found["n"] == "半" else _UNITS[unit]
    number = each * (1 if found["n"] == "半" else _number(found["n"]))
    is_of_days = kind is PeriodUnit.DAYS and found["n"] != "半"
    if not number or (past and way == "内") or (way == "前" and not is_of_days):
        raise Unread(f"{quoted(typed)}不是哪一天，{_how(today, past=past)}")
    if way == "前":
        return today - timedelta(days=number)
    day = raw_end(today, number, kind)
    return _not_ahead(typed, day, today) if past else day


def _number(words: str) -> int:
    """十五 as 15; 0 for what is no number."""
    if words.isascii():
        return int(words)
    tens, ten, ones = words.replace("两", "二").partition("十")
    if not ten:
        return _ONES.find(tens) + 1
    if any(part and part not in [*_ONES] for part in (tens, ones)):
        return 0
    return (_ONES.find(tens) + 1 if tens else 1) * 10 + (_ONES.find(ones) + 1 if ones else 0)


def _of_week(typed: str, found: re.Match[str], today: date, *, past: bool, ahead: bool) -> date:
    """A day of a week that is named; else the last or the next one, where either is meant and it is not today."""
    weekday = WEEKDAYS.index(found["n"].replace("天", "日"))
    away, name = weekday - today.weekday(), f"周{WEEKDAYS[weekday]}"
    if found["week"]:
        day = today + timedelta(days=7 * WEEKS[found["week"]] + away)
        return _not_ahead(typed, day, today) if past else day
    if not past and not ahead:
        raise Unread(f"{quoted(typed)}是哪一周？请写成 上{name}、本{name}、下{name} 或几月几日")
    if not away:
        raise Unread(
            f"{quoted(typed)}是今天还是{'上' if past else '下'}{name}？请写成 今天 或 {'上' if past else '下'}{name}"
        )
    return today - timedelta(days=-away % 7) if past else today + timedelta(days=away % 7)


# -- times of day


def read_time(words: str) -> str:
    """A time of day as 14:30.

    Raises:
        Unread: with what to do.
    """
    typed = _plain(words)
    found = _TIME.fullmatch(typed)
    if found is None:
        raise Unread(f"{quoted(typed)}不是几点几分，应写成 14:30 或 下午2点半")
    hour, part = int(found["h"]), found["part"] or ""
    minute = int(found["m"] or found["min"] or 0)
    minute = 30 if found["half"] else {"一刻": 15, "三刻": 45}.get(found["quarter"] or "", minute)
    hour = _hour(typed, hour, part, is_said=found["m"] is None)
    if hour > 23 or minute > 59:
        raise Unread(f"{quoted(typed)}不是几点几分，应写成 14:30 或 下午2点半")
    return f"{hour:02d}:{minute:02d}"


def _hour(typed: str, hour: int, part: str, *, is_said: bool) -> int:
    if part == "中午":
        if hour not in (11, 12, 1, 13):
            raise Unread(f"{quoted(typed)}对不上，请写成 14:30 或 下午2点半")
        return hour + 12 if hour == 1 else hour
    if not part:
        if is_said and 1 <= hour <= 6:
            raise Unread(
                f"{quoted(typed)}是上午还是下午？请写成 下午{typed} 或 {'凌晨' if hour < 5 else '早上'}{typed}"
            )
        return hour
    least, most, more = _PARTS[part]
    if part == "下午" and hour == 12:
        return 12
    if least <= hour <= most:
        return hour + more
    if more and least + more <= hour <= most + more:
        return hour
    raise Unread(f"{quoted(typed)}对不上，请写成 14:30 或 下午2点半")


# -- when something happened


@lru_cache(maxsize=1024)
def read_when(words: str, today: date) -> Occurred | None:
    """When something happened, as exactly as it was written; None for now.

    Raises:
        Unread: with what to do.
    """
    typed = _plain(words)
    if typed in NOW:
        return None
    if typed in UNKNOWN:
        return UNREPORTED
    about = re.fullmatch(r"(?:约|大约|大概)(.+)|(.+?)(?:左右|前后|~)", typed)
    if about:
        return Occurred(f"{_span(_plain(about[1] or about[2]), today).text}~")
    ends = re.split(r"\s*[至到]\s*|(?<=[0-9]{4}-[0-9]{2}-[0-9]{2})/", typed)
    if len(ends) == 2 and all(ends):
        first, last = (read_day(end, today, past=True) for end in ends)
        if last < first:
            raise Unread(f"{quoted(typed)}前后颠倒：{day_words(last)}早于{day_words(first)}")
        return Occurred(f"{first}/{last}")
    at = _AT.fullmatch(_parted(typed))
    if at:
        day = read_day(at["day"].strip(), today, past=True) if at["day"].strip() else today
        return Occurred(f"{day}T{read_time(at['time'])}")
    return _span(typed, today)


def _span(typed: str, today: date) -> Occurred:
    """A day, a month or a year."""
    if re.fullmatch("[0-9]{4}年?", typed):
        return _year(typed, int(typed[:4]))
    if typed in YEARS:
        return _year(typed, today.year + YEARS[typed])
    if typed in MONTHS:
        number = today.year * 12 + today.month - 1 + MONTHS[typed]
        return Occurred(f"{number // 12:04d}-{number % 12 + 1:02d}")
    found = _MONTH.fullmatch(typed)
    if found and (found["y"] or found["unit"]):
        return _month(typed, found, today)
    return on(read_day(typed, today, past=True))


def _year(typed: str, year: int) -> Occurred:
    _check_year(typed, year)
    return Occurred(f"{year:04d}")


def _month(typed: str, found: re.Match[str], today: date) -> Occurred:
    number = int(found["m"])
    if not 1 <= number <= 12:
        raise Unread(f"{quoted(typed)}不是月份，应写成 2026年10月")
    if found["y"] or found["year"]:
        year = int(found["y"]) if found["y"] else today.year + YEARS[found["year"]]
    elif number > today.month:
        raise NotYet(f"{quoted(typed)}还没有到；去年的请写成 {today.year - 1}年{number}月")
    else:
        year = today.year
    return Occurred(f"{_year(typed, year).text}-{number:02d}")


def typed_when(occurred: Occurred) -> str:
    """When something happened, as a form shows it, and reads it back."""
    if occurred.precision is Precision.UNREPORTED:
        return UNKNOWN[0]
    if occurred.precision is Precision.INTERVAL:
        return "至".join(typed_day(date.fromisoformat(end)) for end in occurred.text.split("/"))
    day, _, time = occurred.text.rstrip("~").partition("T")
    words = "".join(f"{int(n)}{unit}" for n, unit in zip(day.split("-"), "年月日", strict=False))
    return ("约" if occurred.precision is Precision.ABOUT else "") + words + (f" {time}" if time else "")
