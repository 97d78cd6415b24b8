"""Photos into a case from a telephone: several at once, what failed is said and sent again, nothing is filed twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from socket import SHUT_RDWR
from threading import Event
from typing import Any

from playwright.sync_api import Browser, Page, expect

from ..support.browser import objections, served, sign_in
from ..support.files import photo
from ..support.story import Story

SECTION = "section:has(> #exhibit)"


def losing_answers(broken: Event, to: str) -> Callable[[Any], Any]:
    """Does its work on what is sent to an address and is gone before it answers, however often a browser tries again
    by itself."""

    def around(app: Any) -> Any:
        def answer(environ: dict[str, Any], start: Any) -> Any:
            answered = app(environ, start)
            if broken.is_set() and environ["REQUEST_METHOD"] == "POST" and to in environ["PATH_INFO"]:
                environ["werkzeug.socket"].shutdown(SHUT_RDWR)
                raise ConnectionResetError
            return answered

        return answer

    return around


def opened(chromium: Browser, address: str, **given: object) -> Page:
    page = chromium.new_page(viewport={"width": 360, "height": 740}, locale="zh-CN", **given)  # type: ignore[arg-type]
    sign_in(page, address, "li")
    page.goto(f"{address}/cases/A1?tab=papers")
    page.click(f"{SECTION} a[role=button]")
    return page


def until_filed(page: Page) -> None:
    """Until the page with the exhibits is there again, and says so."""
    expect(page.locator("main > .report")).to_contain_text("已办理“收存材料”")
    assert page.url.endswith("/cases/A1?tab=papers#exhibit")


def chosen(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


def test_an_identity_card_and_a_receipt_are_photographed_into_a_case(
    chromium: Browser, story: Story, tmp_path: Path
) -> None:
    with served(story, tmp_path / "exhibits") as address:
        page = opened(chromium, address)
        page.select_option("[name='f.kind']", "identity")
        page.select_option("[name='f.party']", "party/1")
        page.fill("[name='f.title']", "身份证正面")
        page.set_input_files("#files-camera", chosen(tmp_path, "card.jpg", photo("ID CARD", (1200, 800))))
        with page.expect_file_chooser() as choosing:
            page.click("#files-chosen")
        receipt = chosen(tmp_path, "receipt.png", photo("RECEIPT", (800, 1200), "PNG"))
        choosing.value.set_files([receipt, chosen(tmp_path, "bad.jpg", b"MZ" + bytes(100))])
        assert objections(page) == []
        page.click("button[value=do]")
        page.wait_for_selector(".sending .failed")
        assert "这是程序，不收" in page.inner_text(".sending .failed")
        page.click(".sending .failed button")
        page.dblclick("button[value=do]")
        until_filed(page)
        assert page.locator(f"{SECTION} .card").count() == 2
        first = page.locator(f"{SECTION} img").first
        first.scroll_into_view_if_needed()
        page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=first.element_handle())
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        with page.expect_download() as taken:
            page.locator(f"{SECTION} a", has_text="下载原件").first.click()
        assert Path(taken.value.path()).read_bytes() == (tmp_path / "card.jpg").read_bytes()
        page.close()
    assert len(story.case.of("exhibit")) == 2


def test_without_a_script_one_is_sent_at_a_time(chromium: Browser, story: Story, tmp_path: Path) -> None:
    with served(story, tmp_path / "exhibits") as address:
        page = opened(chromium, address, java_script_enabled=False)
        page.select_option("[name='f.kind']", "receipt")
        page.set_input_files("#files-chosen", chosen(tmp_path, "receipt.jpg", photo("RECEIPT")))
        page.click("button[value=do]")
        page.wait_for_url("**/cases/A1")
        page.goto(f"{address}/cases/A1?tab=papers")
        assert "付款凭证" in page.inner_text(SECTION)
        page.close()


def test_what_has_been_filed_one_by_one_is_no_draft_any_more(chromium: Browser, story: Story, tmp_path: Path) -> None:
    with served(story, tmp_path / "exhibits") as address:
        page = opened(chromium, address)
        page.select_option("[name='f.kind']", "receipt")
        with page.expect_response(lambda answer: answer.status == 204):
            page.evaluate("dispatchEvent(new Event('pagehide'))")
        page.set_input_files("#files-chosen", chosen(tmp_path, "receipt.jpg", photo("RECEIPT")))
        page.click("button[value=do]")
        until_filed(page)
        page.goto(f"{address}/drafts")
        assert "收存材料" not in page.inner_text("main")
        page.close()


def test_when_the_network_breaks_it_is_sent_again_and_filed_once(
    chromium: Browser, story: Story, tmp_path: Path
) -> None:
    broken = Event()
    broken.set()
    with served(story, tmp_path / "exhibits", losing_answers(broken, "FileExhibit")) as address:
        page = opened(chromium, address)
        page.select_option("[name='f.kind']", "evidence")
        page.set_input_files("#files-chosen", chosen(tmp_path, "a.jpg", photo()))
        page.click("button[value=do]")
        page.wait_for_selector(".sending .failed")
        assert "网络断了" in page.inner_text(".sending .failed")
        assert story.case.of("exhibit") == ("exhibit/1",)
        broken.clear()
        page.click("button[value=do]")
        until_filed(page)
        page.close()
    assert story.case.of("exhibit") == ("exhibit/1",)
