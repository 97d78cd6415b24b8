"""A mediator's whole way with a new case in a real browser, with the lead where the lead is needed; and two at once.

Each with scripts and without: nothing here needs them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from mediation_engine.domain.roles import Actor, Office

from ..story import STAFF, Story
from . import browser as real
from .conftest import PASSWORD, accounts


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with real.chromium() as browser:
        yield browser


@pytest.fixture
def site(told: Story) -> Iterator[str]:
    with told.store.write() as unit:
        second = Actor(id="zhou", name="周调解", organisation="room", offices=frozenset({Office.MEDIATOR}))
        unit.register.put_actor(second)
        accounts.give_password(unit, second.id, PASSWORD, once=False)
    with real.site(told) as address:
        yield address


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def windows(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[list[BrowserContext]]:
    """Makers of windows, closed afterwards."""
    opened = [chromium.new_context(java_script_enabled=request.param, locale="zh-CN") for _ in range(2)]
    yield opened
    for context in opened:
        context.close()


@dataclass
class Hand:
    """Somebody at a window, working on one case."""

    page: Page
    site: str
    case: str = "A1"

    def open(self, command: str, on: str = "") -> None:
        query = f"?on={on}" if on else ""
        self.page.goto(f"{self.site}/cases/{self.case}/steps/{command}{query}")

    def send(self) -> None:
        self.page.click(".buttons button:not(.second)")

    def step(self, command: str, on: str = "", **filled: str) -> None:
        """Open a form, fill it in, give it; it must have gone through."""
        self.open(command, on)
        for name, value in filled.items():
            self.put(f"f.{name.replace('__', '.')}", value)
        self.send()
        told = self.page.inner_text("main")
        assert "已办理“" in told, told

    def put(self, name: str, value: str) -> None:
        control = self.page.locator(f"[name='{name}']")
        kind = control.first.get_attribute("type")
        if kind in ("radio", "checkbox"):
            self.page.check(f"[name='{name}'][value='{value}']")
        elif self.page.locator(f"select[name='{name}']").count():
            control.select_option(value)
        else:
            control.fill(value)


def at_desk(context: BrowserContext, site: str, name: str) -> Hand:
    page = context.new_page()
    page.set_default_timeout(20_000)
    real.sign_in(page, site, name)
    return Hand(page, site)


def register(hand: Hand) -> None:
    """A wage claim against a firm of the zone."""
    page = hand.page
    page.goto(f"{hand.site}/cases/new")
    hand.put("program", "consultation_2026/labour_mediation")
    hand.put("applicant.0.name", "赵某")
    hand.put("respondent.0.name", "某电器厂")
    hand.put("respondent.0.kind", "enterprise")
    hand.put("f.dispute", "labour_pay")
    hand.put("f.matter", "欠两个月工资")
    hand.put("f.in_zone", "是")
    hand.send()
    assert "已登记" in page.inner_text("main")
    hand.case = page.url.rpartition("/")[2]


def test_from_registration_through_blocks_and_five_parties_to_a_visit(
    site: str, windows: list[BrowserContext], told: Story
) -> None:
    li, wang = at_desk(windows[0], site, STAFF[Office.MEDIATOR].id), at_desk(windows[1], site, "wang")
    register(li)
    wang.case = li.case
    wang.step("AcceptCase")
    li.step("TellRights", "party")
    li.step("RecordTalk", party="party/1", said="只要工资")
    li.step("RecordTalk", party="party/2", said="月底有钱")
    li.step("MarkReady", "block")
    for role, name in (("host", "孙主办"), ("justice", "钱庭长"), ("department", "吴科长"), ("mentor", "郑导师")):
        li.step("RecordMember", role=role, person__new=name)
    li.open("ConveneConsultation")
    li.send()
    li.open("RecordSession")
    for n in range(4):
        li.put(f"f.attendance.{n}.member", f"member/{n + 1}")
    for party in ("party/1", "party/2"):
        li.put("f.attended", party)
    li.put("f.result", "settled")
    li.send()
    assert "已办理“记录会议”" in li.page.inner_text("main")
    terms = {"words": "月底前付清工资", "kind": "pay", "payer": "party/2", "payee": "party/1", "amount": "1.2万"}
    li.open("ReachAgreement")
    for name, value in terms.items():
        li.put(f"f.terms.0.{name}", value)
    li.page.click(".buttons .second")
    assert "还没有写入" in li.page.inner_text("main")
    assert "人民币壹万贰仟元整" in li.page.inner_text("main")
    li.send()
    li.open("DraftAgreement", "agreement/1")
    for party in ("party/1", "party/2"):
        li.put("f.signers", party)
    li.send()
    li.open("ConfirmAgreement", "confirmation")
    for key in ("confirmation/1", "confirmation/2"):
        li.page.check(f"[name='on'][value='{key}']")
    li.put("f.manner", "signature")
    li.send()
    li.step("SignAsMediator", "agreement/1")
    wang.step("AffixSeal", "agreement/1")
    li.step("RecordVisit", "visit/1", party="party/1", said="钱到了")
    case = told.door.case(li.case)
    assert case.state("agreement/1") == "effective"
    assert case.state("visit/1") == "done"
    assert li.page.goto(f"{site}/cases/{li.case}/missing").status == 200  # type: ignore[union-attr]


def test_a_second_mediators_stale_form_says_who_was_faster_and_goes_on_with_one_press(
    site: str, windows: list[BrowserContext], told: Story
) -> None:
    li, zhou = at_desk(windows[0], site, "li"), at_desk(windows[1], site, "zhou")
    li.open("RefuseMediation", "party/1")
    li.put("f.reason", "他说先等等")
    zhou.step("TellRights", "party/1")
    li.send()
    page = li.page.inner_text("main")
    assert "情况有了变化" in page
    assert "已告知权利义务" in page
    assert "周调解" in page
    assert li.page.input_value("[name='f.reason']") == "他说先等等"
    assert told.case.state("party/1") == "engaged"
    li.send()
    assert "已办理“明确拒绝调解”" in li.page.inner_text("main")
    assert told.case.state("party/1") == "refusing"
