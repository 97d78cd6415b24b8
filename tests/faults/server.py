"""A PostgreSQL server of one's own to try faults on: killed, stopped, started again; its connections cut."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any
from unittest.mock import patch

import psycopg

from mediation_engine.adapters.sql import prepare

from ..adapters.test_postgresql import kill
from ..support.postgres import Server, own_server
from .driver import Striker
from .target import TABLES, Target


class Cursor(psycopg.Cursor[Any]):
    """Takes statements as SQLite does."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        return super().execute(query.replace("?", "%s") if params else query, params, **how)


class PostgresTarget(Target):
    """A database of a server that is nobody else's. An empty one is made once and copied."""

    name = "PostgreSQL"
    share = 0.1
    served = True

    def __init__(self, own: Any, server: Server, empty: str) -> None:
        self.own, self._server, self._empty = own, server, empty
        self.database = f"faults_{next(server.names)}"
        server.run(f'CREATE DATABASE {self.database} TEMPLATE "{empty}" {server.how}')
        self.url = server.url(self.database)

    def anew(self) -> PostgresTarget:
        return PostgresTarget(self.own, self._server, self._empty)

    @contextmanager
    def raw(self) -> Iterator[Any]:
        with psycopg.Connection.connect(self.url, autocommit=True, cursor_factory=Cursor) as connection:
            yield connection

    @contextmanager
    def unguarded(self) -> Iterator[Any]:
        with self.raw() as db:
            for table in TABLES:
                db.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            yield db

    def struck(self, striker: Striker) -> AbstractContextManager[None]:
        return postgres_struck(striker)

    def unsound(self) -> list[str]:
        """Reads every row; where pages have checksums, a torn one does not pass."""
        self.rows()
        return []

    def die(self) -> None:
        kill(self.own)
        self.own.start()

    def restart(self) -> None:
        self.own.stop()
        self.own.start()


@contextmanager
def own_target(name: str) -> Iterator[PostgresTarget]:
    """A database on a server that is there for this alone."""
    with own_server(f"faults-{name}") as own:
        server = Server(own.get_uri(), "STRATEGY FILE_COPY")
        empty = f"empty_{next(server.names)}"
        server.run(f"CREATE DATABASE {empty}")
        prepare(server.url(empty))
        yield PostgresTarget(own, server, empty)


@contextmanager
def postgres_struck(striker: Striker) -> Iterator[None]:
    """While it lasts, connections that are made with the driver go through a striker."""

    def fault() -> Exception:
        return psycopg.OperationalError("server closed the connection unexpectedly")

    class StruckCursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, *given: Any, **named: Any) -> Any:
            really = partial(super().execute, query, *given, **named)
            return striker.call(self.connection, fault, really, commit=query == "COMMIT")

        def executemany(self, *given: Any, **named: Any) -> None:
            striker.call(self.connection, fault, partial(super().executemany, *given, **named))

    class StruckConnection(psycopg.Connection[Any]):
        gone = False

        def commit(self) -> None:
            striker.call(self, fault, super().commit, commit=True)

        def rollback(self) -> None:
            striker.call(self, fault, super().rollback)

        def settle(self) -> None:
            with self.pipeline():  # its end waits until all that was sent is done
                pass

        def break_off(self) -> None:
            self.close()

    connect = partial(StruckConnection.connect, cursor_factory=StruckCursor)
    with patch.object(psycopg, "connect", connect):
        yield
