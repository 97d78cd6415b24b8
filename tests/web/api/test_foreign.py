"""A case of another organisation, and one there is none of: no program can tell the two apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from web.wiring import catalogue

from ...support.calling import API, EVERYTHING, Program, token_for
from ...support.rewriting import rewrite
from ...support.story import Story
from ..conftest import STRANGER

pytestmark = pytest.mark.quick

COMMANDS = sorted({name for workflow in catalogue().workflows.values() for name in workflow.commands})
QUERIES = ("", "?on=party/1", "?on=party/99", "?every=true", "?every=x", "?after=3&most=1", "?most=0", "?nothing=1")
ODD: tuple[Any, ...] = (
    *({}, [], {"command": "Nothing"}, {"command": "RecordNote", "more": 1}, {"command": "RecordNote", "id": "a b"}),
    *({"command": "RecordNote", "fields": {"words": "补记"}, "id": id} for id in ("A1-1", "never-used")),
    {"command": "RecordNote", "fields": {"words": "补记"}, "expects": {"party/1": 1, "party/99": 1}},
    {"command": "RecordNote", "fields": {"words": "补记"}, "preview": True},
    {"command": "CloseAsPerformed", "waives": {"all_performed": "无", "nothing": "无"}},
)


@pytest.fixture
def stranger(app: Flask, told: Story) -> Program:
    """A program of another organisation."""
    program = Program(app.test_client(), token_for(told, STRANGER, EVERYTHING))
    assert program.get("/cases").status_code == 200  # the day of the token's last use is on record
    return program


def questions(app: Flask) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation on one case, in every way: the method, the path with CASE in it, what is sent."""
    adapter = app.url_map.bind("127.0.0.1")
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(API) and "case_id" in rule.arguments:
            for version in ("1", "7", "99", "0", "x") if "version" in rule.arguments else ("",):
                given = {name: version if name == "version" else "CASE" for name in rule.arguments}
                path = adapter.build(rule.endpoint, given).removeprefix(API)
                if "GET" in (rule.methods or ()):
                    yield from (("GET", path + query, {}) for query in QUERIES)
                    yield from (
                        ("GET", path, {"headers": {name: "*"}}) for name in ("If-None-Match", "If-Match", "Range")
                    )
                else:
                    yield from (("POST", path, {"json": body}) for body in ODD)
                    yield from (
                        ("POST", path, {"json": {"command": c, "on": ["party/1"], "id": "o"}}) for c in COMMANDS
                    )
                    yield "POST", path, {"data": b"x"}
                yield from ((method, path, {}) for method in ("HEAD", "OPTIONS", "DELETE", "PUT", "TRACE"))


@pytest.fixture(params=["sound", "damaged"])
def told_of(request: pytest.FixtureRequest, told: Story) -> Story:
    """The same when a line of the case can no longer be read."""
    if request.param == "damaged":
        rewrite(told, 6, body=b"{")
    return told


def test_no_operation_tells_a_case_of_others_from_none(
    app: Flask, stranger: Program, told_of: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(*_: Any) -> None:
        raise AssertionError("nothing may be written")

    monkeypatch.setattr(told_of.store, "write", write)
    asked = list(questions(app))
    assert {path.partition("?")[0] for _, path, _ in asked} >= {
        f"/cases/CASE{end}" for end in ("", "/export", "/audit")
    }
    for method, path, given in asked:
        foreign, none = (stranger.send(method, path.replace("CASE", case), **given) for case in ("A1", "Z9"))
        assert 400 <= foreign.status_code < 500, (method, path, given, foreign.text)
        assert foreign.data == none.data, (method, path, given)
        assert (foreign.status_code, list(foreign.headers)) == (none.status_code, list(none.headers)), (method, path)


def test_what_the_list_says_does_not_depend_on_cases_of_others(stranger: Program) -> None:
    queries = (
        "after=A",
        "phase=follow_up",
        "open=true",
        "most=1",
    )
    found = {stranger.send("POST", "/searches", json={"words": words}).data for words in ("王某", "wm", "A1", "某五金")}
    nobody = stranger.send("POST", "/searches", json={"words": "无此人"}).data
    assert found | {stranger.get(f"/cases?{query}").data for query in queries} == {nobody}
