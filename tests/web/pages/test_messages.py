"""消息: the bell, the list, what leads on, how one is reached, what did not get there, and that no worker turns."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from mediation_engine.domain.message import Takes
from mediation_engine.domain.roles import Office
from mediation_engine.ports.messages import UNREADABLE, Contact, Heartbeat, Parked
from mediation_engine.services.due_sweep import sweep
from web.config import WorkerSettings
from web.presenters.messages import worker_words
from web.wiring import catalogue
from workflows.parts.obligation import DetermineObligation, Determining

from ...contracts.samples import SENDING
from ...support.story import NOW, Story
from ..conftest import SETTINGS, Browser

Client = Callable[[Office | str], Browser]
CATALOGUE = catalogue()


@pytest.fixture
def due(told: Story) -> Story:
    """A month later: what was promised is due, and a visit, and nobody was told before."""
    told.clock.now += timedelta(days=30)
    sweep(told.store, CATALOGUE)
    return told


def unread(browser: Browser) -> int:
    found = re.search(r'class="bell".*?<span class="count">(\d+)</span>', browser.get("/work").text)
    return int(found[1]) if found else 0


def test_the_bell_counts_and_the_list_says_what_where_and_when(web_client: Client, due: Story) -> None:
    li = web_client(Office.MEDIATOR)
    count = unread(li)
    page = li.get("/messages").text
    assert count == page.count("未读</span>") - page.count("条未读") > 2
    assert "走访1：该走访了" in page
    assert "（2026）永开人调字第0001号 · 王某、某五金厂" in page
    assert "打开案件，办理“记录走访”" in page
    assert "天才提醒" in page


def test_who_is_told_nothing_has_no_count_and_an_empty_list(web_client: Client, due: Story) -> None:
    auditor = web_client(Office.AUDITOR)
    assert unread(auditor) == 0
    assert "还没有消息" in auditor.get("/messages").text


def test_a_press_leads_to_the_sheet_of_the_visit_and_it_is_read(web_client: Client, due: Story) -> None:
    li = web_client(Office.MEDIATOR)
    before = unread(li)
    with due.store.read() as unit:
        visit = next(it for it in unit.messages.of("li") if it.topic == "visit")
    answer = li.get(f"/messages/{visit.id}")
    assert answer.location == f"/cases/A1/visits/{visit.instance.partition('/')[2]}"
    assert li.get(answer.location).status_code == 200
    assert unread(li) == before - 1


def test_of_what_was_to_be_performed_by_a_day_that_is_past_it_leads_to_urging(web_client: Client, told: Story) -> None:
    told.do(DetermineObligation(ground=Determining.ACKNOWLEDGED, due=told.door.today()), "obligation/1")
    sweep(told.store, CATALOGUE)
    li = web_client(Office.MEDIATOR)
    with told.store.read() as unit:
        owed = next(it for it in unit.messages.of("li") if it.topic == "obligation")
    steps = "/cases/A1/steps/"
    assert li.get(f"/messages/{owed.id}").location == f"{steps}RecordPerformance?on=obligation/1"
    told.clock.now += timedelta(days=1)
    li = web_client(Office.MEDIATOR)
    assert "打开案件，办理“督促履行”" in li.get("/messages").text
    assert li.get(f"/messages/{owed.id}").location == f"{steps}UrgePerformance?on=obligation/1"


def test_of_an_event_it_leads_to_the_case(web_client: Client, due: Story) -> None:
    with due.store.read() as unit:
        event = next(it for it in unit.messages.of("li") if it.version)
    assert web_client(Office.MEDIATOR).get(f"/messages/{event.id}").location == "/cases/A1"


def test_nobody_opens_the_message_of_another(web_client: Client, due: Story) -> None:
    with due.store.read() as unit:
        id = unit.messages.of("li")[0].id
    assert web_client(Office.LEAD).get(f"/messages/{id}").status_code == 404
    with due.store.read() as unit:
        assert unit.messages.some("li", [id])[0].read is None


def test_all_are_read_at_one_press(web_client: Client, due: Story) -> None:
    li = web_client(Office.MEDIATOR)
    li.get("/messages")
    assert li.send("/messages/read").status_code == 303
    assert unread(li) == 0


def test_the_list_is_on_record_as_a_list_with_names(web_client: Client, due: Story) -> None:
    web_client(Office.MEDIATOR).get("/messages")
    assert "本人的消息，1件" in web_client(Office.AUDITOR).get("/reads").text


def test_whoever_may_no_longer_look_at_the_case_is_told_no_names(web_client: Client, due: Story) -> None:
    li = web_client(Office.MEDIATOR)
    with due.store.write() as unit:
        actor = unit.register.actor("li")
        assert actor is not None
        unit.register.put_actor(replace(actor, organisation="elsewhere"))
    page = li.get("/messages").text
    assert "王某" not in page
    assert "第0001号" not in page


class TestContacts:
    @pytest.fixture
    def with_mail(self, app: Flask) -> Flask:
        app.extensions["settings"] = replace(SETTINGS, channels={"mail": {"host": "h"}})
        return app

    def test_without_a_channel_the_page_says_so(self, web_client: Client) -> None:
        assert "本室没有设置邮件或短信" in web_client(Office.MEDIATOR).get("/messages").text

    def test_one_gives_and_takes_back_an_address(self, with_mail: Flask, web_client: Client, told: Story) -> None:
        li = web_client(Office.MEDIATOR)
        assert "邮箱地址" in li.get("/messages").text
        assert li.send("/messages/contacts", mail="li@example.cn").status_code == 303
        with told.store.read() as unit:
            assert unit.messages.contacts() == [Contact(actor="li", channel="mail", address="li@example.cn")]
        assert 'value="li@example.cn"' in li.get("/messages").text
        li.send("/messages/contacts", mail="")
        with told.store.read() as unit:
            assert unit.messages.contacts() == []

    def test_one_chooses_by_channel_what_is_sent(self, with_mail: Flask, web_client: Client, told: Story) -> None:
        li = web_client(Office.MEDIATOR)
        li.get("/messages")
        li.send("/messages/contacts", **{"mail": "li@example.cn", "mail.takes": "digest"})
        page = li.get("/messages").text
        assert '<option value="digest" selected>一天一封晨报，急事照发</option>' in page
        assert "只在工作日发，08:00 起" in page
        with told.store.read() as unit:
            assert [it.takes for it in unit.messages.contacts("li")] == [Takes.DIGEST]
        wrong = li.send("/messages/contacts", **{"mail": "nowhere", "mail.takes": "urgent"})
        assert '<option value="urgent" selected>' in wrong.text, "with a wrong address it is not lost"

    def test_what_is_no_address_is_told_and_stays_typed(self, with_mail: Flask, web_client: Client) -> None:
        li = web_client(Office.MEDIATOR)
        li.get("/messages")
        answer = li.send("/messages/contacts", mail="li at home")
        assert answer.status_code == 422
        assert "不像邮箱地址" in answer.text
        assert 'value="li at home"' in answer.text


class TestUnsent:
    def test_the_administrator_sees_what_did_not_get_there_and_sends_it_again(
        self, web_client: Client, due: Story
    ) -> None:
        with due.store.write() as unit:
            id = unit.messages.of("li")[0].id
            unit.messages.put([], [replace(SENDING, message=id)])
        zhao = web_client(Office.ADMINISTRATOR)
        page = zhao.get("/messages/unsent").text
        assert "不再试：邮件服务器很久没有答复" in page
        assert "给李调解" in page
        assert "王某" not in page
        zhao.send("/messages/unsent")
        with due.store.read() as unit:
            assert unit.messages.sendings(dead=True) == []

    def test_what_the_worker_put_aside_is_shown_to_the_administrator_and_tried_again(
        self, web_client: Client, due: Story
    ) -> None:
        with due.store.write() as unit:
            unit.messages.park(
                [
                    Parked(case="A1", kind="CaseAccepted", version=3, why=UNREADABLE, at=unit.now),
                    Parked(case="A1", kind="take_back", instance="visit/1", why="规则已换", at=unit.now),
                    Parked(case="A1", kind="unknown", instance="visit/1", why="规则已换", at=unit.now),
                ]
            )
        zhao = web_client(Office.ADMINISTRATOR)
        page = zhao.get("/messages/unsent").text
        assert "通知：案件已受理" in page and UNREADABLE in page
        assert "收回没有办的走访委托" in page
        assert "unknown" in page
        zhao.send("/messages/unsent?do=again")
        with due.store.read() as unit:
            assert unit.messages.parked() == []
            assert [it.event for it in unit.views.notices()].count("CaseAccepted") == 1


class TestStandstill:
    def test_without_a_worker_nothing_is_said_unless_one_is_expected(self, app: Flask, web_client: Client) -> None:
        li = web_client(Office.MEDIATOR)
        assert "自动办理" not in li.get("/work").text
        app.extensions["settings"] = replace(SETTINGS, worker=WorkerSettings(expected=True))
        assert "自动办理还没有运行过" in li.get("/work").text

    @pytest.mark.parametrize(
        ("still", "words"),
        [
            (timedelta(minutes=4), ""),
            (timedelta(minutes=6), "自动办理停了6分钟"),
            (timedelta(minutes=14), "自动办理停了14分钟（最后一次是 2026-11-23"),
        ],
    )
    def test_with_one_that_stands_still_every_page_says_since_when(
        self, web_client: Client, told: Story, still: timedelta, words: str
    ) -> None:
        li = web_client(Office.MEDIATOR)
        with told.store.write() as unit:
            unit.messages.beat()
        told.clock.now += still
        page = li.get("/work").text
        assert ("standstill" in page) is bool(words)
        assert words in page
        assert "standstill" not in li.get("/cases/A1?show=joint").text

    @pytest.mark.parametrize(
        ("age", "words"), [(timedelta(hours=3, minutes=5), "停了3小时"), (timedelta(days=2, hours=5), "停了2天")]
    )
    def test_how_long_is_said_in_round_words(self, age: timedelta, words: str) -> None:
        assert words in worker_words(Heartbeat(at=NOW), NOW + age, timedelta(minutes=5), expected=False)

    def test_what_watches_the_server_is_told_how_long_ago(self, browser: Browser, told: Story) -> None:
        assert browser.get("/healthz").json == {"status": "ok"}
        with told.store.write() as unit:
            unit.messages.beat()
        told.clock.now += timedelta(seconds=90)
        assert browser.get("/healthz").json == {"status": "ok", "worker_seconds": 90}


def test_the_screen_for_all_shows_no_bell(web_client: Client, due: Story) -> None:
    assert 'class="bell"' not in web_client(Office.MEDIATOR).get("/cases/A1?show=joint").text
