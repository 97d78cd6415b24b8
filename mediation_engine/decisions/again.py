"""An order told again from its lines: what audit and corrections decide anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..domain.command import Command
from ..domain.decision_context import Outside, Question
from ..domain.fields import Text
from ..domain.line import Line
from ..domain.order import Order
from ..domain.roles import Office
from ..domain.workflow import Workflow
from ..record.codec import hash_of, read_event


def order_of(workflow: Workflow, lines: Sequence[Line]) -> Order | None:
    """The order that was given, as its lines tell it; None where they tell of none."""
    ordered = [line for line in lines if line.command is not None]
    if not ordered or ordered[0] is not lines[0]:
        return None
    first = ordered[0]
    command, office = _command(workflow, first), Office.named(first.office or "")
    if command is None or office is None:
        return None
    return Order(
        id=first.command_id,
        case=first.case,
        command=command,
        actor=first.actor or "",
        office=office,
        organisation=first.organisation,
        substitution=first.substitution,
        on=tuple(line.instance for line in ordered if line.source is not None),
        occurred=first.occurred,
        provenance=first.provenance,
        field_provenance=first.field_provenance,
        waives={guard: Text(reason) for guard, reason in first.waives.items()},
        capacity=first.capacity,
    )


def _command(workflow: Workflow, line: Line) -> Command | None:
    kind = workflow.events.get(line.event)
    event = read_event(kind, line) if kind else None
    given = event.given if event else None
    return given if isinstance(given, Command) and given.name() == line.command else None


def outside_of(workflow: Workflow, lines: Sequence[Line]) -> Outside:
    """What came from outside then: the answers that stand on the events."""
    ordered = [(workflow.events[line.event], line) for line in lines if line.command]
    events = [read_event(kind, line) for kind, line in ordered]

    def answer(question: Question[Any], _about: tuple[Any, ...]) -> Any:
        return next(getattr(event, question.name) for event in events if hasattr(event, question.name))

    return Outside(now=lines[0].recorded, rules=lines[0].rules, hash_of=hash_of, answers=answer)
