"""Forms one likes to work in: each on one screen, its button in sight, days in Chinese, nothing lost on the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from mediation_engine.domain.roles import Office
from web.security import passwords as signing
from workflows.parts.agreement import AffixSeal, SignAsMediator

from ..support.browser import objections, sign_in
from ..support.story import STAFF, Story
from ..support.two_cases import in_effect, two_cases
from ..web.conftest import PASSWORD

PHONE, DESK = {"width": 360, "height": 640}, {"width": 1280, "height": 800}
SESSION = "/cases/B1/steps/RecordSession?on=session/1"
AGREED = "/cases/B1/steps/ReachAgreement"
PAYMENT = "/cases/A1/steps/RecordPayment?on=obligation/1"
HEIGHT = "document.documentElement.scrollHeight"
WIDER = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def told() -> Story:
    """A case whose instalments are due, and one whose session is called for today."""
    story = in_effect(two_cases())
    story.do(SignAsMediator(), "agreement/1")
    story.do(AffixSeal(), "agreement/1", by=Office.LEAD)
    with story.store.write() as unit:
        for actor in STAFF.values():
            signing.give_password(unit, actor.id, PASSWORD, once=False)
    return story


@pytest.fixture
def story(told: Story) -> Story:
    return told


def window(chromium: Browser, site: str, size: dict[str, int], *, scripts: bool = True) -> Page:
    """A mediator's, in a browser that speaks English."""
    context = chromium.new_context(viewport=size, locale="en-US", java_script_enabled=scripts)  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, site, "li")
    return page


@pytest.fixture
def desk(chromium: Browser, site: str) -> Iterator[Page]:
    page = window(chromium, site, DESK)
    yield page
    page.context.close()


@pytest.fixture
def plain(chromium: Browser, site: str) -> Iterator[Page]:
    """Without scripts."""
    page = window(chromium, site, DESK, scripts=False)
    yield page
    page.context.close()


def four_clauses(page: Page, site: str) -> None:
    """Two instalments to each of two."""
    page.goto(site + AGREED)
    for party in (1, 2):
        page.fill(f"[name='plan.to.party/{party}']", "30000")
    page.fill("[name='plan.number']", "2")
    page.fill("[name='plan.first']", "11月28日")
    page.click("button[value=plan]")


class TestOneScreen:
    def test_a_session_with_a_panel_of_eight(self, desk: Page, site: str) -> None:
        desk.goto(site + SESSION)
        assert desk.locator(".pairs > fieldset.row").count() == 8
        assert desk.evaluate(HEIGHT) <= 1.2 * DESK["height"]

    def test_an_agreement_of_four_clauses(self, desk: Page, site: str) -> None:
        four_clauses(desk, site)
        assert desk.locator("fieldset.row").count() >= 4
        assert desk.evaluate(HEIGHT) <= 1.2 * DESK["height"]

    def test_a_payment_of_six_duties(self, desk: Page, site: str) -> None:
        desk.goto(site + PAYMENT)
        assert desk.locator("fieldset.row").count() == 6
        assert desk.evaluate(HEIGHT) <= DESK["height"]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_is_wider_than_the_screen_and_nothing_is_objected_to(
    chromium: Browser, site: str, size: dict[str, int]
) -> None:
    page = window(chromium, site, size)
    for path in (SESSION, AGREED, PAYMENT, "/cases/B1/steps/EnterCapacity", "/cases/A1/steps/RecordTalk"):
        sent = page.goto(site + path)
        assert sent is not None
        assert page.evaluate(WIDER) <= 0, path
        assert objections(page) == [], path
        page.evaluate("document.querySelectorAll('main details').forEach((it) => { it.open = true; })")
        assert page.evaluate(WIDER) <= 0, f"{path}, unfolded"
        assert objections(page) == [], f"{path}, unfolded"
    page.context.close()


def test_the_button_is_in_sight_wherever_one_is_and_hides_nothing_that_has_the_focus(desk: Page, site: str) -> None:
    desk.set_viewport_size({"width": 1280, "height": 500})
    desk.goto(site + SESSION)
    bar = "document.querySelector('.buttons.bar').getBoundingClientRect()"
    for _ in range(40):
        desk.keyboard.press("Tab")
        assert desk.evaluate(f"{bar}.bottom") <= 501
        hidden = f"""(() => {{ const e = document.activeElement, r = e.getBoundingClientRect();
            return !e.closest('.bar') && e !== document.body && r.height < 200 && r.bottom > {bar}.top + 1; }})()"""
        assert not desk.evaluate(hidden), desk.evaluate("document.activeElement.outerHTML")


class TestDays:
    def test_are_written_in_chinese_in_a_browser_that_is_not(self, desk: Page, site: str) -> None:
        desk.goto(site + SESSION)
        assert desk.input_value("[name='when']") == "2026年11月23日 09:00"
        assert (
            desk.locator("input[type=date]:visible").count() == 0
            or desk.locator("input[type=date]").first.evaluate("e => e.getBoundingClientRect().width") <= 1
        )

    def test_that_are_picked_are_written_in_chinese_and_the_time_of_day_stays(self, desk: Page, site: str) -> None:
        desk.goto(site + SESSION)
        button = desk.get_by_role("button", name="选日期：什么时候开的")
        assert button.count() == 1
        desk.evaluate("HTMLInputElement.prototype.showPicker = function () { window.shown = this.value; }")
        button.click()
        assert desk.evaluate("shown") == "2026-11-23"
        desk.evaluate(
            "(() => { const e = document.querySelector('.dated > [type=date]');"
            "e.value = '2026-11-20'; e.dispatchEvent(new Event('change')); })()"
        )
        assert desk.input_value("[name='when']") == "2026年11月20日 09:00"

    def test_are_typed_without_scripts_and_the_preview_says_as_which_day_they_are_read(
        self, plain: Page, site: str
    ) -> None:
        plain.goto(site + "/cases/A1/steps/RecordNote")
        plain.fill("[name='f.words']", "电话")
        plain.fill("[name='when']", "上周五下午2点半")
        plain.click(".bar button[value=preview]")
        assert "读作 2026年11月20日（周五）14:30" in plain.inner_text("#step")


class TestRows:
    def test_another_row_keeps_its_place_and_what_was_open_stays_open(self, desk: Page, site: str) -> None:
        desk.goto(site + AGREED)
        desk.click("details.rare > summary")
        desk.click("fieldset.row details.more > summary")
        desk.click("text=再加一行 >> nth=0")
        assert desk.url.endswith("#f.terms.1")
        assert desk.locator("details.rare[open]").count() == 1
        assert desk.locator("[id='f.terms.0'] details.more[open]").count() == 1

    def test_instalments_are_listed_without_scripts_and_can_be_changed(self, plain: Page, site: str) -> None:
        four_clauses(plain, site)
        days = [plain.input_value(f"[name='f.terms.{n}.due']") for n in range(4)]
        assert days == ["2026年11月28日", "2026年11月28日", "2026年12月28日", "2026年12月28日"]
        assert plain.input_value("[name='f.amount']") == "60,000.00"
        assert "与各行相加相同" in plain.inner_text("#step")
        plain.fill("[name='f.terms.3.amount']", "14000")
        plain.click(".bar button[value=preview]")
        assert "与各行相加差￥1,000.00" in plain.inner_text("#step")

    def test_sums_are_filled_in_only_for_what_the_form_was_opened_for(self, plain: Page, site: str) -> None:
        plain.goto(site + PAYMENT)
        sums = [plain.input_value(f"[name='f.shares.{n}.amount']") for n in range(6)]
        assert sums == ["6000", "", "", "", "", ""]
        plain.click("text=全部填上")
        assert all(plain.input_value(f"[name='f.shares.{n}.amount']") for n in range(6))
        assert "共 ￥33,000.00（人民币叁万叁仟元整）" in plain.inner_text("#step")
        plain.click("text=全部清空")
        assert not any(plain.input_value(f"[name='f.shares.{n}.amount']") for n in range(6))
