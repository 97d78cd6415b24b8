"""The fingerprint of a workflow's rules: of all that decides, and of nothing else.

What decides: the rows of every machine in their order, with the bases, the guards by code and the code behind them,
the events that are recorded, and what all these rest on, however far away: helpers, constants, defaults, the values of
enumerations, the methods and properties of the values they look at. Helpers count by value, wherever they stand and
whatever they are called. What only people read does not count: sentences, labels, comments, docstrings, annotations.

The language, its library, and this engine count by name: they keep what they do, and the golden histories hold them to
it. Everything else is read, as far as there is source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cache

from ..domain.machine import Machine, Row, T
from ..domain.workflow import Workflow
from . import syntax
from .description import Description, digest

ASKED_BY_THE_ENGINE = ("of", "apply", "erases", "home", "homes")
"""What the engine asks of an event: how it is made from a command, how it is taken into the facts, which words go; and
of a command: where it belongs, and what its rows are about."""


@cache
def rules_of(workflow: Workflow) -> str:
    """``name:fingerprint``"""
    found = digest("\n".join(rule_lines(workflow)))
    syntax.forget()
    return f"{workflow.name}:{found}"


def rule_lines(workflow: Workflow) -> Iterator[str]:
    """All that the fingerprint covers, a line for each thing that has a name in the rules."""
    rules = Description(ASKED_BY_THE_ENGINE)
    if isinstance(workflow.facts, type):
        rules.meet(workflow.facts)
    yield from sorted(f"asks {rules.text(question)}" for question in workflow.questions)
    for phase in workflow.phases:
        yield from sorted(f"{phase.name} {end.value} -> {workflow.handoffs[end]}" for end in phase.final)
    for track in workflow.tracks:
        yield f"track {rules.text(track)}"
    if workflow.authority:
        yield f"authority {rules.text(workflow.authority)}"
    if workflow.barred:
        yield f"barred {rules.text(workflow.barred)}"
    for reopening in workflow.reopens:
        yield f"reopens {reopening.phase} | {reopening.basis} | {rules.text(reopening.when)}"
    for machine in workflow.machines.values():
        yield from _machine_lines(machine, rules)
    yield from rules.class_lines()


def _machine_lines(machine: Machine, rules: Description) -> Iterator[str]:
    ends = (f"{name} {_codes(states)}" for name, states in (("final", machine.final), ("resting", machine.resting)))
    begin = machine.initial.value if machine.initial else None
    yield " | ".join((f"machine {machine.name}", f"begins {begin}", *ends, f"alive {sorted(machine.alive)}"))
    for row in machine.rows:
        rules.meet(row.records)
        yield " | ".join(_row_words(row, rules))


def _row_words(row: Row, rules: Description) -> Iterator[str]:
    source = row.source.value if row.source else None
    yield from (type(row).__name__, f"{source} -> {row.target.value}", row.records.name(), row.basis)
    if not isinstance(row, T):
        yield rules.text(row.when)
        return
    rules.meet(row.command)
    yield from (row.command.name(), f"by {_codes(row.by)}")
    for what, guards in (("only if", row.only_if), ("marks", row.marks)):
        yield from (f"{what} {rules.text(guard)}" for guard in guards)


def _codes(members: Iterable[Enum]) -> list[str]:
    return sorted(str(m.value) for m in members)
