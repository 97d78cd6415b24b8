"""The due sweep by the driver alone: the same rows of the same tables, by what each database does fastest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Boolean, Integer, Table

from mediation_engine.adapters.sql import schema as s
from mediation_engine.adapters.sql.work import columns, inserting
from mediation_engine.domain.formatting import CHINA
from mediation_engine.services.due_sweep import BATCH, message_id

from .raw import postgres, sqlite

Row = tuple[Any, ...]

# It says all that the index of duties goes by: which part of the table, and every column of the order; else all that is
# due is sorted for every batch. And it looks for claims by columns of one collation with their key: a table of text
# declared otherwise is read from end to end for every item, whatever the planner is told.
DUE = (
    'SELECT d."case", d.instance, d.kind, d.due, l.organisation, l.workflow, l.mediator '
    'FROM due_dates d JOIN case_list l ON l."case" = d."case" '
    "WHERE NOT d.lapses AND d.kind <> 'wait' AND d.due <= ? "
    'AND (d.due, d."case", d.instance, d.kind) > (?, ?, ?, ?) AND NOT EXISTS '
    '(SELECT 1 FROM claims c WHERE c."case" = d."case" AND c.instance = d.instance AND c.kind = d.kind '
    "AND c.due = d.due) "
    f'ORDER BY d.due, d."case", d.instance, d.kind LIMIT {BATCH}'
)
TAKEN = " ON CONFLICT DO NOTHING"


class _Driver(Protocol):
    def read(self, values: Row) -> list[Row]:
        """Begin, and take what is due and not claimed, past what others are at."""

    def claim(self, claims: Sequence[Row]) -> set[Row]:
        """The keys of those that were still to be had."""

    def tell(self, messages: Sequence[Row]) -> None: ...

    def commit(self) -> None: ...

    def close(self) -> None: ...


def claimed(url: str, now: datetime, *, told: bool) -> int:
    """How many items were claimed, and told of where wanted: keys read and locked, one commit a batch."""
    db: _Driver = _Sqlite(url) if url.startswith("sqlite") else _Postgres(url)
    today, at = now.astimezone(CHINA).date().isoformat(), s.moment_text(now)
    done, after = 0, ("", "", "", "")
    while rows := db.read((today, *after)):
        won = db.claim([(*row[:4], at) for row in rows])
        if told:
            db.tell([_message(row, today, at) for row in rows if row[:4] in won])
        db.commit()
        done += len(won)
        case, instance, kind, due = rows[-1][:4]
        after = (due, case, instance, kind)
    db.commit()
    db.close()
    return done


def _message(row: Row, today: str, at: str) -> Row:
    case, instance, kind, due, _, workflow, mediator = row
    id = message_id(mediator, case, instance, kind, due)
    return (id, mediator, kind, case, instance, workflow, due, at, due < today, False, None, None)


class _Sqlite:
    """Row after row under one statement. There is one writer at a time: what he finds free is his."""

    def __init__(self, url: str) -> None:
        self._db = sqlite(url.removeprefix("sqlite:///"))

    def read(self, values: Row) -> list[Row]:
        self._db.execute("BEGIN IMMEDIATE")
        found: list[Row] = self._db.execute(DUE, values).fetchall()
        return found

    def claim(self, claims: Sequence[Row]) -> set[Row]:
        put = self._db.executemany(inserting(s.claims) + TAKEN, claims)
        assert put.rowcount == len(claims)
        return {row[:4] for row in claims}

    def tell(self, messages: Sequence[Row]) -> None:
        self._db.executemany(inserting(s.messages) + TAKEN, messages)

    def commit(self) -> None:
        self._db.execute("COMMIT")

    def close(self) -> None:
        self._db.close()


class _Postgres:
    """All rows of a batch in one statement, column by column: faster than one after the other."""

    def __init__(self, url: str) -> None:
        self._db = postgres(url)

    def read(self, values: Row) -> list[Row]:
        with self._db.pipeline():
            self._db.execute("BEGIN")
            found = self._db.execute(DUE.replace("?", "%s") + " FOR UPDATE OF d SKIP LOCKED", values)
        rows: list[Row] = found.fetchall()
        return rows

    def claim(self, claims: Sequence[Row]) -> set[Row]:
        put = _by_columns(s.claims) + ' RETURNING "case", instance, kind, due'
        return set(self._db.execute(put, _turned(claims)).fetchall())

    def tell(self, messages: Sequence[Row]) -> None:
        if messages:
            self._db.execute(_by_columns(s.messages), _turned(messages))

    def commit(self) -> None:
        self._db.execute("COMMIT")

    def close(self) -> None:
        self._db.close()


def _by_columns(table: Table) -> str:
    """The statement that adds rows, a list for each column."""
    kinds: dict[type[Any], str] = {Boolean: "boolean", Integer: "integer"}
    lists = ", ".join(f"%s::{kinds.get(type(c.type), 'text')}[]" for c in table.columns)
    return f"INSERT INTO {table.name} ({columns(table)}) SELECT * FROM unnest({lists}){TAKEN}"


def _turned(rows: Sequence[Row]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
