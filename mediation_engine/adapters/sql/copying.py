"""All rows of one database into another, whatever kind each is; the schema must be there and be the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, MetaData, Row, Table, func, insert, select

from ...clock import Clock
from ...errors import StoreNotReady
from ...ports.exhibits import StoredExhibit
from ...ports.store import files_in
from .keeping import BATCH
from .revisions import BOOKMARK
from .store import SqlUnit
from .work import Work


class Within:
    """A store whose transactions are all the one that is open already."""

    def __init__(self, work: Work, clock: Clock | None = None) -> None:
        self._unit = SqlUnit(work, clock)

    @contextmanager
    def read(self) -> Iterator[SqlUnit]:
        yield self._unit

    def exhibits(self) -> Iterator[StoredExhibit]:
        """All that there are, and the files of what is not filed yet."""
        return files_in(self._unit)

    @contextmanager
    def write(self, about: str | None = None) -> Iterator[SqlUnit]:
        yield self._unit
        self._unit.journal.write()


def tables_of(connection: Connection) -> dict[str, Table]:
    """The tables there are, as the database itself describes them: a backup may be older than this code."""
    found = MetaData()
    found.reflect(connection)
    return {table.name: table for table in found.sorted_tables if table.name != BOOKMARK}


def is_empty(connection: Connection) -> bool:
    """Whether no table has a row."""
    found = (connection.execute(select(*table.c).limit(1)).first() for table in tables_of(connection).values())
    return not any(found)


def contents(connection: Connection) -> dict[str, tuple[int, str]]:
    """Of each table how many rows it has, and a digest over them: the same wherever the same is kept."""
    return {name: _digest(connection, table) for name, table in tables_of(connection).items()}


def _digest(connection: Connection, table: Table) -> tuple[int, str]:
    rows = (repr(tuple(row)).encode() for part in _parts(connection, table) for row in part)
    # A digest for each row, for two databases may order differently what is not ASCII.
    digests = sorted(sha256(row).digest() for row in rows)
    return len(digests), sha256(b"".join(digests)).hexdigest()


def copy_all(source: Connection, target: Connection) -> None:
    """Copy every table. StoreNotReady where the tables are not the same."""
    there, here = tables_of(source), tables_of(target)
    differing = {n for n, table in here.items() if n not in there or set(there[n].c.keys()) != set(table.c.keys())}
    if differing:
        raise StoreNotReady(why=f"表的结构不符：{'、'.join(sorted(differing))}")
    for name, table in here.items():
        for part in _parts(source, there[name]):
            target.execute(insert(table), [dict(row._mapping) for row in part])
        _go_on_counting(target, table)


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL counts serial numbers apart from the rows; the next one comes after those copied."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        if connection.execute(select(sequence)).scalar():
            last = select(func.max(column)).scalar_subquery()
            connection.execute(select(func.setval(sequence, last)))


def _parts(connection: Connection, table: Table) -> Iterator[Sequence[Row[Any]]]:
    """The rows of a table, not all of them at a time; the columns by name, in whichever order they were made."""
    rows = select(*sorted(table.c, key=lambda column: column.name)).order_by(*table.primary_key)
    return connection.execute(rows, execution_options={"yield_per": BATCH}).partitions()
