"""A case by programs alone: registered, accepted, talked over, agreed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mediation_engine.domain.roles import Office
from mediation_engine.ports import Scope

from ..story import Story
from .calling import EVERYTHING, Program, token_for
from .conftest import STRANGER

OPENING = {
    "track": "people_mediation",
    "dispute": "labour_pay",
    "matter": "欠两个月工资",
    "named": [
        {"person": "王某", "side": "applicant"},
        {"person": "某五金厂", "side": "respondent", "kind": "enterprise"},
    ],
}
Programs = Callable[[Office], Program]


@pytest.fixture
def programs(app: Flask, told: Story) -> Programs:
    """Makes programs: each with a token of an office and all scopes that fit it."""

    def made(office: Office) -> Program:
        scopes = EVERYTHING if office is not Office.AUDITOR else (Scope.READ, Scope.AUDIT)
        return Program(app.test_client(), token_for(told, office, scopes), name=office.value)

    return made


@pytest.fixture
def stranger(app: Flask, told: Story) -> Program:
    """A program of another organisation."""
    return Program(app.test_client(), token_for(told, STRANGER, EVERYTHING), name="stranger")


def reads(story: Story, case: str) -> list[tuple[str, str]]:
    with story.store.read() as unit:
        return [(read.actor, read.what) for read in unit.views.reads(case)]


def problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The problem an answer tells of."""
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), answer.text
    found: dict[str, Any] = answer.get_json(force=True)
    assert (found["status"], found["code"]) == (status, code), found
    assert found["detail"]
    assert found["title"]
    return found


def test_from_registration_to_an_agreement_in_force(programs: Programs) -> None:
    li, wang = programs(Office.MEDIATOR), programs(Office.LEAD)
    opened = li.do("/cases", workflow="fast_track_2026", fields=OPENING)
    assert opened.status_code == 201, opened.text
    case = f"/cases/{opened.json['case']}"
    steps: list[tuple[Program, str, tuple[str, ...], dict[str, Any]]] = [
        (wang, "AcceptCase", (), {}),
        (li, "TellRights", ("party/1", "party/2"), {}),
        (li, "RecordSession", (), {"attended": ["party/1", "party/2"], "result": "settled", "rights_told": True}),
        (li, "ReachAgreement", (), {"terms": [PAY]}),
        (li, "DraftAgreement", ("agreement/1",), {"signers": ["party/1", "party/2"]}),
    ]
    for who, command, on, fields in steps:
        done = who.do(f"{case}/commands", *on, command=command, fields=fields)
        assert done.status_code == 200, (command, done.text)
    text_hash = li.get(case).json["facts"]["agreements"]["agreement/1"]["text_hash"]
    confirmed = {"manner": "signature", "text_hash": text_hash}
    for who, command, on, fields in (
        (li, "ConfirmAgreement", ("confirmation/1", "confirmation/2"), confirmed),
        (li, "SignAsMediator", ("agreement/1",), {}),
        (wang, "AffixSeal", ("agreement/1",), {}),
    ):
        done = who.do(f"{case}/commands", *on, command=command, fields=fields)
        assert done.status_code == 200, (command, done.text)
    told = li.get(case).json
    assert {i["key"]: i["state"] for i in told["instances"]}["agreement/1"] == "effective"
    assert [i["name"] for i in told["instances"] if i["key"].startswith("party/")] == ["王某", "某五金厂"]
    assert programs(Office.AUDITOR).get(f"{case}/audit").json["sound"] is True


PAY = {"words": "一次付清", "kind": "pay", "payer": "party/2", "payee": "party/1", "amount": "12000"}
