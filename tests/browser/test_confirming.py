"""Two who act for parties read and answer on telephones of 360 px: an objection, a new text, and both agree."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.ports.register import Person
from web.security.links import Issued
from web.security.party_links import issue_for_party
from workflows.parts.agreement import AffixSeal, AmendAgreement, SignAsMediator
from workflows.vocabulary import CapacityKind

from ..support.browser import objections, served
from ..support.exhibits import ROOM_KEY
from ..support.story import NOW, PAY, STAFF, Story
from .conftest import with_passwords

PHONE = {"width": 360, "height": 740}
SHOTS = os.environ.get("SHOTS", "")
"""A folder for pictures of the pages, to be looked at."""
SMALL = """() => [...document.querySelectorAll("main p, main dd, main dt, main li, main label, main button, main a")]
  .filter(e => e.checkVisibility() && e.innerText.trim() &&
    parseFloat(getComputedStyle(e).fontSize) < 18).map(e => e.outerHTML.slice(0, 120))"""
LOW = """() => [...document.querySelectorAll("main :is(button, .way, [role=button], select, input:not([type=hidden]))")]
  .filter(e => e.checkVisibility() && (e.closest("label") || e).getBoundingClientRect().height < 44)
  .map(e => e.outerHTML.slice(0, 120))"""
WIDE = "() => document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def story() -> Story:
    clock = FixedClock(NOW)
    story = with_passwords(Story(MemoryStore(clock), clock).drafted())
    with story.store.write() as unit:
        unit.register.put_person(Person(id="zhang", name="张厂长", kind=PartyKind.PERSON, organisation="room"))
    story.acting_for("party/2", person="zhang", kind=CapacityKind.HEAD)
    return story


def issued_to(story: Story, key: str) -> Issued:
    return issue_for_party(story.door, ROOM_KEY, STAFF[Office.MEDIATOR], "A1", key, 3)


class Phone:
    """A telephone; it counts its presses and looks at each of its pages."""

    def __init__(self, chromium: Browser, address: str, *, script: bool = True) -> None:
        self.context = chromium.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=script)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.address, self.presses, self.script = address, 0, script

    def press(self, words: str) -> None:
        self.presses += 1
        self.page.locator("main").get_by_text(words, exact=True).first.click()
        self.page.wait_for_load_state()
        self.looked()

    def looked(self) -> None:
        if self.script:
            assert objections(self.page) == []
            assert self.page.evaluate(SMALL) == []
            assert self.page.evaluate(LOW) == []
            assert not self.page.evaluate(WIDE)
        if SHOTS:
            name = f"{len(list(Path(SHOTS).glob('*.png'))):02d}.png"
            self.page.screenshot(path=Path(SHOTS) / name, full_page=True)

    @property
    def said(self) -> str:
        return self.page.inner_text("main")

    def enter(self, issued: Issued) -> str:
        """By the short code, as in WeChat."""
        self.presses = 0
        self.page.goto(f"{self.address}/c")
        self.looked()
        self.page.fill("#code", issued.code)
        self.page.fill("#pin", issued.pin)
        self.press("打开")
        return self.said

    def answer(self, issued: Issued, label: str, **filled: str) -> str:
        self.press("看全文，再答复")
        self.press(label)
        for name, value in filled.items():
            self.page.fill(f"#{name}", value)
        self.page.fill("#pin", issued.pin)
        self.press(f"{label}，提交")
        return self.said

    def close(self) -> None:
        self.press("办完了，退出")
        self.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_one_agrees_one_objects_the_text_is_amended_and_both_agree(
    chromium: Browser, story: Story, script: bool
) -> None:
    with served(story) as address:
        worker, head = (Phone(chromium, address, script=script) for _ in range(2))
        first = issued_to(story, "party/1")
        assert "12,000" in worker.enter(first)
        assert "尚须签名" in worker.answer(first, "同意")
        assert worker.presses <= 12
        other = issued_to(story, "capacity/1")
        head.enter(other)
        assert "您的意见已经交给调解员" in head.answer(other, "我有意见", words="月底才有钱")
        assert (story.state("confirmation/1"), story.state("confirmation/2")) == ("online", "objected")
        amount = PAY.amount or 0
        story.do(AmendAgreement(amount=amount, words=Text("月底付清")), "agreement/1")
        worker.page.goto(f"{address}/party")
        worker.looked()
        assert "以前确认过的也一起作废" in worker.said
        worker.press("退出")
        for phone, key in ((worker, "party/1"), (head, "capacity/1")):
            fresh = issued_to(story, key)
            told = phone.enter(fresh)
            assert ("您以前确认的那一版已经作废" in told) == (key == "party/1")
            assert "尚须签名" in phone.answer(fresh, "同意")
            assert phone.presses <= 12
            phone.close()
    assert story.state("confirmation/1") == "void"
    assert [story.state(f"confirmation/{n}") for n in (3, 4)] == ["online", "online"]
    assert story.state("agreement/1") == "drafted"
    assert not any(c.shared for c in story.case.facts.confirmations.values())
    story.confirm("confirmation/3", "confirmation/4")
    story.do(SignAsMediator(), "agreement/1")
    story.do(AffixSeal(), "agreement/1", by=Office.LEAD)
    assert story.state("agreement/1") == "effective"


def test_on_a_slow_line_everything_is_there_without_waiting_long(chromium: Browser, story: Story) -> None:
    """400 kbit/s and 400 ms to an answer; how long is measured by `python -m bench 手机慢网`."""
    with served(story) as address:
        worker = Phone(chromium, address)
        slow = {"downloadThroughput": 50_000, "uploadThroughput": 50_000, "latency": 400, "offline": False}
        worker.context.new_cdp_session(worker.page).send("Network.emulateNetworkConditions", slow)
        issued = issued_to(story, "party/1")
        assert "12,000" in worker.enter(issued)
        assert "尚须签名" in worker.answer(issued, "同意")
        worker.close()
    assert story.state("confirmation/1") == "online"


def test_the_three_answers_are_as_large_and_come_in_their_order(chromium: Browser, story: Story) -> None:
    with served(story) as address:
        phone, issued = Phone(chromium, address), issued_to(story, "party/1")
        phone.enter(issued)
        phone.press("看全文，再答复")
        boxes = [it.bounding_box() or {} for it in phone.page.locator(".answers button").all()]
        assert len({(box["width"], box["height"]) for box in boxes}) == 1
        assert boxes[0]["height"] >= 60
        phone.page.locator(".answers button").first.focus()
        order = []
        for _ in range(3):
            order.append(phone.page.evaluate("document.activeElement.value"))
            phone.page.keyboard.press("Tab")
        assert order == ["agree", "object", "decline"]
        phone.context.close()
