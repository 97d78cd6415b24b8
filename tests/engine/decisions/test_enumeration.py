"""The world of a machine is finite: every state × command × office is tried, not sampled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mediation_engine.adapters.plugins import installed_workflows as installed
from mediation_engine.decisions.decide import judge
from mediation_engine.decisions.options import available
from mediation_engine.domain.case import Case, Instance, Situation
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.rules import walker

from ...support.story import NOW

pytestmark = pytest.mark.quick

MACHINES = [(w, m) for w in installed() for m in w.machines.values()]
IDS = [f"{w.name}-{m.name}" for w, m in MACHINES]


def unguarded(machine: Machine) -> Machine:
    """The same table without guards: what is left is states and offices."""
    rows = tuple(replace(r, only_if=(), marks=()) if isinstance(r, T) else r for r in machine.rows)
    return Machine.declare(
        machine.name,
        machine.label,
        machine.states,
        rows,
        initial=machine.initial,
        final=machine.final,
        resting=machine.resting,
        alive=machine.alive,
    )


def bare(workflow: Workflow) -> Workflow:
    """A workflow without guards."""
    return replace(
        workflow,
        phases=tuple(unguarded(m) for m in workflow.phases),
        parts=tuple(unguarded(m) for m in workflow.parts),
    )


def open_phase(workflow: Workflow) -> Machine:
    """The phase after the first; the first where there is no other."""
    return workflow.phases[:2][-1]


def standing(workflow: Workflow, machine: Machine, state: str | None) -> tuple[Case, str | None]:
    """A case in which one instance of a machine is in a state, in a phase where that machine is alive."""
    case = Case("A1", workflow=workflow.name, version=1, facts=workflow.facts())
    phase = machine if machine in workflow.phases else open_phase(workflow)
    begun = phase.initial or next(row.target for row in phase.rows if row.source is None)
    case.phase = f"{phase.name}/1"
    case.instances[case.phase] = Instance(state if machine is phase and state else begun.value, 1)
    if machine is phase:
        return case, case.phase
    key = f"{machine.name}/1"
    if state is None:
        return case, None
    case.instances[key], case.counts[machine.name] = Instance(state, 1), 1
    return case, key


@pytest.mark.parametrize(("workflow", "machine"), MACHINES, ids=IDS)
def test_the_walk_of_transitions_equals_the_table(workflow: Workflow, machine: Machine) -> None:
    tried = 0
    for state in (None, *(s.value for s in machine.states)):
        for command in workflow.commands.values():
            row = machine.commanded.get((state, command))
            for any_row in (r for r in machine.rows if isinstance(r, T) and r.command is command):
                expected = row.target.value if row else None
                assert walker.walk(machine, state, any_row) == expected
                assert walker.walk(machine, state, any_row, gate=lambda: False) is None
                tried += 1
    assert bool(tried) == bool(machine.commands), "what only follows from others has nothing to try"


@pytest.mark.parametrize(("workflow", "machine"), MACHINES, ids=IDS)
def test_every_state_command_and_office_is_allowed_exactly_where_a_row_says_so(
    workflow: Workflow, machine: Machine
) -> None:
    plain = bare(workflow)
    mine = plain.machines[machine.name]
    for state in (None, *(s.value for s in mine.states)):
        if state is None and mine in plain.phases:
            continue  # a phase is never without a state: its first row opens the case
        case, key = standing(plain, mine, state)
        assert mine in plain.phases or plain.is_alive(mine, case)
        for command in plain.commands.values():
            row = mine.commanded.get((state, command)) if command in mine.commands else None
            for office in Office:
                situation = Situation(case=case, key=key, given=None, today=NOW.date())
                judged = judge(plain, command, situation, office)
                if command in mine.commands:
                    assert (not judged.barred) == (row is not None and office in row.by), (state, command, office)
                    assert judged.row is row
                elif key is not None:
                    assert judged.barred, "a command moves instances of its own machine only"
                assert judged.barred or judged.row is not None
                assert all(r.sentence for r in judged.barred)


@pytest.mark.parametrize("workflow", installed(), ids=lambda w: w.name)
def test_an_auditor_and_an_administrator_can_do_nothing_to_a_case(workflow: Workflow) -> None:
    rows = [r for m in workflow.machines.values() for r in m.rows if isinstance(r, T)]
    assert not [r for r in rows if r.by & {Office.AUDITOR, Office.ADMINISTRATOR}]


@pytest.mark.parametrize("workflow", installed(), ids=lambda w: w.name)
def test_every_command_is_offered_or_refused_with_a_reason_to_every_office(workflow: Workflow) -> None:
    case, _ = standing(workflow, open_phase(workflow), None)
    for office in Office:
        found = available(workflow, case, office, NOW.date(), every=True)
        assert found.options
        assert all(option.allowed or all(r.sentence for r in option.refusals) for option in found.options)
