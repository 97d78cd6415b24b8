"""A history by day, for one who reads it, or for a screen that everybody looks at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from mediation_engine.descriptions.lines import Teller, Told
from mediation_engine.domain.correcting import Correcting
from mediation_engine.domain.fields import fields_of
from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.line import Line
from mediation_engine.domain.occurred import Precision
from mediation_engine.domain.presentation import HIDDEN
from mediation_engine.record.fold import DecodedLine
from mediation_engine.services.case_view import CaseView

from .visibility import is_joint, seen_by

WHICH = next(spec.label for spec in fields_of(Correcting) if spec.name == "order")
A_PAGE = 200
"""Lines shown at a time, the latest ones first of all."""


Change = tuple[str, str, str]
"""Of what a line says: which, how it read, how it reads."""
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
    def runs(self) -> list[list[Shown]]:
        """The lines, those together that one order wrote about many things alike."""
        return [[*run] for _, run in groupby(self.lines, key=lambda it: (it.line.command_id, it.told.what))]


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
    restated: Mapping[int, Sequence[tuple[DecodedLine | None, DecodedLine]]]
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
        page = "" if number in here else f"?{'show=joint&' if joint else ''}upto={number}"
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


def changes(teller: Teller, pairs: Iterable[tuple[DecodedLine | None, DecodedLine]]) -> Iterator[Change]:
    """What lines say otherwise since a correction, each once."""
    for old, new in pairs:
        was, now = _said(teller, old) if old else {}, _said(teller, new)
        for label in [*now, *(label for label in was if label not in now)]:
            if was.get(label) != now.get(label):
                yield label, was.get(label, EMPTY), now.get(label, EMPTY)


def _said(teller: Teller, found: DecodedLine) -> dict[str, str]:
    """All that a line says, by label."""
    told = teller.line(found)
    if not found.line.command:
        return {told.what: f"{told.about} {told.change}".strip()}
    return {"事项": told.about, **dict(told.details), "发生时间": found.line.occurred.words()}


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
        seen_by="" if joint else seen_by(found, teller),
    )


def _heading(line: Line) -> str:
    day = line.occurred.day
    return day_words(day) if day else line.occurred.words()
