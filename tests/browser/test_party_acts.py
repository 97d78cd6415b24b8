"""A party does what it has to do on a telephone of 360 px: money, a paper, words, a wish; an answer may get lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Browser

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from web.presenters.party_acts import ACTS
from workflows.parts.payment import RecordPayment

from ..support.browser import served, until_lost
from ..support.files import photo
from ..support.story import NOW, PAY, Story
from .conftest import with_passwords
from .test_confirming import Phone, issued_to
from .test_exhibits import chosen, losing_answers


@pytest.fixture
def story() -> Story:
    """Twelve thousand yuan are owed in two parts, one of them already booked as paid, the other due yesterday."""
    clock = FixedClock(NOW)
    part = replace(PAY, amount=600_000)
    story = Story(MemoryStore(clock), clock).effective(terms=(part, replace(part, due=date(2026, 11, 22))))
    story.do(RecordPayment(obligation="obligation/1", amount=600_000))
    return with_passwords(story)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_what_came_a_paper_and_words_are_given_in_three_screens_each(
    chromium: Browser, story: Story, tmp_path: Path, script: bool
) -> None:
    with served(story, tmp_path / "exhibits") as address:
        phone, issued = Phone(chromium, address, script=script), issued_to(story, "party/1")
        phone.enter(issued)
        page = phone.page
        page.goto(f"{address}/party/do")
        phone.looked()
        boxes = [it.bounding_box() or {} for it in page.locator(".answers [role=button]").all()]
        assert len({(box["width"], box["height"]) for box in boxes}) == 1
        phone.press("收到了")
        page.set_input_files("#files-chosen", chosen(tmp_path, "a.jpg", photo()))
        page.fill("#pin", issued.pin)
        phone.press("提交")
        assert "这笔钱已经记为收到" in phone.said
        phone.press("还要办别的")
        phone.press("交材料")
        page.fill("[name='f.title']", "欠条")
        page.set_input_files("#files-camera", chosen(tmp_path, "b.jpg", photo("b")))
        phone.press("提交")
        assert "材料已经收下" in phone.said
        phone.press("还要办别的")
        phone.press("有话要说")
        phone.press("提交")
        assert page.locator(".wrong").count()
        page.fill("[name='f.words']", "其实八千就够")
        phone.press("提交")
        assert "已经交给调解员" in phone.said
        phone.close()
    assert story.state("agreement/1") == "performed"
    assert list(story.case.facts.exhibits) == ["exhibit/1", "exhibit/2"]
    assert list(story.case.facts.statements) == ["statement/1"]


def test_each_page_of_an_act_can_be_read_and_pressed(chromium: Browser, story: Story, tmp_path: Path) -> None:
    with served(story, tmp_path / "exhibits") as address:
        phone = Phone(chromium, address)
        phone.enter(issued_to(story, "party/1"))
        for code in ACTS:
            phone.page.goto(f"{address}/party/do/{code}")
            phone.looked()
        phone.context.close()


def test_where_only_the_answer_was_lost_it_is_done_once(chromium: Browser, story: Story, tmp_path: Path) -> None:
    broken = Event()
    broken.set()
    with served(story, tmp_path / "exhibits", losing_answers(broken, "/party/do/stop")) as address:
        phone, issued = Phone(chromium, address), issued_to(story, "party/1")
        phone.enter(issued)
        phone.page.goto(f"{address}/party/do/stop")
        phone.page.fill("#pin", issued.pin)
        phone.page.get_by_text("提交", exact=True).click(no_wait_after=True)
        until_lost(phone.page)
        assert story.state("party/1") == "refusing"
        broken.clear()
        phone.page.reload()
        phone.looked()
        assert "您不想再调解了" in phone.said
        phone.close()
    assert [line.event for line in story.lines].count("MediationRefused") == 1
