"""Edges that once went wrong, each told as what is promised now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.errors import CommandNotAllowed, GuardRefused, OutsideOwnRemit
from mediation_engine.services.maintenance import audit_store
from workflows.facts import Term
from workflows.parts.agreement import AdoptOrally, AmendAgreement, ReachAgreement, ReportPerformance
from workflows.parts.block import MarkReady, RecordTalk
from workflows.parts.cohort import DeclareCohort, EndCohort, SplitCohort
from workflows.parts.issue import DisposeIssue, RaiseIssue
from workflows.parts.member import RecordMember
from workflows.parts.note import RecordNote
from workflows.parts.obligation import RecordBreach
from workflows.parts.party import LeaveCase, Leaving, RecordConsent, RefuseMediation, TellRemedies
from workflows.parts.payment import DisputePayment, RecordPayment
from workflows.parts.proceeding import FileProceeding, RecordConfirmed, RecordGranted
from workflows.parts.session import Guest, GuestRole, RecordSession, ScheduleSession
from workflows.phases.endings import Ground, TerminateMediation
from workflows.phases.follow_up import CloseAsPerformed, ReopenTalks
from workflows.vocabulary import CohortOutcome, Disposition, Extent, ProceedingKind, Side, TermKind

from ..support.story import PAY, Story

pytestmark = pytest.mark.quick

BOTH = ("party/1", "party/2")


def sound(story: Story) -> bool:
    return all(f.known for _, found in audit_store(story.store, story.door.catalogue) for f in found)


class TestAStepMovesThingsOfItsOwnKindOnly:
    """States of two machines may share a code; their instances are never mixed up."""

    @pytest.mark.parametrize(
        ("command", "key"),
        [
            (MarkReady(), "issue/1"),
            (DisposeIssue(disposition=Disposition.COURT), "block/1"),
            (DisputePayment(), "note/1"),
        ],
    )
    def test_an_order_on_another_kind_is_refused(self, story: Story, command: object, key: str) -> None:
        story.accepted().do(RecordTalk(party="party/1"))
        story.do(RecordNote(words=Text("来电")))
        with pytest.raises(CommandNotAllowed, match="不针对"):
            story.do(command, key)  # type: ignore[arg-type]

    def test_a_step_of_the_phase_is_not_taken_on_a_party(self, story: Story) -> None:
        story.accepted()
        with pytest.raises(CommandNotAllowed):
            story.do(TerminateMediation(ground=Ground.OTHER), "party/2", by=Office.LEAD)


def test_only_the_lead_sets_policy_aside(story: Story) -> None:
    story.accepted().do(RecordSession(attended=("party/1",)), waives={"two_at_the_table": Text("只来了一方")})
    (defect,) = [d for d in story.lines[-1].defects if d.code == "two_at_the_table"]
    assert defect.waived is None


def test_an_issue_raised_during_follow_up_is_settled_in_the_next_talks(story: Story) -> None:
    story.accepted().do(ReachAgreement(terms=(PAY,)))
    story.do(AdoptOrally(), "agreement/1")
    story.do(RaiseIssue(between=BOTH, matter=Text("履行中新起的争议")))
    story.do(ReopenTalks(issues=("issue/2",)))
    story.do(ReachAgreement(terms=(PAY,), issues=("issue/2",)))
    story.do(AdoptOrally(), "agreement/2")
    assert story.state("issue/2") == "settled"
    assert story.case.phase == "follow_up/2"


def test_every_version_of_a_text_has_a_hash_of_its_own_and_asks_its_signers(story: Story) -> None:
    story.drafted()
    hashes = [story.case.facts.agreements["agreement/1"].text_hash]
    for amended in (
        AmendAgreement(terms=(replace(PAY, words=Text("月底前付清")),)),
        AmendAgreement(amount=1_200_000),
        AmendAgreement(words=Text("月底付")),
    ):
        story.do(amended, "agreement/1")
        hashes.append(story.case.facts.agreements["agreement/1"].text_hash)
    assert len(set(hashes)) == 4
    awaited = [k for k in story.case.of("confirmation") if story.state(k) == "awaited"]
    assert len(awaited) == 2
    story.confirm(*awaited)


class TestObligations:
    def test_instalments_paid_perform_the_whole(self, story: Story) -> None:
        whole = Term(words=Text("共一万二"), kind=TermKind.PAY, amount=1_200_000)
        halves = tuple(Term(words=Text(f"第{n}期"), kind=TermKind.PAY, amount=600_000, part_of=1) for n in (1, 2))
        story.effective(terms=(whole, *halves))
        assert len(story.case.facts.obligations) == 2
        for n in (1, 2):
            story.do(RecordPayment(obligation=f"obligation/{n}", amount=600_000))
        story.do(CloseAsPerformed())

    def test_a_part_of_what_comes_later_or_of_itself_is_marked(self, story: Story) -> None:
        strange = Term(words=Text("第一期"), kind=TermKind.PAY, amount=1, part_of=1)
        story.accepted().do(ReachAgreement(terms=(strange,)))
        assert "parts_in_order" in {d.code for d in story.lines[-1].defects}

    def test_a_breach_contradicts_a_report_of_full_performance(self, story: Story) -> None:
        story.effective(terms=(Term(words=Text("道歉"), kind=TermKind.ACT),))
        story.do(ReportPerformance(extent=Extent.ALL), "agreement/1")
        assert story.state("obligation/1") == "performed"
        story.do(RecordBreach(), "obligation/1")
        assert story.state("obligation/1") == "breached"
        assert story.state("agreement/1") == "effective"

    def test_what_the_ledger_shows_as_paid_is_not_breached(self, story: Story) -> None:
        story.effective().do(RecordPayment(obligation="obligation/1", amount=1_200_000))
        with pytest.raises(GuardRefused, match="异议"):
            story.do(RecordBreach(), "obligation/1")

    def test_a_report_of_everything_over_a_short_ledger_is_marked(self, story: Story) -> None:
        story.effective().do(RecordPayment(agreement="agreement/1", amount=100))
        story.do(ReportPerformance(extent=Extent.ALL), "agreement/1")
        line = next(x for x in story.lines if x.event == "PerformanceReported")
        assert {d.code for d in line.defects} == {"ledger_agrees"}


class TestEnding:
    def test_an_agreement_without_terms_is_not_performed_by_saying_so_of_nothing(self, story: Story) -> None:
        story.effective(terms=())
        story.do(ReportPerformance(extent=Extent.BREACHED), "agreement/1")
        with pytest.raises(GuardRefused, match="协议已履行完毕"):
            story.do(CloseAsPerformed())

    def test_mediation_is_not_terminated_over_an_agreement_that_binds(self, story: Story) -> None:
        story.accepted().do(RaiseIssue(between=BOTH, matter=Text("加班费")))
        story.do(ReachAgreement(terms=(PAY,), issues=("issue/1",)))
        story.do(AdoptOrally(), "agreement/1")
        story.do(TellRemedies(), *BOTH)
        with pytest.raises(GuardRefused, match="走访稳固"):
            story.do(TerminateMediation(ground=Ground.NO_AGREEMENT), by=Office.LEAD)
        story.do(DisposeIssue(disposition=Disposition.COURT), "issue/2")
        assert story.case.phase == "follow_up/1"


class TestProceedings:
    def test_a_lawsuit_is_not_turned_into_a_confirmation(self, story: Story) -> None:
        story.effective().do(FileProceeding(kind=ProceedingKind.LITIGATION, agreement="agreement/1"))
        with pytest.raises(CommandNotAllowed):
            story.do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement="agreement/1"), "proceeding/1")
        with pytest.raises(GuardRefused, match="确认协议的程序"):
            story.do(RecordGranted(), "proceeding/1")

    def test_confirmation_is_applied_for_jointly(self, story: Story) -> None:
        story.effective()
        with pytest.raises(GuardRefused, match="共同"):
            story.do(FileProceeding(kind=ProceedingKind.JUDICIAL, agreement="agreement/1"))
        story.do(FileProceeding(kind=ProceedingKind.JUDICIAL, agreement="agreement/1", applicants=BOTH))
        story.do(RecordGranted(), "proceeding/1")
        assert story.state("proceeding/1") == "confirmed"

    @pytest.mark.parametrize(("filed", "mark"), [("2026-12-23", None), ("2026-12-28", True), ("2027-01-10", False)])
    def test_within_a_holiday_of_the_last_day_nobody_judges_the_window(
        self, story: Story, filed: str, mark: bool | None
    ) -> None:
        story.effective()
        story.clock.now = story.clock.now.replace(year=2027, month=2)
        story.do(
            FileProceeding(kind=ProceedingKind.JUDICIAL, agreement="agreement/1", applicants=BOTH),
            at=filed,
        )
        marks = {d.code: d.unjudged for d in story.lines[-1].defects}
        assert marks == ({} if mark is None else {"within_window": mark})


class TestConsent:
    def test_a_public_organ_at_the_table_is_policy_a_neighbour_is_law(self, story: Story) -> None:
        guests = tuple(Guest(person=p, role=r) for p, r in (("b", GuestRole.JUSTICE), ("n", GuestRole.RELATIVE)))
        story.accepted().do(RecordSession(attended=BOTH, rights_told=True, guests=guests))
        marks = {d.code: d.basis for d in story.lines[-1].defects}
        assert marks == {"outsiders_agreed_to": "人民调解法 第20条", "organs_agreed_to": "policy"}

    def test_where_nobody_says_who_came_consent_cannot_be_judged(self, story: Story) -> None:
        guest = Guest(person="n", role=GuestRole.RELATIVE)
        story.accepted().do(RecordSession(rights_told=True, guests=(guest,)))
        assert {d.code: d.unjudged for d in story.lines[-1].defects} == {"outsiders_agreed_to": True}


class TestPeople:
    def test_words_about_a_refusal_are_the_refusing_partys(self, story: Story) -> None:
        story.accepted().do(RefuseMediation(reason=Text("信不过调解室")), "party/2")
        with story.store.read() as unit:
            labels = {t.label for t in unit.record.texts("A1").values() if t.words == "信不过调解室"}
        assert labels == {"party/2"}

    def test_somebody_who_left_signs_nothing(self, story: Story) -> None:
        from workflows.parts.agreement import DraftAgreement

        story.accepted().do(LeaveCase(reason=Leaving.WITHDREW), "party/2")
        with pytest.raises(GuardRefused, match="在案当事人"):
            story.do(DraftAgreement(signers=BOTH))

    def test_a_cohort_that_has_its_answer_is_not_split(self, story: Story) -> None:
        story.accepted().do(DeclareCohort(party="party/1", count=30))
        story.do(EndCohort(outcome=CohortOutcome.PAID), "cohort/1")
        with pytest.raises(GuardRefused, match="还未了"):
            story.do(SplitCohort(of="cohort/1", count=3))

    def test_staff_of_another_organisation_see_nothing(self, story: Story) -> None:

        from ..support.story import ROOM, STAFF

        story.accepted()
        with story.store.write() as unit:
            unit.register.put_organisation(replace(ROOM, id="elsewhere"))
            unit.register.put_actor(replace(STAFF[Office.MEDIATOR], id="sun", organisation="elsewhere"))
        with pytest.raises(OutsideOwnRemit):
            story.door.look("sun", Office.MEDIATOR, story.case, "show")
        with pytest.raises(OutsideOwnRemit):
            story.door.look("zhao", Office.ADMINISTRATOR, story.case, "show")
        story.door.look("chen", Office.AUDITOR, story.case, "show")
        with story.store.read() as unit:
            assert [r.actor for r in unit.views.reads("A1")] == ["chen"]

    def test_a_group_and_its_members_are_kept_apart_from_bodies_at_the_table(self, story: Story) -> None:
        from workflows.parts.party import JoinCase

        story.accepted().do(JoinCase(person="g", side=Side.RELATED, kind=PartyKind.GROUP, count=None))
        story.do(RecordMember(role="mentor", person="m"))
        assert sound(story)


class TestRefusal:
    """人民调解法 第17条 bars sessions with that disputant on that issue, until its own new consent."""

    def test_a_refusal_of_one_issue_leaves_the_other_open(self, story: Story) -> None:
        story.accepted().do(RaiseIssue(between=BOTH, matter=Text("加班费")))
        story.do(RefuseMediation(issues=("issue/2",)), "party/2")
        with pytest.raises(GuardRefused, match="明确拒绝"):
            story.do(ScheduleSession(issues=("issue/2",)))
        story.do(ScheduleSession(issues=("issue/1",)))

    def test_a_refusal_that_names_none_is_of_all_until_the_partys_own_consent(self, story: Story) -> None:
        story.accepted().do(RefuseMediation(), "party/2")
        with pytest.raises(GuardRefused, match="明确拒绝"):
            story.do(ScheduleSession(issues=("issue/1",)))
        story.do(RecordConsent(), "party/2")
        story.do(ScheduleSession(issues=("issue/1",)))
