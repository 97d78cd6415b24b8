"""A batch of payments: each row stands for itself; what came back was not paid, and is made again until it arrives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.correcting import CorrectOrder, StrikeOrder
from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Receipt
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.errors import CommandNotAllowed, GuardRefused
from mediation_engine.ids import seeded_randomness
from mediation_engine.services.maintenance import audit_store
from web.presenters.case_details import Casework
from workflows.facts import BatchRow, Term, facts_of
from workflows.parts import cards
from workflows.parts.agreement import AdoptOrally, ReachAgreement
from workflows.parts.batch import RecordBatch
from workflows.parts.ledger import paid_on
from workflows.parts.obligation import RecordBreach, Release, ReleaseObligation
from workflows.parts.party import JoinCase
from workflows.parts.payment import (
    AllocatePayment,
    DisputePayment,
    RecordPayment,
    RecordReturn,
    ResendPayment,
    StrikePayment,
    UpholdPayment,
)
from workflows.phases.follow_up import CloseAsPerformed, Planned
from workflows.vocabulary import PaymentGround, PaymentResult, ReturnReason, Side, TermKind

from ..support.crew import SUM, crew, wages
from ..support.story import NOW, STORY_SEED, Story

pytestmark = pytest.mark.quick

R = ReturnReason


def row(n: int, returned: ReturnReason | None = None, amount: int = SUM, **more: Any) -> BatchRow:
    result = PaymentResult.RETURNED if returned else PaymentResult.PAID
    return BatchRow(obligation=f"obligation/{n}", amount=amount, result=result, reason=returned, **more)


def pay(story: Story, rows: Iterable[BatchRow], **given: Any) -> Receipt:
    at = given.pop("at", None)
    return story.do(RecordBatch(agreement="agreement/1", rows=tuple(rows), **given), at=at)


def states(story: Story, machine: str) -> list[str | None]:
    return [story.state(key) for key in story.case.of(machine)]


def whole(story: Story) -> bool:
    """Whether audit decides all of it again and comes to the same."""
    return all(f.known for _, found in audit_store(story.store, story.door.catalogue) for f in found)


@pytest.fixture
def three(story: Story) -> Story:
    return crew(story, 3)


def test_one_of_three_comes_back_and_is_paid_in_the_end(three: Story) -> None:
    pay(three, [row(1), row(2, R.ACCOUNT), row(3)])
    assert states(three, "payment") == ["recorded", "returned", "recorded"]
    assert states(three, "obligation") == ["performed", "pending", "performed"]
    three.do(ResendPayment(), "payment/2")
    assert states(three, "obligation") == ["performed"] * 3
    assert three.state("agreement/1") == "performed"
    assert whole(three)


def test_sixty_three_are_paid_by_one_batch_four_of_which_come_back(story: Story) -> None:
    crew(story, 63)
    back = {5: R.ACCOUNT, 17: R.NAME, 40: R.CLOSED, 63: R.OTHER}
    why = {63: Text("银行系统故障")}
    pay(story, [row(n, back.get(n), note=why.get(n)) for n in range(1, 64)], at="2026-11-23")
    assert states(story, "payment") == ["returned" if n in back else "recorded" for n in range(1, 64)]
    assert states(story, "obligation") == ["pending" if n in back else "performed" for n in range(1, 64)]
    payments = facts_of(story.case).payments
    assert {n: payments[f"payment/{n}"].returned for n in back} == back
    assert payments["payment/63"].return_note is not None
    assert story.state("agreement/1") == "effective"

    story.do(ResendPayment(), *(f"payment/{n}" for n in (5, 17, 63)))
    story.do(RecordReturn(reason=R.CLOSED), "payment/40")
    assert [n for n in range(1, 64) if story.state(f"obligation/{n}") == "pending"] == [40]
    story.do(RecordPayment(obligation="obligation/40", amount=SUM, payer="party/1", payee="party/41"))
    assert states(story, "obligation") == ["performed"] * 63
    assert story.state("agreement/1") == "performed"
    assert whole(story)


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_what_is_paid_and_what_is_owed_is_what_was_agreed(data: st.DataObject) -> None:
    clock = FixedClock(NOW)
    story = crew(Story(MemoryStore(clock, seeded_randomness(STORY_SEED)), clock), 4)
    back = data.draw(st.sets(st.integers(1, 4)), label="returned in the batch")
    pay(story, [row(n, R.ACCOUNT if n in back else None) for n in range(1, 5)])
    for again in data.draw(st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=8), label="later"):
        n, arrives = again
        key = f"payment/{n}"
        if not arrives:
            story.do(RecordReturn(reason=R.NAME), key)
            back.add(n)
        elif n in back:
            story.do(ResendPayment(), key)
            back.discard(n)
        else:
            with pytest.raises(CommandNotAllowed):
                story.do(ResendPayment(), key)
        paid = sum(paid_on(story.case, f"obligation/{k}") for k in range(1, 5))
        owed = sum(SUM for k in range(1, 5) if story.state(f"obligation/{k}") == "pending")
        assert paid + owed == 4 * SUM
        assert {k for k in range(1, 5) if story.state(f"obligation/{k}") == "pending"} == back
    assert (story.state("agreement/1") == "performed") == (not back)
    assert whole(story)


TO = {
    RecordReturn: RecordReturn(reason=R.ACCOUNT),
    ResendPayment: ResendPayment(),
    DisputePayment: DisputePayment(),
    UpholdPayment: UpholdPayment(),
    StrikePayment: StrikePayment(),
    AllocatePayment: AllocatePayment(obligation="obligation/1"),
}
WAYS = {
    "recorded": {RecordReturn: "returned", DisputePayment: "disputed", AllocatePayment: "recorded"},
    "returned": {RecordReturn: "returned", ResendPayment: "recorded"},
    "disputed": {RecordReturn: "returned", UpholdPayment: "recorded", StrikePayment: "struck"},
    "struck": {},
}
BEFORE: dict[str, tuple[Any, ...]] = {
    "recorded": (),
    "returned": (TO[RecordReturn],),
    "disputed": (TO[DisputePayment],),
    "struck": (TO[DisputePayment], TO[StrikePayment]),
}


@pytest.mark.parametrize("state", WAYS)
def test_from_each_state_there_are_these_ways_and_no_others(three: Story, state: str) -> None:
    for kind, command in TO.items():
        pay_one = RecordPayment(obligation="obligation/1", amount=SUM, separate=True)
        key = three.do(pay_one).lines[0].instance
        for step in BEFORE[state]:
            three.do(step, key)
        assert three.state(key) == state
        if kind in WAYS[state]:
            three.do(command, key)
            assert three.state(key) == WAYS[state][kind]
        else:
            with pytest.raises(CommandNotAllowed):
                three.do(command, key)


def test_money_sent_back_days_later_opens_the_duty_again(three: Story) -> None:
    pay(three, [row(1), row(2), row(3)], at="2026-11-23")
    assert three.state("agreement/1") == "performed"
    early = three.do(RecordReturn(reason=R.CLOSED), "payment/3", at="2026-11-22")
    assert [d.code for d in early.lines[0].defects] == ["not_before_sent"]
    assert (three.state("obligation/3"), three.state("agreement/1")) == ("pending", "effective")
    assert paid_on(three.case, "obligation/3") == 0


def test_money_sent_back_after_closing_is_made_again_or_is_a_breach_that_opens_the_case(three: Story) -> None:
    pay(three, [row(1), row(2), row(3)])
    three.do(CloseAsPerformed(visits=Planned.CANCELLED, visits_reason=Text("都已付清")))
    three.do(RecordReturn(reason=R.CLOSED), "payment/2", "payment/3")
    assert states(three, "obligation") == ["performed", "pending", "pending"]
    three.do(ResendPayment(), "payment/2")
    assert (three.state("obligation/2"), three.case.facts.closed) == ("performed", "performed")
    three.do(RecordBreach(), "obligation/3")
    assert three.case.facts.closed is None


def test_what_a_custodian_hands_on_is_paid_when_he_has_it(story: Story) -> None:
    crew(story, 1, replace(wages(1), custodian="town"))
    assert [row.obligation for row in drawn(story)] == ["obligation/1", "obligation/2"]
    pay(story, drawn(story))
    assert [row.obligation for row in drawn(story)] == ["obligation/3"]
    pay(story, drawn(story))
    assert story.state("agreement/1") == "performed"
    assert [facts_of(story.case).payments[f"payment/{n}"].payee for n in (1, 2, 3)] == ["party/2", None, "party/2"]


REFUSED = {
    "no row": ([], {}, "至少写一行"),
    "nothing paid": ([row(1, amount=0)], {}, "大于零"),
    "nothing returned": ([row(1, R.NAME, amount=0)], {}, "大于零"),
    "twice": ([row(1), row(1)], {}, "只写一行"),
    "without a reason": ([replace(row(1, R.NAME), reason=None)], {}, "须选退汇原因"),
    "a reason of its own without words": ([row(1, R.OTHER)], {}, "写明说明"),
    "a reason for what was paid": ([replace(row(1), reason=R.NAME)], {}, "成功的不选"),
    "paid up": ([row(1), row(2)], {"paid": 2}, "已付清"),
    "released": ([row(1), row(3)], {"released": 3}, "已免除"),
    "no payment": ([row(1), row(4)], {}, "不是付款"),
    "of another agreement": ([row(1), row(5)], {}, "属于所选的协议"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_batch_that_cannot_be_so_is_refused_in_words(story: Story, case: str) -> None:
    rows, before, words = REFUSED[case]
    crew(story, 3, Term(words=Text("当面道歉"), kind=TermKind.ACT, payer="party/1", payee="party/2"))
    other_agreement(story)
    if "paid" in before:
        story.do(RecordPayment(obligation="obligation/2", amount=SUM))
    if "released" in before:
        story.do(ReleaseObligation(reason=Release.WAIVED), "obligation/3")
    was = story.case.version
    with pytest.raises(GuardRefused, match=words) as refused:
        pay(story, rows)
    [about] = {refusal.about for refusal in refused.value.refusals}
    assert about in ((), tuple(last.obligation for last in rows[-1:]))
    assert story.case.version == was


def test_the_rows_at_fault_are_named_by_what_they_are_for(three: Story) -> None:
    with pytest.raises(GuardRefused) as refused:
        pay(three, [row(1), row(2), row(2), replace(row(3, R.NAME), reason=None)])
    assert {r.code: r.about for r in refused.value.refusals} == {
        "each_once": ("obligation/2",),
        "returns_explained": ("obligation/3",),
    }


def test_marks_of_single_payments_are_those_of_each_row(three: Story) -> None:
    three.do(RecordPayment(obligation="obligation/1", amount=SUM // 2), at="2026-11-23")
    receipt = pay(three, [row(1, amount=SUM // 2), row(2), row(3, R.NAME)], payer="party/3", at="2026-11-23")
    marks = {defect.code: defect.about for defect in receipt.lines[0].defects}
    assert marks == {"from_obligor": ("obligation/1", "obligation/2"), "not_to_oneself": ("obligation/2",)}
    assert states(three, "obligation") == ["pending"] * 3
    again = pay(three, [row(1, amount=SUM // 2), row(2)], at="2026-11-23")
    assert {defect.code: defect.about for defect in again.lines[0].defects} == {"not_again": ("obligation/1",)}


def test_what_was_paid_otherwise_meanwhile_is_paid_twice_and_marked(three: Story) -> None:
    pay(three, [row(1), row(2, R.NAME)])
    three.do(RecordPayment(obligation="obligation/2", amount=SUM))
    receipt = three.do(ResendPayment(), "payment/2")
    assert "still_owed" in {defect.code for defect in receipt.lines[0].defects}


@pytest.mark.parametrize(
    ("second", "order", "marks"),
    [
        (SUM, (1, 2), [set(), {"not_again", "still_owed"}]),
        (SUM, (2, 1), [set(), {"not_again", "still_owed"}]),
        (SUM // 2, (1, 2), [set(), {"still_owed"}]),
        (SUM // 2, (2, 1), [set(), {"still_owed"}]),
    ],
)
def test_two_of_one_duty_that_are_sent_again_at_once_are_marked_where_it_is_too_much(
    three: Story, second: int, order: tuple[int, ...], marks: list[set[str]]
) -> None:
    pay(three, [row(1, R.ACCOUNT)])
    pay(three, [row(1, R.NAME, amount=second)])
    receipt = three.do(ResendPayment(), *(f"payment/{n}" for n in order))
    ordered = [line for line in receipt.lines if line.command]
    assert [{defect.code for defect in line.defects} for line in ordered] == marks
    assert whole(three)


def test_two_halves_that_are_sent_again_at_once_are_not(three: Story) -> None:
    for reason, part in ((R.ACCOUNT, SUM // 4), (R.NAME, SUM - SUM // 4)):
        pay(three, [row(1, reason, amount=part)])
    receipt = three.do(ResendPayment(), "payment/1", "payment/2")
    assert [defect for line in receipt.lines for defect in line.defects] == []
    assert three.state("obligation/1") == "performed"


def test_a_row_of_more_than_is_owed_is_marked_and_what_came_back_is_not_over(three: Story) -> None:
    receipt = pay(three, [row(1, amount=SUM + 1), row(2), row(3, R.NAME, amount=SUM + 1)])
    assert {d.code: d.about for d in receipt.lines[0].defects} == {"still_owed": ("obligation/1",)}


class TestCorrecting:
    """A batch and its payments are one order: they stand, and fall, together."""

    @pytest.fixture
    def paid(self, three: Story) -> Story:
        pay(three, [row(1), row(2, R.ACCOUNT), row(3)])
        return three

    def order(self, story: Story) -> int:
        return next(line.version for line in story.lines if line.event == "BatchRecorded")

    def test_struck_it_takes_its_payments_with_it(self, paid: Story) -> None:
        paid.do(StrikeOrder(order=self.order(paid), reason=Text("不是这件案的")), by=Office.LEAD)
        assert paid.case.of("payment") == paid.case.of("batch") == ()
        assert (facts_of(paid.case).payments, facts_of(paid.case).batches) == ({}, {})
        assert states(paid, "obligation") == ["pending"] * 3
        assert whole(paid)

    def test_a_row_put_right_changes_that_payment_alone(self, paid: Story) -> None:
        right = RecordBatch(agreement="agreement/1", rows=(row(1), row(2), row(3, R.NAME)))
        paid.do(CorrectOrder(order=self.order(paid), reason=Text("串行了")), by=Office.LEAD, instead=right)
        assert states(paid, "payment") == ["recorded", "recorded", "returned"]
        assert states(paid, "obligation") == ["performed", "performed", "pending"]
        assert whole(paid)

    def test_what_was_done_with_one_of_its_payments_is_to_be_dealt_with_first(self, paid: Story) -> None:
        paid.do(ResendPayment(), "payment/2")
        with pytest.raises(GuardRefused, match="请先处理这一条"):
            paid.do(StrikeOrder(order=self.order(paid), reason=Text("不是这件案的")), by=Office.LEAD)


class TestWhoPays:
    """条例 第30条: the main contractor pays first, and may ask it back."""

    def test_a_main_contractor_pays_for_the_firm_and_the_card_says_what_it_may_do(self, three: Story) -> None:
        three_with_contractor(three)
        receipt = pay(
            three,
            [row(1), row(2, R.ACCOUNT), row(3)],
            payer="party/5",
            for_payer="party/1",
            ground=PaymentGround.MAIN_CONTRACTOR,
        )
        assert receipt.lines[0].defects == ()
        assert states(three, "obligation") == ["performed", "pending", "performed"]
        three.do(
            RecordPayment(
                obligation="obligation/2",
                amount=SUM,
                payer="party/5",
                for_payer="party/1",
                ground=PaymentGround.MAIN_CONTRACTOR,
            )
        )
        reading = Casework(three.view(Office.MEDIATOR))
        words = "总包先行清偿（保障农民工工资支付条例 第30条）；清偿后可以依法向某劳务公司追偿"
        assert ("付款依据", words) in cards.payment(reading, "payment/4").facts
        assert ("付款依据", words) in cards.payment(reading, "payment/1").facts
        assert ("付款依据", words) in cards.batch(reading, "batch/1").facts

    def test_for_whom_is_asked(self, three: Story) -> None:
        receipt = pay(three, [row(1)], ground=PaymentGround.GUARANTEE)
        assert [d.code for d in receipt.lines[0].defects] == ["debtor_named"]

    def test_the_usual_ground_is_left_out_of_the_record(self, three: Story) -> None:
        line = three.do(RecordPayment(obligation="obligation/1", amount=SUM)).lines[0]
        assert b"ground" not in bytes(line.given)


class TestWhatIsUrgent:
    """A payment that came back wants somebody's eye while what it was for is owed and nobody has tried again."""

    def tones(self, story: Story) -> list[str]:
        reading = Casework(story.view(Office.MEDIATOR))
        return [reading.tone(key) for key in story.case.of("payment")]

    def test_it_is_urgent_until_the_duty_is_met_in_another_way(self, three: Story) -> None:
        pay(three, [row(1, R.ACCOUNT), row(2)])
        assert self.tones(three) == ["late", ""]
        reading = Casework(three.view(Office.MEDIATOR))
        assert "退汇（账号错误），请更正后重新付款" in reading.summary("obligation/1")
        three.do(RecordPayment(obligation="obligation/1", amount=SUM))
        assert self.tones(three) == ["", "", ""]

    def test_of_two_that_came_back_the_later_is(self, three: Story) -> None:
        pay(three, [row(1, R.ACCOUNT)])
        pay(three, [row(1, R.NAME)])
        assert self.tones(three) == ["", "late"]

    def test_it_bars_no_closing_of_its_own(self, three: Story) -> None:
        pay(three, [row(1, R.ACCOUNT), row(2), row(3)])
        workflow = three.door.catalogue.named("fast_track_2026")
        assert [key for key in workflow.open_parts(three.case) if not key.startswith("visit")] == ["obligation/1"]


class TestPaidBefore:
    """已付抵扣: a term that tells what was paid before; it is in the total, and nobody owes it."""

    PAID = replace(wages(1, 300_000), words=Text("已付生活费"), kind=TermKind.PAID)

    def test_the_total_is_what_was_paid_and_what_is_to_be_paid(self, story: Story) -> None:
        crew(story, 2, self.PAID)
        agreed = facts_of(story.case).agreements["agreement/1"]
        assert (agreed.total, agreed.deducted) == (2 * SUM + 300_000, 300_000)
        assert story.case.of("obligation") == ("obligation/1", "obligation/2")
        pay(story, [row(1), row(2)])
        assert story.state("agreement/1") == "performed"
        card = cards.agreement(Casework(story.view(Office.MEDIATOR)), "agreement/1")
        assert "其中已付 ￥3,000.00，还要付 ￥17,200.00" in dict(card.facts)["总额"]
        [terms] = [group for group in card.groups if group.numbered]
        assert terms.cards[-1].tags == [("谈妥前已付，从总额中抵扣", "")]

    @pytest.mark.parametrize("credited", [False, True])
    @pytest.mark.parametrize("at", ["2026-10-01", ".."])
    def test_a_payment_it_tells_of_is_not_taken_off_twice(self, story: Story, credited: bool, at: str) -> None:
        crew(story, 1, self.PAID)
        given = RecordPayment(obligation="obligation/1", amount=300_000, credited=credited)
        marks = {d.code for d in story.do(given, at=at).lines[0].defects}
        if at == ".." and not credited:
            assert marks == set(), "nobody says that it was before"
        else:
            assert "not_deducted" in marks
            assert paid_on(story.case, "obligation/1") == 0

    def test_one_to_somebody_else_counts_where_that_was_agreed(self, story: Story) -> None:
        crew(story, 2, self.PAID)
        given = RecordPayment(obligation="obligation/2", amount=300_000, credited=True)
        assert story.do(given, at="2026-10-01").lines[0].defects == ()
        assert paid_on(story.case, "obligation/2") == 300_000

    def test_where_all_was_paid_before_it_is_performed(self, story: Story) -> None:
        crew(story, 0, self.PAID, names=("王某",))
        assert story.case.of("obligation") == ()
        assert story.state("agreement/1") == "performed"


def drawn(story: Story) -> tuple[BatchRow, ...]:
    """What a form begins with."""
    begun = RecordBatch.drawn_from(story.case, "")
    return begun.rows if begun else ()


def other_agreement(story: Story) -> None:
    story.do(ReachAgreement(terms=(wages(1),)))
    story.do(AdoptOrally(), "agreement/2")


def three_with_contractor(story: Story) -> None:
    story.do(JoinCase(person="main", side=Side.RELATED, kind=PartyKind.ENTERPRISE))
