"""What is offered next: the page and the board say the same, and whatever is offered opens a form one can fill in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict

from bench import nexts
from bench.task_orders import TASKS
from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.services.mediation import MediationService
from web.demo_world.room import BY_ID, ROOM
from web.forms.step_form import begun, open_step
from web.presenters.case_options import Asking
from web.presenters.mediator_dashboard import Todo, board
from web.presenters.next_move import next_move, words
from web.presenters.next_steps import next_steps
from web.presenters.refusal_reasons import Address, Way
from web.presenters.step_groups import step_groups
from web.presenters.step_picker import Picker, found, only_way, picker
from workflows.parts.agreement import AffixSeal, SignAsMediator
from workflows.parts.block import RecordTalk
from workflows.parts.session import ScheduleSession
from workflows.rules_2026.matter import MATTER
from workflows.zone.matter.entry import AssignMatter
from workflows.zone.matter.handling import AnswerMatter

from ...support.story import STAFF as STORY_STAFF
from ...support.story import Story, register
from .test_staff_work import asked

STAFF = (BY_ID["li"], BY_ID["wang"])


def office_of(actor: Actor) -> Office:
    return next(iter(actor.offices))


def form_of(asking: Asking, address: Address) -> bool:
    """Whether the form at an address can be filled in."""
    typed = MultiDict([("on", key) for key in address.on])
    for name, values in address.fields.items():
        typed.setlist(name, values)
    step = open_step(asking, address.command, typed)
    return step is not None and not begun(step).is_barred


def places(ways: tuple[Way, ...]) -> list[Address]:
    return [it.address for way in ways for it in (*way.before, way)]


def todo_of(door: MediationService, actor: Actor, case: str) -> Todo | None:
    shown = board(door, office_of(actor), actor, {ROOM.id}, "", "room")
    undated = (it for it in shown.todos if it.by.endswith(("没动", "今天动过")))
    return next((it for it in undated if it.case == case), None)


class Comparing(nexts.Looking):
    """Compares page and board before each order, for a mediator and for the lead."""

    def before(self, order: Order) -> None:
        with self.door.store.read() as unit:
            if unit.record.last(order.case) is None:
                return
        for actor in STAFF:
            self.compare(order.case, actor)

    def compare(self, case: str, actor: Actor) -> None:
        view = self.door.view(case, office_of(actor), actor)
        asking = Asking(view=view, workflow=self.door.catalogue.in_force(view.case.rules))
        panel, move = next_steps(asking), next_move(asking)
        barred = [place for place in places(panel.first) if not form_of(asking, place)]
        assert not barred, (case, actor.id, barred)
        main = [way for way in panel.first if not way.is_aside]
        if move and not move.why:
            assert move.way == main[0] and not panel.waits
        elif move:
            assert panel.waits.endswith(f"接下来是{move.what}：{move.why}。")
        if todo := todo_of(self.door, actor, case):
            assert move and (todo.what, todo.address) == (move.what, move.address)
            assert move.why or todo.what == words(main[0])


def test_page_and_board_never_disagree_and_what_is_offered_can_be_filled_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nexts, "Looking", Comparing)
    looking = nexts.tasks(tmp_path)
    assert isinstance(looking, Comparing) and len(TASKS) == 2


def test_the_lead_reaches_a_waiver_from_the_next_steps(story: Story) -> None:
    story.do(register(), by=Office.LEAD, workflow="fast_track_2026")
    first = next_steps(asked(story, Office.LEAD)).first[0]
    assert first.label == "受理" and first.waives
    assert [way.label for way in first.before] == ["指定承办"], "what makes the waiver needless comes before it"


def test_who_only_reads_is_told_what_is_waited_for(story: Story) -> None:
    story.drafted()
    panel = next_steps(asked(story, Office.AUDITOR))
    assert not panel.first and panel.waits == "本案接下来是记录谁签了协议 2 项（王某、某五金厂）：等调解员。"


def steps_of(among: Picker, query: str) -> list[str]:
    return [pick.label for pick in found(among, query)]


@pytest.mark.parametrize(
    "query", ["记录付款", "jilufukuan", "jlfk", "付款", "打款", "ＪＬＦＫ", "jl付款", " 记录 付款 "]
)
def test_a_step_is_found_by_any_way_of_saying_it(story: Story, query: str) -> None:
    assert "记录付款" in steps_of(picker(asked(story.effective())), query)[:3]


def test_a_step_and_a_name_find_the_step_on_that_thing(story: Story) -> None:
    [pick, *_] = found(picker(asked(story.drafted())), "确认协议 五金厂")
    assert pick.label == "确认协议" and [way.address.on for way in pick.ways] == [("confirmation/2",)]


def test_what_is_looked_for_by_name_is_begun_anew_before_what_is_there_and_at_rest(story: Story) -> None:
    story.accepted().do(RecordTalk(party="party/2", said=Text("月底有钱")))
    picks = found(picker(asked(story)), "记录单独沟通")
    assert [way.address.on for way in picks[0].ways] == [(), ("block/1",)]
    assert picks[0].ways[0].about == "新的一次"
    alone = only_way(picks, "记录单独沟通")
    assert alone is not None and alone.on == ()


def test_what_cannot_be_done_is_found_with_why(story: Story) -> None:
    [pick, *_] = found(picker(asked(story.drafted(), Office.LEAD)), "盖章")
    assert pick.label == "加盖调解组织印章" and not pick.ways and pick.blocked[0].reasons
    [pick, *_] = found(picker(asked(story)), "冲销付款")
    assert pick.blocked[0].reasons[0].sentence == "本案现在没有“有异议”的付款"


def test_a_task_of_a_meeting_is_struck_off_by_the_name_people_call_it(story: Story) -> None:
    story.came("meeting_task").do(AssignMatter(staff="li"))
    story.do(AnswerMatter(words=Text("查过了")))
    [pick, *_] = found(picker(Asking(view=story.view(Office.LEAD), workflow=MATTER)), "销号")
    assert (pick.step, pick.is_able) == ("EndMatter", True)


@pytest.mark.parametrize("query", ["", "   ", "？？", "没有这一步", "x" * 500, "<script>", "\x00"])
def test_whatever_is_typed_is_answered(story: Story, query: str) -> None:
    assert steps_of(picker(asked(story.drafted())), query) == []


def test_all_steps_are_listed_by_kind_on_their_page(story: Story) -> None:
    groups = step_groups(asked(story.drafted()))
    assert groups.phase and groups.new and "当事人确认" in [group.label for group in groups.waiting]


def ready_to_seal(story: Story) -> Story:
    """All have signed, and a meeting that was arranged before lies ahead."""
    planned = story.clock.now.date() + timedelta(days=2)
    story.drafted()
    story.do(ScheduleSession(planned=planned, invited=("party/1", "party/2")))
    for key in story.case.of("confirmation"):
        story.confirm(key)
    story.do(SignAsMediator(), "agreement/1")
    return story


def test_what_waits_for_the_lead_comes_before_a_meeting_that_lies_ahead(story: Story) -> None:
    ready_to_seal(story)
    shown = board(story.door, Office.LEAD, STORY_STAFF[Office.LEAD], {"room"}, "", "room")
    [todo] = shown.todos_of("lead")
    assert todo.address is not None
    assert todo.address.command == "AffixSeal"
    assert any("会" in it.what for it in todo.also)
    assert next_steps(asked(story)).waits.endswith("等室主任。")


def test_a_meeting_behind_an_agreement_in_force_is_offered_to_be_called_off(story: Story) -> None:
    ready_to_seal(story).do(AffixSeal(), "agreement/1", by=Office.LEAD)
    offered = [way.address.command for way in next_steps(asked(story)).first]
    assert "CallOffSession" in offered
    assert "RecordSession" not in offered


@pytest.mark.parametrize(
    ("words", "step"), [("书面意见", "记录会议"), ("会中单独谈", "记录单独沟通"), ("公安", "报告激化风险")]
)
def test_a_step_is_found_by_what_its_form_asks(story: Story, words: str, step: str) -> None:
    story.drafted()
    assert step in [pick.label for pick in found(picker(asked(story)), words)]
