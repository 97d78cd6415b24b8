"""Messages leave through real parts: a server that speaks SMTP on loopback and does what servers do, and a folder."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from mediation_engine.adapters.channels.apprise import APPRISE, Apprise
from mediation_engine.adapters.channels.mail import MAIL, Mail, open_mail
from mediation_engine.adapters.channels.spool import SPOOL, Spool
from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.adapters.plugins import installed_channels
from mediation_engine.clock import FixedClock
from mediation_engine.errors import NotSent
from mediation_engine.ports import channels
from mediation_engine.ports.messages import Contact, Sending
from mediation_engine.ports.store import Store
from mediation_engine.services.due_sweep import sweep
from mediation_engine.services.sending import Pace, Post, Sent, is_quiet, resend
from web.wiring import catalogue
from workflows.parts.risk import RaiseRisk
from workflows.vocabulary import Danger

from ..support.mail import Behaviour, mail_server
from ..support.story import NOW, Story

CATALOGUE = catalogue()
SHORT = 0.5
"""Seconds that the tests wait for a server that hangs."""


def mail(port: int, **given: Any) -> Mail:
    return Mail(host="127.0.0.1", port=port, tls="none", sender="room@example.cn", timeout=SHORT, **given)


@pytest.fixture
def told(clock: FixedClock) -> Story:
    """A room whose mediator and lead want mail; what waits are an acceptance and a danger."""
    return wanting_mail(Story(MemoryStore(clock), clock))


def wanting_mail(story: Story) -> Story:
    story.accepted().do(RaiseRisk(danger=Danger.FIGHT))
    with story.store.write() as unit:
        for who in ("li", "wang"):
            unit.messages.put_contact(Contact(actor=who, channel="mail", address=f"{who}@example.cn"))
    assert sweep(story.store, CATALOGUE, ["mail"]).messages == 2
    return story


def post(store: Store, port: int, **given: Any) -> Post:
    return Post(
        store=store, catalogue=CATALOGUE, channels={"mail": mail(port)}, address="https://room.example.cn", **given
    )


def waiting(store: Store) -> list[Sending]:
    with store.read() as unit:
        return [it for _, it in unit.messages.sendings(dead=False)]


def until_all_arrived(story: Story, port: int) -> int:
    """Go through the sendings as time passes; how often."""
    for n in range(1, 20):
        post(story.store, port).send()
        if not waiting(story.store):
            return n
        story.clock.now += timedelta(minutes=31)
    raise AssertionError(waiting(story.store))


class TestMail:
    def test_a_mail_says_what_happened_and_where_to_go_and_names_nobody(self, told: Story) -> None:
        behaviour = Behaviour()
        with mail_server(behaviour) as port:
            assert post(told.store, port).send() == Sent(sent=2)
        urgent = next(
            it for it in (message_from_bytes(raw, policy=policy.default) for raw in behaviour.got) if it["Importance"]
        )
        assert urgent["To"] == "wang@example.cn"
        assert urgent["Subject"] == "【五方会诊】有激化风险，请马上处理"
        assert urgent["Auto-Submitted"] == "auto-generated"
        body = urgent.get_content()
        assert body.splitlines() == [
            "（2026）永开人调字第0001号",
            "有激化风险，请马上处理，2026年11月23日（周一）记录。",
            "打开案件看看：",
            "https://room.example.cn/cases/A1",
            "",
            "登录后查看详情。消息里不写姓名和案情。",
        ]

    @pytest.mark.parametrize("act", ["451 try later", "554 no", "hang", "drop"])
    def test_whatever_the_server_does_every_message_arrives_a_second_time_under_the_same_id(
        self, told: Story, act: str
    ) -> None:
        behaviour = Behaviour([act, act])
        with mail_server(behaviour) as port:
            assert until_all_arrived(told, port) > 1
        with told.store.read() as unit:
            written = {it.id for who in ("li", "wang") for it in unit.messages.of(who)}
        assert set(behaviour.ids) == written
        twice = len(behaviour.ids) - len(written)
        assert twice == (2 if act in ("hang", "drop") else 0)

    def test_a_server_that_is_not_there_is_tried_less_and_less_often(self, told: Story) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        waits = []
        for _ in range(7):
            post(told.store, port).send()
            tried = [it for it in waiting(told.store) if it.tries]
            waits.append(max(it.next for it in tried) - told.clock.now)
            assert {it.fault for it in tried} == {"连接不上邮件服务器"}
            told.clock.now = max(it.next for it in waiting(told.store))
        minutes = [int(it.total_seconds() // 60) for it in waits]
        assert minutes[0] == 1
        assert minutes == sorted(minutes)
        assert minutes[-1] <= 30

    def test_after_the_last_try_it_is_a_dead_letter_that_is_sent_again_by_hand(self, told: Story) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        for _ in range(40):
            post(told.store, port, pace=Pace(tries=3)).send()
            told.clock.now += timedelta(hours=1)
        assert {(it.tries, it.dead is not None) for it in waiting(told.store)} == {(3, True)}
        behaviour = Behaviour()
        with mail_server(behaviour) as port:
            assert post(told.store, port).send() == Sent()
            assert resend(told.store) == 2
            assert post(told.store, port).send() == Sent(sent=2)
        assert waiting(told.store) == []

    def test_an_address_that_the_server_does_not_know_is_given_up_at_once_and_keeps_nobody_waiting(
        self, told: Story
    ) -> None:
        behaviour = Behaviour(refused="li@example.cn")
        with mail_server(behaviour) as port:
            assert post(told.store, port).send() == Sent(sent=1, failed=1, given_up=1)
        assert [it.fault for it in waiting(told.store)] == ["邮件服务器不收这个地址（550）"]

    def test_whoever_dies_with_a_sending_in_hand_leaves_it_to_the_next(self, told: Story) -> None:
        with told.store.write() as unit:
            until = unit.now + timedelta(minutes=5)
            assert unit.messages.take(until, until + timedelta(hours=1), ["mail"], urgent=False)
        behaviour = Behaviour()
        with mail_server(behaviour) as port:
            assert post(told.store, port).send() == Sent(sent=1)
            told.clock.now += timedelta(minutes=5)
            assert post(told.store, port).send() == Sent(sent=1)

    def test_with_the_clock_put_back_an_hour_nothing_waits_for_an_hour(self, told: Story) -> None:
        behaviour = Behaviour(["451 try later"])
        with mail_server(behaviour) as port:
            assert post(told.store, port).send().failed == 1
            told.clock.now -= timedelta(hours=1)
            post(told.store, port).send()
            assert waiting(told.store) == []

    def test_who_no_longer_wants_mail_gets_none(self, told: Story) -> None:
        with told.store.write() as unit:
            unit.messages.drop_contact("li", "mail")
        with mail_server(Behaviour()) as port:
            assert post(told.store, port).send() == Sent(sent=1, given_up=1)

    def test_user_and_password_come_from_the_settings_and_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "password").write_text("geheim\n")
        given = {"host": "h", "port": 25, "sender": "a@b.cn", "tls": "none", "user": "u"}
        opened = open_mail(given | {"password_file": str(tmp_path / "password")})
        assert (opened.user, opened.password) == ("u", "geheim")
        with pytest.raises(ValueError, match="读不出密码文件"):
            open_mail(given | {"password_file": str(tmp_path / "none")})

    @pytest.mark.parametrize("address", ["li@example.cn", "li.xi+x@mail.example.com.cn"])
    def test_an_address_is_one(self, address: str) -> None:
        assert MAIL.check(address)

    @pytest.mark.parametrize(
        "address", ["", "li", "li@", "a@b.cn\nBcc: x@y.cn", "a@b.cn, c@d.cn", "李@例.cn", "<a@b.cn>"]
    )
    def test_or_none(self, address: str) -> None:
        assert not MAIL.check(address)


class TestQuietHours:
    QUIET = (time(21, 30), time(7, 30))

    @pytest.mark.parametrize(
        ("hour", "quiet"), [(0, True), (7, True), (8, False), (20, False), (21, False), (22, True), (23, True)]
    )
    def test_they_go_past_midnight_by_the_time_in_china(self, hour: int, quiet: bool) -> None:
        assert is_quiet(datetime(2026, 11, 23, hour, 0, tzinfo=UTC) - timedelta(hours=8), self.QUIET) is quiet
        assert is_quiet(datetime(2026, 11, 23, 12, 0, tzinfo=UTC), (time(20), time(21)))

    def test_a_danger_passes_and_the_rest_waits_for_the_morning(self, told: Story) -> None:
        told.clock.now = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # eleven in the evening
        behaviour = Behaviour()
        with mail_server(behaviour) as port:
            assert post(told.store, port, quiet=self.QUIET).send() == Sent(sent=1)
            assert b"wang@example.cn" in behaviour.got[0]
            told.clock.now += timedelta(hours=9)
            assert post(told.store, port, quiet=self.QUIET).send() == Sent(sent=1)


ENVELOPE = channels.Envelope(id="0" * 32, address="13800000000", subject="题", body="内容\n", urgent=False, written=NOW)


class TestSpool:
    def test_a_message_is_a_whole_file_and_a_second_arrival_takes_its_place(self, tmp_path: Path) -> None:
        spool = Spool(folder=tmp_path / "out")
        for _ in range(2):
            spool.send(ENVELOPE)
        [found] = (tmp_path / "out").iterdir()
        assert found.name == f"{ENVELOPE.id}.json"
        assert json.loads(found.read_text("utf-8")) == {
            "id": ENVELOPE.id,
            "to": "13800000000",
            "text": "题\n内容\n",
            "urgent": False,
            "written": "2026-11-23T01:00:00Z",
        }

    def test_where_it_cannot_be_written_it_is_tried_again(self, tmp_path: Path) -> None:
        (tmp_path / "out").write_text("no folder")
        with pytest.raises(NotSent, match="写不进目录") as fault:
            Spool(folder=tmp_path / "out").send(ENVELOPE)
        assert not fault.value.is_final

    def test_a_telephone_number_is_one(self) -> None:
        assert [SPOOL.check(it) for it in ("13800000000", "+8613800000000", "138-0000", "../x", "")] == [
            *(True, True, False, False, False)
        ]


class TestApprise:
    def test_where_it_is_not_installed_that_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(__import__("sys").modules, "apprise", None)
        with pytest.raises(ValueError, match=r"mediation-engine\[apprise\]"):
            APPRISE.open({"services": ["dingtalk"]})

    @pytest.mark.parametrize(
        ("address", "why"),
        [
            ("json://127.0.0.1/", "没有开通“json”这种服务"),
            ("dingtalk://no", "写法不对"),
            ("dingtalk://deaf", "对方没有收下"),
            ("dingtalk://token", None),
        ],
    )
    def test_what_the_package_is_given_and_says(self, address: str, why: str | None) -> None:
        """By a stand-in for the package, which not everybody has."""
        given: list[dict[str, str]] = []

        class Library:
            class Apprise:
                def add(self, address: str) -> bool:
                    self.address = address
                    return not address.endswith("no")

                def notify(self, **words: str) -> bool:
                    given.append(words)
                    return not self.address.endswith("deaf")

        channel = Apprise(library=Library, services=["dingtalk"])
        if why is None:
            channel.send(replace(ENVELOPE, address=address))
            assert given == [{"title": "题", "body": "内容\n", "body_format": "text"}]
        else:
            with pytest.raises(NotSent, match=why) as fault:
                channel.send(replace(ENVELOPE, address=address))
            assert fault.value.is_final == ("收下" not in why)

    @pytest.mark.filterwarnings("ignore")  # what the package imports is its own affair
    @pytest.mark.parametrize(
        ("act", "arrives"), [("ok", True), ("slow", True), ("fail", False), ("drop", False), ("hang", False)]
    )
    def test_the_package_itself_at_a_server_that_does_what_servers_do(self, act: str, arrives: bool) -> None:
        pytest.importorskip("apprise", reason="the optional extra [apprise] is not installed")
        got, leaving = list[dict[str, str]](), Event()

        class Server(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # the server's own word
                got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                leaving.wait({"slow": 1, "hang": 20}.get(act, 0))
                if act not in ("drop", "hang"):
                    self.send_response(500 if act == "fail" else 200)
                    self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            channel = APPRISE.open({"services": ["json"]})
            wanted = replace(ENVELOPE, address=f"json://127.0.0.1:{server.server_address[1]}/?rto=2")
            with nullcontext() if arrives else pytest.raises(NotSent, match="对方没有收下"):
                channel.send(wanted)
        finally:
            leaving.set()
            server.shutdown()
            thread.join()
            server.server_close()
        assert [(it["title"], it["message"].strip()) for it in got] == [("题", "内容")]


class TestAnyChannel:
    def test_one_that_does_not_come_back_is_left_behind_and_the_others_go_on(self, told: Story) -> None:
        with told.store.write() as unit:
            unit.messages.put_contact(Contact(actor="wang", channel="spool", address="13800000000"))
            for message in unit.messages.of("wang"):
                unit.messages.put([], [Sending(message=message.id, channel="spool", next=unit.now)])
        leaving, kept = Event(), Kept()
        stuck = Kept(lambda: leaving.wait(10))
        given = {"channels": {"mail": stuck, "spool": kept}, "pace": Pace(patience=timedelta(seconds=0.2))}
        done = replace(post(told.store, 0), **given).send()
        leaving.set()
        assert (done.sent, done.failed) == (1, 1)
        assert {it.fault for it in waiting(told.store) if it.fault} == {"很久没有发完"}

    def test_one_that_breaks_is_tried_again_and_told(self, told: Story) -> None:
        broken = Kept(lambda: [].pop())
        done = replace(post(told.store, 0), channels={"mail": broken}).send()
        assert (done.sent, done.failed) == (0, 1)
        assert {it.fault for it in waiting(told.store) if it.fault} == {"这种通知方式出了故障（IndexError）"}


@dataclass
class Kept:
    """A channel that keeps what it gets, after it has done something."""

    act: Callable[[], object] = lambda: None
    got: list[channels.Envelope] = field(default_factory=list)

    def send(self, envelope: channels.Envelope) -> None:
        self.act()
        self.got.append(envelope)


def test_channels_are_plug_ins() -> None:
    assert {"mail", "spool", "apprise"} <= installed_channels().keys()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_databases_carry_sendings_too(kind: str, request: pytest.FixtureRequest, clock: FixedClock) -> None:
    told = wanting_mail(Story(request.getfixturevalue(kind), clock))
    behaviour = Behaviour(["drop"])
    with mail_server(behaviour) as port:
        assert until_all_arrived(told, port) > 1
    assert len(behaviour.ids) == 3
    assert len(set(behaviour.ids)) == 2
