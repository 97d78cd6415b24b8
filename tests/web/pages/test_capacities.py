"""Who did what a party does, asked on the form of the step and of its correction, and by programs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from mediation_engine.domain.roles import Office
from workflows.vocabulary import CapacityKind

from ...support.calling import EVERYTHING, Program, token_for
from ...support.story import Story
from ..conftest import Browser
from .test_steps import filled

Client = Callable[[Office], Browser]
CONSENT, CONFIRM = "/cases/A1/steps/RecordConsent", "/cases/A1/steps/ConfirmAgreement"


def asked(page: str) -> tuple[list[str], str]:
    """The capacities a form offers, and the one it begins with."""
    select = re.search(r'<select id="capacity".*?</select>', page, re.DOTALL)
    options = re.findall(r'<option value="([^"]*)"( selected)?', select[0]) if select else []
    return [value for value, _ in options], next((value for value, chosen in options if chosen), "")


def test_where_a_party_has_nobody_it_is_not_asked(web_client: Client, told: Story) -> None:
    told.acting_for("party/2")
    li = web_client(Office.MEDIATOR)
    assert asked(li.get(f"{CONSENT}?on=party/1").text) == ([], "")
    assert asked(li.get("/cases/A1/steps/RecordNote").text) == ([], "")


@pytest.mark.parametrize(
    ("settle", "more", "begins"), [(True, False, "capacity/1"), (True, True, ""), (False, False, "")]
)
def test_the_only_one_who_may_is_chosen_already(
    web_client: Client, told: Story, settle: bool, more: bool, begins: str
) -> None:
    told.acting_for("party/1", settle=settle)
    if more:
        told.acting_for("party/1", person="wu")
    offered = ["", "capacity/1", *(["capacity/2"] if more else [])]
    assert asked(web_client(Office.MEDIATOR).get(f"{CONFIRM}?on=confirmation/1").text) == (offered, begins)


def test_it_is_recorded_and_told_and_can_be_corrected(web_client: Client, told: Story) -> None:
    told.acting_for("party/1", person="worker2")
    told.acting_for("party/1", person="wu", kind=CapacityKind.DELEGATE)
    li, wang = web_client(Office.MEDIATOR), web_client(Office.LEAD)
    form = filled(li, f"{CONSENT}?on=party/1", capacity="capacity/1", do="do")
    assert li.post(CONSENT, data=form).status_code == 303
    line = told.lines[-1]
    assert (line.event, line.capacity) == ("ConsentRecorded", "capacity/1")
    assert "由谁办理" in li.whole()
    path = f"/cases/A1/lines/{line.version}/correct"
    assert asked(wang.get(path).text)[1] == "capacity/1"
    right = filled(wang, path, capacity="capacity/2", reason="记错了人", do="correct")
    assert wang.post(path, data=right).status_code == 303
    assert told.lines[-1].correction is not None
    assert told.lines[-1].correction.capacity == "capacity/2"


def test_somebody_elses_is_refused_on_the_form(web_client: Client, told: Story) -> None:
    told.acting_for("party/2")
    li = web_client(Office.MEDIATOR)
    form = filled(li, f"{CONSENT}?on=party/1", capacity="capacity/1", do="do")
    answer = li.post(CONSENT, data=form)
    assert answer.status_code == 422
    assert "只能办理本人或被代理（代表）的当事人的事" in answer.text


def test_programs_name_it_and_are_told_of_it(app: Flask, told: Story) -> None:
    told.acting_for("party/1")
    program = Program(app.test_client(), token_for(told, Office.LEAD, EVERYTHING, Office.LEAD))

    def given(path: str, *on: str, **body: Any) -> Any:
        return program.do(f"/cases/A1/{path}", *on, **body).get_json()

    by_agent = {"command": "RecordConsent", "capacity": "capacity/1"}
    [line] = given("commands", "party/1", **by_agent)["lines"]
    assert (line["capacity"], line["details"][0]["label"]) == ("capacity/1", "由谁办理")
    assert given("commands", "party/2", **by_agent)["refusals"][0]["code"] == "capacity"
    given("corrections", line=line["version"], reason="是本人说的", fields={}, capacity="party/1")
    correction = told.lines[-1].correction
    assert correction is not None
    assert correction.capacity == "party/1"
