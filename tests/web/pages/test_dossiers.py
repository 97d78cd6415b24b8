"""案卷 taken away: bound as one PDF, or as a folder whose digests hold; on record, and nothing for who may not read."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from flask import Flask
from pypdf import PdfReader

from mediation_engine.adapters.blobs.folder import Folder
from mediation_engine.adapters.papers.pdf import FONTS
from mediation_engine.domain.erasing import ErasureGround
from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.export.folder import Entry, index_csv, safe
from mediation_engine.services.exhibits import ExhibitService
from mediation_engine.services.people import People
from web.presenters.binder import binder_of
from web.security import passwords
from workflows.parts.erasure import EraseExhibits
from workflows.parts.grading import SetGrade
from workflows.parts.payment import RecordPayment
from workflows.phases.follow_up import CloseAsPerformed
from workflows.vocabulary import Grade

from ...support.files import office, pdf, photo
from ...support.papers import flat
from ...support.story import ZHOU, Story
from ..conftest import PASSWORD, Browser
from .test_exhibits import filed
from .test_people import PHONE, fill

typst = pytest.importorskip("typst")
pytestmark = pytest.mark.skipif(
    not set(FONTS) & set(typst.Fonts(include_embedded_fonts=False).families()), reason="no font for Chinese"
)
Client = Callable[[Office | str], Browser]
WHOLE, FOLDER = "/cases/A1/dossier.pdf", "/cases/A1/dossier.zip"
PRIVATE = "只肯出八千，别让对方知道"


def words_of(content: bytes) -> list[str]:
    return [flat(page.extract_text()) for page in PdfReader(BytesIO(content)).pages]


def held(browser: Browser) -> Browser:
    """A case with an exhibit in several places, one of which nobody but the room may open."""
    fill(browser)
    filed(browser, photo(), **{"f.title": "身份证正面"})
    filed(browser, pdf(), **{"f.kind": "evidence", "f.title": "欠条", "f.party": ""})
    filed(browser, office(), **{"f.kind": "evidence", "f.title": "账目", "f.party": ""})
    filed(browser, photo("底线"), **{"f.kind": "evidence", "f.title": PRIVATE, "f.party": "", "f.readers": "host"})
    return browser


def test_the_whole_has_cover_index_and_everything_in_order(web_client: Client, told: Story) -> None:
    taken = held(web_client(Office.MEDIATOR)).get(WHOLE)
    assert (taken.status_code, taken.mimetype) == (200, "application/pdf")
    assert int(taken.headers["Content-Length"]) == len(taken.data)
    cover, index, *pages = words_of(taken.data)
    assert "人民调解卷宗" in cover
    assert "卷名王某与某五金厂拖欠劳动报酬纠纷" in cover
    assert "保管期限10年备注尚未结案" in cover
    for row in (
        "1受理登记表1电子打印件，未见签名件",
        "2权利义务告知书／缺",
        "3身份证明：身份证正面（王某）2材料1",
        "4当事人身份证明（某五金厂）／缺",
        "5证据：欠条3材料2",
        "6证据：账目／材料3，Word文档",
        f"7证据：{PRIVATE}4材料4，不对各方公开",
        "8协议书（协议1）5",
    ):
        assert row in index
    assert "受理登记表" in pages[0]
    assert pages[1] == "2身份证明：身份证正面（王某）"
    assert "人民调解协议书" in pages[4]
    assert PHONE in "".join(pages)
    assert "封底" in pages[-1]


def test_a_paper_that_came_back_signed_takes_the_place_of_the_printed_one(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    filed(li, photo(), **{"f.kind": "signed", "f.title": "协议", "f.agreement": "agreement/1", "f.party": ""})
    filed(li, photo(), **{"f.kind": "other", "f.title": "受理登记表", "f.place": "application", "f.party": ""})
    index = words_of(li.get(WHOLE).data)[1]
    assert "协议书签署件2材料1" in index
    assert "协议书（协议1）" not in index
    assert "1受理登记表1材料2" in index


def test_the_same_case_gives_the_same_files(web_client: Client, told: Story) -> None:
    li = held(web_client(Office.MEDIATOR))
    for address in (WHOLE, FOLDER):
        assert li.get(address).data == li.get(address).data


def test_what_is_taken_away_is_on_record_for_each_person_and_each_exhibit(web_client: Client, told: Story) -> None:
    li = held(web_client(Office.MEDIATOR))
    for address, what, words in ((WHOLE, "bound dossier", "取出整卷"), (FOLDER, "dossier folder", "取出电子卷")):
        li.get(address)
        with told.store.read() as unit:
            looks = [read.what for read in unit.views.reads("A1")]
            of_people = [unit.views.reads_of_person(id)[-1] for id in ("worker", "firm")]
        assert sorted(looks[-5:]) == sorted([what, *(f"exhibit exhibit/{n}" for n in range(1, 5))])
        assert {(read.what, read.reason) for read in of_people} == {("person paper", "papers")}
        assert words in li.get("/cases/A1/reads").text


def test_who_may_not_know_all_of_it_gets_none_of_it(web_client: Client, told: Story) -> None:
    held(web_client(Office.MEDIATOR))
    told.with_colleague(ZHOU)
    with told.store.write() as unit:
        passwords.give_password(unit, ZHOU.id, PASSWORD, once=False)
    for address in (WHOLE, FOLDER):
        refused = web_client(ZHOU.id).get(address)
        assert refused.status_code == 403
        assert "理由" in refused.text
        assert web_client(Office.AUDITOR).get(address).status_code == 403
        assert web_client("sun").get(address).status_code == 404
    with told.store.read() as unit:
        assert not [read for read in unit.views.reads("A1") if "dossier" in read.what and read.what != "dossier"]
    page = web_client(Office.AUDITOR).get("/cases/A1/dossier").text
    assert "下载整卷" not in page
    assert PRIVATE not in page


def test_read_by_an_auditor_it_names_what_is_not_for_him_and_shows_nothing_of_it(
    app: Flask, web_client: Client, told: Story
) -> None:
    held(web_client(Office.MEDIATOR))
    key, settings = app.extensions["room_key"], app.extensions["settings"]
    people = People(told.store, key, told.door.randomness)
    shelf = ExhibitService(door=told.door, blobs=Folder(settings.exhibits.folder), room_key=key)
    view, given = told.view(Office.AUDITOR), settings.for_papers()
    binder, out = binder_of(view, view, told.store, people, lambda: shelf, **given), BytesIO()
    rows = binder.write_pdf(out, FONTS)
    assert [(row.title, row.numbers, row.remark) for row in rows][-1] == ("材料4", "", "内容不公开，未放入")
    assert PRIVATE not in "".join(words_of(out.getvalue()))
    assert binder.opened() == [f"exhibit exhibit/{n}" for n in (1, 2, 3)]
    files = b"".join(part for _, parts in binder.files(FONTS) for part in parts)
    assert PRIVATE.encode() not in files
    assert photo("底线") not in files


def test_an_exhibit_that_was_erased_is_named_and_not_shown(web_client: Client, told: Story) -> None:
    li = held(web_client(Office.MEDIATOR))
    ground = {"ground": ErasureGround.WITHDRAWN, "basis": Text("个人信息保护法第47条"), "reason": Text("本人要求")}
    told.do(EraseExhibits(exhibits=("exhibit/1",), **ground), by=Office.LEAD)  # type: ignore[arg-type]
    index, *pages = words_of(li.get(WHOLE).data)[1:]
    assert "身份证明／材料1，已依法删除" in index
    assert "身份证正面" not in "".join((index, *pages))
    with ZipFile(BytesIO(li.get(FOLDER).data)) as packed:
        assert not [name for name in packed.namelist() if "身份证" in name]


def test_an_exhibit_whose_bytes_were_changed_is_named(app: Flask, web_client: Client, told: Story) -> None:
    li = held(web_client(Office.MEDIATOR))
    for path in app.extensions["settings"].exhibits.folder.iterdir():
        if path.name != ".lock":
            content = path.read_bytes()
            path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    index = words_of(li.get(WHOLE).data)[1]
    assert "画不出来：与存下时不同" in index
    with ZipFile(BytesIO(li.get(FOLDER).data)) as packed:
        assert not [name for name in packed.namelist() if "/材料/" in name]
        [listed] = [name for name in packed.namelist() if name.endswith("index.csv")]
        assert "与存下时不同" in packed.read(listed).decode()


def unpacked(content: bytes, folder: Path) -> Path:
    with ZipFile(BytesIO(content)) as packed:
        assert packed.testzip() is None
        packed.extractall(folder)
    [own] = folder.iterdir()
    return own


def test_the_folder_holds_everything_with_digests_that_are_checked_by_themselves(
    web_client: Client, told: Story, tmp_path: Path
) -> None:
    taken = held(web_client(Office.MEDIATOR)).get(FOLDER)
    assert taken.mimetype == "application/zip"
    own = unpacked(taken.data, tmp_path / "out")
    checked = subprocess.run(["sha256sum", "-c", "manifest.sha256"], cwd=own, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    listed = {line.partition("  ")[2] for line in (own / "manifest.sha256").read_text("utf-8").splitlines()}
    there = {str(path.relative_to(own)) for path in own.rglob("*") if path.is_file()}
    assert listed == there - {"manifest.sha256"}
    raw = (own / "index.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(raw.decode("utf-8-sig"))))
    assert {row["文件"] for row in rows if row["文件"]} <= there
    [photo_row] = [row for row in rows if "身份证正面" in row["文书名称"]]
    assert (own / photo_row["文件"]).read_bytes() == photo()
    for row in rows:
        if row["文件"].startswith("文书/"):
            paper = json.loads((own / row["文件"]).with_suffix(".json").read_text("utf-8"))
            words = words_of((own / row["文件"]).read_bytes())
            assert flat(paper["title"]) in words[0]
            assert b"<pdfaid:part>2</pdfaid:part>" in (own / row["文件"]).read_bytes()
    about = ElementTree.parse(own / "metadata.xml").getroot()
    said = {one.tag: one.text for one in about}
    assert said["题名"] == "王某与某五金厂拖欠劳动报酬纠纷"
    assert (said["编号"], said["责任者"], said["机构"]) == (told.case.facts.number, "李调解", "喜哥调解室")
    assert (said["保管期限"], said["起始日期"]) == ("10年", "2026-11-23")
    assert said["密级"]
    assert len(about.findall("件")) == len(rows)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("../../etc/passwd", "etc_passwd"),
        ('a/b\\c:d*e?f"g<h>i|j', "a_b_c_d_e_f_g_h_i_j"),
        ("换\r\n行\t", "换_行"),
        ("左\u202e右", "左右"),
        ("...", "无题"),
        ("", "无题"),
        ("长" * 500, "长" * 60),
        ("末尾的点. ", "末尾的点"),
    ],
)
def test_a_name_of_a_file_is_a_name_anywhere(words: str, name: str) -> None:
    assert safe(words) == name


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(1)", " =1", "\t=1", "＝1+1", "=cmd|' /C calc'!A0"])
def test_no_cell_of_the_index_is_a_formula(cell: str) -> None:
    [_, row] = csv.reader(StringIO(index_csv([Entry(title=cell, place="")]).decode("utf-8-sig")))
    assert row[1].startswith("'")
    assert row[1].endswith(cell.strip()[-1])


def closed(told: Story, grade: Grade) -> Story:
    told.do(SetGrade(grade=grade))
    told.do(RecordPayment(obligation="obligation/1", amount=1_200_000), at="2026-11-24")
    told.do(CloseAsPerformed(), at="2026-11-25")
    return told


@pytest.mark.parametrize(
    ("grade", "said"),
    [
        (Grade.SIMPLE, "5年（至2031年11月25日）"),
        (Grade.GENERAL, "10年（至2036年11月25日）"),
        (Grade.DIFFICULT, "永久"),
        (Grade.MAJOR, "永久"),
    ],
)
def test_the_cover_says_how_long_it_is_kept(web_client: Client, told: Story, grade: Grade, said: str) -> None:
    told.clock.now = told.clock.now.replace(day=26)
    closed(told, grade)
    cover = words_of(web_client(Office.MEDIATOR).get("/cases/A1/papers/cover.pdf").data)[0]
    assert f"保管期限{said}备注" in cover
    assert "至2026年11月25日立卷人" in cover


def test_at_the_end_it_is_to_be_appraised_and_nothing_is_deleted(web_client: Client, told: Story) -> None:
    told.clock.now = told.clock.now.replace(day=26)
    closed(told, Grade.SIMPLE)
    told.clock.now = told.clock.now.replace(year=2031, month=11, day=25)
    assert "应鉴定" not in web_client(Office.MEDIATOR).get("/cases/A1/dossier").text
    told.clock.now = told.clock.now.replace(day=26)
    page = web_client(Office.MEDIATOR).get("/cases/A1/dossier").text
    assert "到期，应鉴定" in page
    assert web_client(Office.MEDIATOR).get(WHOLE).status_code == 200


def test_the_room_says_for_how_long_and_what_stands_under_its_name(app: Flask, web_client: Client, told: Story) -> None:
    settings = app.extensions["settings"]
    papers = replace(settings.papers, letterhead=("地址：总部中心一楼", "电话：0579-87000000"))
    app.extensions["settings"] = replace(settings, papers=papers, terms={**settings.terms, "": 30})
    li = web_client(Office.MEDIATOR)
    assert "保管期限 30年" in li.get("/cases/A1/dossier").text
    assert '<p class="letterhead">地址：总部中心一楼</p>' in li.get("/cases/A1/papers/intake").text
    assert "总部中心" not in li.get("/cases/A1/papers/application").text  # that is the parties' own
    assert "电话：0579-87000000" in words_of(li.get("/cases/A1/papers/intake.pdf").data)[0]


def test_the_page_says_what_is_missing_beside_what_is_taken_away(web_client: Client, told: Story) -> None:
    page = web_client(Office.MEDIATOR).get("/cases/A1/dossier").text
    assert 'href="/cases/A1/dossier.pdf"' in page
    assert 'href="/cases/A1/dossier.zip"' in page
    assert "没有签名件、放电子打印件的有受理登记表、协议书；缺权利义务告知书、当事人身份证明。" in page


def test_a_paper_is_had_in_large_print(web_client: Client, told: Story) -> None:
    li, address = web_client(Office.MEDIATOR), "/cases/A1/papers/agreement"
    usual = li.get(f"{address}?about=agreement/1").text
    assert f'href="{address}?about=agreement/1&amp;print=large"' in usual
    large = li.get(f"{address}?about=agreement/1&print=large").text
    assert '<article class="paper large"' in large
    assert f'href="{address}.pdf?about=agreement/1&amp;print=large"' in large
    small, big = (
        PdfReader(BytesIO(li.get(f"{address}.pdf?about=agreement/1{more}").data)) for more in ("", "&print=large")
    )
    assert flat(big.pages[0].extract_text())[:40] == flat(small.pages[0].extract_text())[:40]
    assert len(big.pages) >= len(small.pages)
    sizes = [
        ZipFile(BytesIO(li.get(f"{address}.docx?about=agreement/1{more}").data)).read("word/styles.xml")
        for more in ("", "&print=large")
    ]
    assert b'<w:sz w:val="28"/>' in sizes[0]
    assert b'<w:sz w:val="36"/>' in sizes[1]
