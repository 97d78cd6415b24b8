"""一页办结 as people do it: from the board to the paper in few presses, on a desk and on a telephone."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from mediation_engine.domain.roles import LeadAct, Office
from mediation_engine.ids import seeded_randomness
from mediation_engine.services.substituting import name_substitute

from ..support.browser import objections, served, sign_in
from ..support.story import STAFF, Story

MOST = 12
"""Presses from the board to the paper, the download among them."""


class Counted:
    """A page of which every press is counted: of a native list two, typing and the tabulator are free."""

    def __init__(self, page: Page) -> None:
        self.page, self.presses = page, 0

    def press(self, what: str) -> None:
        self.page.click(what)
        self.presses += 1

    def choose(self, what: str, value: str) -> None:
        self.page.select_option(what, value)
        self.presses += 2


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_board_to_the_paper_in_twelve_presses(
    chromium: Browser, story: Story, tmp_path: Path, width: int, javascript: bool
) -> None:
    days = date(2026, 11, 23), date(2027, 11, 20)
    acts = [LeadAct.ACCEPT_SMALL]
    name_substitute(story.store, seeded_randomness(3), STAFF[Office.LEAD], STAFF[Office.MEDIATOR], *days, acts)
    with served(story, tmp_path / "exhibits") as address:
        page = chromium.new_page(
            viewport={"width": width, "height": 800}, locale="zh-CN", java_script_enabled=javascript
        )
        sign_in(page, address, "li")
        page.goto(f"{address}/work")
        counted = Counted(page)
        if width < 700:
            counted.press("header >> text=菜单")
        counted.press("header nav >> text=一页办结")
        page.fill("[name='a.name']", "李二妹")
        page.fill("[name='a.phone']", "13812345678")
        page.fill("[name='b.name']", "红星烟酒店")
        counted.press("[name='b.kind'][value=enterprise]")
        counted.choose("[name='f.about']", "consumer")
        page.fill("[name='f.matter']", "电饭锅用了三天就坏了，店里不肯退。")
        for name in ("told", "together", "willing", "no_paper"):
            counted.press(f"[name='f.{name}']")
        page.fill("[name='f.agreed']", "店里退货款，电饭锅还给店里")
        page.fill("[name='f.amount']", "299")
        counted.press("[name='f.standing'][value=done]")
        if javascript:
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert objections(page) == []
        counted.press("main form.settle button:has-text('办结')")
        page.wait_for_url(re.compile("/papers/oral"))
        assert "人民调解口头协议登记表" in page.inner_text("main")
        with page.expect_download() as taken:
            counted.press("text=下载 PDF")
        assert taken.value.suggested_filename.endswith(".pdf")
        assert counted.presses <= MOST, counted.presses
        page.close()
