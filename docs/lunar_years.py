"""Makes `mediation_engine/calendar/lunar.json` anew: `make calendar`.

The lunar years by lunar_python, each held against borax and lunardate: their first days, the lengths of their months,
the leap month. From 1950 to 2099 they differ in five years (the new moon falls close to midnight); none of those is
written: SystemExit if one were.
"""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import lunardate
from borax.calendars.lunardate import LCalendars, LunarDate
from lunar_python import LunarYear

FILE = Path(__file__).parents[1] / "mediation_engine" / "calendar" / "lunar.json"
COMPARED, FIRST, LAST = range(1950, 2100), 2000, 2056


def main() -> None:
    """Write a line for each year: its first day, its leap month (0 for none), the lengths of its months in order."""
    for year in COMPARED:
        found, again, starts = by_lunar_python(year), by_borax(year), by_lunardate(year)
        if found != again or starts != starts_of(*found):
            print(f"{year}: the libraries differ", file=sys.stderr)
            if FIRST <= year <= LAST:
                sys.exit(1)
    rows = [(year, *by_lunar_python(year)) for year in range(FIRST, LAST + 1)]
    text = ",\n".join(
        f'"{year}": {json.dumps([day.isoformat(), leap, days], ensure_ascii=False)}' for year, day, leap, days in rows
    )
    FILE.write_text(f"{{\n{text}\n}}\n", encoding="utf-8")


def by_lunar_python(year: int) -> tuple[date, int, str]:
    """A year as lunar_python has it."""
    months: list[Any] = LunarYear.fromYear(year).getMonthsInYear()
    leap = next((-m.getMonth() for m in months if m.getMonth() < 0), 0)
    first = date(2000, 1, 1) + timedelta(days=round(months[0].getFirstJulianDay() - 2451544.5 - 0.5))
    return first, leap, _letters(m.getDayCount() for m in months)


def by_borax(year: int) -> tuple[date, int, str]:
    """The same by borax."""
    first, leap = LunarDate(year, 1, 1).to_solar_date(), LCalendars.leap_month(year)
    places = [(month, is_leap) for month in range(1, 13) for is_leap in ((0, 1) if month == leap else (0,))]
    return first, leap, _letters(LCalendars.ndays(year, month, is_leap) for month, is_leap in places)


def by_lunardate(year: int) -> list[date]:
    """The first days of the months by lunardate."""
    leap = LCalendars.leap_month(year)
    places = [(month, is_leap) for month in range(1, 13) for is_leap in ((False, True) if month == leap else (False,))]
    return [lunardate.LunarDate(year, month, 1, is_leap).to_solar_date() for month, is_leap in places]


def starts_of(first: date, leap: int, lengths: str) -> list[date]:
    """The first days of the months of a year."""
    days = [30 if it == "大" else 29 for it in lengths]
    return [first + timedelta(days=sum(days[:n])) for n in range(len(days))]


def _letters(lengths: Any) -> str:
    """大 for a month of thirty days, 小 for one of twenty-nine."""
    return "".join("大" if days == 30 else "小" for days in lengths)


if __name__ == "__main__":
    main()
