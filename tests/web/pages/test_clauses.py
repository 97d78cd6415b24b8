"""常用条款 and the terms of an older case in the form of an agreement: added, never in the place of what is there."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.errors import ConfigFault
from web.config import read_settings
from workflows.facts import Term
from workflows.papers.clauses import BLANK, clauses
from workflows.parts.agreement import DraftAgreement
from workflows.vocabulary import Dispute, TermKind

from ...support.story import Story
from ..conftest import Browser

Client = Callable[[Office | str], Browser]
DRAFT = "/cases/A1/steps/ReachAgreement"


def there(page: str) -> str:
    """A page without the row that a script would add."""
    return re.sub(r"<template.*?</template>", "", page, flags=re.S)


def rows(page: str) -> list[str]:
    """The words of all terms in a form."""
    found = re.findall(r'<textarea id="f\.terms\.\d+\.words"[^>]*>\n?([^<]*)</textarea>', there(page))
    return [unescape(words) for words in found]


def test_every_type_of_dispute_has_some_and_none_names_a_person_or_a_sum() -> None:
    for dispute in Dispute:
        assert len([it for it in clauses().values() if not it.disputes or dispute in it.disputes]) >= 5
    assert all(not re.search(r"\d", it.words) and len(it.words) <= 1000 for it in clauses().values())
    assert {it.kind for it in clauses().values()} == {*TermKind}


def test_those_for_the_dispute_come_first_and_are_added_to_what_is_there(web_client: Client, story_at: Story) -> None:
    li = web_client(Office.MEDIATOR)
    page = li.get(DRAFT).text
    offered = [unescape(it) for it in re.findall(r'name="clause" value="([^"]*)"', page)]
    assert offered[0] == "补足拖欠的工资"
    assert "退还押金" not in offered
    page = li.send(DRAFT, **first(page), clause=["补足拖欠的工资", "一次性了结"], do="clauses").text
    kept, *more = rows(page)
    assert kept == "先付一半"
    assert [clauses()[name].words for name in ("一次性了结", "补足拖欠的工资")] == sorted(more, key=len)
    assert re.search(r'<option value="party/2" selected', page)  # who pays, where there is one on either side


def test_what_is_still_open_is_named_at_its_row_and_nothing_is_recorded(web_client: Client, story_at: Story) -> None:
    li = web_client(Office.MEDIATOR)
    page = li.send(DRAFT, **first(li.get(DRAFT).text), clause="补足拖欠的工资", do="clauses").text
    before = story_at.case.version
    again = li.send(DRAFT, **typed(page), do="do")
    assert again.status_code == 422
    assert "还有 4 处“＿＿”没有填" in again.text
    assert story_at.case.version == before
    filled = {name: value.replace(BLANK, "1") for name, value in typed(page).items() if name != "together"}
    assert li.send(DRAFT, **filled, do="do").status_code == 303


def test_nothing_ticked_says_what_to_do(web_client: Client, story_at: Story) -> None:
    li = web_client(Office.MEDIATOR)
    assert "请勾选要用的条款" in li.send(DRAFT, **first(li.get(DRAFT).text), do="clauses").text


def test_an_older_case_lends_its_terms_without_its_people_sums_and_days(web_client: Client, story_at: Story) -> None:
    older = Story(story_at.store, story_at.clock, "B1").accepted()
    name = older.door.view("B1", Office.MEDIATOR).names["party/1"]
    words = Term(
        words=Text(f"向{name[0]} {name[1:]}（电话13912345678）于2026年3月15日补发12,000.50元（壹万贰仟元伍角）"),
        kind=TermKind.PAY,
        payer="party/2",
        payee="party/1",
        amount=990_000,
    )
    part = Term(words=Text("其中第一期"), kind=TermKind.PAY, payer="party/2", payee="party/1", amount=1, part_of=1)
    older.do(DraftAgreement(signers=("party/1", "party/2"), terms=(words, part)))
    li = web_client(Office.MEDIATOR)
    page = li.send(
        DRAFT, **(first(li.get(DRAFT).text) | {"older.case": older.case.facts.number or ""}), do="older"
    ).text
    assert rows(page) == ["先付一半", "向＿＿（电话＿＿）于＿＿年＿＿月＿＿日补发＿＿元（＿＿元伍角）", "其中第一期"]
    got = typed(page)
    assert got["f.terms.1.payer"] == "party/2"
    assert got["f.terms.1.amount"] == got["f.terms.1.due"] == ""
    assert got["f.terms.2.part_of"] == "2"  # counted from where it stands now
    with story_at.store.read() as unit:
        assert [read.what for read in unit.views.reads("B1")] == ["terms"]


@pytest.mark.parametrize("number", ["", "没有这一号", "A"])
def test_a_case_that_is_not_there_is_said_and_what_was_typed_stays(
    web_client: Client, story_at: Story, number: str
) -> None:
    li = web_client(Office.MEDIATOR)
    page = li.send(DRAFT, **(first(li.get(DRAFT).text) | {"older.case": number}), do="older").text
    assert "没有" in page
    assert rows(page)[0] == "先付一半"


def test_a_room_has_its_own_and_leaves_out_what_it_does_not_want(tmp_path: Path) -> None:
    own = tmp_path / "clauses.toml"
    own.write_text('["本室专用"]\nwords = "到本室当面付"\nkind = "付款"\n["赔礼道歉"]\nwords = ""\n', encoding="utf-8")
    settings = tmp_path / "config.toml"
    settings.write_text(f'[papers]\nclauses = "{own}"\n', encoding="utf-8")
    found = read_settings(settings).papers.clauses
    assert found["本室专用"].kind is TermKind.PAY
    assert "赔礼道歉" not in found
    assert "一次性付清" in found


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('["甲"]\nkind = "付款"', "“甲”的 words 应为文字"),
        ('["甲"]\nwords = "付"\nkind = "给钱"', "“甲”的 kind 只能写：付款、"),
        ('["甲"]\nwords = "付"\ndisputes = ["吵架"]', "“甲”的 disputes 只能写：拖欠劳动报酬、"),
        ('["甲"]\nwords = "付"\nsum = 3', "“甲”里没有 sum 这一项"),
        ('"甲" = 3', "“甲”应写成一节"),
        ("[甲", "第1行"),
    ],
)
def test_what_is_wrong_with_its_own_is_named_when_settings_are_read(tmp_path: Path, written: str, said: str) -> None:
    own, settings = tmp_path / "clauses.toml", tmp_path / "config.toml"
    own.write_text(written, encoding="utf-8")
    settings.write_text(f'[papers]\nclauses = "{own}"\n', encoding="utf-8")
    with pytest.raises(ConfigFault, match=said):
        read_settings(settings)


@pytest.fixture
def story_at(app: Flask, told: Story) -> Story:
    return told


def first(page: str) -> dict[str, str]:
    """A form with one term written."""
    return typed(page) | {"f.terms.0.words": "先付一半"}


def typed(page: str) -> dict[str, str]:
    """What a browser would post of a form as it stands."""
    found, page = {}, there(page)
    for tag in re.findall(r"<input [^>]*>", page):
        name, value, kind = (re.search(rf'{part}="([^"]*)"', tag) for part in ("name", "value", "type"))
        if name and not (kind and kind[1] in ("checkbox", "radio") and "checked" not in tag):
            found[name[1]] = unescape(value[1]) if value else ""
    for name, words in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>\n?([^<]*)</textarea>', page):
        found[name] = unescape(words)
    for name, inner in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inner) or re.search(r'<option value="([^"]*)"', inner)
        found[name] = chosen[1] if chosen else ""
    return found
