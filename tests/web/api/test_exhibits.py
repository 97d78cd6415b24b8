"""Exhibits for programs: filed once, listed as far as the office may know, taken away whole."""

from __future__ import annotations

from base64 import b64encode

from flask import Flask

from mediation_engine.domain.roles import Office

from ...support.calling import EVERYTHING, Program, token_for
from ...support.files import photo
from ...support.story import Story

SENT = {"fields": {"kind": "evidence", "title": "欠条"}, "files": [b64encode(photo()).decode()]}


def program(app: Flask, told: Story, office: Office = Office.MEDIATOR) -> Program:
    scopes = EVERYTHING if office is Office.MEDIATOR else [s for s in EVERYTHING if s.value != "write"]
    return Program(app.test_client(), token_for(told, office, scopes))


def test_a_file_is_filed_once_listed_and_taken_away(app: Flask, told: Story) -> None:
    caller = program(app, told)
    answers = [caller.do("/cases/A1/exhibits", id="one", **SENT) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200], answers[0].text
    assert answers[0].json == answers[1].json
    [listed] = caller.get("/cases/A1/exhibits").json["exhibits"]
    assert (listed["key"], listed["title"], listed["file"]["media"]) == ("exhibit/1", "欠条", "image/jpeg")
    taken = caller.get(f"/cases/A1/exhibits/{listed['file']['id']}")
    assert taken.data == photo()
    assert "sandbox" in taken.headers["Content-Security-Policy"]
    with told.store.read() as unit:
        assert unit.views.reads("A1")[-1].what == "exhibit exhibit/1"


def test_of_a_private_one_an_auditor_is_told_that_it_is_there(app: Flask, told: Story) -> None:
    private = {**SENT, "fields": {"kind": "evidence", "title": "病历", "readers": "own", "party": "party/1"}}
    assert program(app, told).do("/cases/A1/exhibits", **private).status_code == 200
    auditor = program(app, told, Office.AUDITOR)
    [listed] = auditor.get("/cases/A1/exhibits").json["exhibits"]
    assert (listed["file"], listed["about"], listed["title"]) == (None, ["（内容不公开）"], "材料1")


def test_what_is_not_taken_is_refused_in_words(app: Flask, told: Story) -> None:
    caller = program(app, told)
    for files, said in (
        ([b64encode(b"MZ" + bytes(99)).decode()], "这是程序"),
        (["***"], "base64"),
        ([], "至少交一个文件"),
        ([b64encode(photo()).decode()] * 21, "最多20个"),
    ):
        answer = caller.do("/cases/A1/exhibits", **SENT | {"files": files})
        assert answer.status_code == 422
        assert said in answer.text
    assert told.case.of("exhibit") == ()
