"""A program pushes alerts: the same number twice is one, whatever the program calls its order."""

from __future__ import annotations

import pytest
from flask import Flask

from mediation_engine.domain.roles import Office
from workflows.zone.alert.facts import facts_of

from ...support.calling import EVERYTHING, Program, token_for
from ...support.story import Story

PUSHED = {
    "number": "J3307842026112300017",
    "district": "east",
    "trouble": "fight",
    "words": "两人在厂门口推搡",
    "named": [
        {"person": "王某", "standing": "reporter"},
        {"person": "某五金厂", "standing": "other", "kind": "enterprise"},
    ],
}


@pytest.fixture
def program(app: Flask, told: Story) -> Program:
    return Program(app.test_client(), token_for(told, Office.MEDIATOR, EVERYTHING))


def test_an_alert_is_pushed_signed_for_and_taken_to_a_case(program: Program, told: Story) -> None:
    case = program.do("/cases", id="j-1", workflow="alert_2026", fields=PUSHED).json["case"]
    assert program.do(f"/cases/{case}/commands", id="j-2", command="SignForAlert", fields={}).status_code == 200
    facts = facts_of(told.door.case(case))
    assert (facts.district_name, len(facts.involved), facts.signed_by) == ("东片区", 2, "li")
    assert program.get(f"/cases/{case}").json["matter"] == "alert"


def test_the_same_number_twice_is_the_same_alert(program: Program, told: Story) -> None:
    first = program.do("/cases", id="j-1", workflow="alert_2026", fields=PUSHED)
    again = program.do("/cases", id="j-1", workflow="alert_2026", fields=PUSHED)
    other = program.do("/cases", id="j-9", workflow="alert_2026", fields=PUSHED | {"words": "又推了一次"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 200)
    assert first.json["case"] == again.json["case"] == other.json["case"]
    assert (first.json["first"], first.json["last"]) == (other.json["first"], other.json["last"])
    assert len(told.door.history(first.json["case"])) == first.json["last"]


def test_those_without_a_number_are_as_many_as_come(program: Program) -> None:
    fields = {name: value for name, value in PUSHED.items() if name != "number"}
    cases = {program.do("/cases", id=f"j-{n}", workflow="alert_2026", fields=fields).json["case"] for n in range(2)}
    assert len(cases) == 2


def test_the_list_of_cases_shows_none(program: Program) -> None:
    case = program.do("/cases", id="j-1", workflow="alert_2026", fields=PUSHED).json["case"]
    assert case not in [row["case"] for row in program.get("/cases").json["cases"]]
