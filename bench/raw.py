"""The raw limit: the driver alone, one event row and one state row per durable commit, nothing else done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any, Protocol

from .workload import OPEN, STEPS, scattered

EVENT = b'{"event":"' + b"x" * 188 + b'"}'
"""About 200 bytes."""
TABLES = (
    "CREATE TABLE raw_event (c TEXT, v INTEGER, body {bytes}, PRIMARY KEY (c, v))",
    "CREATE TABLE raw_state (c TEXT PRIMARY KEY, v INTEGER)",
)

Step = tuple[str, int]


class Raw(Protocol):
    """A limit to be measured against."""

    def lay(self, cases: int) -> None:
        """Put down so many whole cases, before anything is measured."""

    def give(self, steps: Iterable[Step]) -> None:
        """One durable commit for each step: the event, and where the case stands."""


class Traffic:
    """Steps of cases in progress, in the same disorder as the door's."""

    def __init__(self, raw: Raw, who: object, cases: int = OPEN) -> None:
        self._raw, self._random, self._who, self._opened = raw, Random(repr(who)), who, count()
        self._left = [self._next() for _ in range(cases)]
        self.give(cases * STEPS // 2)

    def _next(self) -> Iterator[Step]:
        case = scattered("raw", self._who, next(self._opened))
        return iter([(case, version) for version in range(STEPS)])

    def give(self, many: int) -> float:
        """Seconds for so many steps."""
        steps = [self._step() for _ in range(many)]
        began = perf_counter()
        self._raw.give(steps)
        return perf_counter() - began

    def _step(self) -> Step:
        at = self._random.randrange(len(self._left))
        step = next(self._left[at], None)
        if step is None:
            self._left[at] = self._next()
            step = next(self._left[at])
        return step


def whole(cases: int) -> Iterator[tuple[str, int, bytes]]:
    """The events of so many cases."""
    for number in range(cases):
        yield from ((scattered("laid", number), version, EVENT) for version in range(STEPS))


def states(cases: int) -> list[tuple[str, int]]:
    return [(scattered("laid", number), STEPS - 1) for number in range(cases)]


def sqlite(path: str) -> Any:
    """The driver alone on a file; a commit is durable."""
    from pysqlite3 import dbapi2

    db = dbapi2.connect(path, isolation_level=None, timeout=30)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"):
        db.execute(statement)
    return db


def postgres(url: str) -> Any:
    """The driver alone on a server; the address may be one of SQLAlchemy's."""
    import psycopg

    return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)


class RawSqlite:
    """The limit on SQLite: WAL, synchronous FULL."""

    def __init__(self, path: Path, *, new: bool = True) -> None:
        self._db = sqlite(str(path))
        for statement in TABLES if new else ():
            self._db.execute(statement.format(bytes="BLOB"))

    def lay(self, cases: int) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT INTO raw_event VALUES (?, ?, ?)", whole(cases))
        self._db.executemany("INSERT INTO raw_state VALUES (?, ?)", states(cases))
        self._db.execute("COMMIT")

    def give(self, steps: Iterable[Step]) -> None:
        for case, version in steps:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("INSERT INTO raw_event VALUES (?, ?, ?)", (case, version, EVENT))
            if version:
                self._db.execute("UPDATE raw_state SET v = ? WHERE c = ?", (version, case))
            else:
                self._db.execute("INSERT INTO raw_state VALUES (?, 0)", (case,))
            self._db.execute("COMMIT")


class RawPostgres:
    """The limit on PostgreSQL: psycopg alone, all of a step sent together; the door needs a way more, to read."""

    def __init__(self, url: str, *, new: bool = True) -> None:
        self._db = postgres(url)
        for statement in TABLES if new else ():
            self._db.execute(statement.format(bytes="BYTEA"))

    def lay(self, cases: int) -> None:
        with self._db.transaction(), self._db.cursor() as cursor:
            cursor.executemany("INSERT INTO raw_event VALUES (%s, %s, %s)", whole(cases))
            cursor.executemany("INSERT INTO raw_state VALUES (%s, %s)", states(cases))

    def give(self, steps: Iterable[Step]) -> None:
        for case, version in steps:
            with self._db.pipeline():
                self._db.execute("BEGIN")
                self._db.execute("INSERT INTO raw_event VALUES (%s, %s, %s)", (case, version, EVENT))
                if version:
                    self._db.execute("UPDATE raw_state SET v = %s WHERE c = %s", (version, case))
                else:
                    self._db.execute("INSERT INTO raw_state VALUES (%s, 0)", (case,))
                self._db.execute("COMMIT")
