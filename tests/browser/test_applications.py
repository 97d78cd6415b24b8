"""申请调解 on a telephone of 360 px, and what becomes of it at the desk: with and without scripts, sent once."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Browser

from mediation_engine.domain.roles import Office
from web.server.connections import MEGABYTE, MOST_BODY
from web.server.wsgi import UNREAD
from workflows.facts import facts_of

from ..support.browser import objections, served, sign_in, until_lost
from ..support.files import photo
from ..support.story import STAFF, Story
from .test_confirming import LOW, SMALL, WIDE, Phone
from .test_exhibits import losing_answers

TICKS = """() => [...document.querySelectorAll("main label.tick")]
  .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 120))"""
SHOTS = os.environ.get("SHOTS", "")


def seen(phone: Phone, name: str) -> None:
    """Look at a page: nothing small, low, wide or objected to; and keep a picture where one is wanted."""
    if phone.script:
        assert objections(phone.page) == []
        assert phone.page.evaluate(SMALL) == []
        assert [it for it in phone.page.evaluate(LOW) if 'type="radio"' not in it and 'type="checkbox"' not in it] == []
        assert phone.page.evaluate(TICKS) == []
        assert not phone.page.evaluate(WIDE)
    if SHOTS:
        phone.page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def looked(page: Any, name: str) -> None:
    """Look at a page of any width: nothing wide or objected to."""
    assert objections(page) == []
    assert not page.evaluate(WIDE), name
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def fill_in(phone: Phone) -> None:
    page = phone.page
    page.fill("#name", "赵某")
    page.fill("#phone", "13812345678")
    page.fill("#respondent", "某电器有限公司")
    page.select_option("select[name='f.about']", "wages")
    page.fill("textarea[name='f.words']", "今年八月起没有发工资，一共三个月，问了几次都说再等等。")
    page.fill("input[name='f.amount_claimed']", "18000")
    page.check("#agreed")


def cases(story: Story) -> list[str]:
    with story.store.read() as unit:
        return [row.case for row in unit.views.case_rows() if row.case != "A1"]


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_somebody_applies_on_a_telephone(chromium: Browser, story: Story, tmp_path: Path, script: bool) -> None:
    with served(story, folder=tmp_path / "exhibits") as address:
        phone = Phone(chromium, address, script=script)
        phone.page.goto(f"{address}/apply")
        seen(phone, "1-apply")
        phone.page.click("main form button")
        assert "请填写" in phone.said and "请看过再打勾" in phone.said
        seen(phone, "2-wrong")
        fill_in(phone)
        picture = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        phone.page.set_input_files("#photo", [picture])  # type: ignore[list-item]
        seen(phone, "3-filled")
        phone.page.click("main form button")
        phone.page.wait_for_url("**/apply/receipt")
        seen(phone, "4-receipt")
        assert "最迟2026年11月26日" in phone.said
        code = phone.page.inner_text(".pin")
        phone.page.click("main a[role=button]")
        phone.page.wait_for_url("**/apply/status")
        seen(phone, "5-status")
        phone.page.click("main form button")
        phone.page.goto(f"{address}/apply/status")
        seen(phone, "6-code")
        phone.page.fill("#code", code.lower())
        phone.page.click("main form button")
        phone.page.wait_for_load_state()
        assert "已收到" in phone.said
        [case] = cases(story)
        assert len(facts_of(story.door.case(case)).files()) == 1
        phone.context.close()


def test_going_back_and_sending_again_makes_no_second_one(chromium: Browser, story: Story, tmp_path: Path) -> None:
    with served(story, folder=tmp_path / "exhibits") as address:
        phone = Phone(chromium, address)
        phone.page.goto(f"{address}/apply")
        id = phone.page.input_value("input[name='id']")
        fill_in(phone)
        phone.page.click("main form button")
        phone.page.wait_for_url("**/apply/receipt")
        first = phone.page.inner_text(".pin")
        phone.page.go_back()
        phone.page.wait_for_load_state()
        if phone.page.input_value("input[name='id']") == id:  # a browser may have kept the form as it was
            fill_in(phone)
            phone.page.click("main form button")
            phone.page.wait_for_url("**/apply/receipt")
            assert phone.page.inner_text(".pin") == first
        assert len(cases(story)) == 1
        phone.context.close()


def test_an_answer_that_is_lost_is_given_when_it_is_sent_again(chromium: Browser, story: Story, tmp_path: Path) -> None:
    broken = Event()
    broken.set()
    with served(story, tmp_path / "exhibits", losing_answers(broken, "/apply")) as address:
        phone = Phone(chromium, address)
        phone.page.goto(f"{address}/apply")
        fill_in(phone)
        phone.page.click("main form button", no_wait_after=True)
        until_lost(phone.page)
        assert len(cases(story)) == 1
        broken.clear()
        phone.page.reload()  # what the browser offers: to send the form again
        phone.page.wait_for_url("**/apply/receipt")
        assert len(cases(story)) == 1 and "不用再交一次" in phone.said
        phone.context.close()


def unread(app: Any) -> Any:
    """An application before which a server stands that takes no long bodies now."""

    def answer(environ: dict[str, Any], start: Any) -> Any:
        is_long = int(environ.get("CONTENT_LENGTH") or 0) > MOST_BODY
        return app(environ | {UNREAD: is_long}, start)

    return answer


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_where_no_photo_can_be_taken_it_is_sent_without(
    chromium: Browser, story: Story, tmp_path: Path, script: bool
) -> None:
    with served(story, tmp_path / "exhibits", unread) as address:
        phone = Phone(chromium, address, script=script)
        phone.page.goto(f"{address}/apply")
        fill_in(phone)
        picture = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo() + bytes(3 * MEGABYTE)}
        phone.page.set_input_files("#photo", [picture])  # type: ignore[list-item]
        phone.page.click("main form button")
        phone.page.get_by_text("照片现在收不了").first.wait_for()
        assert "不选照片再提交" in phone.said
        seen(phone, "7-no-photos")
        phone.page.go_back()
        phone.page.wait_for_load_state()
        phone.page.set_input_files("#photo", [])
        fill_in(phone)
        phone.page.click("main form button")
        phone.page.wait_for_url("**/apply/receipt")
        assert len(cases(story)) == 1
        phone.context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_what_is_said_of_sums_and_full_disks_is_seen(
    chromium: Browser, story: Story, tmp_path: Path, width: int
) -> None:
    (tmp_path / "exhibits").write_text("a file where the folder should be")
    with served(story, folder=tmp_path / "exhibits") as address:
        phone = Phone(chromium, address)
        phone.page.set_viewport_size({"width": width, "height": 900})
        phone.page.goto(f"{address}/apply")
        fill_in(phone)
        phone.page.fill("input[name='f.amount_claimed']", "0")
        phone.page.click("main form button")
        phone.page.wait_for_load_state()
        assert "空着不填" in phone.said
        looked(phone.page, f"8-sum-{width}")
        fill_in(phone)
        picture = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        phone.page.set_input_files("#photo", [picture])  # type: ignore[list-item]
        phone.page.click("main form button")
        phone.page.get_by_text("不选照片再按").wait_for()
        looked(phone.page, f"9-full-{width}")
        phone.page.click("main form button")
        phone.page.wait_for_url("**/apply/receipt")
        phone.context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_desk_sees_it_and_registers_it(chromium: Browser, story: Story, tmp_path: Path, width: int) -> None:
    with served(story, folder=tmp_path / "exhibits") as address:
        phone = Phone(chromium, address)
        phone.page.goto(f"{address}/apply")
        fill_in(phone)
        phone.page.click("main form button")
        phone.page.wait_for_url("**/apply/receipt")
        window: Any = chromium.new_context(viewport={"width": width, "height": 900}, locale="zh-CN").new_page()
        sign_in(window, address, STAFF[Office.MEDIATOR].id)
        [case] = cases(story)
        for name, path in (
            ("work", "/work"),
            ("list", "/applications"),
            ("new", "/applications/new"),
            ("receipt", f"/applications/{case}/receipt"),
            ("poster", "/applications/poster"),
            ("case", f"/cases/{case}"),
            ("register", f"/cases/{case}/steps/RegisterCase"),
        ):
            window.goto(address + path)
            looked(window, f"desk-{width}-{name}")
        window.click("main form button:has-text('登记') >> visible=true >> nth=-1")
        window.wait_for_url(f"**/cases/{case}")
        assert facts_of(story.door.case(case)).registered is not None
        window.context.close()
        phone.context.close()
