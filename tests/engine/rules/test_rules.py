"""The rules are pinned: a changed row, guard or event is a new version of the workflow, never a silent edit."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from mediation_engine.adapters.plugins import installed_workflows as installed
from mediation_engine.domain.guard import POLICY, Guard, met_if
from mediation_engine.domain.machine import T
from mediation_engine.domain.workflow import Workflow
from mediation_engine.rules.fingerprint import rule_lines, rules_of

from ...histories.record import PINNED

pytestmark = pytest.mark.quick

ROWS = [(w, m, r) for w in installed() for m in w.machines.values() for r in m.rows]


@pytest.mark.parametrize("workflow", installed(), ids=lambda w: w.name)
def test_the_rules_are_those_that_were_pinned(workflow: Workflow) -> None:
    pinned = tomllib.loads(PINNED.read_text(encoding="utf-8"))
    assert rules_of(workflow).partition(":")[2] == pinned[workflow.name], (
        "a row, guard, condition or event of this workflow has changed; cases are open under the old rules, so make a "
        "new version beside it (or, before its first release only, run `make golden` and read the difference)"
    )


def test_a_changed_guard_or_row_changes_the_fingerprint() -> None:
    workflow = max(installed(), key=lambda it: len(it.phases))
    phase = workflow.phases[1]
    row = phase.rows[0]
    assert isinstance(row, T)
    stricter = replace(row, only_if=(*row.only_if, Guard("never", "从不", POLICY, lambda s: met_if(False))))
    rebased = replace(row, basis="某法 第1条")
    for changed in (stricter, rebased):
        other = replace(workflow, phases=(workflow.phases[0], _with(phase, changed), *workflow.phases[2:]))
        assert set(rule_lines(other)) != set(rule_lines(workflow))


def _with(machine: object, row: T) -> object:
    rows = (row, *machine.rows[1:])  # type: ignore[attr-defined]
    return replace(machine, rows=rows)  # type: ignore[type-var]


def test_the_fingerprint_does_not_depend_on_what_a_workflow_is_called_for_people() -> None:
    workflow = installed()[-1]
    assert list(rule_lines(workflow)) == list(rule_lines(replace(workflow, label="别的名字")))


@pytest.mark.parametrize(
    ("workflow", "machine", "row"), ROWS, ids=[f"{m.name}-{n}" for n, (_, m, _) in enumerate(ROWS)]
)
def test_every_basis_is_an_article_or_owns_up_to_being_policy(workflow: object, machine: object, row: object) -> None:
    guards = (*row.only_if, *row.marks) if isinstance(row, T) else ()
    for basis in (row.basis, *(g.basis for g in guards)):  # type: ignore[attr-defined]
        assert basis == POLICY or ("第" in basis and "条" in basis), basis
    for guard in guards:
        assert guard.sentence
        assert guard.sentence[-1] not in "。.", "a sentence is put together with others; it ends without a stop"


@pytest.mark.parametrize("workflow", installed(), ids=lambda w: w.name)
def test_every_guard_code_means_one_sentence(workflow: Workflow) -> None:
    seen: dict[str, str] = {}
    for machine in workflow.machines.values():
        for row in machine.rows:
            for guard in (*row.only_if, *row.marks) if isinstance(row, T) else ():
                assert seen.setdefault(guard.code, guard.sentence) == guard.sentence
