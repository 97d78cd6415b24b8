"""Visits: each for itself, with whom and with what result; and what becomes of them when a case is closed."""

from __future__ import annotations

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.errors import CommandNotAllowed, FormFaults, GuardRefused
from mediation_engine.input.command_schema import Names, read_form
from workflows.parts.payment import RecordPayment
from workflows.parts.visit import Finding, RecordVisit, Way
from workflows.phases.follow_up import CloseAsPerformed, Planned

from ..support.story import PAY, Story

pytestmark = pytest.mark.quick

VISITS = ("visit/1", "visit/2", "visit/3")


@pytest.fixture
def paid(story: Story) -> Story:
    """All is paid, three visits are planned."""
    story.effective().do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
    return story


def test_several_are_not_recorded_with_the_same_words_at_once(paid: Story) -> None:
    with pytest.raises(CommandNotAllowed, match="一次只能办理一项"):
        paid.do(RecordVisit(party="party/1", finding=Finding.STABLE), *VISITS)
    assert [paid.state(key) for key in VISITS] == ["scheduled"] * 3


def test_what_was_found_is_asked_and_not_preset() -> None:
    with pytest.raises(FormFaults) as faults:
        read_form(RecordVisit, {"party": "party/1"}, Names())
    assert list(faults.value.faults) == ["情况"]


def test_in_the_middle_of_a_session_nobody_is_visited() -> None:
    assert "会中单独谈" not in [way.label for way in Way]


def test_a_visit_to_nobody_or_with_no_result_is_marked(paid: Story) -> None:
    paid.do(RecordVisit(finding=Finding.UNREPORTED), "visit/1")
    assert {d.code for d in paid.lines[-1].defects} == {"seen_named", "finding_told"}
    paid.do(RecordVisit(also=("party/1", "party/2"), finding=Finding.STABLE), "visit/2")
    assert not paid.lines[-1].defects
    assert paid.case.facts.visits["visit/2"].also == ("party/1", "party/2")


def test_that_private_words_were_written_down_shows_in_no_mark(paid: Story) -> None:
    paid.do(RecordVisit(party="party/1", finding=Finding.UNREPORTED), "visit/1")
    paid.do(RecordVisit(party="party/1", finding=Finding.UNREPORTED, said=Text("都说没事了")), "visit/2")
    assert [[d.code for d in line.defects] for line in paid.lines[-2:]] == [["finding_told"]] * 2


def test_closing_keeps_what_is_planned_and_it_can_still_be_made(paid: Story) -> None:
    paid.do(CloseAsPerformed())
    assert [paid.state(key) for key in VISITS] == ["scheduled"] * 3
    paid.do(RecordVisit(party="party/1", finding=Finding.STABLE), "visit/1")
    assert paid.state("visit/1") == "done"


def test_cancelling_what_is_planned_takes_a_reason(paid: Story) -> None:
    with pytest.raises(GuardRefused, match="写明原因") as refused:
        paid.do(CloseAsPerformed(visits=Planned.CANCELLED))
    assert refused.value.refusals[0].about == VISITS
    paid.do(CloseAsPerformed(visits=Planned.CANCELLED, visits_reason=Text("双方已离开本地")))
    assert [paid.state(key) for key in VISITS] == ["cancelled"] * 3
