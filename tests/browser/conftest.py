"""A real server in a thread, and a real browser that talks to it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

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
from workflows.parts.risk import RaiseRisk
from workflows.parts.session import Attendance, RecordSession
from workflows.phases.intake import AcceptCase
from workflows.vocabulary import Danger, SessionResult

from ..support.browser import CHROMIUM, served
from ..support.browser import chromium as launched
from ..support.story import NOW, STAFF, Story, register
from ..web.conftest import PASSWORD, quick

__all__ = ["quick"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser itself, once."""
    if not shutil.which(CHROMIUM):
        pytest.skip("there is no chromium here; make browser installs one")
    with launched() as browser:
        yield browser


@pytest.fixture
def story() -> Story:
    """A case with an agreement, and staff who have a password."""
    clock = FixedClock(NOW)
    return with_passwords(Story(MemoryStore(clock), clock).effective())


@pytest.fixture
def much() -> Story:
    """Much to look at."""
    return much_told()


def much_told() -> Story:
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
