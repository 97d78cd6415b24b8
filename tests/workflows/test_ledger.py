"""Money counts where it belongs: from the obligor, to the obligee, once, in order; else it is booked and marked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mediation_engine.decisions.closing import missing
from mediation_engine.domain.correcting import CorrectOrder
from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.errors import GuardRefused
from mediation_engine.services.maintenance import audit_store
from web.presenters.case_details import Casework
from web.presenters.timeline import changes
from workflows.facts import Share
from workflows.parts import cards
from workflows.parts.ledger import paid_on
from workflows.parts.obligation import RecordPerformance
from workflows.parts.payment import AllocatePayment, DisputePayment, RecordPayment, StrikePayment

from ..support.story import NOW, PAY, Story

pytestmark = pytest.mark.quick

WORKER, FIRM = "party/1", "party/2"
DUTY, SUM = "obligation/1", 1_200_000


@pytest.fixture
def owed(story: Story) -> Story:
    return story.effective()


def pay(story: Story, **given: Any) -> list[str]:
    """Book 12,000 for the duty; the codes of what was marked on the line."""
    at = given.pop("at", None)
    receipt = story.do(RecordPayment(**{"amount": SUM, "obligation": DUTY} | given), at=at)
    return [defect.code for defect in receipt.lines[0].defects]


def counted(story: Story) -> int:
    return paid_on(story.case, DUTY)


@pytest.mark.parametrize(
    "ways",
    [
        {},
        {"payer": FIRM},
        {"payee": WORKER},
        {"payer": FIRM, "payee": WORKER},
        {"payer": WORKER, "for_payer": FIRM},
        {"payer": FIRM, "payee": FIRM, "for_payee": WORKER},
    ],
)
def test_money_from_the_obligor_or_for_him_to_the_obligee_or_for_him_settles_the_duty(
    owed: Story, ways: dict[str, Any]
) -> None:
    assert pay(owed, **ways) == []
    assert owed.state(DUTY) == "performed"


@pytest.mark.parametrize(
    ("ways", "marks"),
    [
        ({"payer": WORKER, "payee": FIRM}, ["from_obligor", "to_obligee"]),
        ({"payer": WORKER}, ["from_obligor"]),
        ({"payee": FIRM}, ["to_obligee"]),
        ({"payer": FIRM, "payee": WORKER, "for_payee": FIRM}, ["to_obligee"]),
        ({"payer": FIRM, "for_payer": WORKER}, ["from_obligor"]),
        ({"at": "2020-01-01"}, ["not_early"]),
        ({"at": "2020-01-01", "payer": WORKER}, ["from_obligor", "not_early"]),
        ({"agreement": "agreement/1", "obligation": None, "payer": WORKER}, ["from_obligor"]),
    ],
)
def test_other_money_is_booked_and_marked_and_settles_nothing(
    owed: Story, ways: dict[str, Any], marks: list[str]
) -> None:
    assert pay(owed, **ways) == marks
    assert owed.state(DUTY) == "pending"
    assert counted(owed) == 0
    assert missing(owed.door.catalogue.named("fast_track_2026"), owed.case, NOW.date())
    assert all(f.known for _, found in audit_store(owed.store, owed.door.catalogue) for f in found)


def test_what_was_paid_before_the_agreement_counts_where_it_is_agreed_to(owed: Story) -> None:
    assert pay(owed, at="2020-01-01", credited=True) == []
    assert owed.state(DUTY) == "performed"


def test_or_once_somebody_says_what_it_was_for(owed: Story) -> None:
    pay(owed, at="2020-01-01")
    owed.do(AllocatePayment(obligation=DUTY), "payment/1")
    assert owed.state(DUTY) == "performed"


def test_saying_what_it_was_for_does_not_turn_it_round(owed: Story) -> None:
    pay(owed, payer=WORKER, payee=FIRM)
    receipt = owed.do(AllocatePayment(obligation=DUTY), "payment/1")
    assert {d.code for d in receipt.lines[0].defects} == {"from_obligor", "to_obligee"}
    assert owed.state(DUTY) == "pending"


def test_the_same_payment_booked_twice_counts_once(owed: Story) -> None:
    assert pay(owed, amount=600_000, at="2026-11-23") == []
    assert pay(owed, amount=600_000, at="2026-11-23") == ["not_again"]
    assert (counted(owed), owed.state(DUTY)) == (600_000, "pending")


def test_two_payments_that_look_alike_count_twice_where_that_is_said(owed: Story) -> None:
    pay(owed, amount=600_000, at="2026-11-23")
    assert pay(owed, amount=600_000, at="2026-11-23", separate=True) == []
    assert owed.state(DUTY) == "performed"


def test_on_another_day_or_of_another_sum_they_do_not_look_alike(owed: Story) -> None:
    pay(owed, amount=600_000, at="2026-11-23")
    assert pay(owed, amount=500_000, at="2026-11-23") == []
    assert pay(owed, amount=50_000, at="..") == pay(owed, amount=50_000, at="..") == [], "no day, no likeness"
    assert counted(owed) == 1_200_000


def test_once_the_first_is_struck_the_second_counts(owed: Story) -> None:
    pay(owed, at="2026-11-23")
    pay(owed, at="2026-11-23")
    owed.do(DisputePayment(), "payment/1")
    owed.do(StrikePayment(), "payment/1")
    assert (counted(owed), owed.state(DUTY)) == (SUM, "performed")


def test_what_is_over_is_marked_and_shows(owed: Story) -> None:
    assert pay(owed, amount=2 * SUM) == ["still_owed"]
    assert owed.state(DUTY) == "performed"
    assert counted(owed) == 2 * SUM
    [terms] = [g for g in cards.agreement(Casework(owed.view(Office.MEDIATOR)), "agreement/1").groups if g.numbered]
    [term] = terms.cards
    assert "已付 ￥24,000.00，多付 ￥12,000.00" in term.tags[0][0]


@pytest.mark.parametrize(
    "ways", [{"obligation": None, "agreement": "agreement/1"}, {"shares": (Share(obligation=DUTY, amount=SUM),)}]
)
def test_what_comes_after_all_is_paid_is_over_whatever_it_names(owed: Story, ways: dict[str, Any]) -> None:
    assert pay(owed) == []
    ways = {"obligation": None, "separate": True} | ways
    assert pay(owed, **ways) == ["still_owed"]
    assert pay(owed, **ways, payer=WORKER) == ["from_obligor"], "what is not for it is not over"


def test_what_is_said_to_be_for_a_duty_that_is_paid_is_over_and_said_again_it_is_not(owed: Story) -> None:
    pay(owed)
    assert allocated(owed, "payment/1") == []
    pay(owed, obligation=None)
    assert allocated(owed, "payment/2") == ["still_owed"]


def allocated(story: Story, payment: str) -> list[str]:
    return [d.code for d in story.do(AllocatePayment(obligation=DUTY), payment).lines[0].defects]


def test_booked_after_it_was_recorded_as_performed_it_is_not_over(owed: Story) -> None:
    owed.do(RecordPerformance(), DUTY)
    assert pay(owed) == []


def test_a_payment_that_counts_for_nothing_says_why(owed: Story) -> None:
    pay(owed, payer=WORKER, payee=FIRM)
    shown = cards.payment(Casework(owed.view(Office.MEDIATOR)), "payment/1")
    assert ("不计入", "付款人不是付款方（义务人），也没有写明代谁付") in shown.facts
    assert ("不计入", "收款人不是收款方（权利人），也没有写明代谁收") in shown.facts


def test_money_for_a_duty_that_names_nobody_is_from_and_to_whomever(story: Story) -> None:
    story.effective(terms=(replace(PAY, payer=None, payee=None),))
    assert pay(story, payer=WORKER, payee=FIRM) == []
    assert story.state(DUTY) == "performed"


class TestShares:
    """One transfer for several duties is one entry."""

    @pytest.fixture
    def two(self, story: Story) -> Story:
        """Two duties of one agreement, 7万 and 3万."""
        parts = tuple(replace(PAY, words=Text(w), amount=a) for w, a in (("工资", 7_000_000), ("加班费", 3_000_000)))
        return story.effective(terms=parts)

    def shares(self, *amounts: int) -> tuple[Share, ...]:
        return tuple(Share(obligation=f"obligation/{n}", amount=a) for n, a in enumerate(amounts, 1))

    def test_each_part_counts_for_its_own_duty(self, two: Story) -> None:
        two.do(RecordPayment(amount=8_000_000, shares=self.shares(7_000_000, 1_000_000)))
        assert [two.state(f"obligation/{n}") for n in (1, 2)] == ["performed", "pending"]
        two.do(RecordPayment(obligation="obligation/2", amount=2_000_000))
        assert two.state("agreement/1") == "performed"

    @pytest.mark.parametrize("given", [(7_000_000, 2_000_000), (10_000_000, 0), (8_000_000,)])
    def test_parts_that_are_not_the_whole_are_refused(self, two: Story, given: tuple[int, ...]) -> None:
        with pytest.raises(GuardRefused, match="合计须等于"):
            two.do(RecordPayment(amount=10_000_000, shares=self.shares(*given)))

    def test_a_duty_named_twice_or_beside_another_is_refused(self, two: Story) -> None:
        twice = (Share(obligation="obligation/1", amount=1), Share(obligation="obligation/1", amount=1))
        for given in (
            RecordPayment(amount=2, shares=twice),
            RecordPayment(amount=2, shares=self.shares(1, 1), obligation="obligation/1"),
        ):
            with pytest.raises(GuardRefused, match="各项写一次"):
                two.do(given)

    def test_a_payment_for_several_says_whom_it_went_to(self, two: Story) -> None:
        two.do(RecordPayment(amount=8_000_000, shares=self.shares(7_000_000, 1_000_000)))
        shown = cards.payment(Casework(two.view(Office.MEDIATOR)), "payment/1")
        assert shown.title == "￥80,000.00" and shown.cells[0] == "某五金厂 → 王某"

    def test_a_correction_says_only_what_it_changed(self, two: Story) -> None:
        two.do(RecordPayment(amount=9_900_000, shares=self.shares(7_000_000, 2_900_000)))
        paid = two.case.version - 1
        instead = RecordPayment(amount=10_000_000, shares=self.shares(7_000_000, 3_000_000))
        two.do(CorrectOrder(order=paid, reason=Text("少写了")), by=Office.LEAD, instead=instead)
        view = two.view(Office.MEDIATOR)
        told = dict.fromkeys(changes(view.teller, view.restated[two.case.version]))
        assert [*told] == [
            ("某五金厂→王某 3万元，这次付了", "￥29,000.00", "￥30,000.00"),
            ("金额", "￥99,000.00", "￥100,000.00"),
            ("因此", "", "某五金厂→王某 3万元：义务已履行完毕"),
            ("因此", "", "协议1：协议已履行完毕"),
        ]

    def test_from_the_wrong_side_it_counts_for_none(self, two: Story) -> None:
        two.do(RecordPayment(amount=10_000_000, payer="party/1", shares=self.shares(7_000_000, 3_000_000)))
        assert [two.state(f"obligation/{n}") for n in (1, 2)] == ["pending", "pending"]
        assert "from_obligor" in {d.code for d in two.lines[-1].defects}
