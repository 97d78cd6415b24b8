"""The installed workflows and the fingerprints of their rules."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import is_dataclass
from functools import cache
from types import CodeType, FunctionType
from typing import Any

from .domain.command import Event, PhaseEntered
from .domain.guard import Guard
from .domain.machine import DeclarationFault, Follows, Machine, Spawns, T
from .domain.roles import Role, RoleBook
from .domain.workflow import Workflow
from .errors import RulesNotInForce, UnknownWorkflow


class Catalogue:
    """Workflows by name; and by the rules a line was written under."""

    def __init__(self, workflows: Iterable[Workflow], roles: Iterable[Role] = ()) -> None:
        self.workflows: dict[str, Workflow] = {}
        for workflow in workflows:
            if workflow.name in self.workflows:
                raise DeclarationFault(f"two workflows named {workflow.name}")
            self.workflows[workflow.name] = workflow
        self.roles = RoleBook(roles)

    def named(self, name: str) -> Workflow:
        """UnknownWorkflow where it is not installed."""
        if name not in self.workflows:
            raise UnknownWorkflow(workflow=name)
        return self.workflows[name]

    def under(self, rules: str) -> Workflow | None:
        """The workflow with exactly these rules, or None."""
        found = self.workflows.get(rules.partition(":")[0])
        return found if found and rules_of(found) == rules else None

    def in_force(self, rules: str) -> Workflow:
        """As `under`; UnknownWorkflow or RulesNotInForce where it is None."""
        found = self.under(rules)
        if found is None:
            self.named(rules.partition(":")[0])
            raise RulesNotInForce(rules=rules)
        return found

    def reading(self, workflow: str) -> Workflow | None:
        """The workflow of this name, whatever its rules: enough to read a history by, not to act under."""
        return self.workflows.get(workflow)


@cache
def rules_of(workflow: Workflow) -> str:
    """``name:fingerprint``. The fingerprint covers every row, guard, condition and event that decides anything."""
    digest = hashlib.sha256("\n".join(rule_lines(workflow)).encode()).hexdigest()
    return f"{workflow.name}:{digest[:16]}"


def rule_lines(workflow: Workflow) -> Iterator[str]:
    """All that the fingerprint covers, in words."""
    yield f"{workflow.name} asks {[(q.name, str(q.type)) for q in workflow.questions]}"
    for phase in workflow.phases:
        yield from sorted(f"{phase.name}.{end.name} -> {workflow.handoffs[end]}" for end in phase.final)
    for track in workflow.tracks:
        yield _stable(track)
    functions: dict[str, str] = _sources(workflow.term_ends) if workflow.term_ends else {}
    for reopening in workflow.reopens:
        yield f"{reopening.when.__name__} reopens {reopening.phase} | {reopening.basis}"
        functions.update(_sources(reopening.when))
    for method in _own_methods(PhaseEntered):
        functions.update(_sources(method))
    for machine in workflow.machines.values():
        yield from _machine_lines(machine)
        for function in _deciding(machine):
            functions.update(_sources(function))
    yield from (f"{name}: {source}" for name, source in sorted(functions.items()))


def _stable(value: Any) -> str:
    """A value's repr with its sets in order."""
    parts = {n: getattr(value, n) for n in value.__dataclass_fields__}
    return str({n: sorted(map(str, v)) if isinstance(v, frozenset) else v for n, v in parts.items()})


def _machine_lines(machine: Machine) -> Iterator[str]:
    yield f"{machine.name} {machine.initial} {sorted(map(str, machine.final))} {sorted(map(str, machine.resting))}"
    yield f"alive {sorted(machine.alive)}"
    for row in machine.rows:
        kind = type(row).__name__
        words = [kind, str(row.source), str(row.target), row.records.name(), row.basis]
        if isinstance(row, T):
            words += [row.command.name(), *sorted(o.value for o in row.by)]
            words += [f"only if {g.code} ({g.basis})" for g in row.only_if]
            words += [f"marks {g.code} ({g.basis})" for g in row.marks]
        yield " | ".join(words)


def _deciding(machine: Machine) -> Iterator[Callable[..., Any]]:
    """Every function of the content that decides something."""
    for row in machine.rows:
        yield from _own_methods(row.records)
        if isinstance(row, Follows | Spawns):
            yield row.when
        else:
            yield from (g.check for g in (*row.only_if, *row.marks))


def _own_methods(event: type[Event[Any]]) -> Iterator[Callable[..., Any]]:
    """How an event is found and folded, where it says so itself."""
    for name in ("of", "apply"):
        if name in vars(event):
            yield getattr(event, name)


def _sources(function: Callable[..., Any], seen: frozenset[str] = frozenset()) -> dict[str, str]:
    """The source of a function and of the helpers and guards it uses from the same package, layout ignored."""
    inner = inspect.unwrap(getattr(function, "__func__", function))
    name = f"{inner.__module__}.{inner.__qualname__}"
    if name in seen:
        return {}
    source = inspect.getsource(inner)
    # From `def` on: the sentence of a guard, in its decorator, may be put better without making a new rule.
    found = {name: "".join(source[max(source.find("def "), 0) :].split())}
    package = inner.__module__.partition(".")[0]
    for used in _names(inner.__code__):
        value = inner.__globals__.get(used)
        helper = value.check if isinstance(value, Guard) else value
        if isinstance(helper, FunctionType) and helper.__module__.partition(".")[0] == package:
            found |= _sources(helper, seen | {name})
        elif isinstance(value, _CONSTANTS):
            found[f"{inner.__module__}.{used}"] = _plainly(value)
    return found


_CONSTANTS = (int, str, tuple, frozenset, dict)
"""What a rule may rest on besides functions: numbers, words, and collections of them."""


def _plainly(value: Any) -> str:
    """A constant in words, its parts in a stable order."""
    if isinstance(value, dict):
        return str(sorted((_plainly(k), _plainly(v)) for k, v in value.items()))
    if isinstance(value, frozenset):
        return str(sorted(map(_plainly, value)))
    if isinstance(value, tuple):
        return str([_plainly(v) for v in value])
    return _stable(value) if is_dataclass(value) else str(value)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
