"""The years of the calendar that were handed in, in the database."""

from __future__ import annotations

from sqlalchemy import select

from ...ports.calendars import ImportedYear
from . import schema as s
from .journal import SqlJournal
from .schema import content, moment_text
from .work import Work, inserting

_PUT = inserting(s.calendar_years)


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
