"""A closed case whose agreement is disputed elsewhere is open again, and comes to an end again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mediation_engine.decisions.closing import missing
from mediation_engine.domain.fields import Text
from mediation_engine.domain.machine import DeclarationFault
from mediation_engine.domain.roles import Office
from mediation_engine.drawings import table
from mediation_engine.errors import GuardRefused
from mediation_engine.rules.fingerprint import rule_lines
from mediation_engine.services.maintenance import audit_store, rebuild
from workflows.facts import Term
from workflows.parts.agreement import AdoptOrally, ReachAgreement
from workflows.parts.issue import DisposeIssue
from workflows.parts.obligation import RecordBreach, RecordPerformance
from workflows.parts.party import TellRemedies
from workflows.parts.payment import RecordPayment
from workflows.parts.proceeding import (
    FileProceeding,
    RecordDecided,
    RecordDismissed,
    RecordReturned,
    RecordSettledThere,
    WithdrawProceeding,
)
from workflows.parts.session import RecordSession
from workflows.phases.challenge import CloseAsDecided, ResumeSupervision
from workflows.phases.endings import RecordReapplication, WithdrawApplication
from workflows.phases.follow_up import CloseAsPerformed, CloseNamingRemainder, ReopenTalks
from workflows.phases.intake import AcceptCase
from workflows.rules_2026.consultation import CONSULTATION
from workflows.rules_2026.fast_track import FAST_TRACK
from workflows.vocabulary import Disposition, ProceedingEffect, ProceedingKind, TermKind

from ..support.story import NOW, PAY, Story, register

pytestmark = pytest.mark.quick

BOTH = ("party/1", "party/2")
LATER = Term(words=Text("伤愈后调岗"), kind=TermKind.CONTINGENT)


def closed(story: Story) -> Story:
    """Agreed, paid and closed as performed."""
    story.effective().do(RecordPayment(obligation="obligation/1", amount=1_200_000))
    story.do(CloseAsPerformed())
    return story


def unpaid(story: Story) -> Story:
    """Agreed, not paid, and closed naming that."""
    story.effective().do(TellRemedies(), *BOTH)
    story.do(CloseNamingRemainder(remainder=Text("未付，已告知起诉")))
    return story


def sue(story: Story, kind: ProceedingKind = ProceedingKind.LITIGATION, **given: Any) -> Story:
    story.do(FileProceeding(kind=kind, agreement="agreement/1", **given))
    return story


def stands(story: Story) -> tuple[str, str | None, str | None]:
    """Phase, its state, and how the case is closed."""
    case = story.case
    return case.phase, case.state(case.phase), case.facts.closed


def whole(story: Story) -> bool:
    """The record is lawful, its read models are those of the fold."""
    found = [f for _, fs in audit_store(story.store, story.door.catalogue) for f in fs]
    return all(f.known for f in found) and rebuild(story.store, story.door.catalogue) == []


class TestBeingOpenAgain:
    @pytest.mark.parametrize("kind", [ProceedingKind.LITIGATION, ProceedingKind.ARBITRATION, ProceedingKind.OTHER])
    def test_a_suit_against_its_agreement_opens_a_closed_case(self, story: Story, kind: ProceedingKind) -> None:
        before = closed(story).case.version
        sue(story, kind)
        assert stands(story) == ("challenge/1", "challenged", None)
        assert story.case.facts.closed_before == "performed"
        with story.store.read() as unit:
            shown = unit.views.projection("A1")
        assert shown is not None
        assert (shown.row.phase, shown.row.closed) == ("challenge", None)
        assert story.door.case("A1", before).facts.closed == "performed", "as of then it was closed"
        assert whole(story)

    @pytest.mark.parametrize(
        "kind",
        [ProceedingKind.ENFORCEMENT, ProceedingKind.PAYMENT_ORDER, ProceedingKind.JUDICIAL, ProceedingKind.ARBITRAL],
    )
    def test_enforcing_or_confirming_an_agreement_disputes_nothing(self, story: Story, kind: ProceedingKind) -> None:
        sue(closed(story), kind, applicants=BOTH)
        assert stands(story) == ("follow_up/1", "performed", "performed")

    def test_a_suit_about_something_else_does_not_open_it(self, story: Story) -> None:
        closed(story).do(FileProceeding(kind=ProceedingKind.LITIGATION))
        assert stands(story) == ("follow_up/1", "performed", "performed")

    def test_a_suit_that_was_pending_at_closing_does_not_open_it(self, story: Story) -> None:
        story.effective().do(TellRemedies(), *BOTH)
        sue(story).do(CloseNamingRemainder(remainder=Text("已起诉")))
        assert story.case.facts.closed == "remainder"
        story.do(WithdrawProceeding(), "proceeding/1")
        assert story.case.facts.closed == "remainder"

    def test_an_agreement_that_binds_nobody_cannot_be_challenged(self, story: Story) -> None:
        story.accepted().do(ReachAgreement(terms=(PAY,)))
        story.do(WithdrawApplication())
        sue(story)
        assert story.case.facts.closed == "withdrawn"

    def test_what_is_missing_names_the_proceeding_and_the_way_back_to_closing(self, story: Story) -> None:
        sue(closed(story))
        needs = {n.key: n for n in missing(FAST_TRACK, story.case, NOW.date())}
        assert {k for k in needs if not k.startswith("visit/")} == {"proceeding/1", "challenge/1"}
        assert len(needs["challenge/1"].path) == 1

    def test_what_is_agreed_meanwhile_is_recorded_and_supervised(self, story: Story) -> None:
        sue(closed(story)).do(RecordSession(attended=BOTH, rights_told=True))
        story.do(ReachAgreement(terms=(PAY,), replaces="agreement/1"))
        story.do(AdoptOrally(), "agreement/2")
        assert story.case.phase == "challenge/1"
        story.do(WithdrawProceeding(), "proceeding/1")
        assert stands(story) == ("follow_up/2", "supervising", None)
        assert whole(story)


def gone_to_court(story: Story) -> Story:
    """What a revoked agreement had settled goes to court."""
    if story.state("issue/1") == "open":
        story.do(DisposeIssue(disposition=Disposition.COURT), "issue/1")
    return story


class TestItsExits:
    @pytest.mark.parametrize(
        "result",
        [
            RecordDismissed(),
            WithdrawProceeding(),
            RecordDecided(effect=ProceedingEffect.CONFIRMS),
            RecordDecided(effect=ProceedingEffect.NONE),
            RecordSettledThere(effect=ProceedingEffect.CONFIRMS),
        ],
        ids=lambda c: c.label,
    )
    def test_an_agreement_that_stands_closes_the_case_as_it_was_closed(self, story: Story, result: Any) -> None:
        sue(closed(story)).do(result, "proceeding/1")
        assert stands(story) == ("challenge/1", "upheld", "performed")
        assert story.state("agreement/1") == "performed"
        assert missing(FAST_TRACK, story.case, NOW.date()) == []
        assert whole(story)

    def test_where_something_is_still_owed_it_is_supervised_again(self, story: Story) -> None:
        sue(unpaid(story)).do(RecordDismissed(), "proceeding/1")
        assert stands(story) == ("follow_up/2", "supervising", None)
        story.do(RecordPayment(obligation="obligation/1", amount=1_200_000))
        story.do(CloseAsPerformed())
        assert story.case.facts.closed == "performed"
        assert whole(story)

    def test_what_outlives_a_case_does_not_bring_it_back(self, story: Story) -> None:
        story.effective(terms=(PAY, LATER)).do(RecordPayment(obligation="obligation/1", amount=1_200_000))
        story.do(CloseNamingRemainder(remainder=Text("伤愈后调岗")))
        sue(story).do(RecordDismissed(), "proceeding/1")
        assert stands(story) == ("challenge/1", "upheld", "remainder")

    def test_unless_it_has_been_breached(self, story: Story) -> None:
        story.effective(terms=(PAY, LATER)).do(RecordPayment(obligation="obligation/1", amount=1_200_000))
        story.do(CloseNamingRemainder(remainder=Text("伤愈后调岗")))
        sue(story).do(RecordBreach(), "obligation/2")
        story.do(RecordDismissed(), "proceeding/1")
        assert story.case.phase == "follow_up/2"

    def test_an_agreement_that_is_varied_is_supervised_again(self, story: Story) -> None:
        sue(closed(story)).do(RecordDecided(effect=ProceedingEffect.VARIES, amount=1_500_000), "proceeding/1")
        assert stands(story) == ("follow_up/2", "supervising", None)

    @pytest.mark.parametrize(
        ("effect", "state"), [(ProceedingEffect.SETS_ASIDE, "revoked"), (ProceedingEffect.SUPERSEDES, "superseded")]
    )
    def test_one_that_is_set_aside_is_closed_naming_that_without_anybodys_signature(
        self, story: Story, effect: ProceedingEffect, state: str
    ) -> None:
        sue(unpaid(story)).do(RecordDecided(effect=effect, paper=Text("民事判决书")), "proceeding/1")
        assert story.state("agreement/1") == state
        assert stands(story) == ("challenge/1", "challenged", None)
        gone_to_court(story)
        story.do(CloseAsDecided())
        assert stands(story) == ("challenge/1", "decided", "decided")
        assert whole(story)

    def test_one_that_is_settled_there_is_closed_naming_that(self, story: Story) -> None:
        sue(unpaid(story)).do(RecordSettledThere(amount=800_000), "proceeding/1")
        assert stands(story) == ("challenge/1", "settled_there", "settled_there")
        assert (story.state("agreement/1"), story.state("obligation/1")) == ("superseded", "lapsed")
        assert whole(story)

    @pytest.mark.parametrize(
        "result", [RecordDecided(effect=ProceedingEffect.SETS_ASIDE), RecordReturned()], ids=lambda c: c.label
    )
    def test_after_that_or_sent_back_to_mediation_the_parties_talk_again(self, story: Story, result: Any) -> None:
        sue(closed(story)).do(result, "proceeding/1")
        story.do(ReopenTalks(issues=("issue/1",)))
        assert stands(story) == ("mediation/2", "talking", None)
        assert story.state("issue/1") == "open"
        story.do(ReachAgreement(terms=(PAY,), replaces="agreement/1"))
        story.do(AdoptOrally(), "agreement/2")
        assert story.case.phase == "follow_up/2"
        assert whole(story)

    def test_in_a_consultation_they_talk_apart_again(self, story: Story) -> None:
        story.do(register(in_zone=True, weighty=True), workflow="consultation_2026")
        story.do(AcceptCase(), by=Office.LEAD)
        story.do(ReachAgreement(terms=(PAY,)))
        story.do(AdoptOrally(), "agreement/1")
        story.do(RecordPerformance(), "obligation/1")
        story.do(CloseAsPerformed())
        sue(story).do(RecordReturned(), "proceeding/1")
        story.do(ReopenTalks(issues=("issue/1",)))
        assert story.case.phase == "coordination/2"

    def test_sent_back_and_not_talked_about_it_is_supervised(self, story: Story) -> None:
        sue(unpaid(story)).do(RecordReturned(), "proceeding/1")
        story.do(ResumeSupervision())
        assert story.case.phase == "follow_up/2"

    def test_while_a_result_is_awaited_there_is_no_way_out(self, story: Story) -> None:
        sue(sue(closed(story)), ProceedingKind.ARBITRATION).do(RecordDismissed(), "proceeding/1")
        assert story.case.phase == "challenge/1"
        for step in (CloseAsDecided(), ResumeSupervision(), ReopenTalks(issues=("issue/1",))):
            with pytest.raises(GuardRefused):
                story.do(step)
        story.do(RecordDismissed(), "proceeding/2")
        assert stands(story) == ("challenge/1", "upheld", "performed")

    def test_a_case_can_be_challenged_again_and_earlier_results_do_not_count(self, story: Story) -> None:
        sue(closed(story)).do(RecordDecided(effect=ProceedingEffect.SETS_ASIDE), "proceeding/1")
        story.do(ReopenTalks(issues=("issue/1",)))
        story.do(ReachAgreement(terms=(PAY,)))
        story.do(AdoptOrally(), "agreement/2")
        story.do(RecordPerformance(), "obligation/2")
        story.do(CloseAsPerformed())
        story.do(FileProceeding(kind=ProceedingKind.LITIGATION, agreement="agreement/2"))
        assert story.case.phase == "challenge/2"
        story.do(WithdrawProceeding(), "proceeding/2")
        assert stands(story) == ("challenge/2", "upheld", "performed")
        assert whole(story)

    def test_somebody_who_applies_again_meanwhile_is_recorded_and_changes_nothing(self, story: Story) -> None:
        sue(sue(closed(story)), ProceedingKind.ARBITRATION).do(RecordDismissed(), "proceeding/1")
        story.do(RecordReapplication(note=Text("要求继续调解")))
        story.do(RecordDecided(effect=ProceedingEffect.SETS_ASIDE), "proceeding/2")
        gone_to_court(story).do(CloseAsDecided())
        assert whole(story)

    def test_every_closing_stays_in_the_history(self, story: Story) -> None:
        sue(closed(story)).do(RecordDecided(effect=ProceedingEffect.SETS_ASIDE), "proceeding/1")
        gone_to_court(story).do(CloseAsDecided())
        told = [line.event for line in story.lines]
        assert told.index("ClosedAsPerformed") < told.index("ClosedAsDecided")


class TestDeclaring:
    def test_a_closed_case_is_reopened_into_a_phase_that_is_entered(self) -> None:
        reopens, *_ = FAST_TRACK.reopens
        with pytest.raises(DeclarationFault, match="no phase with an initial state"):
            replace(FAST_TRACK, reopens=(replace(reopens, phase="payment"),))
        with pytest.raises(DeclarationFault, match="no label or no basis"):
            replace(FAST_TRACK, reopens=(replace(reopens, label=""),))
        with pytest.raises(DeclarationFault, match="phase challenge is never entered"):
            replace(FAST_TRACK, reopens=())

    def test_what_reopens_a_case_is_part_of_the_rules(self) -> None:
        reopens, *_ = FAST_TRACK.reopens
        for changed in (replace(reopens, basis="某法 第1条"), replace(reopens, when=lambda case: False)):
            other = replace(FAST_TRACK, reopens=(changed,))
            assert set(rule_lines(other)) != set(rule_lines(FAST_TRACK))

    @pytest.mark.parametrize("workflow", [FAST_TRACK, CONSULTATION], ids=lambda w: w.name)
    def test_the_officials_table_says_what_reopens_a_case(self, workflow: Any) -> None:
        assert "| 已结案 | 有人就生效协议起诉" in table(workflow).rsplit("\n## ", 1)[1]
