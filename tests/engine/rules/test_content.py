"""The fingerprints of the content itself: nothing that decides is outside, nothing that does not is inside."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from types import FunctionType

import pytest

import workflows
from mediation_engine.adapters.plugins import installed_workflows as installed
from mediation_engine.domain.workflow import Workflow
from mediation_engine.rules.fingerprint import rule_lines

from ...support.thorough import some
from .moving import elsewhere, place
from .mutants import functions_of, instead, mutant
from .packages import WORKFLOWS, package, texts, write

TELLING = {
    *(
        *("workflows.parts.cards", "workflows.parts.naming"),
        *("workflows.parts.call.summary", "workflows.parts.data_request.summary"),
        "workflows.automatic",
        *(f"workflows.zone.{name}.counting" for name in ("alert", "matter", "meeting", "returns")),
        "workflows.calls",
        "workflows.companions",
        "workflows.deadlines",
        "workflows.guidance",
        "workflows.questions",
        "workflows.hints",
        "workflows.usual_steps",
        "workflows.instalments",
        "workflows.zone.tasks",
        *(
            f"workflows.parts.origin.{name}"
            for name in ("card", "summary", "news_of", "news_of_issues", "_standing", "_without_agreement")
        ),
        *(
            f"workflows.zone.alert.{name}"
            for name in ("cards", "deadlines", "guidance", "hints", "papers", "questions")
        ),
        *(f"workflows.zone.matter.{name}" for name in ("cards", "deadlines", "guidance", "kinds", "questions")),
        *(
            f"workflows.zone.outcome.{name}"
            for name in ("ItemFacts.for_case", "ItemFacts.sent", "ItemFacts.linked", "Outcome.is_lost")
        ),
        "workflows.zone.outcome.rows_from_case",  # makes rows, which are covered themselves
    ),
    *(
        f"workflows.facts.MediationFacts.{name}"
        for name in (
            *("others", "sides", "subject", "codes", "with_party", "named_by", "whole_of"),
            *("represented_by", "capacities_for", "is_handled", "files_of", "speakers", "linked"),
        )
    ),
    "workflows.parts.agreement.DraftAgreement.drawn_from",
    *(f"workflows.parts.confirmation.{name}" for name in ("RecordSignatures.drawn_from", "_probable")),
    *(f"workflows.parts.{name}.completed" for name in ("block.RecordTalk", "payment.RecordPayment")),
    *("workflows.parts.ledger.owed_now", "workflows.parts.ledger.left_to_pay"),
    *(f"workflows.parts.member.{name}" for name in ("seats_empty", "seats_to_fill")),
    *(f"workflows.parts.queries.{name}" for name in ("asked_to_sign", "to_be_signed", "unsigned", "only_agreement")),
    "workflows.parts.session.seated",
    *("workflows.phases.intake.AcceptCase.acts_in", "workflows.phases.intake.is_small"),
    *("workflows.parts.batch.RecordBatch.drawn_from", "workflows.parts.batch.owing"),
    *("workflows.parts.ledger.to_be_made_anew", "workflows.parts.ledger.came_back"),
    *("workflows.parts.obligation.waits_for_events", "workflows.parts.obligation.awaits_event"),
    *(f"workflows.parts.{name}.apart" for name in ("exhibit", "statement", "visit")),
    "workflows.parts.erasure.erasing_files",
    *(f"workflows.zone.returns.{name}" for name in ("cards", "guidance", "questions", "tasks")),
    *(
        f"workflows.zone.returns.facts.ReturnFacts.{name}"
        for name in ("others", "sides", "subject", "named_by", "linked", "list_row", "reported", "standing")
    ),
    *("workflows.zone.returns.filing.item_of", "workflows.zone.returns.facts.Entry.stands"),
    *(f"workflows.zone.meeting.{name}" for name in ("cards", "deadlines", "guidance", "papers", "questions", "tasks")),
    *(f"workflows.zone.meeting.task.{name}" for name in ("card", "summary", "doer_and_day", "called")),
    *(
        f"workflows.zone.meeting.facts.MeetingFacts.{name}"
        for name in (
            *("when", "others", "lead_mediator", "concerns", "subject", "code_words", "due_days"),
            *("linked", "mentions", "list_row"),
        )
    ),
    "workflows.parts.levels.raised_at",
    "workflows.parts.levels.levels",
    "workflows.parts.tie.untold",
    "workflows.parts.origin.news_of_issues",
    *("workflows.zone.matter.entry.outside_number", "workflows.zone.returns.filing.outside_number"),
    "workflows.zone.returns.facts.ReturnFacts.unsettled",
    *(
        f"workflows.zone.alert.facts.AlertFacts.{name}"
        for name in (
            *("people", "sides", "leading", "lead_mediator", "subject"),
            *("named_by", "with_party", "due_days", "list_row", "for_case", "sent"),
        )
    ),
    *(
        f"workflows.zone.matter.facts.MatterFacts.{name}"
        for name in (
            *("how", "in_time", "for_case", "sent", "sides", "called", "lead_mediator", "subject"),
            *("named_by", "code_words", "codes", "list_row", "reporter", "linked"),
        )
    ),
    *(f"workflows.facts.MediationFacts.{name}" for name in ("due_days", "list_row", "linked", "predecessor_of")),
}
"""Modules and functions of the content that decide nothing: they tell people their way, answer and are recorded, begin
or complete a form before an order is made of it, or say at the door which leave of the lead a substitute needs."""


def tells(function: FunctionType) -> bool:
    if function.__module__.startswith(("workflows.figures", "workflows.papers", "workflows.self_check")):
        return True
    return not TELLING.isdisjoint((function.__module__, f"{function.__module__}.{function.__qualname__}"))


def functions() -> Iterator[FunctionType]:
    """Every function written in the content."""
    for found in pkgutil.walk_packages(workflows.__path__, "workflows."):
        yield from functions_of(importlib.import_module(found.name))


FUNCTIONS = list(dict.fromkeys(functions()))
DECLARED = [
    e.module.removeprefix("workflows.").replace(".", "/") for e in entry_points(group="mediation_engine.workflows")
]
"""Files that declare the installed workflows."""
COVERED = {w.name: list(rule_lines(w)) for w in installed()}


@pytest.mark.parametrize("function", some(FUNCTIONS, 3), ids=lambda f: f"{f.__module__[10:]}.{f.__qualname__}")
def test_a_changed_function_changes_a_fingerprint_unless_it_only_tells(function: FunctionType) -> None:
    with instead(function, mutant(function)):
        is_same = all(list(rule_lines(w)) == COVERED[w.name] for w in installed())
    assert is_same == tells(function)


def rules_in(folder: Path, files: dict[str, str], *paths: str) -> dict[str, list[str]]:
    """What the fingerprints cover of the workflows that some modules of a package declare."""
    with package(folder, files) as made:
        modules = [importlib.import_module(f"{made.__name__}.{path}") for path in paths]
        declared = [value for module in modules for value in vars(module).values() if isinstance(value, Workflow)]
        return {w.name: list(rule_lines(w)) for w in declared}


def test_files_that_are_moved_renamed_and_written_otherwise_have_the_same(tmp_path: Path) -> None:
    paths = [f"kept.{place(path)}" for path in DECLARED]
    assert rules_in(tmp_path, elsewhere(texts(WORKFLOWS)), *paths) == COVERED


def test_files_that_are_laid_out_otherwise_have_the_same(tmp_path: Path) -> None:
    files = {path: text.replace("# fmt: off", "# 说明") for path, text in texts(WORKFLOWS).items()}
    written = write(tmp_path / "written", files)
    laid_out = [sys.executable, "-m", "ruff", "format", "--quiet", "--isolated", "--line-length", "60", str(written)]
    subprocess.run(laid_out, check=True)
    assert texts(written) != files
    assert rules_in(tmp_path, texts(written), *(path.replace("/", ".") for path in DECLARED)) == COVERED
