"""A meeting: four things fixed before it is called, recorded as it was held, and its tasks seen to the end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import GuardRefused, Refused
from mediation_engine.services.due_sweep import sweep
from mediation_engine.services.maintenance import audit_store
from mediation_engine.services.tasks import Finished, finish
from workflows.phases.intake import AcceptCase
from workflows.zone.matter.entry import EndMatter
from workflows.zone.matter.facts import facts_of as facts_of_matter
from workflows.zone.matter.handling import AnswerMatter, SendBackMatter
from workflows.zone.meeting.attendee import InviteAttendee
from workflows.zone.meeting.calling import CallMeeting, CallOffMeeting, FixMeeting, HoldMeeting
from workflows.zone.meeting.facts import facts_of
from workflows.zone.meeting.task import GiveTask, TaskRow
from workflows.zone.meeting.tasks import matter_of
from workflows.zone.meeting.topic import PutOnTable, TopicRow
from workflows.zone.meeting.vocabulary import Four

from ..support.story import BELOW, Story, register

LI = TaskRow(words=Text("查三条街的出租房"), staff="li", due=date(2026, 11, 27))
OUTSIDE = TaskRow(words=Text("通知各企业自查"), body=Text("安监所"), due=date(2026, 11, 26))


def held(story: Story, *tasks: TaskRow, **given: Any) -> Story:
    """A meeting that was called and held, everybody there; its matters are opened."""
    story.convened()
    fields = {"came": tuple(facts_of(story.case).attendees), "minutes": Text("定了"), "tasks": tasks} | given
    story.do(HoldMeeting(**fields))
    finish(story.door)
    return story


def matter(story: Story, n: int = 1) -> Story:
    """The matter that the n-th task became."""
    return Story(story.store, story.clock, matter_of(story.name, f"task/{n}"))


def defects(story: Story) -> list[str]:
    return [it.code for line in story.lines for it in line.defects]


class TestTheFour:
    def test_one_is_called_as_soon_as_all_four_are_fixed(self, story: Story) -> None:
        story.convened(plan=None, named=())
        assert story.state("calling/1") == "planned"
        assert [*facts_of(story.case).unfixed()] == [Four.PEOPLE, Four.PLAN]
        story.do(FixMeeting(plan=Text("先排查")))
        story.do(InviteAttendee(staff="wang"))
        assert story.state("calling/1") == "called"

    @pytest.mark.parametrize("without", ["theme", "day", "time", "plan"])
    def test_without_one_of_them_it_is_not_called(self, story: Story, without: str) -> None:
        story.convened(**{without: None})
        assert story.state("calling/1") == "planned"
        assert facts_of(story.case).told is None

    def test_the_lead_alone_may_call_it_all_the_same_with_a_reason(self, story: Story) -> None:
        story.convened(plan=None)
        with pytest.raises(Refused):
            story.do(CallMeeting(reason=Text("今晚就开")))
        story.do(CallMeeting(reason=Text("今晚就开")), by=Office.LEAD)
        assert story.state("calling/1") == "called"
        assert facts_of(story.case).told is not None
        assert defects(story) == []

    def test_what_was_held_is_recorded_and_what_it_lacked_is_marked(self, story: Story) -> None:
        story.convened(plan=None).do(HoldMeeting(minutes=Text("当场开的")))
        assert story.state("calling/1") == "held"
        assert defects(story) == ["four_fixed"]

    def test_one_that_had_all_four_is_marked_with_nothing(self, story: Story) -> None:
        assert defects(held(story)) == []

    def test_it_is_marked_that_it_was_put_off_to_a_day_that_had_passed(self, story: Story) -> None:
        story.convened().do(FixMeeting(day=date(2026, 11, 20)))
        assert defects(story) == ["day_is_to_come"]

    def test_one_that_is_called_off_gives_nobody_anything_to_do(self, story: Story) -> None:
        story.convened().do(CallOffMeeting(reason=Text("改到下月")))
        for later in (GiveTask(words=Text("x"), staff="li", due=date(2026, 12, 1)), InviteAttendee(staff="li")):
            with pytest.raises(GuardRefused):
                story.do(later)


class TestWho:
    def test_who_did_not_come_was_missing(self, story: Story) -> None:
        held(story, came=("attendee/1",))
        assert [story.state(f"attendee/{n}") for n in (1, 2, 3)] == ["came", "absent", "absent"]

    def test_an_organisation_is_called_as_it_was_called_then(self, story: Story) -> None:
        story.convened()
        assert facts_of(story.case).attendees["attendee/3"].body_name == "喜哥调解室"

    def test_a_row_that_names_nobody_is_nobody(self, story: Story) -> None:
        with pytest.raises(GuardRefused, match="至少一样"):
            story.convened().do(InviteAttendee())

    def test_meetings_are_numbered_in_their_year(self, story: Story) -> None:
        other = Story(story.store, story.clock, "A2")
        assert [it.convened().case.facts.number for it in (story, other)] == [
            "（2026）永开例会第1号",
            "（2026）永开例会第2号",
        ]


class TestTable:
    def test_what_is_on_the_table_is_known_by_its_number_and_seen_from_both_sides(self, story: Story) -> None:
        story.accepted()
        meeting = Story(story.store, story.clock, "N1")
        meeting.convened(topics=(TopicRow(about=story.case.facts.number), TopicRow(words=Text("别的"))))
        assert facts_of(meeting.case).topics["topic/1"].about == "A1"
        with story.store.read() as unit:
            own = unit.register.actor("li")
        there = [story.door.view(id, Office.MEDIATOR, own).linked for id in ("A1", "N1")]
        assert [[*it] for it in there] == [["N1"], ["A1"]]

    @pytest.mark.parametrize(
        "typed",
        [
            "(2026)永开人调字第0001号",
            "（2026） 永开 人调字 第1号",
            "〔2026〕永开人调字第０００１号",
            "1",
            "第1号",
            "0001",
        ],
    )
    def test_its_number_is_read_however_it_is_typed(self, story: Story, typed: str) -> None:
        story.accepted()
        assert story.case.facts.number == "（2026）永开人调字第0001号"
        meeting = Story(story.store, story.clock, "N1").convened(topics=(TopicRow(about=typed),))
        assert facts_of(meeting.case).topics["topic/1"].about == "A1"

    def test_a_serial_alone_that_several_have_names_none(self, story: Story) -> None:
        below = Actor(id="wu", name="吴调解", organisation=BELOW.id, offices=frozenset({Office.MEDIATOR}))
        story.accepted().with_colleague(below)
        other = Story(story.store, story.clock, "A2")
        other.do(register(organisation=BELOW.id), actor=below.id, workflow="fast_track_2026")
        other.do(AcceptCase(), by=Office.LEAD)
        assert other.case.facts.number == "（2026）永村人调字第0001号"
        with pytest.raises(GuardRefused, match="写全，如“（2026）永开人调字第5号”"):
            Story(story.store, story.clock, "N2").convened(topics=(TopicRow(about="1"),))

    def test_what_nobody_knows_is_not_on_the_table(self, story: Story) -> None:
        with pytest.raises(GuardRefused, match="没有编号是“永开9号”的"):
            story.convened().do(PutOnTable(about="永开9号"))

    def test_who_may_not_see_the_meeting_does_not_see_that_it_was_there(self, story: Story) -> None:
        """The committee below hosts a case that the room above speaks of."""
        below = Actor(id="wu", name="吴调解", organisation=BELOW.id, offices=frozenset({Office.MEDIATOR}))
        story.with_colleague(below).do(register(organisation=BELOW.id), actor=below.id, workflow="fast_track_2026")
        meeting = Story(story.store, story.clock, "N1").convened(topics=(TopicRow(about="A1"),))
        with story.store.read() as unit:
            above = unit.register.actor("li")
        assert [*story.door.view("A1", Office.MEDIATOR, below).linked] == []
        assert [*meeting.door.view("A1", Office.MEDIATOR, above).linked] == ["N1"]


class TestTasks:
    def test_each_becomes_a_matter_given_to_who_is_to_do_it(self, story: Story) -> None:
        held(story, LI, OUTSIDE)
        own, other = (facts_of_matter(matter(story, n).case) for n in (1, 2))
        assert (own.handler, own.deadline, own.meeting) == ("li", LI.due, "A1")
        assert (other.handler, other.number) == (None, "（2026）永开例会第1号 任务2")
        assert [it.matter for it in facts_of(story.case).tasks.values()] == [matter(story, n).name for n in (1, 2)]
        assert finish(story.door) == Finished()

    def test_nobody_is_given_nothing(self, story: Story) -> None:
        story.convened()
        with pytest.raises(GuardRefused, match="写明责任人"):
            story.do(HoldMeeting(minutes=Text("x"), tasks=(TaskRow(words=Text("x"), due=LI.due),)))
        story.do(HoldMeeting(minutes=Text("x")))
        with pytest.raises(GuardRefused, match="写明责任人"):
            story.do(GiveTask(words=Text("x"), due=LI.due))

    def test_it_is_ticked_off_by_who_did_it_and_struck_off_by_the_lead_alone(self, story: Story) -> None:
        done = matter(held(story, LI))
        done.do(AnswerMatter(words=Text("都查了")))
        with pytest.raises(Refused, match="室主任核实"):
            done.do(EndMatter(ending="done"))
        done.do(SendBackMatter(words=Text("还有一条街")), by=Office.LEAD)
        with pytest.raises(Refused):
            done.do(EndMatter(ending="done"), by=Office.LEAD)
        done.do(AnswerMatter(words=Text("三条街都查了")))
        done.do(EndMatter(ending="done"), by=Office.LEAD)
        assert facts_of_matter(done.case).in_time is True

    def test_what_is_not_to_be_done_any_more_is_dropped_by_the_lead(self, story: Story) -> None:
        dropped = matter(held(story, LI))
        dropped.do(EndMatter(ending="dropped"), by=Office.LEAD)
        assert dropped.case.facts.closed

    def test_what_is_overdue_is_told_of_to_whose_it_is(self, story: Story) -> None:
        held(story, LI, OUTSIDE)
        story.clock.now += timedelta(days=5)
        sweep(story.store, story.door.catalogue)
        with story.store.read() as unit:
            all_ = {who: unit.messages.of(who) for who in ("li", "wang")}
        told = {who: {it.case for it in own if it.topic == "matter_end"} for who, own in all_.items()}
        mine, outside = (matter(story, n).name for n in (1, 2))
        assert told["li"] == {mine}
        assert told["wang"] >= {mine, outside}

    def test_one_given_by_a_meeting_elsewhere_is_registered_by_hand(self, story: Story) -> None:
        story.came("meeting_task", origin="开发区例会", number="3")
        facts = facts_of_matter(story.case)
        assert (facts.meeting, facts.deadline) == (None, date(2026, 11, 27))

    def test_all_of_it_is_lawful_again(self, story: Story) -> None:
        held(story, LI, OUTSIDE)
        found = [it for _, results in audit_store(story.store, story.door.catalogue) for it in results if not it.known]
        assert found == []
