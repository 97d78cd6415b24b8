"""`mediation access …`: links issued, listed, revoked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from mediation_engine.adapters.sql import SqlStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.roles import Office

from ..support.story import Story
from .test_accounts import mediation

__all__ = ["mediation"]

Mediation = Callable[..., str]
ISSUE = ("access", "issue", "A1", "--visit", "走访1", "--name", "吴网格", "--phone", "13900000000", "--party", "王某")


@pytest.fixture
def planned(sqlite: SqlStore, clock: FixedClock, mediation: Mediation, tmp_path: Path) -> Story:
    """Three visits are planned, and the room has its key."""
    told = Story(sqlite, clock).effective()
    mediation("key", "make")
    return told


def test_a_link_and_its_pin_are_shown_once(mediation: Mediation, planned: Story) -> None:
    said = mediation(*ISSUE, "--as", "li")
    assert re.search(r"链接 http://127\.0\.0\.1:8000/links/[\w-]{43}\n口令 \d{6}\n", said)
    assert "手机打不开这个链接" in said
    visit = planned.case.facts.visits["visit/1"]
    with planned.store.read() as unit:
        person = unit.register.person(visit.entrusted or "")
        assert person
        actor = unit.register.actor(person.id)
    assert (person.name, visit.party, actor and actor.offices) == ("吴网格", "party/1", frozenset({Office.VISITOR}))
    assert "未打开" in mediation("access", "list", "A1", "--as", "li")


def test_for_scripts_all_is_there_but_the_digests(mediation: Mediation, planned: Story) -> None:
    made = json.loads(mediation(*ISSUE, "--as", "li", "--json"))
    assert re.fullmatch(r"\d{6}", made["pin"])
    [row] = json.loads(mediation("access", "list", "A1", "--as", "li", "--json"))
    assert (row["id"], row["instance"], row["state"], row["name"]) == (made["id"], "visit/1", "unopened", "吴网格")
    assert not {"key", "pin", "session"} & row.keys()


def test_without_a_name_whoever_is_to_go_gets_a_new_one(mediation: Mediation, planned: Story) -> None:
    assert "没有委托给谁" in mediation("access", "issue", "A1", "--visit", "visit/1", "--as", "li", code=3)
    mediation(*ISSUE, "--as", "li")
    mediation("access", "issue", "A1", "--visit", "visit/1", "--as", "li")
    states = [row["state"] for row in json.loads(mediation("access", "list", "A1", "--as", "li", "--json"))]
    assert sorted(states) == ["revoked", "unopened"]
    assert [line.event for line in planned.lines].count("VisitEntrusted") == 1


def test_to_revoke_it_takes_the_visit_back(mediation: Mediation, planned: Story) -> None:
    made = json.loads(mediation(*ISSUE, "--as", "li", "--json"))
    assert "已撤销" in mediation("access", "revoke", made["id"], "--as", "li")
    assert planned.case.facts.visits["visit/1"].entrusted is None
    assert "已撤销" in mediation("access", "list", "A1", "--as", "li")
    assert "没有链接" in mediation("access", "revoke", "none", "--as", "li", code=5)


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (("--visit", "走访9", "--name", "吴网格"), 2, "没有“走访9”"),
        (("--visit", "走访1", "--name", "吴网格", "--phone", "1"), 2, "手机号码应为11位"),
        (("--visit", "走访1", "--name", "吴网格", "--phone", "13900000000"), 3, "没有写明走访谁"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    mediation: Mediation, planned: Story, given: tuple[str, ...], code: int, said: str
) -> None:
    assert said in mediation("access", "issue", "A1", *given, "--as", "li", code=code)
    assert planned.case.facts.visits["visit/1"].entrusted is None


def test_whoever_checks_issues_none(mediation: Mediation, planned: Story) -> None:
    assert "调解员或室主任" in mediation(*ISSUE, "--as", "chen", code=3)


PARTY = ("access", "issue", "A1", "--party", "王某", "--as", "li")


def test_a_party_gets_a_short_code_a_link_and_a_pin(mediation: Mediation, planned: Story) -> None:
    said = mediation(*PARTY)
    assert re.search(
        r"短码 [2-9A-Z]{8}（在 http://127\.0\.0\.1:8000/c 输入）\n链接 http\S+/links/[\w-]{43}\n口令 \d{6}\n", said
    )
    assert "手机打不开这个链接" in said
    [row] = json.loads(mediation("access", "list", "A1", "--as", "li", "--json"))
    assert (row["kind"], row["instance"], row["person"], row["state"]) == ("party", "party/1", "worker", "unopened")
    assert not {"key", "pin", "session", "code", "phone"} & row.keys()
    mediation("access", "revoke", row["id"], "--as", "li")
    assert "已撤销" in mediation("access", "list", "A1", "--as", "li")


def test_a_firm_gets_one_through_who_acts_for_it_alone(mediation: Mediation, planned: Story) -> None:
    assert "请先登记代理与代表" in mediation("access", "issue", "A1", "--party", "某五金厂", "--as", "li", code=3)
    agent = planned.acting_for("party/2", person="worker")
    by = ("--capacity", agent, "--as", "li", "--json")
    made = json.loads(mediation("access", "issue", "A1", "--party", "某五金厂", *by))
    assert made["instance"] == agent
    assert "不是“王某”的代理" in mediation("access", "issue", "A1", "--party", "王某", *by, code=2)
    assert "请写明发给谁" in mediation("access", "issue", "A1", "--as", "li", code=2)
