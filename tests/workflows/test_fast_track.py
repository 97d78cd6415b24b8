"""速调 as the law and the room's policy want it."""

from __future__ import annotations

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.errors import CommandNotAllowed, GuardRefused
from workflows.facts import Term
from workflows.parts.agreement import AdoptOrally, AffixSeal, AmendAgreement, ReachAgreement, SignAsMediator
from workflows.parts.block import RecordTalk
from workflows.parts.confirmation import DisownConfirmation, RatifyConfirmation
from workflows.parts.issue import DisposeIssue, RaiseIssue
from workflows.parts.obligation import RecordBreach, RecordPerformance
from workflows.parts.party import RecordConsent, RefuseMediation, TellRemedies, TellRights, Told
from workflows.parts.payment import DisputePayment, RecordPayment, StrikePayment
from workflows.parts.proceeding import FileProceeding, RecordConfirmed
from workflows.parts.session import Guest, GuestRole, RecordSession, ScheduleSession
from workflows.phases.endings import Ground, TerminateMediation, WithdrawApplication
from workflows.phases.follow_up import CloseAsPerformed, CloseNamingRemainder, ReopenTalks
from workflows.phases.intake import AcceptCase, DeclineCase, Declining
from workflows.vocabulary import Disposition, Elsewhere, ProceedingKind, SigningManner, Source, TermKind

from ..support.story import PAY, Story

pytestmark = pytest.mark.quick

BOTH = ("party/1", "party/2")


def codes(refused: pytest.ExceptionInfo[GuardRefused]) -> set[str]:
    return {r.code for r in refused.value.refusals}


def defects(story: Story, version: int = -1) -> set[str]:
    return {d.code for d in story.lines[version].defects}


class TestIntake:
    def test_a_registered_case_has_its_parties_and_one_issue_between_them(self, story: Story) -> None:
        case = story.registered().case
        assert list(case.facts.parties) == ["party/1", "party/2"]
        assert case.facts.issues["issue/1"].parties == BOTH

    def test_acceptance_gives_the_next_number_of_room_year_and_track(self, story: Story) -> None:
        assert story.accepted().case.facts.number == "（2026）永开人调字第0001号"
        other = Story(story.store, story.clock, "A2").accepted()
        assert other.case.facts.number == "（2026）永开人调字第0002号"
        labour = Story(story.store, story.clock, "A3").accepted("labour_mediation")
        assert labour.case.facts.number == "（2026）永开劳调字第0001号"

    def test_a_mediator_does_not_accept(self, story: Story) -> None:
        with pytest.raises(CommandNotAllowed, match="室主任"):
            story.registered().do(AcceptCase())

    def test_what_a_court_has_taken_on_is_registered_but_not_accepted(self, story: Story) -> None:
        story.registered(elsewhere=Elsewhere.COURT)
        with pytest.raises(GuardRefused) as refused:
            story.do(AcceptCase(), by=Office.LEAD)
        assert codes(refused) == {"not_taken_elsewhere"}

    def test_unless_the_court_itself_sent_it(self, story: Story) -> None:
        story.registered(elsewhere=Elsewhere.COURT, sent_by_it=True).do(AcceptCase(), by=Office.LEAD)
        assert story.state("intake/1") == "accepted"

    def test_proactive_labour_mediation_needs_both_consents_first(self, story: Story) -> None:
        story.registered("labour_mediation", source=Source.PROACTIVE)
        story.do(RecordConsent(), "party/1")
        with pytest.raises(GuardRefused) as refused:
            story.do(AcceptCase(), by=Office.LEAD)
        assert refused.value.refusals[0].about == ("party/2",)
        story.do(RecordConsent(), "party/2")
        story.do(AcceptCase(), by=Office.LEAD)

    def test_proactive_peoples_mediation_needs_only_that_nobody_refuses(self, story: Story) -> None:
        story.registered(source=Source.PROACTIVE).do(RefuseMediation(), "party/2")
        with pytest.raises(GuardRefused):
            story.do(AcceptCase(), by=Office.LEAD)
        story.do(RecordConsent(), "party/2")
        story.do(AcceptCase(), by=Office.LEAD)

    def test_a_declined_case_is_closed(self, story: Story) -> None:
        story.registered().do(DeclineCase(reason=Declining.REFUSED), by=Office.LEAD)
        with pytest.raises(CommandNotAllowed, match="案件已经结束"):
            story.do(RecordTalk(party="party/1"))

    def test_an_application_can_be_withdrawn_before_and_after_acceptance(self, story: Story) -> None:
        story.registered().do(WithdrawApplication())
        assert story.case.facts.closed == "withdrawn"
        other = Story(story.store, story.clock, "A2").accepted()
        other.do(WithdrawApplication())
        assert other.state("mediation/1") == "withdrawn"


class TestSessions:
    def test_a_session_with_somebody_who_refuses_is_not_scheduled(self, story: Story) -> None:
        story.accepted().do(RefuseMediation(), "party/2")
        with pytest.raises(GuardRefused) as refused:
            story.do(ScheduleSession())
        assert codes(refused) == {"nobody_refuses"}

    def test_but_one_that_took_place_is_recorded_with_its_defects(self, story: Story) -> None:
        story.accepted().do(RefuseMediation(), "party/2")
        story.do(RecordSession(attended=BOTH))
        assert defects(story) == {"nobody_refuses", "rights_told"}

    def test_where_nobody_says_who_came_it_cannot_be_judged(self, story: Story) -> None:
        story.accepted().do(RecordSession())
        marks = {d.code: d.unjudged for d in story.lines[-1].defects}
        assert marks == {"rights_told": True}

    def test_rights_told_before_or_at_the_opening_leave_no_defect(self, story: Story) -> None:
        story.accepted().do(RecordSession(attended=BOTH, rights_told=True))
        assert defects(story) == set()
        story.do(RecordSession(attended=BOTH))
        assert defects(story) == set()

    def test_a_notice_that_reached_nobody_does_not_count(self, story: Story) -> None:
        story.accepted().do(TellRights(manner=Told.UNREACHABLE), *BOTH)
        story.do(RecordSession(attended=BOTH))
        assert defects(story) == {"rights_told"}

    def test_outsiders_need_the_consent_of_everyone_at_the_table(self, story: Story) -> None:
        guest = Guest(person="neighbour", role=GuestRole.RELATIVE, agreed_by=("party/1",))
        with pytest.raises(GuardRefused) as refused:
            story.accepted().do(ScheduleSession(guests=(guest,)))
        assert codes(refused) == {"outsiders_agreed_to"}
        assert refused.value.refusals[0].about == ("party/2",)

    def test_talks_apart_go_on_with_a_party_that_refuses_to_meet(self, story: Story) -> None:
        story.accepted().do(RefuseMediation(), "party/2")
        story.do(RecordTalk(party="party/2", said=Text("不来")))
        assert story.state("block/1") == "open"

    def test_two_talks_with_one_party_belong_to_one_block(self, story: Story) -> None:
        story.accepted().do(RecordTalk(party="party/1"))
        story.do(RecordTalk(party="party/1"))
        with pytest.raises(GuardRefused, match="本人名下"):
            story.do(RecordTalk(party="party/2"), "block/1")
        assert story.case.facts.blocks["block/1"].talks == 2


class TestAgreements:
    def test_effect_needs_every_signature_the_mediators_and_the_seal(self, story: Story) -> None:
        story.drafted().confirm("confirmation/1")
        with pytest.raises(GuardRefused) as refused:
            story.do(AffixSeal(), "agreement/1", by=Office.LEAD)
        assert codes(refused) == {"all_confirmed", "mediator_signed"}
        story.confirm("confirmation/2")
        story.do(SignAsMediator(), "agreement/1")
        assert story.state("agreement/1") == "drafted"
        story.do(AffixSeal(), "agreement/1", by=Office.LEAD)
        assert story.state("agreement/1") == "effective"

    def test_the_last_act_brings_obligations_visits_and_the_follow_up_in_the_same_commit(self, story: Story) -> None:
        story.effective()
        last = [line for line in story.lines if line.command_id == story.lines[-1].command_id]
        assert [line.event for line in last] == [
            "SealAffixed",
            "AgreementTookEffect",
            "ObligationCreated",
            "VisitFellDue",
            "VisitFellDue",
            "VisitFellDue",
            "IssueSettled",
            "TalksConcluded",
            "PhaseEntered",
        ]
        assert story.case.phase == "follow_up/1"

    def test_effect_is_dated_by_the_last_act_and_unreported_where_an_act_is(self, story: Story) -> None:
        story.drafted().confirm("confirmation/1", "confirmation/2")
        story.do(SignAsMediator(), "agreement/1", at="2026-11-23")
        story.do(AffixSeal(), "agreement/1", by=Office.LEAD, at="..")
        effective = story.case.facts.agreements["agreement/1"].effective
        assert effective is not None
        assert effective.text == ".."

    def test_an_amended_text_voids_the_confirmations_and_asks_again(self, story: Story) -> None:
        story.drafted().confirm("confirmation/1")
        story.do(AmendAgreement(words=Text("写明白些")), "agreement/1")
        states = {k: story.state(k) for k in story.case.of("confirmation")}
        assert list(states.values()) == ["void", "void", "awaited", "awaited"]

    def test_a_confirmation_of_another_text_is_refused(self, story: Story) -> None:
        old = story.drafted().case.facts.agreements["agreement/1"].text_hash
        story.do(AmendAgreement(words=Text("写明白些")), "agreement/1")
        assert story.case.facts.agreements["agreement/1"].text_hash != old
        from workflows.parts.confirmation import ConfirmAgreement

        with pytest.raises(GuardRefused, match="重新看过"):
            story.do(ConfirmAgreement(manner=SigningManner.SIGNATURE, text_hash=old or ""), "confirmation/3")

    def test_on_the_labour_track_a_fingerprint_is_recorded_but_does_not_bring_effect(self, story: Story) -> None:
        story.drafted("labour_mediation").confirm("confirmation/1", manner=SigningManner.FINGERPRINT)
        assert defects(story) == {"manner_counts"}
        story.confirm("confirmation/2")
        story.do(SignAsMediator(), "agreement/1")
        with pytest.raises(GuardRefused) as refused:
            story.do(AffixSeal(), "agreement/1", by=Office.LEAD)
        assert refused.value.refusals[0].about == ("party/1",)

    def test_on_the_peoples_track_a_fingerprint_counts(self, story: Story) -> None:
        story.drafted().confirm("confirmation/1", "confirmation/2", manner=SigningManner.FINGERPRINT)
        story.do(SignAsMediator(), "agreement/1")
        story.do(AffixSeal(), "agreement/1", by=Office.LEAD)
        assert story.state("agreement/1") == "effective"

    def test_an_agent_without_special_authority_leaves_the_confirmation_held(self, story: Story) -> None:
        agent = story.drafted().acting_for("party/1", settle=False)
        story.confirm("confirmation/1", capacity=agent)
        assert story.state("confirmation/1") == "held"
        story.do(DisownConfirmation(), "confirmation/1")
        assert story.state("confirmation/1") == "awaited"
        story.confirm("confirmation/1", capacity=agent)
        story.do(RatifyConfirmation(), "confirmation/1")
        assert story.state("confirmation/1") == "given"

    def test_an_oral_agreement_takes_effect_on_the_day_it_was_reached(self, story: Story) -> None:
        story.accepted().do(ReachAgreement(terms=(PAY,)), at="2026-11-20")
        story.do(AdoptOrally(), "agreement/1", at="2026-11-22")
        effective = story.case.facts.agreements["agreement/1"].effective
        assert effective is not None
        assert effective.text == "2026-11-20"

    def test_there_is_no_oral_agreement_on_the_labour_track(self, story: Story) -> None:
        story.accepted("labour_mediation").do(ReachAgreement(terms=(PAY,)))
        with pytest.raises(GuardRefused, match="书面"):
            story.do(AdoptOrally(), "agreement/1")

    def test_talks_go_on_about_an_issue_the_agreement_leaves_open(self, story: Story) -> None:
        story.accepted().do(RaiseIssue(between=BOTH, matter=Text("加班费")))
        story.do(ReachAgreement(terms=(PAY,), issues=("issue/1",)))
        story.do(AdoptOrally(), "agreement/1")
        assert story.case.phase == "mediation/1"
        assert story.state("issue/1") == "settled"
        story.do(DisposeIssue(disposition=Disposition.ARBITRATION), "issue/2")
        assert story.case.phase == "follow_up/1"

    def test_a_court_ruling_makes_it_binding_whatever_papers_are_on_record(self, story: Story) -> None:
        story.accepted().do(ReachAgreement(terms=(PAY,)))
        story.do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement="agreement/1"))
        assert story.state("agreement/1") == "effective"

    def test_confirmation_is_applied_for_only_when_the_agreement_is_in_effect(self, story: Story) -> None:
        story.drafted()
        with pytest.raises(GuardRefused, match="须先生效"):
            story.do(FileProceeding(kind=ProceedingKind.JUDICIAL, agreement="agreement/1"))


class TestPerformance:
    def test_payment_in_full_performs_the_obligation_and_the_agreement(self, story: Story) -> None:
        story.effective().do(RecordPayment(obligation="obligation/1", amount=1_000_000))
        assert story.state("obligation/1") == "pending"
        story.do(RecordPayment(obligation="obligation/1", amount=200_000))
        assert story.state("agreement/1") == "performed"
        story.do(CloseAsPerformed())
        assert story.case.facts.closed == "performed"
        assert {story.state(k) for k in story.case.of("visit")} == {"scheduled"}

    def test_money_paid_before_any_paper_counts_once_there_is_an_obligation(self, story: Story) -> None:
        story.accepted().do(ReachAgreement(terms=(PAY,)))
        story.do(RecordPayment(agreement="agreement/1", amount=1_200_000))
        story.do(AdoptOrally(), "agreement/1")
        assert story.state("obligation/1") == "performed"

    def test_a_disputed_payment_counts_no_longer(self, story: Story) -> None:
        story.effective().do(RecordPayment(obligation="obligation/1", amount=1_200_000))
        story.do(DisputePayment(), "payment/1")
        assert story.state("obligation/1") == "pending"
        assert story.state("agreement/1") == "effective"
        story.do(StrikePayment(), "payment/1")
        with pytest.raises(GuardRefused, match="须已履行完毕"):
            story.do(CloseAsPerformed())

    def test_a_breach_is_cured_by_paying(self, story: Story) -> None:
        story.effective().do(RecordBreach(), "obligation/1")
        assert defects(story) == {"is_overdue"}
        story.do(RecordPayment(obligation="obligation/1", amount=1_200_000))
        assert story.state("obligation/1") == "performed"

    def test_performance_of_an_unreported_sum_is_recorded_in_words(self, story: Story) -> None:
        story.effective(terms=(Term(words=Text("按工时结清"), kind=TermKind.PAY),))
        story.do(RecordPerformance(), "obligation/1")
        assert defects(story) == set()
        assert story.state("agreement/1") == "performed"

    def test_breach_talks_again_a_second_agreement_replaces_the_first(self, story: Story) -> None:
        story.effective().do(RecordBreach(), "obligation/1")
        with pytest.raises(GuardRefused, match="须选择"):
            story.do(ReopenTalks())
        story.do(ReopenTalks(issues=("issue/1",)))
        assert story.case.phase == "mediation/2"
        assert story.state("issue/1") == "open"
        story.do(ReachAgreement(terms=(PAY,), replaces="agreement/1"))
        story.do(AdoptOrally(), "agreement/2")
        assert story.state("agreement/1") == "superseded"
        assert story.state("obligation/1") == "lapsed"
        assert story.case.phase == "follow_up/2"

    def test_what_outlives_the_case_is_named_at_closing(self, story: Story) -> None:
        story.effective(terms=(PAY, Term(words=Text("伤愈后调岗"), kind=TermKind.CONTINGENT)))
        story.do(RecordPayment(obligation="obligation/1", amount=1_200_000))
        with pytest.raises(GuardRefused):
            story.do(CloseAsPerformed())
        with pytest.raises(GuardRefused, match="须写明"):
            story.do(CloseNamingRemainder(remainder=Text("")))
        story.do(CloseNamingRemainder(remainder=Text("伤愈后调岗，届时走访")))
        assert story.case.facts.closed == "remainder"

    def test_a_default_is_not_closed_over_without_notice_of_the_remedies(self, story: Story) -> None:
        story.effective()
        with pytest.raises(GuardRefused) as refused:
            story.do(CloseNamingRemainder(remainder=Text("未付")))
        assert codes(refused) == {"remedies_told_on_default"}
        story.do(TellRemedies(), *BOTH)
        story.do(CloseNamingRemainder(remainder=Text("未付，已告知起诉")))

    def test_money_that_moves_after_closing_can_still_be_recorded(self, story: Story) -> None:
        story.effective().do(TellRemedies(), *BOTH)
        story.do(CloseNamingRemainder(remainder=Text("未付")))
        story.do(RecordPayment(obligation="obligation/1", amount=1_200_000))
        assert story.state("obligation/1") == "performed"


class TestTermination:
    def test_mediation_ends_only_after_everyone_is_told_the_remedies(self, story: Story) -> None:
        story.accepted().do(TellRemedies(), "party/1")
        with pytest.raises(GuardRefused) as refused:
            story.do(TerminateMediation(ground=Ground.NO_AGREEMENT), by=Office.LEAD)
        assert refused.value.refusals[0].about == ("party/2",)

    def test_somebody_who_could_not_be_reached_is_a_recorded_attempt(self, story: Story) -> None:
        story.accepted().do(TellRemedies(), "party/1")
        story.do(TellRemedies(manner=Told.UNREACHABLE), "party/2")
        story.do(TerminateMediation(ground=Ground.NO_AGREEMENT), by=Office.LEAD)
        assert story.case.facts.closed == "failed"
