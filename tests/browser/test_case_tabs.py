"""How much there is to scroll in a case of five parties, eight members and many payments: tab by tab."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
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
SIGNED, IN_EFFECT = 15, 20
"""Of the smaller task: while the others have still to sign; when all is owed and every visit lies ahead."""
MOMENTS = ((0, SIGNED), (0, IN_EFFECT), (0, None), (1, None))


@pytest.fixture(params=MOMENTS, ids=["unsigned", "in-effect", "three-workers", "five-parties"])
def story(request: pytest.FixtureRequest, tmp_path: Path) -> Story:
    """The two tasks, done, and the smaller one on its way."""
    number, orders = request.param
    task = replace(TASKS[number], orders=TASKS[number].orders[:orders])
    store = nexts.tasks(tmp_path, [task]).door.store
    with store.read() as unit:
        now = unit.now
    return in_the_room(Story(store, FixedClock(now), task.case))


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


def test_each_tab_of_a_case_is_a_few_screens(page: Page, site: str, story: Story) -> None:
    assert page.viewport_size
    most, heights = MOST[(page.viewport_size["width"], page.viewport_size["height"])], {}
    for tab in (OVERVIEW, *TABS):
        page.goto(f"{site}/cases/{story.name}?tab={tab}")
        heights[tab] = round(page.evaluate(TALL), 1)
    assert {tab: tall for tab, tall in heights.items() if tall > most} == {}, heights


def test_what_comes_next_is_on_the_first_screen(page: Page, site: str, story: Story) -> None:
    page.goto(f"{site}/cases/{story.name}")
    box = page.locator("ol.offered [role=button]").first.bounding_box()
    assert box is not None and page.viewport_size
    assert box["y"] + box["height"] <= page.viewport_size["height"]


def test_no_sum_and_no_day_is_broken(page: Page, site: str, story: Story) -> None:
    page.goto(f"{site}/cases/{story.name}?tab=agreement")
    page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
    broken = page.evaluate(
        "[...document.querySelectorAll('table.things .figure')].filter(it => {"
        " const range = document.createRange(); range.selectNodeContents(it);"
        " return new Set([...range.getClientRects()].map(r => Math.round(r.top / 8))).size > 1; })"
        ".map(it => it.innerText)"
    )
    assert page.locator("table.things .figure").count() > 2
    assert broken == []
