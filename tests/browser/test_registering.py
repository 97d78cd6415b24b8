"""登记, 各人的资料 and the dossier in a real browser: a line shows what belongs to its kind, with no script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from ..support.browser import served
from ..support.files import photo
from ..support.story import Story
from ..support.watching import Watched


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh profile, in which no script runs."""
    context = chromium.new_context(locale="zh-CN", reduced_motion="reduce", java_script_enabled=False)
    yield context
    context.close()


def test_a_line_shows_what_belongs_to_the_kind_that_is_chosen(context: BrowserContext, much: Story) -> None:
    with served(much) as site:
        window = Watched(context, site)
        window.sign_in("li")
        window.open("/cases/new")
        page = window.page
        line = {name: page.locator(f"[name='applicant.0.{name}']") for name in ("number", "credit_code", "count")}
        assert [it.is_visible() for it in line.values()] == [True, False, False]
        page.select_option("[name='applicant.0.kind']", "enterprise")
        assert [it.is_visible() for it in line.values()] == [False, True, False]
        page.select_option("[name='applicant.0.kind']", "group")
        assert [it.is_visible() for it in line.values()] == [False, False, True]
        assert page.locator("[name='respondent.0.representative']").is_visible()


def test_what_is_missing_is_filed_without_a_script(context: BrowserContext, much: Story, tmp_path: Path) -> None:
    with served(much, tmp_path) as site:
        window = Watched(context, site)
        window.sign_in("li")
        window.open("/cases/A1/dossier")
        page = window.page
        before = page.locator(".handing input").count()
        sent = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        for name in ("identity.party/1", "identity.party/2"):
            page.locator(f"[id='files.{name}']").set_input_files([sent])  # type: ignore[list-item]
        page.click(".one-by-one button")
        assert "已收存 2 份" in page.inner_text("main, .note")
        assert page.locator(".handing input").count() == before - 2
