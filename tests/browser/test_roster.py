"""A roster on a telephone: what is wrong is told by row and column, nothing is taken; mended, it is."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from ..support.browser import objections, served, sign_in
from ..support.sheets import HEAD, workers, xlsx
from ..support.story import Story
from .test_exhibits import chosen


def test_a_roster_with_mistakes_is_told_by_row_and_column_and_taken_when_mended(
    chromium: Browser, story: Story, tmp_path: Path
) -> None:
    before, rows = story.case.version, workers(3)
    bad = [list(row) for row in rows]
    bad[0][1], bad[2][6] = "123", "许多"
    with served(story, tmp_path / "exhibits") as address:
        page = chromium.new_page(viewport={"width": 360, "height": 740}, locale="zh-CN")
        sign_in(page, address, "li")

        def hand_in(name: str, table: list[list[object]]) -> None:
            page.goto(f"{address}/cases/A1/roster")
            page.set_input_files("input[type=file]", chosen(tmp_path, name, xlsx([HEAD, *table])))
            page.click("button[value=look]")

        hand_in("bad.xlsx", bad)
        told = page.inner_text("section.fault")
        assert "有 2 处要改，还没有录入" in told
        assert "第2行“身份证号”：应为18位" in told and "第4行“金额”：“许多”不是金额" in told
        assert page.locator("button[value=take]").count() == 0 and story.case.version == before
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert objections(page) == []
        hand_in("mended.xlsx", rows)
        assert "读到 3 人" in page.inner_text("main") and story.case.version == before
        page.click("button[value=take]")
        page.wait_for_url("**/cases/A1?tab=parties#party")
        assert len(story.case.facts.parties) == 5
        page.close()
