"""Whoever looks at a list with names leaves a look on record; what was searched for is kept sealed with the session."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from structlog.testing import capture_logs

from mediation_engine.domain.roles import Office
from mediation_engine.ports.tokens import Scope
from mediation_engine.ports.views import NO_CASE
from web.pages.access_log import LISTS, look_words

from ...support.calling import Program, token_for
from ...support.story import STAFF, Story
from ..conftest import Browser

Sign = Callable[[Office | str], Browser]


NOTING = {"look", "look_at_record", "record", "record_list", "look_at_list", "read_case"}
"""What puts a look on record, with what is looked at in its arguments."""


def looks(told: Story) -> list[tuple[str, str, str]]:
    """At lists, oldest first."""
    with told.store.read() as unit:
        noted = unit.views.reads(NO_CASE)
    return [(read.actor, read.office, read.what) for read in noted]


def test_every_page_that_lists_names_leaves_one_look(web_client: Sign, told: Story) -> None:
    li, chen = web_client(Office.MEDIATOR), web_client(Office.AUDITOR)
    li.get("/cases")
    li.get("/work")
    chen.get("/work")
    li.find("王某")
    li.find("无此人")
    shown = [("li", "mediator", "list 1"), ("li", "mediator", "board 1"), ("chen", "auditor", "board 1")]
    lists = [look for look in looks(told) if look != ("li", "mediator", "list 1")]
    assert lists == [*shown[1:], ("li", "mediator", "search 1"), ("li", "mediator", "search 0")]
    assert shown[0] in looks(told)


def test_everything_that_can_be_looked_at_is_told_in_words() -> None:
    looks, root = set[str](), Path(__file__).parents[3] / "web"
    for path in root.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(call, "func", None) and getattr(call.func, "id", getattr(call.func, "attr", ""))
            if name in NOTING and isinstance(call, ast.Call):
                looks |= {a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    assert looks >= {"correct", "corrections", "texts", "board"}
    assert {look for look in looks if re.search("[a-z]", look_words(f"{look} 1" if look in LISTS else look))} == set()


def test_who_is_warned_of_open_cases_with_the_same_names_leaves_a_look(web_client: Sign, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    li.get("/cases/new")
    form = {"id": "0123456789", "program": "fast_track_2026/people_mediation", "f.dispute": "labour_pay"}
    form |= {"applicant": "1", "applicant.0.name": "王某", "respondent": "1"}
    page = li.send("/cases/new", **form)
    assert "王某" in page.text
    assert looks(told) == [("li", "mediator", "same 1")]


def test_programs_leave_one_too(app: Flask, told: Story) -> None:
    program = Program(app.test_client(), token_for(told, Office.MEDIATOR, [Scope.READ]))
    program.get("/cases")
    assert program.send("POST", "/searches", json={"words": "王某"}).json["cases"][0]["case"] == "A1"
    assert looks(told) == [("li", "mediator", "list 1"), ("li", "mediator", "search 1")]


@pytest.mark.parametrize("office", [Office.LEAD, Office.AUDITOR])
def test_they_are_told_to_who_checks(web_client: Sign, told: Story, office: Office) -> None:
    web_client(Office.MEDIATOR).find("五金")
    page = web_client(office).get("/reads").text
    assert "查找案件（查找的字不记），1件" in page
    assert STAFF[Office.MEDIATOR].name in page
    assert "五金" not in page
    assert web_client(Office.MEDIATOR).get("/reads").status_code == 403
    assert "还没有人看过" not in page


def test_of_other_organisations_nothing_is_told(web_client: Sign, told: Story) -> None:
    web_client("sun").get("/cases")
    assert "孙调解" not in web_client(Office.AUDITOR).get("/reads").text


def test_they_go_on_page_by_page(web_client: Sign, told: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.access_log.READS_A_PAGE", 2)
    li = web_client(Office.MEDIATOR)
    for _ in range(3):
        li.get("/cases")
    chen = web_client(Office.AUDITOR)
    assert "/reads?skip=2" in chen.get("/reads").text
    last = chen.get("/reads?skip=2").text
    assert last.count("案件列表，1件") == 1
    assert "看更早的" not in last


# -- the words

WORDS = "王某"


def test_words_stand_in_no_address_log_title_or_table(web_client: Sign, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    with capture_logs() as logged:
        li.get("/cases")
        led = li.send("/cases", q=WORDS, state="open")
        page = li.get(led.headers["Location"])
    assert (led.status_code, led.headers["Location"]) == (303, "/cases?state=open&search=1")
    assert f'value="{WORDS}"' in page.text
    assert WORDS not in page.text.partition("</title>")[0]
    assert WORDS not in str(logged)
    with told.store.read() as unit:
        kept = str([row.kept for row in unit.accounts.sign_ins("li")])
    assert "searches" in kept
    assert WORDS not in kept.encode().decode("unicode_escape")


def test_going_back_finds_what_was_looked_for_before(web_client: Sign, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    assert "/cases/A1" in li.find("王某").text
    assert "/cases/A1" not in li.find("无此人").text
    back = li.get("/cases?search=1").text
    assert "/cases/A1" in back
    assert 'value="王某"' in back
    assert li.send("/cases", q="王某").headers["Location"] == "/cases?search=1", "once more is the same"


def test_to_search_for_nothing_is_to_see_the_list(web_client: Sign) -> None:
    li = web_client(Office.MEDIATOR)
    li.get("/cases")
    assert li.send("/cases", q="  ").headers["Location"] == "/cases"


def test_only_so_many_are_kept_and_one_that_is_gone_says_so(web_client: Sign, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    for n in range(25):
        li.find(f"无此人{n}")
    for number in ("1", "99", "x", "0"):
        gone = li.get(f"/cases?search={number}").text
        assert "这次查找已经过期" in gone
        assert "/cases/A1" not in gone
    assert 'value="无此人24"' in li.get("/cases?search=25").text


def test_a_search_is_nobody_elses(web_client: Sign, told: Story) -> None:
    web_client(Office.MEDIATOR).find(WORDS)
    other: Any = web_client(Office.LEAD)
    assert WORDS not in other.get("/cases?search=1").text


def test_words_in_an_address_are_not_searched_for(web_client: Sign, told: Story) -> None:
    page = web_client(Office.MEDIATOR).get("/cases?q=无此人").text
    assert "/cases/A1" in page
    assert "无此人" not in page
