"""Which periods run in a case, from when, until when, by which rule; and what ends them. No clock is ever edited."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from mediation_engine.clock import FixedClock
from mediation_engine.domain.calendar import Calendar
from mediation_engine.domain.deadline import Clock, ClockState, Signal, Whose, clocks, due_days
from mediation_engine.domain.fields import Text
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.periods import PeriodUnit
from mediation_engine.domain.roles import Office
from mediation_engine.read_models.projections import DueDate
from workflows.deadlines import DEADLINES, SETTINGS
from workflows.facts import Term
from workflows.parts.agreement import AdoptOrally, ReachAgreement
from workflows.parts.extension import JoinExtension, RecordExtension
from workflows.parts.obligation import RecordBreach, RecordPerformance, TellPayee, UrgePerformance
from workflows.parts.party import RecordConsent, RefuseMediation, TellRemedies
from workflows.parts.proceeding import (
    FileProceeding,
    RecordConfirmed,
    RecordGranted,
    RecordObjection,
    RecordUpheld,
    WithdrawProceeding,
)
from workflows.parts.suspension import Cause, ResumeCase, SuspendCase
from workflows.phases.endings import Ground, TerminateMediation, WithdrawApplication
from workflows.phases.intake import AcceptCase, DeclineCase, Declining
from workflows.vocabulary import Dispute, ProceedingKind, Source, TermKind

from ..support.story import PAY, Story, register

LABOUR = "labour_mediation"
BOTH = ("party/1", "party/2")
DUE = Term(
    words=Text("一次付清"), kind=TermKind.PAY, payer="party/2", payee="party/1", amount=100_00, due=date(2026, 11, 25)
)


def registered(story: Story, track: str, at: str, **given: object) -> Story:
    """An application of some day."""
    story.do(register(track, **given), workflow="fast_track_2026", at=at)
    return story


def found(story: Story, code: str) -> list[Clock]:
    return [it for it in story.view(Office.MEDIATOR).clocks if it.rule.code == code]


def clock(story: Story, code: str) -> Clock:
    [one] = found(story, code)
    return one


def dues(story: Story) -> dict[str, DueDate]:
    """What of it stands in the calendar of all cases, by kind."""
    with story.store.read() as unit:
        rows = unit.views.projection(story.name)
    codes = {rule.code for rule in DEADLINES}
    return {due.kind: due for due in rows.dues if due.kind in codes} if rows else {}


def state(story: Story, code: str) -> ClockState:
    return clock(story, code).state


clock_of = clock
"""Where the clock of the store is at hand under the same name."""


class TestApplication:
    """An application's clocks run from its submission."""

    @pytest.mark.parametrize(("track", "code"), [(LABOUR, "labour_acceptance"), ("people_mediation", "acceptance")])
    def test_it_is_answered_within_three_working_days_of_its_submission(
        self, story: Story, track: str, code: str
    ) -> None:
        registered(story, track, "2026-11-20")  # a Friday
        it = clock(story, code)
        assert (it.last, it.state, it.signal) == (date(2026, 11, 25), ClockState.RUNNING, Signal.GREEN)
        story.do(AcceptCase(), by=Office.LEAD)
        assert state(story, code) is ClockState.MET
        assert code not in dues(story)

    def test_it_is_the_law_in_labour_and_the_rooms_own_rule_elsewhere(self, story: Story) -> None:
        story.registered(LABOUR)
        assert not clock(story, "labour_acceptance").rule.is_policy
        assert found(story, "acceptance") == []

    def test_to_decline_is_an_answer_too(self, story: Story) -> None:
        story.registered(LABOUR).do(DeclineCase(reason=Declining.OTHER), by=Office.LEAD)
        assert state(story, "labour_acceptance") is ClockState.MET

    def test_one_that_is_taken_back_needs_none(self, story: Story) -> None:
        story.registered(LABOUR).do(WithdrawApplication())
        assert {it.state for it in story.view(Office.MEDIATOR).clocks} == {ClockState.OVER}
        assert dues(story) == {}

    def test_where_nobody_applied_nothing_runs(self, story: Story) -> None:
        story.registered("people_mediation", source=Source.PROACTIVE)
        assert story.view(Office.MEDIATOR).clocks == []

    @pytest.mark.parametrize("at", ["2026-11", ".."])
    def test_where_the_day_is_not_reported_it_says_so(self, story: Story, at: str) -> None:
        registered(story, LABOUR, at)
        it = clock(story, "labour_acceptance")
        assert (it.state, it.last, it.why) == (ClockState.UNDATED, None, "起算的日期没有记载")
        assert dues(story) == {}

    @pytest.mark.parametrize(
        ("track", "code", "last", "kind"),
        [
            (LABOUR, "arbitration_limit", date(2027, 11, 23), ProceedingKind.ARBITRATION),
            ("people_mediation", "limitation", date(2029, 11, 23), ProceedingKind.LITIGATION),
        ],
    )
    def test_it_interrupts_the_limitation_which_begins_anew(
        self, story: Story, track: str, code: str, last: date, kind: ProceedingKind
    ) -> None:
        story.accepted(track)
        it = clock(story, code)
        assert (it.last, it.rule.whose, dues(story)[code].lapses) == (last, Whose.PARTY, True)
        for key in BOTH:
            story.do(TellRemedies(), key)
        story.do(TerminateMediation(ground=Ground.NO_AGREEMENT), by=Office.LEAD)
        assert state(story, code) is ClockState.RUNNING
        story.do(FileProceeding(kind=kind, by="party/1"))
        assert state(story, code) is ClockState.MET

    @pytest.mark.parametrize(("at", "runs"), [("2026-12-14", False), ("2026-12-18", True), ("2027-01-01", True)])
    def test_wages_owed_before_a_festival_are_settled_within_a_week(
        self, story: Story, clock: FixedClock, at: str, runs: bool
    ) -> None:
        clock.now = datetime.fromisoformat(f"{at}T10:00").replace(tzinfo=CHINA)
        registered(story, LABOUR, at)
        assert bool(found(story, "festival_wages")) is runs

    def test_other_disputes_have_no_festival(self, story: Story, clock: FixedClock) -> None:
        clock.now = datetime(2026, 12, 20, 10, tzinfo=CHINA)
        story.registered(LABOUR, dispute=Dispute.LABOUR_INJURY)
        assert found(story, "festival_wages") == []


class TestTerm:
    def test_in_labour_it_runs_from_the_application(self, story: Story) -> None:
        story.accepted(LABOUR)
        it = clock(story, "labour_term")
        assert (it.run.since.day, it.last) == (date(2026, 11, 23), date(2026, 12, 8))
        assert found(story, "people_term") == []

    def test_elsewhere_a_month_from_acceptance(self, story: Story) -> None:
        registered(story, "people_mediation", "2026-11-01").do(AcceptCase(), by=Office.LEAD)
        assert clock(story, "people_term").last == date(2026, 12, 23)

    def test_all_may_agree_on_a_later_day_and_one_may_not(self, story: Story) -> None:
        story.accepted(LABOUR).do(RecordExtension(agreed_by=("party/1",), until=date(2027, 1, 15)))
        assert clock(story, "labour_term").last == date(2026, 12, 8)
        story.do(JoinExtension(agreed_by=("party/2",)), "extension/1")
        it = clock(story, "labour_term")
        assert (it.last, it.run.until, dues(story)["labour_term"].due) == (date(2027, 1, 15),) * 3

    def test_a_suspension_moves_it_where_the_room_says_so_and_never_in_labour(
        self, story: Story, clock: FixedClock
    ) -> None:
        story.accepted().do(SuspendCase(cause=Cause.APPRAISAL), by=Office.LEAD)
        assert state(story, "people_term") is ClockState.PAUSED
        assert "people_term" not in dues(story)
        clock.now = datetime(2026, 12, 3, 10, tzinfo=CHINA)
        story.do(ResumeCase(), "suspension/1", by=Office.LEAD)
        it = clock_of(story, "people_term")
        assert it.end is not None
        assert (it.paused, it.end.raw) == (10, date(2027, 1, 2))

    def test_in_labour_it_goes_on_while_the_talks_rest(self, story: Story) -> None:
        story.accepted(LABOUR).do(SuspendCase(cause=Cause.APPRAISAL), by=Office.LEAD)
        assert (state(story, "labour_term"), clock(story, "labour_term").last) == (
            ClockState.RUNNING,
            date(2026, 12, 8),
        )

    def test_an_agreement_ends_it(self, story: Story) -> None:
        story.accepted().do(ReachAgreement(terms=(PAY,)))
        assert state(story, "people_term") is ClockState.RUNNING
        story.do(AdoptOrally(), "agreement/1")
        assert state(story, "people_term") is ClockState.MET

    def test_when_it_has_passed_it_is_red_and_still_nothing_is_barred(self, story: Story, clock: FixedClock) -> None:
        story.accepted(LABOUR)
        clock.now = datetime(2026, 12, 9, 10, tzinfo=CHINA)
        it = clock_of(story, "labour_term")
        assert (it.state, it.signal) == (ClockState.MISSED, Signal.RED)
        story.do(ReachAgreement(terms=(PAY,)))
        assert story.state("agreement/1") == "reached"


class TestRefusal:
    def test_who_applied_is_told_within_three_working_days_that_the_other_refuses(self, story: Story) -> None:
        story.registered(LABOUR).do(RefuseMediation(), "party/2")
        it = clock(story, "refusal_notice")
        assert (it.last, it.run.instance, it.rule.is_number_ours) == (date(2026, 11, 26), "party/2", True)
        story.do(TellRemedies(), "party/1")
        assert state(story, "refusal_notice") is ClockState.MET

    def test_who_comes_round_refuses_no_more(self, story: Story) -> None:
        story.registered(LABOUR).do(RefuseMediation(), "party/2")
        story.do(RecordConsent(), "party/2")
        assert state(story, "refusal_notice") is ClockState.OVER


class TestAfterEffect:
    def test_an_agreement_may_be_confirmed_by_a_court_within_thirty_days(self, story: Story) -> None:
        story.effective()
        it = clock(story, "judicial_window")
        assert (it.run.instance, it.last, it.rule.unit) == ("agreement/1", date(2026, 12, 23), PeriodUnit.DAYS)
        assert found(story, "arbitral_window") == []
        filed = FileProceeding(kind=ProceedingKind.JUDICIAL, agreement="agreement/1", applicants=BOTH)
        story.do(filed)
        assert state(story, "judicial_window") is ClockState.MET

    def test_in_labour_an_arbitration_body_may_within_fifteen(self, story: Story) -> None:
        story.effective(LABOUR)
        assert clock(story, "arbitral_window").last == date(2026, 12, 8)
        assert clock(story, "judicial_window").last == date(2026, 12, 23)

    def test_what_has_been_performed_needs_no_confirmation(self, story: Story) -> None:
        story.effective().do(RecordPerformance(), "obligation/1")
        assert state(story, "judicial_window") is ClockState.OVER
        assert dues(story) == {}

    def test_a_ruling_may_be_objected_to_for_fifteen_days(self, story: Story) -> None:
        story.effective()
        story.do(FileProceeding(kind=ProceedingKind.JUDICIAL, agreement="agreement/1", applicants=BOTH))
        assert found(story, "objection") == []
        story.do(RecordGranted(), "proceeding/1")
        assert clock(story, "objection").last == date(2026, 12, 8)
        story.do(RecordObjection(by="party/2"), "proceeding/1")
        assert state(story, "objection") is ClockState.MET
        story.do(RecordUpheld(), "proceeding/1")
        assert state(story, "objection") is ClockState.MET

    def test_what_is_confirmed_may_be_enforced_for_two_years_from_the_last_instalment(self, story: Story) -> None:
        story.effective(terms=(DUE,))
        assert found(story, "enforcement") == []
        story.do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement="agreement/1"))
        assert clock(story, "enforcement").last == date(2028, 11, 27)  # 25 November 2028 is a Saturday
        story.do(RecordPerformance(), "obligation/1")
        assert state(story, "enforcement") is ClockState.OVER

    def test_who_does_not_perform_is_urged_and_then_the_other_told_where_to_go(
        self, story: Story, clock: FixedClock
    ) -> None:
        story.effective(terms=(DUE,))
        clock.now = datetime(2026, 11, 27, 10, tzinfo=CHINA)  # a Friday
        assert found(story, "urging") == []
        story.do(RecordBreach(), "obligation/1")
        assert (clock_of(story, "urging").last, found(story, "remedies")) == (date(2026, 12, 1), [])
        story.do(UrgePerformance(), "obligation/1")
        assert state(story, "urging") is ClockState.MET
        assert clock_of(story, "remedies").last == date(2026, 12, 4)
        story.do(TellPayee(court=True), "obligation/1")
        assert state(story, "remedies") is ClockState.MET


class TestEveryRule:
    def test_each_says_its_article_or_that_it_is_ours_and_what_follows(self) -> None:
        for rule in DEADLINES:
            assert rule.begins, rule.code
            assert rule.after, rule.code
            assert rule.is_policy or "第" in rule.basis, rule.code
            assert sorted(rule.warns, reverse=True) == list(rule.warns), rule.code
            assert 0 not in rule.warns, rule.code

    def test_what_is_ours_alone_is_a_setting_and_what_is_the_laws_is_none(self) -> None:
        ours = {rule.setting for rule in DEADLINES if rule.is_policy or rule.is_number_ours}
        assert ours == {*SETTINGS}
        assert not [rule.code for rule in DEADLINES if rule.setting and not (rule.is_policy or rule.is_number_ours)]

    @pytest.mark.parametrize("name", [*SETTINGS])
    def test_the_room_may_set_its_own_and_never_the_laws(self, name: str) -> None:
        tuned = {rule.code: rule.tuned({name: 9}) for rule in DEADLINES}
        changed = [rule.code for rule in DEADLINES if tuned[rule.code].number != rule.number]
        assert changed == [rule.code for rule in DEADLINES if rule.setting == name]

    def test_each_leads_to_a_step_there_is_and_starts_from_events_there_are(self, story: Story) -> None:
        for workflow in story.door.catalogue.workflows.values():
            for rule in workflow.deadlines:
                assert not rule.step or rule.step in workflow.commands, rule.code
                assert {*rule.events} <= workflow.events.keys(), rule.code

    def test_without_a_calendar_nothing_is_counted_and_nothing_breaks(self, story: Story) -> None:
        story.effective(LABOUR)
        it = clocks(DEADLINES, story.case, Calendar(()), date(2026, 11, 23))
        assert {c.state for c in it} <= {ClockState.UNDATED, ClockState.MET, ClockState.OVER}
        assert [*due_days(DEADLINES, story.case, Calendar(()))] == []

    def test_an_application_for_confirmation_that_was_taken_back_counts_as_none(self, story: Story) -> None:
        story.effective()
        story.do(FileProceeding(kind=ProceedingKind.JUDICIAL, agreement="agreement/1", applicants=BOTH))
        story.do(WithdrawProceeding(), "proceeding/1")
        assert state(story, "judicial_window") is ClockState.RUNNING
