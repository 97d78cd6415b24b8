"""A real server in a thread, and a real browser that talks to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.ports.messages import Sending
from mediation_engine.ports.register import Person
from mediation_engine.services.due_sweep import sweep
from web.security import passwords as signing
from workflows.parts.block import MarkBlocked, RecordTalk
from workflows.parts.member import RecordMember
from workflows.parts.note import RecordNote
from workflows.parts.party import RefuseMediation
from workflows.parts.risk import Danger, RaiseRisk
from workflows.parts.session import Attendance, RecordSession
from workflows.phases.intake import AcceptCase
from workflows.vocabulary import SessionResult

from ..support.story import NOW, STAFF, Story, register
from ..web.conftest import PASSWORD, app_over, quick

__all__ = ["quick"]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser itself, once."""
    if not shutil.which(CHROMIUM):
        pytest.skip("there is no chromium here; make browser installs one")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def story() -> Story:
    """A case with an agreement, and staff who have a password."""
    clock = FixedClock(NOW)
    return with_passwords(Story(MemoryStore(clock), clock).effective())


@pytest.fixture
def much() -> Story:
    """Case A1 with an agreement, a visit long overdue and a talk apart; B1 whose five parties have met in vain.

    One of them refuses; what is written is long. Some pages look otherwise where there is much on them.
    """
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock).effective()
    story.do(RecordTalk(party="party/1", said=Text("只要八千就肯走"), bottom_line=Text("六千是底线")))
    story.do(RaiseRisk(danger=Danger.PETITION, signs=Text("他说要去堵厂门")))
    story.do(RecordNote(words=Text("厂里没有发工资。" * 100)))
    clock.now += timedelta(days=40)
    other = Story(story.store, clock, "B1")
    other.do(register(in_zone=True), workflow="consultation_2026")
    other.do(AcceptCase(), by=Office.LEAD)
    other.do(RecordTalk(party="party/2", said=Text("月底有钱")))
    other.do(MarkBlocked(reason=Text("一步不让")), "block/1")
    for role, name in (("host", "孙主办"), ("justice", "钱庭长"), ("department", "吴科长"), ("mentor", "郑导师")):
        person = Person(id=role, name=name, kind=PartyKind.PERSON)
        other.door.submit(other.order(RecordMember(role=role, person=role)), [person])
    rows = tuple(Attendance(member=f"member/{n}", opinion=Text("先付一半")) for n in range(1, 5))
    other.do(RecordSession(attended=("party/1", "party/2"), attendance=rows, result=SessionResult.NOT_SETTLED))
    other.do(RefuseMediation(reason=Text("不谈了")), "party/2")
    sweep(story.store, story.door.catalogue, ["mail"])
    with story.store.write() as unit:
        [first, *_] = unit.messages.of("li")
        unit.messages.put([], [Sending(message=first.id, channel="mail", next=unit.now, dead=unit.now, fault="断开了")])
    return with_passwords(story)


def with_passwords(story: Story) -> Story:
    """All of the staff can sign in."""
    with story.store.write() as unit:
        for actor in STAFF.values():
            signing.give_password(unit, actor.id, PASSWORD, once=False)
    return story


@pytest.fixture
def site(story: Story) -> Iterator[str]:
    """The address of the pages over that story."""
    with served(story) as address:
        yield address


@contextmanager
def served(story: Story, around: Callable[[Any], Any] = lambda app: app, **given: Any) -> Iterator[str]:
    """The address of the pages over a story, while it lasts, with something `around` them."""
    server = make_server("127.0.0.1", 0, _late(story), threaded=True)
    address = f"http://127.0.0.1:{server.port}"
    server.app = around(app_over(story, public_url=address, **given))
    running = Thread(target=server.serve_forever)
    running.start()
    try:
        yield address
    finally:
        server.shutdown()
        running.join()
        server.server_close()


def _late(_story: Story) -> Flask:
    """The port is known only when the server is made; until then there is nothing to serve."""
    return Flask("nothing")
