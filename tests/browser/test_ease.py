"""Fewer presses: what a form says and fills in by itself while somebody types."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from ..support.browser import objections
from ..support.story import Story
from .test_forms import DESK, HEIGHT, PHONE, told, window

__all__ = ["told"]
NEW = "/cases/new"


@pytest.fixture
def story(told: Story) -> Story:
    return told


@pytest.fixture
def desk(chromium: Browser, site: str) -> Iterator[Page]:
    page = window(chromium, site, DESK)
    yield page
    page.context.close()


class TestRegistering:
    def test_another_line_is_there_as_soon_as_the_last_is_typed_into(self, desk: Page, site: str) -> None:
        desk.goto(site + NEW)
        assert desk.locator("#applicant .party").count() == 3
        desk.fill("[name='applicant.2.name']", "韦小妹")
        desk.check("[name='applicant.2.cannot_read']")
        desk.fill("[name='applicant.3.name']", "王某")
        assert not desk.is_checked("[name='applicant.3.cannot_read']")
        assert desk.locator("#applicant .party").count() == 5
        assert desk.input_value("[name=applicant]") == "5"
        assert objections(desk) == []

    def test_who_is_called_like_a_firm_is_asked_what_firms_are_asked_unless_somebody_chose(
        self, desk: Page, site: str
    ) -> None:
        desk.goto(site + NEW)
        desk.fill("[name='applicant.0.name']", "永康市宏达五金厂")
        assert desk.input_value("[name='applicant.0.kind']") == "enterprise"
        assert desk.is_visible("[name='applicant.0.credit_code']")
        desk.fill("[name='applicant.0.name']", "张桂花")
        assert desk.input_value("[name='applicant.0.kind']") == "person"
        desk.select_option("[name='applicant.0.kind']", "group")
        desk.fill("[name='applicant.0.name']", "某五金厂")
        assert desk.input_value("[name='applicant.0.kind']") == "group"

    def test_the_form_fits_two_and_a_half_screens_of_a_desk_and_six_of_a_telephone(
        self, chromium: Browser, site: str
    ) -> None:
        for size, most in ((DESK, 2.5), (PHONE, 6.5)):
            page = window(chromium, site, size)
            page.goto(site + NEW)
            assert page.evaluate(HEIGHT) <= most * size["height"]
            page.context.close()


class TestPaying:
    def test_sums_add_up_while_they_are_typed(self, desk: Page, site: str) -> None:
        desk.goto(f"{site}/cases/A1/steps/RecordPayment")
        desk.fill("[name='f.shares.0.amount']", "6000")
        desk.fill("[name='f.shares.1.amount']", "1.05万")
        assert "￥16,500.00（2笔）" in desk.inner_text("[data-total]")
        beside = ".kind-money:has(> [name='f.amount']) .capital"
        assert "￥16,500.00" in desk.inner_text(beside)
        desk.fill("[name='f.amount']", "16600")
        assert desk.inner_text(beside) == "与各行相加差 ￥100.00"
        desk.fill("[name='f.shares.1.amount']", "10600")
        assert desk.inner_text(beside) == "与各行相加相同"
        assert objections(desk) == []


class TestChoosing:
    def test_all_of_a_short_list_are_ticked_without_another_page(self, desk: Page, site: str) -> None:
        desk.goto(f"{site}/cases/B1/steps/ScheduleSession")
        desk.evaluate("window.here = true")
        boxes = desk.locator("[name='f.invited']")
        desk.click("#f\\.invited button[value='none:f.invited']")
        assert not any(boxes.nth(n).is_checked() for n in range(boxes.count()))
        desk.click("#f\\.invited button[value='all:f.invited']")
        assert all(boxes.nth(n).is_checked() for n in range(boxes.count()))
        assert desk.evaluate("window.here") is True

    def test_whoever_is_chosen_is_not_offered_as_beside_himself(self, desk: Page, site: str) -> None:
        desk.goto(f"{site}/cases/A1/steps/RecordTalk")
        desk.select_option("[name='f.party']", "party/2")
        assert not desk.is_visible("[name='f.also'][value='party/2']")
        desk.select_option("[name='f.party']", "party/1")
        assert desk.is_visible("[name='f.also'][value='party/2']")
        assert not desk.is_visible("[name='f.also'][value='party/1']")
