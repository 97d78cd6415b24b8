"""A machine drawn for a page, and the way a case has gone through it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from mediation_engine.domain.case import machine_of
from mediation_engine.domain.command import PhaseEntered
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine, Row, T
from mediation_engine.drawings import STYLE, cells, in_order, svg

Way = Mapping[tuple[str | None, str, str, str | None], list[int]]
"""The lines that went from one state to another by an event, on a command (None: nobody's)."""
RULES = f"<style>\n{STYLE}</style>"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowShown:
    """A row of the table, and the lines of a case that are of it."""

    cells: list[str]
    lines: list[int]


def way(lines: Iterable[Line], machine: Machine) -> Way:
    """The way a case has gone through all instances of a machine."""
    gone: dict[tuple[str | None, str, str, str | None], list[int]] = {}
    for line in lines:
        if machine_of(line.instance) == machine.name:
            gone.setdefault((line.source, line.target, line.event, line.command), []).append(line.version)
    return gone


def drawn(machine: Machine, gone: Way) -> Markup:
    """The drawing as a part of a page, its rules left to `drawing.css`: the policy allows no style in a page.

    Safe as it is: `svg` escapes every word it writes, and everything in it comes from the installed workflow.
    """
    return Markup(svg(machine, {(source, target) for source, target, *_ in gone}).replace(RULES, ""))


def rows(machine: Machine, gone: Way) -> list[RowShown]:
    """The officials' table of one machine."""
    shown = [RowShown(cells=cells(machine, row), lines=gone.get(_known_by(row), [])) for row in in_order(machine)]
    return shown if machine.initial is None else [_entered(machine.initial, gone), *shown]


def _known_by(row: Row) -> tuple[str | None, str, str, str | None]:
    """What the lines of a row have in common."""
    source = None if row.source is None else str(row.source.value)
    return source, row.target.value, row.records.name(), row.command.name() if isinstance(row, T) else None


def _entered(initial: Labelled, gone: Way) -> RowShown:
    """What the drawing has as an arrow from the start: another phase hands the case on."""
    words = ["（新）", PhaseEntered.label, initial.label, "自动", "", PhaseEntered.label, "", ""]
    return RowShown(cells=words, lines=gone.get((None, str(initial.value), PhaseEntered.__name__, None), []))
