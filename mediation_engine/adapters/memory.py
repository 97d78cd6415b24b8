"""A store in memory: for tests, rehearsals and previews. Held to the same contract as the databases."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from threading import RLock
from typing import Any, TypeVar

from msgspec import structs, to_builtins

from ..clock import Clock
from ..domain.case import machine_of
from ..domain.message import DIGEST
from ..domain.recorded_order import StoredOrder
from ..domain.roles import Actor, Organisation, Substitution
from ..domain.workflow import WAIT
from ..errors import NumberTaken, PersonTaken, VersionClash
from ..ids import Randomness, system_randomness
from ..ports.accounts import Account, SignIn, Tries
from ..ports.calendars import ImportedYear, MovedDeadline, Recount
from ..ports.drafts import Draft
from ..ports.exemptions import Exemption
from ..ports.exhibits import StoredExhibit
from ..ports.jottings import Filed, Jotting
from ..ports.links import Link
from ..ports.messages import BEGINNING, Contact, Heartbeat, Item, Message, Parked, Place, Sending, Window
from ..ports.register import ERASED, Erasure, Found, Person, erased, is_same
from ..ports.reports import FrozenReport
from ..ports.store import Loaded
from ..ports.tokens import Token
from ..ports.views import NO_CASE, ORAL, Notice, Read, Tally, Wanted, WantedCounts, WantedMarks
from ..read_models import search_terms
from ..read_models.counted import CountedRow, Rows
from ..read_models.projections import (
    CaseRow,
    CorrectionRow,
    DueDate,
    MarkRow,
    Named,
    Projection,
    TaskRow,
    by_last_move,
    by_marking,
    by_opening,
    by_recording,
    in_order,
    of_correction,
)
from ..record.journal import (
    COVERED,
    SALT,
    Chain,
    Entry,
    Key,
    SideRow,
    StoredEntry,
    chained,
    covered_part,
    entry_of,
    entry_of_gone,
)
from ..record.sealing import StoredText

K = TypeVar("K")
V = TypeVar("V")


@dataclass
class _Tables:
    orders: dict[str, list[StoredOrder]] = field(default_factory=dict)
    texts: dict[tuple[str, str], StoredText] = field(default_factory=dict)
    people: dict[str, list[Person]] = field(default_factory=dict)
    people_keys: dict[str, bytes | None] = field(default_factory=dict)
    people_erasures: dict[str, Erasure] = field(default_factory=dict)
    people_index: dict[str, frozenset[Found]] = field(default_factory=dict)
    same_people: dict[tuple[str, str], bool] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    numbers: dict[tuple[str, str, int], int] = field(default_factory=dict)
    projections: dict[str, Projection] = field(default_factory=dict)
    counted: dict[str, Rows] = field(default_factory=dict)
    notices: dict[tuple[str, int], Notice] = field(default_factory=dict)
    reads: list[Read] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)
    sign_ins: dict[str, SignIn] = field(default_factory=dict)
    tries: dict[str, Tries] = field(default_factory=dict)
    drafts: dict[tuple[str, str, str], tuple[Draft, str]] = field(default_factory=dict)
    ledger_headers: dict[tuple[str, str], str] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    substitutions: dict[str, Substitution] = field(default_factory=dict)
    exemptions: dict[str, Exemption] = field(default_factory=dict)
    reports: dict[str, FrozenReport] = field(default_factory=dict)
    exhibits: dict[tuple[str, str], StoredExhibit] = field(default_factory=dict)
    jottings: dict[str, Jotting] = field(default_factory=dict)
    jotting_files: dict[tuple[str, str], StoredExhibit] = field(default_factory=dict)
    calendar_years: dict[tuple[int, int], ImportedYear] = field(default_factory=dict)
    recounts: dict[tuple[int, int], Recount] = field(default_factory=dict)
    moved: dict[tuple[int, int, str, str, str], MovedDeadline] = field(default_factory=dict)
    claims: frozenset[tuple[str, str, str, date]] = frozenset()
    messages: dict[str, Message] = field(default_factory=dict)
    sendings: dict[tuple[str, str], Sending] = field(default_factory=dict)
    contacts: dict[tuple[str, str], Contact] = field(default_factory=dict)
    parked: dict[tuple[str, str, str, int], Parked] = field(default_factory=dict)
    heartbeat: Heartbeat | None = None
    journal: dict[Chain, list[StoredEntry]] = field(default_factory=dict)
    bound: dict[tuple[str, Key], SideRow] = field(default_factory=dict)
    """The covered rows with their salts."""

    def copy(self) -> _Tables:
        """One level deep: the values are immutable."""
        tables = _Tables()
        for name, value in vars(self).items():
            setattr(tables, name, copy.copy(value))
        tables.orders = {k: list(v) for k, v in self.orders.items()}
        tables.people = {k: list(v) for k, v in self.people.items()}
        tables.journal = {k: list(v) for k, v in self.journal.items()}
        return tables


def _add(table: dict[K, V], key: K, value: V) -> None:
    """What a database's primary key does."""
    if key in table:
        raise VersionClash
    table[key] = value


def _held(entity: Any) -> dict[str, Any]:
    """What an entity holds, as a row would: a set in the order of what is in it."""
    held: dict[str, Any] = to_builtins(entity)
    return {name: sorted(value) if isinstance(value, list) else value for name, value in held.items()}


class MemoryJournal:
    """The journal, and what binds the covered rows."""

    def __init__(self, tables: _Tables, now: Callable[[], datetime], randomness: Randomness) -> None:
        self._t, self._now, self._randomness = tables, now, randomness
        self._waiting: dict[Chain, list[Entry]] = {}
        self.by: str | None = None

    def last(self, chain: Chain) -> StoredEntry | None:
        held = self._t.journal.get(chain)
        return held[-1] if held else None

    def entry(self, chain: Chain, serial: int) -> StoredEntry | None:
        held = self._t.journal.get(chain, [])
        return held[serial - 1] if 0 < serial <= len(held) else None

    def entries(self, chain: Chain) -> Iterator[StoredEntry]:
        yield from self._t.journal.get(chain, ())

    def rows(self, chain: Chain) -> Iterator[SideRow]:
        return (row for row in self._t.bound.values() if COVERED[row.table].chain is chain)

    def put(self, table: str, held: Mapping[str, Any]) -> None:
        """Bind a row where it changes."""
        row = SideRow(table=table, content=covered_part(table, held), salt=self._randomness(SALT))
        before = self._t.bound.get((table, row.key))
        if before is None or before.content != row.content:
            self._t.bound[row.table, row.key] = row
            self._waiting.setdefault(COVERED[row.table].chain, []).append(entry_of(row, self._now(), self.by))

    def drop(self, table: str, key: Key) -> None:
        """Enter that a row was taken away."""
        if self._t.bound.pop((table, key), None):
            gone = entry_of_gone(table, key, self._now(), self.by)
            self._waiting.setdefault(COVERED[table].chain, []).append(gone)

    def write(self) -> None:
        """Chain what was entered."""
        for chain, entries in self._waiting.items():
            self._t.journal.setdefault(chain, []).extend(list(chained(self.last(chain), chain, entries)))
        self._waiting.clear()


class MemoryRecord:
    """The orders and texts."""

    def __init__(self, tables: _Tables) -> None:
        self._t = tables

    def orders(self, case: str, since: int = 0) -> list[StoredOrder]:
        return [order for order in self._t.orders.get(case, ()) if order.first >= since]

    def last(self, case: str) -> StoredOrder | None:
        held = self._t.orders.get(case)
        return held[-1] if held else None

    def append(self, order: StoredOrder) -> None:
        last = self.last(order.case)
        if order.count < 1 or order.first != (last.last if last else 0) + 1:
            raise VersionClash
        self._t.orders.setdefault(order.case, []).append(order)

    def cases(self) -> list[str]:
        return sorted({*self._t.orders, *self._t.projections})

    def texts(self, case: str) -> dict[str, StoredText]:
        return {t.id: t for t in self._t.texts.values() if t.case == case}

    def salts(self, case: str, ids: Iterable[str]) -> dict[str, bytes | None]:
        return {i: self._t.texts[case, i].salt for i in ids if (case, i) in self._t.texts}

    def put_texts(self, texts: Iterable[StoredText]) -> None:
        for text in texts:
            _add(self._t.texts, (text.case, text.id), text)

    def wordless(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for case, id in sorted(key for key, text in self._t.texts.items() if text.words is None):
            found.setdefault(case, []).append(id)
        return found

    def erase_text(self, case: str, id: str) -> None:
        if (case, id) in self._t.texts:
            self._t.texts[case, id] = structs.replace(self._t.texts[case, id], salt=None, words=None)


class MemoryRegister:
    """People, staff, organisations and numbers."""

    def __init__(self, tables: _Tables, journal: MemoryJournal) -> None:
        self._t, self._journal = tables, journal

    def person(self, id: str) -> Person | None:
        versions = self._t.people.get(id)
        return versions[-1] if versions else None

    def people(self, ids: Iterable[str]) -> dict[str, Person]:
        return {i: self._t.people[i][-1] for i in ids if i in self._t.people}

    def put_person(self, person: Person) -> None:
        versions = self._t.people.setdefault(person.id, [])
        known = next((p for p in versions if p.version == person.version), None)
        if known is not None and not is_same(known, person):
            raise PersonTaken(person=person.id)
        if known is None:
            versions.append(person)
            versions.sort(key=lambda p: p.version)
            self._journal.put("people", _held(person))

    def versions(self, id: str) -> list[Person]:
        return list(self._t.people.get(id, ()))

    def erase_person(self, id: str) -> None:
        versions = self._t.people.get(id, [])
        versions[:] = map(erased, versions)
        for person in versions:
            self._journal.put("people", _held(person))
        if self._t.people_keys.get(id) is not None:
            self._put_key(id, None)
        self._t.people_index.pop(id, None)

    def put_erasure(self, erasure: Erasure) -> None:
        _add(self._t.people_erasures, erasure.person, erasure)
        self._journal.put("people_erasures", _held(erasure))

    def erasure(self, person: str) -> Erasure | None:
        return self._t.people_erasures.get(person)

    def erased_people(self) -> list[str]:
        return sorted(id for id, versions in self._t.people.items() if versions and versions[-1].name == ERASED)

    def person_key(self, id: str) -> bytes | None:
        return self._t.people_keys.get(id)

    def put_person_key(self, id: str, wrapped: bytes) -> None:
        if id in self._t.people_keys:
            raise VersionClash
        self._put_key(id, wrapped)

    def _put_key(self, id: str, wrapped: bytes | None) -> None:
        self._t.people_keys[id] = wrapped
        self._journal.put("people_keys", {"person": id, "wrapped": wrapped})

    def keyed_people(self) -> list[str]:
        return sorted(id for id, wrapped in self._t.people_keys.items() if wrapped is not None)

    def put_found(self, id: str, found: Collection[Found]) -> None:
        self._t.people_index[id] = frozenset(found)

    def found_by(self, id: str) -> frozenset[Found]:
        return self._t.people_index.get(id, frozenset())

    def find_people(self, found: Collection[Found], organisations: Collection[str]) -> list[Person]:
        ids = sorted(id for id, held in self._t.people_index.items() if not held.isdisjoint(found))
        return self._own(ids, organisations)

    def find_named(self, words: Collection[str], organisations: Collection[str], *, most: int = 50) -> list[Person]:
        named = ((id, search_terms.of_names(versions[-1].names)) for id, versions in self._t.people.items() if versions)
        return self._own(sorted(id for id, theirs in named if words and theirs.issuperset(words)), organisations)[:most]

    def _own(self, ids: Iterable[str], organisations: Collection[str]) -> list[Person]:
        newest = (self._t.people[id][-1] for id in ids if id in self._t.people)
        return [person for person in newest if person.organisation in organisations]

    def put_same(self, one: str, other: str, stands: bool) -> None:
        key = (min(one, other), max(one, other))
        self._t.same_people[key] = stands
        self._journal.put("same_people", {"one": key[0], "other": key[1], "stands": stands})

    def same_people(self) -> list[tuple[str, str]]:
        return sorted(pair for pair, stands in self._t.same_people.items() if stands)

    def same_as(self, id: str) -> list[str]:
        pairs = (pair for pair, stands in self._t.same_people.items() if stands and id in pair)
        return sorted(pair[0] if pair[1] == id else pair[1] for pair in pairs)

    def actor(self, id: str) -> Actor | None:
        return self._t.actors.get(id)

    def actors(self) -> list[Actor]:
        return [self._t.actors[k] for k in sorted(self._t.actors)]

    def put_actor(self, actor: Actor) -> None:
        self._t.actors[actor.id] = actor
        self._journal.put("actors", _held(actor))

    def organisation(self, id: str) -> Organisation | None:
        return self._t.organisations.get(id)

    def organisations(self) -> list[Organisation]:
        return [self._t.organisations[k] for k in sorted(self._t.organisations)]

    def put_organisation(self, organisation: Organisation) -> None:
        self._t.organisations[organisation.id] = organisation
        self._journal.put("organisations", _held(organisation))

    def next_number(self, organisation: str, track: str, year: int, *, take: bool) -> int:
        key = (organisation, track, year)
        serial = self._t.numbers.get(key, 0) + 1
        if take:
            self._t.numbers[key] = serial
            self._journal.put("numbers", dict(zip(COVERED["numbers"].key, key, strict=True)) | {"last": serial})
        return serial


class MemoryViews:
    """Read models, outbox, audit of reads."""

    def __init__(self, tables: _Tables, journal: MemoryJournal) -> None:
        self._t, self._journal = tables, journal

    def change(self, before: Projection | None, after: Projection) -> None:
        row = after.row
        others = (p.row for p in self._t.projections.values() if p.row.case != row.case and p.row.number)
        if row.number and any(it.held == row.held for it in others):
            raise NumberTaken
        if before is None:
            _add(self._t.projections, after.row.case, after)
        else:
            self._t.projections[after.row.case] = after
        if after.counted is not None:
            self._t.counted[after.row.case] = after.counted

    def row(self, case: str) -> CaseRow | None:
        held = self._t.projections.get(case)
        return held.row if held else None

    def projection(self, case: str) -> Projection | None:
        return self._t.projections.get(case)

    def clear(self, case: str) -> None:
        self._t.projections.pop(case, None)
        self._t.counted.pop(case, None)

    def case_rows(
        self, *, after: str = "", most: int = 200, organisations: Collection[str] | None = None
    ) -> list[CaseRow]:
        rows = (self._t.projections[k].row for k in sorted(self._t.projections) if k > after)
        return [r for r in rows if organisations is None or r.organisation in organisations][:most]

    def find_case(self, words: str) -> list[str]:
        rows = [p.row for p in self._t.projections.values()]
        exact = sorted(r.case for r in rows if words in (r.case, r.number))
        return (exact or sorted(r.case for r in rows if r.case.startswith(words)))[:10]

    def search(self, wanted: Wanted, *, after: str = "", most: int = 200) -> list[CaseRow]:
        found = (self._t.projections[k] for k in sorted(self._t.projections) if k > after)
        return [p.row for p in found if self._is_wanted(p, wanted)][:most]

    def newest(self, wanted: Wanted, *, after: str = "", most: int = 200, oldest_first: bool = False) -> list[CaseRow]:
        if after and after not in self._t.projections:
            return []
        last = by_opening(self._t.projections[after].row) if after else None
        rows = (p.row for p in self._wanted(wanted))
        found = (r for r in rows if last is None or (by_opening(r) > last if oldest_first else by_opening(r) < last))
        return sorted(found, key=by_opening, reverse=not oldest_first)[:most]

    def by_next_date(
        self, wanted: Wanted, *, after: tuple[date, str] | None = None, most: int = 200
    ) -> list[tuple[CaseRow, date]]:
        rows = {p.row.case: p.row for p in self._wanted(wanted)}
        places = sorted((day, case) for case, day in self.next_dates(rows).items())
        return [(rows[case], day) for day, case in places if after is None or (day, case) > after][:most]

    def next_dates(self, cases: Collection[str]) -> dict[str, date]:
        held = (p for case in cases if (p := self._t.projections.get(case)))
        return {p.row.case: day for p in held if (day := _next_date(p)) is not None}

    def resting(self, wanted: Wanted, *, after: tuple[datetime, str] | None = None, most: int = 200) -> list[CaseRow]:
        rows = (p.row for p in self._wanted(wanted))
        return sorted((r for r in rows if after is None or by_last_move(r) > after), key=by_last_move)[:most]

    def _wanted(self, wanted: Wanted) -> Iterator[Projection]:
        """Those that are wanted, whatever the words."""
        return (p for p in self._t.projections.values() if self._is_wanted(p, replace(wanted, words="")))

    def _is_wanted(self, held: Projection, wanted: Wanted) -> bool:
        row, asked = held.row, search_terms.asked(wanted.words)
        if wanted.words and not row.case.startswith(wanted.words) and not (asked and asked <= self._words(held)):
            return False
        return (
            (wanted.organisations is None or row.organisation in wanted.organisations)
            and wanted.phase in ("", row.phase)
            and wanted.state in ("", row.state)
            and wanted.closed in (None, row.closed is not None)
            and wanted.dispute in ("", row.dispute)
            and (not wanted.disputes or row.dispute in wanted.disputes)
            and wanted.track in ("", row.track)
            and (wanted.mediator is None or wanted.mediator == (row.mediator or ""))
            and (row.matter == wanted.matter if wanted.cases is None else row.case in wanted.cases)
            and wanted.kind in ("", row.kind)
            and wanted.district in ("", row.district)
            and wanted.raised in ("", row.raised)
            and wanted.settled in ("", row.settled)
            and wanted.reporter in ("", row.reporter)
            and wanted.predecessor in ("", row.predecessor)
            and (not wanted.kept or (row.kept > 0 and row.closed is not None))
            and (wanted.due_before is None or any(_is_late(d, wanted.due_before) for d in held.dues))
        )

    def _words(self, held: Projection) -> frozenset[str]:
        people = (self._t.people[n.person][-1] for n in held.named if n.person in self._t.people)
        return search_terms.of_number(held.row.number or "").union(*(search_terms.of_names(p.names) for p in people))

    def count(self, wanted: Wanted, most: int) -> int:
        return min(most, sum(self._is_wanted(p, wanted) for p in self._t.projections.values()))

    def named(self, cases: Collection[str]) -> list[Named]:
        found = (n for case in cases if case in self._t.projections for n in self._t.projections[case].named)
        return sorted(found, key=in_order)

    def find_by_its_names(self, case: str) -> None:
        """Names are read where they stand."""

    def is_found_by_its_names(self, case: str) -> bool:
        return True

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
        own = (p for p in self._t.projections.values() if organisations is None or p.row.organisation in organisations)
        own = (p for p in own if mediator in (None, p.row.mediator) and matter in ("", p.row.matter))
        of = (waiting, lapsing)
        dues = (d for p in own for d in p.dues if since <= d.due <= until and (d.kind == WAIT, d.lapses) == of)
        dues = (d for d in dues if not kinds or d.kind in kinds)
        dues = (d for d in dues if machine in ("", machine_of(d.instance)))
        return sorted(dues, key=lambda d: (d.due, d.case, d.instance, d.kind))[:most]

    def cases_due(
        self, kinds: Collection[str], since: date, until: date, *, after: str = "", most: int = 200
    ) -> list[str]:
        dues = (d for p in self._t.projections.values() for d in p.dues if d.kind in kinds and since <= d.due <= until)
        return sorted({d.case for d in dues if d.case > after})[:most]

    def counted(self, case: str) -> Rows:
        return self._t.counted.get(case, frozenset())

    def uncounted(self, most: int = 200) -> list[str]:
        return sorted(case for case, held in self._t.projections.items() if held.counted is None)[:most]

    def put_counted(self, case: str, rows: Rows) -> None:
        self._t.counted[case] = rows
        self._t.projections[case] = structs.replace(self._t.projections[case], counted=rows)

    def tallies(self, wanted: WantedCounts) -> list[Tally]:
        found: dict[tuple[str, str, str], list[CountedRow]] = {}
        for row in self._counted(wanted):
            found.setdefault((row.what, row.kind, _group_of(row, wanted.by)), []).append(row)
        return [
            Tally(
                what=what,
                kind=kind,
                group=group,
                things=len(rows),
                amount=sum(row.amount or 0 for row in rows),
                people=sum(row.people or 0 for row in rows),
                unsaid_amount=sum(row.amount is None for row in rows),
                unsaid_people=sum(row.people is None for row in rows),
            )
            for (what, kind, group), rows in sorted(found.items())
        ]

    def counted_rows(
        self, wanted: WantedCounts, *, after: tuple[str, str, str] = ("", "", ""), most: int = 200
    ) -> list[CountedRow]:
        rows = {(row.case, row.what, row.key): row for row in self._counted(wanted)}
        return [rows[place] for place in sorted(rows) if place > after][:most]

    def _counted(self, wanted: WantedCounts) -> Iterator[CountedRow]:
        for row in (row for rows in self._t.counted.values() for row in rows):
            known = row.known <= wanted.known and (row.until is None or row.until > wanted.known)
            dated = wanted.since is not None and wanted.until is not None and row.day is not None
            fits = wanted.since <= row.day <= wanted.until if dated else wanted.since is None and row.day is None  # type: ignore[operator]
            if (
                known
                and fits
                and row.organisation in wanted.organisations
                and row.what in wanted.whats
                and (not wanted.kinds or row.kind in wanted.kinds)
                and (wanted.forms or row.form != ORAL)
                and wanted.group in (None, _group_of(row, wanted.by))
            ):
                yield row

    def tasks(self, *, after: tuple[str, str, str] = ("", "", ""), most: int = 200) -> list[TaskRow]:
        rows = {(t.case, t.instance, t.kind): t for p in self._t.projections.values() for t in p.tasks}
        return [rows[place] for place in sorted(rows) if place > after][:most]

    def mentioning(self, other: str) -> list[str]:
        return sorted(m.case for p in self._t.projections.values() for m in p.mentions if m.other == other)

    def corrections(self, organisations: Collection[str], *, skip: int = 0, most: int = 200) -> list[CorrectionRow]:
        own = (p for p in self._t.projections.values() if p.row.organisation in organisations)
        return sorted((c for p in own for c in p.corrections), key=by_recording, reverse=True)[skip : skip + most]

    def marks(
        self, wanted: WantedMarks, *, after: tuple[datetime, str, int, str] | None = None, most: int = 200
    ) -> list[MarkRow]:
        kinds = {kind.value for kind in wanted.kinds}
        own = (p for p in self._t.projections.values() if p.row.organisation in wanted.organisations)
        own = (p for p in own if wanted.mediator is None or wanted.mediator == (p.row.mediator or ""))
        rows = (row for p in own for row in (*p.marks, *map(of_correction, p.corrections)))
        found = [
            row
            for row in rows
            if row.kind in kinds
            and wanted.code in ("", row.code)
            and (wanted.since is None or row.recorded >= wanted.since)
            and (wanted.until is None or row.recorded < wanted.until)
            and (after is None or by_marking(row) < after)
        ]
        return sorted(found, key=by_marking, reverse=True)[:most]

    def put_notices(self, notices: Iterable[Notice]) -> None:
        for notice in notices:
            _add(self._t.notices, (notice.case, notice.version), notice)

    def withdraw_notices(self, case: str, versions: Collection[int]) -> None:
        for version in versions:
            self._t.notices.pop((case, version), None)

    def notices(self) -> list[Notice]:
        return [self._t.notices[key] for key in sorted(self._t.notices)]

    def note_read(self, read: Read) -> None:
        self._t.reads.append(read)
        self._journal.put("reads", _held(read) | {"serial": len(self._t.reads)})

    def reads(self, case: str) -> list[Read]:
        return [r for r in self._t.reads if r.case == case]

    def reads_of_person(self, person: str) -> list[Read]:
        return [read for read in self._t.reads if read.person == person]

    def cases_of(self, people: Collection[str], organisations: Collection[str], *, most: int = 200) -> list[CaseRow]:
        theirs = (p.row for p in self._t.projections.values() if any(n.person in people for n in p.named))
        own = (row for row in theirs if row.organisation in organisations)
        return sorted(own, key=by_opening, reverse=True)[:most]

    def has_read(self, case: str, actor: str, what: str, since: datetime) -> bool:
        return any(r.actor == actor and r.at >= since and r.what.startswith(what) for r in self.reads(case))

    def list_reads(self, actors: Collection[str], *, skip: int = 0, most: int = 200) -> list[Read]:
        found = [r for r in reversed(self._t.reads) if r.case == NO_CASE and r.actor in actors]
        return found[skip : skip + most]


class MemoryAccounts:
    """Who may come in, who is in, and who tried."""

    def __init__(self, tables: _Tables, journal: MemoryJournal) -> None:
        self._t, self._journal = tables, journal

    def account(self, actor: str) -> Account | None:
        return self._t.accounts.get(actor)

    def accounts(self) -> list[Account]:
        return [self._t.accounts[k] for k in sorted(self._t.accounts)]

    def put_account(self, account: Account) -> None:
        self._t.accounts[account.actor] = account
        self._journal.put("accounts", _held(account))

    def sign_in(self, key: str) -> SignIn | None:
        return self._t.sign_ins.get(key)

    def sign_ins(self, actor: str) -> list[SignIn]:
        own = (x for x in self._t.sign_ins.values() if x.actor == actor)
        return sorted(own, key=lambda x: (x.seen, x.key), reverse=True)

    def begin(self, sign_in: SignIn) -> None:
        _add(self._t.sign_ins, sign_in.key, sign_in)

    def go_on(self, key: str, *, seen: datetime, kept: str) -> None:
        if key in self._t.sign_ins:
            self._t.sign_ins[key] = replace(self._t.sign_ins[key], seen=seen, kept=kept)

    def end(self, key: str) -> None:
        self._t.sign_ins.pop(key, None)

    def end_all(self, actor: str, *, but: str = "") -> None:
        self._end(x.key for x in self.sign_ins(actor) if x.key != but)

    def end_older(self, began: datetime) -> None:
        self._end([x.key for x in self._t.sign_ins.values() if x.began < began])

    def _end(self, keys: Iterable[str]) -> None:
        for key in keys:
            self.end(key)

    def tries(self, key: str) -> Tries | None:
        return self._t.tries.get(key)

    def tries_of(self, beginning: str) -> list[Tries]:
        return [tries for key, tries in sorted(self._t.tries.items()) if key.startswith(beginning)]

    def put_tries(self, tries: Tries) -> None:
        self._t.tries[tries.key] = tries

    def forget_tries(self, *keys: str) -> None:
        for key in keys:
            self._t.tries.pop(key, None)

    def forget_older_tries(self, last: datetime) -> None:
        self.forget_tries(*[t.key for t in self._t.tries.values() if t.last < last])


class MemoryDrafts:
    """What was typed and not given yet."""

    def __init__(self, tables: _Tables) -> None:
        self._t = tables

    def of(self, owner: str) -> list[Draft]:
        own = sorted((it for it, _ in self._t.drafts.values() if it.owner == owner), key=lambda it: (it.path, it.form))
        return sorted(own, key=lambda it: it.at, reverse=True)

    def sealed(self, draft: Draft) -> str:
        _, sealed = self._t.drafts.get((draft.owner, draft.path, draft.form), (None, ""))
        return sealed

    def put(self, draft: Draft, sealed: str) -> None:
        self._t.drafts[draft.owner, draft.path, draft.form] = draft, sealed

    def end(self, draft: Draft) -> None:
        self._t.drafts.pop((draft.owner, draft.path, draft.form), None)

    def end_all(self, owner: str) -> None:
        self._keep(lambda it: it.owner != owner)

    def end_at(self, path: str) -> None:
        self._keep(lambda it: it.path != path)

    def end_older(self, at: datetime) -> None:
        self._keep(lambda it: it.at >= at)

    def _keep(self, fits: Callable[[Draft], bool]) -> None:
        self._t.drafts = {key: row for key, row in self._t.drafts.items() if fits(row[0])}


class MemoryLedgerHeaders:
    """What the columns of a room's own ledger are called."""

    def __init__(self, tables: _Tables) -> None:
        self._t = tables

    def of(self, organisation: str) -> dict[str, str]:
        found = {header: column for (own, header), column in self._t.ledger_headers.items() if own == organisation}
        return dict(sorted(found.items()))

    def keep(self, organisation: str, columns: Mapping[str, str]) -> None:
        self._t.ledger_headers |= {(organisation, header): column for header, column in columns.items()}


class MemoryTokens:
    """What programs come in with."""

    def __init__(self, tables: _Tables, journal: MemoryJournal) -> None:
        self._t, self._journal = tables, journal

    def token(self, key: str) -> Token | None:
        return self._t.tokens.get(key)

    def tokens(self) -> list[Token]:
        return sorted(self._t.tokens.values(), key=lambda token: (token.made, token.id))

    def put_token(self, token: Token) -> None:
        if any(t.id == token.id and t.key != token.key for t in self._t.tokens.values()):
            raise VersionClash
        self._t.tokens[token.key] = token
        self._journal.put("tokens", _held(token))


class MemoryLinks:
    """What somebody without an account comes in with."""

    def __init__(self, tables: _Tables, journal: MemoryJournal) -> None:
        self._t, self._journal = tables, journal

    def link(self, key: str) -> Link | None:
        return self._one(lambda it: key in (it.key, it.code))

    def count_try(self, key: str, most: int) -> None:
        found = self.link(key)
        if found is not None and found.pin and found.wrong < most:
            self._t.links[found.id] = replace(found, wrong=found.wrong + 1)

    def calling(self) -> list[Link]:
        waiting = (it for it in self._t.links.values() if it.called and it.revoked is None)
        return sorted(waiting, key=lambda it: (it.called or it.issued, it.id))

    def link_of_session(self, session: str) -> Link | None:
        return self._one(lambda it: it.session == session)

    def link_named(self, id: str) -> Link | None:
        return self._t.links.get(id)

    def links(self, case: str) -> list[Link]:
        return sorted((it for it in self._t.links.values() if it.case == case), key=lambda it: (it.issued, it.id))

    def put_link(self, link: Link) -> None:
        keys = {link.key, link.code} - {None}
        if self._one(lambda it: not keys.isdisjoint((it.key, it.code)) and it.id != link.id):
            raise VersionClash
        self._t.links[link.id] = link
        self._journal.put("links", _held(link))

    def _one(self, is_it: Callable[[Link], bool]) -> Link | None:
        return next(filter(is_it, self._t.links.values()), None)


class MemorySubstitutions:
    """Who stands in for the lead."""

    def __init__(self, tables: _Tables, journal: MemoryJournal) -> None:
        self._t, self._journal = tables, journal

    def substitutions(self) -> list[Substitution]:
        return sorted(self._t.substitutions.values(), key=lambda it: (it.first, it.id))

    def put_substitution(self, substitution: Substitution) -> None:
        self._t.substitutions[substitution.id] = substitution
        self._journal.put("substitutions", _held(substitution))


class MemoryReports:
    """Frozen reports."""

    def __init__(self, tables: _Tables, journal: MemoryJournal) -> None:
        self._t, self._journal = tables, journal

    def reports(self, organisations: Collection[str]) -> list[FrozenReport]:
        own = (it for it in self._t.reports.values() if it.organisation in organisations)
        return sorted(own, key=lambda it: (it.at, it.id))

    def put_report(self, report: FrozenReport) -> None:
        _add(self._t.reports, report.id, report)
        self._journal.put("frozen_reports", _held(report))


class MemoryExemptions:
    """What was set aside of what self-checks find."""

    def __init__(self, tables: _Tables, journal: MemoryJournal) -> None:
        self._t, self._journal = tables, journal

    def exemptions(self, cases: Collection[str] | None = None) -> list[Exemption]:
        found = (it for it in self._t.exemptions.values() if cases is None or it.case in cases)
        return sorted(found, key=lambda it: (it.at, it.id))

    def put_exemption(self, exemption: Exemption) -> None:
        _add(self._t.exemptions, exemption.id, exemption)
        self._journal.put("exemptions", _held(exemption))


class MemoryJottings:
    """What somebody jotted down."""

    def __init__(self, tables: _Tables) -> None:
        self._t = tables

    def put(self, jotting: Jotting, files: Iterable[StoredExhibit]) -> None:
        _add(self._t.jottings, jotting.id, jotting)
        for it in files:
            _add(self._t.jotting_files, (it.case, it.id), it)

    def jotting(self, id: str) -> Jotting | None:
        return self._t.jottings.get(id)

    def of(self, actor: str) -> list[Jotting]:
        held = [it for it in self._t.jottings.values() if it.actor == actor]
        filed = sorted((it for it in held if it.filed), key=lambda it: it.filed.at if it.filed else it.made)
        return sorted((it for it in held if not it.filed), key=lambda it: (it.made, it.id)) + filed[::-1]

    def count(self, actor: str) -> int:
        return sum(it.actor == actor and it.filed is None for it in self._t.jottings.values())

    def files(self, id: str) -> list[StoredExhibit]:
        return [it for (case, _), it in sorted(self._t.jotting_files.items()) if case == id]

    def all_files(self) -> Iterator[StoredExhibit]:
        return (it for _, it in sorted(self._t.jotting_files.items()))

    def close(self, id: str, filed: Filed) -> None:
        held = self._t.jottings[id]
        self._t.jottings[id] = structs.replace(held, key=None, words=None, filed=filed)
        self._forget_files(id)

    def drop(self, id: str) -> None:
        self._t.jottings.pop(id, None)
        self._forget_files(id)

    def older_than(self, moment: datetime) -> list[str]:
        old = (it for it in self._t.jottings.values() if it.made < moment)
        return [it.id for it in sorted(old, key=lambda it: (it.made, it.id))]

    def _forget_files(self, id: str) -> None:
        for key in [key for key in self._t.jotting_files if key[0] == id]:
            del self._t.jotting_files[key]


class MemoryExhibits:
    """What opens exhibits."""

    def __init__(self, tables: _Tables, journal: MemoryJournal) -> None:
        self._t, self._journal = tables, journal

    def put(self, exhibits: Iterable[StoredExhibit]) -> None:
        for exhibit in exhibits:
            _add(self._t.exhibits, (exhibit.case, exhibit.id), exhibit)
            self._journal.put("exhibits", _held(exhibit))

    def of(self, case: str) -> dict[str, StoredExhibit]:
        return {it.id: it for it in self.all() if it.case == case}

    def all(self) -> Iterator[StoredExhibit]:
        return (self._t.exhibits[key] for key in sorted(self._t.exhibits))

    def erase(self, case: str, id: str) -> None:
        if self._t.exhibits.pop((case, id), None):
            self._journal.drop("exhibits", (case, id))


class MemoryCalendars:
    """The years of the calendar that were handed in."""

    def __init__(self, tables: _Tables, journal: MemoryJournal) -> None:
        self._t, self._journal = tables, journal

    def imported(self) -> list[ImportedYear]:
        return [self._t.calendar_years[key] for key in sorted(self._t.calendar_years)]

    def add(self, year: ImportedYear) -> None:
        _add(self._t.calendar_years, (year.year, year.version), year)
        self._journal.put("calendar_years", _held(year))

    def recount(self) -> Recount | None:
        return next((self._t.recounts[key] for key in sorted(self._t.recounts) if not self._t.recounts[key].done), None)

    def put_recount(self, recount: Recount) -> None:
        self._t.recounts[recount.year, recount.version] = recount

    def moved(self, year: int, *, skip: int = 0, most: int = 200) -> list[MovedDeadline]:
        own = [it for it in self._t.moved.values() if it.year == year]
        own.sort(key=lambda it: (-it.version, it.case, it.instance, it.kind))
        return own[skip : skip + most]

    def put_moved(self, moved: Iterable[MovedDeadline]) -> None:
        self._t.moved |= {(it.year, it.version, it.case, it.instance, it.kind): it for it in moved}


def _group_of(row: CountedRow, by: str) -> str:
    if by == "month":
        return row.day.isoformat()[:7] if row.day else ""
    return str(getattr(row, by)) if by else ""


def _next_date(held: Projection) -> date | None:
    return min((due.due for due in held.dues if due.kind != WAIT and not due.lapses), default=None)


def _is_late(due: DueDate, today: date) -> bool:
    return due.due < today and due.kind != WAIT and not due.lapses


def _claim(window: Window, it: DueDate | Item) -> tuple[str, str, str, date]:
    return it.case, it.instance, window.claim(it.kind), it.due


class MemoryMessages:
    """Claims, messages, sendings, contacts, the heartbeat."""

    def __init__(self, tables: _Tables, journal: MemoryJournal, now: datetime) -> None:
        self._t, self._journal, self._now = tables, journal, now

    def claim_due(
        self, window: Window, *, after: Place = BEGINNING, most: int = 500
    ) -> tuple[list[Item], Place | None]:
        found = [
            (due, held.row)
            for held in self._t.projections.values()
            for due in held.dues
            if due.kind != WAIT and window.since <= due.due <= window.until and due.lapses is window.lapses
            if (not window.kinds or due.kind in window.kinds) and _claim(window, due) not in self._t.claims
            if not window.workflows or held.row.workflow in window.workflows
        ]
        items = sorted(
            (
                Item(due.case, due.instance, due.kind, due.due, row.organisation, row.workflow, row.mediator)
                for due, row in found
                if (due.due, due.case, due.instance, due.kind) > after
            ),
            key=lambda it: it.place,
        )[:most]
        self._t.claims |= {_claim(window, it) for it in items}
        return items, items[-1].place if items else None

    def claim_notices(self, most: int = 500) -> list[Notice]:
        return [self._t.notices.pop(key) for key in sorted(self._t.notices)[:most]]

    def put(self, messages: Iterable[Message], sendings: Iterable[Sending]) -> None:
        for message in messages:
            self._t.messages.setdefault(message.id, message)
        for sending in sendings:
            self._t.sendings.setdefault((sending.message, sending.channel), sending)

    def withdraw(self, case: str, versions: Collection[int]) -> None:
        if not versions:
            return
        sent = {it.message for it in self._t.sendings.values() if it.sent}
        gone = {
            it.id
            for it in self._t.messages.values()
            if it.case == case and it.version in versions and it.read is None and it.id not in sent
        }
        for key in [key for key in self._t.sendings if key[0] in gone]:
            del self._t.sendings[key]
        for id in gone:
            del self._t.messages[id]
        aside = [it for it in self._t.parked.values() if it.case == case and it.version in versions]
        for it in aside:
            del self._t.parked[it.case, it.kind, it.instance, it.version]

    def unread(self, recipient: str) -> int:
        return sum(it.recipient == recipient and it.read is None for it in self._t.messages.values())

    def of(self, recipient: str, *, skip: int = 0, most: int = 50, unread: bool = False) -> list[Message]:
        listed = (it for it in self._t.messages.values() if it.recipient == recipient and it.topic != DIGEST)
        own = (it for it in listed if it.read is None or not unread)
        return sorted(own, key=lambda it: (it.written, it.id), reverse=True)[skip : skip + most]

    def some(self, recipient: str, ids: Collection[str]) -> list[Message]:
        found = (self._t.messages[id] for id in sorted(ids) if id in self._t.messages)
        return [it for it in found if it.recipient == recipient]

    def mark_read(self, recipient: str, ids: Collection[str] | None = None) -> None:
        for it in self.of(recipient, most=len(self._t.messages)):
            if it.read is None and (ids is None or it.id in ids):
                self._t.messages[it.id] = replace(it, read=self._now)

    def take(
        self, until: datetime, furthest: datetime, channels: Collection[str], *, urgent: bool
    ) -> tuple[Message, Sending] | None:
        waiting = sorted(
            (
                it
                for it in self._t.sendings.values()
                if it.sent is None
                and it.dead is None
                and (it.next <= self._now or it.next > furthest)
                and it.channel in channels
                and (not urgent or self._t.messages[it.message].urgent)
            ),
            key=lambda it: (it.next, it.message, it.channel),
        )
        if not waiting:
            return None
        taken = replace(waiting[0], tries=waiting[0].tries + 1, next=until)
        self.put_sending(taken)
        return self._t.messages[taken.message], taken

    def sending(self, message: str, channel: str) -> Sending | None:
        return self._t.sendings.get((message, channel))

    def put_sending(self, sending: Sending) -> None:
        self._t.sendings[sending.message, sending.channel] = sending

    def sendings(self, *, dead: bool, most: int = 200) -> list[tuple[Message, Sending]]:
        wanted = (it for it in self._t.sendings.values() if (it.dead is not None if dead else it.sent is None))
        found = ((self._t.messages[it.message], it) for it in wanted)
        return sorted(found, key=lambda pair: (pair[0].written, pair[0].id, pair[1].channel))[:most]

    def contacts(self, actor: str | None = None) -> list[Contact]:
        return [self._t.contacts[key] for key in sorted(self._t.contacts) if actor in (None, key[0])]

    def put_contact(self, contact: Contact) -> None:
        self._t.contacts[contact.actor, contact.channel] = contact
        self._journal.put("contacts", _held(contact))

    def drop_contact(self, actor: str, channel: str) -> None:
        if self._t.contacts.pop((actor, channel), None):
            self._journal.drop("contacts", (actor, channel))

    def park(self, parked: Iterable[Parked]) -> None:
        for it in parked:
            self._t.parked.setdefault((it.case, it.kind, it.instance, it.version), it)

    def parked(self) -> list[Parked]:
        return [it for _, it in sorted(self._t.parked.items(), key=lambda pair: (pair[1].at, pair[0]))]

    def take_up(self) -> int:
        found = self.parked()
        for it in found:
            if it.version:
                self._t.notices[it.case, it.version] = Notice(case=it.case, version=it.version, event=it.kind)
        self._t.parked = {}
        return len(found)

    def beat(self) -> None:
        self._t.heartbeat = Heartbeat(at=self._now)

    def heartbeat(self) -> Heartbeat | None:
        return self._t.heartbeat


class MemoryUnit:
    """One transaction over a copy of the tables."""

    def __init__(self, tables: _Tables, now: datetime, randomness: Randomness = system_randomness) -> None:
        self.tables, self.now = tables, now
        self.journal = MemoryJournal(tables, lambda: self.now, randomness)
        self.record, self.register = MemoryRecord(tables), MemoryRegister(tables, self.journal)
        self.views, self.tokens = MemoryViews(tables, self.journal), MemoryTokens(tables, self.journal)
        self.accounts = MemoryAccounts(tables, self.journal)
        self.drafts = MemoryDrafts(tables)
        self.ledger_headers = MemoryLedgerHeaders(tables)
        self.links = MemoryLinks(tables, self.journal)
        self.substitutions = MemorySubstitutions(tables, self.journal)
        self.exhibits = MemoryExhibits(tables, self.journal)
        self.exemptions = MemoryExemptions(tables, self.journal)
        self.reports = MemoryReports(tables, self.journal)
        self.jottings = MemoryJottings(tables)
        self.calendars = MemoryCalendars(tables, self.journal)
        self.messages = MemoryMessages(tables, self.journal, now)

    def load(self, *, actor: str, case: str, since: int) -> Loaded:
        taken = tuple((it.year, it.version) for it in self.calendars.imported())
        return Loaded(actor=self.register.actor(actor), orders=self.record.orders(case, since), years=taken)


class MemoryStore:
    """Everything in memory; writers wait for each other."""

    def __init__(self, clock: Clock, randomness: Randomness = system_randomness) -> None:
        self._clock, self._tables, self._lock = clock, _Tables(), RLock()
        self._randomness = randomness

    @contextmanager
    def write(self, about: str | None = None) -> Iterator[MemoryUnit]:
        with self._lock:
            unit = MemoryUnit(self._tables.copy(), self._clock(), self._randomness)
            yield unit
            unit.journal.write()
            self._tables = unit.tables

    @contextmanager
    def read(self) -> Iterator[MemoryUnit]:
        yield MemoryUnit(self._tables.copy(), self._clock(), self._randomness)
