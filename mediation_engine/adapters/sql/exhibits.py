"""What opens exhibits, in the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter

from sqlalchemy import delete, select

from ...ports.exhibits import StoredExhibit
from . import schema as s
from .journal import SqlJournal
from .keeping import BATCH
from .schema import content
from .work import Work, inserting

_COLUMNS = content(s.exhibits)
_VALUES = attrgetter(*(column.name for column in _COLUMNS))
_PUT = inserting(s.exhibits)


class SqlExhibits:
    """See `ports.exhibits.Exhibits`."""

    def __init__(self, work: Work, journal: SqlJournal) -> None:
        self._db, self._journal = work, journal

    def put(self, exhibits: Iterable[StoredExhibit]) -> None:
        for values in map(_VALUES, exhibits):
            row = self._journal.bind(s.exhibits, values)
            self._db.later(_PUT, [(*values, row.salt)])

    def of(self, case: str) -> dict[str, StoredExhibit]:
        rows = self._db.execute(select(*_COLUMNS).where(s.exhibits.c.case == case).order_by(s.exhibits.c.id))
        return {row.id: StoredExhibit(**row._mapping) for row in rows}

    def all(self) -> Iterator[StoredExhibit]:
        asked = select(*_COLUMNS).order_by(s.exhibits.c.case, s.exhibits.c.id)
        for row in self._db.execute(asked.execution_options(yield_per=BATCH)):
            yield StoredExhibit(**row._mapping)

    def erase(self, case: str, id: str) -> None:
        e = s.exhibits.c
        wanted = e.case == case, e.id == id
        if self._db.execute(select(e.id).where(*wanted)).first():
            self._db.execute(delete(s.exhibits).where(*wanted))
            self._db.erases = True
            self._journal.drop(s.exhibits, (case, id))
