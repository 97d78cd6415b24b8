"""数说战果: figures of a period, as known on any day; what is behind each; late entries told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from msgspec import structs

from ..domain.figure import Adds, Figure, Rate
from ..domain.formatting import CHINA
from ..domain.month import Month
from ..ports.store import Unit
from ..ports.views import Tally, WantedCounts
from ..read_models.counted import CountedRow
from .figure_rows import group_of, place, rows_of, tallied


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A month, a quarter, half a year, a year."""

    code: str
    first: date
    last: date

    @property
    def words(self) -> str:
        """It in words."""
        year, _, part = self.code.partition("-")
        halves = {"H1": "上半年", "H2": "下半年"}
        if not part:
            return f"{year}年"
        if part in halves:
            return f"{year}年{halves[part]}"
        return f"{year}年第{'一二三四'[int(part[1]) - 1]}季度" if part.startswith("Q") else f"{year}年{int(part)}月"


_PERIOD = re.compile(r"(\d{4})(?:-(?:(\d{1,2})|[Qq]([1-4])|[Hh]([12])))?")


def read_period(words: str) -> Period | None:
    """A period as people write it: 2026-11, 2026-Q4, 2026-H2, 2026; None where it is none."""
    found = _PERIOD.fullmatch(words.strip())
    if found is None:
        return None
    year, month, quarter, half = (int(it) if it else 0 for it in found.groups())
    if not 1990 <= year <= 9000 or (found[2] and not 1 <= month <= 12):
        return None
    if month:
        return _months(f"{year}-{month:02}", year, month, month)
    if quarter:
        return _months(f"{year}-Q{quarter}", year, quarter * 3 - 2, quarter * 3)
    if half:
        return _months(f"{year}-H{half}", year, half * 6 - 5, half * 6)
    return _months(str(year), year, 1, 12)


def _months(code: str, year: int, first: int, last: int) -> Period:
    return Period(code=code, first=Month(year, first).first, last=Month(year, last).last)


def end_of(day: date) -> datetime:
    """The last moment of a day in China."""
    return datetime.combine(day, time.max, CHINA).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """For which organisations, period and moment figures are asked."""

    organisations: Collection[str]
    period: Period
    known: datetime
    """As known at this moment."""
    forms: bool = True
    """Whether what rests on an oral agreement counts."""
    settings: Mapping[str, int] = field(default_factory=dict)
    """How many days the room gives itself, by the setting."""
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By what else figures are told apart that the directory tells: the group of each organisation."""
    passed: date | None = None
    """The last day that is over; None for the one before the day of `known`: that may bring more."""

    @property
    def last_passed(self) -> date:
        """The last day that is over."""
        return self.passed or self.known.astimezone(CHINA).date() - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A figure of a period."""

    figure: Figure
    value: int
    unsaid: int = 0
    """Things that count of which nobody says how much they add."""
    undated: int = 0
    """Things that would count in some period, but nobody says on which day they were."""
    late: int = 0
    """How much of it was recorded only after the period had ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotient:
    """A rate of a period: both its parts are shown with it."""

    rate: Rate
    of: int
    by: int

    @property
    def value(self) -> float | None:
        """None where there is nothing to divide by."""
        return self.of / self.by if self.by else None


def kinds_of(figure: Figure, settings: Mapping[str, int]) -> tuple[str, ...]:
    """How the things of a figure stand; what is counted within days, by all numbers of days up to those."""
    if not figure.within:
        return figure.kinds
    return tuple(str(n) for n in range(settings.get(figure.within, 0) + 1))


def wanted(asked: Asked, figures: Collection[Figure], *, dated: bool = True, by: str = "") -> WantedCounts:
    """What is to be counted for some figures, all of them of days that are over, or none."""
    last = asked.period.last
    if any(it.passed for it in figures):
        last = min(last, asked.last_passed)
    return WantedCounts(
        organisations=asked.organisations,
        whats={what for figure in figures for what in figure.whats},
        since=asked.period.first if dated else None,
        until=last if dated else None,
        known=asked.known,
        forms=asked.forms,
        by=by,
    )


def _sum(figure: Figure, tallies: Iterable[Tally], settings: Mapping[str, int]) -> tuple[int, int]:
    """What a figure comes to, and how many things say nothing of it."""
    kinds = kinds_of(figure, settings)
    own = [it for it in tallies if it.what in figure.whats and (not kinds or it.kind in kinds)]
    unsaid = 0 if figure.adds is Adds.ONE else sum(getattr(it, f"unsaid_{figure.adds.value}") for it in own)
    return sum(getattr(it, figure.adds.value) for it in own), unsaid


def _tallies(
    unit: Unit, figures: Sequence[Figure], asked: Asked, *, dated: bool = True, by: str = ""
) -> dict[str, list[Tally]]:
    """What there is of each figure, by code."""
    stored, found = _stored(asked, by), dict[str, list[Tally]]()
    for passed in (False, True):
        if own := [it for it in figures if it.is_tallied and it.passed is passed]:
            all_ = unit.views.tallies(wanted(asked, own, dated=dated, by=stored))
            found |= dict.fromkeys((it.code for it in own), _regrouped(all_, asked, by))
    others = dict[tuple[Any, ...], list[Tally]]()
    for it in (it for it in figures if not it.is_tallied):
        rest = it if it.again else replace(it, kinds=())  # how they stand is told apart when they are added up
        key = rest.origin, rest.again, rest.whats, rest.kinds
        if dated and key not in others:
            rows = rows_of(unit, rest, wanted(asked, [rest]), asked.settings)
            others[key] = _regrouped(tallied(rows, stored), asked, by)
        found[it.code] = others.get(key, [])
    return found


def _stored(asked: Asked, by: str) -> str:
    """By what is counted what figures are told apart by: what the directory tells, by organisation."""
    return "organisation" if by in asked.groups else by


def _regrouped(tallies: list[Tally], asked: Asked, by: str) -> list[Tally]:
    """Tallies under the group that each belongs to."""
    if by not in asked.groups:
        return tallies
    return [structs.replace(it, group=asked.groups[by].get(it.group, "")) for it in tallies]


def values(unit: Unit, figures: Sequence[Figure], asked: Asked) -> dict[str, int]:
    """What figures of a period come to, by code, and nothing else of them."""
    tallies = _tallies(unit, figures, asked)
    return {it.code: _sum(it, tallies[it.code], asked.settings)[0] for it in figures}


def numbers(unit: Unit, figures: Sequence[Figure], asked: Asked) -> dict[str, Number]:
    """Figures of a period, by code."""
    now, without = _tallies(unit, figures, asked), _tallies(unit, figures, asked, dated=False)
    end = end_of(asked.period.last)
    before = replace(asked, known=end, passed=asked.last_passed)
    then = _tallies(unit, figures, before) if asked.known > end else now
    found = {}
    for figure in figures:
        value, unsaid = _sum(figure, now[figure.code], asked.settings)
        undated = _sum(replace(figure, adds=Adds.ONE), without[figure.code], asked.settings)[0]
        late = 0 if figure.afterwards else value - _sum(figure, then[figure.code], asked.settings)[0]
        found[figure.code] = Number(figure=figure, value=value, unsaid=unsaid, undated=undated, late=late)
    return found


def quotients(rates: Iterable[Rate], found: Mapping[str, Number]) -> list[Quotient]:
    """Rates of figures."""
    return [Quotient(rate=it, of=found[it.of].value, by=found[it.by].value) for it in rates]


def by_group(unit: Unit, figures: Sequence[Figure], asked: Asked, by: str) -> dict[str, dict[str, int]]:
    """Figures told apart: by group, by the code of the figure."""
    tallies = _tallies(unit, figures, asked, by=by)
    groups = sorted({it.group for own in tallies.values() for it in own})
    return {
        group: {
            figure.code: _sum(figure, (it for it in tallies[figure.code] if it.group == group), asked.settings)[0]
            for figure in figures
        }
        for group in groups
    }


def behind(
    unit: Unit,
    figure: Figure,
    asked: Asked,
    *,
    by: str = "",
    group: str | None = None,
    undated: bool = False,
    after: tuple[str, str, str] = ("", "", ""),
    most: int = 200,
) -> list[CountedRow]:
    """The things behind a figure: what they add is the figure."""
    groups, stored = asked.groups.get(by), _stored(asked, by)
    if not figure.is_tallied:
        rows = [] if undated else rows_of(unit, figure, wanted(asked, [figure]), asked.settings)
        told = ((row, group_of(row, stored)) for row in rows if place(row) > after)
        return [row for row, of in told if group in (None, groups.get(of, "") if groups else of)][:most]
    if groups is not None and group is not None:
        own = [it for it in asked.organisations if groups.get(it, "") == group]
        asked, group = replace(asked, organisations=own), None
    asking = wanted(asked, [figure], dated=not undated, by=stored)
    kinds = kinds_of(figure, asked.settings)
    return unit.views.counted_rows(replace(asking, kinds=kinds, group=group), after=after, most=most)


def added(figure: Figure, row: CountedRow) -> int | None:
    """What a thing adds to a figure; None where nobody says."""
    return 1 if figure.adds is Adds.ONE else row.amount if figure.adds is Adds.AMOUNT else row.people


def year_before(period: Period, day: date) -> Period:
    """The same days a year before; of a period that is not over no more than there are up to a day."""
    last = min(period.last, max(day, period.first))
    return Period(code=period.code, first=_year_before(period.first), last=_year_before(last))


def _year_before(day: date) -> date:
    """The same day a year before: of a leap day the last of February, as of every last day of it."""
    month = Month(day.year - 1, day.month)
    return month.last if day == Month.of(day).last else day.replace(year=day.year - 1)


def months_before(period: Period, count: int) -> Period:
    """So many months that end with a period, as one."""
    month = Month.of(period.last)
    for _ in range(count - 1):
        month = month.before
    return Period(code=period.code, first=month.first, last=period.last)
