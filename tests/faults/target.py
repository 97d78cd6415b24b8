"""A kind of database to try faults on: how to make an empty one, open it, look into it and lay hands on it."""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

from mediation_engine.adapters.sql import SqlStore, open_store, prepare
from mediation_engine.adapters.sql.engine import open_engine
from mediation_engine.adapters.sql.schema import metadata
from mediation_engine.clock import Clock, FixedClock

from ..support.story import NOW
from .driver import Striker, sqlite_struck

Rows = dict[str, list[tuple[Any, ...]]]
"""Every row of every table."""
TABLES = sorted(metadata.tables)


class Target(ABC):
    """One database of a kind, by its address."""

    name: str
    """Of the kind."""
    url: str
    share = 1.0
    """How many of the usual number of tries it is given: where everything takes longer, fewer."""

    served = False
    """Whether it is kept by a server, which can die and be restarted."""

    @abstractmethod
    def anew(self) -> Target:
        """Another, empty, with nothing in it but its tables."""

    @abstractmethod
    def raw(self) -> AbstractContextManager[Any]:
        """A connection of the driver's own, past the door and past all guards: every statement stands by itself."""

    @abstractmethod
    def unguarded(self) -> AbstractContextManager[Any]:
        """The same, of somebody who can write the database: the guards of its append-only tables are gone meanwhile."""

    @abstractmethod
    def struck(self, striker: Striker) -> AbstractContextManager[None]:
        """While it lasts, connections that are made go through a striker."""

    @abstractmethod
    def unsound(self) -> list[str]:
        """What the database itself finds broken in its files."""

    def die(self) -> None:
        """The server and all its children are killed at once, and it is started again."""
        raise NotImplementedError

    def restart(self) -> None:
        """The server is stopped, whoever is connected, and started again."""
        raise NotImplementedError

    def open(self, clock: Clock | None = None) -> SqlStore:
        """The store, checked."""
        return open_store(self.url, clock or FixedClock(NOW))

    @contextmanager
    def opened(self, clock: Clock | None = None) -> Iterator[SqlStore]:
        """The store, and closed again."""
        store = self.open(clock)
        try:
            yield store
        finally:
            store.close()

    def rows(self) -> Rows:
        """Everything that is in it."""
        with self.raw() as db:
            return {table: as_sorted(all_of(db, table)) for table in TABLES}


def all_of(db: Any, table: str) -> list[tuple[Any, ...]]:
    """Every row of a table, through a raw connection."""
    cursor = db.cursor()
    cursor.execute(f"SELECT * FROM {table}")
    found: list[tuple[Any, ...]] = cursor.fetchall()
    cursor.close()
    return found


def as_sorted(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows in an order that says nothing."""
    return sorted(map(tuple, rows), key=repr)


class SqliteTarget(Target):
    """A file in a folder of its own. An empty one is made once and copied: migrating is slow, copying is not."""

    name = "SQLite"

    def __init__(self, folder: Path, *, numbers: Iterator[int] | None = None) -> None:
        self._folder, self._numbers = folder, numbers or count()
        self._empty = folder / "empty.db"
        self.path = folder / f"{next(self._numbers)}" / "mediation.db"
        self.url = f"sqlite:///{self.path}"
        if not self._empty.exists():
            prepare(f"sqlite:///{self._empty}")
        self.path.parent.mkdir()
        shutil.copy(self._empty, self.path)

    def anew(self) -> SqliteTarget:
        return SqliteTarget(self._folder, numbers=self._numbers)

    def copied(self) -> SqliteTarget:
        """Another with the same content: the file, and the -wal where there is one."""
        other = self.anew()
        for end in ("", "-wal"):
            source = self.path.with_name(self.path.name + end)
            if source.exists():
                shutil.copy(source, other.path.with_name(source.name))
        return other

    @property
    def wal(self) -> Path:
        """The write-ahead log beside the file."""
        return self.path.with_name(self.path.name + "-wal")

    @cached_property
    def driver(self) -> ModuleType:
        """The driver the program uses here."""
        engine = open_engine(self.url)
        module = engine.dialect.loaded_dbapi
        engine.dispose()
        assert isinstance(module, ModuleType)
        return module

    @contextmanager
    def raw(self) -> Iterator[Any]:
        connection = self.driver.connect(str(self.path), isolation_level=None)
        with closing(connection):
            yield connection

    @contextmanager
    def unguarded(self) -> Iterator[Any]:
        with self.raw() as db:
            guards = db.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'").fetchall()
            for name, _ in guards:
                db.execute(f"DROP TRIGGER {name}")
            yield db
            for _, sql in guards:
                db.execute(sql)

    def struck(self, striker: Striker) -> AbstractContextManager[None]:
        return sqlite_struck(self.driver, striker)

    def unsound(self) -> list[str]:
        with self.raw() as db:
            said = [row[0] for row in db.execute("PRAGMA integrity_check")]
        return [] if said == ["ok"] else said
