"""The sheet of a visit on a telephone: an open one outlives a lost connection and is sent once."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from mediation_engine.domain.fields import Text
from workflows.parts.visit import MoveVisit, PlanVisit

from ..support.browser import objections, served, sign_in
from ..support.files import photo
from ..support.story import NOW, Story
from .test_exhibits import chosen, losing_answers

SHEET = "/cases/A1/visits/4"
WAITS = "待发送：没有网络，回来后会自动发送"


@pytest.fixture
def planned(story: Story) -> Story:
    story.do(PlanVisit(due=NOW.date(), party="party/1", place=Text("三号宿舍楼下")))
    return story


def opened(chromium: Browser, address: str, **given: object) -> tuple[BrowserContext, Page]:
    """The sheet on a telephone, by somebody who is signed in."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN", **given)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(20_000)
    sign_in(page, address, "li")
    page.goto(address + SHEET)
    return context, page


def fill(page: Page, said: str = "已收到三千元") -> None:
    page.check("[name='f.finding'][value=performing]")
    page.check("[name='f.satisfied'][value=satisfied]")
    page.fill("[name='f.said']", said)
    page.fill("[name='next.due']", "2026-12-20")


def made(story: Story) -> list[str]:
    """What was recorded of the visit, after what was there before."""
    events = [line.event for line in story.lines]
    return events[events.index("VisitPlanned") + 1 :]


def test_what_was_filled_in_without_a_connection_is_sent_once_it_is_back(
    chromium: Browser, planned: Story, tmp_path: Path
) -> None:
    with served(planned, tmp_path / "exhibits") as address:
        context, page = opened(chromium, address)
        assert objections(page) == []
        context.set_offline(True)
        fill(page)
        page.set_input_files("#photos-chosen", chosen(tmp_path, "door.jpg", photo()))
        page.dblclick("button[value=do]")
        expect(page.locator("#sending")).to_contain_text(WAITS)
        assert objections(page) == []
        assert made(planned) == []
        context.set_offline(False)
        page.wait_for_url("**/cases/A1")
        assert "已办理“记录走访”" in page.inner_text("main")
        context.close()
    assert made(planned) == ["ExhibitFiled", "VisitMade", "VisitPlanned"]


def test_where_only_the_answer_was_lost_it_is_done_once(chromium: Browser, planned: Story, tmp_path: Path) -> None:
    broken = Event()
    broken.set()
    with served(planned, tmp_path / "exhibits", losing_answers(broken, "/visits/")) as address:
        context, page = opened(chromium, address)
        fill(page)
        page.set_input_files("#photos-chosen", chosen(tmp_path, "door.jpg", photo()))
        page.click("button[value=do]")
        expect(page.locator("#sending")).to_contain_text(WAITS)
        assert made(planned) == ["ExhibitFiled"]
        broken.clear()
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_url("**/cases/A1")
        context.close()
    assert made(planned) == ["ExhibitFiled", "VisitMade", "VisitPlanned"]


def test_the_visit_itself_is_recorded_once_where_its_answer_was_lost(
    chromium: Browser, planned: Story, tmp_path: Path
) -> None:
    broken = Event()
    broken.set()
    with served(planned, tmp_path / "exhibits", losing_answers(broken, "/visits/")) as address:
        context, page = opened(chromium, address)
        page.click("button[value=nobody]")
        expect(page.locator("#sending")).to_contain_text(WAITS)
        for _ in range(2):
            page.evaluate("dispatchEvent(new Event('online'))")
            expect(page.locator("#sending")).to_contain_text(WAITS)
        broken.clear()
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_url("**/cases/A1")
        assert "这是第1次" in page.inner_text("main")
        context.close()
    assert made(planned) == ["NobodyReached"]


def test_a_sheet_that_waits_can_be_taken_back_and_changed(chromium: Browser, planned: Story, tmp_path: Path) -> None:
    with served(planned, tmp_path / "exhibits") as address:
        context, page = opened(chromium, address)
        context.set_offline(True)
        fill(page, "写错了")
        page.click("button[value=do]")
        page.click("#sending button")
        page.fill("[name='f.said']", "改好了")
        context.set_offline(False)
        page.click("button[value=do]")
        page.wait_for_url("**/cases/A1")
        assert "改好了" in page.inner_text("main")
        context.close()
    assert made(planned) == ["VisitMade", "VisitPlanned"]


def test_what_is_wrong_is_shown_with_all_that_was_filled_in(chromium: Browser, planned: Story, tmp_path: Path) -> None:
    with served(planned, tmp_path / "exhibits") as address:
        context, page = opened(chromium, address)
        page.fill("[name='f.said']", "没有选情况")
        page.click("button[value=do]")
        expect(page.locator("main [role=alert]")).to_contain_text("没有办理，填写的内容都在")
        assert page.input_value("[name='f.said']") == "没有选情况"
        page.check("[name='f.finding'][value=stable]")
        page.click("button[value=do]")
        page.wait_for_url("**/cases/A1")
        context.close()
    assert made(planned) == ["VisitMade"]


def test_what_others_did_meanwhile_is_shown_before_it_is_sent(
    chromium: Browser, planned: Story, tmp_path: Path
) -> None:
    with served(planned, tmp_path / "exhibits") as address:
        context, page = opened(chromium, address)
        context.set_offline(True)
        fill(page)
        page.click("button[value=do]")
        planned.do(MoveVisit(due=NOW.date()), "visit/4")
        context.set_offline(False)
        expect(page.locator(".moved")).to_contain_text("走访已改期或换人")
        page.click("button[value=do]")
        page.wait_for_url("**/cases/A1")
        context.close()
    assert made(planned) == ["VisitMoved", "VisitMade", "VisitPlanned"]


def test_where_the_sign_in_has_ended_the_sheet_waits_until_its_owner_is_in_again(
    chromium: Browser, planned: Story, tmp_path: Path
) -> None:
    with served(planned, tmp_path / "exhibits") as address:
        context, page = opened(chromium, address)
        fill(page)
        page.set_input_files("#photos-chosen", chosen(tmp_path, "door.jpg", photo()))
        context.clear_cookies()
        page.click("button[value=do]")
        expect(page.locator("#sending")).to_contain_text("登录已结束")
        assert made(planned) == []
        for who, done in (("wang", False), ("li", True)):
            context.clear_cookies()
            other = context.new_page()
            sign_in(other, address, who)
            other.close()
            page.bring_to_front()
            page.evaluate("dispatchEvent(new Event('focus'))")
            if done:
                page.wait_for_url("**/cases/A1")
            else:
                expect(page.locator("#sending")).to_contain_text("现在登录的是别人")
        context.close()
    assert made(planned) == ["ExhibitFiled", "VisitMade", "VisitPlanned"]


def test_nothing_of_it_lies_in_the_browser(chromium: Browser, planned: Story, tmp_path: Path) -> None:
    with served(planned, tmp_path / "exhibits") as address:
        context, page = opened(chromium, address)
        context.set_offline(True)
        fill(page)
        page.click("button[value=do]")
        expect(page.locator("#sending")).to_contain_text(WAITS)
        kept = page.evaluate(
            "(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length])()"
        )
        assert kept == [0, 0, 0]
        context.close()
    assert made(planned) == []


def test_without_a_script_it_is_an_ordinary_form(chromium: Browser, planned: Story, tmp_path: Path) -> None:
    with served(planned, tmp_path / "exhibits") as address:
        context, page = opened(chromium, address, java_script_enabled=False)
        fill(page)
        page.set_input_files("#photos-chosen", [chosen(tmp_path, f"{n}.jpg", photo(str(n))) for n in (1, 2)])
        page.click("button[value=do]")
        page.wait_for_url("**/cases/A1")
        context.close()
    assert made(planned) == ["ExhibitFiled", "ExhibitFiled", "VisitMade", "VisitPlanned"]


def test_a_grid_worker_records_a_visit_by_a_link_without_a_connection_for_a_while(
    chromium: Browser, planned: Story, tmp_path: Path
) -> None:
    with served(planned, tmp_path / "exhibits") as address:
        context, page = opened(chromium, address)
        page.click("text=发走访链接")
        page.fill("[name='f.person.new']", "吴网格")
        page.fill("[name='phone']", "13900000000")
        assert objections(page) == []
        page.click("text=委托他去，发链接")
        assert objections(page) == []
        link, pin = page.inner_text(".issued code"), page.inner_text(".issued .pin")
        context.close()
        context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(link)
        assert objections(page) == []
        page.fill("[name='pin']", "12")
        page.click("main button")
        assert "请联系承办人：喜哥调解室" in page.inner_text("[role=alert]")
        page.fill("[name='pin']", pin)
        page.click("main button")
        page.wait_for_url("**/visit-link")
        assert objections(page) == []
        page.check("[name='f.finding'][value=stable]")
        page.fill("[name='f.said']", "人在")
        context.set_offline(True)
        page.click("button[value=do]")
        expect(page.locator("#sending")).to_contain_text(WAITS)
        context.set_offline(False)
        page.wait_for_url("**/links/done/visit")
        assert "已经交到喜哥调解室" in page.inner_text("main")
        context.close()
    assert made(planned) == ["VisitEntrusted", "VisitMade"]


def test_where_the_time_by_a_link_is_over_the_pin_is_asked_again_and_nothing_lost(
    chromium: Browser, planned: Story, tmp_path: Path
) -> None:
    with served(planned, tmp_path / "exhibits") as address:
        context, page = opened(chromium, address)
        page.click("text=发走访链接")
        page.fill("[name='f.person.new']", "吴网格")
        page.fill("[name='phone']", "13900000000")
        page.click("text=委托他去，发链接")
        link, pin = page.inner_text(".issued code"), page.inner_text(".issued .pin")
        context.clear_cookies()
        come_in(page, link, pin)
        page.check("[name='f.finding'][value=stable]")
        context.clear_cookies()
        page.click("button[value=do]")
        expect(page.locator("#sending")).to_contain_text("口令要再输一次")
        other = context.new_page()
        come_in(other, link, pin)
        other.close()
        page.bring_to_front()
        page.evaluate("dispatchEvent(new Event('focus'))")
        page.wait_for_url("**/links/done/visit")
        context.close()
    assert made(planned) == ["VisitEntrusted", "VisitMade"]


def come_in(page: Page, link: str, pin: str) -> None:
    page.goto(link)
    page.fill("[name='pin']", pin)
    page.click("main button")
    page.wait_for_url("**/visit-link")
