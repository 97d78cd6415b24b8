"""The years that come with the program, read from the files beside this one (made by `make calendar`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from ..domain.calendar import Calendar, CalendarYear, DayKind, NamedDay, YearStatus
from .law import Feasts, provisional_year


class _Year(Struct, frozen=True, forbid_unknown_fields=True):
    """An official year as it stands in the file."""

    paper: str
    paper_day: date
    source: str
    days: list[tuple[date, DayKind, str]]


@cache
def feasts() -> Mapping[int, Feasts]:
    """The feasts of each year for which sun and moon have been reckoned."""
    return msgspec.json.decode(_bytes("feasts.json"), type=dict[int, dict[str, date]])


@cache
def shipped_years() -> Mapping[int, CalendarYear]:
    """The years of the program: official ones, and those that the law alone fixes."""
    official = msgspec.json.decode(_bytes("years.json"), type=dict[int, _Year])
    years = {year: provisional_year(year, of) for year, of in feasts().items()}
    return years | {year: _official(year, it) for year, it in official.items()}


def calendar_with(imported: Iterable[CalendarYear] = ()) -> Calendar:
    """The calendar: an imported year stands for the one of the program, a later import for an earlier one."""
    return Calendar({**shipped_years(), **{it.year: it for it in imported}}.values())


def _official(year: int, it: _Year) -> CalendarYear:
    days = tuple(NamedDay(*day) for day in it.days)
    return CalendarYear(year=year, status=YearStatus.OFFICIAL, days=days, paper=it.paper, paper_day=it.paper_day)


def _bytes(name: str) -> bytes:
    return Path(__file__).with_name(name).read_bytes()
