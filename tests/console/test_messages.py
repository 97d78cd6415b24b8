"""`mediation worker --once` and `mediation message …`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mediation_engine.adapters.sql import SqlStore
from mediation_engine.clock import FixedClock
from mediation_engine.ports.messages import Contact

from ..contracts.samples import SENDING
from ..support.story import Story
from .test_accounts import mediation

__all__ = ["mediation"]

Mediation = Callable[..., str]


@pytest.fixture
def due(sqlite: SqlStore, clock: FixedClock) -> Story:
    """An agreement whose payment and visit are due."""
    told = Story(sqlite, clock).effective()
    clock.now += timedelta(days=30)
    return told


def test_one_turn_says_what_it_did_and_a_second_has_nothing_to_do(mediation: Mediation, due: Story) -> None:
    first = mediation("worker", "--once")
    assert "本该早几天提醒" in first
    assert "办理中的新情况 3 项" in first
    assert mediation("worker", "--once") == "到期 0 项，办理中的新情况 0 项；写了 0 条消息。\n"
    with due.store.read() as unit:
        assert unit.messages.heartbeat() is None, "one turn is no worker that one could miss"


def test_messages_go_into_the_folder_that_the_settings_name(mediation: Mediation, due: Story, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[spool]\nfolder = "out"\n')
    assert "短信 13800000000" in mediation("message", "contact", "li", "spool", "13800000000")
    assert "发出" in mediation("worker", "--once")
    assert list((tmp_path / "out").glob("*.json"))
    assert mediation("message", "list") == "都发到了。\n"


def test_a_channel_that_is_set_up_wrongly_is_told_before_anything_is_done(mediation: Mediation, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[channels.pigeon]\nloft = 3\n")
    assert "没有安装这种通知方式" in mediation("worker", "--once", code=6)
    (tmp_path / "config.toml").write_text('[mail]\nhost = "h"\nfrom = "a@b.cn"\npassword_file = "none"\n')
    assert "读不出密码文件" in mediation("worker", "--once", code=6)


def test_contacts_are_listed_and_dropped_and_what_is_none_is_refused(mediation: Mediation, due: Story) -> None:
    assert mediation("message", "contact", "li") == "李调解（li）：网页上的消息\n"
    assert mediation("message", "contact", "li", "mail", "li@example.cn", "--takes", "digest") == (
        "李调解（li）：网页上的消息、邮件 li@example.cn（一天一封晨报，急事照发）\n"
    )
    assert "晨报" in mediation("message", "contact", "li", "mail", "other@example.cn"), (
        "another address changes no more"
    )
    assert "只发紧急的" in mediation("message", "contact", "li", "mail", "--takes", "urgent")
    mediation("message", "contact", "li", "mail", "--drop")
    assert "没有“pigeon”这种方式" in mediation("message", "contact", "li", "pigeon", "x", code=2)
    assert "请写明邮箱地址" in mediation("message", "contact", "li", "mail", "nowhere", code=2)
    assert "邮件 li@example.cn" in mediation("message", "contact", "li", "mail", "li@example.cn")
    assert mediation("message", "contact", "li", "mail", "--drop") == "李调解（li）：网页上的消息\n"


def test_dead_letters_are_listed_checked_and_sent_again(mediation: Mediation, due: Story) -> None:
    mediation("worker", "--once")
    with due.store.write() as unit:
        unit.messages.put_contact(Contact(actor="li", channel="mail", address="li@example.cn"))
        id = unit.messages.of("li")[0].id
        unit.messages.put([], [replace(SENDING, message=id)])
    assert "不再试：邮件服务器很久没有答复" in mediation("message", "list")
    assert "1 条消息没有发到" in mediation("db", "check", "--quick", code=1)
    assert "没有不再试的消息" in mediation("message", "resend", "zzz", code=2)
    assert mediation("message", "resend", id[:8]) == "1 条重新发送。\n"
    assert "等着发" in mediation("message", "list")


def test_a_worker_that_stands_still_is_told_by_the_check(mediation: Mediation, due: Story) -> None:
    with due.store.write() as unit:
        unit.messages.beat()
    assert "看过一遍" in mediation("db", "check", "--quick", code=1)
    due.clock.now += timedelta(hours=1)
    assert "以后没有运行，到期提醒会晚到" in mediation("db", "check", "--quick", code=1)


def test_json_is_of_one_turn_only(mediation: Mediation) -> None:
    assert "--once" in mediation("worker", "--json", code=2)


def test_calls_are_listed_with_the_step_that_records_them(mediation: Mediation, due: Story) -> None:
    said = mediation("message", "calls", "--as", "li")
    assert "回访：问问履行和近况" in said
    assert "记录走访" in said
    rows = json.loads(mediation("message", "calls", "--as", "li", "--json"))
    assert {(it["step"], it["party"]) for it in rows} == {("RecordVisit", "party/1"), ("RecordVisit", "party/2")}
    assert rows[0]["fields"] == {"party": "party/1", "manner": "phone"}
    assert json.loads(mediation("message", "calls", "--as", "wang", "--office", "室主任", "--json")) == []
    assert len(json.loads(mediation("message", "calls", "--room", "--as", "wang", "--json"))) == len(rows)
    assert "室主任" in mediation("message", "calls", "--room", "--as", "li", code=3)
