"""Meetings of the made-up room: one that was held, with a task struck off and one overdue; one to come; one unfixed."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.fields import Text
from workflows.zone.matter.entry import EndMatter
from workflows.zone.matter.handling import AnswerMatter
from workflows.zone.matter.measure import RecordMeasure
from workflows.zone.matter.vocabulary import Manner
from workflows.zone.meeting.attendee import AttendeeRow
from workflows.zone.meeting.calling import HoldMeeting, PlanMeeting
from workflows.zone.meeting.task import TaskRow
from workflows.zone.meeting.tasks import matter_of
from workflows.zone.meeting.topic import TopicRow
from workflows.zone.meeting.vocabulary import Theme

from ..days import Days
from ..room import ROOM
from ..script import MEETING, Step, Story, step

HELD = "demo-meeting-held"
ALL = (AttendeeRow(staff="wang"), AttendeeRow(staff="li"), AttendeeRow(post="各片区专职副片长"))


def held(days: Days) -> Iterator[Step]:
    """Held, with two things to do: one is done by now, one is not."""
    yield step(
        8,
        "10:00",
        "wang",
        PlanMeeting(
            theme=Theme.PETITIONS,
            about=Text("年前欠薪苗头"),
            day=days.back(6),
            time="14:30",
            place=Text("调解室二楼"),
            named=ALL,
            plan=Text("各片区先报底数，逐户定人盯到底。"),
            topics=(TopicRow(about="demo-matter-pledged", words=Text("押金这一件怎样收尾")),),
            organisation=ROOM.id,
        ),
    )
    tasks = (
        TaskRow(words=Text("把包装车间的工资册对一遍"), staff="li", due=days.back(3)),
        TaskRow(words=Text("排一张年前走访的名单"), staff="zhou", due=days.back(1)),
    )
    minutes = Text("底数报齐了。有苗头的逐户约谈，年前走访一遍。")
    yield step(6, "16:00", "wang", HoldMeeting(came=("attendee/1", "attendee/2"), minutes=minutes, tasks=tasks))


def struck_off(_: Days) -> Iterator[Step]:
    """The first of its tasks, done by its day."""
    yield step(4, "15:00", "li", AnswerMatter(words=Text("三个月的都对过了，差两人的加班费，厂里已补")))
    yield step(3, "09:00", "wang", EndMatter(ending="done"))


def begun(_: Days) -> Iterator[Step]:
    """The second, which is not done yet."""
    yield step(2, "10:00", "zhou", RecordMeasure(words=Text("名单排了一半，还差两个片区"), manner=Manner.OTHER))


def to_come(days: Days) -> Iterator[Step]:
    """Called for tomorrow."""
    yield step(
        2,
        "09:30",
        "li",
        PlanMeeting(
            theme=Theme.FIRE,
            day=days.coming(1),
            time="09:30",
            named=ALL,
            plan=Text("先排查出租房，再集中整治。"),
            organisation=ROOM.id,
        ),
    )


def unfixed(_: Days) -> Iterator[Step]:
    """Nobody has said yet when, nor with which plan."""
    yield step(1, "11:00", "li", PlanMeeting(theme=Theme.SCHOOLS, named=ALL[:2], organisation=ROOM.id))


MEETINGS = (
    Story(case=HELD, family=MEETING, steps=held),
    Story(case=matter_of(HELD, "task/1"), family="", steps=struck_off),
    Story(case=matter_of(HELD, "task/2"), family="", steps=begun),
    Story(case="demo-meeting-to-come", family=MEETING, steps=to_come),
    Story(case="demo-meeting-unfixed", family=MEETING, steps=unfixed),
)
