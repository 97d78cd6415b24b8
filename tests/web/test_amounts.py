"""However much is sent, and of whatever kind: the answer is short, and little memory is taken to give it."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mediation_engine.domain.limits import MOST_ENTRIES, MOST_FAULTS
from mediation_engine.domain.roles import Office
from mediation_engine.errors import FileFault, FormFaults
from mediation_engine.input.command_schema import read_form
from web.case_import import read_reports
from web.case_import.file_format import checked
from workflows.parts.agreement import ReachAgreement
from workflows.parts.payment import RecordPayment

from ..support.calling import EVERYTHING, Program, token_for
from ..support.story import Story
from ..support.thorough import some
from .conftest import Browser

MEMORY = 48 * 2**20
"""Traced at the peak: some copies of what was sent, and no more than that."""
ANSWER = 32 * 2**10
Made = Callable[[], Any]


def at_peak(call: Callable[[], Any]) -> tuple[Any, int]:
    """What a call gives, and how much memory it takes at its peak."""
    tracemalloc.start()
    try:
        return call(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def many(name: str = "k", value: Any = "x", times: int = 100_000) -> dict[str, Any]:
    return {f"{name}{n}": value for n in range(times)}


# -- programs

ORDER = {"id": "o-1", "command": "ReachAgreement"}
OPENING = {"id": "o-1", "workflow": "fast_track_2026"}
BODIES: dict[str, Made] = {
    "many waivers": lambda: ORDER | {"waives": many()},
    "many versions": lambda: ORDER | {"expects": many(value=1)},
    "many wrong versions": lambda: ORDER | {"expects": many(value="x")},
    "many keys around": lambda: ORDER | many(),
    "many fields": lambda: ORDER | {"fields": many()},
    "many fields of an opening": lambda: OPENING | {"fields": {"track": "people_mediation"} | many()},
    "many things": lambda: ORDER | {"on": ["x"] * 400_000},
    "many wrong things": lambda: ORDER | {"on": [0] * 900_000},
    "some wrong things": lambda: ORDER | {"on": [0] * MOST_ENTRIES},
    "many rows that are none": lambda: ORDER | {"fields": {"terms": [0] * 900_000}},
    "many empty rows": lambda: ORDER | {"fields": {"terms": [{}] * 600_000}},
    "some empty rows": lambda: ORDER | {"fields": {"terms": [{}] * MOST_ENTRIES}},
    "some rows with a wrong choice": lambda: ORDER | {"fields": {"terms": [{"kind": "x"}] * MOST_ENTRIES}},
    "some rows with unknown fields": lambda: ORDER | {"fields": {"terms": [many(times=20)] * MOST_ENTRIES}},
    "one row with many fields": lambda: ORDER | {"fields": {"terms": [many()]}},
    "many references": lambda: ORDER | {"fields": {"issues": ["issue/1"] * 150_000}},
    "many wrong references": lambda: ORDER | {"fields": {"issues": [""] * 600_000}},
    "long words": lambda: ORDER | {"fields": {"minutes": "一" * 600_000}},
    "a long name": lambda: ORDER | {"fields": {"一" * 600_000: 1}},
    "a long command": lambda: {"id": "o-1", "command": "一" * 600_000},
    "a long id": lambda: ORDER | {"id": "x" * 1_900_000},
}
RAW = {
    "deep lists": b'{"id": "o-1", "on": ' + b"[" * 900_000 + b"]" * 900_000 + b"}",
    "deep objects": b'{"a":' * 300_000 + b"1" + b"}" * 300_000,
    "deep lists beside each other": b'{"on": [' + b",".join([b"[" * 400 + b"]" * 400] * 2_000) + b"]}",
    "one key many times": b"{" + b",".join([b'"a":1'] * 300_000) + b"}",
    "half a text": b'{"a": "' + b",{[" * 500_000,
}


@pytest.fixture
def program(app: Flask, told: Story) -> Program:
    return Program(app.test_client(), token_for(told, Office.LEAD, EVERYTHING))


def brief(call: Callable[[], TestResponse], *statuses: int, answer: int = ANSWER) -> TestResponse:
    found, peak = at_peak(call)
    assert found.status_code in statuses, (found.status_code, found.text[:500])
    assert len(found.data) < answer
    assert peak < MEMORY, f"{peak / 2**20:.0f} MB"
    return found


@pytest.mark.parametrize("made", some(BODIES.values(), 2), ids=some(BODIES, 2))
def test_a_program_that_sends_much_is_answered_briefly(program: Program, made: Made) -> None:
    sent = json.dumps(made(), ensure_ascii=False).encode()[: 2 * 2**20]
    for path in ("/cases", "/cases/A1/commands"):
        found = brief(lambda path=path: program.send("POST", path, data=sent, content_type="application/json"), 422)
        told = found.get_json(force=True)
        assert sum(len(fault["sentences"]) for fault in told["faults"]) <= MOST_FAULTS
        assert not told["more"] or "没有逐一列出" in told["detail"]


@pytest.mark.parametrize("sent", RAW.values(), ids=RAW)
def test_what_is_hard_to_read_is_not_read(program: Program, sent: bytes) -> None:
    brief(lambda: program.send("POST", "/cases/A1/commands", data=sent, content_type="application/json"), 400, 413, 422)


def test_faults_beyond_the_first_are_said_to_be_there(program: Program) -> None:
    rows = [{"words": 7, "kind": "x"}] * 100
    told = program.do("/cases/A1/commands", command="ReachAgreement", fields={"terms": rows}).get_json(force=True)
    assert told["more"] is True
    assert len(told["faults"]) == MOST_FAULTS
    assert {fault["field"].partition(".terms")[2][:3] for fault in told["faults"][:2]} == {"[0]"}
    few = program.do("/cases/A1/commands", command="ReachAgreement", fields={"terms": rows[:1]}).get_json(force=True)
    assert few["more"] is False


def test_what_there_is_to_choose_from_is_told_once(program: Program) -> None:
    rows = [{"words": "付清", "kind": "x", "nothing": 1}] * 10
    said = program.do("/cases/A1/commands", command="ReachAgreement", fields={"terms": rows}).text
    assert said.count("continuing") == said.count("custodian") == 2  # with the fault, and in the sentence of all
    said = program.do("/cases/A1/commands", command="RecordNote", fields={"words": "记"}, waives=many(times=9)).text
    assert said.count("有：") == 2


def test_many_refusals_of_one_order_are_told_in_part(program: Program) -> None:
    answer = program.do("/cases/A1/commands", *["party/1", "party/2"] * 1000, command="MarkReady")
    assert answer.status_code == 409
    assert len(answer.data) < ANSWER


def test_many_arguments_of_a_query_are_answered_briefly(program: Program, web_client: Any) -> None:
    query = "&".join(f"k{n}=x" for n in range(20_000))
    brief(lambda: program.get(f"/cases?{query}"), 414)
    li = web_client(Office.MEDIATOR)
    for path in ("/cases", "/cases/A1/steps/RecordNote", "/cases/A1/replay", "/cases/new", "/work"):
        brief(lambda path=path: li.get(f"{path}?{query}"), 414)


# -- people

FORMS = {
    "fields nobody asked for": lambda: "&".join(f"k{n}=x" for n in range(100_000)),
    "fields without names": lambda: "&" * 900_000 + "=",
    "fields without words": lambda: "&".join(["a="] * 300_000),
    "waivers": lambda: "&".join(f"waive.k{n}=x" for n in range(60_000)),
    "long waivers": lambda: "&".join(f"waive.k{n}={'x' * 501}" for n in range(1_900)),
    "things": lambda: "&".join(["on=party/1"] * 80_000),
    "rows that are not there": lambda: "f.terms=200&do=preview",
    "more rows than there may be": lambda: "f.terms=999&do=preview",
    "a long answer": lambda: "f.words=" + "x" * 1_000_000,
}


NUMBERS = count(10_000_000)


def posted(browser: Browser, path: str, sent: str) -> TestResponse:
    body = f"csrf_token={browser.token}&id={next(NUMBERS)}&do=do&{sent}"
    return browser.post(path, data=body, content_type="application/x-www-form-urlencoded")


@pytest.mark.parametrize("made", FORMS.values(), ids=FORMS)
def test_a_form_with_much_in_it_is_answered_briefly(web_client: Any, made: Callable[[], str]) -> None:
    lead = web_client(Office.LEAD)
    for path in ("/cases/A1/steps/ReachAgreement", "/cases/A1/steps/RecordNote", "/cases/new"):
        lead.get(path)
        sent = made()
        answer = max(3 * len(sent), 768 * 2**10)
        brief(lambda path=path, sent=sent: posted(lead, path, sent), 200, 303, 413, 422, answer=answer)


def test_parts_of_an_upload_are_counted_too(web_client: Any) -> None:
    chen = web_client(Office.AUDITOR)
    chen.get("/audit")
    fields = {f"k{n}": "x" for n in range(15_000)}
    brief(lambda: chen.post("/audit", data={"csrf_token": chen.token} | fields), 413, 422)


def test_a_checkpoint_of_many_cases_is_answered_briefly(web_client: Any) -> None:
    chen = web_client(Office.AUDITOR)
    chen.get("/audit")
    heads = {"format": "mediation-checkpoint/1", "cases": {f"A{n}": [1, "0" * 64] for n in range(5_000)}}
    file = (BytesIO(json.dumps(heads).encode()), "存证点.json")
    brief(lambda: chen.post("/audit", data={"csrf_token": chen.token, "checkpoint": file}), 200)


# -- what was filled in, however it came

FILLED: dict[str, Made] = {
    "rows that are none": lambda: {"terms": [0] * 900_000},
    "empty rows": lambda: {"terms": [{}] * 900_000},
    "rows in words": lambda: {"terms": "[" + "{}," * 300_000 + "{}]"},
    "unknown fields": many,
    "a row of unknown fields": lambda: {"terms": [many()]},
    "references": lambda: {"issues": ["issue/1"] * 900_000},
    "references in words": lambda: {"issues": "、".join(["issue/1"] * 100_000)},
}


@pytest.mark.parametrize("made", FILLED.values(), ids=FILLED)
def test_whatever_is_filled_in_is_counted_before_it_is_looked_into(made: Made) -> None:
    filled = made()

    def read() -> FormFaults:
        with pytest.raises(FormFaults) as refused:
            read_form(ReachAgreement, filled)
        return refused.value

    fault, peak = at_peak(read)
    assert sum(map(len, fault.faults.values())) <= MOST_FAULTS
    assert len(fault.sentence) < ANSWER
    assert peak < MEMORY, f"{peak / 2**20:.0f} MB"


def test_who_filled_in_much_is_told_that_there_is_more_wrong() -> None:
    with pytest.raises(FormFaults) as refused:
        read_form(RecordPayment, many(times=200))
    assert refused.value.more
    assert "没有逐一列出" in refused.value.sentence


# -- reported cases

REPORT = {
    "id": "R",
    "dispute_type_zh": "欠薪",
    "disputants": [{"side": "applicant", "kind": "person", "name_masked": "王某"}],
    "bodies": [],
    "timeline": [],
}
REPORTS: dict[str, Made] = {
    "many that are none": lambda: [0] * 300_000,
    "many wrong ones": lambda: [{}] * 50_000,
    "many of one id": lambda: [REPORT] * 20_000,
    "many ids twice": lambda: [REPORT | {"id": f"R{n // 2}"} for n in range(3_000)],
    "a long history": lambda: [REPORT | {"timeline": [0] * 600_000}],
    "many parties": lambda: [REPORT | {"disputants": [{}] * 300_000}],
    "many terms": lambda: [REPORT | {"terms_zh": [0] * 600_000}],
    "many keys": lambda: [REPORT | many()],
    "many keys of an entry": lambda: [REPORT | {"timeline": [many()]}],
    "many notes of one's own": lambda: [REPORT | many("x_")],
}


@pytest.mark.parametrize("made", REPORTS.values(), ids=REPORTS)
def test_a_file_of_many_reports_is_refused_in_few_words(made: Made) -> None:
    reports = made()

    def read() -> str:
        with pytest.raises(FileFault) as refused:
            checked(reports, "报道.json")
        return refused.value.sentence

    said, peak = at_peak(read)
    assert len(said) < ANSWER
    assert peak < MEMORY, f"{peak / 2**20:.0f} MB"


def test_keys_that_stand_twice_in_a_file_of_reports_are_told_in_part(tmp_path: Path) -> None:
    file = tmp_path / "报道.json"
    twice = '{"a": 1, "a": 1}'
    file.write_text(f"[{','.join([twice] * 20_000)}]")
    with pytest.raises(FileFault) as refused:
        read_reports(file)
    assert len(refused.value.sentence) < ANSWER
