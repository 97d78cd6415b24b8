"""The statements of one transaction. The few that every order needs are plain text on the driver's own cursor.

Composing and post-processing a statement costs more than running it here, so the path of an order is text; all else
goes through SQLAlchemy. What is only written waits until something is read or the transaction ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Executable, Result, Table
from sqlalchemy.exc import DBAPIError

Values = tuple[Any, ...]
Question = tuple[str, Values]
"""A statement with its parameters, in order."""


def columns(table: Table) -> str:
    """The names of a table's columns, in order, as a statement lists them."""
    return ", ".join(f'"{c.name}"' for c in table.columns)


def inserting(table: Table) -> str:
    """The statement that adds one row, its values in the order of the columns."""
    return f"INSERT INTO {table.name} ({columns(table)}) VALUES ({', '.join('?' * len(table.columns))})"


class Work:
    """One transaction on a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cursor = connection.connection.cursor()
        self._waiting: list[tuple[str, Sequence[Values]]] = []

    def later(self, statement: str, rows: Iterable[Values]) -> None:
        """Write rows, not before something is read or the transaction ends."""
        held = list(rows)
        if held:
            self._waiting.append((statement, held))

    def ask(self, *questions: Question) -> list[list[Values]]:
        """The rows that answer each question; all are asked together."""
        self.flush()
        with self._told():
            return [self._cursor.execute(*question).fetchall() for question in questions]

    def execute(self, statement: Executable, rows: Any = None) -> Result[Any]:
        """A statement made with SQLAlchemy."""
        self.flush()
        return self._connection.execute(statement, rows)

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting = self._waiting, []
        with self._told():
            for statement, rows in waiting:
                self._cursor.executemany(statement, rows)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """The driver's errors as SQLAlchemy has them, and a connection that is gone given up."""
        dialect, driver = self._connection.dialect, self._connection.dialect.loaded_dbapi
        try:
            yield
        except driver.Error as fault:
            if dialect.is_disconnect(fault, self._connection.connection, self._cursor):
                self._connection.invalidate()
            raise DBAPIError.instance(None, None, fault, driver.Error) from fault
