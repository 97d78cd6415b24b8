"""The raw limit: the driver alone, one event row and one state row per durable commit, nothing else done."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from .workload import STEPS

EVENT = b'{"event":"' + b"x" * 188 + b'"}'
"""About 200 bytes."""
TABLES = (
    "CREATE TABLE raw_event (c TEXT, v INTEGER, body {bytes}, PRIMARY KEY (c, v))",
    "CREATE TABLE raw_state (c TEXT PRIMARY KEY, v INTEGER)",
)


class Raw(Protocol):
    """A limit to be measured against."""

    def rate(self, cases: list[str]) -> float:
        """Steps a second."""


class RawSqlite:
    """The limit on SQLite: WAL, synchronous FULL."""

    def __init__(self, path: Path, *, new: bool = True) -> None:
        from pysqlite3 import dbapi2

        self._db: Any = dbapi2.connect(str(path), isolation_level=None, timeout=30)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"):
            self._db.execute(statement)
        for statement in TABLES if new else ():
            self._db.execute(statement.format(bytes="BLOB"))

    def rate(self, cases: list[str]) -> float:
        began = perf_counter()
        for case in cases:
            self._db.execute("INSERT INTO raw_state VALUES (?, 0)", (case,))
            for version in range(STEPS):
                self._db.execute("BEGIN IMMEDIATE")
                self._db.execute("INSERT INTO raw_event VALUES (?, ?, ?)", (case, version, EVENT))
                self._db.execute("UPDATE raw_state SET v = ? WHERE c = ?", (version, case))
                self._db.execute("COMMIT")
        return STEPS * len(cases) / (perf_counter() - began)


class RawPostgres:
    """The limit on PostgreSQL: psycopg alone, statement by statement."""

    def __init__(self, url: str, *, new: bool = True) -> None:
        import psycopg

        self._db: Any = psycopg.connect(url, autocommit=True)
        for statement in TABLES if new else ():
            self._db.execute(statement.format(bytes="BYTEA"))

    def rate(self, cases: list[str]) -> float:
        began = perf_counter()
        for case in cases:
            self._db.execute("INSERT INTO raw_state VALUES (%s, 0)", (case,))
            for version in range(STEPS):
                with self._db.transaction():
                    self._db.execute("INSERT INTO raw_event VALUES (%s, %s, %s)", (case, version, EVENT))
                    self._db.execute("UPDATE raw_state SET v = %s WHERE c = %s", (version, case))
        return STEPS * len(cases) / (perf_counter() - began)
