"""在线确认: what a representative says to a text on a telephone, what it means, and what becomes of it."""

from __future__ import annotations

import pytest

from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Receipt
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import GuardRefused, Refused
from workflows.facts import Term
from workflows.parts.agreement import (
    AdoptOrally,
    AffixSeal,
    AmendAgreement,
    DraftAgreement,
    ReachAgreement,
    SignAsMediator,
    WaivePaper,
)
from workflows.parts.capacity import EndCapacity
from workflows.parts.confirmation import ConfirmAgreement, ConfirmOnline, DeclineToSign, RaiseObjection
from workflows.parts.online import MEANINGS, meaning_of
from workflows.vocabulary import CapacityEnd, CapacityKind, OnlineMeaning, SigningManner

from ..support.story import PAY, Story

WORKER, FIRM, DRAFT = "confirmation/1", "confirmation/2", "agreement/1"
SIGNED = ConfirmAgreement(manner=SigningManner.SIGNATURE, identity_checked=True)
UNSIGNED = OnlineMeaning.UNSIGNED


def by_phone(story: Story, command: Command, key: str = WORKER, person: str = "worker", **given: str) -> Receipt:
    """An order of a party itself, or of who acts for it."""
    with story.store.write() as unit:
        unit.register.put_actor(
            Actor(id=person, name="某", organisation="room", offices=frozenset({Office.REPRESENTATIVE}))
        )
    capacity = given.get("capacity", "party/1")
    return story.door.submit(
        story.order(command, *filter(None, [key]), by=Office.REPRESENTATIVE, actor=person, capacity=capacity)
    )


def text_of(story: Story) -> str:
    return story.case.facts.agreements[DRAFT].text_hash or ""


def yes(story: Story, **given: object) -> ConfirmOnline:
    return ConfirmOnline(**{"text_hash": text_of(story), "meaning": UNSIGNED} | given)  # type: ignore[arg-type]


@pytest.mark.quick
def test_a_text_out_for_signature_stays_so_however_many_confirm_it(story: Story) -> None:
    agent = story.drafted().acting_for("party/2")
    by_phone(story, yes(story))
    by_phone(story, yes(story), FIRM, "zhang", capacity=agent)
    story.do(SignAsMediator(), DRAFT)
    with pytest.raises(GuardRefused, match="签署的当事人须全都确认"):
        story.do(AffixSeal(), DRAFT, by=Office.LEAD)
    assert (story.state(WORKER), story.state(DRAFT)) == ("online", "drafted")
    assert story.case.facts.agreements[DRAFT].effective is None
    story.do(SIGNED, WORKER)
    story.do(ConfirmAgreement(manner=SigningManner.SIGNATURE_SEAL, identity_checked=True), FIRM)
    story.do(AffixSeal(), DRAFT, by=Office.LEAD)
    assert story.state(DRAFT) == "effective"


def test_a_new_text_voids_it_and_the_mediator_is_told(story: Story) -> None:
    by_phone(story.drafted(), yes(story))
    old = text_of(story)
    story.do(AmendAgreement(amount=900_000), DRAFT)
    assert (story.state(WORKER), story.state("confirmation/3")) == ("void", "awaited")
    with story.store.read() as unit:
        told = [notice.event for notice in unit.views.notices()]
    assert {"OnlineConfirmed", "OnlineVoided"} <= set(told)
    for key in (WORKER, "confirmation/3"):
        with pytest.raises(Refused):
            by_phone(story, yes(story, text_hash=old), key)
        with pytest.raises(Refused):
            by_phone(story, RaiseObjection(party="party/1", text_hash=old, words=Text("太少")), key)
    by_phone(story, yes(story), "confirmation/3")
    assert story.state("confirmation/3") == "online"


def test_an_objection_names_its_clause_and_its_words_are_the_partys(story: Story) -> None:
    story.drafted()
    by_phone(story, yes(story))
    by_phone(story, RaiseObjection(party="party/1", text_hash=text_of(story), clause=1, words=Text("最多再等一个月")))
    held = story.case.facts.confirmations[WORKER]
    assert (story.state(WORKER), held.clause, held.online) == ("objected", 1, None)
    with story.store.read() as unit:
        labels = {t.words: t.label for t in unit.record.texts("A1").values()}
    assert labels["最多再等一个月"] == "party/1"
    with pytest.raises(GuardRefused, match="没有这一条"):
        by_phone(story, RaiseObjection(party="party/1", text_hash=text_of(story), clause=9, words=Text("不行")))


def test_who_said_no_may_think_again(story: Story) -> None:
    story.drafted()
    by_phone(story, DeclineToSign())
    assert story.state(WORKER) == "declined"
    by_phone(story, yes(story))
    by_phone(story, DeclineToSign())
    assert story.state(WORKER) == "declined"


def test_nobody_confirms_for_another_nor_after_his_power_has_ended_nor_without_it(story: Story) -> None:
    agent = story.drafted().acting_for("party/1")
    weak = story.acting_for("party/1", person="chen", settle=False)
    for given in (
        {"key": FIRM, "person": "worker", "capacity": "party/1"},
        {"key": FIRM, "person": "firm", "capacity": "party/2"},
        {"person": "chen", "capacity": weak},
        {"person": "zhang", "capacity": "party/1"},
        {"person": "worker", "capacity": agent},
    ):
        with pytest.raises(Refused):
            by_phone(story, yes(story), **given)
    story.do(EndCapacity(reason=CapacityEnd.REVOKED), agent)
    with pytest.raises(Refused):
        by_phone(story, yes(story), person="zhang", capacity=agent)


def test_one_telephone_for_two_parties_is_a_mark(story: Story) -> None:
    by_phone(story.drafted(), yes(story, shared=True))
    assert {d.code for d in story.lines[-1].defects} == {"own_phone"}
    assert story.case.facts.confirmations[WORKER].shared


def test_a_meaning_other_than_the_cases_is_refused(story: Story) -> None:
    story.drafted()
    for meaning in set(OnlineMeaning) - {UNSIGNED}:
        with pytest.raises(GuardRefused, match="意思已经变了"):
            by_phone(story, yes(story, meaning=meaning))


class TestRepresented:
    """Delegates sign for those who agree."""

    @pytest.fixture
    def delegate(self, story: Story) -> str:
        return story.drafted().acting_for("party/1", kind=CapacityKind.DELEGATE)

    def test_who_is_stood_for_agrees_that_the_delegate_signs_and_then_his_signature_holds(
        self, story: Story, delegate: str
    ) -> None:
        by_phone(story, yes(story, meaning=OnlineMeaning.REPRESENTED))
        story.do(SIGNED, WORKER, capacity=delegate)
        assert story.state(WORKER) == "given"

    def test_without_it_the_delegates_signature_is_held(self, story: Story, delegate: str) -> None:
        story.do(SIGNED, WORKER, capacity=delegate)
        assert story.state(WORKER) == "held"

    def test_the_delegates_own_is_no_more_than_before_signing(self, story: Story, delegate: str) -> None:
        by_phone(story, yes(story), person="zhang", capacity=delegate)
        assert story.case.facts.confirmations[WORKER].online is UNSIGNED
        story.do(SIGNED, WORKER, capacity=delegate)
        assert story.state(WORKER) == "held"


class TestOral:
    """Everybody says that no paper is wanted."""

    BOTH = WaivePaper(waived_by=("party/1", "party/2"))

    def reached(self, story: Story, track: str = "people_mediation", terms: tuple[Term, ...] = (PAY,)) -> Story:
        story.accepted(track).do(ReachAgreement(terms=terms))
        return story

    def test_what_was_said_is_confirmed_and_stays_when_it_takes_effect(self, story: Story) -> None:
        self.reached(story).do(self.BOTH, DRAFT)
        by_phone(story, yes(story, meaning=OnlineMeaning.ORAL))
        story.do(AdoptOrally(), DRAFT)
        assert (story.state(DRAFT), story.state(WORKER), story.state(FIRM)) == ("effective", "online", "void")
        assert story.case.facts.agreements[DRAFT].effective == story.case.facts.agreements[DRAFT].reached

    def test_it_takes_all_of_them_words_and_a_law_that_knows_it(self, story: Story) -> None:
        with pytest.raises(GuardRefused, match="须各方都说过"):
            self.reached(story).do(WaivePaper(waived_by=("party/1",)), DRAFT)
        labour, empty = Story(story.store, story.clock, "B1"), Story(story.store, story.clock, "C1")
        with pytest.raises(GuardRefused, match="须允许口头协议"):
            self.reached(labour, "labour_mediation").do(self.BOTH, DRAFT)
        with pytest.raises(GuardRefused, match="须由调解员记录协议内容"):
            self.reached(empty, terms=()).do(self.BOTH, DRAFT)

    def test_a_paper_after_all_voids_what_was_confirmed(self, story: Story) -> None:
        self.reached(story).do(self.BOTH, DRAFT)
        by_phone(story, yes(story, meaning=OnlineMeaning.ORAL))
        story.do(DraftAgreement(signers=("party/1", "party/2")), DRAFT)
        assert (story.state(WORKER), story.state("confirmation/3")) == ("void", "awaited")
        by_phone(story, yes(story), "confirmation/3")


def test_every_meaning_has_a_row_and_is_said_in_words(story: Story) -> None:
    assert [it.code for it in MEANINGS] == [OnlineMeaning.ORAL, OnlineMeaning.REPRESENTED, UNSIGNED]
    assert all(it.before and it.after for it in MEANINGS)
    found = meaning_of(story.drafted().case, WORKER, "party/1")
    assert found is not None
    assert found.code is UNSIGNED
    story.confirm(WORKER, FIRM)
    story.do(SignAsMediator(), DRAFT)
    story.do(AffixSeal(), DRAFT, by=Office.LEAD)
    assert meaning_of(story.case, WORKER, "party/1") is None
