"""What several offices can do, asked together: the same as asked one by one, with each guard asked once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from mediation_engine.adapters.plugins import installed_workflows
from mediation_engine.decisions.closing import missing
from mediation_engine.decisions.decide import answer, judge, remembering
from mediation_engine.decisions.options import Option, available, options_by_office
from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.guard import Answer, Guard
from mediation_engine.domain.machine import T
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.record.fold import fold

from ...support.story import NOW, Story
from ...workflows.test_walk import walk
from ..record.test_histories import FILES, WORKFLOWS, recorded

TODAY = NOW.date()


def cases() -> Iterator[tuple[Workflow, Case]]:
    """Ends of random walks, and the golden histories."""
    by_name = {w.name: w for w in installed_workflows()}
    for seed in range(12):
        case = walk(seed, 30).case
        yield by_name[case.workflow], case
    for path in FILES:
        workflow = WORKFLOWS[path.stem]
        yield from ((workflow, fold(f.case, f.orders, workflow)) for f in recorded(path)[0])


def judged(workflow: Workflow, case: Case, office: Office, options: tuple[Option, ...]) -> Iterator[Option]:
    """The same options, each judged by itself."""
    for o in options:
        own = judge(workflow, o.command, Situation(case=case, key=o.key, given=None, today=TODAY), office)
        yield replace(o, refusals=own.barred + own.refusals, defects=own.defects)


def test_options_asked_for_together_are_those_that_each_office_has() -> None:
    for workflow, case in cases():
        found = options_by_office(workflow, case, Office, TODAY, every=True)
        for office in Office:
            assert found[office] == available(workflow, case, office, TODAY, every=True).options
            assert found[office] == tuple(judged(workflow, case, office, found[office]))
            for key in list(case.instances)[:3]:
                options = available(workflow, case, office, TODAY, on=key).options
                assert options == tuple(judged(workflow, case, office, options))


def test_options_of_some_commands_are_those_among_all(story: Story) -> None:
    story.effective()
    workflow = WORKFLOWS[story.case.workflow]
    for kind in workflow.commands.values():
        every = available(workflow, story.case, Office.LEAD, TODAY, every=True).options
        some = options_by_office(workflow, story.case, (Office.LEAD,), TODAY, every=True, only=(kind,))[Office.LEAD]
        assert some == tuple(o for o in every if o.command is kind)


def test_what_is_missing_is_the_same_with_answers_known_already() -> None:
    for workflow, case in cases():
        ask = remembering()
        options_by_office(workflow, case, Office, TODAY, every=True, ask=ask)
        assert missing(workflow, case, TODAY, ask) == missing(workflow, case, TODAY)


def test_each_guard_is_asked_once_about_each_thing_and_once_in_all_where_it_does_not_look_at_it(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Counter[tuple[str, str | None]] = Counter()

    def counted(guard: Guard, situation: Situation) -> Answer:
        asked[guard.code, object.__getattribute__(situation, "key")] += 1  # it is not the guard that looks here
        return answer(guard, situation)

    monkeypatch.setattr("mediation_engine.decisions.decide.answer", counted)
    story.effective()
    asked.clear()
    workflow, ask = WORKFLOWS[story.case.workflow], remembering()
    options_by_office(workflow, story.case, Office, TODAY, every=True, ask=ask)
    missing(workflow, story.case, TODAY, ask)
    assert asked
    assert set(asked.values()) == {1}
    assert len([key for code, key in asked if code == "not_suspended"]) == 1
    assert len([key for code, key in asked if code == "tied_to_employer"]) == 2


def test_an_empty_form_meets_every_guard_that_it_is_not_held_to() -> None:
    asked = set()
    for workflow, case in cases():
        for machine in workflow.machines.values():
            for row in (r for r in machine.rows if isinstance(r, T)):
                keys = [k for k in case.of(machine.name) if row.source and case.state(k) == row.source.value]
                for key in keys or [None] * (row.source is None):
                    empty = Situation(case=case, key=key, given=None, today=TODAY)
                    for guard in (g for g in (*row.only_if, *row.marks) if g.of_form):
                        assert guard.check(empty).met, (guard.code, key)
                        asked.add(guard.code)
    assert {"visits_answered", "shares_add_up", "not_before_drafted", "not_before_paid"} <= asked
