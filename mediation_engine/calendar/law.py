"""What 全国年节及纪念日放假办法 alone fixes: statutory days (第2条), and 补假 for those on a weekend (第6条)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta

from ..domain.calendar import A_DAY, CalendarYear, DayKind, NamedDay, YearStatus, is_weekend

REVISED = 2025
"""First year of the regulation as revised in 2024: 除夕 and 2 May are statutory since."""
FEASTS = ("元旦", "春节", "清明节", "劳动节", "端午节", "国庆节", "中秋节")
"""The holidays as notices call them. Where two fall on one day the earlier here is named first."""
Feasts = Mapping[str, date]
"""The first day of 春节, and the days of 清明节, 端午节, 中秋节 in a year: what sun and moon fix."""


def statutory_days(year: int, feasts: Feasts) -> dict[date, str]:
    """The statutory days of a year and the holiday of each, in order of time."""
    spring, revised = feasts["春节"], year >= REVISED
    first = {
        "元旦": (date(year, 1, 1), 1),
        "春节": (spring - A_DAY, 4) if revised else (spring, 3),
        "清明节": (feasts["清明节"], 1),
        "劳动节": (date(year, 5, 1), 2 if revised else 1),
        "端午节": (feasts["端午节"], 1),
        "国庆节": (date(year, 10, 1), 3),
        "中秋节": (feasts["中秋节"], 1),
    }
    found: dict[date, list[str]] = {}
    for name in FEASTS:
        start, days = first[name]
        for n in range(days):
            found.setdefault(start + timedelta(days=n), []).append(name)
    return {day: "、".join(names) for day, names in sorted(found.items())}


def provisional_year(year: int, feasts: Feasts) -> CalendarYear:
    """A year without its notice: the statutory days, and for each on a Saturday or Sunday the next working day off.

    That the day off follows at once is our placing; the regulation says only that it is a working day.
    """
    law = statutory_days(year, feasts)
    off: set[date] = set()
    for day in filter(is_weekend, law):
        while day in law or day in off or is_weekend(day):
            day += A_DAY
        off.add(day)
    return CalendarYear(year=year, status=YearStatus.PROVISIONAL, days=named_days(law, off, {}))


def named_days(law: Mapping[date, str], off: Collection[date], work: Mapping[date, str]) -> tuple[NamedDay, ...]:
    """The days of a year by kind: statutory days, other weekdays off, and the Saturdays and Sundays worked, with a
    holiday of the break that each makes up for.

    A notice does not tell 补假 from 调休. In each break as many weekdays off as it has statutory days on a weekend are
    补假, the first that follow; the rest are 调休放假.
    """
    runs = [run for run in _runs(law, off, work) if any(day in law for day in run)]
    names = {day: "、".join(_names(law[d] for d in run if d in law)) for run in runs for day in run}
    days = [NamedDay(day, DayKind.STATUTORY, name) for day, name in law.items()]
    for run in runs:
        owed = [day for day in run if day in law and is_weekend(day)]
        weekdays = [day for day in run if day in off and day not in law]
        substitutes = [day for day in weekdays if owed and day > owed[0]][: len(owed)]
        for day in weekdays:
            kind = DayKind.SUBSTITUTE if day in substitutes else DayKind.BRIDGE_OFF
            days.append(NamedDay(day, kind, names[day]))
    by_feast = {feast: name for name in names.values() for feast in name.split("、")}
    days += (NamedDay(day, DayKind.MAKEUP_WORK, by_feast.get(name, name)) for day, name in work.items())
    return tuple(sorted(days))


def _runs(law: Mapping[date, str], off: Collection[date], work: Mapping[date, str]) -> Iterator[list[date]]:
    """The breaks: rest days in a row, with the weekends they meet."""
    rest = sorted({*law, *off})
    seen: set[date] = set()
    for day in rest:
        if day in seen:
            continue
        run = [*reversed([*_onwards(day, -A_DAY, rest, work)][1:]), *_onwards(day, A_DAY, rest, work)]
        seen.update(run)
        yield run


def _onwards(day: date, step: timedelta, rest: Collection[date], work: Mapping[date, str]) -> Iterator[date]:
    while day in rest or (is_weekend(day) and day not in work):
        yield day
        day += step


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for it in names for name in it.split("、")))
