"""The API as somebody reads its description who knows nothing else: it answers as described, and never breaks."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events
from schemathesis.engine.context import EngineContext

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from web.wiring import catalogue
from workflows.parts.note import RecordNote
from workflows.phases.intake import AcceptCase

from ...support.calling import API, EVERYTHING, Program, token_for
from ...support.exhibits import Shelved
from ...support.files import photo
from ...support.story import Story, register
from ...support.thorough import much, some
from ..conftest import HOST

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "ignored_auth",
)
METHODS = ("unsupported_method", "allow_header_conformance")
"""Asked once of each path. Nothing is ever deleted, so that nothing can be used after it: no check for that."""

WHOLE = ("RecordSession", "ReachAgreement", "JoinCase", "PlanVisit", "TerminateMediation")
"""Sent with everything an order may have around its fields; between them they have every kind of field."""
OPENINGS, ORDERS = f"{API}/cases", f"{API}/cases/{{case_id}}/commands"
CORRECTIONS = f"{API}/cases/{{case_id}}/corrections"
FILINGS = f"{API}/cases/{{case_id}}/exhibits"
EXHIBIT = "a87fe5cd958ca38867d73d775955ba88"
"""The id of the exhibit that there is."""
COMMANDS = sorted(
    {
        n
        for w in catalogue().workflows.values()
        for n, kind in w.commands.items()
        if kind is not w.opening and kind.name() != "SubmitApplication"
    }
)
CASES = {"A1": "fast_track_2026", "C1": "consultation_2026"}


REJECTED = {"negative_data_rejection": {"enabled": True, "expected-statuses": [400, 404, 405, 409, 413, 414, 415, 422]}}
"""How what the description forbids is answered; lists longer than they may be are more than a body may have, too."""


def config(token: str, case: str, examples: int, checks: tuple[str, ...], **phases: Any) -> SchemathesisConfig:
    """The same every time, and over soon."""
    return SchemathesisConfig.from_dict(
        {
            "seed": 7,
            "base-url": HOST,
            "headers": {"Authorization": f"Bearer {token}"},
            "parameters": {"path.case_id": case, "path.exhibit": EXHIBIT},
            "continue-on-failure": True,
            "generation": {"max-examples": examples, "deterministic": True, "no-shrink": True, "database": "none"},
            "checks": {"enabled": False} | {name: {"enabled": True} for name in checks} | REJECTED,
            "phases": {"stateful": {"enabled": False}} | phases,
        }
    )


@pytest.fixture(autouse=True)
def within_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some checks send once more, over WSGI, with settings that only a network has."""
    whole = EngineContext.get_transport_kwargs

    def fitting(context: EngineContext, operation: Any = None) -> dict[str, Any]:
        return {k: v for k, v in whole(context, operation).items() if k in ("headers", "session")}

    monkeypatch.setattr(EngineContext, "get_transport_kwargs", fitting)


@pytest.fixture
def program(app: Flask, told: Story, tmp_path: Path) -> Program:
    """Knocks for a mediator; besides A1 there is a consultation, C1."""
    filed = Shelved(told, tmp_path / "exhibits")
    filed.service.file(filed.order(id="fuzzed"), [photo()])
    assert filed.id("exhibit/1") == EXHIBIT
    panel = Story(told.store, told.clock, "C1")
    panel.do(register("labour_mediation", in_zone=True), workflow=CASES["C1"])
    panel.do(AcceptCase(), by=Office.LEAD)
    return Program(app.test_client(), token_for(told, Office.MEDIATOR, EVERYTHING))


@pytest.fixture
def spec(program: Program) -> dict[str, Any]:
    described: dict[str, Any] = program.get("/openapi.json").get_json()
    return deepcopy(described)


def sent(app: Callable[..., Any], spec: dict[str, Any], settings: SchemathesisConfig) -> tuple[list[Any], list[str]]:
    """Everything a description gives rise to: the answers, and what is wrong with them."""
    schema = schemathesis.openapi.from_dict(spec, config=settings)
    schema.app = app
    answers, faults = [], list[str]()
    for event in engine.from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            faults.append(repr(event))
        elif isinstance(event, events.ScenarioFinished):
            faults += wrong(event)
            answers += [(event.label, x.response) for x in event.recorder.interactions.values() if x.response]
    return answers, faults


def wrong(event: events.ScenarioFinished) -> Iterator[str]:
    """What a check found, and how to see it again."""
    for id, nodes in event.recorder.checks.items():
        shown = event.recorder.interactions[id]
        what = f"{shown.request.method} {shown.request.uri} {shown.request.body!r}"
        yield from (f"{event.label}: {n.failure_info.failure!r} {what}" for n in nodes if n.failure_info)


def shapes(spec: dict[str, Any], path: str) -> dict[str, Any]:
    """The schema of a body, put in its place; its `oneOf` are the commands."""
    found: dict[str, Any] = spec["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    for shape in found.pop("discriminator", {"mapping": {}})["mapping"].values():
        found["oneOf"].append(spec["components"]["schemas"][shape.rpartition("/")[2]])
        found["oneOf"].pop(0)
    return found


def test_whatever_is_sent_is_answered_as_described(
    app: Flask, program: Program, told: Story, spec: dict[str, Any]
) -> None:
    orders = shapes(spec, ORDERS)
    orders["oneOf"] = [s for s in orders["oneOf"] if s["properties"]["command"]["const"] in WHOLE]
    noted = told.do(RecordNote(words=Text("记错了案件"))).first
    correction = spec["components"]["schemas"]["Correction"]["properties"]
    correction |= {"line": {"const": noted}, "strike": {"const": True}}
    del correction["occurred"], correction["id"]  # sent with all the others
    filing = spec["components"]["schemas"]["Filing"]["properties"]
    filing |= {"fields": {"const": {"kind": "evidence"}}, "files": {"const": [b64encode(photo()).decode()]}}
    del filing["occurred"], filing["id"]
    for path in (OPENINGS, ORDERS, CORRECTIONS, FILINGS):
        for parameter in spec["paths"][path]["post"]["parameters"]:
            parameter["required"] = True  # an order's id could be in the body; so it is always somewhere
    answers, faults = sent(app, spec, config(program.token, "A1", much(4, 8), CHECKS + METHODS))
    assert not faults, "\n".join(faults)
    fine = {label for label, answer in answers if answer.status_code < 300}
    methods = ("get", "post")
    assert fine == {f"{m.upper()} {path}" for path, shown in spec["paths"].items() for m in methods if m in shown}


@pytest.mark.parametrize("command", some(COMMANDS, 8))
def test_every_command_of_each_workflow_is_answered_as_described(
    app: Flask, program: Program, told: Story, spec: dict[str, Any], command: str
) -> None:
    """Its fields: at their bounds and just beyond them, and at random; each order under an id of its own."""
    only_fields_of(spec, command)
    numbers = count(1)

    def keyed(environ: dict[str, Any], start: Any) -> Any:
        environ["HTTP_IDEMPOTENCY_KEY"] = f"k{next(numbers)}"
        return app(environ, start)

    for case, workflow in CASES.items():
        known = command in catalogue().named(workflow).commands
        before = len(told.door.history(case))
        bounds = {"enabled": case == "A1", "unexpected-methods": []}  # the fields are the same in both
        answers, faults = sent(keyed, spec, config(program.token, case, much(2, 6), CHECKS, coverage=bounds))
        assert not faults, "\n".join(faults)
        codes = {answer.status_code for _, answer in answers}
        assert codes & {200, 409} if known else codes.isdisjoint({200, 409}), "the door was never reached"
        done = [answer.json() for _, answer in answers if answer.status_code == 200]
        assert len(told.door.history(case)) == before + sum(d["last"] - d["first"] + 1 for d in done)


def only_fields_of(spec: dict[str, Any], command: str) -> None:
    """Narrow a description to the one command and its fields."""
    (shape,) = (s for s in shapes(spec, ORDERS)["oneOf"] if s["properties"]["command"]["const"] == command)
    shape["properties"] = {name: shape["properties"][name] for name in ("command", "fields")}
    path = spec["paths"][ORDERS]
    path["post"]["requestBody"]["content"]["application/json"]["schema"] = shape
    path["post"]["parameters"] = [p for p in path["post"]["parameters"] if p["in"] != "header"]
    spec["paths"] = {ORDERS: {name: told for name, told in path.items() if name != "get"}}
