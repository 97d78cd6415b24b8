"""要办别的: the steps that may be meant are shown while one types, within the page; without a script, on theirs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock

from ..support.browser import sign_in
from ..support.story import NOW, Story
from .conftest import with_passwords


@pytest.fixture
def story() -> Story:
    """A case that was accepted."""
    clock = FixedClock(NOW)
    return with_passwords(Story(MemoryStore(clock), clock).accepted())


def test_a_step_is_found_while_its_name_is_typed_and_opens_over_the_page(chromium: Browser, site: str) -> None:
    with chromium.new_context(locale="zh-CN") as context:
        page = context.new_page()
        sign_in(page, site, "li")
        page.goto(f"{site}/cases/A1")
        page.locator("#find-step").press_sequentially("登记代理")
        found = page.locator(".found a", has_text="登记代理与代表")
        found.first.wait_for()
        assert page.url.endswith("/cases/A1")
        found.first.click()
        page.locator("dialog[open] h1", has_text="登记代理与代表").wait_for()


def test_what_nothing_is_called_is_said_and_what_is_taken_back_is_gone(chromium: Browser, site: str) -> None:
    with chromium.new_context(locale="zh-CN") as context:
        page = context.new_page()
        sign_in(page, site, "li")
        page.goto(f"{site}/cases/A1")
        page.fill("#find-step", "没有的事")
        page.locator(".found", has_text="没有这样叫的步骤").wait_for()
        page.fill("#find-step", "")
        assert page.locator(".found").count() == 0


def test_without_a_script_the_page_that_lists_them_is_asked_for(chromium: Browser, site: str) -> None:
    with chromium.new_context(locale="zh-CN", java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, site, "li")
        page.goto(f"{site}/cases/A1")
        page.fill("#find-step", "代理")
        page.press("#find-step", "Enter")
        page.locator("section.pick").first.wait_for()
        assert page.url.partition("?")[0].endswith("/cases/A1/steps")
