"""The store: transactions, and the three ports over them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from ...clock import Clock, system_clock
from ...errors import VersionClash
from ...ports import Loaded
from .engine import FAULTS, WRITES, as_told, check, open_engine
from .record import SqlRecord, answer_to, lines_of, read_answer, read_lines
from .register import SqlRegister, actor_named, read_actor
from .views import SqlViews
from .work import Work


class SqlUnit:
    """One transaction."""

    def __init__(self, work: Work, now: datetime) -> None:
        self.now, self._work = now, work
        self.record, self.register, self.views = SqlRecord(work), SqlRegister(work), SqlViews(work)

    def load(self, *, actor: str, command_id: str, case: str, since: int) -> Loaded:
        people, answers, lines = self._work.ask(actor_named(actor), answer_to(command_id), lines_of(case, since))
        return Loaded(actor=read_actor(people), answer=read_answer(answers), lines=read_lines(lines))


class SqlStore:
    """Everything in one database. SQLite has no clock of its own: the host's is read once per transaction."""

    def __init__(self, engine: Engine, clock: Clock = system_clock) -> None:
        self.engine, self._clock = engine, clock

    @contextmanager
    def write(self) -> Iterator[SqlUnit]:
        try:
            with self.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
                work = Work(connection)
                yield SqlUnit(work, self._clock())
                work.flush()
        except IntegrityError as fault:
            raise VersionClash from fault
        except FAULTS as fault:
            raise as_told(fault) from fault

    @contextmanager
    def read(self) -> Iterator[SqlUnit]:
        try:
            with self.engine.connect() as connection, connection.begin() as transaction:
                yield SqlUnit(Work(connection), self._clock())
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
