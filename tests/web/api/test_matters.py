"""A program reports matters: the same number from the same place twice is one; a kind is checked."""

from __future__ import annotations

import pytest
from flask import Flask

from mediation_engine.domain.roles import Office
from workflows.zone.matter.facts import facts_of

from ...support.calling import EVERYTHING, Program, token_for
from ...support.story import Story

REPORTED = {
    "kind": "grid",
    "origin": "四平台",
    "number": "GD-9",
    "district": "east",
    "words": "两个月没有发工资",
    "named": [{"person": "王某"}, {"person": "某五金厂", "standing": "other", "kind": "enterprise"}],
    "details": [{"field": "reporter", "words": "吴网格"}],
}


@pytest.fixture
def program(app: Flask, told: Story) -> Program:
    return Program(app.test_client(), token_for(told, Office.MEDIATOR, EVERYTHING))


def test_one_is_reported_given_to_somebody_and_listed(program: Program, told: Story) -> None:
    case = program.do("/cases", id="m-1", workflow="matter_2026", fields=REPORTED).json["case"]
    given = program.do(f"/cases/{case}/commands", id="m-2", command="AssignMatter", fields={"staff": "li"})
    assert given.status_code == 200, given.json
    facts = facts_of(told.door.case(case))
    assert (facts.number, facts.district_name, facts.handler) == ("四平台 GD-9", "东片区", "li")
    shown = program.get(f"/cases/{case}").json
    assert (shown["matter"], shown["kind"]) == ("matter", "grid")
    assert case not in [row["case"] for row in program.get("/cases").json["cases"]]


def test_the_same_number_from_the_same_place_twice_is_one(program: Program) -> None:
    first = program.do("/cases", id="m-1", workflow="matter_2026", fields=REPORTED)
    again = program.do("/cases", id="m-9", workflow="matter_2026", fields=REPORTED | {"words": "又报了一次"})
    other = program.do("/cases", id="m-10", workflow="matter_2026", fields=REPORTED | {"origin": "12345"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 201)
    assert first.json["case"] == again.json["case"] != other.json["case"]


@pytest.mark.parametrize(
    "odd",
    [
        {"kind": "moon"},
        {"kind": ""},
        {"details": [{"field": "reporter", "day": "soon"}]},
        {"details": [{"words": "吴网格"}]},
        {"details": "吴网格"},
        {"named": [{"person": ""}]},
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(program: Program, odd: dict[str, object]) -> None:
    answer = program.do("/cases", id="m-1", workflow="matter_2026", fields=REPORTED | odd)
    assert answer.status_code in (409, 422), answer.json
    assert answer.json["detail"]
