"""What still stands between a case and its closing, asked backwards through the tables.

Every end a phase can close at, and every state a part may rest in, is searched from where things stand; the guards
on the next step are asked as they are today.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .decide import judge
from .domain.case import Case, Situation, machine_of
from .domain.guard import Refusal
from .domain.machine import Machine, Row, T
from .domain.roles import Office
from .domain.workflow import CLOSES, Workflow

Node = tuple[str, str]
"""A machine's name and one of its states (code)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that is not done yet: the shortest way for it to be, and what stands in the way of the next step."""

    key: str
    path: tuple[str, ...]
    """Labels of the steps, in order; those nobody takes begin with ⤷."""
    instead: tuple[str, ...]
    """Labels of other first steps that are as short a way."""
    by: tuple[Office, ...]
    """Who can take the next step; empty where it follows by itself."""
    refusals: tuple[Refusal, ...]


def missing(workflow: Workflow, case: Case, today: date) -> list[Need]:
    """Everything that is open, and at last the way of the case itself; empty for a case that is closed and done."""
    needs = [_part(workflow, case, key, today) for key in workflow.open_parts(case)]
    if not workflow.has_ended(case):
        needs.append(_closing(workflow, case, today))
    return needs


def _part(workflow: Workflow, case: Case, key: str, today: date) -> Need:
    machine = workflow.machines[machine_of(key)]
    goals = {(machine.name, state) for state in machine.done}
    start = (machine.name, case.state(key) or "")
    return _need(workflow, case, key, _shortest(start, goals, {machine.name: machine}, {}), today)


def _closing(workflow: Workflow, case: Case, today: date) -> Need:
    """The shortest way to an end at which the case closes well.

    These are the closing ends of the last phase; and those of a phase that closed cases are taken up in.
    """
    reopened = {r.phase for r in workflow.reopens}
    last = [m for m in workflow.phases if m.name not in reopened][-1]
    closing = (last, *(m for m in workflow.phases if m.name in reopened))
    goals = {(m.name, end.value) for m in closing for end in m.final if workflow.handoffs[end] is CLOSES}
    phases = {m.name: m for m in workflow.phases}
    handoffs = {
        (m.name, end.value): (target, workflow.machines[target].initial)
        for m in workflow.phases
        for end in m.final
        if (target := workflow.handoffs[end]) is not CLOSES
    }
    jumps = {end: (name, initial.value) for end, (name, initial) in handoffs.items() if initial is not None}
    start = (machine_of(case.phase), case.state(case.phase) or "")
    return _need(workflow, case, case.phase, _shortest(start, goals, phases, jumps), today)


def _shortest(start: Node, goals: set[Node], machines: dict[str, Machine], jumps: dict[Node, Node]) -> list[list[Row]]:
    """For each first step on a shortest way, the rows of one; what somebody can do comes before what might follow."""
    found: list[list[Row]] = []
    for row, after in _onward(start, machines, jumps):
        rest = _way(after, goals, machines, jumps)
        if rest is not None:
            found.append([row, *rest])
    shortest = min(map(len, found), default=0)
    return [path for path in found if len(path) == shortest]


def _way(start: Node, goals: set[Node], machines: dict[str, Machine], jumps: dict[Node, Node]) -> list[Row] | None:
    """The rows of a shortest way from a node to a goal; None where there is none."""
    seen, front = {start}, deque([(start, list[Row]())])
    while front:
        node, path = front.popleft()
        if node in goals:
            return path
        for row, after in _onward(node, machines, jumps):
            if after not in seen:
                seen.add(after)
                front.append((after, [*path, row]))
    return None


def _onward(node: Node, machines: dict[str, Machine], jumps: dict[Node, Node]) -> Iterator[tuple[Row, Node]]:
    name, state = node
    rows = [r for r in machines[name].rows if r.source is not None and r.source.value == state]
    for row in sorted(rows, key=lambda r: not isinstance(r, T)):
        after = (name, str(row.target.value))
        yield row, jumps.get(after, after)


def _label(row: Row) -> str:
    return row.command.label if isinstance(row, T) else f"⤷{row.records.label}"


def _need(workflow: Workflow, case: Case, key: str, ways: list[list[Row]], today: date) -> Need:
    """A way whose next step nothing stands against comes first; the rest are named beside it."""
    judged = [(way, _first_step(workflow, case, key, way, today)) for way in ways]
    judged.sort(key=lambda pair: bool(pair[1][1]))
    path, (by, refusals) = judged[0] if judged else ([], ((), ()))
    instead = tuple(dict.fromkeys(_label(way[0]) for way, _ in judged[1:] if _label(way[0]) != _label(path[0])))
    return Need(key=key, path=tuple(map(_label, path)), instead=instead, by=by, refusals=refusals)


def _first_step(
    workflow: Workflow, case: Case, key: str, way: list[Row], today: date
) -> tuple[tuple[Office, ...], tuple[Refusal, ...]]:
    """Who can take the first step of a way, and what stands against it; nobody and nothing where it follows."""
    first = way[0] if way else None
    if not isinstance(first, T):
        return (), ()
    by = tuple(o for o in Office if o in first.by)
    situation = Situation(case=case, key=key, given=None, today=today)
    judged = judge(workflow, first.command, situation, by[0])
    return by, judged.barred + judged.refusals
