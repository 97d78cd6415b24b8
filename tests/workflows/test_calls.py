"""今天要打的电话: whom something concerns today and no other, until it is recorded that they were called."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mediation_engine.domain.calls import Call, calls_waiting
from mediation_engine.domain.fields import Text
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.roles import Office
from workflows.facts import Term
from workflows.parts.call import Answered, RecordCall
from workflows.parts.custody import HoldForPayee
from workflows.parts.obligation import RecordPerformance, UrgePerformance
from workflows.parts.party import RecordAbility
from workflows.parts.payment import RecordPayment
from workflows.parts.session import ScheduleSession
from workflows.parts.visit import Finding, MoveVisit, PlanQualityVisit, RecordUnreachable, RecordVisit
from workflows.vocabulary import Ability, CapacityKind, TermKind

from ..support.story import PAY, Story

TODAY = date(2026, 11, 23)


def paying(days: int, **given: object) -> Term:
    return replace(PAY, due=TODAY + timedelta(days=days), **given)  # type: ignore[arg-type]


def waiting(story: Story) -> list[Call]:
    case = story.case
    workflow = story.door.catalogue.reading(case.workflow)
    assert workflow is not None
    return calls_waiting(workflow, case, story.clock.now.astimezone(CHINA).date())


def told(story: Story) -> list[tuple[str, str, str]]:
    return [(call.party, call.rule.step, call.why) for call in waiting(story)]


class TestObligations:
    @pytest.mark.parametrize(
        ("days", "urge", "tell"),
        [
            (
                -2,
                "付款￥12,000.00，逾期2天，催促履行",
                "告知对方的付款￥12,000.00，逾期2天，问收到没有，告知可以怎么办",
            ),
            (0, "付款￥12,000.00，今天到期，提醒履行", "告知对方的付款￥12,000.00，今天到期，到时请核对"),
            (3, "付款￥12,000.00，3天后到期，提醒履行", "告知对方的付款￥12,000.00，3天后到期，到时请核对"),
        ],
    )
    def test_the_payer_is_urged_and_the_payee_told(self, story: Story, days: int, urge: str, tell: str) -> None:
        story.effective(terms=(paying(days),))
        assert told(story) == [("party/1", "RecordCall", tell), ("party/2", "UrgePerformance", urge)]

    def test_not_four_days_before(self, story: Story) -> None:
        assert told(story.effective(terms=(paying(4),))) == []

    def test_what_was_urged_today_is_there_again_tomorrow(self, story: Story) -> None:
        story.effective(terms=(paying(-2),)).do(UrgePerformance(), "obligation/1")
        assert [call.party for call in waiting(story)] == ["party/1"]
        story.do(RecordCall(party="party/1", answered=Answered.NOBODY))
        assert [call.party for call in waiting(story)] == ["party/1"]
        story.do(RecordCall(party="party/1"))
        assert waiting(story) == []
        story.clock.now += timedelta(days=1)
        assert len(waiting(story)) == 2

    def test_what_was_urged_on_an_earlier_day_and_is_recorded_today_does_not_count(self, story: Story) -> None:
        story.effective(terms=(paying(-2),)).do(UrgePerformance(), "obligation/1", at="2026-11-22")
        assert len(waiting(story)) == 2

    def test_several_of_one_are_one_call_about_all_of_them(self, story: Story) -> None:
        story.effective(terms=tuple(paying(-day) for day in (1, 2, 3)))
        calls = {call.party: call for call in waiting(story)}
        assert calls["party/2"].about == ("obligation/3", "obligation/2", "obligation/1")
        assert calls["party/2"].why == "付款￥12,000.00，逾期3天，催促履行（共3项）"
        story.do(UrgePerformance(), "obligation/2", "obligation/3")
        assert {call.party: call.about for call in waiting(story)}["party/2"] == ("obligation/1",)

    def test_what_is_performed_concerns_nobody(self, story: Story) -> None:
        story.effective(terms=(paying(-2),)).do(RecordPerformance(), "obligation/1")
        assert waiting(story) == []

    def test_each_hears_of_its_own_alone(self, story: Story) -> None:
        """The firm owes the worker; what the worker owes the firm is no business of a third."""
        act = Term(words=Text("交还工具"), kind=TermKind.ACT, payer="party/1", due=TODAY)
        story.effective(terms=(paying(1), act))
        assert {(call.party, call.rule.step) for call in waiting(story)} == {
            ("party/1", "RecordCall"),
            ("party/1", "UrgePerformance"),
            ("party/2", "UrgePerformance"),
        }

    def test_who_is_paid_through_a_custodian_is_told_when_it_lies_there(self, story: Story) -> None:
        story.effective(terms=(paying(0, custodian="zhang"),))
        assert [call.party for call in waiting(story)] == ["party/2"]
        story.do(RecordPayment(obligation="obligation/1", amount=1_200_000))
        assert [(call.party, call.rule.step) for call in waiting(story)] == [("party/1", "RecordCall")]
        story.do(HoldForPayee(), "obligation/2")
        assert [call.why for call in waiting(story)] == ["付款￥12,000.00已到代收人手中，告知来领"]


class TestVisits:
    @pytest.fixture
    def visited(self, story: Story) -> Story:
        """A week after an agreement: its first visit is due."""
        story.effective()
        story.clock.now += timedelta(days=7)
        return story

    def test_a_visit_without_a_place_is_by_telephone_with_each_who_signed(self, visited: Story) -> None:
        assert [(call.party, call.filled) for call in waiting(visited)] == [
            (party, {"party": party, "manner": "phone"}) for party in ("party/1", "party/2")
        ]

    def test_one_with_a_place_is_not(self, visited: Story) -> None:
        visited.do(MoveVisit(due=date(2026, 11, 30), place=Text("厂门口")), "visit/1")
        assert waiting(visited) == []

    def test_one_that_was_made_or_tried_today_is_done(self, visited: Story) -> None:
        visited.do(RecordUnreachable(), "visit/1")
        assert waiting(visited) == []
        visited.clock.now += timedelta(days=1)
        assert {call.why for call in waiting(visited)} == {"回访：问问履行和近况（逾期1天）"}
        visited.do(RecordVisit(party="party/1", finding=Finding.STABLE), "visit/1")
        assert waiting(visited) == []

    def test_how_the_mediation_was_is_asked_of_whom_it_names_by_whom_it_names(self, story: Story) -> None:
        story.effective().with_colleague().do(PlanQualityVisit(due=TODAY, party="party/1", visitor="zhou"))
        [call] = waiting(story)
        assert (call.party, call.rule.step, call.by) == ("party/1", "RecordQualityVisit", "zhou")


class TestSessions:
    @pytest.mark.parametrize(("days", "why"), [(0, "今天开会，提醒到场"), (2, "后天开会，提醒到场"), (3, ""), (-1, "")])
    def test_those_invited_are_reminded_within_two_days(self, story: Story, days: int, why: str) -> None:
        planned = TODAY + timedelta(days=days)
        story.accepted().do(ScheduleSession(planned=planned, invited=("party/1", "party/2")), by=Office.LEAD)
        assert [call.why for call in waiting(story)] == ([why, why] if why else [])

    def test_a_session_on_its_day_is_on_the_calendar(self, story: Story) -> None:
        story.accepted().do(ScheduleSession(planned=TODAY), by=Office.LEAD)
        with story.store.read() as unit:
            assert [(it.kind, it.due) for it in unit.views.due_dates(TODAY)] == [("session", TODAY)]


def test_a_guardian_is_spoken_to_for_a_ward_and_an_agent_after_the_party(story: Story) -> None:
    story.accepted()
    story.acting_for("party/1", person="zhang")
    assert story.case.facts.speakers("party/1", TODAY) == ["worker", "zhang"]
    story.do(RecordAbility(ability=Ability.INCAPABLE), "party/1")
    story.acting_for("party/1", person="mother", kind=CapacityKind.GUARDIAN)
    assert story.case.facts.speakers("party/1", TODAY)[0] == "mother"


def test_every_rule_is_about_something_that_falls_due_and_leads_to_a_step_of_its_own(story: Story) -> None:
    for workflow in story.door.catalogue.workflows.values():
        for rule in workflow.calls:
            fields = {field for field in (rule.names, *rule.fills) if field}
            assert rule.about in workflow.machines
            assert fields <= set(workflow.commands[rule.step].__dataclass_fields__)
