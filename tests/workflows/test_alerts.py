"""An alert: pushed, signed for by either of the pair, contacted, taken some way, told back to the police, ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.domain.zone import District, Zone
from mediation_engine.errors import CommandNotAllowed, GuardRefused, NumberTaken
from mediation_engine.ports.views import Wanted
from mediation_engine.services.due_sweep import sweep
from workflows.parts.agreement import HintAnswer
from workflows.vocabulary import Dispute, HintKind
from workflows.zone.alert.contact import RecordContact
from workflows.zone.alert.deadlines import DEADLINES, SETTINGS
from workflows.zone.alert.disposal import FinishAlert
from workflows.zone.alert.facts import facts_of
from workflows.zone.alert.feedback import TellPolice
from workflows.zone.alert.inbox import RerouteAlert, ReturnAlert, SignForAlert
from workflows.zone.alert.outcome import EscalateToPanel, SettleOnSpot
from workflows.zone.alert.vocabulary import ALERT, ContactResult, Returning
from workflows.zone.outcome import RecordAgreed, RecordCaseOpened, RecordPerformed, RecordUnperformed, ReferToMediation

from ..support.story import NOW, ZHOU, Story, push


@pytest.fixture
def alert() -> Story:
    """A story that has no alert yet."""
    clock = FixedClock(NOW)
    return Story(MemoryStore(clock), clock)


def marks(story: Story) -> list[str]:
    return [defect.code for line in story.lines for defect in line.defects]


def at(story: Story, *clock: int) -> Story:
    """The story, set to a time in China."""
    story.clock.now = datetime(*clock, tzinfo=UTC) - timedelta(hours=8)  # type: ignore[arg-type]
    return story


class TestSigning:
    def test_both_of_the_pair_answer_for_it_and_either_signs(self, alert: Story) -> None:
        alert.pushed()
        assert facts_of(alert.case).pair == ("li", "wang")
        alert.do(SignForAlert())
        assert (facts_of(alert.case).signed_by, alert.case.phase) == ("li", "disposal/1")
        assert marks(alert) == []

    def test_whom_the_settings_name_and_nobody_knows_is_no_deputy(self, alert: Story) -> None:
        unknown = District(code="east", name="东片区", security="nobody", zone="chen")
        alert.door.catalogue.zone = Zone(districts=(unknown,))
        alert.pushed()
        assert facts_of(alert.case).pair == ()
        alert.do(SignForAlert())
        assert "has_pair" in marks(alert)

    def test_nobody_else_signs_but_the_lead(self, alert: Story) -> None:
        alert.pushed().with_colleague()
        with pytest.raises(GuardRefused, match="综治副片长或专职副片长签收"):
            alert.do(SignForAlert(), actor=ZHOU.id)
        alert.do(SignForAlert(), by=Office.LEAD)

    def test_in_hours_it_is_due_within_half_an_hour(self, alert: Story) -> None:
        at(alert, 2026, 11, 23, 10, 0).pushed()
        assert facts_of(alert.case).sign_by == "2026-11-23T10:30"
        at(alert, 2026, 11, 23, 10, 31).do(SignForAlert())
        assert marks(alert) == ["signed_in_time"]

    @pytest.mark.parametrize(
        ("pushed", "by"),
        [
            ((2026, 11, 23, 7, 0), "2026-11-23T09:00"),
            ((2026, 11, 23, 21, 0), "2026-11-24T09:00"),
            ((2026, 11, 27, 17, 0), "2026-11-30T09:00"),
            ((2026, 11, 28, 10, 0), "2026-11-30T09:00"),
        ],
    )
    def test_before_and_after_hours_it_is_due_at_the_next_opening(
        self, alert: Story, pushed: tuple[int, ...], by: str
    ) -> None:
        assert facts_of(at(alert, *pushed).pushed().case).sign_by == by

    def test_one_that_no_calendar_reaches_is_taken_all_the_same(self, alert: Story) -> None:
        at(alert, 2150, 3, 4, 20, 0).pushed().do(SignForAlert())
        assert facts_of(alert.case).sign_by == ""
        assert marks(alert) == ["signed_in_time"]

    def test_where_no_pair_is_named_whoever_is_there_signs_and_it_is_marked(self, alert: Story) -> None:
        alert.pushed(district="west").do(SignForAlert())
        assert marks(alert) == ["has_pair"]

    def test_a_district_that_the_settings_do_not_know_is_recorded_as_it_came(self, alert: Story) -> None:
        alert.pushed(district="nowhere")
        assert (facts_of(alert.case).district, facts_of(alert.case).district_name) == ("nowhere", "")

    def test_sent_on_to_another_district_the_pair_changes_and_the_time_runs_anew(self, alert: Story) -> None:
        at(alert, 2026, 11, 23, 10, 0).pushed(district="west")
        with pytest.raises(GuardRefused, match="另一个片区"):
            alert.do(RerouteAlert(district="west"))
        at(alert, 2026, 11, 23, 11, 0).do(RerouteAlert(district="east"))
        facts = facts_of(alert.case)
        assert (facts.district_name, facts.pair, facts.sign_by) == ("东片区", ("li", "wang"), "2026-11-23T11:30")
        at(alert, 2026, 11, 23, 11, 1).do(RerouteAlert(district="west"))
        assert facts_of(alert.case).pair == ()
        assert {alert.state(key) for key in alert.case.of("deputy")} == {"relieved"}

    def test_it_stays_as_it_was_routed_when_the_settings_change(self, alert: Story) -> None:
        alert.pushed()
        alert.door.catalogue.zone = Zone()
        assert facts_of(alert.door.case("A1")).pair == ("li", "wang")


class TestDisposing:
    def test_settled_at_once_it_waits_until_the_police_were_told(self, alert: Story) -> None:
        alert.signed().do(RecordContact(result=ContactResult.CALM))
        assert alert.state("disposal/1") == "in_hand"
        alert.do(SettleOnSpot(words=Text("赔礼道歉")))
        assert alert.state("disposal/1") == "to_report"
        with pytest.raises(CommandNotAllowed):
            alert.do(FinishAlert())
        alert.do(TellPolice(outcome="outcome/1"))
        alert.do(FinishAlert())
        assert alert.case.facts.closed == "finished"

    def test_a_promise_that_nobody_is_punished_is_hinted_at(self, alert: Story) -> None:
        alert.signed()
        promise = Text("赔了钱，派出所不再处罚")
        with pytest.raises(GuardRefused, match="处罚不处罚由公安机关决定"):
            alert.do(SettleOnSpot(words=promise))
        alert.do(SettleOnSpot(words=promise, hints=(HintAnswer(hint=HintKind.PUNISHMENT),)))

    def test_what_came_of_contact_is_kept_apart_from_which_way_it_went(self, alert: Story) -> None:
        alert.signed().do(RecordContact(result=ContactResult.REFUSED))
        with pytest.raises(GuardRefused, match="须先有处置"):
            alert.do(FinishAlert())
        alert.do(ReturnAlert(reason=Returning.REFUSED))
        assert alert.case.facts.closed == "returned"

    def test_one_case_at_a_time_and_both_sides_must_be_known(self, alert: Story) -> None:
        alert.signed(named=push().named[:1])
        with pytest.raises(GuardRefused, match="写明报警人一方和对方"):
            alert.do(ReferToMediation(dispute=Dispute.DAMAGE))
        other = Story(alert.store, alert.clock, "A2").signed(number="J2")
        other.do(ReferToMediation(dispute=Dispute.DAMAGE))
        with pytest.raises(GuardRefused, match="已有一件案件"):
            other.do(EscalateToPanel(dispute=Dispute.DAMAGE))
        with pytest.raises(GuardRefused, match="还有案件在调解"):
            other.do(FinishAlert())

    def test_agreement_and_performance_are_told_one_by_one(self, alert: Story) -> None:
        alert.signed().do(ReferToMediation(dispute=Dispute.DAMAGE))
        alert.do(RecordCaseOpened(case="C1", issue="issue/1"), "outcome/1")
        with pytest.raises(GuardRefused, match="还没有结果"):
            alert.do(TellPolice(outcome="outcome/1"))
        for step in (RecordAgreed(), RecordUnperformed(), RecordPerformed()):
            alert.do(step, "outcome/1")
            assert alert.state("disposal/1") == "to_report"
            alert.do(TellPolice(outcome="outcome/1"))
        alert.do(FinishAlert())

    def test_news_after_it_ended_takes_it_up_again(self, alert: Story) -> None:
        alert.signed().do(ReferToMediation(dispute=Dispute.DAMAGE))
        alert.do(RecordCaseOpened(case="C1"), "outcome/1")
        alert.do(RecordPerformed(), "outcome/1")
        alert.do(TellPolice(outcome="outcome/1"))
        alert.do(FinishAlert())
        alert.do(RecordUnperformed(), "outcome/1")
        assert alert.case.facts.closed is None
        assert (alert.case.phase, alert.state("disposal/2")) == ("disposal/2", "to_report")


class TestLists:
    def test_a_list_of_cases_shows_no_alert_and_one_of_alerts_no_case(self, alert: Story) -> None:
        alert.pushed()
        Story(alert.store, alert.clock, "C1").registered()
        with alert.store.read() as unit:
            assert [row.case for row in unit.views.search(Wanted())] == ["C1"]
            assert [row.case for row in unit.views.newest(Wanted(matter=ALERT.code))] == ["A1"]
            assert [row.case for row in unit.views.search(Wanted(matter=ALERT.code, district="west"))] == []
            assert [row.case for row in unit.views.search(Wanted(matter=ALERT.code, district="east"))] == ["A1"]
            assert unit.views.count(Wanted(), 10) == 1

    def test_a_number_is_one_alert(self, alert: Story) -> None:
        alert.pushed()
        with pytest.raises(NumberTaken):
            Story(alert.store, alert.clock, "A2").pushed()

    def test_the_pair_and_the_lead_hear_of_it_and_of_what_falls_due(self, alert: Story) -> None:
        with alert.store.write() as unit:
            unit.register.put_actor(ZHOU)
        alert.pushed()
        sweep(alert.store, alert.door.catalogue)
        with alert.store.read() as unit:
            told = {(it.recipient, it.topic) for id in ("li", "wang", "zhou") for it in unit.messages.of(id)}
        assert ("zhou", "AlertPushed") not in told
        assert {("wang", "AlertPushed"), ("wang", "inbox"), ("li", "inbox")} <= told


def test_its_deadlines_are_the_rooms_own_and_each_can_be_set() -> None:
    assert {rule.setting for rule in DEADLINES} == {*SETTINGS}
    assert all(rule.is_policy or rule.is_number_ours for rule in DEADLINES)


def test_contact_disposal_and_feedback_fall_due(alert: Story) -> None:
    def due() -> dict[str, date]:
        with alert.store.read() as unit:
            return {it.kind: it.due for it in unit.views.due_dates(date(2027, 1, 1))}

    alert.pushed()
    assert due() == {
        "inbox": date(2026, 11, 23),
        "alert_contact": date(2026, 11, 24),
        "alert_result": date(2026, 11, 26),
    }
    alert.do(SignForAlert())
    alert.do(RecordContact(result=ContactResult.CALM))
    assert [*due()] == ["alert_result"]
    alert.do(SettleOnSpot(words=Text("赔礼道歉")))
    assert due() == {"alert_feedback": date(2026, 11, 24)}
    alert.do(TellPolice(outcome="outcome/1"))
    assert due() == {}
