"""Rows that figures are counted from: what counted, from which moment on that was known, and until when.

As known at a moment is what stood in the record then: a row that came later is not yet there, one that was corrected
since still is. So an entry after the end of a period changes its figures only for who asks later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct, structs

from ..domain.case import Case
from ..domain.command import Event
from ..domain.counting import Counted, Counting
from ..domain.line import Line
from ..domain.workflow import Workflow

BY_LINE = "@"
"""How the key of what a line tells begins: its version follows."""


class CountedRow(Struct, frozen=True, kw_only=True):
    """Something counted, as long as it was known to be so."""

    case: str
    what: str
    key: str
    known: datetime
    """When the order was recorded since which it stands so."""
    until: datetime | None = None
    """When the order was recorded since which it does not; None while it does."""
    organisation: str
    day: date | None
    kind: str
    form: str
    amount: int | None
    people: int | None
    district: str
    dispute: str
    source: str
    mediator: str
    level: str

    @property
    def body(self) -> tuple[Any, ...]:
        """All of it but when it was known."""
        return (self.what, self.key, *(getattr(self, name) for name in _SAID))


_SAID = tuple(f.name for f in structs.fields(CountedRow) if f.name not in ("case", "what", "key", "known", "until"))
Rows = frozenset[CountedRow]
NONE: Rows = frozenset()


def counted_after(
    before: Rows,
    workflow: Workflow | None,
    case: Case,
    orders: Iterable[tuple[Case, Iterable[tuple[Line, Event[Any] | None]]]],
    *,
    afresh: bool = False,
) -> Rows:
    """The rows of a case after an order, given those before it and the lines it wrote, with the case as it left it.

    After a correction `orders` are all there are, each with its lines that stand, and what they tell is told `afresh`.
    """
    counting, moment = workflow.counting if workflow else None, case.recorded
    if counting is None or moment is None:
        return NONE
    told = {} if afresh else {(it.what, it.key): _thing(it) for it in before if _is_told(it)}
    for left, lines in orders:
        for line, event in lines:
            if event is not None and not line.void:
                for thing in counting.of_line(left, line, event):
                    told.setdefault((thing.what, f"{BY_LINE}{line.version}"), thing)
    things = {(it.what, it.key): it for it in counting.of_case(case)} | _firsts(told, counting)
    return _moved(before, _rows(counting, case, moment, things if counting.counts(case) else {}), moment)


def _is_told(row: CountedRow) -> bool:
    return row.until is None and row.key.startswith(BY_LINE)


def _thing(row: CountedRow) -> Counted:
    return Counted(what=row.what, day=row.day, kind=row.kind, form=row.form, amount=row.amount, people=row.people)


def _firsts(told: Mapping[tuple[str, str], Counted], counting: Counting) -> dict[tuple[str, str], Counted]:
    """What lines tell; of what counts once, the first."""
    in_order = sorted(told, key=lambda place: int(place[1].removeprefix(BY_LINE)))
    first = dict(reversed(in_order))
    return {place: told[place] for place in told if place[0] not in counting.once or first[place[0]] == place[1]}


def _rows(
    counting: Counting, case: Case, moment: datetime, things: Mapping[tuple[str, str], Counted]
) -> list[CountedRow]:
    traits = structs.asdict(counting.traits(case)) if things else {}
    return [
        CountedRow(
            case=case.id,
            what=what,
            key=key,
            known=moment,
            organisation=case.facts.organisation,
            day=it.day,
            kind=it.kind,
            form=it.form,
            amount=it.amount,
            people=it.people,
            **traits,
        )
        for (what, key), it in things.items()
    ]


def _moved(before: Rows, now: list[CountedRow], moment: datetime) -> Rows:
    """The rows before, with what has changed since; what came and went at one moment leaves no trace."""
    wanted = {row.body: row for row in now}
    standing = {row.body: row for row in before if row.until is None}
    if standing.keys() == wanted.keys():
        return before
    rows = {row for row in before if row.until is not None or row.body in wanted}
    for body, row in standing.items():
        if body not in wanted and row.known < moment:
            rows.add(structs.replace(row, until=moment))
    for body, row in wanted.items():
        if body not in standing:
            ended = next((it for it in rows if it.until == moment and it.body == body), None)
            rows.discard(ended) if ended else None
            rows.add(structs.replace(ended, until=None) if ended else row)
    return frozenset(rows)
