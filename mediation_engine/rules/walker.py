"""The one place that uses `transitions`: walks a declared table, one shared machine per table, no models, no effects.

The table is the truth; the walk is checked against it in the tests (every state × command × office).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from transitions import Machine as Walker
from transitions import MachineError

from ..domain.machine import Machine, Row, T

NEW = "(new)"
"""The walker's name for an instance that does not exist yet."""


class _Cursor:
    """A bare place to stand on; no methods, since one named like a trigger would win over it."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def _trigger(row: Row, number: int) -> str:
    return row.command.name() if isinstance(row, T) else f"follow {number}"


@cache
def _triggers(machine: Machine) -> dict[int, Any]:
    """The walker's trigger for each row, by the row's identity."""
    names = {id(row): _trigger(row, number) for number, row in enumerate(machine.rows)}
    edges = [
        {
            "trigger": names[id(row)],
            "source": NEW if row.source is None else row.source.value,
            "dest": row.target.value,
            "conditions": lambda gate: gate(),
        }
        for row in machine.rows
    ]
    states = [NEW, *(s.value for s in machine.states)]
    walker = Walker(model=None, states=states, initial=NEW, transitions=edges, auto_transitions=False, queued=False)
    return {row: walker.events[name].trigger for row, name in names.items()}


def walk(machine: Machine, source: str | None, row: Row, gate: Callable[[], bool] = lambda: True) -> str | None:
    """The state the row leads to from `source`; None where the gate is shut or the table has no such edge."""
    cursor = _Cursor(NEW if source is None else source)
    try:
        moved = _triggers(machine)[id(row)](cursor, gate)
    except (MachineError, ValueError):  # no such edge; a state this version of the table does not have
        return None
    return cursor.state if moved else None
