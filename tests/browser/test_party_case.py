"""A party's own case on a telephone of 360 px: each page can be read, pressed, and comes with little to load."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind, PersonDetails
from mediation_engine.domain.people import Phone as Number
from mediation_engine.domain.roles import Office
from mediation_engine.ids import system_randomness
from mediation_engine.ports.register import Person
from mediation_engine.services.people import People
from workflows.facts import Term
from workflows.parts.agreement import ReachAgreement
from workflows.parts.delivery import DeliverPaper
from workflows.parts.exhibit import FileExhibit
from workflows.parts.party import TellRights
from workflows.parts.payment import RecordPayment
from workflows.vocabulary import CapacityKind, DeliveredPaper, ExhibitKind, TermKind

from ..support.exhibits import ROOM_KEY, handed, made_up
from ..support.story import NOW, PAY, STAFF, Story
from .conftest import served, with_passwords
from .test_confirming import SHOTS, Phone, issued_to

PAGES = ("case", "record", "money", "papers", "reads", "me")
MOST = 60 * 1024
"""Bytes of a first visit, as they are sent."""
WIDTHS = (360, 1280)


@pytest.fixture
def story() -> Story:
    """A case in which there is something on every page: money late and paid, a paper delivered, files, numbers."""
    clock = FixedClock(NOW)
    story = with_passwords(Story(MemoryStore(clock), clock))
    terms = (
        replace(PAY, due=date(2026, 11, 20)),
        Term(
            words=Text("余下的分三个月付清，每月最后一个工作日以前付到工人本人的工资卡上"),
            kind=TermKind.PAY,
            payer="party/2",
            payee="party/1",
            amount=3_456_700,
            due=date(2027, 2, 26),
        ),
    )
    story.effective(terms=terms)
    with story.store.write() as unit:
        unit.register.put_person(Person(id="zhang", name="张厂长", kind=PartyKind.PERSON, organisation="room"))
    story.acting_for("party/2", person="zhang", kind=CapacityKind.HEAD)
    known = PersonDetails(
        number=Text("33078419900101123X"),
        phones=(Number(number=Text("13812345678")),),
        address=Text("永康市东城街道某路1号"),
    )
    people = People(story.store, ROOM_KEY, system_randomness)
    people.change(STAFF[Office.MEDIATOR], "worker", expects=1, details=known)
    story.do(RecordPayment(obligation="obligation/1", payer="party/2", payee="party/1", amount=200_000))
    story.do(TellRights(), "party/1")
    story.do(DeliverPaper(paper=DeliveredPaper.RIGHTS, party="party/1"))
    kept = FileExhibit(kind=ExhibitKind.OTHER, title=Text("工资条"), files=(made_up(1),))
    story.door.submit(story.order(kept), (), handed(kept))
    story.do(ReachAgreement(terms=(Term(words=Text("厂里把被褥还给他")),)))
    for office in (Office.LEAD, Office.AUDITOR):
        story.door.look(STAFF[office].id, office, story.case, "case")
    return story


@pytest.mark.parametrize("key", ["party/1", "capacity/1"])
def test_each_page_can_be_read_and_pressed(chromium: Browser, story: Story, key: str) -> None:
    with served(story) as address:
        phone = Phone(chromium, address)
        phone.enter(issued_to(story, key))
        for page in PAGES:
            phone.page.goto(f"{address}/party/{page}")
            phone.looked()
            assert phone.page.locator("script").count() == 0
            for width in WIDTHS if SHOTS else ():
                phone.page.set_viewport_size({"width": width, "height": 740})
                name = f"{key.replace('/', '')}-{page}-{width}.png"
                phone.page.screenshot(path=Path(SHOTS) / name, full_page=True)
            phone.page.set_viewport_size({"width": 360, "height": 740})
        phone.context.close()


def test_all_is_reached_by_pressing_without_a_script(chromium: Browser, story: Story) -> None:
    with served(story) as address:
        phone = Phone(chromium, address, script=False)
        phone.enter(issued_to(story, "party/1"))
        for words, found in (
            ("钱", "还差"),
            ("经过", "案件已登记"),
            ("谁看过", "核查员"),
            ("我的资料", "138****5678"),
            ("协议和文书", "权利义务告知书"),
        ):
            phone.press(words)
            assert found in phone.said, words
            phone.press("回到我的案件")
        assert "找谁" in phone.said
        phone.press("看完了，退出")
        phone.page.goto(f"{address}/party/case")
        assert "找谁" not in phone.said
        phone.context.close()


@pytest.mark.parametrize("page", PAGES)
def test_a_first_visit_is_small(chromium: Browser, story: Story, page: str) -> None:
    with served(story) as address:
        phone, sent = Phone(chromium, address), dict[str, int]()
        phone.enter(issued_to(story, "party/1"))
        fresh = chromium.new_context(storage_state=phone.context.storage_state())
        visit = fresh.new_page()
        visit.on("requestfinished", lambda it: sent.update({it.url: it.sizes()["responseBodySize"]}))
        visit.goto(f"{address}/party/{page}", wait_until="networkidle")
        fresh.close()
        phone.context.close()
    assert len(sent) >= 3, sent
    assert sum(sent.values()) <= MOST, sent
