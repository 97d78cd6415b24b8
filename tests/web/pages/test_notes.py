"""随手记: kept for whoever made it; filed once, with its own time, or forgotten after some days."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from msgspec import structs

from mediation_engine.adapters.blobs.folder import Folder
from mediation_engine.domain.roles import Office
from mediation_engine.errors import StoreUnavailable
from mediation_engine.services.exhibits import sweep
from mediation_engine.services.jottings import drop_old
from mediation_engine.services.maintenance import audit_store
from web.config import Settings
from web.worker import post, turn
from workflows.facts import facts_of

from ...support.files import photo
from ...support.story import ZHOU, Story
from ..conftest import Browser, app_over

Client = Callable[[Office | str], Browser]
SAID = "厂门口碰到王某，他说月底肯定付"


def jot(browser: Browser, words: str = SAID, *files: bytes, **more: str) -> str:
    """Jot something down; the id of it."""
    page = browser.get("/notes/new").text
    id = re.findall(r'name="id" value="([^"]+)"', page)[0]
    data: dict[str, Any] = {"csrf_token": browser.token, "id": id, "words": words} | more
    if files:
        data["files"] = [(BytesIO(it), "a.jpg") for it in files]
    answer = browser.post("/notes/new", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return id


def form_of(page: str) -> dict[str, str]:
    """What a form would send that nobody has touched."""
    inputs = dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', page))
    areas = re.findall(r'<textarea[^>]*?name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return {n: v for n, v in (inputs | dict(areas)).items() if n.startswith(("f.", "v.", "id", "jotting", "when"))}


def filed_as(browser: Browser, command: str, id: str, **more: str) -> Any:
    """File one as a step of A1, the form as it is filled in."""
    page = browser.get(f"/cases/A1/steps/{command}?jotting={id}").text
    return browser.send(f"/cases/A1/steps/{command}", **form_of(page) | {"do": "do"} | more)


def test_it_is_seen_by_nobody_else_and_says_how_old_it_is(web_client: Client, told: Story) -> None:
    told.with_colleague(ZHOU)
    li, wang = web_client(Office.MEDIATOR), web_client(Office.LEAD)
    id = jot(li, SAID, photo())
    assert "归到案件里" in li.get("/notes").text
    assert SAID in li.get(f"/notes/{id}").text
    assert li.get(f"/notes/{id}/files/0/preview").mimetype == "image/jpeg"
    assert li.get(f"/notes/{id}/files/1").status_code == 404
    assert SAID not in wang.get("/notes").text
    for path in (f"/notes/{id}", f"/notes/{id}/files/0", f"/cases/A1/steps/RecordTalk?jotting={id}"):
        assert wang.get(path).status_code == 404, path
    wang.get("/notes")
    assert wang.send(f"/notes/{id}/drop").status_code == 404
    assert SAID in li.get("/notes").text


def test_its_words_and_files_lie_sealed(web_client: Client, told: Story, app: Flask) -> None:
    picture = photo()
    id = jot(web_client(Office.MEDIATOR), SAID, picture)
    with told.store.read() as unit:
        held = unit.jottings.jotting(id)
        [row] = unit.jottings.files(id)
    assert held is not None
    assert held.words is not None
    assert SAID.encode() not in held.words
    with Folder(app.extensions["settings"].exhibits.folder).open(row.blob) as kept:
        assert picture[:20] not in kept.read()


def test_the_header_counts_what_is_not_filed_on_every_page(web_client: Client) -> None:
    li = web_client(Office.MEDIATOR)
    assert "条没有归到案件" not in li.get("/work").text
    jot(li)
    jot(li, "第二条")
    for path in ("/work", "/cases/A1", "/notes/new"):
        assert re.search(r'随手记<span class="count">2</span>', li.get(path).text), path
    assert 'href="/notes/new?case=A1"' in li.get("/cases/A1").text
    assert "随手记" not in li.get("/cases/A1?show=joint").text.replace("随手记下", "")


def test_as_a_talk_it_takes_words_and_time_along_and_its_photos_into_the_exhibits(
    web_client: Client, told: Story
) -> None:
    li = web_client(Office.MEDIATOR)
    made = told.clock.now
    id = jot(li, SAID, photo(), photo("第二张"))
    told.clock.now += timedelta(days=3)
    li = web_client(Office.MEDIATOR)
    answer = filed_as(li, "RecordTalk", id, **{"f.party": "party/1"})
    assert answer.status_code == 303, answer.text
    talk = next(line for line in told.lines if line.event == "TalkRecorded")
    assert (
        talk.occurred.text == made.astimezone(talk.recorded.tzinfo).strftime("%Y-%m-%dT%H:%M")
        or "09:" in talk.occurred.text
    )
    assert talk.occurred.day == made.date()
    assert len(facts_of(told.case).exhibits) == 2
    assert {it.party for it in facts_of(told.case).exhibits.values()} == {"party/1"}
    with told.store.read() as unit:
        held = unit.jottings.jotting(id)
        assert held is not None
        assert (held.words, held.key, unit.jottings.files(id)) == (None, None, [])
        assert held.filed is not None
        assert (held.filed.case, held.filed.line) == ("A1", talk.version)
    assert f"案件里第{talk.version}条" in li.get("/notes").text
    assert [f for _, found in audit_store(told.store, told.door.catalogue) for f in found if not f.known] == []


@pytest.mark.parametrize(
    ("command", "event", "more"),
    [
        ("RecordVisit", "VisitMade", {"f.party": "party/1", "f.manner": "in_person", "f.finding": "stable"}),
        ("RecordNote", "NoteRecorded", {}),
        ("FileExhibit", "ExhibitFiled", {"f.kind": "evidence", "f.readers": "host"}),
    ],
)
def test_it_can_be_a_visit_a_note_of_the_case_or_an_exhibit(
    web_client: Client, told: Story, command: str, event: str, more: dict[str, str]
) -> None:
    li = web_client(Office.MEDIATOR)
    id = jot(li, SAID, photo())
    answer = filed_as(li, command, id, **more)
    assert answer.status_code == 303, answer.text
    assert event in {line.event for line in told.lines}
    assert len(facts_of(told.case).exhibits) == 1


def test_it_can_begin_a_case(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    id = jot(li, SAID, photo())
    page = li.get(f"/cases/new?jotting={id}").text
    assert SAID in page
    form = form_of(page) | {"program": "fast_track_2026/people_mediation", "f.dispute": "neighbour", "do": "do"}
    names = {"applicant": "1", "applicant.0.name": "吴某", "respondent": "1", "respondent.0.name": "郑某"}
    answer = li.send("/cases/new", **form | names | {"f.source": "application", "f.elsewhere": "none"})
    assert answer.status_code == 303, answer.text
    case = answer.headers["Location"].rsplit("/", 1)[1]
    assert len(facts_of(told.door.case(case)).exhibits) == 1
    assert li.get(f"/notes/{id}").text.count(f"/cases/{case}") >= 1


def test_pressed_twice_it_is_filed_once_and_again_elsewhere_it_is_not(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    id = jot(li, SAID, photo())
    page = li.get(f"/cases/A1/steps/RecordTalk?jotting={id}").text
    other = form_of(li.get(f"/cases/A1/steps/RecordNote?jotting={id}").text) | {"do": "do"}
    form = form_of(page) | {"do": "do", "f.party": "party/1"}
    assert li.send("/cases/A1/steps/RecordTalk", **form).status_code == 303
    written = len(told.lines)
    assert li.send("/cases/A1/steps/RecordTalk", **form).status_code == 303
    assert li.send("/cases/A1/steps/RecordNote", **other).status_code == 303
    assert len(told.lines) == written
    assert "已经归到这件案里" in li.get("/cases/A1").text


def test_where_the_store_fails_it_is_still_there_to_be_filed(
    web_client: Client, told: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mediation_engine.adapters import memory

    li = web_client(Office.MEDIATOR)
    id = jot(li, SAID, photo())
    written = len(told.lines)

    def fails(*_: object) -> None:
        raise StoreUnavailable(why="断开了")

    with monkeypatch.context() as patch:
        patch.setattr(memory.MemoryJottings, "close", fails)
        assert filed_as(li, "RecordTalk", id, **{"f.party": "party/1"}).status_code == 503
    assert len(told.lines) == written
    assert SAID in li.get("/notes").text
    assert filed_as(li, "RecordTalk", id, **{"f.party": "party/1"}).status_code == 303


def test_the_same_press_keeps_it_once(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    id = jot(li)
    assert li.send("/notes/new", id=id, words="别的话").status_code == 303
    with told.store.read() as unit:
        assert unit.jottings.count("li") == 1
    assert SAID in li.get("/notes").text


@pytest.mark.parametrize(
    ("given", "told_so"),
    [
        ({"words": ""}, "至少要有一样"),
        ({"words": "长" * 2001}, "最多 2000 个字"),
        ({"words": "好", "id": "x"}, "请重新打开再记"),
    ],
)
def test_what_is_wrong_is_said_and_the_words_stay(web_client: Client, given: dict[str, str], told_so: str) -> None:
    li = web_client(Office.MEDIATOR)
    id = re.findall(r'name="id" value="([^"]+)"', li.get("/notes/new").text)[0]
    answer = li.send("/notes/new", **{"id": id} | given)
    assert answer.status_code == 422
    assert told_so in answer.text
    assert given["words"][:50] in answer.text


def test_a_file_of_no_use_is_refused_and_the_words_stay(web_client: Client) -> None:
    li = web_client(Office.MEDIATOR)
    id = re.findall(r'name="id" value="([^"]+)"', li.get("/notes/new").text)[0]
    data = {"csrf_token": li.token, "id": id, "words": SAID, "files": (BytesIO(b"<html>"), "a.jpg")}
    answer = li.post("/notes/new", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert SAID in answer.text
    assert "照片和录音请再选一次" in answer.text


def test_it_is_forgotten_after_the_days_of_the_room_and_that_is_said_before(web_client: Client, told: Story) -> None:
    jot(web_client(Office.MEDIATOR), SAID, photo())
    told.clock.now += timedelta(days=84)
    assert "还有 6 天自动删除" in web_client(Office.MEDIATOR).get("/notes").text
    assert drop_old(told.store, 90) == 0
    told.clock.now += timedelta(days=7)
    assert drop_old(told.store, 90) == 1
    assert SAID not in web_client(Office.MEDIATOR).get("/notes").text
    with told.store.read() as unit:
        assert [*unit.jottings.all_files()] == []


def test_the_worker_forgets_what_is_too_old(web_client: Client, told: Story) -> None:
    jot(web_client(Office.MEDIATOR))
    told.clock.now += timedelta(days=8)
    making = post(told.store, told.door.catalogue, Settings())
    turn(making, told.door, takes_steps=False, jotting_days=7)
    with told.store.read() as unit:
        assert unit.jottings.count("li") == 1
    turn(making, told.door, jotting_days=7)
    with told.store.read() as unit:
        assert unit.jottings.count("li") == 0


def test_the_sweep_leaves_the_files_of_what_is_not_filed(web_client: Client, told: Story, app: Flask) -> None:
    folder = Folder(app.extensions["settings"].exhibits.folder)
    id = jot(web_client(Office.MEDIATOR), SAID, photo())
    later = told.clock.now + timedelta(days=36_500)
    assert sweep(told.store, folder, later) == []
    with told.store.write() as unit:
        unit.jottings.drop(id)
    assert len(sweep(told.store, folder, later)) == 1


def test_under_another_room_key_it_is_told_that_it_cannot_be_opened(
    web_client: Client, told: Story, tmp_path: Path
) -> None:
    from mediation_engine.encryption.room_key import RoomKey

    jot(web_client(Office.MEDIATOR))
    other = app_over(told, folder=tmp_path / "exhibits")
    other.extensions["room_key"] = RoomKey(b"o" * 32)
    browser = other.test_client()
    browser.sign_in("li")  # type: ignore[attr-defined]
    assert browser.get("/notes").status_code == 500


def test_a_case_is_found_by_its_number_and_a_foreign_one_is_none(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    id = jot(li)
    page = li.get(f"/notes/{id}?number={told.case.facts.number}").text
    assert "谈话" in page
    assert f"/cases/A1/steps/RecordTalk?jotting={id}" in page
    assert "没有找到这件案件" in li.get(f"/notes/{id}?number=x").text
    sun = web_client("sun")
    other = jot(sun)
    assert "没有找到这件案件" in sun.get(f"/notes/{other}?number={told.case.facts.number}").text
    assert sun.get(f"/notes/{other}?case=A1").status_code == 404
    assert sun.get("/notes/new?case=A1").status_code == 404


def test_what_is_dropped_is_gone(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    id = jot(li, SAID, photo())
    li.get(f"/notes/{id}")
    assert li.send(f"/notes/{id}/drop").status_code == 303
    assert li.get(f"/notes/{id}").status_code == 404
    with told.store.read() as unit:
        assert unit.jottings.jotting(id) is None
        assert [*unit.jottings.all_files()] == []


def test_one_whose_row_was_put_under_another_id_opens_nothing(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    id = jot(li)
    with told.store.write() as unit:
        held = unit.jottings.jotting(id)
        assert held is not None
        unit.jottings.put(structs.replace(held, id="MOVED00000000000"), [])
    assert li.get("/notes/MOVED00000000000").status_code == 500


def test_the_form_begins_with_whom_and_how_where_the_words_plainly_say_so(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    plain = li.get(f"/cases/A1/steps/RecordTalk?jotting={jot(li, '王某来电话，说钱还没到')}").text
    assert '<option value="party/1" selected>' in plain
    assert re.search(r'<option value="phone" selected>|name="f.manner" value="phone" checked', plain)
    both = li.get(f"/cases/A1/steps/RecordTalk?jotting={jot(li, '某五金厂说王某来过微信，也打过电话')}").text
    assert not re.search(r'<option value="party/\d" selected>', both)
    assert not re.search(r'value="(?:phone|chat)" (?:selected|checked)', both)


def test_how_old_it_is_goes_by_the_calendar(web_client: Client, told: Story) -> None:
    told.clock.now = told.clock.now.replace(hour=8)
    jot(web_client(Office.MEDIATOR))
    told.clock.now += timedelta(days=2, hours=11)  # past midnight in China
    assert "3天前" in web_client(Office.MEDIATOR).get("/notes").text
