"""What can be done next, and why the rest cannot: the table and the guards asked without an order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from ..domain.case import Case, Situation
from ..domain.command import Command
from ..domain.formatting import CHINA
from ..domain.guard import Refusal
from ..domain.line import Defect
from ..domain.machine import Machine
from ..domain.roles import Office
from ..domain.workflow import Workflow
from ..errors import InstanceNotFound
from .decide import NOTHING, Ask, guarded, not_for, remembering, row_of

NOBODY: Mapping[Office, str] = {}
Place = tuple[Machine, type[Command], str | None]
"""A command of a machine, and the instance it would move; None where it would bring a new one into being."""


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
    workflow: Workflow,
    case: Case,
    office: Office,
    today: date,
    *,
    on: str | None = None,
    every: bool = False,
    by: str | None = None,
) -> Available:
    """Options of the case's phase and for new parts; of the instance `on` alone; or of `every` instance too.

    `by` is who holds the office (id): what he may not do himself is refused, too.

    Raises:
        InstanceNotFound: there is no instance `on`.
    """
    if on is not None and on not in case.instances:
        raise InstanceNotFound(key=on)
    people = {office: by} if by else {}
    options = options_by_office(workflow, case, (office,), today, on=on, every=every, people=people)[office]
    states = {m.name: Counter(case.instances[k].state for k in case.of(m.name)) for m in workflow.parts}
    return Available(options=options, parts={name: counter for name, counter in states.items() if counter})


def steps(workflow: Workflow, case: Case, recorded: datetime) -> dict[Office, tuple[Option, ...]]:
    """What each office could do in a case as it stood when a line was recorded."""
    return options_by_office(workflow, case, Office, recorded.astimezone(CHINA).date(), every=True)


def options_by_office(
    workflow: Workflow,
    case: Case,
    offices: Iterable[Office],
    today: date,
    *,
    on: str | None = None,
    every: bool = False,
    only: Collection[type[Command]] | None = None,
    ask: Ask | None = None,
    marked: bool = True,
    people: Mapping[Office, str] = NOBODY,
) -> dict[Office, tuple[Option, ...]]:
    """The options of several offices: table and guards are asked once for all of them, the bar is each office's own.

    `on` and `every` as in `available`; `only` leaves out all other commands; what `ask` remembers is not asked again.
    Of an office that one of the `people` (ids) asks for, what he may not do himself is refused, too. With `marked`
    false it is not asked what their lines would be marked with, for whoever shows only what can be done.
    """
    ask, found = ask or remembering(), {office: list[Option]() for office in offices}
    for place in _places(workflow, case, on, every):
        if only is None or place[1] in only:
            for office, option in _options(workflow, case, found, today, place, ask, marked):
                found[office].append(_for(workflow, case, people.get(office), office, option))
    return {office: tuple(options) for office, options in found.items()}


def _for(workflow: Workflow, case: Case, person: str | None, office: Office, option: Option) -> Option:
    """An option as it is for a person (id), where one is named."""
    refusal = workflow.barred(case, person, office, option.command) if person and workflow.barred else None
    return replace(option, refusals=(refusal,), defects=()) if refusal else option


def _places(workflow: Workflow, case: Case, on: str | None, every: bool) -> Iterator[Place]:
    """Where a command may be given at all, in the order of the tables."""
    if on is not None:
        yield from _on_instances(workflow, case, [on], whole=True)
        return
    yield from _on_case(workflow, case)
    keys = [k for m in workflow.parts for k in case.of(m.name)] if every else []
    yield from _on_instances(workflow, case, keys, whole=False)


def _on_case(workflow: Workflow, case: Case) -> Iterator[Place]:
    phase = workflow.phase_of(case)
    for command in phase.commands if phase else ():
        if not workflow.opens_only(command, case):
            yield phase, command, case.phase  # type: ignore[misc]
    for machine in workflow.parts:
        yield from ((machine, command, None) for source, command in machine.commanded if source is None)


def _on_instances(workflow: Workflow, case: Case, keys: list[str], *, whole: bool) -> Iterator[Place]:
    """Commands with an edge from the instance's state; with `whole`, those without one too, to say why."""
    for key in keys:
        machine = workflow.machines[key.partition("/")[0]]
        for command in machine.commands:
            sources = {s for s, c in machine.commanded if c is command}
            if case.state(key) in sources or (whole and sources != {None}):
                yield machine, command, key


def _options(
    workflow: Workflow, case: Case, offices: Iterable[Office], today: date, place: Place, ask: Ask, marked: bool
) -> Iterator[tuple[Office, Option]]:
    """The option of each office; the guards are asked where there is an office that the row is for."""
    machine, command, key = place
    situation = Situation(case=case, key=key, given=None, today=today)
    _, row, barred = row_of(workflow, command, situation)
    common = Option(command=command, machine=machine, key=key, refusals=(barred,)) if barred else None
    for office in offices:
        if row is not None and office not in row.by:
            yield office, Option(command=command, machine=machine, key=key, refusals=(not_for(row, office),))
            continue
        if common is None:
            assert row is not None
            refusals, defects = guarded(row, situation, NOTHING, ask, marked=marked)
            common = Option(command=command, machine=machine, key=key, refusals=refusals, defects=defects)
        yield office, common
