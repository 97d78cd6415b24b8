"""A meeting as those who hold it see it through, on a telephone: called, held, one task struck off, one overdue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.ids import seeded_randomness
from mediation_engine.services.tasks import FinishingService
from workflows.zone.meeting.facts import facts_of
from workflows.zone.meeting.tasks import matter_of

from ..support.browser import FRONT, objections, served, sign_in
from ..support.story import NOW, STORY_SEED, Story
from .conftest import with_passwords
from .test_alerts import PHONE, Pressed

WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def story() -> Story:
    """A room with passwords, a case in it, over a door that goes on to what is left to be done."""
    clock = FixedClock(NOW)
    story = with_passwords(Story(MemoryStore(clock), clock).accepted())
    story.door = FinishingService(story.store, story.door.catalogue, seeded_randomness(STORY_SEED))
    return story


@pytest.fixture
def site(story: Story) -> Iterator[str]:
    with served(story) as address:
        yield address


def test_one_is_called_and_held_and_what_it_gave_people_to_do_is_seen_to_the_end(
    chromium: Browser, story: Story, site: str
) -> None:
    page = chromium.new_page(viewport=PHONE, locale="zh-CN")

    def look(path: str) -> str:
        said = pressed.open(path)
        assert objections(page) == []
        assert not page.evaluate(WIDER), f"{path} is wider than a telephone"
        return said

    sign_in(page, site, "li")
    pressed = Pressed(page, site)
    look("/meetings")
    look("/meetings/new")
    page.locator("[name='f.theme']").select_option("fire")
    for name, value in {
        "day": "2026-11-23",
        "time": "15:00",
        "plan": "先排查出租房，再集中整治",
        "named.0.post": "分管安全的领导",
        "topics.0.about": story.case.facts.number or "",
        "topics.0.words": "欠薪的几户要不要一起约谈",
    }.items():
        page.locator(f"[name='f.{name}']").fill(value)
    page.locator("[name='f.named.1.staff']").select_option("li")
    page.get_by_role("button", name="召集例会").last.click()
    page.wait_for_url(re.compile("/cases/"))
    path = page.url.removeprefix(site)
    meeting = path.rpartition("/")[2]
    assert "待召开" in look(path)
    assert "（2026）永开例会第1号" in look("/cases/A1")

    look(path)
    page.locator("main").get_by_role("button", name="记录开会").first.click()
    front = page.locator(FRONT)
    front.locator("[name='f.minutes']").fill("定了两件事")
    front.locator("button[value='more:f.tasks']").click()
    for n, (words, due) in enumerate((("查三条街的出租房", "2026-11-25"), ("通知各企业自查", "2026-11-26"))):
        front.locator(f"[name='f.tasks.{n}.words']").fill(words)
        front.locator(f"[name='f.tasks.{n}.due']").fill(due)
        front.locator(f"[name='f.tasks.{n}.staff']").select_option("li")
    front.locator(".buttons button[value=do]").last.click()
    expect(front).to_have_count(0)
    assert "查三条街的出租房" in look(path)
    assert len(facts_of(story.door.case(meeting)).tasks) == 2

    done, late = (f"/cases/{matter_of(meeting, f'task/{n}')}" for n in (1, 2))
    look(done)
    pressed.step("反馈（答复）", words="三条街都查了，两处当场整改")
    page.context.clear_cookies()
    sign_in(page, site, "wang")
    pressed.open(done)
    pressed.step("办结", ending="done")
    assert "办结" in look(done)

    story.clock.now += timedelta(days=4)
    assert date(2026, 11, 26) < story.door.today()
    page.context.clear_cookies()
    sign_in(page, site, "li")
    board = look("/work")
    assert "事项、例会到期、快到期" in board
    assert "例会任务" in board
    assert page.locator(".board .late").count() == 1
    assert "超期的任务（1）" in look("/meetings")
    look("/matters?kind=meeting_task&group=in_hand")
    look(f"{path}/papers/meeting_minutes")
    look(late)
