"""A case by programs alone: registered, accepted, talked over, agreed."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mediation_engine.audit import audit_against
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text, fields_of, typed_fields
from mediation_engine.domain.roles import Office
from mediation_engine.errors import StoreUnavailable
from mediation_engine.export.case_file import VERIFIER, read_cases
from mediation_engine.ports.store import Store
from mediation_engine.ports.tokens import Scope
from web.wiring import catalogue
from workflows.parts.agreement import DraftAgreement, ReachAgreement

from ...support.calling import EVERYTHING, Program, token_for
from ...support.rewriting import rewrite
from ...support.story import Story
from ...support.thorough import some
from ..conftest import HOST, STRANGER, app_over

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


def test_from_registration_to_an_agreement_in_force(store: Store, clock: FixedClock) -> None:
    story = Story(store, clock)
    client = app_over(story).test_client()
    li, wang = (Program(client, token_for(story, o, EVERYTHING), o.value) for o in (Office.MEDIATOR, Office.LEAD))
    opened = li.do("/cases", workflow="fast_track_2026", fields=OPENING)
    assert opened.status_code == 201, opened.text
    case = f"/cases/{opened.json['case']}"
    steps: list[tuple[Program, str, tuple[str, ...], dict[str, Any]]] = [
        (wang, "AcceptCase", (), {}),
        (li, "TellRights", ("party/1", "party/2"), {}),
        (li, "RecordSession", (), {"attended": ["party/1", "party/2"], "result": "settled", "rights_told": True}),
        (li, "ReachAgreement", (), {"terms": [PAY | {"due": "2026-12-31"}]}),
        (li, "DraftAgreement", ("agreement/1",), {"signers": ["party/1", "party/2"]}),
    ]
    for who, command, on, fields in steps:
        done = who.do(f"{case}/commands", *on, command=command, fields=fields)
        assert done.status_code == 200, (command, done.text)
    text_hash = li.get(case).json["facts"]["agreements"]["agreement/1"]["text_hash"]
    confirmed = {"manner": "signature_seal", "text_hash": text_hash, "identity_checked": True}
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
    audited = Program(client, token_for(story, Office.AUDITOR, [Scope.AUDIT])).get(f"{case}/audit").json
    assert audited == {"case": opened.json["case"], "sound": True, "findings": []}
    problem(li.get("/cases/%00"), 404, "NotFound")
    problem(li.get("/cases?after=%00"), 422, "InvalidInput")


PAY = {"words": "一次付清", "kind": "pay", "payer": "party/2", "payee": "party/1", "amount": "12000"}


# -- orders


def test_an_order_sent_again_gets_the_same_answer_and_is_carried_out_once(programs: Programs) -> None:
    li = programs(Office.MEDIATOR)
    first, again = (li.do("/cases", id="n-1", workflow="fast_track_2026", fields=OPENING) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    case = f"/cases/{first.json['case']}"
    notes = [li.do(f"{case}/commands", id="n-2", command="RecordNote", fields={"words": "补记"}) for _ in range(2)]
    assert notes[0].json == notes[1].json
    assert li.get(case).json["version"] == notes[0].json["last"]


@pytest.mark.parametrize("body", [{"fields": {"words": "另一句"}}, {"occurred": "2026-11-01"}])
def test_an_id_used_for_another_order_is_refused(programs: Programs, body: dict[str, Any]) -> None:
    li, order = programs(Office.MEDIATOR), {"command": "RecordNote", "fields": {"words": "补记"}}
    assert li.do("/cases/A1/commands", id="n-1", **order).status_code == 200
    problem(li.do("/cases/A1/commands", id="n-1", **order | body), 422, "CommandIdReused")


def test_a_case_opened_again_under_the_id_with_another_name_is_refused(programs: Programs) -> None:
    li = programs(Office.MEDIATOR)
    assert li.do("/cases", id="n-1", workflow="fast_track_2026", fields=OPENING).status_code == 201
    other = OPENING | {"named": [{"person": "李某", "side": "applicant"}, OPENING["named"][1]]}  # type: ignore[index]
    problem(li.do("/cases", id="n-1", workflow="fast_track_2026", fields=other), 422, "CommandIdReused")


def test_the_id_may_stand_in_the_body_or_in_the_header_in_quotes(programs: Programs) -> None:
    li, note = programs(Office.MEDIATOR), {"command": "RecordNote", "fields": {"words": "补记"}}
    path = "/cases/A1/commands"
    sent = li.send("POST", path, json=note | {"id": "n-1"})
    quoted = li.do(path, headers={"Idempotency-Key": '"n-1"'}, **note)
    assert sent.json == quoted.json
    problem(li.send("POST", path, json=note), 422, "KeyMissing")
    problem(li.send("POST", path, json=note | {"id": "n-1"}, headers={"Idempotency-Key": "n-2"}), 422, "KeysDiffer")
    problem(li.do(path, headers={"Idempotency-Key": "编号".encode().decode("latin-1")}, **note), 422, "InvalidInput")


def test_what_has_moved_since_it_was_seen_is_told(programs: Programs) -> None:
    li = programs(Office.MEDIATOR)
    seen = {i["key"]: i["version"] for i in li.get("/cases/A1").json["instances"]}
    li.do("/cases/A1/commands", "obligation/1", command="RecordPerformance")
    late = li.do(
        "/cases/A1/commands", "obligation/1", command="RecordBreach", expects={"obligation/1": seen["obligation/1"]}
    )
    found = problem(late, 409, "StaleInstance")
    assert found["on"] == "obligation/1"
    assert [line["on"] for line in found["since"]] == ["obligation/1"]
    assert "已履行" in found["detail"]


def test_every_reason_for_a_refusal_is_told(programs: Programs) -> None:
    li = programs(Office.MEDIATOR)
    found = problem(li.do("/cases/A1/commands", command="CloseAsPerformed"), 409, "GuardRefused")
    assert {r["code"] for r in found["refusals"]} == {"all_performed", "agreements_performed"}
    for refusal in found["refusals"]:
        assert refusal.keys() == {"code", "sentence", "basis", "basis_words", "about"}
    assert found["refusals"][0]["about"]
    (option,) = [o for o in li.get("/cases/A1/commands").json["commands"] if o["command"] == "CloseAsPerformed"]
    assert option["refusals"] == found["refusals"]


def test_a_preview_of_an_amendment_says_what_would_read_otherwise(programs: Programs, told: Story) -> None:
    li, here = programs(Office.MEDIATOR), "/cases/A1/commands"
    told.do(ReachAgreement(words=Text("一次付清")))
    key = told.case.of("agreement")[-1]
    told.do(DraftAgreement(signers=("party/1", "party/2")), key)
    seen = li.do(here, key, command="AmendAgreement", fields={"words": "分两次付清"}, preview=True).json
    assert [(it["before"], it["after"]) for it in seen["differences"]] == [("一次付清", "分两次付清")]
    same = li.do(here, key, command="AmendAgreement", fields={"words": "一次付清"})
    assert [it["code"] for it in problem(same, 409, "GuardRefused")["refusals"]] == ["unchanged"]
    note = li.do("/cases/A1/commands", command="RecordNote", fields={"words": "补记一句"}, preview=True).json
    assert note["differences"] == []


def test_a_preview_writes_nothing_and_says_what_would_be(programs: Programs, told: Story) -> None:
    li, before = programs(Office.MEDIATOR), told.lines
    note = li.do("/cases/A1/commands", command="RecordNote", fields={"words": "补记一句"}, preview=True)
    assert note.status_code == 200
    assert note.json["preview"] is note.json["allowed"] is True
    assert note.json["lines"][0]["details"] == [{"label": "情况", "value": "补记一句"}] or note.json["lines"]
    refused = li.do("/cases/A1/commands", command="CloseAsPerformed", preview=True).json
    assert (refused["allowed"], refused["first"], len(refused["refusals"])) == (False, None, 2)
    opened = li.do("/cases", workflow="fast_track_2026", fields=OPENING, preview=True)
    assert opened.status_code == 200
    assert any("王某" in line["about"] for line in opened.json["lines"])
    assert told.lines == before
    assert [row["case"] for row in li.get("/cases").json["cases"]] == ["A1"]


def test_the_lead_sets_a_rule_of_policy_aside_with_a_reason(programs: Programs) -> None:
    wang = programs(Office.LEAD)
    order = {"command": "CloseAsPerformed", "preview": True}
    reasons = {"all_performed": "已另案处理", "agreements_performed": "已另案处理"}
    assert wang.do("/cases/A1/commands", **order, waives=reasons).json["allowed"] is True
    found = problem(wang.do("/cases/A1/commands", **order, waives={"nothing": "无"}), 422, "InvalidInput")
    assert "all_performed" in found["detail"]


FAULTS = [
    ({"command": "Nothing"}, "UnknownCommand", ""),
    ({"command": "RegisterCase", "fields": OPENING}, "UnknownCommand", ""),
    ({}, "InvalidInput", "command"),
    ({"command": "RecordNote", "more": 1}, "InvalidInput", "more"),
    ({"command": "RecordNote", "fields": {"nothing": 1}}, "InvalidInput", "fields.nothing"),
    ({"command": "RecordNote", "fields": {"words": 7}}, "InvalidInput", "fields.words"),
    ({"command": "RecordNote", "fields": {"words": "一" * 9000}}, "InvalidInput", "fields.words"),
    ({"command": "RecordNote", "fields": {"words": "\u0000"}}, "InvalidInput", "fields.words"),
    ({"command": "RecordNote", "occurred": "2026-13-01"}, "InvalidInput", "occurred"),
    ({"command": "RecordNote", "preview": 1}, "InvalidInput", "preview"),
    ({"command": "RecordNote", "on": "party/1"}, "InvalidInput", "on"),
    ({"command": "RecordNote", "expects": {"party/1": 2**70}}, "InvalidInput", "expects.party/1"),
    ({"command": "RecordNote", "expects": {"party/99": 1}}, "InstanceNotFound", ""),
    ({"command": "PlanVisit", "fields": {"due": "2026-02-30"}}, "InvalidInput", "fields.due"),
    (
        {"command": "ReachAgreement", "fields": {"terms": [{"words": "付", "kind": "pay", "amount": "五"}]}},
        "InvalidInput",
        "fields.terms[0].amount",
    ),
    (
        {"command": "ReachAgreement", "fields": {"terms": [{"words": "付", "amount": 5}]}},
        "InvalidInput",
        "fields.terms[0].amount",
    ),
]


@pytest.mark.parametrize(("body", "code", "field"), FAULTS)
def test_what_is_wrong_with_an_order_is_told_by_field(
    programs: Programs, told: Story, body: dict[str, Any], code: str, field: str
) -> None:
    before = told.lines
    found = problem(programs(Office.MEDIATOR).do("/cases/A1/commands", **body), 422, code)
    assert not field or field in [fault["field"] for fault in found["faults"]], found
    assert told.lines == before


JUNK: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**70,
    1.5,
    "",
    " ",
    "x" * 100,
    "\ud800",
    "party/99",
    "../1",
    [],
    ["party/99"],
    [[]],
    {},
    [{}],
)


@pytest.mark.parametrize("command", some(sorted(catalogue().named("consultation_2026").commands), 3))
def test_no_command_breaks_on_anything_filled_in(programs: Programs, command: str) -> None:
    li, kind = programs(Office.MEDIATOR), catalogue().named("consultation_2026").commands[command]
    names = [spec.name for spec in fields_of(kind)]
    for n, junk in enumerate(JUNK):
        for on in ([], ["party/1"], ["nothing/1"], ["agreement/1", "party/2"]):
            body = {
                "command": command,
                "on": on,
                "fields": dict.fromkeys(names, junk),
                "preview": n % 2 == 0,
                "id": f"j{n}",
            }
            answer = li.send("POST", "/cases/A1/commands", data=json.dumps(body), content_type="application/json")
            assert answer.status_code < 500, (body, answer.text)


# -- what comes in


@pytest.mark.parametrize(
    ("status", "code", "sent"),
    [
        (415, "NotJson", {"data": "{}", "content_type": "text/plain"}),
        (415, "NotJson", {"data": {"command": "RecordNote"}}),
        (415, "NotJson", {}),
        (400, "UnreadableJson", {"data": "", "content_type": "application/json"}),
        (400, "UnreadableJson", {"data": "{", "content_type": "application/json"}),
        (400, "UnreadableJson", {"data": b"\xff", "content_type": "application/json"}),
        (400, "UnreadableJson", {"data": "[" * 90_000, "content_type": "application/json"}),
        (400, "UnreadableJson", {"data": '{"command": NaN}', "content_type": "application/json"}),
        (422, "InvalidInput", {"data": "[]", "content_type": "application/json"}),
        (422, "InvalidInput", {"data": "null", "content_type": "application/json"}),
        (413, "ContentTooLarge", {"data": b" " * (2 * 1024 * 1024 + 1), "content_type": "application/json"}),
    ],
)
def test_what_is_no_order_is_told_so(programs: Programs, status: int, code: str, sent: dict[str, Any]) -> None:
    problem(programs(Office.MEDIATOR).send("POST", "/cases/A1/commands", **sent), status, code)


@pytest.mark.parametrize(
    "query", ["most=0", "most=201", "most=x", "most=١", "after=", "after=%00", "open=1", "nothing=1"]
)
def test_what_is_no_query_is_told_so(programs: Programs, query: str) -> None:
    problem(programs(Office.MEDIATOR).get(f"/cases?{query}"), 422, "InvalidInput")


def test_a_method_there_is_not_is_told_with_those_there_are(programs: Programs) -> None:
    answer = programs(Office.MEDIATOR).send("DELETE", "/cases/A1")
    problem(answer, 405, "MethodNotAllowed")
    assert "GET" in answer.headers["Allow"]


def test_a_database_that_is_away_is_told_with_when_to_come_again(
    programs: Programs, told: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    li = programs(Office.MEDIATOR)

    def away(*_: Any, **__: Any) -> None:
        raise StoreUnavailable(why="连不上")

    monkeypatch.setattr(told.store, "read", away)
    answer = li.get("/cases/A1")
    problem(answer, 503, "StoreUnavailable")
    assert answer.headers["Retry-After"] == "30"


def test_what_nobody_foresaw_is_a_problem_too(programs: Programs, told: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    li = programs(Office.MEDIATOR)
    monkeypatch.setattr(told.door, "view", lambda *_: 1 // 0)
    found = problem(li.get("/cases/A1/history"), 500, "InternalError")
    assert found["error"]
    assert "ZeroDivision" not in str(found)


# -- cases


@pytest.mark.parametrize("end", ["", "/commands", "/history", "/versions/1", "/audit", "/export"])
def test_a_look_at_a_case_leaves_one_record(programs: Programs, told: Story, end: str) -> None:
    assert programs(Office.MEDIATOR).get(f"/cases/A1{end}").status_code == 200
    ((actor, what),) = reads(told, "A1")
    assert actor == "li"
    assert what == {"": "case", "/commands": "available", "/versions/1": "replay 1"}.get(end, end[1:])


@pytest.mark.parametrize("end", ["", "/commands", "/history", "/versions/1", "/audit", "/export"])
def test_a_case_of_others_answers_as_none_at_all(programs: Programs, stranger: Program, told: Story, end: str) -> None:
    foreign, none = (stranger.get(f"/cases/{case}{end}") for case in ("A1", "Z9"))
    problem(foreign, 404, "NotFound")
    assert (foreign.data, foreign.headers["Content-Type"]) == (none.data, none.headers["Content-Type"])
    assert reads(told, "A1") == []
    assert stranger.get("/cases").json == {"cases": [], "next": None}


@pytest.mark.parametrize(
    "body", [{"command": "RecordNote"}, {"command": "Nothing"}, {"command": "RecordNote", "fields": {"x": 1}}]
)
def test_nor_can_an_order_tell_the_two_apart(stranger: Program, told: Story, body: dict[str, Any]) -> None:
    foreign, none = (stranger.do(f"/cases/{case}/commands", **body) for case in ("A1", "Z9"))
    problem(foreign, 404, "NotFound")
    assert foreign.data == none.data


@pytest.mark.parametrize(
    "path",
    [
        "/cases/%00",
        "/cases/" + "x" * 5000,
        "/cases/A1/versions/" + "9" * 5000,
        "/cases/%F0%9F/history",
        "/cases/A1%0A",
        "/cases/A1/versions/0",
        "/cases/A1/versions/99",
        "/cases/A1/versions/-1",
        "/cases/A1/versions/%D9%A1",
        "/cases/A1/commands?on=party/99",
    ],
)
def test_what_cannot_be_there_is_not_found(programs: Programs, told: Story, path: str) -> None:
    expected = "InstanceNotFound" if "on=" in path else "NotFound"
    problem(programs(Office.MEDIATOR).get(path), 422 if "on=" in path else 404, expected)
    assert reads(told, "A1") == []


def test_cases_are_walked_a_page_at_a_time_and_sifted(programs: Programs) -> None:
    li = programs(Office.MEDIATOR)
    opened = [li.do("/cases", workflow="fast_track_2026", fields=OPENING).json["case"] for _ in range(4)]
    seen, after = [], ""
    while after is not None:
        page = li.get(f"/cases?most=2{f'&after={after}' if after else ''}").json
        seen += [row["case"] for row in page["cases"]]
        after = page["next"]
    assert seen == sorted([*opened, "A1"])
    assert [row["case"] for row in li.get("/cases?phase=follow_up&open=true").json["cases"]] == ["A1"]
    assert li.get("/cases?open=false").json["cases"] == []
    assert len(li.get("/cases?phase=intake&track=people_mediation&dispute=labour_pay").json["cases"]) == 4
    assert len(li.send("POST", "/searches", json={"words": "五金"}).json["cases"]) == 5
    assert li.send("POST", "/searches", json={"words": "无此人"}).json["cases"] == []
    assert li.send("POST", "/searches", json={"words": "五金", "open": False}).json["cases"] == []
    assert li.get("/cases?words=五金").status_code == 422, "no address has a name in it"


def test_a_history_is_walked_a_page_at_a_time(programs: Programs, told: Story) -> None:
    li = programs(Office.MEDIATOR)
    whole = li.get("/cases/A1/history").json
    assert [line["version"] for line in whole["lines"]] == list(range(1, len(told.lines) + 1))
    assert whole["next"] is None
    page = li.get("/cases/A1/history?after=3&most=2").json
    assert ([line["version"] for line in page["lines"]], page["next"]) == ([4, 5], 5)


def test_a_replay_shows_the_case_as_it_stood(programs: Programs) -> None:
    then = programs(Office.LEAD).get("/cases/A1/versions/5").json
    assert (then["at"], then["version"], then["phase"], then["line"]["version"]) == (5, 5, "intake", 5)
    assert any(o["command"] == "AcceptCase" and o["allowed"] for o in then["offices"]["lead"])


def test_the_options_are_those_of_the_tokens_office(programs: Programs) -> None:
    seal = {"command": "AffixSeal", "on": "agreement/1"}
    for office in (Office.MEDIATOR, Office.LEAD, Office.AUDITOR):
        options = programs(office).get("/cases/A1/commands?on=agreement/1").json
        assert options["office"] == office.value
        assert [o for o in options["commands"] if {k: o[k] for k in seal} == seal]


def test_an_auditor_is_not_told_what_was_said_in_private(programs: Programs) -> None:
    li, chen = programs(Office.MEDIATOR), programs(Office.AUDITOR)
    done = li.do(
        "/cases/A1/commands",
        command="RecordVisit",
        on=["visit/1"],
        fields={"party": "party/1", "said": "只要八千", "finding": "stable"},
    )
    assert done.status_code == 200, done.text
    for path in ("/cases/A1/history", "/cases/A1/export", "/cases/A1", "/cases/A1/versions/23"):
        assert "只要八千" not in chen.get(path).text
    assert "只要八千" in li.get("/cases/A1/history").text
    assert "只要八千" in li.get("/cases/A1/export").text


def test_an_export_can_be_checked_by_itself(programs: Programs) -> None:
    answer = programs(Office.AUDITOR).get("/cases/A1/export")
    assert answer.content_type == "application/x-ndjson"
    files = read_cases(answer.data.splitlines(), "A1")
    ((case, found),) = audit_against(files, catalogue(), None)
    assert case == "A1"
    assert [f for f in found if not f.known] == []


def test_an_export_with_exhibits_is_the_same_and_a_zip(programs: Programs) -> None:
    program = programs(Office.AUDITOR)
    answer = program.get("/cases/A1/export.zip")
    assert answer.content_type == "application/octet-stream"
    with ZipFile(BytesIO(answer.data)) as sent:
        [record] = (name for name in sent.namelist() if name.endswith(".jsonl"))
        assert sent.read(record) == program.get("/cases/A1/export").data


def test_the_program_that_checks_an_export_is_handed_out(programs: Programs) -> None:
    answer = programs(Office.AUDITOR).get("/verifier")
    assert (answer.data, answer.content_type) == (VERIFIER.read_bytes(), "text/x-python; charset=utf-8")


def test_a_case_that_was_tampered_with_can_still_be_audited(programs: Programs, stranger: Program, told: Story) -> None:
    rewrite(told, 6, body=b"{")
    found = programs(Office.AUDITOR).get("/cases/A1/audit")
    assert found.status_code == 200, found.text
    assert found.json["sound"] is False
    assert reads(told, "A1") == [("chen", "audit")]
    problem(stranger.get("/cases/A1/audit"), 404, "NotFound")


# -- the description


def test_the_description_is_for_programs_and_for_staff(programs: Programs, app: Flask, web_client: Any) -> None:
    spec = programs(Office.AUDITOR).get("/openapi.json").json
    assert spec["openapi"] == "3.1.0"
    assert web_client(Office.MEDIATOR).get("/api/v1/openapi.json").json == spec
    problem(app.test_client().get("/api/v1/openapi.json", base_url=HOST), 401, "TokenMissing")


def test_every_command_stands_in_the_description_with_its_fields(programs: Programs) -> None:
    schemas = programs(Office.MEDIATOR).get("/openapi.json").json["components"]["schemas"]
    for workflow in catalogue().workflows.values():
        applying = set(workflow.openings) - {workflow.opening}  # done on the pages: it gives a receipt
        for name, kind in workflow.commands.items():
            if kind in applying:
                continue
            told = schemas[f"{name}Fields"]["properties"]
            labels = {n: f["description"].partition("。")[0] for n, f in told.items()}
            assert labels == {s.name: s.label for s in typed_fields(kind)}
