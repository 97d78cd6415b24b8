"""The port of the years of the calendar that were handed in, and its entity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from msgspec import convert

from ..domain.calendar import CalendarYear, DayKind, NamedDay, YearStatus
from ..errors import ValueUnreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedYear:
    """A notice as it was taken: never changed; what stands for it is a later version of its year."""

    year: int
    version: int
    """From 1, without a gap; the last one counts."""
    paper: str
    """The number of the notice; nothing where its text has none."""
    paper_day: date
    text: str
    """The notice, whole."""
    days: str
    """What was read in it: `days_text`."""
    imported_by: str
    imported_at: datetime

    def calendar_year(self, digest: str) -> CalendarYear:
        """The year as it is known since, with the digest of the text. ValueUnreadable."""
        return CalendarYear(
            year=self.year,
            status=YearStatus.OFFICIAL,
            days=read_days(self.days),
            paper=self.paper,
            paper_day=self.paper_day,
            text_digest=digest,
            imported_by=self.imported_by,
            imported_at=self.imported_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """That the deadlines of all cases are counted anew after a notice, case by case."""

    year: int
    version: int
    after: str = ""
    """The last case (id) that was."""
    done: datetime | None = None
    """When all were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDeadline:
    """A last day that a notice changed."""

    year: int
    version: int
    case: str
    instance: str
    kind: str
    """The code of its rule."""
    before: date
    after: date


class Calendars(Protocol):
    """The years that were handed in, and what they changed. What comes with the program is not among them."""

    def imported(self) -> list[ImportedYear]:
        """All that there ever were, by year and version."""

    def add(self, year: ImportedYear) -> None:
        """Keep one. VersionClash where its year has that version."""

    def recount(self) -> Recount | None:
        """The oldest recount that is not done; None where all are."""

    def put_recount(self, recount: Recount) -> None:
        """Add or replace."""

    def moved(self, year: int, *, skip: int = 0, most: int = 200) -> list[MovedDeadline]:
        """What the notices of a year changed, the last notice first, by case, instance and kind."""

    def put_moved(self, moved: Iterable[MovedDeadline]) -> None:
        """Add or replace."""


def days_text(days: Iterable[NamedDay]) -> str:
    """Days as they are kept, one a line: 2026-02-16 statutory 春节."""
    return "\n".join(f"{it.day.isoformat()} {it.kind.value} {it.name}" for it in days)


def read_days(text: str) -> tuple[NamedDay, ...]:
    """The days in such a text. ValueUnreadable where somebody wrote something else behind our back."""
    return tuple(map(_day, text.splitlines()))


def _day(line: str) -> NamedDay:
    try:
        day, kind, name = line.split(" ", 2)
        return NamedDay(date.fromisoformat(day), convert(kind, DayKind), name)
    except ValueError as fault:
        raise ValueUnreadable(value=line[:40]) from fault
