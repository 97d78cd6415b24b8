"""网格员 on his telephone: he signs in, reports what he found, sees it on his board; does and verifies what is his."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from workflows.zone.matter.entry import AssignMatter
from workflows.zone.matter.handling import AnswerMatter, SignForMatter
from workflows.zone.matter.measure import RecordMeasure

from ..support.browser import FRONT, objections, served, sign_in
from ..support.story import NOW, Story
from .conftest import with_passwords

MOST_PRESSES = 8
GRID = Office.GRID_WORKER


@pytest.fixture
def story() -> Story:
    """A room with passwords, and no matter yet."""
    clock = FixedClock(NOW)
    return with_passwords(Story(MemoryStore(clock), clock))


@pytest.fixture
def site(story: Story) -> Iterator[str]:
    with served(story) as address:
        yield address


@pytest.fixture
def phone(chromium: Browser, site: str) -> Iterator[Page]:
    """A telephone on which he has signed in."""
    page = chromium.new_page(viewport={"width": 360, "height": 740}, locale="zh-CN", has_touch=True)
    sign_in(page, site, "gao")
    yield page
    page.close()


def is_within(page: Page) -> bool:
    """Whether nothing of a page lies beside the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def give(page: Page) -> None:
    """Give the step whose form is open."""
    page.locator(f"{FRONT} .buttons button[value=do]").click()
    expect(page.locator(FRONT)).to_have_count(0)
    expect(page.locator(".report")).to_contain_text("已办理")


def test_he_reports_what_he_found_and_sees_it_on_his_board_within_few_presses(phone: Page, site: str) -> None:
    presses = 1  # to sign in
    phone.get_by_role("button", name="上报").click()
    form = phone.locator(FRONT)
    expect(form.locator("h1")).to_have_text("登记网格上报")
    expect(form.locator("[name='f.k_reporter']")).to_have_value("高网格")
    expect(form.locator("[name='f.k_grid']")).to_have_value("东一网格")
    assert is_within(phone) and objections(phone) == []
    form.locator("[name='f.words']").fill("楼道堆了纸箱，出入口堵住了")
    form.locator(".buttons button[value=do]").click()
    phone.wait_for_url("**/cases/*")
    expect(phone.locator("main")).to_contain_text("楼道堆了纸箱")
    assert is_within(phone) and objections(phone) == []
    phone.locator("a.brand").click()
    presses += 3
    waiting = phone.locator("section[aria-labelledby=waiting]")
    expect(waiting).to_contain_text("待交办")
    expect(waiting).to_contain_text("东片区")
    assert is_within(phone) and objections(phone) == []
    assert presses <= MOST_PRESSES


def test_what_he_settled_on_the_spot_is_over_at_once(phone: Page, site: str) -> None:
    phone.goto(f"{site}/matters/new")
    phone.fill("[name='f.words']", "电瓶车停在楼梯口，当场推走了")
    phone.locator(".buttons button[value=do]").click()
    phone.locator(".next").get_by_role("button", name="办结").click()
    phone.locator(FRONT).locator("[name='f.ending']").select_option("on_spot")
    give(phone)
    phone.locator("a.brand").click()
    expect(phone.locator("section[aria-labelledby=over]")).to_contain_text("当场解决")


def test_he_takes_what_is_given_to_him_from_his_board_to_the_answer(phone: Page, story: Story, site: str) -> None:
    story.came("grid").do(AssignMatter(staff="gao"))
    for step, fields in (("签收", {}), ("记录办理", {"words": "上门看了"}), ("反馈", {"words": "已搬走"})):
        phone.goto(f"{site}/work")
        phone.locator("section[aria-labelledby=to-do]").get_by_role("button", name=step).click()
        for name, words in fields.items():
            phone.locator(f"{FRONT} [name='f.{name}']").fill(words)
        give(phone)
    assert story.state("handling/1") == "to_verify"


def test_he_verifies_what_he_reported_and_another_did(phone: Page, story: Story, site: str) -> None:
    story.found().do(AssignMatter(staff="li"))
    story.do(SignForMatter())
    story.do(RecordMeasure(words=Text("打了电话")))
    story.do(AnswerMatter(words=Text("答应搬走")))
    phone.goto(f"{site}/work")
    phone.locator("section[aria-labelledby=to-do]").get_by_role("button", name="核实").click()
    give(phone)
    assert story.state("handling/1") == "to_end"


def test_what_is_none_of_his_is_not_there_for_him(phone: Page, story: Story, site: str) -> None:
    story.came("petition")
    for path in ("/cases/A1", "/cases/A1/steps/SignForMatter"):
        answer = phone.goto(site + path)
        assert answer is not None and answer.status == 404
    phone.goto(f"{site}/work")
    expect(phone.locator("main")).not_to_contain_text("王某")
