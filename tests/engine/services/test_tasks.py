"""What a case leaves to be done in another: an alert opens its case, a case tells it what became of it; each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from mediation_engine.adapters.sql import SqlStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Order, Receipt
from mediation_engine.domain.roles import Office
from mediation_engine.errors import StoreUnavailable
from mediation_engine.ids import seeded_randomness
from mediation_engine.services.maintenance import audit_store, rebuild
from mediation_engine.services.mediation import MediationService
from mediation_engine.services.tasks import Carried, Finished, FinishingService, carry_out, finish
from workflows.facts import facts_of as facts_of_case
from workflows.parts.agreement import AffixSeal, DraftAgreement, ReachAgreement, SignAsMediator
from workflows.parts.assignment import TakeCase
from workflows.parts.issue import RaiseIssue
from workflows.parts.obligation import RecordBreach
from workflows.parts.payment import RecordPayment
from workflows.phases.intake import AcceptCase, DeclineCase, Declining
from workflows.vocabulary import Dispute, News, Source
from workflows.zone.alert.disposal import FinishAlert
from workflows.zone.alert.facts import facts_of
from workflows.zone.alert.feedback import TellPolice
from workflows.zone.alert.outcome import EscalateToPanel
from workflows.zone.matter.entry import EndMatter
from workflows.zone.outcome import LinkCase, RecordNotAgreed, RecordUnperformed, ReferToMediation
from workflows.zone.tasks import case_of

from ...support.story import PAY, STORY_SEED, ZONE, Story

CASE = case_of("A1", "outcome/1")
"""The case that the first outcome of the alert opens."""


class Stopped(Exception):
    """Whoever did it was killed."""


def finishing(story: Story) -> Story:
    """The story, told through the door that goes on to what is left to be done."""
    story.door = FinishingService(story.store, story.door.catalogue, seeded_randomness(STORY_SEED))
    story.door.catalogue.zone = ZONE
    return story


def of_case(story: Story, case: str = CASE) -> Story:
    """The case, told through the door of the alert."""
    other = Story(story.store, story.clock, case)
    other.door = story.door
    return other


def referred(story: Story) -> Story:
    """An alert that is to be mediated."""
    story.signed().do(ReferToMediation(dispute=Dispute.DAMAGE, matter=Text("推搡致伤，要医药费")))
    return story


def agreed(case: Story, issue: str = "issue/1") -> Story:
    """An agreement on one issue of the case, in effect."""
    if case.case.facts.lead_mediator() is None:
        case.do(TakeCase())
    case.do(AcceptCase(), by=Office.LEAD)
    case.do(ReachAgreement(issues=(issue,), terms=(PAY,)))
    case.do(DraftAgreement(issues=(issue,), signers=("party/1", "party/2"), terms=(PAY,)), "agreement/1")
    case.confirm("confirmation/1", "confirmation/2")
    case.do(SignAsMediator(), "agreement/1")
    case.do(AffixSeal(), "agreement/1", by=Office.LEAD)
    return case


def left(story: Story) -> list[str]:
    with story.store.read() as unit:
        return [task.kind for task in unit.views.tasks()]


def whole(story: Story) -> bool:
    """Whether every record is lawful and every list what it should be."""
    found = [f for _, of in audit_store(story.store, story.door.catalogue) for f in of if not f.known]
    return not found and not rebuild(story.store, story.door.catalogue)


def killed_after(orders: int, door: MediationService, monkeypatch: pytest.MonkeyPatch) -> None:
    """Carry out all tasks by somebody who is killed after some orders of theirs, the last of them just committed."""
    give, given = MediationService.submit_together, list[Order]()

    def mortal(self: MediationService, asked: Sequence[Order], *rest: Any, **more: Any) -> list[Receipt]:
        receipts = give(self, asked, *rest, **more)
        given.extend(asked)
        if len(given) == orders:
            raise Stopped
        return receipts

    with monkeypatch.context() as patch:
        patch.setattr(MediationService, "submit_together", mortal)
        with pytest.raises(Stopped):
            finish(door)


class TestOpening:
    def test_a_case_is_opened_at_once_and_both_know_of_each_other(self, story: Story) -> None:
        referred(finishing(story))
        outcome, case = facts_of(story.case).outcomes["outcome/1"], story.door.case(CASE)
        assert (outcome.case, outcome.issue, outcome.state.value) == (CASE, "issue/1", "mediating")
        facts = facts_of_case(case)
        assert [(it.item, it.instance, it.issue) for it in facts.origins.values()] == [("A1", "outcome/1", "issue/1")]
        assert (facts.source, facts.reference, facts.sent_by_it) == (Source.POLICE, "J330784", True)
        assert [party.person for party in facts.parties.values()] == ["worker", "firm"]
        assert facts.lead_mediator() is None
        assert "推搡致伤，要医药费" in story.door.words(CASE, Office.MEDIATOR).values()
        assert left(story) == []
        assert whole(story)

    def test_where_nobody_went_on_the_worker_does(self, story: Story) -> None:
        referred(story)
        assert left(story) == ["open_case"]
        assert finish(story.door) == Finished(orders=3)
        assert finish(story.door) == Finished()
        assert facts_of(story.case).outcomes["outcome/1"].case == CASE

    def test_a_large_one_is_opened_by_the_panel(self, story: Story) -> None:
        finishing(story).signed().do(EscalateToPanel(dispute=Dispute.DAMAGE))
        assert story.door.case(CASE).workflow == "consultation_2026"

    @pytest.mark.parametrize("orders", [1, 2, 3])
    def test_killed_after_any_order_it_is_one_case_all_the_same(
        self, story: Story, orders: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        killed_after(orders, referred(story).door, monkeypatch)
        assert finish(story.door).orders == 3 - orders
        with story.store.read() as unit:
            assert sorted(row.case for row in unit.views.case_rows()) == sorted(["A1", CASE])
        assert len(story.door.case(CASE).of("origin")) == 1
        assert left(story) == []
        assert whole(story)

    def test_given_again_by_somebody_who_saw_nothing_of_it_it_is_the_same(self, story: Story) -> None:
        referred(story)
        with story.store.read() as unit:
            (task,) = unit.views.tasks()
        assert finish(story.door).orders == 3
        assert carry_out(story.door, task) == Carried()

    def test_that_it_cannot_go_on_does_not_undo_what_was_ordered(
        self, story: Story, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unavailable(*_: object) -> None:
            raise StoreUnavailable(why="x")

        monkeypatch.setattr("mediation_engine.services.tasks.carry_out", unavailable)
        referred(finishing(story))
        assert story.state("outcome/1") == "waiting"


class TestJoining:
    def test_an_alert_is_joined_with_a_case_that_is_there_and_with_one_issue_of_it(self, story: Story) -> None:
        finishing(story)
        case = of_case(story, "C1").registered()
        case.do(RaiseIssue(between=("party/1", "party/2"), matter=Text("医药费")))
        story.signed().do(LinkCase(case="C1", issue="issue/2"))
        assert facts_of_case(story.door.case("C1")).origins["origin/1"].issue == "issue/2"
        assert story.state("outcome/1") == "mediating"

    def test_a_case_that_is_not_there_is_said_and_put_aside(self, story: Story) -> None:
        story.signed().do(LinkCase(case="C9"))
        assert finish(story.door) == Finished(parked=1)
        with story.store.read() as unit:
            (aside,) = unit.messages.parked()
        assert (aside.kind, aside.instance) == ("open_case", "outcome/1")
        assert "没有编号为 C9 的案件" in aside.why
        assert finish(story.door) == Finished()
        story.do(RecordNotAgreed(), "outcome/1")
        assert left(story) == []

    def test_another_alert_is_no_case(self, story: Story) -> None:
        of_case(story, "A2").pushed(number="J2")
        story.signed().do(LinkCase(case="A2"))
        assert finish(story.door).parked == 1


class TestNews:
    def test_what_becomes_of_the_case_comes_back_once(self, story: Story) -> None:
        referred(finishing(story))
        case = agreed(of_case(story))
        assert story.state("outcome/1") == "agreed"
        story.do(TellPolice(outcome="outcome/1"))
        case.do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
        assert story.state("outcome/1") == "performed"
        assert [line.event for line in story.lines].count("PerformanceReported") == 1
        assert facts_of_case(case.case).origins["origin/1"].told is News.PERFORMED
        story.do(TellPolice(outcome="outcome/1"))
        story.do(FinishAlert())
        assert left(story) == []
        assert whole(story)

    def test_of_the_issue_it_is_linked_to_and_of_no_other(self, story: Story) -> None:
        finishing(story)
        case = of_case(story, "C1").registered()
        case.do(RaiseIssue(between=("party/1", "party/2"), matter=Text("医药费")))
        story.signed().do(LinkCase(case="C1", issue="issue/2"))
        agreed(case, "issue/2").do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
        assert case.state("issue/1") == "open"
        assert story.state("outcome/1") == "performed"

    def test_a_breach_and_its_cure(self, story: Story) -> None:
        referred(finishing(story))
        case = agreed(of_case(story))
        case.do(RecordBreach(), "obligation/1")
        assert story.state("outcome/1") == "breached"
        case.do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
        assert story.state("outcome/1") == "performed"

    def test_a_case_that_came_to_nothing(self, story: Story) -> None:
        referred(finishing(story))
        of_case(story).do(DeclineCase(reason=Declining.NOT_A_CIVIL_DISPUTE), by=Office.LEAD)
        assert story.state("outcome/1") == "failed"

    def test_news_to_an_alert_that_has_ended_takes_it_up_again(self, story: Story) -> None:
        referred(finishing(story))
        case = agreed(of_case(story))
        story.do(TellPolice(outcome="outcome/1"))
        case.do(RecordBreach(), "obligation/1")
        story.do(TellPolice(outcome="outcome/1"))
        story.do(FinishAlert())
        case.do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
        assert (story.case.facts.closed, story.state(story.case.phase)) == (None, "to_report")

    def test_where_nobody_went_on_the_worker_brings_it(self, story: Story) -> None:
        referred(story)
        finish(story.door)
        agreed(of_case(story))
        assert left(story) == ["tell_item"]
        assert finish(story.door) == Finished(orders=2)
        assert story.state("outcome/1") == "agreed"
        assert finish(story.door) == Finished()

    @pytest.mark.parametrize("orders", [1, 2])
    def test_killed_on_the_way_it_is_told_once_all_the_same(
        self, story: Story, orders: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        referred(story)
        finish(story.door)
        agreed(of_case(story))
        killed_after(orders, story.door, monkeypatch)
        finish(story.door)
        assert [line.event for line in story.lines].count("AgreementReported") == 1
        assert left(story) == []
        assert whole(story)


def test_a_case_without_an_origin_leaves_nothing_to_do(story: Story) -> None:
    finishing(story).effective().do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
    assert left(story) == []
    with story.store.read() as unit:
        assert unit.views.due_dates(date(2026, 1, 1)) == []


def test_it_is_the_same_in_every_database(database_store: SqlStore, clock: FixedClock) -> None:
    story = referred(Story(database_store, clock))
    assert left(story) == ["open_case"]
    assert finish(story.door).orders == 3
    agreed(of_case(story))
    assert left(story) == ["tell_item"]
    assert finish(story.door).orders == 2
    assert (left(story), story.state("outcome/1")) == ([], "agreed")
    assert whole(story)


class TestOfAMatter:
    """A matter leads to a case in the same way as an alert, and hears of it in the same way."""

    @pytest.mark.parametrize("orders", [1, 2, 3])
    def test_its_case_is_opened_once_whoever_is_killed(
        self, story: Story, orders: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        story.taken_on("reception").do(ReferToMediation(dispute=Dispute.LABOUR_PAY, matter=Text("欠两个月工资")))
        killed_after(orders, story.door, monkeypatch)
        assert finish(story.door).orders == 3 - orders
        facts = facts_of_case(story.door.case(CASE))
        assert (facts.source, facts.sent_by_it) == (Source.PETITION, False)
        assert [party.person for party in facts.parties.values()] == ["worker", "firm"]
        assert len(facts.origins) == 1
        assert left(story) == []
        assert whole(story)

    @pytest.mark.parametrize("orders", [1, 2])
    def test_what_becomes_of_it_is_told_once_whoever_is_killed(
        self, story: Story, orders: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        story.taken_on("grid").do(ReferToMediation(dispute=Dispute.LABOUR_PAY))
        finish(story.door)
        agreed(of_case(story))
        killed_after(orders, story.door, monkeypatch)
        assert finish(story.door).orders == 2 - orders
        assert story.state("outcome/1") == "agreed"
        assert [line.event for line in story.lines].count("AgreementReported") == 1
        assert left(story) == []
        assert whole(story)

    def test_one_that_had_ended_is_taken_up_again_where_what_was_agreed_is_not_kept(self, story: Story) -> None:
        finishing(story).taken_on("grid").do(ReferToMediation(dispute=Dispute.LABOUR_PAY))
        agreed(of_case(story)).do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
        story.do(EndMatter(ending="on_spot"))
        assert story.case.facts.closed == "ended"
        story.do(RecordUnperformed(), "outcome/1")
        assert (story.case.facts.closed, story.state("handling/2")) == (None, "in_hand")
