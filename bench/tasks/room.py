"""The room in which a task is done: pages over a new store, its staff, their browsers, and the clock that is moved."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog
from PIL import Image
from playwright.sync_api import Browser

from mediation_engine.adapters.sql import open_store, prepare
from mediation_engine.clock import FixedClock
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.roles import Actor, Office
from tests.support.browser import chromium, served
from tests.support.story import STAFF, Story
from tests.web.conftest import PASSWORD
from web.security import passwords
from web.security.session_policy import STAFF_LIMITS

from .hand import DESK, Hand, Tally

CLERK = Actor(id="chenyun", name="陈书记员", organisation="room", offices=frozenset({Office.MEDIATOR}))
LEAD, MEDIATOR, AUDITOR = (STAFF[it].id for it in (Office.LEAD, Office.MEDIATOR, Office.AUDITOR))


@dataclass(slots=True)
class Room:
    """Staff at their browsers; everything they do is counted together."""

    story: Story
    address: str
    browser: Browser
    scan: Path
    """A paper that was photographed."""
    tally: Tally = field(default_factory=Tally)
    hands: dict[str, Hand] = field(default_factory=dict)

    def at(self, moment: str) -> None:
        """Go on at a day and an hour of China."""
        self.story.clock.now = datetime.fromisoformat(moment).replace(tzinfo=CHINA)

    @property
    def now(self) -> datetime:
        return self.story.clock.now

    @contextmanager
    def person(self, who: str, act: str) -> Iterator[Hand]:
        """Somebody of the staff, signed in, on the work page, about to do something."""
        if who not in self.hands:
            width, height = DESK
            context = self.browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
            self.hands[who] = Hand.at(context.new_page(), self.tally)
        hand = self.hands[who]
        if hand.now.left is None or self.now - hand.now.left >= STAFF_LIMITS.idle:
            self._come_in(hand, who)
        hand.now.left = self.now
        with hand.doing(act):
            yield hand

    def _come_in(self, hand: Hand, who: str) -> None:
        """Open the pages from a bookmark; the way through the sign-in is counted apart."""
        hand.now.signing_in = True
        hand.page.goto(self.address)
        if hand.sees("登录"):
            hand.type("账号", who)
            hand.type("密码", PASSWORD)
            hand.press("登录")
        hand.now.signing_in = False


@contextmanager
def room(folder: Path, begins: str) -> Iterator[Room]:
    """A room that opens in the morning of a day."""
    url = f"sqlite:///{folder / 'room.db'}"
    prepare(url)
    clock = FixedClock(datetime.fromisoformat(begins).replace(tzinfo=CHINA))
    story = Story(open_store(url, clock), clock, more=[CLERK])
    with story.store.write() as unit:
        for actor in (*STAFF.values(), CLERK):
            passwords.give_password(unit, actor.id, PASSWORD, once=False)
    scan = folder / "scan.png"
    Image.new("L", (60, 80), 255).save(scan)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with served(story, folder / "exhibits") as address, chromium() as browser, (folder / "log").open("w") as log:
        structlog.configure(logger_factory=structlog.WriteLoggerFactory(log))
        yield Room(story, address, browser, scan)
