"""月报: a committee of an enterprise reports its month by a link; the room sees who has and who has not."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from mediation_engine.domain.month import Month
from mediation_engine.domain.roles import Office
from workflows.zone.returns.facts import ReturnFacts, facts_of
from workflows.zone.returns.filing import item_of

from ...support.committees import CUPS, DOORS, with_committees
from ...support.story import Story
from ..conftest import Browser

SignedIn = Callable[[Office | str], Browser]
OCTOBER = Month(2026, 10)


@pytest.fixture
def room(told: Story) -> Story:
    return with_committees(told)


@pytest.fixture
def li(web_client: SignedIn, room: Story) -> Browser:
    return web_client(Office.MEDIATOR)


@pytest.fixture
def phone(app: Flask, li: Browser) -> Browser:
    """The telephone of who answers for a committee, come in by the link."""
    li.get("/returns")
    page = li.send("/returns/links", committee=[CUPS.id]).text
    link, pin = re.search(r"(/links/[\w-]{43})<", page), re.search(r'class="pin">(\d{6})<', page)
    assert link, page
    assert pin
    browser: Any = app.test_client()
    browser.get(link[1])
    assert browser.send(link[1], pin=pin[1]).location == "/monthly"
    return browser


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))


def facts(story: Story, committee: str = CUPS.id, month: Month = OCTOBER) -> ReturnFacts:
    return facts_of(story.door.case(item_of(committee, month)))


def report(phone: Browser, path: str = "/monthly/2026-10/report", **typed: str) -> Any:
    page = phone.get(path).text
    return phone.send(path.partition("?")[0], **hidden(page) | {"f.signer": "王人事", "do": "do"} | typed)


ROW = {
    "f.named": "1",
    "f.named.0.worker.new": "王某",
    "f.named.0.other.new": "范例杯业",
    "f.named.0.about": "wages",
    "f.named.0.result": "failed",
    "f.named.0.amount": "5000",
    "f.named.0.people": "1",
    "f.named.0.raised": "2026-10-12",
}


class TestByLink:
    def test_nothing_new_is_a_statement_that_is_signed(self, phone: Browser, room: Story) -> None:
        assert "2026年10月，有没有新纠纷？" in phone.get("/monthly").text
        answer = report(phone, "/monthly/2026-10/report?nothing=1")
        assert answer.status_code == 303, answer.text
        assert "已收到" in phone.get(answer.location).text
        held = facts(room).statement
        assert held is not None
        assert (held.nothing, held.late) == (True, True)

    def test_a_small_dispute_is_listed_and_handed_up_to_the_room(self, phone: Browser, room: Story) -> None:
        answer = report(phone, **ROW)
        assert answer.status_code == 303, answer.text
        page = phone.get(answer.location).text
        assert "王某 与 范例杯业" in page
        answer = phone.send("/monthly/2026-10/hand-up", **hidden(page))
        assert answer.status_code == 303, answer.text
        assert facts(room).entries["entry/1"].state.value in ("waiting", "handed_up")


class TestBoard:
    def test_it_shows(self, li: Browser, phone: Browser) -> None:
        page = li.get("/returns?group=expected").text
        assert CUPS.name in page
        assert DOORS.name in page
