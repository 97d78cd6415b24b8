"""A machine drawn for a page, and the way a case has gone through it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from mediation_engine.domain.case import machine_of
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine
from mediation_engine.drawings import STYLE, cells, in_order, svg

Way = Mapping[tuple[str | None, str, str], list[int]]
"""The lines that went from one state to another by an event."""
RULES = f"<style>\n{STYLE}</style>"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowShown:
    """A row of the table, and the lines of a case that are of it."""

    cells: list[str]
    lines: list[int]


def way(lines: Iterable[Line], machine: Machine) -> Way:
    """The way a case has gone through all instances of a machine."""
    gone: dict[tuple[str | None, str, str], list[int]] = {}
    for line in lines:
        if machine_of(line.instance) == machine.name:
            gone.setdefault((line.source, line.target, line.event), []).append(line.version)
    return gone


def drawn(machine: Machine, gone: Way) -> Markup:
    """The drawing as a part of a page, its rules left to `drawing.css`: the policy allows no style in a page.

    Safe as it is: `svg` escapes every word it writes, and everything in it comes from the installed workflow.
    """
    return Markup(svg(machine, {(source, target) for source, target, _ in gone}).replace(RULES, ""))


def rows(machine: Machine, gone: Way) -> list[RowShown]:
    """The officials' table of one machine."""
    return [
        RowShown(
            cells=cells(machine, row),
            lines=gone.get((str(row.source.value) if row.source else None, row.target.value, row.records.name()), []),
        )
        for row in in_order(machine)
    ]
