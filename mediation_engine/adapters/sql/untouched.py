"""A look at a database whose files stay as they are, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from . import engine as e
from .copying import is_empty
from .files import beside, file_of, open_file
from .revisions import known_revision
from .store import SqlStore, SqlUnit


@contextmanager
def untouched(url: str) -> Iterator[SqlUnit | None]:
    """What is in a database, to read; None where nothing is, or there is none.

    To open it as usual would bring settings, a log and what waits in it into its files. StoreNotReady where what is in
    it is not of this program, or of another version of it.
    """
    engine = e.open_engine(url)
    path = file_of(engine)
    if path is not None:
        engine.dispose()
        if not path.exists() or not path.stat().st_size:
            yield None
            return
        engine = _only_read(path)
    try:
        with SqlStore(engine).work(writes=False) as work:
            if is_empty(work.connection):
                yield None
                return
            known_revision(work.connection)
            e.check_schema(work.connection)
            yield SqlUnit(work, None)
    except e.FAULTS as fault:
        raise e.as_told(engine, fault) from fault
    finally:
        engine.dispose()


def _only_read(path: Path) -> Engine:
    """With its log, where others are at work on it or it was left behind; without one it is a file like another."""
    [log] = beside(path, "-wal")
    return open_file(path, alone=not log.exists())
