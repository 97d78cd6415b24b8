"""The fold: orders to lines, lines to a case. It never refuses; a line without its event still moves its instance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import structs

from ..domain.case import Case, Corrected, Instance, machine_of
from ..domain.command import Command, Event, PhaseEntered
from ..domain.line import GENESIS, Line
from ..domain.marks import marked
from ..domain.recorded_order import StoredOrder, lines_of
from ..domain.workflow import Workflow
from ..errors import UNFIT, LineUnreadable
from ..rules.catalogue import Catalogue
from .codec import decode_order, read_event
from .standing import standing

Events = Mapping[str, type[Event[Any]]]


class DecodedLine(NamedTuple):
    """A line and its event; no event where its class is not installed or its data cannot be read."""

    line: Line
    event: Event[Any] | None

    @property
    def given(self) -> Any:
        """The command as it was filled in; None where nobody gave one."""
        return self.event.given if self.event else None

    @property
    def said(self) -> tuple[Any, ...]:
        """What was filled in of this line: the command; where each row has a line, what all share and its own row."""
        given, n = self.given, self.line.ordinal
        name = given.each if isinstance(given, Command) else ""
        rows = getattr(given, name, ())
        return (replace(given, **{name: ()}), *rows[n : n + 1]) if name and isinstance(rows, tuple) else (given,)


def decoded(line: Line, events: Events) -> DecodedLine:
    """A line with its event read."""
    kind = events.get(line.event)
    return DecodedLine(line, read_event(kind, line) if kind else None)


def decoded_under(workflow: Workflow | None, lines: Iterable[Line]) -> tuple[DecodedLine, ...]:
    """Lines with the events of a workflow read; without any where it is not installed."""
    events = workflow.events if workflow else {}
    return tuple(decoded(line, events) for line in lines)


def workflow_of(catalogue: Catalogue, lines: Sequence[Line]) -> Workflow | None:
    """The workflow that the first line names, where it is installed."""
    return catalogue.reading(lines[0].rules.partition(":")[0]) if lines else None


def take(case: Case, line: Line, event: Event[Any] | None) -> None:
    """Fold one line into `case`, in place. `event` None: its class is not installed, or its data cannot be read."""
    if line.correction is not None:
        case.corrections[line.version] = Corrected(
            order=line.correction.corrects, struck=line.correction.strikes, actor=line.actor, recorded=line.recorded
        )
        for key in line.correction.moved:
            if key in case.instances:
                case.instances[key] = structs.replace(case.instances[key], corrected=line.version)
    elif line.void:
        if line.source is None:
            machine = machine_of(line.instance)
            case.counts[machine] = case.counts.get(machine, 0) + 1
            case.gaps.add(machine)
    else:
        if line.instance not in case.instances:
            machine = machine_of(line.instance)
            case.counts[machine] = case.counts.get(machine, 0) + 1
        case.instances[line.instance] = Instance(line.target, line.version)
        if line.version == 1:
            case.workflow, case.opened = line.rules.partition(":")[0], line.recorded
        if line.version == 1 or line.event == PhaseEntered.__name__:
            case.phase = line.instance
        if line.defects:
            case.marks[line.version] = marked(line)
    case.version, case.recorded, case.rules = line.version, line.recorded, line.rules
    if not line.ordinal:
        case.orders[line.organisation, line.command_id] = line.version
    if event is not None and not line.void:
        event.apply(case.facts, line)


def take_leniently(case: Case, found: DecodedLine) -> None:
    """Fold a line that lies in the record, whatever it says: one that speaks of things unknown moves its instance."""
    try:  # noqa: SIM105  (on the way of every line ever read; suppress costs as much as the rest of this function)
        take(case, found.line, found.event)
    except UNFIT:
        pass


def read_lines(stored: StoredOrder) -> tuple[Line, ...]:
    """The lines in the stored bytes of an order. LineUnreadable where they are none."""
    try:
        return lines_of(decode_order(stored.body))
    except UNFIT as fault:
        raise LineUnreadable(case=stored.case) from fault


def all_lines(stored: Iterable[StoredOrder]) -> list[Line]:
    """The lines of several orders. LineUnreadable."""
    return [line for order in stored for line in read_lines(order)]


def legible(stored: Iterable[StoredOrder]) -> list[Line]:
    """The lines up to the first order that cannot be read."""
    lines: list[Line] = []
    for one in stored:
        try:
            lines.extend(read_lines(one))
        except LineUnreadable:
            break
    return lines


def fold_decoded(case: Case, lines: Iterable[DecodedLine]) -> Case:
    """Fold lines that stand into a case, in place. The digest stays as it was: it stands in what is stored."""
    for found in lines:
        take_leniently(case, found)
    return case


def fold_whole(case_id: str, workflow: Workflow | None, lines: Sequence[DecodedLine]) -> Case:
    """The case that lines from the first one on add up to, as they stand after the corrections among them."""
    if any(found.line.correction is not None for found in lines):
        lines = decoded_standing(workflow, lines)
    return fold_decoded(begun(case_id, workflow), lines)


def decoded_standing(workflow: Workflow | None, lines: Sequence[DecodedLine]) -> list[DecodedLine]:
    """Lines as they stand after the corrections among them; only those that read otherwise are read anew."""
    events, known = workflow.events if workflow else {}, {id(found.line): found for found in lines}
    return [known.get(id(line)) or decoded(line, events) for line in standing(found.line for found in lines)]


def begun(case_id: str, workflow: Workflow | None) -> Case:
    """A case that has no line yet, with the facts of its workflow; bare where that is not installed."""
    return workflow.begin(case_id) if workflow else Case(case_id)


def fold(case_id: str, stored: Sequence[StoredOrder], workflow: Workflow | None) -> Case:
    """The case its orders add up to; without its workflow, as much of it as every case has. LineUnreadable."""
    case = fold_whole(case_id, workflow, decoded_under(workflow, all_lines(stored)))
    case.digest = stored[-1].digest if stored else case.digest
    return case


def go_on(catalogue: Catalogue, case: Case, stored: Sequence[StoredOrder]) -> Case | None:
    """The case with the orders after its last; folded in place. LineUnreadable.

    None where one of them corrects another: then what went before reads otherwise, too.
    """
    lines = all_lines(stored)
    if any(line.correction is not None for line in lines):
        return None
    fold_decoded(case, decoded_under(catalogue.reading(case.workflow), lines))
    case.digest = stored[-1].digest
    return case


def fold_under(catalogue: Catalogue, case_id: str, stored: Sequence[StoredOrder]) -> Case:
    """The same, with the events of the workflow that the first line names."""
    workflow = workflow_of(catalogue, read_lines(stored[0])) if stored else None
    return fold(case_id, stored, workflow)


def fold_upto(catalogue: Catalogue, case_id: str, stored: Sequence[StoredOrder], point: int | datetime) -> Case:
    """The case as it was at a version, or at a moment of recording. LineUnreadable."""
    lines = all_lines(stored)
    workflow = workflow_of(catalogue, lines)
    case = fold_whole(case_id, workflow, decoded_under(workflow, upto(lines, point)))
    case.digest = next((order.digest for order in reversed(stored) if order.last <= case.version), GENESIS)
    return case


def upto(lines: Iterable[Line], point: int | datetime) -> list[Line]:
    """The lines up to a version, or recorded no later than a moment."""
    if isinstance(point, int):
        return [line for line in lines if line.version <= point]
    return [line for line in lines if line.recorded <= point]
