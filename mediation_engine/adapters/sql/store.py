"""The store: transactions, and the three ports over them."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from ...clock import Clock
from ...errors import StoreInterrupted, VersionClash
from .engine import FAULTS, as_told, check, dialect_of, open_engine
from .options import ABOUT, WRITES
from .record import SqlRecord
from .register import SqlRegister
from .views import SqlViews


class SqlUnit:
    """One transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.now = now
        self.record, self.register, self.views = SqlRecord(connection), SqlRegister(connection), SqlViews(connection)


class SqlStore:
    """Everything in one database, by the database's own clock unless another is given."""

    def __init__(self, engine: Engine, clock: Clock | None = None) -> None:
        self.engine, self._clock = engine, clock

    @contextmanager
    def write(self, about: str | None = None) -> Iterator[SqlUnit]:
        options = {WRITES: True, ABOUT: about}
        try:
            with self.engine.connect().execution_options(**options) as connection, connection.begin():
                yield self._unit(connection)
        except IntegrityError as fault:
            raise VersionClash from fault
        except FAULTS as fault:
            told = as_told(self.engine, fault)
            if isinstance(told, StoreInterrupted):
                time.sleep(random.uniform(0.001, 0.02))  # those who ran into each other are not to meet again at once
            raise told from fault

    @contextmanager
    def read(self) -> Iterator[SqlUnit]:
        try:
            with self.engine.connect() as connection, connection.begin() as transaction:
                yield self._unit(connection)
                transaction.rollback()
        except FAULTS as fault:
            raise as_told(self.engine, fault) from fault

    def _unit(self, connection: Connection) -> SqlUnit:
        return SqlUnit(connection, self._clock() if self._clock else dialect_of(self.engine).now(connection))

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_store(url: str, clock: Clock | None = None) -> SqlStore:
    """A checked store; StoreNotReady says what is missing."""
    engine = open_engine(url)
    try:
        check(engine)
    except Exception:
        engine.dispose()
        raise
    return SqlStore(engine, clock)
