"""Periods of figures as people say them: 上个月, 10月, 三季度, 今年上半年; by the code that they are known by."""

from __future__ import annotations

import re
from datetime import date

from .characters import FULL_WIDTH
from .days import MONTHS, YEARS

QUARTERS = {"上季度": -1, "上个季度": -1, "本季度": 0, "这个季度": 0}
_YEAR = rf"(?:(?P<y>[0-9]{{4}})\s*[-年/.]?\s*|(?P<said>{'|'.join(YEARS)})的?)"
_MONTH = re.compile(rf"{_YEAR}?(?P<n>[0-9]{{1,2}})(?P<unit>月份?)?")
_QUARTER = re.compile(rf"{_YEAR}?第?(?P<n>[1-4一二三四])季度?")
_HALF = re.compile(rf"{_YEAR}?(?P<n>[上下])半年")
_WHOLE = re.compile(rf"(?:(?P<y>[0-9]{{4}})年?|(?P<said>{'|'.join(YEARS)}))(?:全年)?")


def period_code(words: str, today: date) -> str:
    """The code of a period as people say it, seen from a day; other words as they are.

    Without a year it is the last such period that has begun.
    """
    typed = "".join(words.translate(FULL_WIDTH).split())
    if typed in MONTHS:
        return _month(today, MONTHS[typed])
    if typed in QUARTERS:
        return _quarter(today.year * 4 + (today.month - 1) // 3 + QUARTERS[typed])
    if found := _HALF.fullmatch(typed):
        half = 1 if found["n"] == "上" else 2
        return f"{_year(found, today, half * 6 - 5)}-H{half}"
    if found := _QUARTER.fullmatch(typed):
        quarter = "一二三四".find(found["n"]) + 1 or int(found["n"])
        return f"{_year(found, today, quarter * 3 - 2)}-Q{quarter}"
    if found := _WHOLE.fullmatch(typed):
        return str(_year(found, today, 1))
    if (found := _MONTH.fullmatch(typed)) and (found["unit"] or found["y"]):
        return f"{_year(found, today, int(found['n']))}-{int(found['n']):02d}"
    return words


def _year(found: re.Match[str], today: date, begins: int) -> int:
    """The year that is named; else the last in which such a period has begun."""
    if found["y"]:
        return int(found["y"])
    if found["said"]:
        return today.year + YEARS[found["said"]]
    return today.year - (begins > today.month)


def _month(today: date, away: int) -> str:
    number = today.year * 12 + today.month - 1 + away
    return f"{number // 12}-{number % 12 + 1:02d}"


def _quarter(number: int) -> str:
    return f"{number // 4}-Q{number % 4 + 1}"
