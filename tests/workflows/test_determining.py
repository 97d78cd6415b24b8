"""An amount or a last day known only later: a condition comes about, a sum is worked out, all falls due at once."""

from __future__ import annotations

from datetime import date

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.presentation import Wait
from mediation_engine.domain.roles import Office
from web.presenters.case_details import Casework
from workflows.facts import Obligation, Term
from workflows.guidance import usual_ground
from workflows.parts.cards import obligation_summary
from workflows.parts.obligation import DetermineObligation, Determining, RecordBreach, RecordPerformance
from workflows.parts.party import TellRemedies
from workflows.parts.payment import RecordPayment
from workflows.phases.follow_up import CloseNamingRemainder
from workflows.vocabulary import TermKind

from ..support.story import Story

pytestmark = pytest.mark.quick

BY_RESULT = Term(words=Text("按鉴定结果付款"), kind=TermKind.PAY, payer="party/2", payee="party/1")
BACK_TO_WORK = Term(words=Text("伤愈后调整岗位"), kind=TermKind.CONTINGENT, payer="party/2", payee="party/1")
LATER = Term(words=Text("月底付清"), kind=TermKind.PAY, payer="party/2", payee="party/1", amount=5_000)


def owed(story: Story) -> Obligation:
    return story.case.facts.obligations["obligation/1"]


def determined(story: Story, ground: Determining, **given: object) -> Story:
    story.do(DetermineObligation(ground=ground, **given), "obligation/1")  # type: ignore[arg-type]
    return story


def test_a_sum_that_is_worked_out_later_is_paid_like_any_other(story: Story) -> None:
    determined(story.effective(terms=(BY_RESULT,)), Determining.RESULT, amount=3_000)
    story.do(RecordPayment(agreement="agreement/1", amount=3_000, payer="party/2"))
    assert story.state("obligation/1") == "performed"


def test_a_result_may_turn_round_or_be_nothing(story: Story) -> None:
    determined(story.effective(terms=(BY_RESULT,)), Determining.RESULT, turned=True, amount=100)
    assert (owed(story).payer, owed(story).payee) == ("party/1", "party/2")
    determined(story, Determining.RESULT, amount=0)
    assert story.state("obligation/1") == "performed"


def test_a_condition_that_comes_about_makes_it_owed(story: Story) -> None:
    determined(story.effective(terms=(BACK_TO_WORK,)), Determining.OCCURRED, due=date(2026, 12, 31))
    assert (owed(story).kind, owed(story).due) == (TermKind.ACT, date(2026, 12, 31))


class TestWaitingForAnEvent:
    HEALED = Term(words=Text("一次付清"), kind=TermKind.PAY, payer="party/2", payee="party/1", trigger=Text("伤愈后"))

    @pytest.fixture
    def waiting(self, story: Story) -> Story:
        return story.effective(terms=(self.HEALED, BACK_TO_WORK, LATER))

    def waits(self, story: Story) -> list[Wait]:
        return story.door.catalogue.in_force(story.case.rules).waits(story.case)

    def test_what_waits_for_an_event_is_listed_with_the_step_and_what_just_has_no_day_is_not(
        self, waiting: Story
    ) -> None:
        [wait] = self.waits(waiting)
        assert (wait.step, wait.keys) == ("DetermineObligation", ("obligation/1", "obligation/2"))
        assert wait.since == date(2026, 11, 23)
        assert "等：伤愈后" in list(obligation_summary(Casework(waiting.view(Office.MEDIATOR)), "obligation/1"))

    def test_once_it_came_about_it_waits_no_more_even_without_a_day(self, waiting: Story) -> None:
        determined(waiting, Determining.OCCURRED, amount=700)
        assert owed(waiting).occurred is not None
        [wait] = self.waits(waiting)
        assert wait.keys == ("obligation/2",)

    def test_the_step_begins_with_that_it_came_about(self, waiting: Story) -> None:
        assert usual_ground(waiting.case, "obligation/1") == {"ground": "occurred"}
        assert usual_ground(waiting.case, "obligation/3") == {}

    def test_nothing_that_happens_in_the_case_makes_it_come_about_by_itself(self, waiting: Story) -> None:
        waiting.do(RecordPerformance(), "obligation/3")
        waiting.do(RecordPerformance(), "obligation/1")
        [wait] = self.waits(waiting)
        assert wait.keys == ("obligation/2",)

    def test_after_closing_it_still_waits(self, waiting: Story) -> None:
        waiting.do(TellRemedies(), "party/1", "party/2")
        waiting.do(CloseNamingRemainder(remainder=Text("伤愈后付款")))
        assert self.waits(waiting)[0].keys == ("obligation/1", "obligation/2")


def test_a_clause_may_bite_after_closing(story: Story) -> None:
    story.effective(terms=(BACK_TO_WORK,)).do(CloseNamingRemainder(remainder=Text("伤愈后的岗位")))
    determined(story, Determining.OCCURRED, amount=700)
    assert owed(story).kind is TermKind.PAY


def test_acceleration_brings_the_day_forward_and_a_breach_stays_one(story: Story) -> None:
    story.effective(terms=(LATER,)).do(RecordBreach(), "obligation/1")
    determined(story, Determining.ACCELERATED, due=date(2026, 11, 23))
    assert owed(story).due == date(2026, 11, 23)
    assert story.state("obligation/1") == "breached"


@pytest.mark.parametrize(("agreed_by", "marked"), [(("party/1", "party/2"), False), (("party/2",), True), ((), True)])
def test_another_day_is_both_sides_to_agree_to(story: Story, agreed_by: tuple[str, ...], marked: bool) -> None:
    story.effective(terms=(LATER,))
    determined(story, Determining.RESCHEDULED, due=date(2027, 1, 31), agreed_by=agreed_by)
    assert [d.code for d in story.lines[-1].defects if not d.unjudged] == ["both_agreed"] * marked


def test_the_second_leg_of_the_same_money_follows(story: Story) -> None:
    through = Term(words=Text("交社区转付"), kind=TermKind.PAY, payer="party/2", payee="party/1", custodian="firm")
    determined(story.effective(terms=(through,)), Determining.RESULT, amount=900)
    assert [o.amount for o in story.case.facts.obligations.values()] == [900, 900]
