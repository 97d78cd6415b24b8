"""A new case is offered the rules of its day, on pages, through the API, and on import; the others say why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from mediation_engine.adapters.plugins import installed_roles, installed_workflows
from mediation_engine.domain.matter import CASE
from mediation_engine.domain.roles import Office
from mediation_engine.rules.catalogue import Catalogue
from web.case_import import take_reports
from web.case_import.file_format import checked
from web.case_import.samples import reported_cases

from ...outside.rules_2027 import CONSULTATION_2027
from ...support.calling import EVERYTHING, Program, token_for
from ...support.story import Story
from ..api.test_api import OPENING, problem
from ..conftest import Browser, app_over

EVE = datetime(2026, 12, 31, 4, 0, tzinfo=UTC)
PROGRAMS = {"old": 'value="consultation_2026/labour_mediation"', "new": 'value="consultation_2027/labour_mediation"'}


@pytest.fixture
def eve(told: Story) -> Story:
    """The last day of 2026, with the rules of 2027 installed beside those of 2026."""
    told.door.catalogue = Catalogue([*installed_workflows(), CONSULTATION_2027], installed_roles())
    told.clock.now = EVE
    return told


def test_the_form_for_a_new_case_offers_the_rules_of_the_day(
    eve: Story, web_client: Callable[[Office], Browser]
) -> None:
    offered = []
    for _ in range(2):
        page = web_client(Office.MEDIATOR).get("/cases/new").text
        offered.append([name for name, option in PROGRAMS.items() if option in page])
        assert 'value="fast_track_2026/people_mediation"' in page
        eve.clock.now += timedelta(days=1)
    assert offered == [["old"], ["new"]]


def test_a_form_filled_in_on_the_eve_asks_again_the_day_after(
    eve: Story, web_client: Callable[[Office], Browser]
) -> None:
    eve.clock.now += timedelta(days=1)
    li = web_client(Office.MEDIATOR)
    li.get("/cases/new")
    stale = {"program": "consultation_2026/labour_mediation", "id": "0123456789", "applicant.0.name": "甲"}
    answer = li.send("/cases/new", **stale)
    assert answer.status_code == 422
    assert "请选择一种" in answer.text


def test_where_no_rules_are_in_force_nothing_can_be_registered_and_the_page_says_so(
    eve: Story, web_client: Callable[[Office], Browser]
) -> None:
    li = web_client(Office.MEDIATOR)
    eve.door.catalogue = Catalogue([CONSULTATION_2027], installed_roles())
    answer = li.get("/cases/new")
    assert answer.status_code == 409
    assert "2026年12月31日（周四）没有可以登记新案的流程" in answer.text


def test_programs_are_told_of_the_rules_of_the_day_and_refused_under_others(eve: Story) -> None:
    client = app_over(eve).test_client()
    li = Program(client, token_for(eve, Office.MEDIATOR, EVERYTHING))
    refused = problem(li.do("/cases", workflow="consultation_2027", fields=OPENING), 409, "CommandNotAllowed")
    assert "请用consultation_2026" in refused["detail"]
    assert [r["code"] for r in refused["refusals"]] == ["not_in_force"]
    assert li.do("/cases", workflow="consultation_2026", fields=OPENING, id="once").status_code == 201
    described = []
    for _ in range(2):
        spec = li.get("/openapi.json").json
        body = spec["paths"]["/api/v1/cases"]["post"]["requestBody"]
        named = [shape["$ref"].rpartition("/")[2] for shape in body["content"]["application/json"]["schema"]["oneOf"]]
        shapes = [spec["components"]["schemas"][name] for name in named]
        described.append([shape["properties"]["workflow"]["const"] for shape in shapes])
        eve.clock.now += timedelta(days=1)
    zone = [name for name, workflow in eve.door.catalogue.workflows.items() if workflow.matter is not CASE]
    assert described == [
        sorted([name, "fast_track_2026", *zone]) for name in ("consultation_2026", "consultation_2027")
    ]
    assert li.do("/cases", workflow="consultation_2026", fields=OPENING, id="once").status_code == 201
    problem(li.do("/cases", workflow="consultation_2026", fields=OPENING), 409, "CommandNotAllowed")


def test_a_report_is_told_under_the_rules_of_the_day_and_taken_again_under_its_own(eve: Story) -> None:
    first, second = checked(reported_cases(), "sample")[:2]
    take_reports(eve.door, [first])
    eve.clock.now += timedelta(days=1)
    cases = take_reports(eve.door, [first, second])
    assert {eve.door.case(case).workflow for case in cases} == {"consultation_2026", "consultation_2027"}
    assert eve.door.case(str(first["id"])).workflow == "consultation_2026"
    assert eve.door.today() == date(2027, 1, 1)
