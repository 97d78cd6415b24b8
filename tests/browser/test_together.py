"""一起办: what is asked of a companion is seen once it is ticked, with scripts and without; several are one press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock

from ..support.browser import objections, sign_in
from ..support.story import NOW, Story
from .conftest import with_passwords

PHONE, DESK = {"width": 360, "height": 640}, {"width": 1280, "height": 800}
TALK, PLACE = "/cases/A1/steps/RecordTalk", "[name='together.ScheduleSession.f.place']"
MANAGER = "[name='together.EnterCapacity.f.person.new']"
WIDER = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def story() -> Story:
    """A case that was accepted."""
    clock = FixedClock(NOW)
    return with_passwords(Story(MemoryStore(clock), clock).accepted())


@pytest.fixture(params=["with scripts", "without scripts"])
def li(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    is_plain = request.param == "without scripts"
    context = chromium.new_context(viewport=DESK, locale="zh-CN", java_script_enabled=not is_plain)  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, site, "li")
    yield page
    context.close()


def tick(page: Page, *codes: str) -> None:
    for code in codes:
        page.check(f"[name='together'][value='{code}']")


def test_what_is_ticked_is_asked_and_given_at_one_press(li: Page, site: str, story: Story) -> None:
    li.goto(site + TALK)
    assert not li.is_visible(MANAGER)
    tick(li, "EnterCapacity", "TellRights", "ScheduleSession")
    assert li.is_visible(MANAGER)
    li.select_option("[name='f.party']", "party/2")
    li.fill("[name='f.said']", "分两期付")
    li.fill(MANAGER, "施某")
    li.select_option("[name='together.EnterCapacity.f.paper']", "mandate")
    li.check("[name='together.EnterCapacity.f.settle']")
    li.fill("[name='together.ScheduleSession.f.planned']", "11月25日")
    li.fill(PLACE, "调解室")
    li.click(".buttons button[value=do]")
    assert li.url.endswith("/cases/A1")
    assert [it.command for it in story.lines[-4:]] == ["RecordTalk", "TellRights", "EnterCapacity", "ScheduleSession"]


def test_what_is_let_go_again_is_hidden_and_asked_about_where_it_was_filled_in(li: Page, site: str) -> None:
    li.goto(site + TALK)
    tick(li, "EnterCapacity")
    li.fill(MANAGER, "施某")
    li.uncheck("[name='together'][value='EnterCapacity']")
    assert not li.is_visible(MANAGER)
    li.click(".buttons button[value=do]")
    assert "这里填了内容，但没有打勾" in li.inner_text("[role=alert]")
    assert li.is_visible(MANAGER)
    assert li.input_value(MANAGER) == "施某"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_is_wider_than_the_screen_and_nothing_is_objected_to(
    chromium: Browser, site: str, size: dict[str, int]
) -> None:
    context = chromium.new_context(viewport=size, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, site, "li")
    for path in (TALK, "/cases/A1/steps/ReachAgreement", "/cases/A1/steps/RaiseRisk", "/cases/new"):
        page.goto(site + path)
        for box in page.locator("[name='together']").all():
            box.check()
        assert page.evaluate(WIDER) <= 0, path
        assert objections(page) == [], path
        page.goto(site + path)
        assert objections(page) == [], f"{path}, unticked"
    page.goto(site + TALK)
    tick(page, "EnterCapacity", "ScheduleSession")
    page.click(".buttons button[value=do]")
    assert "请改好下面几处" in page.inner_text("[role=alert]")
    assert objections(page) == []
    context.close()


def test_a_form_over_the_page_has_them_too(chromium: Browser, site: str, story: Story) -> None:
    context = chromium.new_context(viewport=DESK, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, site, "li")
    page.goto(f"{site}/cases/A1/steps?q=谈话")
    page.locator("main a[href*='/steps/RecordTalk']").first.click()
    page.wait_for_selector("dialog[open] [name='together']")
    assert not page.is_visible(MANAGER)
    tick(page, "TellRights", "EnterCapacity")
    page.select_option("dialog [name='f.party']", "party/2")
    page.click("dialog .buttons button[value=do]")
    page.wait_for_selector("dialog [role=alert] >> text=登记代理与代表：代理人或代表")
    page.fill(MANAGER, "施某")
    page.select_option("dialog [name='together.EnterCapacity.f.paper']", "mandate")
    page.check("dialog [name='together.EnterCapacity.f.settle']")
    with page.expect_navigation():
        page.click("dialog .buttons button[value=do]")
    context.close()
    assert story.case.facts.capacities["capacity/1"].principals == ("party/2",)
