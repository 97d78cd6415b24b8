"""The fold: lines to a case. It never refuses; a line whose event is not installed still moves its instance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from .catalogue import Catalogue
from .codec import decode_line, read_event
from .domain.case import Case, Instance, machine_of
from .domain.command import Event, PhaseEntered
from .domain.line import Line, StoredLine
from .domain.workflow import Workflow
from .errors import LineUnreadable

Events = Mapping[str, type[Event[Any]]]


def take(case: Case, line: Line, event: Event[Any] | None) -> None:
    """Fold one line into `case`, in place. `event` None: its class is not installed, or its data cannot be read."""
    machine = machine_of(line.instance)
    if line.instance not in case.instances:
        case.counts[machine] = case.counts.get(machine, 0) + 1
    case.instances[line.instance] = Instance(line.target, line.version)
    if line.version == 1:
        case.workflow, case.opened = line.rules.partition(":")[0], line.recorded
    if line.version == 1 or line.event == PhaseEntered.__name__:
        case.phase = line.instance
    case.version, case.recorded, case.rules = line.version, line.recorded, line.rules
    if event is not None:
        event.apply(case.facts, line)


def take_leniently(case: Case, line: Line, events: Events) -> None:
    """Fold a line that lies in the record, whatever it says: one that speaks of things unknown moves its instance."""
    kind = events.get(line.event)
    event = read_event(kind, line) if kind else None
    try:  # noqa: SIM105  (on the way of every line ever read; suppress costs as much as the rest of this function)
        take(case, line, event)
    except (LookupError, TypeError, ValueError, AttributeError):
        pass


def read_line(stored: StoredLine) -> Line:
    """The line in its stored bytes. LineUnreadable where they are none."""
    try:
        return decode_line(stored.body)
    except ValueError as fault:
        raise LineUnreadable(case=stored.case) from fault


def take_stored(case: Case, stored: StoredLine, events: Events) -> Line:
    """Decode and fold one stored line; LineUnreadable where its bytes are no line."""
    line = read_line(stored)
    take_leniently(case, line, events)
    case.digest = stored.digest
    return line


def fold(case_id: str, lines: Iterable[StoredLine], workflow: Workflow | None) -> Case:
    """The case its lines add up to; without its workflow, as much of it as every case has."""
    case = workflow.begin(case_id) if workflow else Case(case_id)
    events = workflow.events if workflow else {}
    for stored in lines:
        take_stored(case, stored, events)
    return case


def go_on(catalogue: Catalogue, case: Case, lines: Iterable[StoredLine]) -> Case:
    """The case with the lines after its last; folded in place."""
    workflow = catalogue.reading(case.workflow)
    for stored in lines:
        take_stored(case, stored, workflow.events if workflow else {})
    return case


def fold_under(catalogue: Catalogue, case_id: str, lines: Sequence[StoredLine]) -> Case:
    """The same, with the events of the workflow that the first line names."""
    workflow = catalogue.reading(read_line(lines[0]).rules.partition(":")[0]) if lines else None
    return fold(case_id, lines, workflow)


def upto(lines: Iterable[StoredLine], point: int | datetime | None) -> list[StoredLine]:
    """The lines up to a version, or recorded no later than a moment; all of them for None."""
    if point is None:
        return list(lines)
    if isinstance(point, int):
        return [s for s in lines if s.version <= point]
    return [s for s in lines if read_line(s).recorded <= point]
