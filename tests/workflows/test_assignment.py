"""Who handles a case: one lead mediator at a time, others beside; what ended stays, and what is wrong is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mediation_engine.domain.command import Command
from mediation_engine.domain.correcting import CorrectOrder, StrikeOrder
from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import GuardRefused, Refused, StaleInstance
from mediation_engine.services.maintenance import audit_store
from workflows.facts import facts_of
from workflows.parts.assignment import (
    AddHelper,
    AskForChange,
    AssignMediator,
    ChangeGround,
    EndHelp,
    GrantChange,
    HandOverAssignment,
    Helping,
    RecusalGround,
    RecuseMediator,
    RefuseChange,
    TakeCase,
)
from workflows.parts.host import HandOverCase
from workflows.parts.party import TellRemedies
from workflows.parts.proceeding import FileProceeding
from workflows.phases.follow_up import CloseNamingRemainder
from workflows.phases.intake import AcceptCase
from workflows.vocabulary import Handling, ProceedingKind

from ..support.story import STAFF, ZHOU, Story, register

FIRST = "assignment/1"
LEAD = {"by": Office.LEAD}
BY_ZHOU: dict[str, Any] = {"actor": "zhou"}


@pytest.fixture
def taken(story: Story) -> Story:
    """Registered by a mediator, who so leads; there is another mediator in the room."""
    return story.with_colleague().registered()


@pytest.fixture
def free(story: Story) -> Story:
    """Registered by the lead: nobody handles it yet."""
    story.with_colleague().do(register(), workflow="fast_track_2026", **LEAD)
    return story


def standing(story: Story) -> list[tuple[str, str]]:
    """Who handles the case now, and as what."""
    return [(it.staff, it.role.code) for it in facts_of(story.case).standing()]


def refused(story: Story, command: Command, *on: str, **given: Any) -> list[str]:
    with pytest.raises(Refused) as it:
        story.do(command, *on, **given)
    return [refusal.code for refusal in it.value.refusals]


def sound(story: Story) -> None:
    """Every order is lawful to an audit, which knows nobody of the staff."""
    found = [f for _, findings in audit_store(story.store, story.door.catalogue) for f in findings if not f.known]
    assert found == []


class TestBeginning:
    def test_a_mediator_who_registers_a_case_leads_it_at_once(self, taken: Story) -> None:
        assert standing(taken) == [("li", "lead")]
        line = taken.lines[-1]
        assert (line.event, line.actor, line.command) == ("AssignmentBegun", None, None)
        sound(taken)

    def test_a_case_that_the_lead_registers_has_nobody_and_is_not_accepted_so(self, free: Story) -> None:
        assert standing(free) == []
        assert refused(free, AcceptCase(), **LEAD) == ["somebody_leads"]
        free.do(AcceptCase(), waives={"somebody_leads": Text("上级指定专人")}, **LEAD)
        assert free.case.facts.number
        sound(free)

    @pytest.mark.parametrize(
        ("command", "given", "whom"),
        [
            (TakeCase(), {}, "li"),
            (TakeCase(), BY_ZHOU, "zhou"),
            (TakeCase(), LEAD, "wang"),
            (AssignMediator(staff="zhou"), LEAD, "zhou"),
        ],
    )
    def test_it_is_taken_or_assigned_and_then_accepted(
        self, free: Story, command: Command, given: dict[str, Any], whom: str
    ) -> None:
        free.do(command, **given)
        assert (standing(free), free.case.facts.lead_mediator()) == ([(whom, "lead")], whom)
        free.do(AcceptCase(), **LEAD)
        sound(free)

    def test_there_is_one_lead_mediator_at_a_time(self, taken: Story) -> None:
        assert refused(taken, TakeCase(), **BY_ZHOU) == ["nobody_leads"]
        assert refused(taken, AssignMediator(staff="zhou"), **LEAD) == ["nobody_leads"]

    def test_the_list_knows_who_leads_and_that_nobody_does(self, taken: Story) -> None:
        def listed() -> str | None:
            with taken.store.read() as unit:
                rows = unit.views.projection("A1")
            assert rows is not None
            return rows.row.mediator

        assert listed() == "li"
        taken.do(HandOverAssignment(to="zhou"), FIRST)
        assert listed() == "zhou"
        taken.do(RecuseMediator(ground=RecusalGround.KIN), "assignment/2", **BY_ZHOU)
        assert listed() is None


class TestWhoMay:
    STRANGE = (
        Actor(id="gone", name="钱某", organisation="room", offices=frozenset({Office.MEDIATOR}), active=False),
        Actor(id="far", name="孙某", organisation="other", offices=frozenset({Office.MEDIATOR})),
        STAFF[Office.AUDITOR],
        STAFF[Office.ADMINISTRATOR],
    )

    @pytest.mark.parametrize("actor", STRANGE, ids=lambda a: a.id)
    def test_who_is_gone_elsewhere_or_no_mediator_is_given_no_case(self, taken: Story, actor: Actor) -> None:
        taken.with_colleague(actor)
        for command, on in (
            (HandOverAssignment(to=actor.id), (FIRST,)),
            (AddHelper(staff=actor.id, role=Helping.RECORDER), ()),
        ):
            assert refused(taken, command, *on, **LEAD) == ["unfit_staff"]

    def test_who_is_not_known_at_all_is_given_none(self, free: Story) -> None:
        with pytest.raises(GuardRefused, match="nobody不是本案主办组织在用的调解员或室主任"):
            free.do(AssignMediator(staff="nobody"), **LEAD)

    @pytest.mark.parametrize(
        ("command", "on"),
        [
            (HandOverAssignment(to="zhou"), FIRST),
            (AddHelper(staff="zhou", role=Helping.CO_MEDIATOR), ""),
            (RecuseMediator(ground=RecusalGround.KIN), FIRST),
        ],
    )
    def test_what_others_handle_only_they_and_the_lead_pass_on(self, taken: Story, command: Command, on: str) -> None:
        keys = (on,) if on else ()
        assert "own_case" in refused(taken, command, *keys, **BY_ZHOU)
        taken.do(command, *keys, **LEAD)
        sound(taken)

    def test_nobody_is_assigned_twice_as_the_same(self, taken: Story) -> None:
        helps = AddHelper(staff="zhou", role=Helping.RECORDER)
        taken.do(helps)
        assert refused(taken, helps) == ["not_assigned_yet"]
        assert refused(taken, HandOverAssignment(to="li"), FIRST) == ["not_assigned_yet"]
        taken.do(replace(helps, role=Helping.CO_MEDIATOR))
        assert standing(taken) == [("li", "lead"), ("zhou", "recorder"), ("zhou", "co_mediator")]


class TestEnding:
    def test_who_hands_over_stays_on_record_and_what_is_said_is_for_the_room(self, taken: Story) -> None:
        taken.do(HandOverAssignment(to="zhou", note=Text("还差厂方的账册")), FIRST)
        first, second = facts_of(taken.case).assignments.values()
        assert (first.staff, first.until is not None, second.staff, second.until) == ("li", True, "zhou", None)
        assert taken.state(FIRST) == "handed_over"
        assert "还差厂方的账册" not in taken.view(Office.AUDITOR).words.values()
        sound(taken)

    def test_who_helped_and_now_leads_helps_no_more(self, taken: Story) -> None:
        taken.do(AddHelper(staff="zhou", role=Helping.CO_MEDIATOR))
        taken.do(HandOverAssignment(to="zhou"), FIRST)
        assert standing(taken) == [("zhou", "lead")]
        assert taken.state("assignment/2") == "ended"
        sound(taken)

    def test_who_leads_cannot_just_leave_and_who_helps_can(self, taken: Story) -> None:
        taken.do(AddHelper(staff="zhou", role=Helping.RECORDER))
        assert refused(taken, EndHelp(), FIRST) == ["helps_only"]
        taken.do(EndHelp(), "assignment/2")
        assert standing(taken) == [("li", "lead")]

    def test_a_party_asks_for_another_and_is_refused_with_a_reason(self, taken: Story) -> None:
        taken.do(AskForChange(party="party/1", reason=Text("说话太冲")), FIRST)
        assert taken.state(FIRST) == "challenged"
        assert standing(taken) == [("li", "lead")], "until it is decided he goes on"
        assert refused(taken, RefuseChange(reason=Text("没有别人")), FIRST) == ["office"]
        taken.do(RefuseChange(reason=Text("没有别人")), FIRST, **LEAD)
        assert taken.state(FIRST) == "standing"
        assert facts_of(taken.case).parties["party/1"].consents is None, "it is no refusal of mediation"

    @pytest.mark.parametrize(("to", "after"), [("zhou", [("zhou", "lead")]), (None, [])])
    def test_a_party_gets_another(self, taken: Story, to: str | None, after: list[tuple[str, str]]) -> None:
        taken.do(AskForChange(party="party/2", ground=ChangeGround.KIN), FIRST)
        taken.do(AskForChange(party="party/1"), FIRST)
        taken.do(GrantChange(to=to), FIRST, **LEAD)
        assert (taken.state(FIRST), standing(taken)) == ("replaced", after)
        sound(taken)

    def test_who_stepped_back_does_not_come_back_but_by_the_leads_leave(self, taken: Story) -> None:
        taken.do(RecuseMediator(ground=RecusalGround.INTEREST, words=Text("厂长是表弟"), to="zhou"), FIRST)
        assert standing(taken) == [("zhou", "lead")]
        back = HandOverAssignment(to="li")
        assert refused(taken, back, "assignment/2", **LEAD) == ["not_recused"]
        assert refused(taken, AddHelper(staff="li", role=Helping.RECORDER), **LEAD) == ["not_recused"]
        taken.do(back, "assignment/2", waives={"not_recused": Text("双方知情仍同意")}, **LEAD)
        assert standing(taken) == [("li", "lead")]
        sound(taken)

    def test_when_another_body_leads_its_own_staff_go_on(self, taken: Story) -> None:
        taken.do(AddHelper(staff="zhou", role=Helping.RECORDER))
        taken.do(AskForChange(party="party/1"), FIRST)
        taken.do(HandOverCase(organisation="other"), **LEAD)
        assert standing(taken) == []
        assert [taken.state(f"assignment/{n}") for n in (1, 2)] == ["ended", "ended"]
        sound(taken)

    def test_who_looked_before_is_told_that_it_was_handed_over(self, taken: Story) -> None:
        seen = {FIRST: taken.case.instances[FIRST].seen}
        taken.do(HandOverAssignment(to="wang"), FIRST)
        with pytest.raises(StaleInstance, match="承办已移交"):
            taken.do(HandOverAssignment(to="zhou"), FIRST, expects=seen, **LEAD)

    def test_the_same_order_again_has_the_same_answer(self, taken: Story) -> None:
        order = taken.order(HandOverAssignment(to="zhou"), FIRST, id="once")
        assert taken.door.submit(order) == taken.door.submit(order)
        assert len(facts_of(taken.case).assignments) == 2


class TestAfterClosing:
    def test_it_ends_with_the_case_and_goes_on_when_that_is_taken_up_again(self, story: Story) -> None:
        story.with_colleague().effective().do(TellRemedies(), "party/1", "party/2")
        story.do(CloseNamingRemainder(remainder=Text("未付，可以起诉")))
        assert refused(story, HandOverAssignment(to="zhou"), FIRST) == ["phase"]
        assert standing(story) == [("li", "lead")], "who handled it still knows it"
        story.do(FileProceeding(kind=ProceedingKind.LITIGATION, agreement="agreement/1"))
        assert story.case.facts.closed is None
        story.do(HandOverAssignment(to="zhou"), FIRST)
        assert standing(story) == [("zhou", "lead")]
        sound(story)


class TestCorrecting:
    def test_handed_over_to_the_wrong_one(self, taken: Story) -> None:
        taken.do(HandOverAssignment(to="wang", note=Text("账册未到")), FIRST)
        wrong = taken.case.newest
        instead, kept = HandOverAssignment(to="zhou"), frozenset({"note"})
        order = CorrectOrder(order=wrong, reason=Text("点错了人"))
        taken.do(order, FIRST, instead=replace(instead, note=Text("账册未到")), unchanged=kept, **LEAD)
        assert standing(taken) == [("zhou", "lead")]
        sound(taken)

    def test_to_somebody_who_may_not_it_is_not_corrected(self, taken: Story) -> None:
        taken.do(HandOverAssignment(to="wang"), FIRST)
        order = CorrectOrder(order=taken.case.newest, reason=Text("点错了人"))
        assert refused(taken, order, FIRST, instead=HandOverAssignment(to="chen"), **LEAD) == ["unfit_staff"]

    def test_who_has_left_since_stays_named_when_something_else_is_corrected(self, taken: Story) -> None:
        taken.do(HandOverAssignment(to="zhou", note=Text("账册未到")), FIRST)
        taken.with_colleague(replace(ZHOU, active=False))
        order = CorrectOrder(order=taken.case.newest, reason=Text("写漏了"))
        instead = HandOverAssignment(to="zhou", note=Text("账册、工资表都未到"))
        taken.do(order, FIRST, instead=instead, **LEAD)
        assert standing(taken) == [("zhou", "lead")]

    def test_what_was_not_handed_over_at_all(self, taken: Story) -> None:
        taken.do(HandOverAssignment(to="zhou"), FIRST)
        taken.do(StrikeOrder(order=taken.case.newest, reason=Text("还没有商量好")), **LEAD)
        assert standing(taken) == [("li", "lead")]
        assert taken.state("assignment/2") is None
        taken.do(HandOverAssignment(to="zhou"), FIRST)
        assert taken.case.facts.leading() == "assignment/3", "numbers are not used again"
        sound(taken)

    def test_a_case_that_rests_on_its_mediator_keeps_him(self, free: Story) -> None:
        free.do(TakeCase())
        took = free.case.newest
        free.do(AcceptCase(), **LEAD)
        with pytest.raises(Refused):
            free.do(StrikeOrder(order=took, reason=Text("点错了")), **LEAD)


def test_the_ways_of_handling_are_called_the_same_everywhere() -> None:
    assert [Handling[it.name].label for it in Helping] == [it.label for it in Helping]
    assert {ground.code for ground in RecusalGround} < {ground.code for ground in ChangeGround}
