"""Lunar dates (农历) as people write them: 农历腊月二十, 农历2025年闰六月初三, 除夕. Years in a table say which days.

Months and days are read in the lunar way of writing alone, or after 农历: 8月15日 is a civil date.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

LONG, SHORT = 30, 29
MONTHS = ("正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月", "腊月")
ALSO = {"一月": 1, "十一月": 11, "十二月": 12}
ONLY_LUNAR = ("正月", "冬月", "腊月")
"""Months that no civil date is written with."""
_ONES = "一二三四五六七八九"
DAYS = (*(f"初{n}" for n in _ONES), "初十", *(f"十{n}" for n in _ONES), "二十", *(f"廿{n}" for n in _ONES), "三十")
FEASTS: Mapping[str, tuple[int, int]] = {
    "春节": (1, 1),
    "大年初一": (1, 1),
    "元宵节": (1, 15),
    "元宵": (1, 15),
    "端午节": (5, 5),
    "端午": (5, 5),
    "七夕": (7, 7),
    "中元节": (7, 15),
    "中秋节": (8, 15),
    "中秋": (8, 15),
    "重阳节": (9, 9),
    "重阳": (9, 9),
    "腊八": (12, 8),
    "除夕": (12, 0),
    "大年三十": (12, 0),
    "年三十": (12, 0),
}
"""Feasts by month and day; day 0 is the last of its month."""


@dataclass(frozen=True, slots=True)
class LunarDay:
    """A lunar date as it was written; without a year the next to come is meant."""

    month: int
    day: int
    """0 for the last of the month."""
    leap: bool = False
    year: int | None = None
    """The lunar year; 腊月 of 2026 lies mostly in January of 2027."""
    years_on: int | None = None
    """Of 今年 and 明年: how many years from the present lunar one."""


@dataclass(frozen=True)
class LunarYear:
    """A lunar year: its first day, its leap month (0 for none), its months as 大 or 小 in order."""

    first: date
    leap: int
    lengths: str

    @cached_property
    def months(self) -> Mapping[tuple[int, bool], tuple[date, int]]:
        """First day and length by number and whether it is the leap month."""
        numbers = [(n, leap) for n in range(1, 13) for leap in ((False, True) if n == self.leap else (False,))]
        found, start = {}, self.first
        for number, letter in zip(numbers, self.lengths, strict=True):
            days = LONG if letter == "大" else SHORT
            found[number], start = (start, days), start + timedelta(days=days)
        return found


LunarYears = Mapping[int, LunarYear]


class NoSuchDay(ValueError):
    """A sentence in Chinese that says why a lunar date is no day."""


_MONTH = "|".join(sorted((*MONTHS, *ALSO), key=len, reverse=True))
_FORM = re.compile(
    r"(?P<lunar>农历|阴历|旧历)?\s*(?:(?P<year>[0-9]{4})年|(?P<now>今年|明年))?\s*"
    rf"(?:(?P<feast>{'|'.join(sorted(FEASTS, key=len, reverse=True))})"
    rf"|(?P<leap>闰)?(?P<month>{_MONTH}|(?P<number>[0-9]{{1,2}})月)(?P<day>[初一二三四五六七八九十廿卅]{{1,3}}|[0-9]{{1,2}})[日号]?)"
)


def read_lunar(words: str) -> LunarDay | None:
    """A lunar date, where words are one and nothing else."""
    found = _FORM.fullmatch(words.strip())
    if found is None:
        return None
    year, on = int(found["year"]) if found["year"] else None, {"今年": 0, "明年": 1}.get(found["now"] or "")
    if found["feast"]:
        month, day = FEASTS[found["feast"]]
        return LunarDay(month, day, year=year, years_on=on)
    number, day = _month(found), _day(found["day"])
    known = found["lunar"] or found["leap"] or found["month"] in ONLY_LUNAR or found["day"][0] in "初廿卅"
    return LunarDay(number, day, bool(found["leap"]), year, on) if known and number and day else None


def _month(found: re.Match[str]) -> int:
    if found["number"]:
        return int(found["number"]) if 1 <= int(found["number"]) <= 12 else 0
    return ALSO.get(found["month"]) or MONTHS.index(found["month"]) + 1


def _day(written: str) -> int:
    if written.isdecimal():
        return int(written) if 1 <= int(written) <= LONG else 0
    plain = {"卅": "三十"}.get(written, written.replace("二十", "廿") if len(written) == 3 else written)
    return DAYS.index(plain) + 1 if plain in DAYS else 0


def civil_day(it: LunarDay, years: LunarYears, today: date | None) -> date:
    """The civil day of a lunar date.

    Raises:
        NoSuchDay: with a sentence; also where no year is written and `today` is not known.
    """
    if it.year is not None:
        return _in_year(it, it.year, years)
    if today is None:
        raise NoSuchDay("请写明农历哪一年，如 农历2026年腊月二十")
    present = max((y for y, of in years.items() if of.first <= today), default=0)
    if it.years_on is not None:
        return _in_year(it, present + it.years_on, years)
    for year in (present, present + 1):
        of = years.get(year)
        month = of.months.get((it.month, it.leap)) if of else None
        if month is None:
            continue
        start, days = month
        if start + timedelta(days=days) <= today:
            continue  # the month is over
        day = _in_year(it, year, years)
        if day >= today:
            return day
    if it.leap:
        raise NoSuchDay(f"今年和明年农历都没有闰{MONTHS[it.month - 1]}，请核对；要写以后的，请写明哪一年")
    return _in_year(it, present + 1, years)


def _in_year(it: LunarDay, year: int, years: LunarYears) -> date:
    name = f"农历{year}年"
    if year not in years:
        raise NoSuchDay(f"农历只认得{min(years)}年到{max(years)}年的，请改写公历日期")
    month = years[year].months.get((it.month, it.leap))
    if month is None:
        raise NoSuchDay(f"{name}没有闰{MONTHS[it.month - 1]}，请核对")
    start, days = month
    if it.day > days:
        last = "，二十九就是除夕" if it.month == 12 else ""
        raise NoSuchDay(f"{name}{'闰' if it.leap else ''}{MONTHS[it.month - 1]}只有{days}天{last}，没有三十，请核对")
    return start + timedelta(days=(it.day or days) - 1)
