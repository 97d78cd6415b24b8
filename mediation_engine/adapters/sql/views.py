"""Read models, outbox and the audit of reads in the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from msgspec import structs
from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    Select,
    String,
    Table,
    and_,
    bindparam,
    cast,
    delete,
    func,
    literal_column,
    not_,
    select,
    tuple_,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from ...domain.marks import CORRECTIONS, MarkKind
from ...domain.workflow import WAIT
from ...ports.views import NO_CASE, ORAL, Notice, Read, Tally, Wanted, WantedCounts, WantedMarks
from ...read_models.counted import CountedRow, Rows
from ...read_models.projections import (
    CaseRow,
    CorrectionRow,
    DueDate,
    MarkRow,
    Mention,
    Named,
    Projection,
    TaskRow,
    by_marking,
    by_opening,
    in_order,
    of_correction,
)
from . import schema as s
from . import search
from .journal import SqlJournal
from .schema import moment_text
from .search import LAST_CHARACTER
from .work import Values, Work, inserting, replacing

FEW = 10
"""So many organisations are asked one by one, whether or not they have anything."""
_CASE = tuple(c.name for c in s.case_list.columns)
_ROW = [s.case_list.c[f.name] for f in structs.fields(CaseRow)]
_READ = [s.reads.c[f.name] for f in fields(Read)]
_CORRECTION = tuple(c.name for c in s.corrections.columns)
_PUT_CASE, _PUT_NOTICE = inserting(s.case_list), inserting(s.outbox)
_UNCOUNTED = replacing(s.uncounted)
_NOTE_READ = (
    'INSERT INTO reads (actor, office, "case", what, at, person, reason, salt) VALUES (?, ?, ?, ?, ?, ?, ?, ?) '
    "RETURNING serial"
)


@cache
def _changing(names: tuple[str, ...]) -> str:
    """Changes some columns of a case's row; the others are left out, since to name an indexed one costs its index."""
    changes = ", ".join(f'"{name}" = ?' for name in names)
    return f'UPDATE case_list SET {changes} WHERE "case" = ?'


@cache
def _dropping(table: Table) -> str:
    keys = " AND ".join(f'"{name}" = ?' for name in _keys(table))
    return f"DELETE FROM {table.name} WHERE {keys}"


@cache
def _keys(table: Table) -> tuple[str, ...]:
    return tuple(c.name for c in table.primary_key)


def _values(row: object, names: Iterable[str]) -> Values:
    """Some fields as the columns hold them."""
    return tuple(_stored(getattr(row, name)) for name in names)


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_text(value)
    return value.isoformat() if isinstance(value, date) else value


def _group(by: str, c: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[Any]:
    """What counts are told apart by."""
    if by == "month":
        return func.substr(cast(c.day, String), 1, 7)
    return c[by] if by else literal_column("''")


def _of_counts(wanted: WantedCounts) -> Iterator[ColumnElement[bool]]:
    """What narrows the rows that figures are counted from, in the order of their index."""
    c = s.counted.c
    yield c.organisation.in_(sorted(wanted.organisations))
    yield c.what.in_(sorted(wanted.whats))
    if wanted.since is None or wanted.until is None:
        yield c.day.is_(None)
    else:
        yield c.day >= wanted.since
        yield c.day <= wanted.until
    if wanted.kinds:
        yield c.kind.in_(sorted(wanted.kinds))
    yield c.known <= wanted.known
    yield c.until.is_(None) | (c.until > wanted.known)
    if not wanted.forms:
        yield c.form != ORAL
    if wanted.group is not None:
        yield _group(wanted.by, c) == wanted.group


class SqlViews:
    """See `ports.views.Views`."""

    def __init__(self, work: Work, journal: SqlJournal) -> None:
        self._db, self._journal = work, journal

    def change(self, before: Projection | None, after: Projection) -> None:
        if before is None:
            self._db.later(_PUT_CASE, [_values(after.row, _CASE)])
        elif before.row != after.row:
            changed = tuple(n for n in _CASE if getattr(before.row, n) != getattr(after.row, n))
            self._db.later(_changing(changed), [_values(after.row, (*changed, "case"))])
        self._change_set(s.due_dates, before.dues if before else frozenset(), after.dues)
        self._change_set(s.named, before.named if before else frozenset(), after.named)
        self._change_set(s.marks, before.marks if before else frozenset(), after.marks)
        self._change_set(s.tasks, before.tasks if before else frozenset(), after.tasks)
        self._change_set(s.mentions, before.mentions if before else frozenset(), after.mentions)
        if after.counted is None:
            self._db.later(_UNCOUNTED, [(after.row.case,)])
        else:
            self.put_counted(after.row.case, after.counted)
        if added := after.corrections - (before.corrections if before else frozenset()):
            self._db.later(replacing(s.corrections), [_values(row, _CORRECTION) for row in added])
        if (before.row.number if before else None) != after.row.number:
            search.write_number(self._db, after.row.case)

    def _change_set(self, table: Table, before: frozenset[Any], after: frozenset[Any]) -> None:
        was, now = ({_values(row, _keys(table)) for row in rows} for rows in (before, after))
        names = tuple(c.name for c in table.columns)
        self._db.later(_dropping(table), sorted(was - now))
        # What should not have been there must not bar the door.
        self._db.later(replacing(table), [_values(row, names) for row in after - before])

    def row(self, case: str) -> CaseRow | None:
        found = self._db.execute(select(*_ROW).where(s.case_list.c.case == case)).first()
        return CaseRow(**found._mapping) if found else None

    def projection(self, case: str) -> Projection | None:
        row = self.row(case)
        if row is None:
            return None
        dues, named, corrections, marks, tasks, mentions = (
            self._db.execute(select(table).where(table.c.case == case)).all()
            for table in (s.due_dates, s.named, s.corrections, s.marks, s.tasks, s.mentions)
        )
        return Projection(
            row=row,
            dues=frozenset(DueDate(**r._mapping) for r in dues),
            named=frozenset(Named(**r._mapping) for r in named),
            corrections=frozenset(CorrectionRow(**r._mapping) for r in corrections),
            marks=frozenset(MarkRow(**r._mapping) for r in marks),
            tasks=frozenset(TaskRow(**r._mapping) for r in tasks),
            mentions=frozenset(Mention(**r._mapping) for r in mentions),
            counted=None if self._is_uncounted(case) else self.counted(case),
        )

    def clear(self, case: str) -> None:
        for table in (
            s.case_list,
            s.due_dates,
            s.named,
            s.corrections,
            s.marks,
            s.tasks,
            s.mentions,
            s.number_words,
            s.counted,
            s.uncounted,
        ):
            self._db.execute(delete(table).where(table.c.case == case))

    def case_rows(
        self, *, after: str = "", most: int = 200, organisations: Collection[str] | None = None
    ) -> list[CaseRow]:
        c = s.case_list.c
        found = select(*_ROW).where(c.case > after).order_by(c.case).limit(most)
        if organisations is not None:
            found = found.where(c.organisation.in_(organisations))
        return [CaseRow(**row._mapping) for row in self._db.execute(found)]

    def find_case(self, words: str) -> list[str]:
        c = s.case_list.c
        ten = select(c.case).order_by(c.case).limit(10)
        exact = list(self._db.execute(ten.where((c.case == words) | (c.number == words))).scalars())
        # A range and not LIKE: it knows no wildcards, tells a from A, and walks the index.
        begins = ten.where(c.case >= words, c.case < words + LAST_CHARACTER)
        return exact or list(self._db.execute(begins).scalars())

    def search(self, wanted: Wanted, *, after: str = "", most: int = 200) -> list[CaseRow]:
        found = search.find(self._db, select(*_ROW), wanted, after, most)
        return [CaseRow(**row._mapping) for row in found]

    def newest(self, wanted: Wanted, *, after: str = "", most: int = 200, oldest_first: bool = False) -> list[CaseRow]:
        c = s.case_list.c
        order = (c.opened, c.case) if oldest_first else (c.opened.desc(), c.case.desc())
        found = select(*_ROW).order_by(*order).limit(most)
        if after:
            last = self._db.execute(select(c.opened).where(c.case == after)).scalar()
            if last is None:
                return []
            place, bound = tuple_(c.opened, c.case), tuple_(bindparam(None, last, c.opened.type), after)
            found = found.where(place > bound if oldest_first else place < bound)
        # Each organisation by itself: so its index gives the order, and no more than a page of each is read.
        ways = [None] if wanted.organisations is None else [[one] for one in sorted(self._with_any(wanted))]
        asked = (found.where(*search.narrowing(replace(wanted, organisations=way))) for way in ways)
        rows = (CaseRow(**row._mapping) for way in asked for row in self._db.execute(way))
        return sorted(rows, key=by_opening, reverse=not oldest_first)[:most]

    def _with_any(self, wanted: Wanted) -> Collection[str]:
        """Of many organisations those that have anything of the kind: most committees of enterprises have no case."""
        organisations = wanted.organisations or ()
        if len(organisations) <= FEW or wanted.cases is not None:
            return organisations
        o, c = s.organisations.c, s.case_list.c
        own = select(c.case).where(c.organisation == o.id, c.matter == wanted.matter).exists()
        return list(self._db.execute(select(o.id).where(o.id.in_(organisations), own)).scalars())

    def by_next_date(
        self, wanted: Wanted, *, after: tuple[date, str] | None = None, most: int = 200
    ) -> list[tuple[CaseRow, date]]:
        d, earlier, c = s.due_dates.c, s.due_dates.alias().c, s.case_list.c
        # The index of days gives the order: of each case its first day alone, and of that one thing.
        before = tuple_(earlier.due, earlier.instance, earlier.kind) < tuple_(d.due, d.instance, d.kind)
        duty = (not_(earlier.lapses), earlier.kind != WAIT)
        found = select(*_ROW, d.due).join(s.due_dates, d.case == c.case).where(s.DUTY, not_(s.WAITING))
        found = found.where(not_(select(earlier.case).where(earlier.case == d.case, *duty, before).exists()))
        found = found.where(*search.narrowing(wanted)).order_by(d.due, d.case).limit(most)
        if after:
            bound = tuple_(bindparam(None, after[0], d.due.type), after[1])
            found = found.where(d.due >= after[0], tuple_(d.due, d.case) > bound)
        rows = self._db.execute(found).all()
        return [(CaseRow(**{k: v for k, v in row._mapping.items() if k != "due"}), row.due) for row in rows]

    def next_dates(self, cases: Collection[str]) -> dict[str, date]:
        d = s.due_dates.c
        asked = select(d.case, d.due).where(d.case.in_(cases), s.DUTY, not_(s.WAITING)).order_by(d.due.desc())
        return {row.case: row.due for row in self._db.execute(asked)} if cases else {}

    def resting(self, wanted: Wanted, *, after: tuple[datetime, str] | None = None, most: int = 200) -> list[CaseRow]:
        c = s.case_list.c
        found = select(*_ROW).where(*search.narrowing(wanted)).order_by(c.updated, c.case).limit(most)
        if after:
            moment, case = after
            found = found.where(tuple_(c.updated, c.case) > tuple_(bindparam(None, moment, c.updated.type), case))
        return [CaseRow(**row._mapping) for row in self._db.execute(found)]

    def count(self, wanted: Wanted, most: int) -> int:
        found = select(s.case_list.c.case).where(*search.narrowing(wanted)).limit(most).subquery()
        return int(self._db.execute(select(func.count()).select_from(found)).scalar_one())

    def named(self, cases: Collection[str]) -> list[Named]:
        found = select(s.named).where(s.named.c.case.in_(cases))
        return sorted((Named(**row._mapping) for row in self._db.execute(found)), key=in_order)

    def find_by_its_names(self, case: str) -> None:
        search.write(self._db, case)

    def is_found_by_its_names(self, case: str) -> bool:
        return search.is_as_it_should_be(self._db, case)

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
        d, c = s.due_dates.c, s.case_list.c
        kind = s.WAITING if waiting else s.LAPSING if lapsing else and_(s.DUTY, not_(s.WAITING))
        wanted = select(s.due_dates).where(d.due >= since, d.due <= until, kind)
        wanted = wanted.order_by(d.due, d.case, d.instance, d.kind).limit(most)
        if kinds:
            wanted = wanted.where(d.kind.in_(kinds))
        if machine:
            wanted = wanted.where(d.instance.startswith(f"{machine}/", autoescape=True))
        if organisations is not None or matter:
            wanted = wanted.join(s.case_list, c.case == d.case)
        if organisations is not None:
            wanted = wanted.where(c.organisation.in_(organisations))
        if matter:
            wanted = wanted.where(c.matter == matter)
        if mediator is not None:
            own = s.case_list.alias().c
            wanted = wanted.where(d.case.in_(select(own.case).where(own.mediator == mediator)))
        return [DueDate(**row._mapping) for row in self._db.execute(wanted)]

    def cases_due(
        self, kinds: Collection[str], since: date, until: date, *, after: str = "", most: int = 200
    ) -> list[str]:
        d = s.due_dates.c
        asked = select(d.case).where(d.case > after, d.kind.in_(kinds), d.due >= since, d.due <= until)
        return list(self._db.execute(asked.distinct().order_by(d.case).limit(most)).scalars())

    def uncounted(self, most: int = 200) -> list[str]:
        c = s.uncounted.c.case
        return list(self._db.execute(select(c).order_by(c).limit(most)).scalars())

    def put_counted(self, case: str, rows: Rows) -> None:
        self._change_set(s.counted, self.counted(case), rows)
        self._db.execute(delete(s.uncounted).where(s.uncounted.c.case == case))

    def _is_uncounted(self, case: str) -> bool:
        return self._db.execute(select(s.uncounted.c.case).where(s.uncounted.c.case == case)).first() is not None

    def counted(self, case: str) -> Rows:
        found = self._db.execute(select(s.counted).where(s.counted.c.case == case))
        return frozenset(CountedRow(**row._mapping) for row in found)

    def tallies(self, wanted: WantedCounts) -> list[Tally]:
        c, sums = s.counted.c, ("things", "amount", "people", "unsaid_amount", "unsaid_people")
        own = [c[wanted.by]] if wanted.by in c else []
        measures = (func.count(), func.sum(c.amount), func.sum(c.people))
        unsaid = (func.count() - func.count(it) for it in (c.amount, c.people))
        told = (it.label(name) for it, name in zip((*measures, *unsaid), sums, strict=True))
        # Day by day first: rows that come in the order of their index need no sorting.
        daily = select(c.day, c.what, c.kind, *own, *told).where(*_of_counts(wanted))
        days = daily.group_by(c.organisation, c.what, c.day, c.kind, *own).subquery().c
        group = _group(wanted.by, days)
        totals = (func.coalesce(func.sum(days[name]), 0).label(name) for name in sums)
        found = select(days.what, days.kind, group.label("group"), *totals).group_by(days.what, days.kind, "group")
        rows = [dict(row._mapping) for row in self._db.execute(found)]
        for row in rows:  # PostgreSQL adds big integers up to decimals
            row |= {name: int(row[name]) for name in sums}
        return sorted((Tally(**row) for row in rows), key=lambda it: (it.what, it.kind, it.group))

    def counted_rows(
        self, wanted: WantedCounts, *, after: tuple[str, str, str] = ("", "", ""), most: int = 200
    ) -> list[CountedRow]:
        c = s.counted.c
        place = tuple_(c.case, c.what, c.key)
        found = select(s.counted).where(*_of_counts(wanted), place > after).order_by(c.case, c.what, c.key)
        return [CountedRow(**row._mapping) for row in self._db.execute(found.limit(most))]

    def mentioning(self, other: str) -> list[str]:
        c = s.mentions.c
        return list(self._db.execute(select(c.case).where(c.other == other).order_by(c.case)).scalars())

    def tasks(self, *, after: tuple[str, str, str] = ("", "", ""), most: int = 200) -> list[TaskRow]:
        place = tuple_(*s.tasks.columns)
        found = select(s.tasks).where(place > after).order_by(*s.tasks.columns).limit(most)
        return [TaskRow(**row._mapping) for row in self._db.execute(found)]

    def corrections(self, organisations: Collection[str], *, skip: int = 0, most: int = 200) -> list[CorrectionRow]:
        c, of = s.corrections.c, s.case_list.c
        newest = select(s.corrections).order_by(c.recorded.desc(), c.case.desc(), c.version.desc())
        own = newest.join(s.case_list, of.case == c.case).where(of.organisation.in_(organisations))
        return [CorrectionRow(**row._mapping) for row in self._db.execute(own.offset(skip).limit(most))]

    def marks(
        self, wanted: WantedMarks, *, after: tuple[datetime, str, int, str] | None = None, most: int = 200
    ) -> list[MarkRow]:
        kinds = [kind.value for kind in wanted.kinds if kind not in CORRECTIONS]
        struck = [kind is MarkKind.STRUCK for kind in wanted.kinds if kind in CORRECTIONS]
        found: list[MarkRow] = []
        if kinds:
            of_rule = [s.marks.c.code == wanted.code] if wanted.code else []
            asked = select(s.marks).where(s.marks.c.kind.in_(kinds), *of_rule)
            rows = self._marked(asked, s.marks, s.marks.c.code, wanted, after, most)
            found += [MarkRow(**row._mapping) for row in rows]
        if struck and not wanted.code:
            asked = select(s.corrections).where(s.corrections.c.struck.in_(struck))
            rows = self._marked(asked, s.corrections, literal_column("''"), wanted, after, most)
            found += [of_correction(CorrectionRow(**row._mapping)) for row in rows]
        return sorted(found, key=by_marking, reverse=True)[:most]

    def _marked(
        self,
        asked: Select[Any],
        table: Table,
        code: ColumnElement[Any],
        wanted: WantedMarks,
        after: tuple[datetime, str, int, str] | None,
        most: int,
    ) -> Sequence[Row[Any]]:
        """Rows of marks or corrections, narrowed to what is wanted, from the one after a place on."""
        of, recorded = s.case_list.c, table.c.recorded
        asked = asked.join(s.case_list, of.case == table.c.case).where(of.organisation.in_(wanted.organisations))
        if wanted.mediator is not None:
            asked = asked.where(of.mediator == wanted.mediator if wanted.mediator else of.mediator.is_(None))
        if wanted.since is not None:
            asked = asked.where(recorded >= wanted.since)
        if wanted.until is not None:
            asked = asked.where(recorded < wanted.until)
        place = (recorded, table.c.case, table.c.version, code)
        if after:
            moment = bindparam(None, after[0], recorded.type)
            # The moment by itself, too: by the pair alone an index of one column is not walked.
            asked = asked.where(recorded <= moment, tuple_(*place) < tuple_(moment, *after[1:]))
        newest = asked.order_by(*(it.desc() for it in place if isinstance(it, Column)))
        return self._db.execute(newest.limit(most)).all()

    def withdraw_notices(self, case: str, versions: Collection[int]) -> None:
        if versions:
            o = s.outbox.c
            self._db.execute(delete(s.outbox).where(o.case == case, o.version.in_(list(versions))))

    def put_notices(self, notices: Iterable[Notice]) -> None:
        self._db.later(_PUT_NOTICE, [(n.case, n.version, n.event) for n in notices])

    def notices(self) -> list[Notice]:
        o = s.outbox.c
        waiting = select(o.case, o.version, o.event).order_by(o.case, o.version)
        return [Notice(**row._mapping) for row in self._db.execute(waiting)]

    def note_read(self, read: Read) -> None:
        values = (read.actor, read.office, read.case, read.what, moment_text(read.at), read.person, read.reason)
        salt = self._journal.fresh_salt()
        [[[serial]]] = self._db.ask((_NOTE_READ, (*values, salt)))
        self._journal.bind(s.reads, (serial, *values), salt)

    def reads(self, case: str) -> list[Read]:
        found = select(*_READ).where(s.reads.c.case == case).order_by(s.reads.c.serial)
        return [Read(**row._mapping) for row in self._db.execute(found)]

    def reads_of_person(self, person: str) -> list[Read]:
        found = select(*_READ).where(s.reads.c.person == person).order_by(s.reads.c.serial)
        return [Read(**row._mapping) for row in self._db.execute(found)]

    def cases_of(self, people: Collection[str], organisations: Collection[str], *, most: int = 200) -> list[CaseRow]:
        c, theirs = s.case_list.c, select(s.named.c.case).where(s.named.c.person.in_(people))
        found = select(*_ROW).where(c.case.in_(theirs), c.organisation.in_(organisations))
        rows = self._db.execute(found.order_by(c.opened.desc(), c.case.desc()).limit(most))
        return [CaseRow(**row._mapping) for row in rows]

    def has_read(self, case: str, actor: str, what: str, since: datetime) -> bool:
        r = s.reads.c
        found = (
            select(r.serial).where(r.case == case, r.actor == actor, r.at >= since, r.what.startswith(what)).limit(1)
        )
        return self._db.execute(found).first() is not None

    def list_reads(self, actors: Collection[str], *, skip: int = 0, most: int = 200) -> list[Read]:
        r = s.reads.c
        found = select(*_READ).where(r.case == NO_CASE, r.actor.in_(actors)).order_by(r.serial.desc())
        return [Read(**row._mapping) for row in self._db.execute(found.offset(skip).limit(most))]
