"""What the service needs from a store, and nothing more. Every store is held to one contract test class."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import chain
from typing import Protocol

from msgspec import Struct

from ..domain.recorded_order import StoredOrder
from ..domain.roles import Actor
from .accounts import Accounts
from .calendars import Calendars
from .drafts import Drafts
from .exemptions import Exemptions
from .exhibits import Exhibits, StoredExhibit
from .jottings import Jottings
from .journal import Journal
from .ledger_headers import LedgerHeaders
from .links import Links
from .messages import Messages
from .record import Record
from .register import Register
from .reports import Reports
from .substitutions import Substitutions
from .tokens import Tokens
from .views import Views


class Loaded(Struct, frozen=True, kw_only=True):
    """What an order starts from: who gives it, and orders of its case."""

    actor: Actor | None
    orders: list[StoredOrder]
    years: tuple[tuple[int, int], ...]
    """The holiday notices that were taken, by year and version: by them the calendar in force is known."""


class Unit(Protocol):
    """One transaction. Everything in it is written together, or nothing is."""

    @property
    def now(self) -> datetime:
        """The time of the transaction, UTC, read once."""

    @property
    def record(self) -> Record: ...

    @property
    def register(self) -> Register: ...

    @property
    def views(self) -> Views: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def drafts(self) -> Drafts: ...

    @property
    def ledger_headers(self) -> LedgerHeaders: ...

    @property
    def tokens(self) -> Tokens: ...

    @property
    def links(self) -> Links: ...

    @property
    def substitutions(self) -> Substitutions: ...

    @property
    def exemptions(self) -> Exemptions: ...

    @property
    def reports(self) -> Reports: ...

    @property
    def exhibits(self) -> Exhibits: ...

    @property
    def jottings(self) -> Jottings: ...

    @property
    def calendars(self) -> Calendars: ...

    @property
    def messages(self) -> Messages: ...

    @property
    def journal(self) -> Journal: ...

    def load(self, *, actor: str, case: str, since: int) -> Loaded:
        """All that an order starts from, asked together; orders whose first line is `since` or later."""


def files_in(unit: Unit) -> Iterator[StoredExhibit]:
    """All whose bytes lie outside the database: exhibits, and the files of jottings."""
    return chain(unit.exhibits.all(), unit.jottings.all_files())


class Store(Protocol):
    """Where everything is kept."""

    def write(self, about: str | None = None) -> AbstractContextManager[Unit]:
        """A transaction that may write; commits at the end, rolls back on any error.

        Those who write about the same thing, say a case, take turns: each sees all that those before it wrote.
        StoreInterrupted where another try may go through at once.
        """

    def read(self) -> AbstractContextManager[Unit]:
        """A transaction that sees one snapshot and writes nothing."""
