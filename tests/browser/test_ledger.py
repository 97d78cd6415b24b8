"""A ledger in a browser: its columns are named on a desk, what is wrong is told on a telephone, mended it is taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ..support import ledgers
from ..support.browser import objections, served, sign_in
from ..support.sheets import xlsx
from ..support.story import Story
from .test_exhibits import chosen


def cases(story: Story) -> int:
    with story.store.read() as unit:
        return len([*unit.record.cases()])


@pytest.mark.parametrize("width", [360, 1280])
def test_a_ledger_is_named_mended_and_taken(chromium: Browser, story: Story, tmp_path: Path, width: int) -> None:
    before, rows = cases(story), ledgers.rows(12)
    head, bad = ["流水", *ledgers.HEAD[1:]], [list(row) for row in rows]
    bad[0][1], bad[11][2] = "二月三十", ""
    with served(story, tmp_path / "exhibits") as address:
        page = chromium.new_page(viewport={"width": width, "height": 740}, locale="zh-CN")
        sign_in(page, address, "wang")

        def hand_in(name: str, table: list[list[object]]) -> None:
            page.goto(f"{address}/ledger")
            page.set_input_files("input[type=file]", chosen(tmp_path, name, xlsx([head, *table])))
            page.click("button[value=look]")

        def is_sound() -> None:
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert objections(page) == []

        hand_in("own.xlsx", bad)
        assert "还没有说哪一列是“编号”" in page.inner_text("main")
        is_sound()
        page.select_option("[name='column.0']", "编号")
        page.click("button[value=columns]")
        assert "有 2 处要改，还没有录入" in page.inner_text("section.fault")
        is_sound()
        assert page.locator("button[value=take]").count() == 0 and cases(story) == before
        hand_in("mended.xlsx", rows)
        page.select_option("[name='column.0']", "编号")
        page.click("button[value=columns]")
        is_sound()
        page.click("button[value=take]")
        page.wait_for_url("**/ledger")
        assert "录入了 12 件新案" in page.inner_text("main") and cases(story) == before + 12
        hand_in("again.xlsx", rows)
        assert "以前录过、没有变化的 12 件，不再录" in page.inner_text("main")
        is_sound()
        page.close()
