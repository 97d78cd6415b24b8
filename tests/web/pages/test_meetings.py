"""例会 by page: called by its form, told of what is missing, its papers; and by a program."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from flask import Flask

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.ids import seeded_randomness
from mediation_engine.services.due_sweep import sweep
from mediation_engine.services.tasks import FinishingService, finish
from workflows.zone.matter.entry import EndMatter
from workflows.zone.matter.facts import facts_of as facts_of_matter
from workflows.zone.matter.handling import AnswerMatter
from workflows.zone.meeting.attendee import AttendeeRow
from workflows.zone.meeting.calling import HoldMeeting
from workflows.zone.meeting.facts import facts_of
from workflows.zone.meeting.task import TaskRow
from workflows.zone.meeting.tasks import matter_of
from workflows.zone.meeting.topic import TopicRow
from workflows.zone.meeting.vocabulary import Theme

from ...support.calling import EVERYTHING, Program, token_for
from ...support.story import STAFF, STORY_SEED, Story
from ..conftest import Browser

SignedIn = Callable[[Office | str], Browser]
CALLED = {
    "id": "form-0001",
    "f.theme": "fire",
    "f.day": "2026-11-24",
    "f.time": "14:30",
    "f.plan": "先排查，再整治",
    "f.named": "2",
    "f.named.0.staff": "wang",
    "f.named.1.post": "片区副片长",
    "do": "do",
}


def test_one_is_called_by_its_form_once_however_often_it_is_sent(web_client: SignedIn, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    li.get("/meetings/new?about=A1")
    first, again = (li.send("/meetings/new", **CALLED).headers["Location"] for _ in range(2))
    assert first == again
    facts = facts_of(told.door.case(first.rpartition("/")[2]))
    assert not any(facts.unfixed())
    assert len(facts.attendees) == 2
    assert "待召开（1）" in li.get("/meetings").text


def test_the_number_of_open_tasks_leads_to_a_list_of_all_of_them(web_client: SignedIn, told: Story) -> None:
    told.door = FinishingService(told.store, told.door.catalogue, seeded_randomness(STORY_SEED))
    meeting = Story(told.store, told.clock, "N1").convened()
    meeting.door = told.door
    rows = tuple(TaskRow(words=Text("查出租房"), staff=it, due=date(2026, 11, 27)) for it in ("li", "li", "wang"))
    meeting.do(HoldMeeting(came=("attendee/1",), minutes=Text("定了"), tasks=rows))
    li = web_client(Office.MEDIATOR)
    asked = re.search(r'href="([^"]+)">没有销号的任务（3）', li.get("/meetings").text)
    assert asked
    assert 'href="/meetings">例会' in li.get("/work").text.partition('aria-label="翻页"')[2]
    page = li.get(asked[1].replace("&amp;", "&")).text
    assert page.count('class="way"') == 3
    assert "只看例会任务。" in page
    number = matter_of("N1", "task/1")
    named = str(facts_of_matter(told.door.case(number)).number)
    assert page.count(named) == 1 + page.count(f'<span class="unseen">：{named}')
    assert li.get(f"/cases/{number}/steps/AnswerMatter").text.split("<main")[1].count(named) == 1
    assert "只看消防安全：没有已取消的例会。" in li.get("/meetings?kind=fire&group=called_off").text


def test_what_is_called_about_something_begins_with_it(web_client: SignedIn, told: Story) -> None:
    assert 'value="A1"' in web_client(Office.MEDIATOR).get("/meetings/new?about=A1").text


def test_what_cannot_be_is_said_and_what_was_typed_stays(web_client: SignedIn, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    li.get("/meetings/new")
    empty = li.send("/meetings/new", id="form-0002", do="do")
    assert (empty.status_code, "至少先定一样" in empty.text) == (422, True)
    lost = li.send("/meetings/new", **CALLED | {"f.topics": "1", "f.topics.0.about": "永开9号"})
    assert (lost.status_code, "没有编号是“永开9号”" in lost.text) == (422, True)
    assert "先排查，再整治" in lost.text


def test_its_notice_and_its_minutes_are_printed_each_in_its_time(web_client: SignedIn, told: Story) -> None:
    li, named = web_client(Office.MEDIATOR), (AttendeeRow(person="worker", post="片区副片长"), AttendeeRow(staff="li"))
    meeting = Story(told.store, told.clock, "N1").convened(named=named)
    notice = li.get("/cases/N1/papers/meeting_notice").text
    assert all(it in notice for it in ("例会通知", "消防安全", "14:30", "王某（片区副片长）、李调解：", "先排查出租房"))
    assert li.get("/cases/N1/papers/meeting_minutes").status_code == 404
    row = TaskRow(words=Text("查三条街的出租房"), staff="li", due=date(2026, 11, 27))
    meeting.do(HoldMeeting(came=("attendee/1",), minutes=Text("定了一件事"), tasks=(row,)))
    minutes = li.get("/cases/N1/papers/meeting_minutes").text
    assert all(it in minutes for it in ("会议纪要", "定了一件事", "任务清单", "查三条街的出租房", "李调解", "11月27日"))
    assert li.get("/cases/N1/papers/meeting_minutes.docx").status_code == 200


def test_a_program_calls_one_too(app: Flask, told: Story) -> None:
    program = Program(app.test_client(), token_for(told, Office.MEDIATOR, EVERYTHING))
    fields = {"theme": "traffic", "day": "2026-11-25", "time": "09:00", "plan": "查酒驾", "named": [{"staff": "li"}]}
    made = program.do("/cases", id="n-1", workflow="meeting_2026", fields=fields)
    assert made.status_code == 201, made.json
    shown = program.get(f"/cases/{made.json['case']}").json
    assert (shown["matter"], shown["kind"]) == ("meeting", "traffic")


def test_who_is_to_come_is_told_what_it_is_about_and_when_whatever_his_office(
    web_client: SignedIn, told: Story
) -> None:
    grid = STAFF[Office.GRID_WORKER]
    Story(told.store, told.clock, "N1").convened(named=(AttendeeRow(staff="li"), AttendeeRow(staff=grid.id)))
    Story(told.store, told.clock, "N2").convened(named=(AttendeeRow(staff="li"),), theme=Theme.TRAFFIC)
    sweep(told.store, told.door.catalogue)
    for who in (Office.MEDIATOR, Office.GRID_WORKER):
        page = web_client(who).get("/messages").text
        assert all(it in page for it in ("消防安全例会 · 2026年11月24日", "14:30", "打开例会看看")), who
        assert ("交通安全例会" in page) == (who is Office.MEDIATOR), "only what he is asked to"


def test_its_papers_are_reached_from_its_page_and_lead_back_there(web_client: SignedIn, told: Story) -> None:
    li, meeting = web_client(Office.MEDIATOR), Story(told.store, told.clock, "N1").convened()
    notice, minutes = (f'href="/cases/N1/papers/{it}"' for it in ("meeting_notice", "meeting_minutes"))
    called = li.get("/cases/N1").text
    assert (called.count(notice), called.count(minutes)) == (2, 0)  # among what comes next, and among its papers
    assert 'href="/cases/N1#papers"' in li.get("/cases/N1/papers/meeting_notice").text
    meeting.do(HoldMeeting(minutes=Text("定了一件事")))
    after = li.get("/cases/N1").text
    assert (after.count(notice), after.count(minutes), 'id="papers"' in after) == (0, 2, True)


def test_what_is_missing_is_asked_for_by_the_step_that_fixes_it(web_client: SignedIn, told: Story) -> None:
    li, lead = web_client(Office.MEDIATOR), web_client(Office.LEAD)
    Story(told.store, told.clock, "N1").convened(plan=None)
    Story(told.store, told.clock, "N2").convened(named=())
    fix, invite, call = ("steps/FixMeeting", "steps/InviteAttendee", "steps/CallMeeting")
    first = {id: comes_next(li.get(f"/cases/{id}").text) for id in ("N1", "N2")}
    assert (fix in first["N1"], invite in first["N1"]) == (True, False)
    assert (fix in first["N2"], invite in first["N2"]) == (False, True)
    assert "还没有通知任何人" in li.get("/cases/N1").text
    assert call not in first["N1"]
    assert call in comes_next(lead.get("/cases/N1").text)
    assert 'name="f.reason"' in lead.get("/cases/N1/steps/CallMeeting").text


def test_one_that_is_to_come_waits_for_its_day_and_for_nobody_else(web_client: SignedIn, told: Story) -> None:
    Story(told.store, told.clock, "N1").convened()
    for office in (Office.MEDIATOR, Office.LEAD):
        first = comes_next(web_client(office).get("/cases/N1").text)
        assert "等到" in first and "记录开会" in first, office
        assert "不用您办" not in first and "等室主任" not in first, office


def comes_next(page: str) -> str:
    """What a page says comes next."""
    return page.partition('aria-labelledby="next-steps"')[2].partition("</section>")[0]


def test_its_minutes_and_the_list_say_how_each_task_stands(web_client: SignedIn, told: Story) -> None:
    meeting = Story(told.store, told.clock, "N1").convened()
    rows = [TaskRow(words=Text(f"第{n}件"), staff="li", due=date(2026, 11, 23 + n)) for n in range(1, 5)]
    meeting.do(HoldMeeting(minutes=Text("定了"), tasks=tuple(rows)))
    finish(told.door)
    done, dropped = (Story(told.store, told.clock, matter_of("N1", f"task/{n}")) for n in (1, 2))
    done.do(AnswerMatter(words=Text("办好了")))
    done.do(EndMatter(ending="done"), by=Office.LEAD)
    dropped.do(EndMatter(ending="dropped"), by=Office.LEAD)
    told.clock.now += timedelta(days=4)
    li = web_client(Office.MEDIATOR)
    minutes = li.get("/cases/N1/papers/meeting_minutes").text
    stands = ("已销号（2026年11月23日）", "不用再办（2026年11月23日）", "超期", "待销号")
    assert [minutes.count(it) for it in stands] == [1, 1, 1, 1]
    assert "任务4项，销号1项" in li.get("/meetings?group=held").text


def test_a_case_says_of_what_meeting_it_was_on_the_table_and_when(web_client: SignedIn, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    Story(told.store, told.clock, "N1").convened(topics=(TopicRow(about="A1"),))
    [said] = re.findall("相连的例会：<a[^>]*>([^<]*)", li.get("/cases/A1").text)
    assert said == "（2026）永开例会第1号 · 消防安全例会，2026年11月24日（周二） 14:30，待召开"


def test_a_day_that_has_passed_is_asked_back_once(web_client: SignedIn, told: Story) -> None:
    li, passed = web_client(Office.MEDIATOR), CALLED | {"f.day": "2026-11-20"}
    li.get("/meetings/new")
    asked = li.send("/meetings/new", **passed)
    assert (asked.status_code, "2026年11月20日（周五），已经过去了" in asked.text) == (422, True)
    [seen] = re.findall('name="seen" value="([^"]*)"', asked.text)
    assert li.send("/meetings/new", **passed | {"seen": seen}).status_code == 303
