"""The port of lists, calendars and looks, and their entities."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from ..domain.marks import MarkKind
from ..domain.matter import CASE
from ..read_models.counted import CountedRow, Rows
from ..read_models.projections import CaseRow, CorrectionRow, DueDate, MarkRow, Named, Projection, TaskRow


class Notice(Struct, frozen=True, kw_only=True):
    """Something somebody outside should hear of; sent after the commit, by whoever empties the outbox."""

    case: str
    version: int
    event: str


NO_CASE = ""
"""In place of the case of a look at a list. It is kept which list, and how many cases it showed; no word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One look at a case, or at a list that shows names: who, under which office, at what, when."""

    actor: str
    office: str
    case: str
    what: str
    at: datetime
    person: str | None = None
    """Whose number or address it was at, where it was at one."""
    reason: str | None = None
    """The code of the reason that was given, where one was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases a list is to show; what is left out does not narrow it, but that it is of cases."""

    words: str = ""
    """A piece of a party's name or of a case number, initials, the beginning of an id."""
    organisations: Collection[str] | None = None
    phase: str = ""
    """The phase (its name) that they are in."""
    state: str = ""
    """The state (code) of that phase."""
    closed: bool | None = None
    dispute: str = ""
    disputes: Collection[str] = ()
    """About one of these (codes), where any are given."""
    track: str = ""
    due_before: date | None = None
    mediator: str | None = None
    """Lead mediator (id of a member of staff); empty for cases that have none."""
    cases: Collection[str] | None = None
    """Only some of these, of whatever kind they are."""
    matter: str = CASE.code
    """What kind of thing they are (code), where they are not named."""
    kind: str = ""
    """The kind (code) of such a thing."""
    district: str = ""
    """The district (code) that they belong to."""
    raised: str = ""
    """At which level (code) they were raised."""
    settled: str = ""
    """At which level (code) they were settled."""
    reporter: str = ""
    """Who of the staff (id) reported them, where he sees only what is his own."""
    predecessor: str = ""
    """The case that they follow on."""
    kept: bool = False
    """Only closed ones in which duties are to be kept day by day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedMarks:
    """Which marked lines a list is to show; what is left out does not narrow it."""

    organisations: Collection[str]
    kinds: Collection[MarkKind] = tuple(MarkKind)
    code: str = ""
    """Of the rule: then no correction."""
    since: datetime | None = None
    until: datetime | None = None
    """Recorded from a moment on, and before another."""
    mediator: str | None = None
    """Lead mediator of the case; empty for cases that have none."""


GROUPS = ("district", "dispute", "source", "mediator", "level", "organisation", "month")
"""What counts can be told apart by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedCounts:
    """What is to be counted; what is left out does not narrow it."""

    organisations: Collection[str]
    whats: Collection[str]
    """Kinds of things (codes)."""
    since: date | None
    """None for what has no day."""
    until: date | None
    known: datetime
    """As known at this moment."""
    forms: bool = True
    """Whether what rests on an oral agreement counts."""
    by: str = ""
    """One of `GROUPS`; empty for all together."""
    kinds: Collection[str] = ()
    group: str | None = None
    """Only what is of one group, where `by` is given."""


class Tally(Struct, frozen=True, kw_only=True):
    """How much of one kind of thing there is, how it came out, in one group."""

    what: str
    kind: str
    group: str
    things: int
    amount: int
    people: int
    unsaid_amount: int
    """Things of which nobody says the amount, or below the people."""
    unsaid_people: int


ORAL = "oral"
"""The form (code) of an agreement of which there is no paper."""


class Views(Protocol):
    """The read models, the outbox and the audit of reads."""

    def change(self, before: Projection | None, after: Projection) -> None:
        """Write what differs between two projections of one case. NumberTaken where another has its number; at the
        latest when the transaction ends."""

    def row(self, case: str) -> CaseRow | None:
        """The row of a case in the list."""

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

    def newest(self, wanted: Wanted, *, after: str = "", most: int = 200, oldest_first: bool = False) -> list[CaseRow]:
        """The same, the latest registered first, or the oldest. Not by words: what is found by them comes by id."""

    def by_next_date(
        self, wanted: Wanted, *, after: tuple[date, str] | None = None, most: int = 200
    ) -> list[tuple[CaseRow, date]]:
        """Those in which something falls due, each with its first day, the earliest first, from the one after a day
        and a case on. Not by words."""

    def next_dates(self, cases: Collection[str]) -> dict[str, date]:
        """The first day on which something falls due in each of some cases, where anything does."""

    def resting(self, wanted: Wanted, *, after: tuple[datetime, str] | None = None, most: int = 200) -> list[CaseRow]:
        """The same, the one longest unmoved first, from the one after a moment and a case. Not by words; every case
        wanted is gone through, so it is for what few are, such as the open ones of somebody."""

    def count(self, wanted: Wanted, most: int) -> int:
        """How many cases are wanted, counted no further than to `most`. Not by words."""

    def named(self, cases: Collection[str]) -> list[Named]:
        """Who is a party to some cases, by case, in order of joining."""

    def find_by_its_names(self, case: str) -> None:
        """Make the words that a case is found by what they should be."""

    def is_found_by_its_names(self, case: str) -> bool:
        """Whether a case is found by the words of its number and its parties' newest names, and by no others."""

    def due_dates(
        self,
        until: date,
        *,
        since: date = date.min,
        organisations: Collection[str] | None = None,
        mediator: str | None = None,
        waiting: bool = False,
        lapsing: bool = False,
        kinds: Collection[str] = (),
        machine: str = "",
        matter: str = "",
        most: int = 200,
    ) -> list[DueDate]:
        """Duties that fall due up to a day, the oldest first; or what waits since then, or rights that lapse by then.
        From a day on, of some kinds, about instances of one machine, in what is of one kind (code), and of some
        organisations or of one lead mediator only, where given."""

    def cases_due(
        self, kinds: Collection[str], since: date, until: date, *, after: str = "", most: int = 200
    ) -> list[str]:
        """Ids of the cases in which something of some kinds falls due between two days, from the one after `after`."""

    def uncounted(self, most: int = 200) -> list[str]:
        """Cases of which what figures are counted from is older than their record."""

    def put_counted(self, case: str, rows: Rows) -> None:
        """Put in place all that was ever counted of a case: then it is up to date."""

    def counted(self, case: str) -> Rows:
        """All that was ever counted of a case."""

    def tallies(self, wanted: WantedCounts) -> list[Tally]:
        """How much of what is wanted there is, by kind and group, in their order."""

    def counted_rows(
        self, wanted: WantedCounts, *, after: tuple[str, str, str] = ("", "", ""), most: int = 200
    ) -> list[CountedRow]:
        """What is counted, by case, kind of thing and key, from the one after a place on."""

    def tasks(self, *, after: tuple[str, str, str] = ("", "", ""), most: int = 200) -> list[TaskRow]:
        """What cases leave to be done in others, by case, instance and kind, from the one after a place on."""

    def mentioning(self, other: str) -> list[str]:
        """Ids of the cases that name another, which says nothing of them, in order."""

    def corrections(self, organisations: Collection[str], *, skip: int = 0, most: int = 200) -> list[CorrectionRow]:
        """Corrections in the cases of some organisations, the latest first, from the one after so many."""

    def marks(
        self, wanted: WantedMarks, *, after: tuple[datetime, str, int, str] | None = None, most: int = 200
    ) -> list[MarkRow]:
        """What lines are marked with, corrections among it, the latest first, from the one after a place on."""

    def withdraw_notices(self, case: str, versions: Collection[int]) -> None:
        """Take away those of some lines of a case that nobody has been told yet."""

    def put_notices(self, notices: Iterable[Notice]) -> None: ...

    def notices(self) -> list[Notice]:
        """What nobody has been told yet."""

    def note_read(self, read: Read) -> None: ...

    def reads(self, case: str) -> list[Read]:
        """Who looked at a case, oldest first."""

    def reads_of_person(self, person: str) -> list[Read]:
        """Who looked at somebody's numbers or address, oldest first."""

    def cases_of(self, people: Collection[str], organisations: Collection[str], *, most: int = 200) -> list[CaseRow]:
        """Cases of some organisations with any of these people as parties, the latest registered first."""

    def has_read(self, case: str, actor: str, what: str, since: datetime) -> bool:
        """Whether somebody has looked at a case from a moment on, at what begins with some words."""

    def list_reads(self, actors: Collection[str], *, skip: int = 0, most: int = 200) -> list[Read]:
        """Looks of some of the staff at lists, the latest first, from the one after so many."""
