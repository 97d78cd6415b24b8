"""What is typed outlives the browser: kept on the server a few seconds later, filled in on another device."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from mediation_engine.adapters.sql import SqlStore
from mediation_engine.clock import FixedClock
from mediation_engine.ports.drafts import Draft

from ..support.browser import objections, served, sign_in
from ..support.story import NOW, Story
from ..support.watching import Watched
from .conftest import with_passwords

NOTE = "/cases/A1/steps/RecordNote"
KEPT = "草稿已存"
WORDS = "[name='f.words']"


@contextmanager
def device(
    chromium: Browser, address: str, path: str = NOTE, width: int = 1280
) -> Iterator[tuple[BrowserContext, Page]]:
    """A device on which somebody has signed in and opened a form; its time stands until it is told to go on."""
    context = chromium.new_context(viewport={"width": width, "height": 740}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.clock.install(time=NOW)
    sign_in(page, address, "li")
    page.goto(address + path)
    yield context, page
    context.close()


def kept(story: Story) -> list[Draft]:
    with story.store.read() as unit:
        return [it for it in unit.drafts.of("li") if not it.given]


def go_on(page: Page) -> None:
    """Until what was typed is sent, and the answer is there."""
    page.clock.run_for(3_000)
    expect(page.locator(".drafting")).to_contain_text(KEPT)


def test_with_the_browser_killed_it_is_filled_in_on_another_device(
    chromium: Browser, database_store: SqlStore, clock: FixedClock
) -> None:
    story = with_passwords(Story(database_store, clock).effective())
    with served(story) as address:
        with device(chromium, address) as (context, page):
            page.fill(WORDS, "写到一半，停电了")
            assert kept(story) == []
            go_on(page)
            context.close()
        with device(chromium, address, width=360) as (_, phone):
            expect(phone.locator(WORDS)).to_have_value("写到一半，停电了")
            expect(phone.locator("main")).to_contain_text("存的草稿，还没有办理")
            assert objections(phone) == []
    assert len(kept(story)) == 1


def test_what_waits_is_sent_when_the_page_goes_away(chromium: Browser, story: Story) -> None:
    answered = Event()

    def noticing(app: Any) -> Any:
        def answer(environ: dict[str, Any], start: Any) -> Any:
            answer = app(environ, start)
            if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) == ("POST", NOTE):
                answered.set()
            return answer

        return answer

    with served(story, around=noticing) as address, device(chromium, address) as (_, page):
        page.fill(WORDS, "还没到三秒")
        page.goto(f"{address}/drafts")
        assert answered.wait(20)
        page.goto(address + NOTE)
        expect(page.locator(WORDS)).to_have_value("还没到三秒")


def test_where_the_sign_in_ended_while_typing_nothing_is_lost(chromium: Browser, story: Story) -> None:
    with served(story) as address, device(chromium, address) as (context, page):
        page.fill(WORDS, "打到一半去开会")
        story.clock.now += timedelta(minutes=31)
        page.clock.run_for(3_000)
        expect(page.locator(".drafting")).to_contain_text("登录已经结束，填的内容已存成草稿")
        assert len(kept(story)) == 1
        other = context.new_page()
        sign_in(other, address, "li")
        page.fill(WORDS, "打到一半去开会，回来接着写")
        go_on(page)
        page.click("main button[value=do]")
        expect(page.locator("main")).to_contain_text("没有办理。填的内容都在")
        expect(page.locator(WORDS)).to_have_value("打到一半去开会，回来接着写")
        page.click("main button[value=do]")
        page.wait_for_url("**/cases/A1")
    assert story.lines[-1].event == "NoteRecorded"
    assert kept(story) == []


def test_of_two_devices_the_later_wins_and_what_was_given_on_one_is_no_draft_on_the_other(
    chromium: Browser, story: Story
) -> None:
    with served(story) as address, device(chromium, address) as (_, desk):
        desk.fill(WORDS, "桌上写的")
        go_on(desk)
        with device(chromium, address, width=360) as (_, phone):
            phone.fill(WORDS, "手机上接着写")
            go_on(phone)
            phone.click("main button[value=do]")
            phone.wait_for_url("**/cases/A1")
        assert kept(story) == []
        desk.fill(WORDS, "桌上又写")
        desk.clock.run_for(3_000)
        expect(desk.locator(".drafting")).to_contain_text("这张表已经在别处办理过")
        desk.goto(address + NOTE)
        expect(desk.locator(WORDS)).to_have_value("")
    assert kept(story) == []


def test_what_is_given_or_dropped_is_not_kept_again_by_leaving_the_page(chromium: Browser, story: Story) -> None:
    with served(story) as address, device(chromium, address) as (_, page):
        page.fill(WORDS, "一写完就按")
        page.click("main button[value=do]")
        page.wait_for_url("**/cases/A1")
        assert kept(story) == []
        page.goto(address + NOTE)
        page.fill(WORDS, "不要的")
        page.click("button[value=keep]")
        page.wait_for_url("**/cases/A1")
        expect(page.locator("main")).to_contain_text("草稿已存，还没有办理")
        page.goto(address + NOTE)
        page.click("button[value=fresh]")
        expect(page.locator(WORDS)).to_have_value("")
        assert kept(story) == []


def test_without_a_connection_it_says_so_and_keeps_it_once_there_is_one(chromium: Browser, story: Story) -> None:
    with served(story) as address, device(chromium, address) as (context, page):
        context.set_offline(True)
        page.fill(WORDS, "在山上写的")
        page.clock.run_for(3_000)
        expect(page.locator(".drafting")).to_contain_text("草稿还没有存上；过一会儿自动再存")
        context.set_offline(False)
        go_on(page)
    assert len(kept(story)) == 1


def test_a_sheet_that_is_sent_by_its_own_script_is_no_draft_afterwards(chromium: Browser, story: Story) -> None:
    with served(story) as address, device(chromium, address, "/cases/A1/visits/1", 360) as (_, page):
        page.check("[name='f.finding'][value=performing]")
        page.check("[name='f.satisfied'][value=satisfied]")
        page.fill("[name='f.said']", "都好")
        page.clock.run_for(3_000)
        expect(page.locator(".drafting")).to_contain_text("选好的文件、照片不在草稿里")
        assert len(kept(story)) == 1
        page.click("button[value=do]")
        page.wait_for_url("**/cases/A1")
    assert kept(story) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_a_form_with_a_draft_and_the_list_of_them_are_held_to_everything(
    chromium: Browser, story: Story, width: int
) -> None:
    with served(story) as address:
        with device(chromium, address) as (_, page):
            for path, name in ((NOTE, "f.words"), ("/cases/new", "f.matter")):
                page.goto(address + path)
                page.fill(f"[name='{name}']", "写到一半")
                page.click("button[value=keep]")
        context = chromium.new_context(viewport={"width": width, "height": 740}, locale="zh-CN")
        window = Watched(context, address)
        window.sign_in("li")
        for path in (NOTE, "/cases/new", "/drafts"):
            window.look(path)
        context.close()
