"""五方会诊: talks apart, five parties at one table, follow-up; and what may happen in any of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mediation_engine.decisions.closing import missing
from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.errors import GuardRefused, OutsideOwnRemit
from mediation_engine.services.maintenance import audit_store
from workflows.facts import Term
from workflows.parts.agreement import AdoptOrally, ReachAgreement, ReportPerformance
from workflows.parts.block import MarkReady, RecordTalk
from workflows.parts.cohort import CorrectCount, DeclareCohort, EndCohort, SplitCohort
from workflows.parts.extension import JoinExtension, RecordExtension
from workflows.parts.grading import ChangeTrack, SetGrade
from workflows.parts.host import AddCoHost, HandOverCase
from workflows.parts.member import (
    AcceptMember,
    DiscloseConflict,
    InviteMember,
    NameStandIn,
    RecordMember,
    RecuseMember,
    SeatMember,
)
from workflows.parts.party import DeclareListComplete, JoinCase, LeaveCase, Leaving
from workflows.parts.payment import RecordPayment
from workflows.parts.prior_attempt import AttemptResult, RecordAttempt
from workflows.parts.proceeding import FileProceeding, RecordDecided
from workflows.parts.risk import EaseRisk, RaiseRisk, Receiver, ReportRisk
from workflows.parts.session import Attendance, RecordNotHeld, RecordSession, ScheduleSession
from workflows.parts.suspension import Cause, ResumeCase, SuspendCase
from workflows.phases.consultation import ReturnToBlocks
from workflows.phases.coordination import ConveneConsultation
from workflows.phases.endings import RecordReapplication
from workflows.phases.follow_up import CloseAsPerformed, ReopenTalks
from workflows.phases.intake import AcceptCase
from workflows.phases.mediation import RaiseToConsultation
from workflows.vocabulary import (
    Ability,
    AuthorityPaper,
    CapacityKind,
    CohortOutcome,
    Conflict,
    Danger,
    Extent,
    Grade,
    Presence,
    ProceedingEffect,
    ProceedingKind,
    Source,
    TermKind,
)

from ..support.story import BELOW, NOW, PAY, Story, register

pytestmark = pytest.mark.quick

BOTH = ("party/1", "party/2")
FOUR_FIXED = {"topic": Text("工资"), "planned": date(2026, 11, 25), "plan": Text("先核账，再谈分期")}
ROLES = ("host", "justice", "department", "mentor")


def codes(refused: pytest.ExceptionInfo[GuardRefused]) -> set[str]:
    return {r.code for r in refused.value.refusals}


@pytest.fixture
def panel(story: Story) -> Story:
    """A case accepted for a joint consultation."""
    story.do(register("labour_mediation", in_zone=True), workflow="consultation_2026")
    story.do(AcceptCase(), by=Office.LEAD)
    return story


def seated(story: Story) -> tuple[str, ...]:
    """One member for each institution, agreed to by both parties."""
    for role in ROLES:
        story.do(RecordMember(role=role, person=f"body-{role}", agreed_by=BOTH))
    return tuple(story.case.of("member"))


def clean(story: Story) -> bool:
    return all(f.known for _, found in audit_store(story.store, story.door.catalogue) for f in found)


class TestAdmission:
    @pytest.mark.parametrize(
        ("given", "admitted"),
        [
            ({"in_zone": True}, True),
            ({"source": Source.SUPERIOR}, True),
            ({}, False),
        ],
    )
    def test_a_labour_case_comes_from_the_zone_or_from_above(
        self, story: Story, given: dict[str, object], admitted: bool
    ) -> None:
        story.do(register("labour_mediation", **given), workflow="consultation_2026")
        if admitted:
            story.do(AcceptCase(), by=Office.LEAD)
            assert story.case.phase == "coordination/1"
        else:
            with pytest.raises(GuardRefused, match="上级交办"):
                story.do(AcceptCase(), by=Office.LEAD)

    def test_the_lead_may_set_policy_aside_with_a_reason_never_law(self, story: Story) -> None:
        from workflows.vocabulary import Elsewhere

        story.do(register(elsewhere=Elsewhere.COURT), workflow="consultation_2026")
        waives = {"admitted": Text("管委会会议决定"), "not_taken_elsewhere": Text("法院说可以")}
        with pytest.raises(GuardRefused) as refused:
            story.do(AcceptCase(), by=Office.LEAD, waives=waives)
        assert codes(refused) == {"not_taken_elsewhere"}

    def test_what_was_set_aside_stands_on_the_line_with_its_reason_sealed(self, story: Story) -> None:
        story.do(register("labour_mediation"), workflow="consultation_2026")
        story.do(AcceptCase(), by=Office.LEAD, waives={"admitted": Text("管委会会议决定")})
        line = story.lines[5]
        (defect,) = [d for d in line.defects if d.code == "admitted"]
        assert defect.waived is not None
        assert "管委会" not in defect.waived
        assert "管委会会议决定" in story.door.words("A1", Office.AUDITOR).values()
        assert clean(story)


class TestApartAndTogether:
    def test_the_consultation_is_convened_when_every_block_has_an_end(self, panel: Story) -> None:
        panel.do(RecordTalk(party="party/1"))
        with pytest.raises(GuardRefused, match="分头沟通的各方"):
            panel.do(ConveneConsultation())
        panel.do(MarkReady(), "block/1")
        panel.do(ConveneConsultation())
        assert panel.case.phase == "consultation/1"

    def test_a_joint_session_without_separate_talks_brings_the_parties_together(self, panel: Story) -> None:
        panel.do(RecordSession())
        assert panel.case.phase == "consultation/1"

    def test_after_a_failed_table_the_talks_go_apart_and_together_again(self, panel: Story) -> None:
        panel.do(RecordSession())
        panel.do(ReturnToBlocks())
        assert panel.case.phase == "coordination/2"
        panel.do(RecordSession())
        assert panel.case.phase == "consultation/2"

    def test_an_agreement_reached_in_the_blocks_needs_no_table(self, story: Story) -> None:
        story.do(register(in_zone=True, weighty=True), workflow="consultation_2026")
        story.do(AcceptCase(), by=Office.LEAD)
        story.do(ReachAgreement(terms=(PAY,)))
        story.do(AdoptOrally(), "agreement/1")
        assert story.case.phase == "follow_up/1"
        assert story.state("coordination/1") == "settled"

    def test_a_meeting_that_did_not_come_about_is_no_refusal_and_no_round(self, panel: Story) -> None:
        panel.do(RecordNotHeld(reason=Text("承包人没来")))
        assert panel.case.phase == "coordination/1"
        assert panel.case.facts.sessions_held() == 0

    def test_a_fast_track_case_can_be_raised(self, story: Story) -> None:
        story.accepted().do(RecordSession())
        story.do(RaiseToConsultation(), by=Office.LEAD)
        assert story.case.phase == "coordination/1"
        story.do(RecordSession())
        assert story.case.phase == "consultation/1"
        assert clean(story)

    def test_a_resting_case_is_applied_for_again_without_a_new_registration(self, panel: Story) -> None:
        panel.do(RecordReapplication(note=Text("九月中旬再次申请")))
        assert panel.case.phase == "coordination/1"

    def test_talks_begin_again_after_a_breach(self, story: Story) -> None:
        story.do(register(in_zone=True, weighty=True), workflow="consultation_2026")
        story.do(AcceptCase(), by=Office.LEAD)
        story.do(ReachAgreement(terms=(PAY,)))
        story.do(AdoptOrally(), "agreement/1")
        story.do(ReopenTalks(issues=("issue/1",)))
        assert story.case.phase == "coordination/2"


class TestTheFiveParties:
    def convened(self, panel: Story) -> tuple[str, ...]:
        members = seated(panel)
        panel.do(ConveneConsultation())
        return members

    def test_a_session_of_the_panel_needs_the_four_and_the_five(self, panel: Story) -> None:
        self.convened(panel)
        with pytest.raises(GuardRefused) as refused:
            panel.do(ScheduleSession())
        assert codes(refused) == {"four_fixed", "quorum"}

    def test_with_them_it_is_scheduled(self, panel: Story) -> None:
        panel.do(ScheduleSession(members=self.convened(panel), **FOUR_FIXED))
        assert panel.state("session/1") == "scheduled"

    @pytest.mark.parametrize(
        ("presence", "reason", "enough"),
        [
            (Presence.PRESENT, None, True),
            (Presence.WRITTEN, None, True),
            (Presence.EXCUSED, Text("出庭"), True),
            (Presence.EXCUSED, None, False),
            (Presence.ABSENT, Text("忘了"), False),
        ],
    )
    def test_quorum_is_role_by_role(self, panel: Story, presence: Presence, reason: Text | None, enough: bool) -> None:
        *others, mentor = self.convened(panel)
        there = [Attendance(member=m) for m in others]
        there.append(Attendance(member=mentor, presence=presence, reason=reason))
        panel.do(RecordSession(attended=BOTH, attendance=tuple(there), rights_told=True))
        marked = {d.code for d in panel.lines[-1].defects}
        assert ("quorum" not in marked) == enough

    def test_a_recused_member_does_not_count(self, panel: Story) -> None:
        members = self.convened(panel)
        panel.do(RecuseMember(reason=Text("与一方是亲属")), members[-1])
        with pytest.raises(GuardRefused) as refused:
            panel.do(ScheduleSession(members=members, **FOUR_FIXED))
        assert "quorum" in codes(refused)

    def test_a_stand_in_needs_written_authority_and_an_end(self, panel: Story) -> None:
        members = seated(panel)
        with pytest.raises(GuardRefused, match="书面授权"):
            panel.do(NameStandIn(person="deputy"), members[0])
        panel.do(NameStandIn(person="deputy", until=date(2026, 12, 1), authority=Text("委托书")), members[0])
        assert panel.case.facts.members[members[0]].stand_in_until == date(2026, 12, 1)

    @pytest.mark.parametrize(("day", "counts"), [("2026-11-20", True), ("2026-11-21", False)])
    def test_a_stand_in_counts_until_its_end(self, panel: Story, day: str, counts: bool) -> None:
        members = self.convened(panel)
        panel.do(NameStandIn(person="deputy", until=date(2026, 11, 20), authority=Text("委托书")), members[0])
        there = tuple(Attendance(member=m, by_stand_in=m == members[0]) for m in members)
        panel.do(RecordSession(attended=BOTH, attendance=there, rights_told=True), at=day)
        assert ("quorum" not in {d.code for d in panel.lines[-1].defects}) == counts

    def test_an_invited_member_joins_with_everyones_consent(self, panel: Story) -> None:
        panel.do(InviteMember(role="mentor", person="elder", agreed_by=("party/1",)))
        with pytest.raises(GuardRefused, match="同意"):
            panel.do(SeatMember(), "member/1")
        panel.do(SeatMember(agreed_by=("party/2",)), "member/1")
        assert panel.state("member/1") == "seated"

    def test_a_role_nobody_installed_has_no_seat(self, panel: Story) -> None:
        with pytest.raises(GuardRefused, match="本机安装"):
            panel.do(InviteMember(role="chamber", person="x"))


class TestConflictsOfInterest:
    """Informed parties may still accept; otherwise the member is recused, and until then counts for nothing."""

    def disclosed(self, panel: Story) -> tuple[str, ...]:
        members = seated(panel)
        panel.do(ConveneConsultation())
        panel.do(DiscloseConflict(conflict=Conflict.KIN, told=Text("与厂方老板是表兄弟")), members[-1])
        return members

    def test_a_session_is_not_planned_with_a_member_whose_conflict_nobody_has_accepted(self, panel: Story) -> None:
        members = self.disclosed(panel)
        with pytest.raises(GuardRefused) as refused:
            panel.do(ScheduleSession(members=members, **FOUR_FIXED))
        assert codes(refused) == {"conflicts_accepted", "quorum"}
        (about,) = [r.about for r in refused.value.refusals if r.code == "conflicts_accepted"]
        assert about == (members[-1],)

    def test_every_disputant_has_to_accept_and_who_did_is_recorded(self, panel: Story) -> None:
        members = self.disclosed(panel)
        panel.do(AcceptMember(accepted_by=("party/1",)), members[-1])
        with pytest.raises(GuardRefused):
            panel.do(ScheduleSession(members=members, **FOUR_FIXED))
        panel.do(AcceptMember(accepted_by=("party/2",)), members[-1])
        panel.do(ScheduleSession(members=members, **FOUR_FIXED))
        assert panel.case.facts.members[members[-1]].accepted_by == BOTH
        assert panel.state(members[-1]) == "seated"
        assert clean(panel)

    def test_accepted_it_counts_for_quorum(self, panel: Story) -> None:
        members = self.disclosed(panel)
        panel.do(AcceptMember(accepted_by=BOTH), members[-1])
        panel.do(RecordSession(attended=BOTH, attendance=tuple(Attendance(member=m) for m in members)))
        assert {d.code for d in panel.lines[-1].defects} == {"rights_told"}

    def test_a_session_with_it_that_took_place_is_recorded_with_a_defect(self, panel: Story) -> None:
        members = self.disclosed(panel)
        there = tuple(Attendance(member=m) for m in members)
        panel.do(RecordSession(attended=BOTH, attendance=there, rights_told=True))
        assert {d.code for d in panel.lines[-1].defects} == {"conflicts_accepted", "quorum"}

    def test_somebody_absent_or_represented_by_another_brings_no_conflict_to_the_table(self, panel: Story) -> None:
        members = self.disclosed(panel)
        panel.do(NameStandIn(person="deputy", until=date(2026, 12, 1), authority=Text("委托书")), members[-1])
        there = tuple(Attendance(member=m, by_stand_in=m == members[-1]) for m in members)
        panel.do(RecordSession(attended=BOTH, attendance=there, rights_told=True))
        assert not panel.lines[-1].defects

    def test_only_those_whose_issue_is_on_the_table_are_asked(self, panel: Story) -> None:
        from workflows.vocabulary import Side

        members = self.disclosed(panel)
        panel.do(JoinCase(person="other", side=Side.APPLICANT))
        panel.do(AcceptMember(accepted_by=BOTH), members[-1])
        there = tuple(Attendance(member=m) for m in members)
        panel.do(RecordSession(attended=BOTH, attendance=there, issues=("issue/1",), rights_told=True))
        assert "conflicts_accepted" not in {d.code for d in panel.lines[-1].defects}
        panel.do(RecordSession(attended=BOTH, attendance=there))
        assert "conflicts_accepted" in {d.code for d in panel.lines[-1].defects}

    def test_what_comes_to_light_later_has_not_been_accepted(self, panel: Story) -> None:
        members = self.disclosed(panel)
        panel.do(AcceptMember(accepted_by=BOTH), members[-1])
        panel.do(DiscloseConflict(conflict=Conflict.INTEREST), members[-1])
        assert panel.case.facts.members[members[-1]].accepted_by == ()

    def test_accepting_what_has_not_been_disclosed_is_marked(self, panel: Story) -> None:
        members = seated(panel)
        panel.do(AcceptMember(accepted_by=BOTH), members[0])
        assert {d.code for d in panel.lines[-1].defects} == {"conflict_disclosed"}

    def test_an_invited_member_in_conflict_is_not_seated_until_accepted(self, panel: Story) -> None:
        panel.do(InviteMember(role="mentor", person="elder", agreed_by=BOTH))
        panel.do(DiscloseConflict(conflict=Conflict.OTHER), "member/1")
        with pytest.raises(GuardRefused, match="知情同意"):
            panel.do(SeatMember(), "member/1")
        panel.do(AcceptMember(accepted_by=BOTH), "member/1")
        panel.do(SeatMember(), "member/1")

    def test_the_rule_is_policy_and_the_lead_may_set_it_aside_with_a_reason(self, panel: Story) -> None:
        members = self.disclosed(panel)
        waives = {"conflicts_accepted": Text("仅提供事实，不发表意见"), "quorum": Text("同上")}
        panel.do(ScheduleSession(members=members, **FOUR_FIXED), by=Office.LEAD, waives=waives)
        assert {d.code for d in panel.lines[-1].defects if d.waived} == {"conflicts_accepted", "quorum"}


class TestInAnyPhase:
    def test_hundreds_of_claimants_are_counted_split_and_answered_before_closing(self, story: Story) -> None:
        story.do(register(in_zone=True, weighty=True), workflow="consultation_2026")
        story.do(AcceptCase(), by=Office.LEAD)
        story.do(DeclareCohort(party="party/1", count=18))
        story.do(CorrectCount(count=32), "cohort/1")
        story.do(SplitCohort(of="cohort/1", count=14))
        counts = {k: c.count for k, c in story.case.facts.cohorts.items()}
        assert counts == {"cohort/1": 18, "cohort/2": 14}
        story.do(ReachAgreement(terms=(PAY,)))
        story.do(AdoptOrally(), "agreement/1")
        story.do(RecordPayment(obligation="obligation/1", amount=1_200_000))
        with pytest.raises(GuardRefused) as refused:
            story.do(CloseAsPerformed())
        assert refused.value.refusals[0].about == ("cohort/1", "cohort/2")
        story.do(EndCohort(outcome=CohortOutcome.PAID), "cohort/1", "cohort/2")
        with pytest.raises(GuardRefused, match="名单"):
            story.do(CloseAsPerformed())
        story.do(DeclareListComplete(), "party/1")
        story.do(CloseAsPerformed())
        assert story.case.facts.closed == "performed"

    def test_while_a_case_is_suspended_nothing_is_arranged_but_what_happens_is_recorded(self, story: Story) -> None:
        story.accepted().do(SuspendCase(cause=Cause.APPRAISAL), by=Office.LEAD)
        with pytest.raises(GuardRefused, match="中止"):
            story.do(ScheduleSession())
        story.do(RecordSession())
        story.do(ResumeCase(), "suspension/1", by=Office.LEAD)
        story.do(ScheduleSession())

    def test_a_risk_is_raised_and_reported_beside_everything_else(self, story: Story) -> None:
        story.registered().do(RaiseRisk(danger=Danger.PETITION, signs=Text("扬言上访")))
        assert "risk/1" in [n.key for n in missing(self.rules(story), story.case, NOW.date())]
        story.do(ReportRisk(receiver=Receiver.POLICE), "risk/1")
        story.do(EaseRisk(), "risk/1")
        assert story.state("risk/1") == "eased"

    def rules(self, story: Story):  # type: ignore[no-untyped-def]
        return story.door.catalogue.named(story.case.workflow)

    def test_the_host_hands_the_case_over_and_keeps_its_number(self, story: Story) -> None:
        story.accepted().do(AddCoHost(organisation="other"))
        number = story.case.facts.number
        story.do(HandOverCase(organisation="other"), by=Office.LEAD)
        assert (story.case.facts.organisation, story.case.facts.number) == ("other", number)
        with pytest.raises(GuardRefused, match="没有登记过"):
            story.do(HandOverCase(organisation="elsewhere"), by=Office.LEAD)
        with story.store.write() as unit:
            unit.register.put_organisation(replace(BELOW, id="elsewhere", parent=None))
        story.do(HandOverCase(organisation="elsewhere"), by=Office.LEAD)
        assert story.state("host/2") == "handed_over"
        with pytest.raises(OutsideOwnRemit):
            story.do(RecordTalk(party="party/1"))
        assert clean(story)

    def test_grade_and_track_change_with_a_reason(self, story: Story) -> None:
        story.accepted("labour_mediation").do(SetGrade(grade=Grade.GENERAL))
        with pytest.raises(GuardRefused, match="理由"):
            story.do(SetGrade(grade=Grade.MAJOR), "grading/1")
        story.do(SetGrade(grade=Grade.MAJOR, reason=Text("有人死亡")), "grading/1")
        track = ChangeTrack(track="people_mediation", reason=Text("实为承揽"))
        story.do(track, "grading/1", by=Office.LEAD)
        assert (story.case.facts.grade, story.case.facts.track) == (Grade.MAJOR, "people_mediation")

    def test_heirs_step_in_for_somebody_who_dies(self, story: Story) -> None:
        from workflows.vocabulary import Side

        story.accepted().do(JoinCase(person="heirs", side=Side.APPLICANT, kind=PartyKind.GROUP, count=None))
        story.do(LeaveCase(reason=Leaving.SUCCEEDED, successor="party/3"), "party/1")
        assert story.state("party/1") == "left"
        story.do(RecordSession(attended=("party/2", "party/3"), rights_told=True))
        assert not story.lines[-1].defects

    def test_somebody_elses_attempt_trips_no_rule_of_ours(self, story: Story) -> None:
        story.registered().do(RecordAttempt(body=Text("村委会"), result=AttemptResult.BREACHED))
        assert not story.lines[-1].defects
        assert story.case.phase == "intake/1"

    def test_instalments_are_summed_at_the_leaves(self, story: Story) -> None:
        whole = Term(words=Text("共两万"), kind=TermKind.PAY, amount=2_000_000)
        parts = tuple(
            Term(words=Text(f"第{n}期"), kind=TermKind.PAY, amount=1_000_000, part_of=1, due=date(2026, 12, n))
            for n in (1, 2)
        )
        story.accepted().do(ReachAgreement(terms=(whole, *parts), amount=2_000_000))
        assert not story.lines[-1].defects
        assert story.case.facts.agreements["agreement/1"].total == 2_000_000

    def test_a_judgment_a_year_after_closing_sets_the_agreement_aside(self, story: Story) -> None:
        story.effective().do(RecordPayment(obligation="obligation/1", amount=1_200_000))
        story.do(CloseAsPerformed())
        story.do(
            FileProceeding(kind=ProceedingKind.LITIGATION, agreement="agreement/1", by="party/1", claimed=122_482_800)
        )
        needs = [n.key for n in missing(self.rules(story), story.case, NOW.date()) if not n.key.startswith("visit/")]
        assert needs == ["proceeding/1", "challenge/1"]
        story.do(RecordDecided(effect=ProceedingEffect.SETS_ASIDE, paper=Text("民事判决书")), "proceeding/1")
        assert story.state("agreement/1") == "revoked"
        assert clean(story)

    def test_what_was_performed_in_full_stands_whatever_papers_are_on_record(self, story: Story) -> None:
        story.accepted().do(ReachAgreement(terms=(PAY,)))
        story.do(ReportPerformance(extent=Extent.ALL), "agreement/1")
        assert story.state("agreement/1") == "performed"
        assert story.case.facts.agreements["agreement/1"].effective is None, "no effect date is made up"
        assert story.case.phase == "follow_up/1"


class TestWhatIsMissing:
    def test_it_names_the_shortest_way_to_closing_and_what_stands_in_it(self, story: Story) -> None:
        rules = story.registered().door.catalogue.named("fast_track_2026")
        (*_, closing) = missing(rules, story.case, NOW.date())
        assert closing.key == "intake/1"
        assert closing.path == ("受理", "⤷调解告一段落", "履行完毕结案")
        assert closing.by == (Office.LEAD,)

    def test_at_the_end_it_says_which_guards_are_unmet(self, story: Story) -> None:
        rules = story.effective().door.catalogue.named("fast_track_2026")
        needs = {n.key: n for n in missing(rules, story.case, NOW.date())}
        assert {r.code for r in needs["follow_up/1"].refusals} == {"all_performed", "agreements_performed"}
        assert needs["obligation/1"].path == ("记录付款",)
        story.do(RecordPayment(obligation="obligation/1", amount=1_200_000))
        needs = {n.key: n for n in missing(rules, story.case, NOW.date())}
        assert needs["follow_up/1"].refusals == ()

    def test_nothing_is_missing_from_a_closed_case(self, story: Story) -> None:
        rules = story.effective().door.catalogue.named("fast_track_2026")
        story.do(RecordPayment(obligation="obligation/1", amount=1_200_000))
        story.do(CloseAsPerformed())
        assert missing(rules, story.case, NOW.date()) == []


class TestSigning:
    def test_a_ward_signs_by_its_guardian_or_is_held_for_ratification(self, story: Story) -> None:
        from workflows.parts.agreement import DraftAgreement
        from workflows.parts.confirmation import RatifyConfirmation
        from workflows.vocabulary import Side

        story.accepted().do(JoinCase(person="child", side=Side.APPLICANT, ability=Ability.MINOR))
        story.do(ReachAgreement(terms=(PAY,)))
        story.do(DraftAgreement(signers=("party/2", "party/3")), "agreement/1")
        story.confirm("confirmation/2")
        assert story.state("confirmation/2") == "held"
        story.do(RatifyConfirmation(), "confirmation/2")
        assert story.state("confirmation/2") == "given"

    def test_a_guardians_signature_counts_at_once(self, story: Story) -> None:
        from workflows.parts.agreement import DraftAgreement
        from workflows.vocabulary import Side

        story.accepted().do(JoinCase(person="child", side=Side.APPLICANT, ability=Ability.MINOR))
        story.do(DraftAgreement(signers=("party/2", "party/3")))
        mother = story.acting_for("party/3", kind=CapacityKind.GUARDIAN, paper=AuthorityPaper.KINSHIP)
        story.confirm("confirmation/2", capacity=mother)
        assert story.state("confirmation/2") == "given"
        assert not story.lines[-1].defects

    def test_a_group_that_settles_through_its_representative_is_asked(self, story: Story) -> None:
        from workflows.parts.agreement import DraftAgreement
        from workflows.vocabulary import Side

        story.accepted().do(JoinCase(person="crowd", side=Side.APPLICANT, kind=PartyKind.GROUP, count=156))
        story.do(DraftAgreement(signers=("party/2", "party/3")))
        story.confirm("confirmation/2", signed_as=Text("推选的代表王某"))
        [confirmed] = [line for line in story.lines if line.event == "AgreementConfirmed"]
        assert {d.code for d in confirmed.defects} == {"represented_consent"}


class TestTime:
    def test_past_the_usual_term_a_session_is_marked_never_refused(self, story: Story) -> None:
        story.registered("labour_mediation").do(AcceptCase(), by=Office.LEAD)
        story.clock.now = NOW.replace(month=12, day=28)
        story.do(RecordSession(attended=BOTH, rights_told=True), at="2026-12-08")
        assert not story.lines[-1].defects
        story.do(RecordSession(attended=BOTH), at="2026-12-19")
        assert {d.code for d in story.lines[-1].defects} == {"within_term"}

    def labour(self, story: Story) -> Story:
        """Applied for on 23 November 2026: the usual term ends on 8 December."""
        story.registered("labour_mediation").do(AcceptCase(), by=Office.LEAD)
        story.clock.now = NOW.replace(year=2027, month=3)
        return story

    def late(self, story: Story, day: str) -> bool:
        story.do(RecordSession(attended=BOTH, rights_told=True), at=day)
        return "within_term" in {d.code for d in story.lines[-1].defects}

    def test_a_term_extended_by_all_ends_on_the_day_they_named(self, story: Story) -> None:
        self.labour(story).do(RecordExtension(agreed_by=BOTH, until=date(2027, 1, 15), reason=Text("等工资册")))
        assert story.state("extension/1") == "agreed"
        assert not any(line.defects for line in story.lines if line.event == "ExtensionRecorded")
        assert not self.late(story, "2026-12-25")
        assert not self.late(story, "2027-01-15")
        assert self.late(story, "2027-01-16")
        assert story.case.phase == "mediation/1", "it ends nothing"
        assert clean(story)

    def test_what_only_some_agreed_to_is_recorded_with_a_defect_and_extends_nothing(self, story: Story) -> None:
        self.labour(story).do(RecordExtension(agreed_by=("party/1",), until=date(2027, 1, 15)))
        (defect,) = story.lines[-1].defects
        assert (defect.code, defect.about) == ("all_agree", ("party/2",))
        assert story.state("extension/1") == "lacking"
        assert self.late(story, "2026-12-25")

    def test_the_others_may_agree_later(self, story: Story) -> None:
        self.labour(story).do(RecordExtension(agreed_by=("party/1",), until=date(2027, 1, 15)))
        story.do(JoinExtension(agreed_by=("party/2",)), "extension/1")
        assert story.state("extension/1") == "agreed"
        assert not self.late(story, "2026-12-25")

    def test_a_day_before_the_usual_one_shortens_nothing(self, story: Story) -> None:
        self.labour(story).do(RecordExtension(agreed_by=BOTH, until=date(2026, 12, 1)))
        assert "later_than_usual" in {d.code for line in story.lines for d in line.defects}
        assert not self.late(story, "2026-12-08")

    def test_the_end_of_the_term_stands_in_the_calendar_while_the_first_talks_go_on(self, story: Story) -> None:
        def due() -> list[tuple[str, date]]:
            with story.store.read() as unit:
                return [d.due for d in unit.views.due_dates(date(2028, 1, 1)) if d.kind == "people_term"]

        story.registered()
        assert due() == []
        story.do(AcceptCase(), by=Office.LEAD)
        assert due() == [date(2026, 12, 23)]
        story.do(RecordExtension(agreed_by=BOTH, until=date(2027, 1, 31)))
        assert due() == [date(2027, 1, 31)]
        story.do(ReachAgreement(terms=(PAY,)))
        story.do(AdoptOrally(), "agreement/1")
        assert due() == []
        assert clean(story)
