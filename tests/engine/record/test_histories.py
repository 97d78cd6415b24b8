"""Golden histories: every event that was ever written is read, and folds to what it once folded to."""

from __future__ import annotations

from pathlib import Path

import pytest

from mediation_engine.adapters.plugins import installed_workflows
from mediation_engine.audit import CaseFile, Fault, audit
from mediation_engine.domain.workflow import Workflow
from mediation_engine.export.case_file import read_cases
from mediation_engine.record.codec import decode_order
from mediation_engine.record.fold import fold
from mediation_engine.rules.fingerprint import rules_of
from web.wiring import catalogue

from ...histories.record import HERE, folded

pytestmark = pytest.mark.quick

FILES = sorted(HERE.glob("*.jsonl"))
WORKFLOWS = {w.name: w for w in installed_workflows()}


def recorded(path: Path) -> tuple[list[CaseFile], list[bytes]]:
    """The cases of a file, and what each folds to."""
    rows = path.read_bytes().splitlines()
    pinned = [row for row in rows if not row.startswith(b'{"what"')]
    return read_cases([row for row in rows if row.startswith(b'{"what"')], str(path)), pinned


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_each_history_folds_to_what_it_once_folded_to(path: Path) -> None:
    files, pinned = recorded(path)
    workflow = WORKFLOWS[path.stem]
    assert files
    assert [folded(fold(f.case, f.orders, workflow)) for f in files] == pinned


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_each_history_is_whole_and_lawful_under_its_rules(path: Path) -> None:
    for file in recorded(path)[0]:
        new = {f.fault for f in audit(file, catalogue()) if not f.known}
        assert new <= {Fault.UNKNOWN_RULES}, "rules that are not installed any more cannot be held against it"


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=lambda w: w.name)
def test_the_histories_of_each_workflow_are_told_under_its_rules_as_they_are(workflow: Workflow) -> None:
    orders = [decode_order(o.body) for f in recorded(HERE / f"{workflow.name}.jsonl")[0] for o in f.orders]
    assert {order.rules for order in orders} == {rules_of(workflow)}, "make them anew with `make golden`"


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=lambda w: w.name)
def test_every_event_of_every_workflow_stands_in_a_history(workflow: Workflow) -> None:
    orders = [decode_order(o.body) for f in recorded(HERE / f"{workflow.name}.jsonl")[0] for o in f.orders]
    written = {line.event for order in orders for line in order.lines}
    never = {"PhaseEntered"} if len(workflow.phases) == 1 else set()
    assert set(workflow.events) - never <= written, "record a new version with `make golden`"
