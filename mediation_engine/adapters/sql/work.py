"""One transaction. The few statements that every order needs are plain text on the driver's own cursor.

Composing a statement and post-processing its rows cost more than running it here, so the path of an order is text;
all else goes through SQLAlchemy, on the same connection. What is only written waits until something is read or the
transaction ends.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Result, Table
from sqlalchemy.exc import DBAPIError

from .options import BEGUN

Values = tuple[Any, ...]
Question = tuple[str, Values]
"""A statement with its parameters, in order; a place for one is written ``?``."""
Writing = tuple[str, Sequence[Values]]
"""A statement and the rows to run it with."""


def columns(table: Table, of: str = "") -> str:
    """The names of a table's columns, in order, as a statement lists them; `of` where it goes by another name."""
    return ", ".join(f'{of}."{c.name}"' if of else f'"{c.name}"' for c in table.columns)


def inserting(table: Table) -> str:
    """The statement that adds one row, its values in the order of the columns."""
    return f"INSERT INTO {table.name} ({columns(table)}) VALUES ({', '.join('?' * len(table.columns))})"


@cache
def replacing(table: Table) -> str:
    """The same, but a row with that key is written over: of two who add it at once the second waits, then does so."""
    key = ", ".join(f'"{c.name}"' for c in table.primary_key)
    rest = ", ".join(f'"{c.name}" = excluded."{c.name}"' for c in table.columns if not c.primary_key)
    return f"{inserting(table)} ON CONFLICT ({key}) DO {f'UPDATE SET {rest}' if rest else 'NOTHING'}"


class Work(ABC):
    """A transaction on a connection of its own. What is particular to a database stands in its module."""

    def __init__(self, engine: Engine, *, writes: bool, about: str | None) -> None:
        self.engine, self.writes, self.about = engine, writes, about
        self._driver = engine.dialect.loaded_dbapi.Error
        try:
            self.pooled = engine.raw_connection()
        except self._driver as fault:  # while the connection was being set up
            raise DBAPIError.instance(None, None, fault, self._driver) from fault
        self.erases = False
        """Whether something was erased: no copy of it may stay in the files of the database."""
        self._waiting: list[Writing] = []
        self._through: Connection | None = None

    @abstractmethod
    def begin(self) -> None:
        """Begin what cannot wait for the first look."""

    to_change: str = ""
    """What keeps rows that are read from being changed by others until the transaction ends."""
    to_take: str = ""
    """The same, of the table that is put in; those that others keep so are passed over."""
    planned_anew: tuple[Question, ...] = ()
    """What is asked before a statement whose plan is to fit the tables as they are now: a plan that was made while a
    table was empty, and kept, goes through all of it for every row once it has filled."""

    def turn(self, about: str) -> list[Question]:
        """What waits until nobody else writes about something; nothing where writers take turns anyway."""
        return []

    @abstractmethod
    def now(self) -> datetime:
        """The time of the transaction by the database's clock, or the host's where it has none; always the same."""

    @abstractmethod
    def _send(self, waiting: list[Writing], *, commit: bool) -> None:
        """Run what waits, and commit."""

    @abstractmethod
    def _ask(self, questions: Sequence[Question]) -> list[list[Values]]: ...

    def later(self, statement: str, rows: Iterable[Values]) -> None:
        """Write rows, not before something is read or the transaction ends."""
        held = list(rows)
        if held:
            self._waiting.append((statement, held))

    def ask(self, *questions: Question) -> list[list[Values]]:
        """The rows that answer each question; all are asked together."""
        self._flush()
        try:
            return self._ask(questions)
        except self._driver as fault:
            raise self._told(fault) from fault

    def execute(self, statement: Executable, rows: Any = None) -> Result[Any]:
        """A statement made with SQLAlchemy."""
        return self.connection.execute(statement, rows)

    @property
    def connection(self) -> Connection:
        """SQLAlchemy's, in this transaction."""
        self._flush()
        if self._through is None:
            self._through = Connection(self.engine, self.pooled).execution_options(**{BEGUN: True})
        return self._through

    def end(self) -> None:
        """Write what waits and commit; a reader has nothing to keep."""
        if not self.writes:
            return self.leave()
        try:
            waiting, self._waiting = self._waiting, []
            return self._send(waiting, commit=True)
        except self._driver as fault:
            raise self._told(fault) from fault

    def leave(self) -> None:
        """End what was only read."""
        self.undo()

    def undo(self) -> None:
        """Give up all that was done; what was lost is given up already."""
        if self.pooled.is_valid:
            self._finish(self.pooled.rollback)

    def give_up(self, fault: BaseException) -> None:
        """Let nobody have this connection again: what a reader had not read to its end when something failed may still
        be under way in it, and whoever came next would be refused for no fault of theirs."""
        if self.pooled.is_valid:
            self.pooled.invalidate(fault)

    def _finish(self, ends: Callable[[], object]) -> None:
        """End, one way or another. A connection that cannot even do that is given up itself."""
        try:
            ends()
        except self._driver as fault:
            self.pooled.invalidate(fault)

    def close(self) -> None:
        """Give the connection back."""
        self.pooled.close()

    def _flush(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        try:
            self._send(waiting, commit=False)
        except self._driver as fault:
            raise self._told(fault) from fault

    def _told(self, fault: Exception) -> BaseException:
        """A fault of the driver as SQLAlchemy has it; a connection that is gone is given up."""
        gone = self.engine.dialect.is_disconnect(fault, self.pooled, None)  # type: ignore[arg-type]
        if gone:
            self.pooled.invalidate(fault)
        return DBAPIError.instance(None, None, fault, self._driver, connection_invalidated=gone)
