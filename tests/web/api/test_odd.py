"""What nobody should send to the API: refused in Chinese, by field, and nothing is written for it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import fields_of
from mediation_engine.domain.matter import CASE
from mediation_engine.domain.roles import Office
from web.wiring import catalogue
from workflows.phases.intake import AcceptCase

from ...support.calling import EVERYTHING, Program, token_for
from ...support.story import Story, filed, register
from ...support.thorough import some

OPENING = catalogue().named("fast_track_2026").opening
COMMANDS: dict[str, type[Command]] = {
    n: k
    for w in catalogue().workflows.values()
    for n, k in w.commands.items()
    if k is OPENING or k not in w.openings  # an application is made on its own page, and by no program
}
ITEMS = {
    "A1": "fast_track_2026",
    "C1": "consultation_2026",
    "J1": "alert_2026",
    "M1": "matter_2026",
    "N1": "meeting_2026",
    "R1": "return_2026",
}
HUGE = "一" * 350_000  # a megabyte
Send = Callable[[str, Any], TestResponse]


@pytest.fixture
def program(app: Flask, told: Story) -> Program:
    """Knocks for a mediator; besides A1 there is a consultation, C1, and an item of each kind of the zone."""
    panel = Story(told.store, told.clock, "C1")
    panel.do(register("labour_mediation", in_zone=True), workflow="consultation_2026")
    panel.do(AcceptCase(), by=Office.LEAD)
    Story(told.store, told.clock, "J1").signed()
    Story(told.store, told.clock, "M1").taken_on()
    Story(told.store, told.clock, "N1").convened()
    Story(told.store, told.clock, "R1").do(filed(), workflow="return_2026")
    made = Program(app.test_client(), token_for(told, Office.MEDIATOR, EVERYTHING))
    assert made.get("/cases").status_code == 200  # the day of the token's last use is on record
    return made


@pytest.fixture
def closed(program: Program, told: Story, monkeypatch: pytest.MonkeyPatch) -> Program:
    """The same, before a store nobody may write to: not even to take it back."""

    def write(*_: Any) -> None:
        raise AssertionError("nothing may be written")

    monkeypatch.setattr(told.store, "write", write)
    return program


def refused(answer: TestResponse, *statuses: int) -> dict[str, Any]:
    """The problem: of such a status, told in Chinese and briefly."""
    assert answer.status_code in statuses, answer.text[:500]
    assert answer.content_type == "application/problem+json"
    found: dict[str, Any] = answer.get_json(force=True)
    assert re.search("[一-龥]{4}", found["detail"]), found
    assert len(answer.data) < 50_000
    return found


# -- bodies that are none

PATHS = ("/cases", "/cases/A1/commands", "/cases/C1/commands")
NOTE = b'{"id": "x", "command": "RecordNote", "fields": {"words": "' + "补记".encode() + b'"}'
DEEP = 100_000
UNREADABLE = {
    "nothing": b"",
    "half": NOTE,
    "two": NOTE + b"}{}",
    "NaN": NOTE + b', "expects": {"party/1": NaN}}',
    "infinite": NOTE + b', "expects": {"party/1": -Infinity}}',
    "beyond a float": NOTE + b', "expects": {"party/1": 1e999}}',
    "half a character": NOTE + rb', "on": ["\ud800"]}',
    "no UTF-8": NOTE + b', "on": ["\xff"]}',
    "GBK": '{"command": "补记"}'.encode("gbk"),
    "UTF-16": (NOTE + b"}").decode().encode("utf-16"),
    "NUL": NOTE + b', "on": ["\x00"]}',
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"fields":' * DEEP + b"1" + b"}" * DEEP,
    "one key twice": NOTE + b', "command": "CloseAsPerformed"}',
    "one key twice, within": b'{"id": "x", "command": "RecordNote", "fields": {"words": "a", "words": "b"}}',
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_in_one_way_only_is_refused(closed: Program, path: str, body: bytes) -> None:
    answer = closed.send("POST", path, data=body, content_type="application/json")
    assert refused(answer, 400)["code"] == "UnreadableJson"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", [[], [{}], [[]], "x", "", 1, 2**70, 1.5, True, None, HUGE])
def test_a_body_that_is_no_object_is_refused(closed: Program, path: str, body: Any) -> None:
    answer = closed.send("POST", path, data=json.dumps(body, ensure_ascii=False), content_type="application/json")
    assert refused(answer, 422)["code"] == "InvalidInput"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "kind", ["", "text/plain", "text/json", "application/xml", "application/x-www-form-urlencoded", "乱/码", "json"]
)
def test_a_body_that_does_not_say_it_is_json_is_refused(closed: Program, path: str, kind: str) -> None:
    answer = closed.send("POST", path, data=NOTE + b"}", headers={"Content-Type": kind.encode().decode("latin-1")})
    assert refused(answer, 415)["code"] == "NotJson"


# -- around the fields of an order

ODD: tuple[Any, ...] = (2**70, -(2**70), 1.5, "\u0000", "\u202e", HUGE, [[]], {"a": {}}, [None], ["\u0000"], [HUGE])
TIMES = (
    *("2026-02-30", "2026-13-01", "2026-00-01", "0000-01-01", "2026-11-23T24:01", "2026-11-23T09:30:00"),
    *("2026-11-23T09:30Z", "2026-11-23T09:30+08:00", "2026-11-23 09:30", "20261123", "２０２６-11-23", "今天", " "),
    *("2026-11-23/2026-11-01", "2026-11-23/2026-02-30", "1899-12-31", "2026-02-30~"),
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ["id", "occurred", "preview", "on", "expects", "waives", "fields", "command", "more"])
def test_whatever_is_odd_around_the_fields_is_told_by_its_name(closed: Program, path: str, name: str) -> None:
    known = {"workflow": "fast_track_2026"} if path == "/cases" else {"command": "RecordNote"}
    for odd in (*ODD, *(TIMES if name == "occurred" else ())):
        body = {"id": "o-1"} | known | {"fields": {"words": "补记"}, name: odd}
        found = refused(closed.send("POST", path, json=body), 422)
        assert any(fault["field"].startswith(name) for fault in found["faults"]), found


@pytest.mark.parametrize("key", ["", "\u202e", "a b", "a/b", "x" * 41, "x" * 100_000, '"', "编号", "-x"])
def test_an_id_that_cannot_be_typed_is_no_id(closed: Program, key: str) -> None:
    for path in PATHS:
        sent = {"Idempotency-Key": key.encode().decode("latin-1")}
        known = {"workflow": "fast_track_2026", "fields": {"track": "people_mediation"}, "command": "RecordNote"}
        known.pop("command" if path == "/cases" else "workflow")
        found = refused(closed.do(path, headers=sent, **known), 422)
        assert "Idempotency-Key" in found["detail"]


# -- the fields of every command of every workflow

LONG = "x" * 9_000
BY_KIND: dict[str, tuple[Any, ...]] = {
    "text": ("\u0000", HUGE, 7, True, ["一"]),
    "code": ("\u0000", HUGE, 7, False, {}),
    "ref": ("\u0000", LONG, 7, ["party/1"], {}),
    "person": ("\u0000", "\u2028", HUGE, 7, {}, ["王某"]),
    "staff": ("\u0000", HUGE, 7, {}, ["li"]),
    "day": (*TIMES, "2026-11", "2026", "..", 20261123, 1.5, "", HUGE, "3000-01-01", True),
    "time": ("25:00", "9:60", "\u0000", "正午前后", HUGE, 930, 1.5, True, ["9:30"]),
    "files": (),  # handed in with an application alone: tests/web/api/test_exhibits.py
    "money": ("-1", "1e9", "NaN", "1.005", "9" * 30, "1,5", "\u0000", 12, 2**70, True, HUGE),
    "count": (0, -1, 1_000_001, 2**70, 1.5, 1e300, "3", "３", True, [1]),
    "choice": ("nothing", "", " ", "\u0000", 0, True, HUGE, []),
    "flag": ("true", "是", 0, 1, 2**70, [True]),
    "refs": ("party/1", {}, [1], [None], [""], ["\u0000"], [HUGE], [["party/1"]], 2**70),
    "rows": ({}, "[]", [1], [None], [[]], [{"\u202e" + HUGE: 1}], 2**70),
}


def odd_fields(cls: type, place: str = "fields") -> Iterator[tuple[dict[str, Any], str]]:
    """One odd field of a command, and the place it is told by; then rows, each with one odd field in it."""
    for spec in fields_of(cls):
        here = f"{place}.{spec.name}"
        yield from (({spec.name: odd}, here) for odd in BY_KIND[spec.kind])
        if spec.row is not None:
            yield from (({spec.name: [row]}, inner) for row, inner in odd_fields(spec.row, f"{here}[0]"))


UNKNOWN = [{"nothing": 1}, {"\u202e": 1}, {HUGE: 1}]


@pytest.mark.parametrize("command", some(sorted(COMMANDS), 4))
def test_whatever_is_odd_in_a_field_is_told_by_its_name(closed: Program, command: str) -> None:
    kind, asked = COMMANDS[command], [("/cases", {"workflow": name}) for name in (w.name for w in catalogue().of(CASE))]
    if kind is not OPENING:
        knowing = [item for item, w in ITEMS.items() if command in catalogue().named(w).commands]
        asked = [(f"/cases/{item}/commands", {"command": command}) for item in knowing]
    for n, (filled, place) in enumerate([*odd_fields(kind), *((u, "fields") for u in UNKNOWN)]):
        given = ({"track": "people_mediation"} if kind is OPENING else {}) | filled
        path, known = asked[n % len(asked)]
        found = refused(closed.do(path, id="f-1", **known, fields=given), 422)
        told = [fault["field"] for fault in found["faults"]]
        assert any(t == place or t.startswith((f"{place}[", f"{place}.")) for t in told), (place, filled, told)
