"""随手记 on a telephone: one screen, three presses; filed with its photo; nothing breaks the policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from workflows.facts import facts_of

from ..support.browser import objections, served, sign_in
from ..support.files import photo
from ..support.story import Story
from .test_exhibits import chosen


@pytest.mark.parametrize("javascript", [True, False])
def test_a_sentence_and_a_photo_are_kept_from_one_screen_and_filed_later(
    chromium: Browser, story: Story, tmp_path: Path, javascript: bool
) -> None:
    with served(story, tmp_path / "exhibits") as address:
        page = chromium.new_page(viewport={"width": 360, "height": 640}, locale="zh-CN", java_script_enabled=javascript)
        sign_in(page, address, "li")
        button = page.locator("main form.jot button[value=do]")
        for begun in ("/cases/A1", "/work"):
            page.goto(f"{address}{begun}")
            page.click("header >> text=随手记")
            box = button.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= 640, begun
            assert page.input_value("#case") == ("A1" if begun == "/cases/A1" else "")
        page.fill("#words", "厂门口碰到王某，他说月底肯定付")
        page.set_input_files("#files-camera", chosen(tmp_path, "a.jpg", photo()))
        button.click()
        page.wait_for_url("**/notes")
        for click in ("main article a[role=button]", "text=选这件", "main ul.todo a.do >> nth=0"):
            if javascript:
                assert page.evaluate("document.documentElement.scrollWidth") <= 360
                assert objections(page) == []
            page.click(click)
            if click == "text=选这件" and javascript:
                assert page.locator("#as-what").evaluate("it => it.getBoundingClientRect().top < innerHeight / 2")
        assert page.input_value("[name='f.party']") == "party/1", "the words name nobody else"
        assert "厂门口碰到王某" in page.input_value("[name='f.said']")
        page.select_option("[name='f.party']", "party/1")
        page.click("form#step button[value=do]")
        page.wait_for_url("**/cases/A1")
        assert len(facts_of(story.case).exhibits) == 1
        page.goto(f"{address}/notes")
        assert "都归好了" in page.inner_text("main")
        page.close()


OUTSIDE = """[...document.querySelectorAll('details.who .menu :is(a, button, p)')].filter(it => {
  const box = it.getBoundingClientRect();
  return !it.checkVisibility() || !box.width || box.left < 0 || box.right > innerWidth;
}).map(it => it.outerHTML)"""


@pytest.mark.parametrize("width", [320, 360, 390, 768])
def test_the_menu_of_the_person_is_in_the_window_however_many_notes_wait(
    chromium: Browser, story: Story, tmp_path: Path, width: int
) -> None:
    with served(story, tmp_path / "exhibits") as address:
        page = chromium.new_page(viewport={"width": width, "height": 740}, locale="zh-CN", java_script_enabled=False)
        sign_in(page, address, "li")
        page.goto(f"{address}/notes/new")
        page.fill("#words", "厂门口碰到王某")
        page.click("main form.jot button[value=do]")
        page.wait_for_url("**/notes")
        assert page.locator("header .jot .count").inner_text() == "1"
        name = page.locator("details.who > summary")
        name.click()
        assert page.evaluate(OUTSIDE) == []
        menu, above = page.locator("details.who .menu").bounding_box(), name.bounding_box()
        assert menu is not None and above is not None
        assert 0 <= menu["y"] - above["y"] - above["height"] < 8, "it hangs from the name"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()
