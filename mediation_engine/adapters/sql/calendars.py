"""The years of the calendar that were handed in, in the database."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from ...ports.calendars import ImportedYear, MovedDeadline, Recount
from . import schema as s
from .journal import SqlJournal
from .schema import content, moment_text
from .work import Question, Work, inserting, replacing

_PUT = inserting(s.calendar_years)
YEARS: Question = ("SELECT year, version FROM calendar_years ORDER BY year, version", ())
"""Asks which notices were taken."""
_RECOUNT = "SELECT year, version, after FROM recounts WHERE done IS NULL ORDER BY year, version LIMIT 1"


class SqlCalendars:
    """See `ports.calendars.Calendars`."""

    def __init__(self, work: Work, journal: SqlJournal) -> None:
        self._db, self._journal = work, journal

    def imported(self) -> list[ImportedYear]:
        c = s.calendar_years.c
        asked = select(*content(s.calendar_years)).order_by(c.year, c.version)
        return [ImportedYear(**row._mapping) for row in self._db.execute(asked)]

    def add(self, year: ImportedYear) -> None:
        values = (
            year.year,
            year.version,
            year.paper,
            year.paper_day.isoformat(),
            year.text,
            year.days,
            year.imported_by,
            moment_text(year.imported_at),
        )
        row = self._journal.bind(s.calendar_years, values)
        self._db.later(_PUT, [(*values, row.salt)])

    def recount(self) -> Recount | None:
        [found] = self._db.ask((_RECOUNT, ()))
        return Recount(year=found[0][0], version=found[0][1], after=found[0][2]) if found else None

    def put_recount(self, recount: Recount) -> None:
        done = moment_text(recount.done) if recount.done else None
        self._db.later(replacing(s.recounts), [(recount.year, recount.version, recount.after, done)])

    def moved(self, year: int, *, skip: int = 0, most: int = 200) -> list[MovedDeadline]:
        c = s.moved_deadlines.c
        asked = select(s.moved_deadlines).where(c.year == year)
        asked = asked.order_by(c.version.desc(), c.case, c.instance, c.kind).offset(skip).limit(most)
        return [MovedDeadline(**row._mapping) for row in self._db.execute(asked)]

    def put_moved(self, moved: Iterable[MovedDeadline]) -> None:
        rows = [
            (m.year, m.version, m.case, m.instance, m.kind, m.before.isoformat(), m.after.isoformat()) for m in moved
        ]
        self._db.later(replacing(s.moved_deadlines), rows)
