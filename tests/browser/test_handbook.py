"""手册 in a real browser: its pictures show what the pages say today, and come only when they are looked at."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ..support.browser import served, sign_in
from ..support.story import Story

ROOT = Path(__file__).parents[2]
LOADED = "() => [...document.images].map(it => it.complete && it.naturalWidth > 0)"


def test_a_picture_comes_when_it_is_looked_at(chromium: Browser, much: Story) -> None:
    with served(much) as site:
        page = chromium.new_page(viewport={"width": 360, "height": 640}, locale="zh-CN")
        sign_in(page, site, "li")
        asked: list[str] = []
        page.on("request", lambda it: asked.append(it.url))
        page.goto(f"{site}/help/first-day")
        for image in page.locator(".handbook img").all():
            image.scroll_into_view_if_needed()
        page.wait_for_function(f"() => ({LOADED})().every(Boolean)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert [("board-phone" in url, "case-phone" in url) for url in asked if ".webp" in url] == [
            *((True, False), (False, True))
        ]
        page.close()


def test_a_word_leads_from_the_contents_to_its_place(chromium: Browser, much: Story) -> None:
    with served(much) as site:
        page = chromium.new_page(locale="zh-CN")
        sign_in(page, site, "li")
        page.click('footer >> text="使用手册"')
        page.fill("#words", "退汇")
        page.press("#words", "Enter")
        page.click("main .plain a >> nth=0")
        assert page.url.endswith("/help/payment#s2")
        assert page.locator("#s2").is_visible()
        page.close()


@pytest.mark.thorough
@pytest.mark.timeout(1200)
def test_every_picture_shows_what_its_page_says_now() -> None:
    command = [sys.executable, "docs/handbook_pictures.py", "--check"]
    told = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert told.returncode == 0, f"make handbook\n{told.stdout}{told.stderr[-2000:]}"
