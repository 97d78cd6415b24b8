"""What figures count that no tally of the read model tells: what stands in the directory, and what came again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from msgspec import structs

from ..domain.directory import Directory
from ..domain.figure import Again, Figure
from ..domain.formatting import CHINA
from ..domain.month import Month
from ..domain.roles import Organisation
from ..ports.register import ERASED
from ..ports.store import Unit
from ..ports.views import Tally, WantedCounts
from ..read_models.counted import CountedRow

BODY, COMMITTEE, OWED, RETURN = "body", "committee", "return_owed", "return"
"""Kinds of things (codes): a body that mediates, a committee of an enterprise, a month that it owes, the return of
one."""
MISSING = "missing"
A_BATCH = 5_000


def rows_of(unit: Unit, figure: Figure, wanted: WantedCounts, settings: Mapping[str, int]) -> list[CountedRow]:
    """The things of such a figure in a period, by case, kind of thing and key."""
    if figure.again is not None:
        found = _again(unit, figure.again, replace(wanted, kinds=figure.kinds), settings.get(figure.again.within, 0))
        return sorted(found, key=place)
    own = _of_directory(unit, figure, wanted)
    return sorted((row for row in own if not figure.kinds or row.kind in figure.kinds), key=place)


def place(row: CountedRow) -> tuple[str, str, str]:
    """Where a row stands in a list."""
    return row.case, row.what, row.key


def group_of(row: CountedRow, by: str) -> str:
    """The group of a row."""
    return f"{row.day:%Y-%m}" if by == "month" else str(getattr(row, by)) if by else ""


def tallied(rows: Iterable[CountedRow], by: str) -> list[Tally]:
    """Rows as tallies, one each: they add no sums and no people."""
    said = {"things": 1, "amount": 0, "people": 0, "unsaid_amount": 0, "unsaid_people": 0}
    return [Tally(what=row.what, kind=row.kind, group=group_of(row, by), **said) for row in rows]


def _all(unit: Unit, wanted: WantedCounts) -> Iterator[CountedRow]:
    """All that is counted, batch by batch."""
    after = ("", "", "")
    while rows := unit.views.counted_rows(wanted, after=after, most=A_BATCH):
        yield from rows
        after = place(rows[-1])


# -- the directory: it says since when and until when, not since when that is known


def _of_directory(unit: Unit, figure: Figure, wanted: WantedCounts) -> Iterator[CountedRow]:
    own = Directory(it for it in unit.register.organisations() if it.id in set(wanted.organisations))
    today = wanted.known.astimezone(CHINA).date()
    if wanted.since is None or wanted.until is None or wanted.since > today:
        return
    last = min(wanted.until, today)
    if BODY in figure.whats:
        yield from (_row(BODY, it, own, wanted, last, it.kind) for it in own if it.is_active(last))
    if COMMITTEE in figure.whats:
        yield from (_row(COMMITTEE, it, own, wanted, last, it.kind) for it in own.reporting(last))
    if OWED in figure.whats:
        yield from _owed(unit, own, wanted, today)


def _owed(unit: Unit, own: Directory, wanted: WantedCounts, today: date) -> Iterator[CountedRow]:
    """Each month that is over of each committee that was there at its end: its return, or that there is none."""
    assert wanted.since is not None and wanted.until is not None
    filed = {(row.organisation, row.day): row for row in _all(unit, replace(wanted, whats={RETURN}))}
    month = Month.of(wanted.since)
    while month.last <= wanted.until and month.last < today:
        for it in own.reporting(month.last):
            there = filed.get((it.id, month.last))
            row = _row(OWED, it, own, wanted, month.last, there.kind if there else MISSING)
            yield structs.replace(row, case=there.case if there else "", key=f"{month.code}.{it.id}")
        month = month.after


def _row(what: str, it: Organisation, own: Directory, wanted: WantedCounts, day: date, kind: str) -> CountedRow:
    district = own.district(it.id)
    return CountedRow(
        case="",
        what=what,
        key=it.id,
        known=wanted.known,
        organisation=it.id,
        day=day,
        kind=kind,
        form="",
        amount=None,
        people=None,
        district=district.id if district else "",
        dispute="",
        source="",
        mediator="",
        level=it.level.value if it.level else "",
    )


# -- what came again


@dataclass(frozen=True, slots=True, kw_only=True)
class _Came:
    """A thing with the people it names."""

    row: CountedRow
    moment: str
    people: Mapping[str, str]
    """The name of each, by who it is; empty where it was erased."""

    def is_like(self, other: _Came) -> bool:
        """Whether both are of the same people: two of them at least, be it by name; or the only one it names."""
        shared = self.people.keys() & other.people.keys()
        names = {it for it in self.people.values() if it} & {it for it in other.people.values() if it}
        own = sum(id in shared or name in names for id, name in self.people.items())
        return own > 1 or (bool(shared) and 1 in (len(self.people), len(other.people)))

    @property
    def marks(self) -> set[str]:
        """By what others of the same people can be found."""
        return {*self.people, *filter(None, self.people.values())}


def _again(unit: Unit, again: Again, wanted: WantedCounts, days: int) -> Iterator[CountedRow]:
    """Those of a period of which the same people had another, no more than so many days before."""
    if wanted.since is None:
        return
    back = timedelta(days=days)
    earlier = replace(wanted, since=wanted.since - back)
    things = sorted(_came(unit, again, earlier), key=lambda it: (it.moment, it.row.case))
    found: dict[str, list[_Came]] = defaultdict(list)
    for it in things:
        day = it.row.day
        assert day is not None
        before = (other for mark in it.marks for other in found[mark] if other.row.day and other.row.day >= day - back)
        if day >= wanted.since and any(it.is_like(other) for other in before):
            yield it.row
        for mark in it.marks:
            found[mark].append(it)


def _came(unit: Unit, again: Again, wanted: WantedCounts) -> Iterator[_Came]:
    things = {row.case: row for row in _all(unit, wanted)}
    if not things:
        return
    named: dict[str, list[CountedRow]] = defaultdict(list)
    for row in _all(unit, replace(wanted, whats={again.people}, kinds=())):
        if row.case in things:
            named[row.case].append(row)
    known = unit.register.people({row.key for rows in named.values() for row in rows})
    one = _one_of_each(unit.register.same_people())
    names = {id: "" if person.name == ERASED else person.name for id, person in known.items()}
    for case, rows in named.items():
        people = {one.get(row.key, row.key): names.get(row.key, "") for row in rows}
        yield _Came(row=things[case], moment=rows[0].kind, people=people)


def _one_of_each(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """One id for all that are said to be one person."""
    one: dict[str, str] = {}
    for first, second in pairs:
        kept, gone = one.get(first, first), one.get(second, second)
        one |= dict.fromkeys((first, second, *(it for it, of in one.items() if of == gone)), kept)
    return one
