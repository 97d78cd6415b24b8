"""代收代付: what a payer hands to a custodian for the payee is one payment in two legs, linked and never added."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mediation_engine.decisions.closing import missing
from mediation_engine.domain.fields import Text
from mediation_engine.errors import GuardRefused
from mediation_engine.services.maintenance import audit_store
from web.case_import import take_reports
from web.case_import.file_format import checked
from web.case_import.importer import RECORDER
from web.case_import.samples import reported_cases
from workflows.facts import Term
from workflows.parts.agreement import AdoptOrally, ReachAgreement, ReportPerformance
from workflows.parts.custody import HoldForPayee
from workflows.parts.obligation import RecordBreach, RecordPerformance, Release, ReleaseObligation
from workflows.parts.party import TellRemedies
from workflows.parts.payment import AllocatePayment, DisputePayment, RecordPayment
from workflows.parts.proceeding import RecordConfirmed
from workflows.phases.follow_up import CloseAsPerformed, CloseNamingRemainder
from workflows.rules_2026.fast_track import FAST_TRACK
from workflows.vocabulary import Extent, ProceedingKind, TermKind

from ..support.story import NOW, Story

pytestmark = pytest.mark.quick

INTO, OUT = "obligation/1", "obligation/2"
SUM = 1_200_000
THROUGH = Term(
    words=Text("月底前交镇政府，由其发放"),
    kind=TermKind.PAY,
    payer="party/2",
    payee="party/1",
    amount=SUM,
    due=date(2026, 11, 30),
    custodian="town",
)


def legs(story: Story) -> tuple[str | None, str | None]:
    return story.state(INTO), story.state(OUT)


@pytest.fixture
def agreed(story: Story) -> Story:
    """An agreement in effect with one payment through a custodian."""
    return story.effective(terms=(THROUGH,))


def test_a_payment_through_a_custodian_is_two_linked_legs(agreed: Story) -> None:
    first, second = agreed.case.facts.obligations.values()
    assert (first.payer, first.custodian, first.waits_for) == ("party/2", "town", None)
    assert (second.payer, second.custodian, second.payee, second.waits_for) == (None, "town", "party/1", INTO)
    assert first.amount == second.amount == SUM
    assert legs(agreed) == ("pending", "waiting")


def test_the_two_are_one_sum_and_one_thing_to_wait_for(agreed: Story) -> None:
    with agreed.store.read() as unit:
        projection = unit.views.projection("A1")
    assert projection is not None
    assert agreed.case.facts.agreements["agreement/1"].total == projection.row.agreed == SUM
    assert [k for k in FAST_TRACK.open_parts(agreed.case) if "obligation" in k] == [INTO]
    assert [d.instance for d in projection.dues if d.kind == "obligation"] == [INTO]
    assert [n.key for n in missing(FAST_TRACK, agreed.case, NOW.date()) if "obligation" in n.key] == [INTO]


def test_who_paid_and_who_received_tells_the_leg(agreed: Story) -> None:
    agreed.do(RecordPayment(agreement="agreement/1", payer="party/2", amount=SUM))
    assert legs(agreed) == ("performed", "pending")
    assert agreed.state("agreement/1") == "effective", "the payee has nothing yet"
    agreed.do(RecordPayment(agreement="agreement/1", payee="party/1", amount=SUM))
    assert legs(agreed) == ("performed", "performed")
    assert agreed.state("agreement/1") == "performed"
    agreed.do(CloseAsPerformed())
    assert all(f.known for _, found in audit_store(agreed.store, agreed.door.catalogue) for f in found)


def test_the_next_step_then_is_the_custodians(agreed: Story) -> None:
    agreed.do(RecordPayment(obligation=INTO, amount=SUM))
    assert [n.key for n in missing(FAST_TRACK, agreed.case, NOW.date()) if "obligation" in n.key] == [OUT]


def test_money_that_went_straight_to_the_payee_performs_both_once(agreed: Story) -> None:
    agreed.do(RecordPayment(agreement="agreement/1", payer="party/2", payee="party/1", amount=SUM))
    assert legs(agreed) == ("performed", "performed")


def test_where_nobody_says_who_paid_whom_it_counts_for_neither_until_somebody_does(agreed: Story) -> None:
    agreed.do(RecordPayment(agreement="agreement/1", amount=SUM))
    assert "leg_known" in {d.code for d in agreed.lines[-1].defects}
    assert legs(agreed) == ("pending", "waiting")
    agreed.do(AllocatePayment(obligation=INTO), "payment/1")
    assert legs(agreed) == ("performed", "pending")


def test_the_term_is_performed_when_the_last_leg_is(agreed: Story) -> None:
    agreed.do(RecordPerformance(), OUT)
    assert legs(agreed) == ("performed", "performed")
    assert agreed.state("agreement/1") == "performed"


def test_reported_performed_in_full_both_are(agreed: Story) -> None:
    agreed.do(ReportPerformance(extent=Extent.ALL), "agreement/1")
    assert legs(agreed) == ("performed", "performed")


def test_what_lies_with_the_custodian_is_not_counted_as_performed(agreed: Story) -> None:
    agreed.do(RecordPayment(agreement="agreement/1", payer="party/2", amount=SUM))
    agreed.do(ReportPerformance(extent=Extent.ALL), "agreement/1")
    line = next(line for line in agreed.lines if line.event == "PerformanceReported")
    assert "ledger_agrees" in {d.code for d in line.defects}


def test_a_disputed_payment_to_the_custodian_makes_the_second_leg_wait_again(agreed: Story) -> None:
    agreed.do(RecordPayment(obligation=INTO, amount=SUM))
    agreed.do(DisputePayment(), "payment/1")
    assert legs(agreed) == ("pending", "waiting")


def test_money_paid_before_the_agreement_finds_its_leg(story: Story) -> None:
    story.accepted().do(ReachAgreement(terms=(THROUGH,)))
    story.do(RecordPayment(agreement="agreement/1", payer="party/2", amount=SUM))
    story.do(AdoptOrally(), "agreement/1")
    assert legs(story) == ("performed", "pending")


def test_two_payers_through_one_custodian_have_a_pair_each(story: Story) -> None:
    other = Term(words=Text("工头交四千"), kind=TermKind.PAY, payee="party/1", amount=400_000, custodian="town")
    story.effective(terms=(THROUGH, other))
    assert {k: o.waits_for for k, o in story.case.facts.obligations.items()} == {
        "obligation/1": None,
        "obligation/2": None,
        "obligation/3": "obligation/1",
        "obligation/4": "obligation/2",
    }
    assert story.case.facts.agreements["agreement/1"].total == SUM + 400_000
    story.do(RecordPayment(agreement="agreement/1", payee="party/1", amount=SUM))
    assert story.state("obligation/3") == "waiting", "no guess between two terms"


def test_a_payee_who_does_not_come_is_held_for_and_nobody_is_in_default(agreed: Story) -> None:
    agreed.do(RecordPayment(obligation=INTO, amount=SUM))
    agreed.do(HoldForPayee(note=Text("十四人账户未开")), OUT)
    assert not agreed.lines[-1].defects
    assert legs(agreed) == ("performed", "held")
    with pytest.raises(GuardRefused):
        agreed.do(CloseAsPerformed())
    agreed.do(CloseNamingRemainder(remainder=Text("款在镇政府，开户后转入")))
    agreed.do(RecordPayment(obligation=OUT, amount=SUM))
    assert agreed.state(OUT) == "performed", "collected after closing"


def test_money_that_never_came_in_is_not_there_to_be_held(story: Story) -> None:
    plain = Term(words=Text("付款"), kind=TermKind.PAY, payer="party/2", amount=SUM)
    story.effective(terms=(plain,)).do(HoldForPayee(), "obligation/1")
    assert {d.code for d in story.lines[-1].defects} == {"money_in_custody"}


def test_the_payers_default_is_on_the_payers_leg(agreed: Story) -> None:
    agreed.do(RecordBreach(), INTO)
    assert legs(agreed) == ("breached", "waiting")
    with pytest.raises(GuardRefused):
        agreed.do(CloseNamingRemainder(remainder=Text("未交款")))
    agreed.do(TellRemedies(), "party/1", "party/2")
    agreed.do(CloseNamingRemainder(remainder=Text("未交款，已告知起诉")))


def test_a_leg_that_is_released_releases_the_other(agreed: Story) -> None:
    agreed.do(ReleaseObligation(reason=Release.WAIVED), INTO)
    assert legs(agreed) == ("lapsed", "lapsed")


def test_the_report_of_32_absent_payees_yields_its_legs(story: Story) -> None:
    (report,) = [r for r in checked(reported_cases(), "sample") if "anji" in r["id"]]
    take_reports(story.door, [report])
    story.name = report["id"]
    confirmed: Any = RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement="agreement/1")
    story.door.submit(story.order(confirmed, actor=RECORDER.id))
    owed = story.case.facts.obligations
    legs_of = {k: (o.payer, o.payee, o.amount, o.waits_for) for k, o in owed.items() if o.custodian}
    assert legs_of == {
        "obligation/1": ("party/2", "party/1", 16_000_000, None),
        "obligation/2": ("party/3", "party/1", 4_000_000, None),
        "obligation/4": (None, "party/1", 16_000_000, "obligation/1"),
        "obligation/5": (None, "party/1", 4_000_000, "obligation/2"),
    }
    assert {o.custodian for o in owed.values() if o.custodian} == {story.case.facts.members["member/3"].person}
    assert story.case.facts.agreements["agreement/1"].total == 20_000_000
