"""The store: transactions, and the three ports over them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from ...clock import Clock, system_clock
from ...errors import VersionClash
from .engine import FAULTS, WRITES, as_told, check, open_engine
from .record import SqlRecord
from .register import SqlRegister
from .views import SqlViews


class SqlUnit:
    """One transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.now = now
        self.record, self.register, self.views = SqlRecord(connection), SqlRegister(connection), SqlViews(connection)


class SqlStore:
    """Everything in one database. SQLite has no clock of its own: the host's is read once per transaction."""

    def __init__(self, engine: Engine, clock: Clock = system_clock) -> None:
        self.engine, self._clock = engine, clock

    @contextmanager
    def write(self) -> Iterator[SqlUnit]:
        try:
            with self.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
                yield SqlUnit(connection, self._clock())
        except IntegrityError as fault:
            raise VersionClash from fault
        except FAULTS as fault:
            raise as_told(fault) from fault

    @contextmanager
    def read(self) -> Iterator[SqlUnit]:
        try:
            with self.engine.connect() as connection, connection.begin() as transaction:
                yield SqlUnit(connection, self._clock())
                transaction.rollback()
        except FAULTS as fault:
            raise as_told(fault) from fault

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_store(url: str, clock: Clock = system_clock) -> SqlStore:
    """A checked store; StoreNotReady says what is missing."""
    engine = open_engine(url)
    try:
        check(engine)
    except Exception:
        engine.dispose()
        raise
    return SqlStore(engine, clock)
