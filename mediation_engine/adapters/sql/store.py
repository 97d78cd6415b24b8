"""The store: transactions, and the ports over them."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from ...clock import Clock
from ...errors import NumberTaken, StoreInterrupted, VersionClash
from ...ids import Randomness, system_randomness
from ...ports.store import Loaded
from .accounts import SqlAccounts
from .calendars import YEARS, SqlCalendars
from .drafts import SqlDrafts
from .engine import FAULTS, as_told, check, dialect_of, open_engine
from .exemptions import SqlExemptions
from .exhibits import SqlExhibits
from .guards import NUMBER_INDEX
from .jottings import SqlJottings
from .journal import SqlJournal
from .ledger_headers import SqlLedgerHeaders
from .links import SqlLinks
from .messages import SqlMessages
from .record import SqlRecord, orders_of, read_orders
from .register import SqlRegister, actor_named, read_actor
from .reports import SqlReports
from .substitutions import SqlSubstitutions
from .tokens import SqlTokens
from .views import SqlViews
from .work import Work


class SqlUnit:
    """One transaction."""

    def __init__(self, work: Work, clock: Clock | None, randomness: Randomness = system_randomness) -> None:
        self._work, self._told = work, clock() if clock else None
        self.journal = SqlJournal(work, lambda: self.now, randomness)
        self.record, self.register, self.views = (
            SqlRecord(work),
            SqlRegister(work, self.journal),
            SqlViews(work, self.journal),
        )
        self.exhibits = SqlExhibits(work, self.journal)
        self.jottings = SqlJottings(work)
        self.messages = SqlMessages(work, self.journal, lambda: self.now)
        self.accounts, self.tokens = SqlAccounts(work, self.journal), SqlTokens(work, self.journal)
        self.drafts = SqlDrafts(work)
        self.ledger_headers = SqlLedgerHeaders(work)
        self.links = SqlLinks(work, self.journal)
        self.substitutions = SqlSubstitutions(work, self.journal)
        self.exemptions = SqlExemptions(work, self.journal)
        self.reports = SqlReports(work, self.journal)
        self.calendars = SqlCalendars(work, self.journal)

    @property
    def now(self) -> datetime:
        """By the database's clock unless another is given."""
        return self._told or self._work.now()

    def load(self, *, actor: str, case: str, since: int) -> Loaded:
        people, orders, years = self._work.ask(actor_named(actor), orders_of(case, since), YEARS)
        taken = tuple((year, version) for year, version in years)
        return Loaded(actor=read_actor(people), orders=read_orders(orders), years=taken)


class SqlStore:
    """Everything in one database, by the database's own clock unless another is given."""

    def __init__(self, engine: Engine, clock: Clock | None = None) -> None:
        self.engine, self._clock = engine, clock

    @contextmanager
    def write(self, about: str | None = None) -> Iterator[SqlUnit]:
        with self._told(), self.work(writes=True, about=about) as work:
            unit = SqlUnit(work, self._clock)
            yield unit
            unit.journal.write()
        if work.erases:
            with suppress(*FAULTS):  # it is done; what is not cut now is when somebody erases next, or closes the file
                dialect_of(self.engine).wipe(self.engine)

    @contextmanager
    def read(self) -> Iterator[SqlUnit]:
        with self._told(), self.work(writes=False) as work:
            yield SqlUnit(work, self._clock)

    @contextmanager
    def work(self, *, writes: bool, about: str | None = None) -> Iterator[Work]:
        """A transaction for what goes past the ports; it fails as SQLAlchemy does."""
        work = dialect_of(self.engine).work(self.engine, writes=writes, about=about)
        try:
            work.begin()
            yield work
            work.end()
        except BaseException as fault:
            work.undo()
            if isinstance(fault, DBAPIError) and not writes:
                work.give_up(fault)
            raise
        finally:
            work.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError as fault:
            raise (NumberTaken if _is_of_number(fault) else VersionClash) from fault
        except FAULTS as fault:
            told = as_told(self.engine, fault)
            if isinstance(told, StoreInterrupted):
                time.sleep(random.uniform(0.001, 0.02))  # those who ran into each other are not to meet again at once
            raise told from fault

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _is_of_number(fault: IntegrityError) -> bool:
    """Whether it is the number of a case that stood there already: one database names the column, one the index."""
    return any(sign in str(fault.orig) for sign in ("case_list.number", "case_list_by_number", NUMBER_INDEX))


def open_store(url: str, clock: Clock | None = None) -> SqlStore:
    """A checked store; StoreNotReady says what is missing."""
    engine = open_engine(url)
    try:
        check(engine)
    except Exception:
        engine.dispose()
        raise
    return SqlStore(engine, clock)
