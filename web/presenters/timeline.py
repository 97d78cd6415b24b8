"""A history by day, for one who reads it, or for a screen that everybody looks at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from mediation_engine.descriptions.lines import Teller, Told
from mediation_engine.domain.case import machine_of
from mediation_engine.domain.correcting import Correcting
from mediation_engine.domain.fields import fields_of
from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.line import Line
from mediation_engine.domain.occurred import Precision
from mediation_engine.domain.presentation import HIDDEN
from mediation_engine.record.fold import DecodedLine
from mediation_engine.services.case_view import CaseView, Restated

from .visibility import is_joint, seen_by

WHICH = next(spec.label for spec in fields_of(Correcting) if spec.name == "order")
A_PAGE = 25
"""Orders shown at a time, the latest ones first of all."""


Change = tuple[str, str, str]
"""Of what a line says: which, how it read, how it reads; empty where it said nothing, or says nothing any more."""
THEREFORE, NO_MORE = "因此", "不再算数"
EMPTY = "（没有写）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a line stands, and what leads there: it may be on another page."""

    number: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One line of a history."""

    line: Line
    number: int
    """Its place: for a screen that everybody looks at, among what is shown there."""
    told: Told
    time: str
    day: str
    """When it happened, in short: 11月6日 09:00."""
    seen_by: str
    corrected: Place | None = None
    """The line by which it has been corrected."""
    struck: bool = False
    """Whether it stands no more."""
    corrects: Place | None = None
    """The line it corrects."""
    changes: tuple[Change, ...] = ()
    """What reads otherwise since this line."""
    correctable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Lines of one day, or of whatever time was reported."""

    words: str
    lines: list[Shown]

    @property
    def acts(self) -> list[Act]:
        """The lines, those together that one order wrote."""
        return [Act([*some]) for _, some in groupby(self.lines, key=lambda it: it.line.command_id)]


MOST_GIST, WIDEST = 3, 24
"""So many short details stand in the line of an act, each of so many characters at most."""


@dataclass(frozen=True, slots=True)
class Act:
    """What one order wrote: a line, and what followed from it."""

    lines: list[Shown]

    @property
    def first(self) -> Shown:
        """What was done."""
        return self.lines[0]

    @property
    def about(self) -> str:
        """What it was done to: the first of these, and how many there are."""
        alike = [it for it in self.lines if it.told.what == self.first.told.what]
        return self.first.told.about + (f"等{len(alike)}项" if len(alike) > 1 else "")

    @property
    def gist(self) -> str:
        """The little of it that is short enough to stand in a line."""
        said = dict.fromkeys(value for _, value in self.first.told.details if value not in ("", HIDDEN, "是", "否"))
        about = self.first.told.about
        short = [value for value in said if len(value) <= WIDEST and value not in about and "\n" not in value]
        return "，".join(short[:MOST_GIST])

    @property
    def marks(self) -> int:
        """How many remarks stand beside it."""
        return sum(len(it.told.notes) for it in self.lines)

    @property
    def corrected(self) -> Place | None:
        """The line by which any of it has been corrected."""
        return next((it.corrected for it in self.lines if it.corrected), None)

    @property
    def struck(self) -> bool:
        """Whether it stands no more."""
        return all(it.struck for it in self.lines)


def by_day(
    lines: Sequence[DecodedLine],
    teller: Teller,
    *,
    joint: bool = False,
    first: int = 1,
    corrections: Corrections | None = None,
) -> list[Day]:
    """Lines in the order they were recorded, under the day each happened; what follows from one stands with it."""
    shown = [_shown(it, number, teller, joint) for number, it in enumerate(lines, first)]
    if corrections is not None:
        here = {it.number for it in shown}
        shown = [_with_corrections(it, teller, corrections, joint, here) for it in shown]
    days: list[tuple[str, Shown]] = []
    heading = ""
    for it in shown:
        heading = _heading(it.line) if it.line.command or not heading else heading
        days.append((heading, it))
    return [Day(words=words, lines=[it for _, it in of]) for words, of in groupby(days, key=lambda pair: pair[0])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """What has been corrected in a case, for its history."""

    marks: Mapping[int, tuple[int, bool]]
    restated: Mapping[int, Sequence[Restated]]
    numbers: Mapping[int, int]
    """Of all lines there are for the reader, on this page or another, by version."""
    offered: bool
    """Whether the reader may correct something."""


def _with_corrections(
    shown: Shown, teller: Teller, corrections: Corrections, joint: bool, here: Collection[int]
) -> Shown:
    """A line with what was corrected in it, or by it; `here` are the numbers of the lines on this page."""
    line = shown.line
    by, struck = corrections.marks.get(line.version, (None, False))

    def place(version: int | None) -> Place | None:
        number = corrections.numbers.get(version) if version else None
        if number is None:
            return None
        page = "" if number in here else f"?{'show=joint' if joint else 'tab=record'}&upto={number}"
        return Place(number=number, address=f"{page}#l{number}")

    found = changes(teller, corrections.restated.get(line.version, ()))
    details = tuple(pair for pair in shown.told.details if line.correction is None or pair[0] != WHICH)
    return replace(
        shown,
        told=replace(shown.told, details=details),
        corrected=place(by),
        struck=struck,
        corrects=place(line.correction.corrects) if line.correction else None,
        changes=tuple(it for it in found if not joint or HIDDEN not in it),
        correctable=corrections.offered and bool(line.command) and line.correction is None,
    )


def changes(teller: Teller, pairs: Iterable[Restated]) -> Iterator[Change]:
    """What lines say otherwise since a correction, each once, and what follows now or no more."""
    for old, new in pairs:
        if new is None or old is None:
            only = old or new
            yield from _came_or_went(teller, only, gone=new is None) if only else ()
            continue
        was, now = _said(teller, old), _said(teller, new)
        for label in [*now, *(label for label in was if label not in now)]:
            if was.get(label) != now.get(label):
                rows = _rows(old, label), _rows(new, label)
                each = _row_by_row(teller, label, *rows) if all(rows) else ()
                yield from each or [(label, was.get(label, EMPTY), now.get(label, EMPTY))]


def _came_or_went(teller: Teller, it: DecodedLine, gone: bool) -> Iterator[Change]:
    """A line that the correction brought, or took away; of a step itself field by field."""
    if not it.line.command:
        told = teller.line(it)
        words = f"{told.about}：{told.what}" if told.about else told.what
        yield (NO_MORE, words, "") if gone else (THEREFORE, "", words)
        return
    for label, value in _said(teller, it).items():
        yield (label, value, EMPTY) if gone else (label, EMPTY, value)


def _rows(found: DecodedLine, label: str) -> Sequence[Any]:
    """The rows that a line says under a label; empty where it says none."""
    said = ((it, spec) for it in found.said for spec in fields_of(type(it)))
    return next((getattr(it, spec.name) for it, spec in said if spec.kind == "rows" and spec.label == label), ())


def _row_by_row(teller: Teller, label: str, was: Sequence[Any], now: Sequence[Any]) -> list[Change]:
    """Of rows that read otherwise, what does; rows that came or went as a whole."""
    old, new, found = [_row(teller, it) for it in was], [_row(teller, it) for it in now], list[Change]()
    for kind, a, b, c, d in SequenceMatcher(a=[*map(tuple, old)], b=[*map(tuple, new)], autojunk=False).get_opcodes():
        for place in range(max(b - a, d - c)) if kind != "equal" else ():
            gone = old[a + place] if a + place < b else []
            came = new[c + place] if c + place < d else []
            found += _row_changed(f"{label}第{(c if came else a) + place + 1}行", gone, came)
    return found


def _row(teller: Teller, row: Any) -> list[tuple[str, str]]:
    return [*teller.details(row)]


def _row_changed(where: str, gone: Sequence[tuple[str, str]], came: Sequence[tuple[str, str]]) -> Iterator[Change]:
    """What of a row reads otherwise: it is named by what its first field says, where that is the same."""
    if not (gone and came):
        yield where, _in_words(gone) or EMPTY, _in_words(came) or "（删去）"
        return
    name = gone[0][1] if gone[0] == came[0] else where
    was, now = dict(gone), dict(came)
    for label in dict.fromkeys((*was, *now)):
        if was.get(label) != now.get(label):
            yield f"{name}，{label}", was.get(label, EMPTY), now.get(label, EMPTY)


def _in_words(row: Sequence[tuple[str, str]]) -> str:
    return "，".join(f"{label}：{value}" for label, value in row)


def _said(teller: Teller, found: DecodedLine) -> dict[str, str]:
    """All that a line says, by label."""
    told = teller.line(found)
    if not found.line.command:
        return {told.what: f"{told.about} {told.change}".strip()}
    return {"事项": told.about, **dict(told.details), "发生时间": found.line.occurred.words()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Which orders of a history are wanted; empty for all."""

    phase: str = ""
    """In which phase (key of its instance)."""
    who: str = ""
    """By whom (id)."""
    kind: str = ""
    """About what (code of a tab)."""
    marked: bool = False
    """Only what was remarked on, or corrected, or a correction."""

    @property
    def is_asked(self) -> bool:
        return bool(self.phase or self.who or self.kind or self.marked)

    @property
    def asked(self) -> dict[str, str]:
        """As an address says it."""
        said = {"phase": self.phase, "who": self.who, "kind": self.kind, "marked": "1" if self.marked else ""}
        return {name: value for name, value in said.items() if value}


def narrowed(view: CaseView, lines: Sequence[DecodedLine], wanted: Narrowing) -> list[DecodedLine]:
    """The lines of the orders that are wanted."""
    if not wanted.is_asked:
        return [*lines]
    phases, phase, orders = view.workflow.phases if view.workflow else (), "", set[str]()
    names = {it.name for it in phases}
    for it in lines:
        if machine_of(it.line.instance) in names:
            phase = it.line.instance
        if _is_wanted(view, it, phase, wanted):
            orders.add(it.line.command_id)
    return [it for it in lines if it.line.command_id in orders]


def _is_wanted(view: CaseView, found: DecodedLine, phase: str, wanted: Narrowing) -> bool:
    line = found.line
    machine = view.workflow.machines.get(machine_of(line.instance)) if view.workflow else None
    tab = machine.shown.tab if machine else None
    is_marked = bool(line.defects) or line.version in view.corrected or line.correction is not None
    return (
        (not wanted.phase or phase == wanted.phase)
        and (not wanted.who or line.actor == wanted.who)
        and (not wanted.kind or (tab is not None and tab.value == wanted.kind))
        and (not wanted.marked or is_marked)
    )


def whole_orders(lines: Sequence[DecodedLine], upto: int) -> tuple[int, int]:
    """From where to where a page goes that ends with a line (counted from 1): it has whole orders, so many at most."""
    orders = [it.line.command_id for it in lines]
    starts = [n for n, order in enumerate(orders) if n == 0 or order != orders[n - 1]]
    ends = [*starts[1:], len(orders)]
    last = next((n for n, end in enumerate(ends) if end >= upto), len(ends) - 1)
    return (starts[max(0, last + 1 - A_PAGE)], ends[last]) if starts else (0, 0)


def told_to(view: CaseView, joint: bool) -> list[DecodedLine]:
    """The lines there are for a reader."""
    return [it for it in view.lines if not joint or is_joint(view.workflow, view.case, it.line.instance)]


def joint_part(told: Told) -> Told:
    """What of a line a screen shows that everybody looks at: not that anything is left out, nor what was marked."""
    return replace(told, details=tuple(pair for pair in told.details if pair[1] != HIDDEN), notes=())


def _shown(found: DecodedLine, number: int, teller: Teller, joint: bool) -> Shown:
    line, told = found.line, teller.line(found)
    return Shown(
        line=line,
        number=number if joint else line.version,
        told=joint_part(told) if joint else told,
        time=line.when[11:16] if line.occurred.precision is Precision.MINUTE else "",
        day=_short(line),
        seen_by="" if joint else seen_by(found, teller),
    )


def _heading(line: Line) -> str:
    day = line.occurred.day
    return day_words(day) if day else line.occurred.words()


def _short(line: Line) -> str:
    day = line.occurred.day
    time = f" {line.when[11:16]}" if line.occurred.precision is Precision.MINUTE else ""
    return f"{day.month}月{day.day}日{time}" if day else line.occurred.words()
