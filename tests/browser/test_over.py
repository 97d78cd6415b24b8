"""A form opens over the page it was pressed on, is given or refused there, and has an address of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from ..support.browser import FRONT, pages_of, served, sign_in
from ..support.files import photo
from ..support.story import Story
from ..support.watching import Watched
from ..web.conftest import PASSWORD

STEPS, NOTE = "/cases/A1/steps", "/cases/A1/steps/RecordNote"
WORDS = f"{FRONT} [name='f.words']"
GIVE = f"{FRONT} .buttons button[value=do]"
LINK = f"a[href='{NOTE}']"


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN", reduced_motion="reduce")
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, site: str) -> Page:
    """A mediator's, on the list of all steps of a case."""
    return on_steps(context.new_page(), site)


def on_steps(page: Page, site: str) -> Page:
    sign_in(page, site, "li")
    page.goto(site + STEPS)
    page.evaluate("document.querySelectorAll('main details').forEach(it => { it.open = true; })")
    return page


def opened(page: Page, link: str = LINK) -> Page:
    page.locator(link).first.click()
    expect(page.locator(f"{FRONT} h1")).to_be_visible()
    return page


def focused(page: Page) -> str:
    words: str = page.evaluate("document.activeElement.textContent.trim()")
    return words


def notes(story: Story) -> int:
    return sum(line.event == "NoteRecorded" for line in story.lines)


class TestOpening:
    def test_it_stands_over_the_page_with_its_own_address_and_name(self, page: Page, site: str) -> None:
        with pages_of(page) as loaded:
            opened(page)
        assert loaded == []
        assert page.url == site + NOTE
        assert page.title().startswith("补记情况")
        assert focused(page) == "补记情况"
        name = page.get_by_role("dialog", name="补记情况")
        assert name.locator("form#step").count() == 1

    @pytest.mark.parametrize("width", [360, 1280])
    def test_nothing_is_wrong_with_it(self, context: BrowserContext, site: str, width: int) -> None:
        window = Watched(context, site)
        window.page.set_viewport_size({"width": width, "height": 800})
        on_steps(window.page, site)
        for link in (LINK, "a[href='/notes/new?case=A1']", f"a[href='{STEPS}/RecordTalk']", "a[href='/settle']"):
            if width < 1000 and not window.page.locator(link).first.is_visible():
                continue
            opened(window.page, link)
            window.hold()
            window.page.keyboard.press("Escape")
            expect(window.page.locator(FRONT)).to_have_count(0)
        window.hold()

    def test_on_a_telephone_it_fills_the_screen_and_at_a_desk_it_is_wide(self, page: Page) -> None:
        for (width, height), least in {(360, 740): 360, (1280, 800): 1100}.items():
            page.set_viewport_size({"width": width, "height": height})
            opened(page)
            box = page.locator(FRONT).bounding_box()
            bar = page.locator(f"{FRONT} .buttons.bar").bounding_box()
            assert box is not None and bar is not None
            assert box["width"] >= least
            assert bar["y"] + bar["height"] <= box["y"] + box["height"] + 1
            if width == 360:
                assert box["height"] == height
            page.go_back()
            expect(page.locator(FRONT)).to_have_count(0)

    def test_with_a_modifier_key_it_is_a_page_of_its_own(self, page: Page, site: str) -> None:
        with page.context.expect_page() as other:
            page.locator(LINK).first.click(modifiers=["ControlOrMeta"])
        other.value.wait_for_load_state()
        assert other.value.url == site + NOTE
        assert other.value.locator("dialog[open]").count() == 0
        assert page.url == site + STEPS

    def test_pressed_twice_on_a_slow_line_it_opens_once(self, page: Page, site: str) -> None:
        asked: list[str] = []
        page.on("request", lambda it: asked.append(it.url) if it.url == site + NOTE else None)
        page.locator(LINK).first.dblclick()
        expect(page.locator(f"{FRONT} h1")).to_be_visible()
        assert len(asked) == 1
        page.go_back()
        expect(page.locator(FRONT)).to_have_count(0)
        assert page.url == site + STEPS

    def test_where_nothing_answers_the_browser_says_so_as_of_any_page(self, page: Page, site: str) -> None:
        page.context.set_offline(True)
        page.locator(LINK).first.click()
        page.get_by_text("ERR_INTERNET_DISCONNECTED").wait_for()

    def test_signed_out_meanwhile_it_leads_to_where_one_signs_in_and_on_to_the_form(
        self, page: Page, site: str
    ) -> None:
        page.context.clear_cookies()
        page.locator(LINK).first.click()
        page.wait_for_url("**/sign-in?**")
        page.fill("#name", "li")
        page.fill("#password", PASSWORD)
        page.click("main button")
        page.wait_for_url(site + NOTE)

    def test_a_screen_that_all_look_at_has_none_of_it(self, page: Page, site: str) -> None:
        page.goto(f"{site}/cases/A1?show=joint")
        assert page.locator("dialog, script[src*='over.js']").count() == 0

    def test_what_the_page_and_the_form_both_call_the_same_is_the_form_s_while_it_is_open(self, page: Page) -> None:
        page.evaluate("document.querySelector('h1').id = 'f.words'")
        opened(page)
        assert page.evaluate("document.getElementById('f.words').localName") == "textarea"
        page.keyboard.press("Escape")
        expect(page.locator(FRONT)).to_have_count(0)
        assert page.evaluate("document.getElementById('f.words').localName") == "h1"


class TestHistory:
    def test_back_closes_it_and_forward_opens_it_again(self, page: Page, site: str) -> None:
        opened(page)
        page.go_back()
        expect(page.locator(FRONT)).to_have_count(0)
        assert page.url == site + STEPS
        assert not page.title().startswith("补记情况")
        page.go_forward()
        expect(page.locator(f"{FRONT} h1")).to_have_text("补记情况")

    def test_loaded_anew_it_is_the_whole_page_and_back_is_the_page_it_was_pressed_on(
        self, page: Page, site: str
    ) -> None:
        opened(page).reload()
        assert page.locator(FRONT).count() == 0
        assert page.inner_text("main h1") == "补记情况"
        page.go_back()
        page.wait_for_url(site + STEPS)
        expect(page.locator("main h1").first).not_to_have_text("补记情况")

    def test_escape_closes_it_and_the_link_has_the_focus_again(self, page: Page, site: str) -> None:
        opened(page)
        page.keyboard.press("Escape")
        expect(page.locator(FRONT)).to_have_count(0)
        assert page.url == site + STEPS
        assert page.evaluate("document.activeElement.getAttribute('href')") == NOTE
        assert page.locator("main > .report").inner_text() == ""

    def test_the_link_back_to_the_case_closes_it_over_that_case(self, page: Page, site: str) -> None:
        page.goto(f"{site}/cases/A1?tab=papers")
        with pages_of(page) as loaded:
            opened(page, "a[href*='FileExhibit']").click(f"{FRONT} >> text=回到案件")
            expect(page.locator(FRONT)).to_have_count(0)
        assert loaded == []
        assert page.url == f"{site}/cases/A1?tab=papers"


class TestGiving:
    def test_what_leads_elsewhere_leads_there_once_and_back_is_where_it_was_pressed(
        self, page: Page, site: str, story: Story
    ) -> None:
        opened(page)
        page.fill(WORDS, "他来过电话")
        with pages_of(page) as loaded:
            page.click(GIVE)
            page.wait_for_url(f"{site}/cases/A1")
            expect(page.locator("main > .report")).to_contain_text("已办理“补记情况”")
        assert loaded == [f"{site}/cases/A1"]
        assert notes(story) == 1
        page.go_back()
        page.wait_for_url(site + STEPS)

    def test_on_the_page_it_leads_to_that_page_is_loaded_anew_where_it_stands(
        self, page: Page, site: str, story: Story
    ) -> None:
        page.set_viewport_size({"width": 1280, "height": 400})
        page.goto(f"{site}/cases/A1?tab=agreement")
        page.locator("a[href*='RecordPerformance']:visible").first.scroll_into_view_if_needed()
        opened(page, "a[href*='RecordPerformance']:visible")
        stood = page.evaluate("scrollY")
        before = len(story.lines)
        with pages_of(page) as loaded:
            page.click(GIVE)
            expect(page.locator("main > .report")).to_contain_text("已办理“")
        assert loaded == [f"{site}/cases/A1?tab=agreement"]
        assert len(story.lines) > before
        assert stood > 0
        page.wait_for_function("stood => Math.abs(scrollY - stood) < 150", arg=stood)
        said = page.locator("main > .report").bounding_box()
        assert said is not None and 0 <= said["y"] < 400

    def test_what_was_done_says_where_it_is_put_right_which_opens_in_place(self, page: Page, site: str) -> None:
        opened(page)
        page.fill(WORDS, "他来过电话")
        page.click(GIVE)
        page.wait_for_url(f"{site}/cases/A1")
        opened(page, "main > .report >> text=更正")
        assert page.locator(f"{FRONT} h1").inner_text() == "更正“补记情况”"

    def test_pressed_twice_it_is_done_once(self, page: Page, site: str, story: Story) -> None:
        opened(page)
        page.fill(WORDS, "他来过电话")
        page.dblclick(GIVE)
        page.wait_for_url(f"{site}/cases/A1")
        assert notes(story) == 1

    def test_without_scripts_the_same_act_is_two_pages(self, chromium: Browser, site: str, story: Story) -> None:
        context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
        page = context.new_page()
        sign_in(page, site, "li")
        page.goto(f"{site}/cases/A1/steps?q=补记")
        page.locator(LINK).first.click()
        page.wait_for_url(site + NOTE)
        page.fill("[name='f.words']", "他来过电话")
        page.click("main .buttons button[value=do]")
        page.wait_for_url(f"{site}/cases/A1")
        assert "已办理“补记情况”" in page.inner_text("main")
        assert notes(story) == 1
        context.close()

    def test_what_is_refused_stands_in_it_with_the_focus_and_leads_to_what_is_wrong(
        self, page: Page, site: str, story: Story
    ) -> None:
        opened(page, f"a[href='{STEPS}/ReachAgreement']")
        amount = f"{FRONT} [name='f.terms.0.amount']"
        page.fill(amount, "很多")
        before = len(story.lines)
        with pages_of(page) as loaded:
            page.click(GIVE)
            expect(page.locator(f"{FRONT} [role=alert]").first).to_be_focused()
            page.locator(f"{FRONT} [role=alert] a[href$='amount']").first.click()
        expect(page.locator(amount)).to_be_focused()
        expect(page.locator(amount)).to_have_value("很多")
        assert (loaded, page.url) == ([], f"{site}{STEPS}/ReachAgreement")
        assert len(story.lines) == before

    def test_a_preview_and_another_row_stand_in_it(self, page: Page, story: Story) -> None:
        opened(page)
        page.fill(WORDS, "他来过电话")
        page.click(f"{FRONT} .bar button[value=preview]")
        expect(page.locator(f"{FRONT} #ahead")).to_be_focused()
        assert notes(story) == 0
        expect(page.locator(WORDS)).to_have_value("他来过电话")

    def test_what_it_would_be_recorded_with_is_asked_in_it_first(self, page: Page, site: str, story: Story) -> None:
        page.goto(f"{site}/cases/A1?tab=agreement")
        opened(page, "main a[href*='RecordPayment']:visible")
        page.fill(f"{FRONT} [name='f.shares.0.amount']", "999999")
        before = len(story.lines)
        page.click(GIVE)
        expect(page.locator(f"{FRONT} .bar [role=alert]")).to_be_focused()
        expect(page.locator(FRONT)).to_contain_text("就这样办理")
        assert len(story.lines) == before
        page.click(GIVE)
        expect(page.locator("main > .report")).to_contain_text("记录时注明了瑕疵")
        assert page.url == f"{site}/cases/A1?tab=agreement"

    def test_another_row_keeps_its_place(self, page: Page, site: str) -> None:
        opened(page, f"a[href='{STEPS}/ReachAgreement']")
        page.locator(f"{FRONT} button[value='more:f.terms']").click()
        expect(page.locator(f"{FRONT} [id='f.terms.1']")).to_be_focused()
        assert page.url.startswith(site + STEPS)

    def test_signed_out_meanwhile_nothing_typed_is_lost(self, page: Page, site: str, story: Story) -> None:
        opened(page)
        page.fill(WORDS, "他来过电话")
        page.context.clear_cookies()
        page.click(GIVE)
        expect(page.locator(f"{FRONT} [role=alert]")).to_contain_text("登录已结束，还没有办理，填的都还在")
        other = page.context.new_page()
        sign_in(other, site, "li")
        page.click(GIVE)
        expect(page.locator(f"{FRONT}")).to_contain_text("没有办理。填的内容都在")
        expect(page.locator(WORDS)).to_have_value("他来过电话")
        page.click(GIVE)
        page.wait_for_url(f"{site}/cases/A1")
        assert notes(story) == 1


@contextmanager
def held(page: Page, method: str) -> Iterator[list[str]]:
    """The line is slow: what is asked of the form is answered only at the end; how often it was."""
    asked: list[str] = []
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method != method or "by_script" in (route.request.post_data or ""):
            route.fallback()
        else:
            asked.append(route.request.url)
            waiting.append(route)

    page.route(f"**{NOTE}", hold)
    yield asked
    for route in waiting:
        route.continue_()
    page.unroute(f"**{NOTE}", hold)


class TestSlowLine:
    def test_the_link_shows_that_it_is_busy_and_asks_once(self, page: Page) -> None:
        with held(page, "GET") as asked:
            page.locator(LINK).first.click()
            expect(page.locator(LINK).first).to_have_attribute("aria-busy", "true")
            page.locator(LINK).first.press("Enter")
            assert page.locator(FRONT).count() == 0
        expect(page.locator(f"{FRONT} h1")).to_be_visible()
        expect(page.locator(LINK).first).not_to_have_attribute("aria-busy", "true")
        assert len(asked) == 1

    def test_a_button_that_is_busy_sends_once_and_nothing_closes_it(self, page: Page, site: str, story: Story) -> None:
        opened(page)
        page.fill(WORDS, "他来过电话")
        with held(page, "POST") as asked:
            page.click(GIVE)
            expect(page.locator(GIVE)).to_have_attribute("aria-busy", "true")
            page.locator(GIVE).press("Enter")
            page.keyboard.press("Escape")
            expect(page.locator(FRONT)).to_have_count(1)
        page.wait_for_url(f"{site}/cases/A1")
        assert (len(asked), notes(story)) == (1, 1)

    def test_gone_back_meanwhile_one_is_led_to_what_came_of_it(self, page: Page, site: str, story: Story) -> None:
        opened(page)
        page.fill(WORDS, "他来过电话")
        with held(page, "POST"):
            page.click(GIVE)
            expect(page.locator(GIVE)).to_have_attribute("aria-busy", "true")
            page.go_back()
            expect(page.locator(FRONT)).to_have_count(0)
        page.wait_for_url(f"{site}/cases/A1")
        assert notes(story) == 1


def test_a_visit_sheet_is_sent_from_where_it_was_opened(context: BrowserContext, much: Story) -> None:
    with served(much) as site:
        window = Watched(context, site)
        window.sign_in("li")
        page = window.page
        page.goto(f"{site}/work")
        opened(page, "a[href^='/cases/A1/visits/']")
        window.hold()
        page.locator(f"{FRONT} button[value=nobody]").click()
        expect(page.locator("main > .report")).to_contain_text("没有见到人")
        assert page.url == f"{site}/cases/A1"


def test_on_a_page_that_a_script_has_made_anew_it_opens_as_before(page: Page, site: str) -> None:
    page.evaluate("document.querySelector('main').replaceWith(document.querySelector('main').cloneNode(true))")
    opened(page)
    page.keyboard.press("Escape")
    expect(page.locator(FRONT)).to_have_count(0)
    assert page.url == site + STEPS


def losing(lost: Event) -> Callable[[Any], Any]:
    """Does what is asked and answers nothing that can be used, as long as it is told to."""

    def around(app: Any) -> Any:
        def answer(environ: dict[str, Any], start: Any) -> Any:
            if not (lost.is_set() and environ["REQUEST_METHOD"] == "POST"):
                return app(environ, start)
            list(app(environ, lambda *_: None))
            start("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b""]

        return answer

    return around


def test_what_was_done_though_no_answer_came_is_done_once(context: BrowserContext, story: Story) -> None:
    lost = Event()
    with served(story, around=losing(lost)) as site:
        page = opened(on_steps(context.new_page(), site))
        page.fill(WORDS, "他来过电话")
        lost.set()
        page.click(GIVE)
        expect(page.locator(f"{FRONT} [role=alert]")).to_contain_text("填的都还在。过一会儿再按一次按钮")
        lost.clear()
        page.click(GIVE)
        page.wait_for_url(f"{site}/cases/A1")
        context.close()
    assert notes(story) == 1


class TestDrafts:
    def test_closed_with_something_typed_it_is_a_draft_and_says_so(self, page: Page, site: str, story: Story) -> None:
        opened(page)
        page.fill(WORDS, "写到一半")
        page.keyboard.press("Escape")
        expect(page.locator("main > .report")).to_contain_text("已存草稿：补记情况，还没有办理")
        assert page.url == site + STEPS
        opened(page)
        expect(page.locator(WORDS)).to_have_value("写到一半")
        page.click(f"{FRONT} button[value=fresh]")
        expect(page.locator(WORDS)).to_have_value("")
        assert page.url.startswith(site + NOTE)
        page.keyboard.press("Escape")
        expect(page.locator(FRONT)).to_have_count(0)
        with story.store.read() as unit:
            assert not [it for it in unit.drafts.of("li") if not it.given]

    def test_going_back_keeps_it_too(self, page: Page, story: Story) -> None:
        opened(page)
        page.fill(WORDS, "写到一半")
        page.go_back()
        expect(page.locator("main > .report")).to_contain_text("已存草稿：补记情况")
        with story.store.read() as unit:
            assert [it.path for it in unit.drafts.of("li")] == [NOTE]

    def test_that_cannot_be_kept_it_stays_open_once(self, page: Page) -> None:
        opened(page)
        page.fill(WORDS, "写到一半")
        page.context.set_offline(True)
        page.click(f"{FRONT} > .shut")
        expect(page.locator(f"{FRONT} [role=alert]")).to_contain_text("填的内容没有存成草稿")
        page.click(f"{FRONT} > .shut")
        expect(page.locator("main > .report")).to_contain_text("没有存成草稿")
        expect(page.locator(FRONT)).to_have_count(0)

    def test_the_button_that_keeps_it_leads_to_the_case(self, page: Page, site: str) -> None:
        opened(page)
        page.fill(WORDS, "写到一半")
        page.click(f"{FRONT} button[value=keep]")
        page.wait_for_url(f"{site}/cases/A1")
        assert "草稿已存" in page.inner_text("main > .report")


def test_files_are_sent_one_by_one_and_said(context: BrowserContext, story: Story, tmp_path: Path) -> None:
    with served(story, tmp_path / "exhibits") as site:
        page = context.new_page()
        sign_in(page, site, "li")
        page.goto(f"{site}/cases/A1?tab=papers")
        opened(page, "section:has(> #exhibit) a[role=button]")
        page.select_option(f"{FRONT} [name='f.kind']", "receipt")
        for n in (1, 2):
            (tmp_path / f"{n}.jpg").write_bytes(photo(f"RECEIPT {n}"))
        page.set_input_files("#files-chosen", [str(tmp_path / "1.jpg"), str(tmp_path / "2.jpg")])
        with pages_of(page) as loaded:
            page.click(GIVE)
            expect(page.locator("main > .report")).to_contain_text("已办理“收存材料”（共2次）。")
        assert loaded == [f"{site}/cases/A1?tab=papers#exhibit"]
        context.close()
    assert len(story.case.of("exhibit")) == 2
