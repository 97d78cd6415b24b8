"""文书 on the pages: masked to look at, whole to take away, on record; a text checked by whoever has it in hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

import pytest
from docx import Document
from flask import Flask
from pypdf import PdfReader

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from workflows.facts import facts_of
from workflows.parts.agreement import AmendAgreement
from workflows.parts.delivery import DeliverPaper, RecordUndelivered, SendPaper
from workflows.vocabulary import DeliveredPaper, Receiver, Undelivered

from ...support.files import photo
from ...support.story import Story
from ..conftest import Browser
from .test_exhibits import filed
from .test_people import ADDRESS, PHONE, fill

Client = Callable[[Office | str], Browser]
PAPER = "/cases/A1/papers/agreement"
AGREEMENT = f"{PAPER}?about=agreement/1"


def words_of_word_file(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "".join((*(p.text for p in document.paragraphs), *cells))


def words_of_pdf(content: bytes) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))


def test_the_case_page_leads_to_its_papers(web_client: Client, told: Story) -> None:
    page = web_client(Office.MEDIATOR).whole()
    assert 'href="/cases/A1/papers/agreement?about=agreement/1"' in page


def test_numbers_are_masked_on_the_page_and_whole_on_what_is_taken_away(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    fill(li)
    page = li.get(AGREEMENT).text
    assert "138****5678" in page
    assert PHONE not in page
    assert ADDRESS not in page
    pdf, word = (li.get(f"{PAPER}.{ending}?about=agreement/1") for ending in ("pdf", "docx"))
    for words in (words_of_pdf(pdf.data), words_of_word_file(word.data)):
        assert PHONE in words
        assert ADDRESS in words
        assert "￥12,000.00（人民币壹万贰仟元整）" in words
    assert pdf.headers["Content-Disposition"].startswith("attachment")
    assert pdf.headers["Cache-Control"] == "no-store"


def test_a_paper_taken_away_is_on_record_for_each_whose_numbers_stand_on_it(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    li.get(AGREEMENT)
    li.get(f"{PAPER}.docx?about=agreement/1")
    with told.store.read() as unit:
        looks = [read.what for read in unit.views.reads("A1")]
        of_people = {id: unit.views.reads_of_person(id)[-1:] for id in ("worker", "firm")}
    assert looks[-2:] == ["paper agreement agreement/1", "print agreement agreement/1"]
    assert {(read.what, read.reason) for [read] in of_people.values()} == {("person paper", "papers")}
    assert "取出文书：协议书" in li.get("/cases/A1/reads").text
    assert "印在文书上的当事人资料" in web_client(Office.LEAD).get("/people/worker").text


def test_an_auditor_sees_it_masked_and_takes_nothing_away(web_client: Client, told: Story) -> None:
    auditor = web_client(Office.AUDITOR)
    page = auditor.get(AGREEMENT)
    assert page.status_code == 200
    assert "下载 PDF" not in page.text
    assert auditor.get(f"{PAPER}.pdf?about=agreement/1").status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        PAPER,
        f"{PAPER}?about=agreement/2",
        f"{PAPER}?about=party/1",
        "/cases/A1/papers/other",
        f"{PAPER}.exe",
        f"{PAPER}.pdf",
    ],
)
def test_there_is_no_paper_about_what_is_not_there(web_client: Client, told: Story, address: str) -> None:
    assert web_client(Office.MEDIATOR).get(address).status_code == 404


def test_whoever_has_a_text_in_hand_learns_whether_it_is_the_current_one(app: Flask, told: Story) -> None:
    other = Story(told.store, told.clock, "A2").drafted()
    first = facts_of(other.case).agreements["agreement/1"].text_hash
    nobody, address = app.test_client(), f"/texts/A2/agreement/1/{first}"
    current = nobody.get(address)
    assert "<h1>是现行文本" in current.text
    assert "王某" not in current.text
    other.do(AmendAgreement(words=Text("分两次付")), "agreement/1")
    assert "<h1>不是现行文本" in nobody.get(address).text
    for unknown in (f"/A2/agreement/1/{'0' * 64}", f"/A1/agreement/1/{first}", f"/A2/party/1/{first}", "/B/c/1/d"):
        answer = nobody.get(f"/texts{unknown}")
        assert answer.status_code == 200
        assert "没有查到" in answer.text


def test_a_paper_that_is_handed_over_leads_to_the_step_that_puts_it_on_record(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    [address] = re.findall(r'href="(/cases/A1/steps/DeliverPaper[^"]*)"', li.get(AGREEMENT).text)
    form = li.get(unescape(address)).text
    assert re.search(r'<option value="agreement" selected', form)
    assert re.search(r'<option value="agreement/1" selected', form)
    assert "DeliverPaper" not in li.get("/cases/A1/papers/intake").text  # it stays with the room


def test_the_receipt_says_what_went_to_whom_and_who_signed_for_it(web_client: Client, told: Story) -> None:
    clerk = {"receiver": Receiver.CLERK, "signed_by": Text("前台小陈"), "reason": Text("公司负责收件")}
    told.do(DeliverPaper(paper=DeliveredPaper.RIGHTS, party="party/2", copies=2, **clerk))
    told.do(SendPaper(paper=DeliveredPaper.SUMMONS, party="party/2", place=Text("永康市某路1号")))
    told.do(RecordUndelivered(why=Undelivered.MOVED), "delivery/2")
    told.do(DeliverPaper(paper=DeliveredPaper.RIGHTS, party="party/1"))
    words = words_of_pdf(web_client(Office.MEDIATOR).get("/cases/A1/papers/serving.pdf?about=party/2").data)
    told_of = (
        "权利义务告知书2份",
        "单位负责收件的人前台小陈",
        "公司负责收件",
        "永康市某路1号",
        "没有送到：地址不对或已搬走",
    )
    assert [it for it in told_of if it not in words] == []
    assert "本人" not in words.replace("签收人", "")  # what went to the other stands on its own


def test_the_dossier_says_what_is_missing_and_leads_to_the_step_that_fills_it(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    page = li.get("/cases/A1/dossier").text
    gaps = "还缺 4 处：1 申请书或受理登记表、2 权利义务告知书、3 当事人身份证明、8 协议书"
    assert f"现在{gaps}" in page
    assert f"案卷{gaps}" in li.get("/cases/A1/missing").text
    assert 'href="/cases/A1/papers/agreement?about=agreement/1"' in page
    signed = li.get(AGREEMENT).text
    [address] = re.findall(r'href="(/cases/A1/steps/FileExhibit[^"]*)"', signed)
    form = li.get(unescape(address)).text
    assert re.search(r'<option value="signed" selected', form)
    assert re.search(r'<option value="agreement/1" selected', form)
    filed(li, photo(), **{"f.kind": "signed", "f.agreement": "agreement/1", "f.place": "agreement", "f.party": ""})
    page = li.get("/cases/A1/dossier").text
    assert "现在还缺 3 处" in page
    assert "已有 1 件" in page
