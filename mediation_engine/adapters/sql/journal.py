"""The journal in the database, and the one way in which covered rows are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Table, select

from ...ids import Randomness
from ...record.journal import (
    COVERED,
    SALT,
    Chain,
    Entry,
    Key,
    SideRow,
    StoredEntry,
    chained,
    covered_part,
    entry_of,
    entry_of_gone,
)
from . import schema as s
from .keeping import BATCH
from .work import Question, Values, Work, columns, inserting, replacing

_LAST = f"SELECT {columns(s.journal)} FROM journal WHERE chain = ? ORDER BY serial DESC LIMIT 1"
_ONE = f"SELECT {columns(s.journal)} FROM journal WHERE chain = ? AND serial = ?"
_PUT = inserting(s.journal)


def last_of(chain: Chain) -> Question:
    """Asks for the newest entry of a chain."""
    return _LAST, (chain.value,)


class SqlJournal:
    """See `ports.journal.Journal`."""

    def __init__(self, work: Work, now: Callable[[], datetime], randomness: Randomness) -> None:
        self._db, self._now, self._randomness = work, now, randomness
        self._waiting: dict[Chain, list[Entry]] = {}
        self.by: str | None = None

    # -- the port

    def last(self, chain: Chain) -> StoredEntry | None:
        [rows] = self._db.ask(last_of(chain))
        return StoredEntry(*rows[0]) if rows else None

    def entry(self, chain: Chain, serial: int) -> StoredEntry | None:
        [rows] = self._db.ask((_ONE, (chain.value, serial)))
        return StoredEntry(*rows[0]) if rows else None

    def entries(self, chain: Chain) -> Iterator[StoredEntry]:
        asked = select(*s.journal.columns).where(s.journal.c.chain == chain.value).order_by(s.journal.c.serial)
        for row in self._db.execute(asked.execution_options(yield_per=BATCH)):
            yield StoredEntry(*tuple(row))

    def rows(self, chain: Chain) -> Iterator[SideRow]:
        for name in (name for name, covered in COVERED.items() if covered.chain is chain):
            table = s.metadata.tables[name]
            # As they lie there and not as what they should be: what was altered may be no date any more.
            asked = f"SELECT {columns(table)} FROM {name}"
            for row in self._db.connection.exec_driver_sql(asked, execution_options={"yield_per": BATCH}):
                yield _row(table, tuple(row))

    # -- for the ports that write covered rows

    def fresh_salt(self) -> bytes:
        """A salt for a row to be written."""
        return self._randomness(SALT)

    def put(self, table: Table, values: Values) -> None:
        """Add a row or write over it, its values in the order of the columns, and bind it where it changes."""
        [found] = self._db.ask((_known(table, self._db.to_change), _key(table, values)))
        row = _row(table, (*values, found[0][-1] if found else None))
        if not found or _row(table, found[0]) != row:
            row = self.bind(table, values)
        self._db.later(replacing(table), [(*values, row.salt)])

    def bind(self, table: Table, values: Values, salt: bytes | None = None) -> SideRow:
        """Enter that a row holds this from now on, under a new salt unless one is given."""
        row = _row(table, (*values, salt or self.fresh_salt()))
        self._waiting.setdefault(COVERED[row.table].chain, []).append(entry_of(row, self._now(), self.by))
        return row

    def drop(self, table: Table, key: Key) -> None:
        """Enter that a row was taken away."""
        gone = entry_of_gone(str(table.name), key, self._now(), self.by)
        self._waiting.setdefault(COVERED[gone.table].chain, []).append(gone)

    def write(self) -> None:
        """Chain what was entered, one chain after the other, each from its turn to the end of the transaction.

        Nothing else is waited for from here on: so who holds one turn never keeps another from ending.
        """
        for chain in (chain for chain in Chain if chain in self._waiting):
            *_, found = self._db.ask(*self._db.turn(f"journal {chain.value}"), last_of(chain))
            last = StoredEntry(*found[0]) if found else None
            entries = chained(last, chain, self._waiting.pop(chain))
            self._db.later(_PUT, [(e.chain, e.serial, e.body, e.digest) for e in entries])


@cache
def _known(table: Table, to_change: str) -> str:
    key = " AND ".join(f'"{name}" = ?' for name in COVERED[table.name].key)
    return f"SELECT {columns(table)} FROM {table.name} WHERE {key}{to_change}"


def _key(table: Table, values: Values) -> Values:
    held = dict(zip(table.columns.keys(), values, strict=False))
    return tuple(held[name] for name in COVERED[table.name].key)


def _row(table: Table, values: Values) -> SideRow:
    """A row from its values in the order of the columns, the salt last; the same from whichever database."""
    held: dict[str, Any] = {
        str(column.name): bool(value) if isinstance(column.type, Boolean) and value in (0, 1) else value
        for column, value in zip(table.columns, values, strict=True)
    }
    salt = held.pop("salt")
    return SideRow(table=str(table.name), content=covered_part(table.name, held), salt=salt)
