"""What still stands between a case and its closing, asked backwards through the tables.

Every end a phase can close at, and every state a part may rest in, is searched from where things stand, by ways that
give nothing up; the guards on the next step are asked as they are today.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..domain.case import Case, Situation, machine_of
from ..domain.command import Command
from ..domain.guard import Refusal
from ..domain.machine import Machine, Row, T
from ..domain.roles import Office
from ..domain.workflow import CLOSES, Workflow
from .decide import Ask, judge, remembering

Node = tuple[str, str]
"""A machine's name and one of its states (code)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that is not done yet: the way for it to be, and what stands in the way of the next step."""

    key: str
    path: tuple[str, ...]
    """Labels of the steps, in order; those nobody takes begin with ⤷."""
    instead: tuple[str, ...]
    """Labels of other first steps that lead there too."""
    giving_up: tuple[str, ...]
    """Labels of steps that end it short of its aim."""
    at: str | None
    """What the next step is given on; None where it begins something new."""
    places: tuple[str | None, ...]
    """What the next step is given on, and the others that lead there too."""
    by: tuple[Office, ...]
    """Who can take the next step; empty where it follows by itself."""
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """Steps that lead on, and what the first of them is given on."""

    at: str | None
    rows: list[Row]


def missing(workflow: Workflow, case: Case, today: date, ask: Ask | None = None) -> list[Need]:
    """Everything that is open, and at last the way of the case itself; empty for a case that is closed and done.

    `ask` may know already what the guards say to empty forms: see `decide.remembering`.
    """
    ask = ask or remembering()
    ended = workflow.has_ended(case)
    open_ones = (k for k in workflow.open_parts(case) if not (ended and workflow.machines[machine_of(k)].outlives))
    needs = [_part(workflow, case, key, today, ask) for key in open_ones]
    if not ended:
        needs.append(_closing(workflow, case, today, ask))
    return needs


def _part(workflow: Workflow, case: Case, key: str, today: date, ask: Ask) -> Need:
    machine = workflow.machines[machine_of(key)]
    goals = {(machine.name, state) for state in machine.done}
    start = (machine.name, case.state(key) or "")
    ways = _told(workflow, case, key) or _shortest(key, start, goals, {machine.name: machine}, {})
    return _need(workflow, case, key, ways, today, ask)


def _told(workflow: Workflow, case: Case, key: str) -> list[_Way]:
    """What leads on by what the workflow tells, on whatever it may be."""
    onward = workflow.guidance.onward.get(machine_of(key))
    told = onward(case, key) if onward else ()
    pairs = (it if isinstance(it, tuple) else (it, key) for it in told)
    return [way for command, on in pairs if (way := _given_on(workflow, case, on, command))]


def _given_on(workflow: Workflow, case: Case, key: str, command: type[Command]) -> _Way | None:
    """A step on the thing itself, on the phase, or that begins something new; None where there is none."""
    machine = workflow.machine_for(command, case)
    if machine and machine not in workflow.phases and not workflow.is_alive(machine, case):
        return None
    own = next((k for k in (key, case.phase) if machine and machine_of(k) == machine.name), None)
    row = machine.commanded.get((case.state(own) if own else None, command)) if machine else None
    return _Way(own, [row]) if row else None


def _closing(workflow: Workflow, case: Case, today: date, ask: Ask) -> Need:
    """The shortest way to an end at which the case closes well.

    These are the closing ends of the last phase; and those of a phase that closed cases are taken up in.
    """
    reopened = {r.phase for r in workflow.reopens} - set(workflow.handoffs.values())
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
    return _need(workflow, case, case.phase, _shortest(case.phase, start, goals, phases, jumps), today, ask)


def _shortest(
    key: str, start: Node, goals: set[Node], machines: dict[str, Machine], jumps: dict[Node, Node]
) -> list[_Way]:
    """For each first step on a shortest way, one; what gives something up only where nothing else leads there."""
    return next((found for up in (False, True) if (found := _ways(key, start, goals, machines, jumps, up))), [])


def _ways(
    key: str, start: Node, goals: set[Node], machines: dict[str, Machine], jumps: dict[Node, Node], giving_up: bool
) -> list[_Way]:
    """Of each first step the shortest way, where it is as short as any."""
    found: list[list[Row]] = []
    for row, after in _steps(start, machines, jumps, giving_up):
        rest = _way(after, goals, machines, jumps, giving_up)
        if rest is not None:
            found.append([row, *rest])
    shortest = min(map(len, found), default=0)
    return [_Way(key, rows) for rows in found if len(rows) == shortest]


def _way(
    start: Node, goals: set[Node], machines: dict[str, Machine], jumps: dict[Node, Node], giving_up: bool
) -> list[Row] | None:
    """The rows of a shortest way from a node to a goal; None where there is none."""
    seen, front = {start}, deque([(start, list[Row]())])
    while front:
        node, path = front.popleft()
        if node in goals:
            return path
        for row, after in _steps(node, machines, jumps, giving_up):
            if after not in seen:
                seen.add(after)
                front.append((after, [*path, row]))
    return None


def _steps(
    node: Node, machines: dict[str, Machine], jumps: dict[Node, Node], giving_up: bool
) -> Iterator[tuple[Row, Node]]:
    """The rows that lead on from a node; what somebody can do comes before what might follow."""
    name, state = node
    rows = [r for r in _rows_from(machines[name], state) if giving_up or not _gives_up(r)]
    for row in sorted(rows, key=lambda r: not isinstance(r, T)):
        after = (name, str(row.target.value))
        yield row, jumps.get(after, after)


def _rows_from(machine: Machine, state: str | None) -> list[Row]:
    return [r for r in machine.rows if r.source is not None and r.source.value == state]


def _gives_up(row: Row) -> bool:
    return isinstance(row, T) and row.command.gives_up


def _label(row: Row) -> str:
    return row.command.label if isinstance(row, T) else f"⤷{row.records.lacking or row.records.label}"


def _need(workflow: Workflow, case: Case, key: str, ways: list[_Way], today: date, ask: Ask) -> Need:
    """What somebody can do comes before what follows by itself, and first what nothing stands against."""
    judged = [(way, *_first_step(workflow, case, way, today, ask)) for way in ways]
    judged.sort(key=lambda it: (not isinstance(it[0].rows[0], T), bool(it[2])))
    way, by, refusals = judged[0] if judged else (_Way(key, []), (), ())
    path = tuple(map(_label, way.rows))
    others = [_label(other.rows[0]) for other, by_whom, against in judged[1:] if by_whom and (refusals or not against)]
    up = [_label(r) for r in _rows_from(workflow.machines[machine_of(key)], case.state(key)) if _gives_up(r)]
    return Need(
        key=key,
        path=path,
        instead=tuple(label for label in dict.fromkeys(others) if label != path[0]),
        giving_up=tuple(label for label in dict.fromkeys(up) if label not in path[:1]),
        at=way.at,
        places=tuple(dict.fromkeys((way.at, *(other.at for other, _, _ in judged)))),
        by=by,
        refusals=refusals,
    )


def _first_step(
    workflow: Workflow, case: Case, way: _Way, today: date, ask: Ask
) -> tuple[tuple[Office, ...], tuple[Refusal, ...]]:
    """Who can take the first step of a way, and what stands against it; nobody and nothing where it follows."""
    first = way.rows[0]
    if not isinstance(first, T):
        return (), ()
    by = tuple(o for o in Office if o in first.by)
    situation = Situation(case=case, key=way.at, given=None, today=today)
    judged = judge(workflow, first.command, situation, by[0], ask=ask)
    return by, judged.barred + judged.refusals
