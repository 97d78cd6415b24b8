"""Papers on their way to somebody: handed over, sent, signed for or come back; and the dossier that is lent."""

from __future__ import annotations

from datetime import date

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.errors import GuardRefused
from workflows.parts.delivery import DeliverPaper, RecordReceipt, RecordUndelivered, SendPaper
from workflows.parts.loan import LendDossier, RecordConsultation, ReturnDossier
from workflows.parts.payment import RecordPayment
from workflows.phases.follow_up import CloseAsPerformed
from workflows.vocabulary import DeliveredPaper, LoanPurpose, Receiver, Undelivered

from ..support.story import PAY, Story

pytestmark = pytest.mark.quick

CLERK = {"receiver": Receiver.CLERK, "signed_by": Text("前台小陈"), "reason": Text("公司负责收件")}


@pytest.fixture
def accepted(story: Story) -> Story:
    return story.accepted()


def marks(story: Story) -> list[str]:
    return [defect.code for defect in story.lines[-1].defects]


def test_what_is_handed_over_is_signed_for_at_once(accepted: Story) -> None:
    accepted.do(DeliverPaper(paper=DeliveredPaper.RIGHTS, party="party/1"))
    assert accepted.state("delivery/1") == "received"
    held = accepted.case.facts.deliveries["delivery/1"]
    assert held.received == held.sent and held.receiver is Receiver.SELF
    assert marks(accepted) == []


def test_what_is_sent_waits_until_it_is_signed_for_or_comes_back(accepted: Story) -> None:
    accepted.do(SendPaper(paper=DeliveredPaper.SUMMONS, party="party/2"))
    accepted.do(SendPaper(paper=DeliveredPaper.SUMMONS, party="party/1"))
    assert [accepted.state(f"delivery/{n}") for n in (1, 2)] == ["sent", "sent"]
    accepted.do(RecordReceipt(**CLERK), "delivery/1")
    accepted.do(RecordUndelivered(why=Undelivered.REFUSED), "delivery/2")
    assert [accepted.state(f"delivery/{n}") for n in (1, 2)] == ["received", "undelivered"]
    assert accepted.case.facts.deliveries["delivery/2"].received is None


@pytest.mark.parametrize("missing", ["signed_by", "reason"])
def test_somebody_else_who_signs_is_named_with_his_reason(accepted: Story, missing: str) -> None:
    accepted.do(DeliverPaper(paper=DeliveredPaper.RIGHTS, party="party/2", **CLERK | {missing: None}))
    assert marks(accepted) == ["receiver_named"]
    accepted.do(DeliverPaper(paper=DeliveredPaper.RIGHTS, party="party/2", **CLERK))
    assert marks(accepted) == []


@pytest.mark.parametrize("command", [DeliverPaper, SendPaper])
def test_a_paper_of_no_kind_of_ours_is_named(accepted: Story, command: type[DeliverPaper | SendPaper]) -> None:
    with pytest.raises(GuardRefused, match="写明名称"):
        accepted.do(command(paper=DeliveredPaper.OTHER, party="party/1"))
    accepted.do(command(paper=DeliveredPaper.OTHER, title=Text("补充材料通知"), party="party/1"))
    assert len(accepted.case.facts.deliveries) == 1


def test_nothing_is_signed_for_before_it_was_sent(accepted: Story) -> None:
    accepted.do(SendPaper(paper=DeliveredPaper.SUMMONS, party="party/2"), at="2026-11-20")
    accepted.do(RecordReceipt(), "delivery/1", at="2026-11-19")
    assert marks(accepted) == ["not_before_paper_sent"]


def test_papers_go_out_and_the_dossier_is_lent_after_the_end_as_before(story: Story) -> None:
    story.effective().do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
    story.do(CloseAsPerformed())
    story.do(DeliverPaper(paper=DeliveredPaper.AGREEMENT, agreement="agreement/1", party="party/1"))
    story.do(LendDossier(borrower=Text("司法所老吴"), purpose=LoanPurpose.REVIEW, due=date(2026, 12, 1)))
    assert [*story.case.facts.due_days({"loan/1"})] == [("loan/1", date(2026, 12, 1))]
    story.do(ReturnDossier(), "loan/1")
    assert story.state("loan/1") == "returned"


def test_whoever_only_looks_has_nothing_to_bring_back(accepted: Story) -> None:
    accepted.do(RecordConsultation(borrower=Text("王某"), purpose=LoanPurpose.PARTY))
    assert accepted.state("loan/1") == "consulted"
    assert not [*accepted.case.facts.due_days(accepted.case.facts.loans)]


def test_a_dossier_that_is_out_keeps_no_case_open(story: Story) -> None:
    story.effective().do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
    story.do(LendDossier(borrower=Text("司法所老吴"), purpose=LoanPurpose.REVIEW, due=date(2026, 12, 1)))
    story.do(CloseAsPerformed())
    assert story.case.facts.closed is not None
    assert story.state("loan/1") == "lent"
