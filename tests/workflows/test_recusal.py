"""回避: who has stepped back does nothing in the case any more, but hand it on; informed parties may have him back."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from mediation_engine.decisions.options import Option, available
from mediation_engine.domain.correcting import StrikeOrder
from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.errors import CommandNotAllowed, GuardRefused, Refused
from mediation_engine.services.maintenance import audit_store
from workflows.facts import facts_of
from workflows.parts.assignment import (
    AcceptRecused,
    AddHelper,
    AssignMediator,
    HandOverAssignment,
    Helping,
    RecusalGround,
    RecuseMediator,
    TakeCase,
)
from workflows.parts.note import RecordNote
from workflows.parts.party import JoinCase, TellRemedies
from workflows.parts.recusal import STILL_DONE
from workflows.phases.follow_up import CloseNamingRemainder
from workflows.vocabulary import Side

from ..support.filling import fill
from ..support.story import Story

FIRST, BOTH = "assignment/1", ("party/1", "party/2")
STEPS_BACK = RecuseMediator(ground=RecusalGround.KIN, words=Text("厂长是表弟"))
NOTE = RecordNote(words=Text("补一笔"))


SITUATIONS: dict[str, Callable[[Story], Story]] = {
    "registered": Story.registered,
    "accepted": Story.accepted,
    "drafted": Story.drafted,
    "in effect": Story.effective,
}


@pytest.fixture(params=(*SITUATIONS, "closed"))
def left(request: pytest.FixtureRequest, story: Story) -> Story:
    """A case in some situation that li led and has stepped back from."""
    SITUATIONS.get(request.param, Story.effective)(story.with_colleague()).do(STEPS_BACK, FIRST)
    if request.param == "closed":
        story.do(TellRemedies(), *BOTH, by=Office.LEAD)
        story.do(CloseNamingRemainder(remainder=Text("未付，可以起诉")), by=Office.LEAD)
    return story


def offered(story: Story, by: str, office: Office = Office.MEDIATOR) -> list[Option]:
    workflow = story.door.catalogue.in_force(story.case.rules)
    return [*available(workflow, story.case, office, story.door.today(), every=True, by=by).options]


def codes(refused: Refused) -> set[str]:
    return {refusal.code for refusal in refused.refusals}


def test_every_step_that_somebody_could_take_is_refused_to_him_but_those_that_hand_the_case_on(left: Story) -> None:
    random, tried = Random(1), 0
    for option in offered(left, "zhou"):
        if not option.allowed or option.command in STILL_DONE:
            continue
        on = (option.key,) if option.key and option.key != left.case.phase else ()
        order = left.order(fill(option.command, left.case, option.key, random), *on, actor="li")
        with pytest.raises(CommandNotAllowed) as refused:
            left.door.submit(order)
        assert codes(refused.value) >= {"stepped_back"}, option.command.name()
        preview = left.door.preview(order)
        assert preview.refused and "stepped_back" in codes(preview.refused)
        tried += 1
    assert tried > 10


def test_he_is_offered_what_hands_the_case_on_and_nothing_else(left: Story) -> None:
    assert {o.command for o in offered(left, "li") if o.allowed} <= STILL_DONE
    refused = [o for o in offered(left, "li") if o.command not in STILL_DONE and "office" not in _codes(o)]
    assert {code for o in refused for code in _codes(o)} == {"stepped_back"}
    assert not any("stepped_back" in _codes(o) for o in offered(left, "zhou"))


def _codes(option: Option) -> set[str]:
    return {refusal.code for refusal in option.refusals}


def test_the_sentence_says_who_can_and_how(left: Story) -> None:
    with pytest.raises(CommandNotAllowed) as refused:
        left.do(NOTE, actor="li")
    sentence = refused.value.sentence
    assert "请由承办的人或室主任办理" in sentence
    assert "当事人知情后仍同意其办理" in sentence


def test_others_go_on(left: Story) -> None:
    left.do(NOTE, actor="zhou")
    left.do(NOTE, by=Office.LEAD)


def test_what_he_recorded_before_is_corrected_by_others(story: Story) -> None:
    story.with_colleague().accepted().do(NOTE)
    strike = StrikeOrder(order=story.case.version, reason=Text("记错了案子"))
    story.do(STEPS_BACK, FIRST)
    with pytest.raises(CommandNotAllowed) as refused:
        story.do(strike)
    assert codes(refused.value) == {"stepped_back"}
    story.do(strike, by=Office.LEAD)
    sound(story)


def test_what_he_did_before_he_stepped_back_stays_lawful(left: Story) -> None:
    sound(left)


def test_a_lead_who_has_stepped_back_still_says_who_goes_on(story: Story) -> None:
    story.with_colleague().accepted().do(HandOverAssignment(to="wang"), FIRST)
    story.do(STEPS_BACK, "assignment/2", by=Office.LEAD)
    with pytest.raises(CommandNotAllowed):
        story.do(NOTE, by=Office.LEAD)
    with pytest.raises(CommandNotAllowed):
        story.do(AddHelper(staff="zhou", role=Helping.RECORDER), by=Office.LEAD)
    with pytest.raises(GuardRefused) as refused:
        story.do(AssignMediator(staff="wang"), by=Office.LEAD)
    assert codes(refused.value) == {"not_recused"}
    story.do(AssignMediator(staff="zhou"), by=Office.LEAD)
    story.do(NOTE, actor="zhou")
    sound(story)


def test_who_hands_the_case_over_without_stepping_back_still_acts(story: Story) -> None:
    story.with_colleague().accepted().do(HandOverAssignment(to="zhou"), FIRST)
    story.do(NOTE)


class TestInformedParties:
    @pytest.fixture
    def back(self, story: Story) -> Story:
        """Everybody has been asked, by another, whether li may all the same."""
        story.with_colleague().accepted().do(STEPS_BACK, FIRST)
        story.do(AcceptRecused(accepted_by=BOTH[:1]), FIRST, by=Office.LEAD)
        return story

    def test_one_of_them_is_not_enough_and_the_other_is_named(self, back: Story) -> None:
        with pytest.raises(GuardRefused) as refused:
            back.do(AssignMediator(staff="li"), by=Office.LEAD)
        [refusal] = refused.value.refusals
        assert (refusal.code, refusal.about) == ("not_recused", BOTH[1:])

    def test_with_all_of_them_he_is_let_back_and_acts_again(self, back: Story) -> None:
        back.do(AcceptRecused(accepted_by=BOTH[1:]), FIRST, by=Office.LEAD)
        with pytest.raises(CommandNotAllowed):
            back.do(NOTE)
        back.do(AssignMediator(staff="li"), by=Office.LEAD)
        back.do(NOTE)
        assert facts_of(back.case).assignments[FIRST].accepted_by == BOTH
        assert not [line for line in back.lines if line.defects and line.event == "RecusedAccepted"]
        sound(back)

    def test_he_may_take_it_again_himself_then(self, back: Story) -> None:
        assert TakeCase not in {o.command for o in offered(back, "li") if o.allowed}
        with pytest.raises(CommandNotAllowed):
            back.do(TakeCase())
        back.do(AcceptRecused(accepted_by=BOTH[1:]), FIRST, by=Office.LEAD)
        assert TakeCase in {o.command for o in offered(back, "li") if o.allowed}
        back.do(TakeCase())
        assert back.case.facts.lead_mediator() == "li"

    def test_a_party_that_joins_meanwhile_is_asked_too(self, back: Story) -> None:
        back.do(AcceptRecused(accepted_by=BOTH[1:]), FIRST, by=Office.LEAD)
        back.do(JoinCase(person="worker2", side=Side.APPLICANT), by=Office.LEAD)
        with pytest.raises(GuardRefused):
            back.do(AssignMediator(staff="li"), by=Office.LEAD)

    def test_asked_by_himself_it_is_recorded_and_marked(self, back: Story) -> None:
        back.do(AcceptRecused(accepted_by=BOTH[1:]), FIRST)
        assert [d.code for d in back.lines[-1].defects] == ["accepted_before_another"]


def sound(story: Story) -> None:
    (results,) = [found for _, found in audit_store(story.store, story.door.catalogue)]
    assert [it for it in results if not it.known] == []
