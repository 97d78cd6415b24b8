"""What the service needs from a store, and nothing more. Every store is held to one contract test class."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from ..domain.labels import Labelled
from ..domain.line import StoredLine
from ..domain.people import PartyKind
from ..domain.roles import Actor, Office, Organisation
from ..readmodels import CaseRow, DueDate, Named, OpenPart, Projection
from ..sealing import StoredText


class Answer(Struct, frozen=True, kw_only=True):
    """The kept answer to an order: which lines it wrote, and a digest of what was asked and by whom."""

    command_id: str
    case: str
    first: int
    last: int
    order_digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One version of somebody in the register of people and organisations: the only place names are kept."""

    id: str
    version: int = 1
    name: str
    kind: PartyKind
    phone: str | None = None


class Notice(Struct, frozen=True, kw_only=True):
    """Something somebody outside should hear of; sent after the commit, by whoever empties the outbox."""

    case: str
    version: int
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One look at a case: who, under which office, at what, when."""

    actor: str
    office: str
    case: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases a list is to show; what is left out does not narrow it."""

    words: str = ""
    """A piece of a party's name or of a case number, initials, the beginning of an id."""
    organisations: Collection[str] | None = None
    phase: str = ""
    closed: bool | None = None
    dispute: str = ""
    track: str = ""
    due_before: date | None = None
    cases: Collection[str] | None = None
    """Only some of these."""


class Loaded(Struct, frozen=True, kw_only=True):
    """What an order starts from: who gives it, the answer kept for it if any, lines of its case."""

    actor: Actor | None
    answer: Answer | None
    lines: list[StoredLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How one member of the staff proves who it is."""

    actor: str
    password: str
    """Hashed."""
    changed: datetime
    once_until: datetime | None = None
    """A password given out by somebody else is good for one sign-in until then, and must be changed there."""
    totp: str | None = None
    """The seed of its one-time codes, sealed by who keeps it."""
    totp_step: int = 0
    """The step of the last code used: none is used twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Somebody signed in on one device, until signed out."""

    key: str
    """A digest of the secret in the browser's cookie; the secret itself is kept nowhere."""
    actor: str
    began: datetime
    seen: datetime
    device: str
    kept: str
    """What the pages remember while it lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """How often in a row a sign-in failed, for an account or from an address."""

    key: str
    failed: int
    last: datetime


class Scope(Labelled):
    """What a program may do that shows a token."""

    READ = "read", "查看案件"
    WRITE = "write", "办理案件"
    AUDIT = "audit", "校验记录"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a program shows instead of signing in: it acts for one member of the staff, under one office."""

    key: str
    """A digest of the token; the token itself is kept nowhere."""
    id: str
    """What it is called by when it is listed or ended."""
    name: str
    """What it is for."""
    actor: str
    office: Office
    scopes: frozenset[Scope]
    made: datetime
    until: date
    """The last day, in China, on which it is good."""
    seen: date | None = None
    """The last day it was used."""
    ended: datetime | None = None


class Record(Protocol):
    """The append-only lines, the answers kept with them, and the erasable texts beside them."""

    def lines(self, case: str, since: int = 0) -> list[StoredLine]:
        """The lines of a case as stored, from a version on, in order of version."""

    def last(self, case: str) -> StoredLine | None:
        """The newest line of a case."""

    def append(self, lines: Sequence[StoredLine]) -> None:
        """Add lines of one case.

        VersionClash where a version is taken or left out, or (command id, ordinal) taken; at the latest when the
        transaction ends.
        """

    def cases(self) -> list[str]:
        """Ids of all cases that have a line or a row in the list, in order of id."""

    def answer(self, command_id: str) -> Answer | None:
        """The answer kept for an order that has lines, in whichever case."""

    def answers(self, case: str) -> list[Answer]:
        """The answers kept for a case, in order of its lines."""

    def keep_answer(self, answer: Answer) -> None: ...

    def texts(self, case: str) -> dict[str, StoredText]:
        """The texts of a case by id, erased ones with words None."""

    def salts(self, case: str, ids: Iterable[str]) -> dict[str, bytes | None]:
        """The salts of those of a case's texts that are stored."""

    def put_texts(self, texts: Iterable[StoredText]) -> None: ...

    def erase_text(self, case: str, id: str) -> None:
        """Forget words and salt; label and id stay."""


class Register(Protocol):
    """People, organisations, staff and case numbers."""

    def person(self, id: str) -> Person | None:
        """The newest version."""

    def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """The newest versions of several."""

    def put_person(self, person: Person) -> None:
        """Add a version; the same again is nothing; PersonTaken where that version is somebody else."""

    def actor(self, id: str) -> Actor | None: ...

    def actors(self) -> list[Actor]: ...

    def put_actor(self, actor: Actor) -> None:
        """Add or replace."""

    def organisation(self, id: str) -> Organisation | None: ...

    def organisations(self) -> list[Organisation]: ...

    def put_organisation(self, organisation: Organisation) -> None:
        """Add or replace."""

    def next_number(self, organisation: str, track: str, year: int, *, take: bool) -> int:
        """The next serial of the year, from 1; only looked at unless `take`."""


class Views(Protocol):
    """The read models, the outbox and the audit of reads."""

    def change(self, before: Projection | None, after: Projection) -> None:
        """Write what differs between two projections of one case."""

    def projection(self, case: str) -> Projection | None:
        """The rows of a case as stored."""

    def clear(self, case: str) -> None:
        """Drop the rows of a case, to rebuild them."""

    def case_rows(
        self, *, after: str = "", most: int = 200, organisations: Collection[str] | None = None
    ) -> list[CaseRow]:
        """Cases by id, from the one after `after`; those of some organisations only, where these are given."""

    def find_case(self, words: str) -> list[str]:
        """Ids of the cases with this id, number or beginning of an id; at most ten."""

    def search(self, wanted: Wanted, *, after: str = "", most: int = 200) -> list[CaseRow]:
        """The cases that are wanted by id, from the one after `after`; the newest names count."""

    def newest(self, wanted: Wanted, *, after: str = "", most: int = 200) -> list[CaseRow]:
        """The same, the latest registered first. Not by words: what is found by them comes by id."""

    def named(self, cases: Collection[str]) -> list[Named]:
        """Who is a party to some cases, by case, in order of joining."""

    def is_found_by_its_names(self, case: str) -> bool:
        """Whether a case is found by the words of its number and its parties' newest names, and by no others."""

    def work_list(self, *, organisation: str, most: int = 200) -> list[OpenPart]:
        """What an organisation's cases wait for, by case and instance."""

    def due_dates(
        self,
        until: date,
        *,
        since: date = date.min,
        organisations: Collection[str] | None = None,
        most: int = 200,
    ) -> list[DueDate]:
        """What falls due up to a day, the oldest first; from a day on, and of some organisations only, where given."""

    def put_notices(self, notices: Iterable[Notice]) -> None: ...

    def notices(self) -> list[Notice]:
        """What nobody has been told yet."""

    def note_read(self, read: Read) -> None: ...

    def reads(self, case: str) -> list[Read]:
        """Who looked at a case, oldest first."""


class Accounts(Protocol):
    """Who may come in, who is in, and who tried."""

    def account(self, actor: str) -> Account | None: ...

    def accounts(self) -> list[Account]: ...

    def put_account(self, account: Account) -> None:
        """Add or replace."""

    def sign_in(self, key: str) -> SignIn | None: ...

    def sign_ins(self, actor: str) -> list[SignIn]:
        """Where somebody is signed in, the latest first."""

    def begin(self, sign_in: SignIn) -> None: ...

    def go_on(self, key: str, *, seen: datetime, kept: str) -> None:
        """It is still in use; nothing where it has been ended meanwhile."""

    def end(self, key: str) -> None:
        """Nothing where it has been ended."""

    def end_all(self, actor: str, *, but: str = "") -> None:
        """End all of somebody's, or all but one."""

    def end_older(self, began: datetime) -> None:
        """End what began before a time."""

    def tries(self, key: str) -> Tries | None: ...

    def put_tries(self, tries: Tries) -> None:
        """Add or replace."""

    def forget_tries(self, *keys: str) -> None: ...

    def forget_older_tries(self, last: datetime) -> None:
        """Forget those whose last was before a time."""


class Tokens(Protocol):
    """What programs come in with."""

    def token(self, key: str) -> Token | None: ...

    def tokens(self) -> list[Token]:
        """All, in order of when they were made."""

    def put_token(self, token: Token) -> None:
        """Add or replace."""


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
    def tokens(self) -> Tokens: ...

    def load(self, *, actor: str, command_id: str, case: str, since: int) -> Loaded:
        """All that an order starts from, asked together; lines from version `since` on."""


class Store(Protocol):
    """Where everything is kept."""

    def write(self, about: str | None = None) -> AbstractContextManager[Unit]:
        """A transaction that may write; commits at the end, rolls back on any error.

        Those who write about the same thing, say a case, take turns: each sees all that those before it wrote.
        StoreInterrupted where another try may go through at once.
        """

    def read(self) -> AbstractContextManager[Unit]:
        """A transaction that sees one snapshot and writes nothing."""
