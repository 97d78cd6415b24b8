"""A machine as something to draw: states, and from any one to any other at most one arrow for all its rows."""

from __future__ import annotations

from dataclasses import dataclass

from ..domain.command import PhaseEntered
from ..domain.machine import Machine, Row, T

AUTOMATIC = "⤷"
"""Stands before what nobody commands."""


@dataclass(frozen=True, slots=True)
class Node:
    """A state by its code and label."""

    code: str
    label: str
    final: bool
    resting: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One way along an arrow: a command's label, or the event's where nobody commands it."""

    label: str
    automatic: bool = False

    @property
    def words(self) -> str:
        return f"{AUTOMATIC} {self.label}" if self.automatic else self.label


@dataclass(frozen=True, slots=True)
class Arrow:
    """All steps from one state to another. `source` None is the start."""

    source: str | None
    target: str
    steps: tuple[Step, ...]

    @property
    def automatic(self) -> bool:
        """Whether nobody can command it at all."""
        return all(step.automatic for step in self.steps)


@dataclass(frozen=True, slots=True)
class Diagram:
    """What is drawn of one machine, in the order it was declared."""

    name: str
    label: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]

    def loops(self, code: str) -> tuple[Step, ...]:
        """Steps that leave a state as it is."""
        return next((a.steps for a in self.arrows if a.source == a.target == code), ())


def diagram_of(machine: Machine) -> Diagram:
    """The machine with its rows merged; a phase entered by handoff is drawn as entered from the start."""
    nodes = tuple(Node(s.value, s.label, s in machine.final, s in machine.resting) for s in machine.states)
    steps: dict[tuple[str | None, str], list[Step]] = {}
    if machine.initial is not None:
        steps[None, machine.initial.value] = [Step(PhaseEntered.label, automatic=True)]
    for row in machine.rows:
        source = None if row.source is None else row.source.value
        steps.setdefault((source, row.target.value), []).append(_step(row))
    arrows = tuple(Arrow(*ends, _merged(ways)) for ends, ways in steps.items())
    return Diagram(machine.name, machine.label, nodes, arrows)


def _step(row: Row) -> Step:
    return Step(row.command.label) if isinstance(row, T) else Step(row.records.label, automatic=True)


def _merged(ways: list[Step]) -> tuple[Step, ...]:
    """Each once, those somebody commands first."""
    return tuple(sorted(dict.fromkeys(ways), key=lambda step: step.automatic))
