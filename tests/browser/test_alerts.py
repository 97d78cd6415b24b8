"""An alert as those who answer for it see it through: from the push to what the police are told, press by press."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.roles import Office
from mediation_engine.ids import seeded_randomness
from mediation_engine.services.tasks import FinishingService
from workflows.parts.agreement import AffixSeal, DraftAgreement, ReachAgreement, SignAsMediator
from workflows.phases.intake import AcceptCase
from workflows.zone.tasks import case_of

from ..support.browser import FRONT, objections, served, sign_in
from ..support.calling import API, EVERYTHING, token_for
from ..support.story import NOW, PAY, STORY_SEED, Story
from .conftest import with_passwords

PUSHED = {
    "number": "J3307842026112300017",
    "district": "east",
    "trouble": "fight",
    "urgency": "urgent",
    "words": "两人在厂门口推搡，都没有受伤",
    "station": "城西派出所",
    "named": [
        {"person": "王某", "standing": "reporter"},
        {"person": "某五金厂", "standing": "other", "kind": "enterprise"},
    ],
}
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


@pytest.fixture
def story() -> Story:
    """A room with passwords, over a door that goes on to what is left to be done."""
    clock = FixedClock(NOW)
    story = with_passwords(Story(MemoryStore(clock), clock))
    story.door = FinishingService(story.store, story.door.catalogue, seeded_randomness(STORY_SEED))
    return story


@pytest.fixture
def site(story: Story) -> Iterator[str]:
    with served(story) as address:
        yield address


class Pressed:
    """A page on which forms open over what is read: press a step, fill it in, give it."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site

    def open(self, path: str) -> str:
        """What a page says."""
        self.page.goto(self.site + path)
        return self.page.inner_text("main")

    def step(self, called: str, **chosen: str) -> None:
        """Press a step of the page in sight, choose what it asks, give it."""
        self.page.locator("main").get_by_role("button", name=re.compile(f"^{called}")).first.click()
        front = self.page.locator(FRONT)
        expect(front.locator("h1")).to_have_text(re.compile(called))
        for name, value in chosen.items():
            field = front.locator(f"[name='f.{name}']").first
            if field.get_attribute("type") == "radio":
                front.locator(f"[name='f.{name}'][value='{value}']").check()
            elif field.evaluate("it => it.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        front.locator(".buttons button[value=do]").click()
        expect(front).to_have_count(0)
        expect(self.page.locator(".report")).to_contain_text("已")


def settled(case: Story) -> None:
    """What goes on in the case until it is to be paid."""
    case.do(AcceptCase(), by=Office.LEAD)
    case.do(ReachAgreement(terms=(PAY,)))
    case.do(DraftAgreement(signers=("party/1", "party/2")), "agreement/1")
    case.confirm("confirmation/1", "confirmation/2")
    case.do(SignAsMediator(), "agreement/1")
    case.do(AffixSeal(), "agreement/1", by=Office.LEAD)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_one_that_became_a_case_comes_back_performed_and_ends_once_the_police_were_told(
    chromium: Browser, story: Story, site: str, size: Any
) -> None:
    page = chromium.new_page(viewport=size, locale="zh-CN")
    token = token_for(story, Office.MEDIATOR, EVERYTHING)
    keys = {"Authorization": f"Bearer {token}", "Idempotency-Key": "push-0001"}
    body = {"workflow": "alert_2026", "fields": PUSHED}
    pushed = page.request.post(f"{site}{API}/cases", data=body, headers=keys)
    assert pushed.status == 201, pushed.text()
    alert = pushed.json()["case"]
    sign_in(page, site, "li")
    pressed = Pressed(page, site)

    assert "警情待签收" in pressed.open("/work")
    pressed.step("签收")
    assert "警情待联系" in pressed.open("/work")
    pressed.step("记录联系", result="calm")
    pressed.open(f"/cases/{alert}")
    assert objections(page) == []
    pressed.step("转调解", matter="推搡以后要医药费")

    case = Story(story.store, story.clock, case_of(alert, "outcome/1"))
    case.door = story.door
    page.locator("main .caption a", has_text="王某、某五金厂").click()
    page.wait_for_url(f"{site}/cases/{case.name}")
    pressed.step("自行承办")
    settled(case)
    assert "案件已达成协议" not in pressed.open("/work")  # that the police are to be told stands there in few words
    assert "已达成协议，请反馈公安" in page.inner_text("main")
    pressed.step("反馈公安")
    pressed.open(f"/cases/{case.name}")
    pressed.step("记录付款")
    assert "已履行，请反馈公安" in pressed.open("/work")

    read = pressed.open(f"/cases/{alert}")
    assert "已履行" in read
    for paper in ("警情化解反馈单", "履行情况证明", "不予处罚申请书"):
        assert f"打印{paper}" in read
    assert objections(page) == []
    pressed.step("反馈公安")
    pressed.step("办结")
    assert story.door.case(alert).facts.closed == "finished"
    assert "登记新案" not in pressed.open(f"/cases/{alert}")
    assert alert not in pressed.open("/work")
    page.close()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_one_registered_by_hand_is_settled_on_the_spot_by_what_the_page_offers(
    chromium: Browser, story: Story, site: str, size: Any
) -> None:
    page = chromium.new_page(viewport=size, locale="zh-CN")
    sign_in(page, site, "wang")
    pressed = Pressed(page, site)
    pressed.open("/alerts/new")
    page.fill("[name='f.number']", "J1")
    page.select_option("[name='f.district']", label="东片区")
    page.select_option("[name='f.trouble']", "quarrel")
    page.fill("[name='f.words']", "为停车吵起来")
    page.fill("[name='f.named.0.person.new']", "王小明")
    page.fill("[name='f.named.1.person.new']", "李小红")
    page.click("main form .buttons button[value=do]")
    page.wait_for_url(re.compile(r"/cases/(?!new)"))
    for step, filled in (
        ("签收", {}),
        ("记录联系", {"result": "calm"}),
        ("当场化解", {"words": "挪车，说了对不起"}),
        ("反馈公安", {}),
        ("办结", {}),
    ):
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        pressed.step(step, **filled)
    assert "办结" in page.inner_text("main .glance")
    page.close()
