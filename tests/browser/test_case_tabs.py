"""How much there is to scroll in a case of five parties, eight members and many payments: tab by tab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from bench import nexts
from bench.task_orders import TASKS
from mediation_engine.clock import FixedClock
from web.demo_world.room import STAFF
from web.presenters.case_tabs import OVERVIEW

from ..support.browser import sign_in
from ..support.looks import TABS
from ..support.story import Story
from .conftest import with_passwords

DESK, PHONE = (1280, 800), (360, 640)
MOST = {DESK: 2.5, PHONE: 6.0}
"""Screens."""
TALL = "document.documentElement.scrollHeight / innerHeight"
BIG = TASKS[1].case


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """The larger of the two tasks, done."""
    looking = nexts.tasks(tmp_path)
    store = looking.door.store
    with store.read() as unit:
        now = unit.now
    return in_the_room(Story(store, FixedClock(now), BIG))


def in_the_room(story: Story) -> Story:
    """The staff of the room whose case it is, each with a password."""
    with_passwords(story)
    with story.store.write() as unit:
        for actor in STAFF:
            unit.register.put_actor(actor)
        for person in TASKS[1].people:
            unit.register.put_person(person)
    return story


@pytest.fixture(params=MOST, ids=["desk", "phone"])
def page(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    width, height = request.param
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    window = context.new_page()
    sign_in(window, site, "li")
    yield window
    context.close()


def test_each_tab_of_a_large_case_is_a_few_screens(page: Page, site: str) -> None:
    assert page.viewport_size
    most, heights = MOST[(page.viewport_size["width"], page.viewport_size["height"])], {}
    for tab in (OVERVIEW, *TABS):
        page.goto(f"{site}/cases/{BIG}?tab={tab}")
        heights[tab] = round(page.evaluate(TALL), 1)
    assert {tab: tall for tab, tall in heights.items() if tall > most} == {}, heights
