"""案卷 in a real browser: many papers filed in one press, each seen with its place before; nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page

from workflows.facts import facts_of
from workflows.vocabulary import DossierPlace

from ..support.browser import objections, served, sign_in
from ..support.files import pdf, photo
from ..support.story import Story
from ..support.watching import Watched
from .test_exhibits import losing_answers

PAGE = "/cases/A1/dossier"
SCREENS = {(1280, 800): 2.5, (360, 640): 6.0}
"""How high the page may be, in screens, with eleven papers chosen."""


def paper(name: str, content: bytes = b"") -> FilePayload:
    return {"name": name, "mimeType": "application/pdf" if name.endswith("pdf") else "image/jpeg", "buffer": content}


def photos(*names: str) -> list[FilePayload]:
    return [paper(name, photo(name)) for name in names]


def goes(page: Page) -> list[str]:
    """Where each paper goes, as the page says."""
    said: list[str] = page.locator(".sheet select").evaluate_all("all => all.map(it => it.selectedOptions[0].text)")
    return said


def places(story: Story) -> list[DossierPlace | None]:
    return [it.place for it in facts_of(story.case).exhibits.values()]


@pytest.fixture
def window(chromium: Browser, much: Story, tmp_path: Path) -> Iterator[Watched]:
    with served(much, tmp_path / "exhibits") as site:
        context = chromium.new_context(locale="zh-CN", reduced_motion="reduce")
        window = Watched(context, site)
        window.sign_in("li")
        window.open(PAGE)
        yield window
        context.close()


def test_eleven_papers_are_filed_by_one_press_and_the_page_says_so(window: Watched, much: Story) -> None:
    page, begun = window.page, len(facts_of(much.case).exhibits)
    before = page.evaluate("performance.timeOrigin")
    page.set_input_files("#many", photos(*(f"证据{n}.jpg" for n in range(11))))
    page.click("text=收存 11 份")
    page.wait_for_selector("main .note:has-text('已收存 11 份')")
    assert page.evaluate("performance.timeOrigin") == before, "no page more"
    assert len(facts_of(much.case).exhibits) == begun + 11
    assert page.locator(".sheets > .sheet").count() == 0 and page.locator("#many").is_visible()
    window.hold()


def test_the_name_of_a_file_says_where_it_goes_else_what_is_missing_comes_in_order(window: Watched) -> None:
    page = window.page
    missing = page.locator("#sheet").evaluate(
        "it => [...it.content.querySelectorAll('[data-missing]')].map(o => o.text)"
    )
    page.set_input_files("#many", photos("IMG_0001.jpg", "付款回单.jpg", "IMG_0002.jpg", "送达回证.jpg"))
    first, receipt, second, served_ = goes(page)
    assert [first, second] == missing[:2]
    assert receipt.startswith("9 ") and served_.startswith("12 ")
    assert page.locator(".coming:visible").count() == 4
    assert page.inner_text("li[data-place=receipt] .coming") == "将放 1 份"


def test_what_has_no_place_is_not_sent_until_it_has_one(window: Watched, much: Story) -> None:
    page, begun = window.page, len(places(much))
    page.set_input_files("#many", photos(*(f"IMG_{n}.jpg" for n in range(40))))
    assert "没有选放在哪一处" in page.inner_text("#filing")
    page.click("#file-all")
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
    while page.locator(".nowhere .drop").count():
        page.locator(".nowhere .drop").first.click()
    left = page.locator(".sheets > .sheet").count()
    page.click("#file-all")
    page.wait_for_selector(f"main .note:has-text('已收存 {left} 份')")
    assert len(places(much)) == begun + left


def test_one_file_of_a_feeder_goes_to_the_place_of_each_paper_in_it(window: Watched, much: Story) -> None:
    page, begun = window.page, len(places(much))
    page.set_input_files("#many", [paper("调查记录.pdf", pdf())])
    page.click(".sheet summary")
    page.click(".sheet .more")
    page.locator(".sheet select").nth(1).select_option("notes")
    page.fill(".sheet input", "一次扫的")
    window.hold()
    page.click("text=收存 2 份")
    page.wait_for_selector("main .note:has-text('已收存 2 份')")
    assert places(much)[begun:] == [DossierPlace.INQUIRY, DossierPlace.NOTES]


def test_one_that_is_refused_says_why_in_its_line_and_the_rest_is_filed_once(window: Watched, much: Story) -> None:
    page, begun = window.page, len(places(much))
    page.set_input_files("#many", [*photos("证据.jpg"), paper("调查.jpg", b"MZ" + bytes(99))])
    page.click("#file-all")
    page.wait_for_selector(".sheet.failed")
    assert "这是程序，不收" in page.inner_text(".sheet.failed .said")
    assert objections(page) == []
    page.click(".sheet.failed .drop")
    page.set_input_files("#many", photos("走访.jpg"))
    page.dblclick("#file-all")
    page.wait_for_selector("main .note:has-text('已收存 2 份')")
    assert places(much)[begun:] == [DossierPlace.EVIDENCE, DossierPlace.VISIT]


def test_files_may_be_dropped_on_the_page(window: Watched) -> None:
    page = window.page
    dropped = page.evaluate_handle(
        "() => { const it = new DataTransfer(); it.items.add(new File(['a'], '欠条.pdf')); return it; }"
    )
    page.dispatch_event("#at-once", "drop", {"dataTransfer": dropped})
    assert goes(page) == ["6 证据材料"]


def test_the_page_stays_short_and_sound_with_eleven_papers_chosen(window: Watched) -> None:
    page = window.page
    page.set_input_files("#many", photos(*(f"证据{n}.jpg" for n in range(11))))
    page.wait_for_selector(".sheet:last-child canvas", state="attached")
    for (width, height), most in SCREENS.items():
        page.set_viewport_size({"width": width, "height": height})
        screens = page.evaluate("document.documentElement.scrollHeight") / height
        assert screens <= most, (width, screens)
    window.hold_everywhere()


def test_when_the_network_breaks_it_is_sent_again_and_filed_once(
    chromium: Browser, much: Story, tmp_path: Path
) -> None:
    broken, begun = Event(), len(places(much))
    around: Any = losing_answers(broken, "dossier")
    with served(much, tmp_path / "exhibits", around) as address:
        page = chromium.new_page(locale="zh-CN")
        sign_in(page, address, "li")
        page.goto(address + PAGE)
        page.set_input_files("#many", photos("证据.jpg", "走访.jpg"))
        broken.set()
        page.click("#file-all")
        page.wait_for_selector(".sheet.failed >> nth=1")
        assert "网络断了" in page.inner_text(".sheet.failed >> nth=0")
        broken.clear()
        page.click("#file-all")
        page.wait_for_selector("main .note:has-text('已收存 2 份')")
        page.close()
    assert places(much)[begun:] == [DossierPlace.EVIDENCE, DossierPlace.VISIT]


def test_who_was_signed_out_meanwhile_signs_in_elsewhere_and_presses_again(window: Watched, much: Story) -> None:
    page, begun = window.page, len(places(much))
    page.set_input_files("#many", photos("证据.jpg", "走访.jpg"))
    window.page.context.clear_cookies()
    page.click("#file-all")
    page.wait_for_selector(".sheets > .failed >> nth=1")
    assert "登录已经结束" in page.inner_text(".sheets > .failed >> nth=0")
    page.click("#file-all")
    page.wait_for_selector("#filing:has-text('没有收')")
    other = page.context.new_page()
    sign_in(other, window.site, "li")
    other.close()
    page.click("#file-all")
    page.wait_for_selector("main .note:has-text('已收存 2 份')")
    assert places(much)[begun:] == [DossierPlace.EVIDENCE, DossierPlace.VISIT]
