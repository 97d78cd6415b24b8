"""The morning digest: once a working day, with all there is; late where it must be; what is urgent goes by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from mediation_engine.clock import FixedClock
from mediation_engine.domain.message import Takes
from mediation_engine.domain.roles import Office
from mediation_engine.ports.channels import Envelope
from mediation_engine.ports.messages import Contact
from mediation_engine.ports.store import Store
from mediation_engine.services.digest import MOST_TOLD, write_digests
from mediation_engine.services.due_sweep import sweep
from mediation_engine.services.sending import Post
from workflows.parts.risk import RaiseRisk
from workflows.phases.intake import AcceptCase
from workflows.vocabulary import Danger

from ...contracts.store import put
from ...support.story import Story
from .test_due_sweep import CATALOGUE, Kept, dues

HOUR = time(8)
TODAY = date(2026, 11, 23)
"""A Monday."""


class Room:
    """A store, a mediator who has chosen the digest, and a worker that turns."""

    def __init__(self, store: Store, clock: FixedClock, takes: Takes = Takes.DIGEST) -> None:
        self.story, self.store, self.clock, self.kept = Story(store, clock), store, clock, Kept([])
        with store.write() as unit:
            unit.messages.put_contact(Contact(actor="li", channel="kept", address="x", takes=takes))

    def turn(self, day: date = TODAY, hour: str = "08:00") -> list[Envelope]:
        """What is sent at a moment in China."""
        at = datetime.combine(day, time.fromisoformat(hour)) - timedelta(hours=8)
        self.clock.now, sent = at.replace(tzinfo=UTC), len(self.kept.sent)
        sweep(self.store, CATALOGUE, ["kept"])
        write_digests(self.store, CATALOGUE, ["kept"], HOUR)
        Post(store=self.store, catalogue=CATALOGUE, channels={"kept": self.kept}, address="https://room.cn").send()
        return self.kept.sent[sent:]


@pytest.fixture
def room(store: Store, clock: FixedClock) -> Room:
    return Room(store, clock)


def test_it_says_what_is_overdue_due_and_unread_and_names_nobody(room: Room) -> None:
    put(room.store, dues(TODAY, TODAY - timedelta(days=2), number="（2026）永开人调字第0009号"))
    room.story.registered().do(AcceptCase(), by=Office.LEAD)
    [digest] = room.turn()
    assert digest.subject == "【五方会诊】晨报：逾期1项，今天到期1项，没有看的消息1项"
    assert digest.body.splitlines() == [
        "2026年11月23日（周一）",
        "",
        "逾期（1）",
        "　（2026）永开人调字第0009号　借阅2：借出的案卷该还了，2026年11月21日（周六）",
        "",
        "今天到期（1）",
        "　（2026）永开人调字第0009号　借阅1：借出的案卷该还了，2026年11月23日（周一）",
        "",
        "没有看的消息（1）",
        "　（2026）永开人调字第0001号　案件已受理",
        "",
        "打开工作台：",
        "https://room.cn/work",
        "",
        "登录后查看详情。晨报里不写姓名和案情。",
    ]


def test_once_a_day_whatever_number_of_workers_and_not_before_its_hour(room: Room) -> None:
    put(room.store, dues(TODAY))
    assert room.turn(hour="07:59") == []
    assert len(room.turn(hour="08:00")) == 1
    assert room.turn(hour="08:01") == room.turn(hour="23:59") == []
    [again] = room.turn(TODAY + timedelta(days=1))
    assert again.id != room.kept.sent[0].id
    assert "逾期1项" in again.subject, "what was not done is there again"


def test_not_on_a_day_of_rest_but_on_a_working_saturday(room: Room) -> None:
    put(room.store, dues(date(2026, 10, 1)))
    assert room.turn(date(2026, 10, 1)) == [], "国庆节"
    assert len(room.turn(date(2026, 10, 10))) == 1, "调休上班"
    assert room.turn(date(2026, 10, 11)) == []
    assert len(room.turn(date(2026, 10, 12))) == 1


def test_of_a_year_that_nobody_knows_by_the_weekday(room: Room) -> None:
    put(room.store, dues(TODAY))
    assert [len(room.turn(date(2099, 11, day))) for day in (20, 21, 22, 23)] == [1, 0, 0, 1]


def test_where_the_worker_was_down_in_the_morning_it_comes_later_and_says_so(room: Room) -> None:
    put(room.store, dues(TODAY))
    [digest] = room.turn(hour="15:20")
    assert "早上没有按时发出" in digest.body
    assert room.turn(hour="15:21") == []


def test_where_it_was_down_for_days_the_next_has_all(room: Room) -> None:
    put(room.store, dues(*(TODAY + timedelta(days=n) for n in range(4))))
    [digest] = room.turn(TODAY + timedelta(days=3))
    assert digest.subject == "【五方会诊】晨报：逾期3项，今天到期1项"


def test_a_digest_that_could_not_be_sent_is_sent_later_under_the_same_id(room: Room) -> None:
    put(room.store, dues(TODAY))
    [first] = room.turn()
    with room.store.write() as unit:  # as if it had not been heard that it arrived
        [[message, sending]] = [(it, unit.messages.sending(it, "kept")) for it in [first.id]]
        assert sending
        unit.messages.put_sending(type(sending)(message=message, channel="kept", next=unit.now))
    assert [it.id for it in room.turn(hour="08:30")] == [first.id]


@pytest.mark.parametrize(("takes", "sent"), [(Takes.DIGEST, 1), (Takes.URGENT, 1), (Takes.ALL, 2)])
def test_what_is_urgent_goes_by_itself_and_at_once(store: Store, clock: FixedClock, takes: Takes, sent: int) -> None:
    room = Room(store, clock, takes)
    room.story.accepted().do(RaiseRisk(danger=Danger.FIGHT), by=Office.LEAD)
    found = room.turn(hour="07:00")
    assert (len(found), sum(it.urgent for it in found)) == (sent, 1)
    assert room.turn(hour="07:01") == []


def test_with_nothing_to_say_none_is_sent_that_day(room: Room) -> None:
    assert room.turn() == []
    put(room.store, dues(TODAY))
    assert room.turn(hour="14:00") == [], "it is in that of tomorrow"
    assert len(room.turn(TODAY + timedelta(days=1))) == 1


def test_who_has_left_or_has_not_chosen_it_gets_none(store: Store, clock: FixedClock) -> None:
    room = Room(store, clock, Takes.ALL)
    put(store, dues(TODAY))
    assert ["晨报" in it.subject for it in room.turn()] == [False]


def test_it_stands_in_no_list_and_counts_as_no_unread_message(room: Room) -> None:
    put(room.store, dues(TODAY))
    room.turn()
    with room.store.read() as unit:
        assert [it.topic for it in unit.messages.of("li")] == ["loan"]
        assert unit.messages.unread("li") == 1


def test_of_many_the_first_are_named_and_the_others_counted(room: Room) -> None:
    put(room.store, *(dues(TODAY, case=f"C{n:02}", number=None) for n in range(MOST_TOLD + 5)))
    [digest] = room.turn()
    assert digest.body.count("案卷该还了") == MOST_TOLD
    assert "另有5项" in digest.body
