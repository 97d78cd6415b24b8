"""Pages that hold much, in a real browser: 218 claimants, a firm of forty characters, three thousand of statement."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from web.security import passwords as signing
from workflows.parts.visit import PlanVisit

from ..support.crowd import agreed, crowd
from ..support.looks import TABS
from ..support.story import NOW, STAFF, Story
from ..web.conftest import PASSWORD

PHONE, TABLET, DESK = 360, 768, 1280
CASE = "/cases/C1"
FORMS = (
    *(f"{CASE}/steps/ConfirmAgreement?on=confirmation", f"{CASE}/steps/TellRights?on=party"),
    *(f"{CASE}/steps/RecordSession", f"{CASE}/steps/ReachAgreement", f"{CASE}/steps/RecordPayment"),
    f"{CASE}/visits/1",
)
PAGES = (
    *("/work", "/calls", "/cases", "/cases/new", "/workflows", "/workflows/fast_track_2026/agreement?case=C1"),
    *(CASE, *(f"{CASE}?tab={tab}" for tab in TABS), f"{CASE}?show=joint", f"{CASE}?upto=200"),
    *(f"{CASE}/missing", f"{CASE}/replay", f"{CASE}/replay?at=1"),
    *(f"{CASE}/audit", f"{CASE}/reads", f"{CASE}/self-check", "/self-check", *FORMS),
)
WIDER = "document.documentElement.scrollWidth - innerWidth"
SMALL_TARGETS = """[...document.querySelectorAll('button, summary, select, input, nav a, ul.ways a, a.mend')]
  .filter(e => e.type !== 'hidden' && !e.matches('.unseen') && e.checkVisibility())
  .map(e => e.closest('label') || e).filter(e => e.getBoundingClientRect().height < 43.9).map(e => e.outerHTML)"""
SMALL_TEXT = """[...document.querySelectorAll('body *')]
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && !e.closest('svg, code, .unseen'))
  .filter(e => e.checkVisibility() && parseFloat(getComputedStyle(e).fontSize) < 16).map(e => e.outerHTML)"""


@pytest.fixture(scope="module")
def told() -> Story:
    """The case beside another, and a mediator with a password."""
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock).effective()
    with story.store.write() as unit:
        for actor in STAFF.values():
            signing.give_password(unit, actor.id, PASSWORD, once=False)
    many = agreed(crowd(story))
    many.do(PlanVisit(due=clock.now.date()))
    return many


@pytest.fixture
def story(told: Story) -> Story:
    return told


def window(chromium: Browser, site: str, width: int = PHONE, *, scripts: bool = True) -> Page:
    """Somebody who mediates, at a window of some width."""
    context = chromium.new_context(
        viewport={"width": width, "height": 740}, locale="zh-CN", java_script_enabled=scripts
    )
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    page.fill("#name", "li")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{site}/work")
    return page


@pytest.fixture(params=[PHONE, pytest.param(TABLET, marks=pytest.mark.thorough), DESK])
def page(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    made = window(chromium, site, request.param)
    yield made
    made.context.close()


@pytest.fixture
def phone(chromium: Browser, site: str) -> Iterator[Page]:
    made = window(chromium, site)
    yield made
    made.context.close()


def test_nothing_is_wider_than_the_window(page: Page, site: str) -> None:
    for path in PAGES:
        answer = page.goto(site + path)
        assert answer is not None
        assert (path, answer.status, page.evaluate(WIDER)) == (path, 200, 0)
        page.evaluate("for (const e of document.querySelectorAll('main details')) e.open = true")
        assert (path, "unfolded", page.evaluate(WIDER)) == (path, "unfolded", 0)


def test_on_a_phone_letters_and_targets_are_large_enough(phone: Page, site: str) -> None:
    for path in PAGES:
        phone.goto(site + path)
        assert (path, phone.evaluate(SMALL_TARGETS)) == (path, [])
        assert (path, phone.evaluate(SMALL_TEXT)) == (path, [])


def test_the_page_of_a_case_is_read_on_a_phone_without_scrolling_past_218_people(phone: Page, site: str) -> None:
    phone.goto(f"{site}{CASE}?tab=parties")
    assert phone.evaluate("document.documentElement.scrollHeight") < 6 * 740
    named = phone.locator("#party ~ .sides details.many > summary")
    assert named.inner_text() == "共 218 项"
    assert not phone.get_by_role("heading", name="工人77").is_visible()
    named.click()
    assert phone.locator(".sides").get_by_text("工人77", exact=False).first.is_visible()


def test_the_next_step_stands_on_the_first_screens_of_a_phone(phone: Page, site: str) -> None:
    phone.goto(site + CASE)
    first, second = (phone.locator("section.next ol.offered li").nth(n) for n in (0, 1))
    assert first.inner_text().startswith("记录走访"), "it is due today"
    assert second.inner_text().startswith("确认协议 219 项")
    box = second.bounding_box()
    assert box is not None
    assert box["y"] < 2 * 740


def test_many_are_ticked_and_found_without_scripts(chromium: Browser, site: str, told: Story) -> None:
    page = window(chromium, site, scripts=False)
    page.goto(f"{site}{CASE}/steps/TellRemedies?on=party/1")
    assert "共 219 项，已选 1 项" in page.inner_text("main")
    page.click("text=全不选")
    page.fill("[name='find.on']", "工人21")
    page.click("text=只列有这些字的")
    assert page.locator("[name=on][type=checkbox]").count() == 10
    page.click("text=全选")
    page.click(".buttons button:not(.second)")
    assert "已办理“告知其他救济途径”" in page.inner_text("main")
    assert sum(p.remedy_told is not None for p in told.door.case("C1").facts.parties.values()) == 10
    page.context.close()


def test_on_paper_everybody_is_named_and_no_step_is_offered(phone: Page, site: str) -> None:
    phone.goto(f"{site}{CASE}?tab=parties")
    phone.emulate_media(media="print")
    assert phone.locator(".sides").get_by_text("工人77", exact=False).first.is_visible()
    phone.goto(site + CASE)
    assert not phone.locator("section.next").is_visible()
    assert phone.locator("ol.rail li").last.is_visible()
