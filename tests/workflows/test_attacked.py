"""What somebody tried who wanted the contents to be wrong: each once got through."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mediation_engine.decisions.closing import missing
from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.errors import GuardRefused
from mediation_engine.services.maintenance import audit_store
from workflows.facts import Share
from workflows.parts.agreement import AffixSeal, AmendAgreement, DraftAgreement, ReachAgreement, SignAsMediator
from workflows.parts.confirmation import ConfirmAgreement, Denial, RatifyConfirmation, RecordDenial, RecordGenuine
from workflows.parts.grading import ChangeTrack
from workflows.parts.issue import DisposeIssue, RaiseIssue
from workflows.parts.ledger import paid_on, received
from workflows.parts.obligation import DetermineObligation, Determining, RecordBreach, UrgePerformance
from workflows.parts.party import JoinCase, TellRemedies
from workflows.parts.payment import RecordPayment
from workflows.parts.proceeding import FileProceeding, RecordConfirmed, RecordDecided, RecordLifted, WithdrawProceeding
from workflows.parts.session import Guest, GuestRole, RecordSession
from workflows.parts.visit import PlanVisit
from workflows.phases.endings import Ground, TerminateMediation, WithdrawApplication
from workflows.phases.follow_up import CloseAsPerformed, CloseNamingRemainder, Planned, ReopenTalks
from workflows.vocabulary import (
    CapacityKind,
    Disposition,
    ProceedingEffect,
    ProceedingKind,
    Side,
    SigningManner,
    TermKind,
)

from ..support.story import NOW, PAY, Story

pytestmark = pytest.mark.quick

BOTH = ("party/1", "party/2")
WORKER, FIRM, DRAFT, DUTY = "confirmation/1", "confirmation/2", "agreement/1", "obligation/1"
SUIT = FileProceeding(kind=ProceedingKind.LITIGATION, agreement=DRAFT)
AWARD = replace(PAY, words=Text("判决给付"), amount=500_000)
GONE = RecordDecided(effect=ProceedingEffect.SETS_ASIDE)


def codes(refused: pytest.ExceptionInfo[GuardRefused]) -> set[str]:
    return {r.code for r in refused.value.refusals}


def sound(story: Story) -> bool:
    return not [f for _, found in audit_store(story.store, story.door.catalogue) for f in found if not f.known]


def paid(story: Story) -> Story:
    story.effective().do(RecordPayment(obligation=DUTY, amount=PAY.amount))
    return story


def closed(story: Story) -> Story:
    paid(story).do(CloseAsPerformed())
    return story


class TestSignatures:
    @pytest.mark.parametrize("weak", [{"capacity": "capacity/1"}, {"manner": SigningManner.UNREPORTED}])
    def test_a_denial_is_lifted_by_no_record_that_counts_for_nothing(self, story: Story, weak: dict[str, Any]) -> None:
        paid(story).do(RecordDenial(ground=Denial.FORGED), WORKER)
        story.acting_for("party/1", settle=False)
        with pytest.raises(GuardRefused) as refused:
            story.confirm(WORKER, **weak)
        assert codes(refused) == {"not_weaker"}
        with pytest.raises(GuardRefused):
            story.do(CloseAsPerformed())

    def test_a_signature_can_be_denied_and_cleared_up_after_closing(self, story: Story) -> None:
        closed(story).do(RecordDenial(ground=Denial.FORGED), WORKER)
        assert story.state(WORKER) == "denied"
        story.do(RecordGenuine(), WORKER)
        assert story.state(WORKER) == "given"
        assert sound(story)

    def test_a_signer_named_twice_signs_once(self, story: Story) -> None:
        story.accepted().do(DraftAgreement(signers=("party/1", *BOTH), terms=(PAY,)))
        assert story.case.facts.agreements[DRAFT].signers == BOTH
        assert len(story.case.facts.confirmations) == 2

    def test_that_the_hand_is_genuine_gives_no_authority(self, story: Story) -> None:
        story.accepted().do(JoinCase(person="worker", side=Side.APPLICANT, kind=PartyKind.GROUP, count=9))
        story.do(DraftAgreement(signers=("party/2", "party/3"), terms=(PAY,)))
        story.confirm(FIRM, capacity=story.acting_for("party/3", kind=CapacityKind.DELEGATE))
        story.do(RecordDenial(ground=Denial.FORGED), FIRM)
        story.do(RecordGenuine(), FIRM)
        assert story.state(FIRM) == "held"
        story.do(RatifyConfirmation(), FIRM)
        assert story.state(FIRM) == "given"

    def test_less_of_a_manner_or_an_unchecked_identity_takes_the_place_of_none(self, story: Story) -> None:
        story.drafted().confirm(FIRM, manner=SigningManner.ALL)
        for less in ({"manner": SigningManner.FINGERPRINT}, {"manner": SigningManner.ALL, "identity_checked": False}):
            with pytest.raises(GuardRefused) as refused:
                story.confirm(FIRM, **less)
            assert codes(refused) == {"not_weaker"}
        assert story.case.facts.confirmations[FIRM].manner is SigningManner.ALL

    def test_what_waits_for_a_signature_waits_no_more_once_the_case_is_closed(self, story: Story) -> None:
        story.drafted().do(TellRemedies(), *BOTH)
        story.do(TerminateMediation(ground=Ground.NO_AGREEMENT), by=Office.LEAD)
        assert {story.state(k) for k in story.case.of("confirmation")} == {"void"}


class TestAfterwards:
    def test_a_decision_that_comes_after_closing_opens_the_case_again(self, story: Story) -> None:
        story.effective().do(SUIT)
        story.do(RecordPayment(obligation=DUTY, amount=PAY.amount))
        story.do(CloseAsPerformed())
        story.do(GONE, "proceeding/1")
        assert (story.state("issue/1"), story.case.facts.closed, story.case.phase) == ("open", None, "follow_up/2")
        story.do(DisposeIssue(disposition=Disposition.COURT), "issue/1")
        story.do(CloseNamingRemainder(remainder=Text("协议已被撤销，当事人起诉")))
        assert story.case.facts.closed == "remainder"
        assert sound(story)

    def test_so_does_an_award(self, story: Story) -> None:
        story.effective().do(SUIT)
        story.do(RecordPayment(obligation=DUTY, amount=PAY.amount))
        story.do(CloseAsPerformed())
        story.do(RecordDecided(effect=ProceedingEffect.SETS_ASIDE, orders=(AWARD,)), "proceeding/1")
        assert (story.state("obligation/2"), story.case.phase) == ("pending", "follow_up/2")

    def test_enforcement_wipes_out_no_agreement(self, story: Story) -> None:
        closed(story).do(FileProceeding(kind=ProceedingKind.ENFORCEMENT, agreement=DRAFT))
        story.do(GONE, "proceeding/1")
        assert story.state(DRAFT) == "performed"

    def test_talks_that_were_reopened_in_vain_lead_back_to_the_follow_up(self, story: Story) -> None:
        story.effective().do(ReopenTalks(issues=("issue/1",)))
        with pytest.raises(GuardRefused) as refused:
            story.do(WithdrawApplication())
        assert codes(refused) == {"nothing_binding"}
        story.do(DisposeIssue(disposition=Disposition.COURT), "issue/1")
        assert story.case.phase == "follow_up/2"

    def test_an_award_during_the_talks_is_followed_up(self, story: Story) -> None:
        story.accepted().do(RaiseIssue(between=BOTH, matter=Text("加班费")))
        story.do(DraftAgreement(signers=BOTH, terms=(PAY,), issues=("issue/1",)))
        story.confirm(WORKER, FIRM)
        story.do(SignAsMediator(), DRAFT)
        story.do(AffixSeal(), DRAFT, by=Office.LEAD)
        story.do(SUIT)
        story.do(RecordDecided(effect=ProceedingEffect.SETS_ASIDE, orders=(AWARD,)), "proceeding/1")
        story.do(DisposeIssue(disposition=Disposition.COURT), "issue/2")
        assert (story.case.phase, story.state("obligation/2")) == ("follow_up/1", "pending")

    def test_where_the_agreement_that_replaced_another_is_revoked_the_issue_is_open(self, story: Story) -> None:
        story.effective().do(DraftAgreement(signers=BOTH, terms=(PAY,), replaces=DRAFT, issues=("issue/1",)))
        later = [k for k, c in story.case.facts.confirmations.items() if c.agreement == "agreement/2"]
        text_hash = story.case.facts.agreements["agreement/2"].text_hash
        for key in later:
            signed = ConfirmAgreement(manner=SigningManner.SIGNATURE_SEAL, identity_checked=True)
            story.do(replace(signed, text_hash=text_hash), key)
        story.do(SignAsMediator(), "agreement/2")
        story.do(AffixSeal(), "agreement/2", by=Office.LEAD)
        assert story.state(DRAFT) == "superseded"
        story.do(replace(SUIT, agreement="agreement/2"))
        story.do(GONE, "proceeding/1")
        assert (story.state("agreement/2"), story.state("issue/1")) == ("revoked", "open")

    def test_an_agreement_does_not_replace_itself(self, story: Story) -> None:
        story.drafted()
        with pytest.raises(GuardRefused, match="替代它自己"):
            story.do(AmendAgreement(replaces=DRAFT), DRAFT)

    @pytest.mark.parametrize(
        "later",
        [UrgePerformance(), DetermineObligation(ground=Determining.ACKNOWLEDGED)],
        ids=["urged", "acknowledged"],
    )
    def test_what_is_said_of_an_old_breach_opens_no_closed_case(self, story: Story, later: Command) -> None:
        story.effective().do(RecordBreach(), DUTY)
        story.do(TellRemedies(), *BOTH)
        story.do(CloseNamingRemainder(remainder=Text("未付，已告知起诉")))
        story.do(later, DUTY)
        assert story.case.facts.closed == "remainder"

    @pytest.mark.parametrize("parts", [(1,), (2, 1)])
    def test_orders_that_are_parts_of_themselves_are_refused(self, story: Story, parts: tuple[int, ...]) -> None:
        closed(story).do(SUIT)
        orders = tuple(replace(AWARD, part_of=n) for n in parts)
        with pytest.raises(GuardRefused, match="上级事项"):
            story.do(RecordDecided(effect=ProceedingEffect.SETS_ASIDE, orders=orders), "proceeding/1")

    def test_what_was_confirmed_is_not_owed_twice(self, story: Story) -> None:
        story.effective().do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement=DRAFT))
        story.do(SUIT)
        story.do(RecordDecided(effect=ProceedingEffect.SUPERSEDES, orders=(AWARD,)), "proceeding/2")
        assert list(story.case.facts.obligations) == [DUTY]
        story.do(RecordLifted(), "proceeding/1")
        assert (story.state(DUTY), story.state("obligation/2")) == ("lapsed", "pending")

    def test_visits_are_dropped_by_nobody_who_did_not_say_so(self, story: Story) -> None:
        paid(story).do(CloseAsPerformed(visits=Planned.CANCELLED, visits_reason=Text("已搬离")))
        story.do(SUIT)
        story.do(PlanVisit(due=NOW.date()))
        story.do(WithdrawProceeding(), "proceeding/1")
        assert story.state("visit/4") == "scheduled"


class TestMoney:
    def test_the_same_payment_named_otherwise_counts_once(self, story: Story) -> None:
        story.effective().do(RecordPayment(obligation=DUTY, amount=600_000))
        for again in (
            RecordPayment(obligation=DUTY, amount=600_000, payer="party/2"),
            RecordPayment(agreement=DRAFT, amount=600_000),
        ):
            story.do(again)
            assert "not_again" in {d.code for d in story.lines[-1].defects}
        assert paid_on(story.case, DUTY) == 600_000

    @pytest.mark.parametrize("at", ["2019", "2020-01", "2019-01-01"])
    def test_money_from_before_counts_by_month_and_year_no_more_than_by_day(self, story: Story, at: str) -> None:
        story.effective().do(RecordPayment(obligation=DUTY, amount=PAY.amount), at=at)
        assert paid_on(story.case, DUTY) == 0

    def test_nobody_pays_himself(self, story: Story) -> None:
        story.effective().do(
            RecordPayment(obligation=DUTY, amount=PAY.amount, payer="party/1", for_payer="party/2", payee="party/1")
        )
        assert paid_on(story.case, DUTY) == 0
        assert "not_to_oneself" in {d.code for d in story.lines[-1].defects}

    def test_a_share_that_does_not_count_is_marked(self, story: Story) -> None:
        back = replace(PAY, words=Text("退还押金"), payer="party/1", payee="party/2", amount=100)
        story.effective(terms=(PAY, back))
        shares = tuple(Share(obligation=f"obligation/{n}", amount=a) for n, a in ((1, 900), (2, 100)))
        story.do(RecordPayment(amount=1000, payer="party/2", payee="party/1", shares=shares))
        assert {"from_obligor", "to_obligee"} <= {d.code for d in story.lines[-1].defects}

    def test_a_payment_names_a_duty_of_the_agreement_it_names(self, story: Story) -> None:
        story.effective().do(ReachAgreement(terms=(PAY,)))
        with pytest.raises(GuardRefused, match="须属于"):
            story.do(RecordPayment(obligation=DUTY, agreement="agreement/2", amount=100))
        assert received(story.case, "agreement/2") == []

    def test_no_sum_is_less_than_nothing_whoever_says_so(self, story: Story) -> None:
        story.effective()
        with pytest.raises(GuardRefused):
            story.do(RecordPayment(amount=-5), by=Office.LEAD, waives={"amount_is_positive": Text("冲账")})
        with pytest.raises(GuardRefused, match="不能小于零"):
            story.do(DetermineObligation(ground=Determining.RESULT, amount=-1), DUTY)


def test_a_track_that_is_none_cannot_be_waived_into_being(story: Story) -> None:
    story.accepted()
    with pytest.raises(GuardRefused):
        story.do(ChangeTrack(track="nonsense", reason=Text("试")), by=Office.LEAD, waives={"track_known": Text("试试")})


class TestTold:
    """What clerks who recorded two papers were marked for undeservedly."""

    def test_somebody_only_related_need_not_agree_to_who_takes_part(self, story: Story) -> None:
        story.accepted().do(JoinCase(person="worker", side=Side.RELATED))
        guest = Guest(person="n", role=GuestRole.RELATIVE, agreed_by=BOTH)
        story.do(RecordSession(attended=(*BOTH, "party/3"), rights_told=True, guests=(guest,)))
        assert not story.lines[-1].defects

    def test_what_was_paid_straight_to_the_payee_is_not_asked_of_the_custodian_again(self, story: Story) -> None:
        story.effective(terms=(replace(PAY, custodian="town"),))
        straight = RecordPayment(obligation=DUTY, amount=200_000, payer="party/2", payee="party/1", credited=True)
        story.do(straight)
        story.do(RecordPayment(obligation=DUTY, amount=1_000_000, payer="party/2"))
        assert (story.state(DUTY), story.state("obligation/2")) == ("performed", "pending")
        story.do(RecordPayment(obligation="obligation/2", amount=1_000_000, payee="party/1"))
        assert story.state("obligation/2") == "performed"
        assert sum(amount or 0 for amount in received(story.case, DRAFT)) == 1_200_000

    def test_a_promise_to_keep_from_something_asks_for_nothing_once_the_case_is_closed(self, story: Story) -> None:
        still = replace(PAY, words=Text("不再主张"), kind=TermKind.ABSTAINING, amount=None)
        story.effective(terms=(PAY, still)).do(RecordPayment(obligation=DUTY, amount=PAY.amount))
        story.do(CloseAsPerformed(visits=Planned.CANCELLED, visits_reason=Text("已走")))
        rules = story.door.catalogue.named(story.case.workflow)
        assert missing(rules, story.case, NOW.date()) == []
