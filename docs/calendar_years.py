"""Makes `mediation_engine/calendar/years.json` and `feasts.json` anew: `make calendar`.

The only place where a library is asked about days. Lunar feasts come from lunar_python and are held against `holidays`
(and, up to 2026, against chinesecalendar); official days from chinesecalendar; numbers and days of the papers were read
in the published notices.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import holidays
from chinese_calendar import constants
from lunar_python import Lunar

from mediation_engine.calendar.law import named_days, statutory_days
from mediation_engine.domain.calendar import is_weekend

HERE = Path(__file__).parents[1] / "mediation_engine" / "calendar"
FIRST, OFFICIAL, LAST = 2020, 2026, 2031
PAPERS = {
    2020: ("国办发明电〔2019〕16号、国办发明电〔2020〕1号", "2019-11-21"),
    2021: ("国办发明电〔2020〕27号", "2020-11-25"),
    2022: ("国办发明电〔2021〕11号", "2021-10-25"),
    2023: ("国办发明电〔2022〕16号", "2022-12-08"),
    2024: ("国办发明电〔2023〕7号", "2023-10-25"),
    2025: ("国办发明电〔2024〕12号", "2024-11-12"),
    2026: ("国办发明电〔2025〕7号", "2025-11-04"),
}
LUNAR = {"春节": (1, 1), "端午节": (5, 5), "中秋节": (8, 15)}
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}
ENGLISH = {"清明节": "Tomb-Sweeping Day", "端午节": "Dragon Boat Festival", "中秋节": "Mid-Autumn Festival"}


def feasts(year: int) -> dict[str, date]:
    """The first day of each feast that the sun and the moon fix; SystemExit where two libraries differ."""
    found = {name: _sun(Lunar.fromYmd(year, *day).getSolar()) for name, day in LUNAR.items()}
    term = Lunar.fromYmd(year, 6, 1).getJieQiTable()["清明"]
    found["清明节"] = _sun(term)
    again = holidays.China(years=year, language="en_US")
    for name, day in found.items():
        english = "Chinese New Year (Spring Festival)" if name == "春节" else ENGLISH[name]
        if english not in again.get_list(day):
            sys.exit(f"{year} {name}: {day} is {again.get_list(day)} by holidays {version('holidays')}")
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _sun(day: Any) -> date:
    return date(day.getYear(), day.getMonth(), day.getDay())


def official(year: int, of: dict[str, date]) -> list[tuple[str, str, str]]:
    """The days of an official year, those of the December before that its notice names among them."""
    # What chinesecalendar keeps under a date of the December before belongs to the next year's notice.
    mine = {day: NAMES[name] for day, name in constants.holidays.items() if _year_of(day, name) == year}
    work = {day: NAMES[name] for day, name in constants.workdays.items() if _year_of(day, name) == year}
    law = statutory_days(year, of)
    for day, name in law.items():
        assert day in mine, f"{year}: {day} {name} is no holiday by chinesecalendar"
    off = [day for day in mine if not is_weekend(day)]
    days = named_days(law, off, work)
    return [(day.day.isoformat(), day.kind.value, day.name) for day in days]


def _year_of(day: date, name: str) -> int:
    return day.year + 1 if day.month == 12 and NAMES.get(name) == "元旦" else day.year


def main() -> None:
    """Write both files, a line a day."""
    all_feasts = {year: feasts(year) for year in range(FIRST, LAST + 1)}
    source = f"chinesecalendar {version('chinesecalendar')}"
    years = {
        str(year): {
            "paper": PAPERS[year][0],
            "paper_day": PAPERS[year][1],
            "source": source,
            "days": official(year, all_feasts[year]),
        }
        for year in range(FIRST, OFFICIAL + 1)
    }
    _write("years.json", years)
    _write("feasts.json", {str(y): {n: d.isoformat() for n, d in of.items()} for y, of in all_feasts.items()})


def _write(name: str, value: object) -> None:
    words = json.dumps(value, ensure_ascii=False, indent=1)
    (HERE / name).write_text(words + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
