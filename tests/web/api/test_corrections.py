"""更正 and 误录 by programs: only what changes is sent, twice is once, and refusals say why."""

from __future__ import annotations

import pytest
from flask import Flask

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from workflows.parts.payment import RecordPayment

from ...support.calling import EVERYTHING, Program, token_for
from ...support.story import Story

PATH = "/cases/A1/corrections"


@pytest.fixture
def lead(app: Flask, told: Story) -> Program:
    told.do(RecordPayment(amount=100_000, note=Text("现金")))
    return Program(app.test_client(), token_for(told, Office.LEAD, EVERYTHING, Office.LEAD))


def test_only_the_field_that_was_wrong_is_sent(lead: Program, told: Story) -> None:
    line = told.case.version
    answer = lead.do(PATH, id="c-1", line=line, fields={"amount": "1.2万"}, reason="少写了")
    assert answer.status_code == 200, answer.text
    assert told.case.facts.payments["payment/1"].amount == 1_200_000
    [done] = answer.get_json()["lines"]
    assert (done["event"], done["corrects"]) == ("OrderCorrected", line)
    again = lead.do(PATH, id="c-1", line=line, fields={"amount": "1.2万"}, reason="少写了")
    assert (again.status_code, again.get_json()) == (200, answer.get_json())
    with told.store.read() as unit:
        assert [t.words for t in unit.record.texts("A1").values() if t.words == "现金"] == ["现金"]


def test_changed_words_sent_twice_get_the_same_answer(lead: Program, told: Story) -> None:
    asked = {"id": "c-1", "line": told.case.version, "fields": {"note": "转账"}, "reason": "写错"}
    first, again = (lead.do(PATH, **asked) for _ in range(2))
    assert (first.status_code, again.status_code, again.get_json()) == (200, 200, first.get_json())


def test_what_never_happened_is_struck(lead: Program, told: Story) -> None:
    line = told.case.version
    preview = lead.do(PATH, line=line, strike=True, reason="记到别案了", preview=True)
    assert (preview.status_code, told.case.version) == (200, line)
    assert lead.do(PATH, line=line, strike=True, reason="记到别案了").status_code == 200
    assert told.case.of("payment") == ()


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"line": 999, "reason": "x"}, 422, "不是可以更正的一步"),
        ({"line": 0, "reason": "x"}, 422, "line"),
        ({"line": 1, "reason": "x", "strike": True}, 409, "误登记"),
        ({"line": 24, "reason": "x"}, 409, "与原来相同"),
        ({"line": 24, "reason": " "}, 422, "原因"),
        ({"line": 24, "reason": "\u200b"}, 422, "原因"),
        ({"line": 24}, 422, "reason"),
        ({"line": 24, "reason": "x", "fields": {"sum": 1}}, 422, "sum"),
        ({"line": 24, "reason": "x", "fields": {"amount": "-1"}}, 422, "负数"),
        ({"line": 24, "reason": "x", "on": ["payment/9"]}, 422, "payment/9"),
    ],
)
def test_why_not_is_said(lead: Program, told: Story, body: dict[str, object], status: int, said: str) -> None:
    before = told.lines
    assert told.case.version == 24
    answer = lead.do(PATH, **body)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text
    assert told.lines == before


def test_another_organisation_learns_nothing(app: Flask, lead: Program, told: Story) -> None:
    from ..conftest import STRANGER

    stranger = Program(app.test_client(), token_for(told, STRANGER, EVERYTHING))
    own, none = (stranger.do(f"/cases/{case}/corrections", line=1, reason="x") for case in ("A1", "NONE"))
    assert own.status_code == none.status_code == 404
