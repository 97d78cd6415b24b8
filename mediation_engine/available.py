"""What can be done next, and why the rest cannot: the table and the guards asked without an order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .decide import judge
from .domain.case import Case, Situation
from .domain.command import Command
from .domain.guard import Refusal
from .domain.line import Defect
from .domain.machine import Machine
from .domain.roles import Office
from .domain.workflow import Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One command on one instance (None: it would bring a new one into being), for one office."""

    command: type[Command]
    machine: Machine
    key: str | None
    refusals: tuple[Refusal, ...] = ()
    defects: tuple[Defect, ...] = ()
    """What the line would be marked with as things stand."""

    @property
    def allowed(self) -> bool:
        return not self.refusals


@dataclass(frozen=True, slots=True, kw_only=True)
class Available:
    """The phase's commands and what may be begun; the parts in summary, or those asked for in full."""

    options: tuple[Option, ...]
    parts: dict[str, Counter[str]]
    """For each small machine that has instances: how many are in which state (code)."""


def available(
    workflow: Workflow, case: Case, office: Office, today: date, *, on: str | None = None, every: bool = False
) -> Available:
    """Options of the case's phase and for new parts; of the instance `on` alone; or of `every` instance too."""
    keys = [on] if on else [k for m in workflow.parts for k in case.of(m.name)] if every else []
    pairs = [*_on_instances(workflow, case, keys, whole=on is not None)]
    if on is None:
        pairs = [*_on_case(workflow, case), *pairs]
    options = tuple(_option(workflow, case, office, today, *pair) for pair in pairs)
    states = {m.name: Counter(case.instances[k].state for k in case.of(m.name)) for m in workflow.parts}
    return Available(options=options, parts={name: counter for name, counter in states.items() if counter})


def _on_case(workflow: Workflow, case: Case) -> Iterator[tuple[Machine, type[Command], str | None]]:
    phase = workflow.phase_of(case)
    for command in phase.commands if phase else ():
        if command is not workflow.opening:
            yield phase, command, case.phase  # type: ignore[misc]
    for machine in workflow.parts:
        yield from ((machine, command, None) for source, command in machine.commanded if source is None)


def _on_instances(
    workflow: Workflow, case: Case, keys: list[str], *, whole: bool
) -> Iterator[tuple[Machine, type[Command], str | None]]:
    """Commands with an edge from the instance's state; with `whole`, those without one too, to say why."""
    for key in keys:
        machine = workflow.machines[key.partition("/")[0]]
        for command in machine.commands:
            sources = {s for s, c in machine.commanded if c is command}
            if case.state(key) in sources or (whole and sources != {None}):
                yield machine, command, key


def _option(
    workflow: Workflow,
    case: Case,
    office: Office,
    today: date,
    machine: Machine,
    command: type[Command],
    key: str | None,
) -> Option:
    situation = Situation(case=case, key=key, given=None, today=today)
    judgement = judge(workflow, command, situation, office)
    return Option(
        command=command,
        machine=machine,
        key=key,
        refusals=judgement.barred + judgement.refusals,
        defects=judgement.defects,
    )
