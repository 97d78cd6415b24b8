"""月报 on a telephone of 360 px: nothing new in few presses; a small dispute listed, put right, and handed up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.month import Month
from mediation_engine.domain.roles import Office
from web.security.return_links import issue_for_return
from workflows.zone.returns.facts import ReturnFacts, facts_of
from workflows.zone.returns.filing import item_of
from workflows.zone.returns.vocabulary import EntryState, Reported

from ..support.browser import served
from ..support.committees import CUPS, with_committees
from ..support.exhibits import ROOM_KEY
from ..support.story import NOW, STAFF, Story
from .conftest import with_passwords
from .test_confirming import Phone

OCTOBER = Month(2026, 10)
MOST_PRESSES = 5


@pytest.fixture
def story() -> Story:
    clock = FixedClock(NOW)
    return with_passwords(with_committees(Story(MemoryStore(clock), clock)))


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def phone(request: pytest.FixtureRequest, chromium: Browser, story: Story) -> Iterator[Phone]:
    """The telephone of who answers for a committee, at the page for the PIN with the PIN typed."""
    issued = issue_for_return(story.door, ROOM_KEY, STAFF[Office.MEDIATOR], CUPS.id)
    with served(story) as address:
        phone = Phone(chromium, address, script=request.param)
        phone.page.goto(f"{address}/links/{issued.secret}")
        phone.page.fill("[name=pin]", issued.pin)
        yield phone
        phone.context.close()


def told(story: Story) -> ReturnFacts:
    return facts_of(story.door.case(item_of(CUPS.id, OCTOBER)))


def test_that_there_was_nothing_is_signed_in_few_presses(phone: Phone, story: Story) -> None:
    for words in ("打开", "本月无新纠纷", "签名，交上去"):
        phone.press(words)
    assert "已收到" in phone.said
    assert phone.presses <= MOST_PRESSES
    assert told(story).reported is Reported.ZERO


def test_a_small_dispute_is_listed_and_goes_to_the_room(phone: Phone, story: Story) -> None:
    phone.press("打开")
    phone.press("有纠纷，逐件登记")
    phone.page.locator("[name='f.named.0.worker.new']").fill("王某")
    phone.page.locator("[name='f.named.0.result']").select_option("failed")
    phone.page.locator("[name='f.named.0.amount']").fill("5000")
    phone.press("签名，交上去")
    assert "王某 与 范例杯业" in phone.said
    phone.press("转到调解室：王某")
    assert told(story).entries["entry/1"].state is EntryState.WAITING
    phone.press("更正：改纠纷")
    assert "已转到调解室的不用再写" in phone.said
