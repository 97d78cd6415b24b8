"""A history by day, for one who reads it, or for a screen that everybody looks at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from mediation_engine.descriptions.lines import Teller, Told
from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.line import Line
from mediation_engine.domain.occurred import Precision
from mediation_engine.domain.presentation import HIDDEN
from mediation_engine.domain.workflow import Workflow
from mediation_engine.record.fold import DecodedLine

from .visibility import is_joint, seen_by

A_PAGE = 200
"""Lines shown at a time, the latest ones first of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One line of a history."""

    line: Line
    number: int
    """Its place: for a screen that everybody looks at, among what is shown there."""
    told: Told
    time: str
    seen_by: str
    corrected: tuple[int, bool] | None = None
    """By which line it has been corrected, and whether it stands no more."""
    restated: tuple[Told, ...] = ()
    """How the lines that this one corrects read now."""
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
        shown = [_with_corrections(it, teller, corrections, joint) for it in shown]
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
    restated: Mapping[int, Sequence[DecodedLine]]
    offered: bool
    """Whether the reader may correct something."""


def _with_corrections(shown: Shown, teller: Teller, corrections: Corrections, joint: bool) -> Shown:
    version = shown.line.version
    now = (teller.line(it) for it in corrections.restated.get(version, ()) if it.line.command)
    return replace(
        shown,
        corrected=corrections.marks.get(version),
        restated=tuple(joint_part(told) if joint else told for told in now),
        correctable=corrections.offered and bool(shown.line.command) and shown.line.correction is None,
    )


def told_to(workflow: Workflow | None, lines: Iterable[DecodedLine], joint: bool) -> list[DecodedLine]:
    """The lines there are for a reader."""
    return [it for it in lines if not joint or is_joint(workflow, it.line.instance)]


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
