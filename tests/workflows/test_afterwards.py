"""After an agreement: confirmed by each signer, objected to, revoked, decided elsewhere, broken once it is closed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.errors import GuardRefused
from mediation_engine.services.maintenance import audit_store
from workflows.facts import Term
from workflows.parts.agreement import AdoptOrally, ReachAgreement
from workflows.parts.issue import DisposeIssue
from workflows.parts.obligation import RecordBreach, RecordPerformance
from workflows.parts.party import TellRemedies
from workflows.parts.payment import RecordPayment
from workflows.parts.proceeding import (
    FileProceeding,
    RecordConfirmed,
    RecordDecided,
    RecordGranted,
    RecordLifted,
    RecordObjection,
    RecordUpheld,
)
from workflows.phases.challenge import CloseAsDecided, ResumeSupervision
from workflows.phases.follow_up import CloseAsPerformed, CloseNamingRemainder, ReopenTalks
from workflows.vocabulary import Disposition, ProceedingEffect, ProceedingKind, TermKind

from ..support.story import PAY, Story

pytestmark = pytest.mark.quick

BOTH = ("party/1", "party/2")
DRAFT, DUTY = "agreement/1", "obligation/1"
AWARD = replace(PAY, words=Text("支付工伤待遇"), amount=14_600_000)
WOOD = Term(words=Text("不在通道堆放木料"), kind=TermKind.ABSTAINING, payer="party/2", payee="party/1")


def codes(refused: pytest.ExceptionInfo[GuardRefused]) -> set[str]:
    return {r.code for r in refused.value.refusals}


def clean(story: Story) -> bool:
    return not [f for _, found in audit_store(story.store, story.door.catalogue) for f in found if not f.known]


def closed(story: Story, *terms: Term) -> Story:
    """Paid and closed."""
    story.effective(terms=terms or (PAY,)).do(RecordPayment(obligation=DUTY, amount=PAY.amount))
    story.do(CloseAsPerformed())
    return story


def arbitrated(story: Story, effect: ProceedingEffect, *orders: Term) -> Story:
    """Somebody has asked the arbitration body about the agreement, and it has decided."""
    story.do(FileProceeding(kind=ProceedingKind.ARBITRATION, agreement=DRAFT, by="party/1"))
    story.do(RecordDecided(effect=effect, orders=orders), "proceeding/1")
    return story


class TestConfirmation:
    def test_each_who_signed_applies(self, story: Story) -> None:
        story.effective()
        with pytest.raises(GuardRefused, match="各方") as refused:
            story.do(FileProceeding(kind=ProceedingKind.JUDICIAL, agreement=DRAFT, applicants=("party/1",)))
        assert refused.value.refusals[0].about == ("party/2",)
        story.do(FileProceeding(kind=ProceedingKind.JUDICIAL, agreement=DRAFT, applicants=BOTH))
        assert story.case.facts.proceedings["proceeding/1"].applicants == BOTH

    def test_it_can_be_objected_to_upheld_and_lifted(self, story: Story) -> None:
        story.effective().do(FileProceeding(kind=ProceedingKind.JUDICIAL, agreement=DRAFT, applicants=BOTH))
        story.do(RecordGranted(), "proceeding/1")
        states = []
        for step in (RecordObjection(by="party/2"), RecordUpheld(), RecordObjection(), RecordLifted()):
            story.do(step, "proceeding/1")
            states.append(story.state("proceeding/1"))
        assert states == ["objected", "confirmed", "objected", "dismissed"]
        assert story.state(DRAFT) == "effective"
        assert clean(story)

    def test_what_has_been_confirmed_is_not_wiped_out_by_another_organ(self, story: Story) -> None:
        story.effective().do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement=DRAFT))
        story.do(FileProceeding(kind=ProceedingKind.OTHER, agreement=DRAFT, by="party/2"))
        story.do(RecordDecided(effect=ProceedingEffect.SETS_ASIDE), "proceeding/2")
        [decided] = [line for line in story.lines if line.event == "ProceedingDecided"]
        assert "confirmation_lifted" in {d.code for d in decided.defects}
        assert (story.state(DRAFT), story.state(DUTY)) == ("effective", "pending")
        story.do(RecordLifted(), "proceeding/1")
        assert (story.state(DRAFT), story.state(DUTY)) == ("revoked", "lapsed")
        assert clean(story)

    def test_nobody_who_has_not_signed_stays_bound_when_what_alone_gave_it_effect_is_lifted(self, story: Story) -> None:
        story.drafted().do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement=DRAFT))
        assert (story.state(DRAFT), story.state(DUTY), story.state("issue/1")) == ("effective", "pending", "settled")
        story.do(RecordLifted(), "proceeding/1")
        assert (story.state(DRAFT), story.state(DUTY), story.state("issue/1")) == ("revoked", "lapsed", "open")
        assert clean(story)

    def test_what_is_agreed_after_it_is_owed_whole(self, story: Story) -> None:
        story.accepted().do(ReachAgreement(terms=(PAY,)))
        story.do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement=DRAFT))
        story.do(RecordLifted(), "proceeding/1")
        assert (story.state(DRAFT), story.state(DUTY)) == ("revoked", "lapsed")
        story.do(ReopenTalks(issues=("issue/1",)))
        story.do(ReachAgreement(terms=(PAY,)))
        story.do(AdoptOrally(), "agreement/2")
        assert (story.state("agreement/2"), story.state("obligation/2")) == ("effective", "pending")
        with pytest.raises(GuardRefused, match="全部义务须已履行完毕"):
            story.do(CloseAsPerformed())
        assert clean(story)

    def test_a_closed_case_opens_again(self, story: Story) -> None:
        story.drafted().do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement=DRAFT))
        story.do(TellRemedies(), *BOTH)
        story.do(CloseNamingRemainder(remainder=Text("未付，已告知起诉")))
        story.do(RecordLifted(), "proceeding/1")
        assert story.case.facts.closed is None
        assert (story.state(DRAFT), story.state("issue/1")) == ("revoked", "open")
        assert clean(story)


class TestRevoked:
    def test_revoked_is_not_replaced_and_its_issue_is_open_again(self, story: Story) -> None:
        arbitrated(closed(story), ProceedingEffect.SETS_ASIDE)
        assert (story.state(DRAFT), story.state("issue/1")) == ("revoked", "open")
        assert story.case.facts.issues["issue/1"].settled_by is None
        with pytest.raises(GuardRefused) as refused:
            story.do(CloseAsDecided())
        assert codes(refused) == {"nothing_open"}
        story.do(DisposeIssue(disposition=Disposition.COURT), "issue/1")
        story.do(CloseAsDecided())
        assert story.case.facts.closed == "decided"
        assert clean(story)

    def test_what_an_award_orders_is_followed_up_to_the_end(self, story: Story) -> None:
        arbitrated(closed(story), ProceedingEffect.SETS_ASIDE, AWARD)
        assert (story.state(DRAFT), story.state("issue/1")) == ("revoked", "decided")
        owed = story.case.facts.obligations["obligation/2"]
        assert (owed.agreement, owed.proceeding, owed.amount) == (None, "proceeding/1", AWARD.amount)
        with pytest.raises(GuardRefused) as refused:
            story.do(CloseAsDecided())
        assert codes(refused) == {"nothing_else_owed"}
        story.do(ResumeSupervision())
        with pytest.raises(GuardRefused) as refused:
            story.do(CloseAsPerformed())
        assert codes(refused) == {"all_performed"}
        story.do(RecordPayment(obligation="obligation/2", amount=AWARD.amount))
        assert story.state("obligation/2") == "performed"
        story.do(CloseAsPerformed())
        assert story.case.facts.closed == "performed"
        assert clean(story)

    def test_a_payment_that_names_nothing_counts_for_no_award(self, story: Story) -> None:
        arbitrated(closed(story), ProceedingEffect.SETS_ASIDE, AWARD)
        story.do(RecordPayment(amount=AWARD.amount, payer="party/2", payee="party/1"))
        assert story.state("obligation/2") == "pending"

    def test_what_stands_in_its_place_replaces_it(self, story: Story) -> None:
        arbitrated(closed(story), ProceedingEffect.SUPERSEDES)
        assert (story.state(DRAFT), story.state("issue/1")) == ("superseded", "decided")


class TestOnceClosed:
    def test_a_duty_of_every_day_bars_no_closing(self, story: Story) -> None:
        closed(story, PAY, WOOD)
        assert story.case.facts.closed == "performed"
        assert story.state("obligation/2") == "pending"

    def test_a_breach_opens_the_case_again_and_when_it_is_cured_it_is_closed_again(self, story: Story) -> None:
        closed(story, PAY, WOOD).do(RecordBreach(note=Text("又堆上了")), "obligation/2")
        assert (story.case.phase, story.case.facts.closed) == ("follow_up/2", None)
        with pytest.raises(GuardRefused) as refused:
            story.do(CloseAsPerformed())
        assert "all_performed" in codes(refused)
        story.do(RecordPerformance(note=Text("已清走")), "obligation/2")
        story.do(CloseAsPerformed())
        assert story.case.facts.closed == "performed"
        assert clean(story)
