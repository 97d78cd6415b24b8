"""材料 on the pages: a photo is filed, shown without what it hides, taken away whole; each look is on record."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from flask import Flask
from PIL import Image

from mediation_engine.domain.roles import Office
from web.server.connections import MEGABYTE
from web.server.wsgi import Asked

from ...support.files import photo
from ...support.story import Story
from ..conftest import Browser

STEP = "/cases/A1/steps/FileExhibit"


def filed(browser: Browser, *contents: bytes, **filled: str) -> str:
    """File something; the page that is led to."""
    page = browser.get(STEP).text
    id = re.search(r'name="id" value="([^"]+)"', page)
    assert id
    given = {"f.kind": "identity", "f.party": "party/1", "f.readers": "joint", "when": "now", "id": id[1], "do": "do"}
    files = [(BytesIO(content), "身份证 王某.jpg") for content in contents]
    answer = browser.send(STEP, **given | filled, files=files)
    assert answer.status_code == 303, answer.text
    return browser.whole()


def test_a_photo_is_filed_shown_and_taken_away(web_client: Callable[[Office], Browser], told: Story) -> None:
    browser, sent = web_client(Office.MEDIATOR), photo()
    page = filed(browser, sent, **{"f.title": "身份证正面"})
    assert "身份证正面" in page
    [address] = set(re.findall(r'href="(/cases/A1/exhibits/[0-9a-f]{32})"', page))
    taken = browser.get(address)
    assert taken.data == sent
    assert taken.headers["Content-Disposition"].startswith("attachment")
    shown = browser.get(f"{address}/preview?size=small")
    assert shown.mimetype == "image/jpeg"
    assert b"SECRET-EXIF" not in shown.data
    assert Image.open(BytesIO(shown.data)).getexif() == {}
    with told.store.read() as unit:
        looks = [read.what for read in unit.views.reads("A1")]
    assert looks[-2:] == ["exhibit exhibit/1", "preview exhibit/1"]
    for answer in (taken, shown):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "身份证" not in str(answer.headers)


def test_what_is_refused_is_said_beside_the_form_with_all_that_was_filled_in(
    web_client: Callable[[Office], Browser], told: Story
) -> None:
    browser = web_client(Office.MEDIATOR)
    browser.get(STEP)
    given = {"f.kind": "evidence", "f.title": "欠条", "when": "now", "id": "formform", "do": "do"}
    for files, said in (
        ([(BytesIO(b"MZ" + bytes(99)), "a.jpg")], "这是程序，不收"),
        ([(BytesIO(b""), "")], "请选择要收存的文件"),
    ):
        answer = browser.send(STEP, **given, files=files)
        assert answer.status_code == 422
        assert said in answer.text
        assert 'value="欠条"' in answer.text
    assert told.case.of("exhibit") == ()


def test_a_form_sent_again_files_nothing_twice(web_client: Callable[[Office], Browser], told: Story) -> None:
    browser = web_client(Office.MEDIATOR)
    browser.get(STEP)
    given = {"f.kind": "evidence", "when": "now", "id": "formform", "do": "do"}
    for _ in range(2):
        assert browser.send(STEP, **given, files=[(BytesIO(photo()), "a.jpg")]).status_code == 303
    assert told.case.of("exhibit") == ("exhibit/1",)


def test_the_very_same_file_is_told_of_and_filed_again_only_when_it_is_handed_in_once_more(
    web_client: Callable[[Office], Browser], told: Story
) -> None:
    browser, sent = web_client(Office.MEDIATOR), photo()
    filed(browser, sent, **{"f.title": "身份证正面"})
    browser.get(STEP)
    given = {"f.kind": "identity", "f.party": "party/1", "when": "now", "id": "formform", "do": "do", "by_script": "1"}
    answer = browser.send(STEP, **given, files=[(BytesIO(sent), "b.jpg")])
    assert answer.status_code == 422
    assert "同样的文件已经收存过：身份证正面（王某）" in answer.text
    assert told.case.of("exhibit") == ("exhibit/1",)
    same = re.findall(r'name="same" value="([^"]+)"', answer.text)
    for _ in range(2):
        assert browser.send(STEP, **given, same=same, files=[(BytesIO(sent), "b.jpg")]).status_code == 204
    assert told.case.of("exhibit") == ("exhibit/1", "exhibit/2")


def test_one_scan_of_several_papers_is_filed_for_each_of_them(
    web_client: Callable[[Office], Browser], told: Story
) -> None:
    browser, sent = web_client(Office.MEDIATOR), photo()
    for more in ({}, {"f.party": "party/2"}, {"f.kind": "evidence"}):
        filed(browser, sent, **more)
    assert len(told.case.of("exhibit")) == 3


def test_only_whoever_is_let_in_may_send_more_than_a_form(
    app: Flask, web_client: Callable[[Office], Browser], told: Story
) -> None:
    def longest(browser: Browser | None, path: str = STEP, kind: str = "multipart/form-data; boundary=x") -> int:
        cookie = browser.get_cookie("sid", "127.0.0.1") if browser else None
        headers = [(b"host", b"127.0.0.1:8000"), (b"content-type", kind.encode())]
        headers += [(b"cookie", f"{cookie.key}={cookie.value}".encode())] if cookie else []
        asked = Asked(
            method="POST", target=path, version="1.1", headers=headers, body=b"", length=0,
            client="127.0.0.1", server=("127.0.0.1", 8000), scheme="http",
        )  # fmt: skip
        return app.longer_body(asked)  # type: ignore[attr-defined,no-any-return]

    mediator = web_client(Office.MEDIATOR)
    assert longest(mediator) == longest(mediator, "/cases/A1/dossier") == 21 * MEGABYTE
    assert longest(None) == longest(web_client(Office.AUDITOR)) == 0
    assert longest(mediator, "/cases/A1/steps/RecordNote") == longest(mediator, "/none") == 0
    assert longest(mediator, kind="application/x-www-form-urlencoded") == 0
    assert longest(mediator, "/api/v1/cases/A1/exhibits", "application/json") == 0


def test_private_ones_are_not_on_the_screen_and_the_others_are_counted_without_them(
    web_client: Callable[[Office], Browser], told: Story
) -> None:
    browser = web_client(Office.MEDIATOR)
    filed(browser, photo("a"), **{"f.title": "密件", "f.readers": "host"})
    filed(browser, photo("b"), **{"f.title": "公开件"})
    screen = browser.get("/cases/A1?show=joint").text
    assert "公开件" in screen
    assert "密件" not in screen
    assert ("材料1" in screen, "材料2" in screen) == (True, False)
    auditor = web_client(Office.AUDITOR)
    ids = re.findall(r"/exhibits/([0-9a-f]{32})\"", browser.whole())
    answers = {id: auditor.get(f"/cases/A1/exhibits/{id}") for id in {*ids, "0" * 32}}
    assert sorted(a.status_code for a in answers.values()) == [200, 404, 404]
    assert len({a.data for a in answers.values() if a.status_code == 404}) == 1


def test_an_export_with_exhibits_has_those_its_reader_may_open_and_checks_by_itself(
    web_client: Callable[[Office], Browser], told: Story, tmp_path: Path
) -> None:
    li, auditor = web_client(Office.MEDIATOR), web_client(Office.AUDITOR)
    filed(li, photo("a"), **{"f.title": "密件", "f.readers": "host"})
    filed(li, photo("b"), **{"f.title": "公开件"})
    assert "连同材料导出（2件）" in li.get("/cases/A1/audit").text
    assert "连同材料导出（1件）" in auditor.get("/cases/A1/audit").text
    for browser, contents in ((li, [photo("a"), photo("b")]), (auditor, [photo("b")])):
        answer = browser.get("/cases/A1/export.zip")
        assert (answer.status_code, answer.mimetype, answer.content_length) == (200, "application/zip", None)
        with ZipFile(BytesIO(answer.data)) as sent:
            folder = tmp_path / str(len(contents))
            sent.extractall(folder)
        [record] = folder.glob("*.jsonl")
        given = record.with_suffix(".exhibits").iterdir()
        assert sorted(path.read_bytes() for path in given) == sorted(contents)
        checked = subprocess.run([sys.executable, "verify.py", record.name], cwd=folder, capture_output=True, text=True)
        assert (checked.returncode, f"未提供{2 * (2 - len(contents))}段" in checked.stdout) == (0, True), checked.stdout
    with told.store.read() as unit:
        looks = [(read.actor, read.what) for read in unit.views.reads("A1")]
    taken = ["export", "exhibit exhibit/1", "exhibit exhibit/2"]
    assert [what for who, what in looks if who == "li" and what in taken] == taken
    assert [what for who, what in looks if who == "chen"] == ["audit", "export", "exhibit exhibit/2"]


def test_a_damaged_one_is_said_to_be_so_and_the_rest_of_the_case_works(
    app: Flask, web_client: Callable[[Office], Browser]
) -> None:
    browser = web_client(Office.MEDIATOR)
    page = filed(browser, photo())
    for path in app.extensions["settings"].exhibits.folder.iterdir():
        path.write_bytes(b"x")
    [address] = set(re.findall(r'href="(/cases/A1/exhibits/[0-9a-f]{32})"', page))
    answer = browser.get(address)
    assert answer.status_code == 500
    assert "校验失败" in answer.text
    assert browser.get("/cases/A1").status_code == 200
    assert "校验失败" in browser.get("/cases/A1/audit").text
