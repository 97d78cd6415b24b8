"""Read models, outbox and the audit of reads in the database."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from ...ports import Notice, Read
from ...readmodels import CaseRow, DueDate, OpenPart, Projection
from . import schema as s

LAST_CHARACTER = chr(sys.maxunicode)

_ROW = [s.case_list.c[f.name] for f in fields(CaseRow)]
_DELETE = {
    table: delete(table).where(table.c.case == bindparam("of_case"), table.c.instance == bindparam("of_instance"))
    for table in (s.work_list, s.due_dates)
}
_READ = [s.reads.c[f.name] for f in fields(Read)]


class SqlViews:
    """See `ports.Views`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def change(self, before: Projection | None, after: Projection) -> None:
        if before is None:
            self._db.execute(insert(s.case_list), [asdict(after.row)])
        elif before.row != after.row:
            was, now = asdict(before.row), asdict(after.row)
            changed = {k: v for k, v in now.items() if was[k] != v}
            self._db.execute(update(s.case_list).where(s.case_list.c.case == after.row.case).values(**changed))
        self._change_set(s.work_list, before.parts if before else frozenset(), after.parts)
        self._change_set(s.due_dates, before.dues if before else frozenset(), after.dues)

    def _change_set(self, table: Table, before: frozenset[Any], after: frozenset[Any]) -> None:
        # New ones are dropped first, too: a row that should not have been there must not bar the door.
        changed = [{"of_case": row.case, "of_instance": row.instance} for row in before ^ after]
        if changed:
            self._db.execute(_DELETE[table], changed)
        new = [asdict(row) for row in after - before]
        if new:
            self._db.execute(insert(table), new)

    def projection(self, case: str) -> Projection | None:
        row = self._db.execute(select(*_ROW).where(s.case_list.c.case == case)).first()
        if row is None:
            return None
        parts = self._db.execute(select(s.work_list).where(s.work_list.c.case == case))
        dues = self._db.execute(select(s.due_dates).where(s.due_dates.c.case == case))
        return Projection(
            row=CaseRow(**row._mapping),
            parts=frozenset(OpenPart(**r._mapping) for r in parts),
            dues=frozenset(DueDate(**r._mapping) for r in dues),
        )

    def clear(self, case: str) -> None:
        for table in (s.case_list, s.work_list, s.due_dates):
            self._db.execute(delete(table).where(table.c.case == case))

    def case_rows(self, *, after: str = "", most: int = 200) -> list[CaseRow]:
        found = select(*_ROW).where(s.case_list.c.case > after).order_by(s.case_list.c.case).limit(most)
        return [CaseRow(**row._mapping) for row in self._db.execute(found)]

    def find_case(self, words: str) -> list[str]:
        c = s.case_list.c
        ten = select(c.case).order_by(c.case).limit(10)
        exact = list(self._db.execute(ten.where((c.case == words) | (c.number == words))).scalars())
        # A range and not LIKE: it knows no wildcards, tells a from A, and walks the index.
        begins = ten.where(c.case >= words, c.case < words + LAST_CHARACTER)
        return exact or list(self._db.execute(begins).scalars())

    def work_list(self, *, organisation: str, most: int = 200) -> list[OpenPart]:
        w, c = s.work_list.c, s.case_list.c
        own = select(w.case, w.instance, w.state).join(s.case_list, c.case == w.case)
        wanted = own.where(c.organisation == organisation).order_by(w.case, w.instance).limit(most)
        return [OpenPart(**row._mapping) for row in self._db.execute(wanted)]

    def due_dates(self, until: date, *, most: int = 200) -> list[DueDate]:
        d = s.due_dates.c
        wanted = select(s.due_dates).where(d.due <= until).order_by(d.due, d.case, d.instance).limit(most)
        return [DueDate(**row._mapping) for row in self._db.execute(wanted)]

    def put_notices(self, notices: Iterable[Notice]) -> None:
        rows = [asdict(notice) for notice in notices]
        if rows:
            self._db.execute(insert(s.outbox), rows)

    def notices(self) -> list[Notice]:
        o = s.outbox.c
        waiting = select(o.case, o.version, o.event).where(o.told.is_(None)).order_by(o.case, o.version)
        return [Notice(**row._mapping) for row in self._db.execute(waiting)]

    def note_read(self, read: Read) -> None:
        self._db.execute(insert(s.reads), [asdict(read)])

    def reads(self, case: str) -> list[Read]:
        found = select(*_READ).where(s.reads.c.case == case).order_by(s.reads.c.serial)
        return [Read(**row._mapping) for row in self._db.execute(found)]
