"""What somebody might try with meetings and their tasks, and what must hold then."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import GuardRefused, Refused
from mediation_engine.ports.messages import Parked
from mediation_engine.services import tasks
from mediation_engine.services.tasks import Finished, carry_out, finish
from workflows.zone.matter.entry import AssignMatter, DetailRow, FillInMatter
from workflows.zone.matter.facts import facts_of as facts_of_matter
from workflows.zone.meeting.attendee import AttendeeRow
from workflows.zone.meeting.calling import HoldMeeting
from workflows.zone.meeting.facts import facts_of
from workflows.zone.meeting.topic import TopicRow

from ..support.story import BELOW, Story, convened
from .test_meetings import LI, OUTSIDE, held, matter


def parked(story: Story) -> list[Parked]:
    with story.store.read() as unit:
        return unit.messages.parked()


class TestTheWorker:
    def test_a_task_whose_number_is_taken_is_put_aside_and_holds_up_nothing(self, story: Story) -> None:
        Story(story.store, story.clock, "M1").came("meeting_task", origin="（2026）永开例会第1号", number="任务1")
        other = Story(story.store, story.clock, "A2")
        for it, task in ((story, LI), (other, OUTSIDE)):
            it.convened().do(HoldMeeting(minutes=Text("定了"), tasks=(task,)))
        assert finish(story.door) == Finished(orders=3, parked=1)
        assert [(it.case, "编号已属于另一件" in it.why) for it in parked(story)] == [("A1", True)]
        assert other.state("task/1") == "in_hand"

    @pytest.mark.parametrize("ahead", [1, 2, 9])
    @pytest.mark.parametrize("at", [1, 2, 3])
    def test_one_who_comes_second_puts_nothing_aside_and_goes_on_from_there(
        self, story: Story, at: int, ahead: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        story.convened().do(HoldMeeting(minutes=Text("定了"), tasks=(LI,)))
        with story.store.read() as unit:
            (task,) = unit.views.tasks()
        give, given = tasks._order, list[object]()

        def slowly(*about: object) -> Order:
            given.append(about)
            if len(given) == at:  # another one goes on meanwhile, and is killed after some orders
                with monkeypatch.context() as patch:
                    patch.setattr(tasks, "MOST_ORDERS", ahead)
                    carry_out(story.door, task)
            return give(*about)  # type: ignore[arg-type]

        monkeypatch.setattr(tasks, "_order", slowly)
        finish(story.door)
        assert finish(story.door) == Finished()
        assert (story.state("task/1"), parked(story)) == ("in_hand", [])


class TestWhoIsToCome:
    @pytest.mark.parametrize("row", [AttendeeRow(), AttendeeRow(post="")])
    def test_a_row_that_names_nobody_fixes_nothing(self, story: Story, row: AttendeeRow) -> None:
        with pytest.raises(GuardRefused, match="至少先定一样"):
            story.convened(theme=None, day=None, plan=None, named=(row,))

    def test_an_organisation_that_is_not_there_is_not_asked_to_come(self, story: Story) -> None:
        with pytest.raises(Refused, match="组织名录里没有“nope”"):
            story.convened(named=(AttendeeRow(body="nope"),))

    def test_who_is_ticked_twice_came_once(self, story: Story) -> None:
        held(story, came=("attendee/1", "attendee/1"))
        assert facts_of(story.case).came == ("attendee/1",)


class TestTable:
    def test_who_is_below_does_not_learn_whether_those_above_have_a_number(self, story: Story) -> None:
        wu = Actor(id="wu", name="吴调解", organisation=BELOW.id, offices=frozenset({Office.MEDIATOR}))
        story.with_colleague(wu).registered()
        for about in ("A1", "永开9号"):
            meeting = Story(story.store, story.clock, "N1")
            with pytest.raises(Refused, match=f"没有编号是“{about}”"):
                meeting.do(
                    convened(
                        organisation=BELOW.id, named=(AttendeeRow(post="网格长"),), topics=(TopicRow(about=about),)
                    ),
                    workflow="meeting_2026",
                    actor=wu.id,
                )


class TestTasks:
    def test_who_does_it_does_not_move_its_day_nor_pass_it_on(self, story: Story) -> None:
        done = matter(held(story, LI))
        done.clock.now += timedelta(days=10)
        orders = (
            FillInMatter(details=(DetailRow(field="due", day=date(2026, 12, 30)),)),
            AssignMatter(staff="li", by=date(2026, 12, 31)),
        )
        for order in orders:
            with pytest.raises(Refused, match="由室主任改"):
                done.do(order)
        done.do(orders[1], by=Office.LEAD)
        assert facts_of_matter(done.case).due == date(2026, 12, 31)
