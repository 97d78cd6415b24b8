"""The API as somebody reads its description who knows nothing else: it answers as described, and never breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events
from schemathesis.engine.context import EngineContext

from mediation_engine.domain.roles import Office

from ..story import Story
from .calling import API, EVERYTHING, Program, token_for
from .conftest import HOST

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "ignored_auth",
    "unsupported_method",
    "allow_header_conformance",
)


COMMANDS = ("RecordSession", "ReachAgreement", "JoinCase", "PlanVisit", "TerminateMediation")
"""Between them they have every kind of field. All of them would take minutes; `test_api` goes through them."""


def some_of(spec: dict[str, Any]) -> dict[str, Any]:
    """The description with some of the commands."""
    for path in ("/cases", "/cases/{case_id}/commands"):
        body = spec["paths"][API + path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        shapes = body["oneOf"]
        body["oneOf"] = [s for s in shapes if s["properties"].get("command", {}).get("const") in (*COMMANDS, None)]
        for parameter in spec["paths"][API + path]["post"]["parameters"]:
            parameter["required"] = True  # an order's id could be in the body; so it is always somewhere
    return spec


def config(token: str) -> SchemathesisConfig:
    """The same every time, and over soon."""
    return SchemathesisConfig.from_dict(
        {
            "seed": 7,
            "base-url": HOST,
            "headers": {"Authorization": f"Bearer {token}"},
            "parameters": {"path.case_id": "A1"},
            "continue-on-failure": True,
            "generation": {"max-examples": 8, "deterministic": True, "no-shrink": True, "database": "none"},
            "checks": {"enabled": False} | {name: {"enabled": True} for name in CHECKS},
            "phases": {"stateful": {"enabled": False}},
        }
    )


@pytest.fixture(autouse=True)
def within_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some checks send once more, over WSGI, with settings that only a network has."""
    whole = EngineContext.get_transport_kwargs

    def fitting(context: EngineContext, operation: Any = None) -> dict[str, Any]:
        return {k: v for k, v in whole(context, operation).items() if k in ("headers", "session")}

    monkeypatch.setattr(EngineContext, "get_transport_kwargs", fitting)


def test_whatever_is_sent_is_answered_as_described(app: Flask, told: Story) -> None:
    program = Program(app.test_client(), token_for(told, Office.MEDIATOR, EVERYTHING))
    spec = some_of(program.get("/openapi.json").get_json())
    schema = schemathesis.openapi.from_dict(spec, config=config(program.token))
    schema.app = app
    fine, faults = set[str | None](), list[str]()
    for event in engine.from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            faults.append(repr(event))
        elif isinstance(event, events.ScenarioFinished):
            faults += wrong(event)
            fine |= {
                event.label for x in event.recorder.interactions.values() if x.response and x.response.status_code < 300
            }
    assert not faults, "\n".join(faults)
    methods = ("get", "post")
    assert fine == {f"{m.upper()} {path}" for path, shown in spec["paths"].items() for m in methods if m in shown}


def wrong(event: events.ScenarioFinished) -> Iterator[str]:
    """What a check found, and how to see it again."""
    for id, nodes in event.recorder.checks.items():
        shown = event.recorder.interactions[id]
        sent = f"{shown.request.method} {shown.request.uri} {shown.request.body!r}"
        yield from (f"{event.label}: {n.failure_info.failure!r} {sent}" for n in nodes if n.failure_info)
