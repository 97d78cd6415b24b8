"""Jottings in the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from operator import attrgetter

from sqlalchemy import Row, delete, func, select, update

from ...ports.exhibits import StoredExhibit
from ...ports.jottings import Filed, Jotting
from . import schema as s
from .keeping import BATCH
from .schema import moment_text
from .work import Work, inserting

_PUT, _PUT_FILE = inserting(s.jottings), inserting(s.jotting_files)
_FILE = attrgetter(*(column.name for column in s.jotting_files.columns))


class SqlJottings:
    """See `ports.jottings.Jottings`."""

    def __init__(self, work: Work) -> None:
        self._db = work

    def put(self, jotting: Jotting, files: Iterable[StoredExhibit]) -> None:
        it = jotting
        values = (it.id, it.actor, moment_text(it.made), it.case, it.key, it.words, None, None, None)
        self._db.later(_PUT, [values])
        self._db.later(_PUT_FILE, map(_FILE, files))

    def jotting(self, id: str) -> Jotting | None:
        row = self._db.execute(select(s.jottings).where(s.jottings.c.id == id)).first()
        return _read(row) if row else None

    def of(self, actor: str) -> list[Jotting]:
        c = s.jottings.c
        own = select(s.jottings).where(c.actor == actor)
        return [_read(row) for row in self._db.execute(own.order_by(c.filed_at.desc().nulls_first(), c.made, c.id))]

    def count(self, actor: str) -> int:
        c = s.jottings.c
        asked = select(func.count()).select_from(s.jottings).where(c.actor == actor, c.filed_case.is_(None))
        found: int = self._db.execute(asked).scalar_one()
        return found

    def files(self, id: str) -> list[StoredExhibit]:
        f = s.jotting_files
        found = self._db.execute(select(f).where(f.c.case == id).order_by(f.c.id))
        return [StoredExhibit(**row._mapping) for row in found]

    def all_files(self) -> Iterator[StoredExhibit]:
        f = s.jotting_files
        asked = select(f).order_by(f.c.case, f.c.id)
        for row in self._db.execute(asked.execution_options(yield_per=BATCH)):
            yield StoredExhibit(**row._mapping)

    def close(self, id: str, filed: Filed) -> None:
        places = {"filed_at": filed.at, "filed_case": filed.case, "filed_line": filed.line}
        self._db.execute(update(s.jottings).where(s.jottings.c.id == id).values(key=None, words=None, **places))
        self._forget_files(id)

    def drop(self, id: str) -> None:
        self._db.execute(delete(s.jottings).where(s.jottings.c.id == id))
        self._forget_files(id)

    def older_than(self, moment: datetime) -> list[str]:
        c = s.jottings.c
        return list(self._db.execute(select(c.id).where(c.made < moment).order_by(c.made, c.id)).scalars())

    def _forget_files(self, id: str) -> None:
        self._db.execute(delete(s.jotting_files).where(s.jotting_files.c.case == id))
        self._db.erases = True


def _read(row: Row[tuple[object, ...]]) -> Jotting:
    held = dict(row._mapping)
    at, case, line = (held.pop(name) for name in ("filed_at", "filed_case", "filed_line"))
    return Jotting(**held, filed=Filed(at=at, case=case, line=line) if case else None)
