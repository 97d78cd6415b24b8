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
    """The shortest way to an end at which the case closes well: the closing ends of the last phase."""
    last = workflow.phases[-1]
    goals = {(last.name, end.value) for end in last.final if workflow.handoffs[end] is CLOSES}
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


def _shortest(start: Node, goals: set[Node], machines: dict[str, Machine], jumps: dict[Node, Node]) -> list[Row]:
    """The rows of a shortest way; at equal length what somebody can do comes before what might follow."""
    seen, front = {start}, deque([(start, list[Row]())])
    while front:
        node, path = front.popleft()
        if node in goals and path:
            return path
        for row, after in _onward(node, machines, jumps):
            if after not in seen:
                seen.add(after)
                front.append((after, [*path, row]))
    return []


def _onward(node: Node, machines: dict[str, Machine], jumps: dict[Node, Node]) -> Iterator[tuple[Row, Node]]:
    name, state = node
    rows = [r for r in machines[name].rows if r.source is not None and r.source.value == state]
    for row in sorted(rows, key=lambda r: not isinstance(r, T)):
        after = (name, str(row.target.value))
        yield row, jumps.get(after, after)


def _need(workflow: Workflow, case: Case, key: str, path: list[Row], today: date) -> Need:
    labels = tuple(r.command.label if isinstance(r, T) else f"⤷{r.records.label}" for r in path)
    first = path[0] if path else None
    if not isinstance(first, T):
        return Need(key=key, path=labels, by=(), refusals=())
    by = tuple(o for o in Office if o in first.by)
    situation = Situation(case=case, key=key, given=None, today=today)
    judged = judge(workflow, first.command, situation, by[0])
    return Need(key=key, path=labels, by=by, refusals=judged.barred + judged.refusals)
