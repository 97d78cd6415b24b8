"""花名册 through the pages: eight faults among 63 workers, mended, taken, agreed with, signed on one sheet, parted."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.input.tables import LOST
from web.security import passwords
from workflows.parts.party import JoinCase, LeaveCase, Leaving
from workflows.vocabulary import Side

from ...support.files import photo
from ...support.sheets import HEAD, workers, xlsx
from ...support.story import NOW, STAFF, Story
from ..conftest import PASSWORD, Browser, app_over
from ..forms.test_command_form import posted

ROSTER = "/cases/A1/roster"


@pytest.fixture
def told() -> Story:
    """A worker's case, accepted; the mediator and the lead may come in."""
    story = Story(MemoryStore(FixedClock(NOW)), FixedClock(NOW)).accepted()
    with story.store.write() as unit:
        for actor in STAFF.values():
            passwords.give_password(unit, actor.id, PASSWORD, once=False)
    return story


def in_the_room(story: Story, folder: Any, office: Office = Office.MEDIATOR) -> Browser:
    browser: Browser = app_over(story, folder=folder).test_client()  # type: ignore[assignment]
    browser.sign_in(STAFF[office].id)
    return browser


def hand_in(browser: Browser, content: bytes, **more: str) -> TestResponse:
    browser.get(ROSTER)
    file = (BytesIO(content), "名单.xlsx")
    return browser.post(ROSTER, data={"csrf_token": browser.token, "do": "look", "file": file, **more})


def take(browser: Browser, page: TestResponse, **more: Any) -> TestResponse:
    held = {
        name: re.search(f'name="{name}" value="([^"]*)"', page.text)[1]
        for name in ("id", "carried", "side", "group", "cohort")
    }  # type: ignore[index]
    return browser.send(ROSTER, do="take", **held, **more)


def faults_on(page: TestResponse) -> list[str]:
    return list(re.findall(r"<li>(第[^<]*|表头[^<]*)</li>", page.text))


def controls(page: TestResponse) -> dict[str, list[str]]:
    """All that a browser would post from the form of a step, as it stands."""
    form = posted(page.text.partition("<main")[2])
    return {name: form.getlist(name) for name in form if name not in ("do", "csrf_token")}


def press(browser: Browser, page: TestResponse, step: str, do: str = "do", **typed: Any) -> TestResponse:
    """The form of a step as it stands, with some of it filled in otherwise, sent by one of its buttons."""
    return browser.send(f"/cases/A1/steps/{step}", **controls(page) | typed | {"do": do})


def spoilt(rows: list[list[Any]]) -> list[list[Any]]:
    """The rows of 63 workers, eight of them wrong."""
    rows = [list(row) for row in rows]
    rows[3][0] = ""
    rows[8][1] = rows[8][1][:-1] + ("1" if rows[8][1][-1] != "1" else "2")
    rows[13][1] = 330784198503070000
    rows[20][1] = rows[5][1]
    rows[27][2] = "1380000"
    rows[34][4] = "6222-0201-账号"
    rows[41][6] = "一千"
    rows[62][6] = 0
    return rows


def test_a_case_of_63_workers_from_the_sheet_to_the_text_of_those_who_were_absent(told: Story, tmp_path: Any) -> None:
    browser, rows = in_the_room(told, tmp_path), workers()
    page = hand_in(browser, xlsx([("某五金厂欠薪花名册",), HEAD, *spoilt(rows)]))
    assert page.status_code == 422
    assert faults_on(page) == [
        "第6行“姓名”：要填",
        "第11行“身份证号”：最后一位校验不符，有一位打错了，请对照证件再看一遍",
        f"第16行“身份证号”：{LOST}",
        "第23行“身份证号”：与第8行相同，同一人只能有一行",
        "第30行“电话”：手机号码应为11位，现在是7位",
        "第37行“银行账号”：有“账”，只能有数字",
        "第44行“金额”：“一千”不是金额，应写成 12345.60 或 1.2万",
        "第65行“金额”：应大于零",
    ]
    assert 'value="take"' not in page.text
    assert len(told.case.facts.parties) == 2

    page = hand_in(browser, xlsx([HEAD, *rows, ("合计", "", "", "", "", "", sum(row[6] for row in rows))]))
    assert page.status_code == 200
    assert "读到 63 人，共 ￥65,016.00" in page.text
    assert rows[0][1] not in page.text
    assert rows[0][4] not in page.text
    assert len(told.case.facts.parties) == 2
    assert take(browser, page).status_code == 303
    assert len(told.case.facts.parties) == 65
    assert told.case.facts.parties["party/3"].claimed == 100_100

    page = browser.get("/cases/A1/steps/DraftAgreement")
    page = press(browser, page, "DraftAgreement", "roster", **{"roster.payer": "party/2", "roster.due": "2026-12-31"})
    assert page.status_code == 200
    signers = controls(page)["f.signers"]
    assert len(signers) == 64
    answer = press(browser, page, "DraftAgreement")
    assert answer.status_code == 303, answer.text
    agreement = told.case.facts.agreements["agreement/1"]
    assert len(agreement.terms) == 63
    assert agreement.total == 6_501_600
    text = agreement.text_hash

    page = browser.get("/cases/A1")
    assert "签名册：一次记录几个人签的（还有64人没签）" in page.text
    page = browser.get("/cases/A1/steps/ConfirmAgreement?of=agreement/1")
    assert "<h1>签名册</h1>" in page.text
    assert "已选 0 项" in page.text
    page = press(browser, page, "ConfirmAgreement", "all:on")
    assert "已选 64 项" in page.text
    assert press(browser, page, "ConfirmAgreement", "sheet", sheet=(BytesIO(b"text"), "a.txt")).status_code == 422
    for _ in range(2):  # the same sheet twice is one
        filed = press(browser, page, "ConfirmAgreement", "sheet", sheet=(BytesIO(photo()), "签名册.jpg"))
    page = filed
    assert (page.status_code, told.state("exhibit/2")) == (200, None)
    assert '<option value="exhibit/1" selected>材料1　签名册</option>' in page.text
    assert "已选 64 项" in page.text
    confirmations = told.case.facts.confirmations
    there = [k for k in controls(page)["on"] if confirmations[k].party != "party/2"][:-3]
    assert len(there) == 60
    signed = {"on": there, "f.manner": "signature", "f.sheet": "exhibit/1", "f.identity_checked": "是"}
    page = press(browser, page, "ConfirmAgreement", "preview", **signed)
    assert "预览" in page.text
    assert press(browser, page, "ConfirmAgreement", **signed).status_code == 303
    page = browser.get("/cases/A1/steps/ConfirmAgreement?of=agreement/1")
    [firm] = [k for k, c in confirmations.items() if c.party == "party/2"]
    sealed = {"on": firm, "f.manner": "seal", "f.identity_checked": "是"}
    assert press(browser, page, "ConfirmAgreement", **sealed).status_code == 303
    orders = [line.command_id for line in told.lines if line.event == "AgreementConfirmed"]
    assert [orders.count(id) for id in dict.fromkeys(orders)] == [60, 1]

    absent = list(told.case.facts.agreements["agreement/1"].signers[-3:])
    page = browser.get("/cases/A1/steps/SplitOff?on=agreement/1")
    assert press(browser, page, "SplitOff", **{"f.absent": absent}).status_code == 303
    first, second = told.case.facts.agreements.values()
    assert first.text_hash == text
    assert (len(first.signers), first.left_out, len(first.terms)) == (61, (61, 62, 63), 63)
    assert [term.payee for term in second.terms] == absent
    assert first.total is not None and second.total is not None
    assert first.total + second.total == 6_501_600
    assert "已划去，另成一份协议" in browser.whole()

    page = browser.get("/cases/A1/steps/SignAsMediator?on=agreement/1")
    assert press(browser, page, "SignAsMediator").status_code == 303
    lead = in_the_room(told, tmp_path, Office.LEAD)
    page = lead.get("/cases/A1/steps/AffixSeal?on=agreement/1")
    assert press(lead, page, "AffixSeal").status_code == 303
    assert told.state("agreement/1") == "effective"
    assert {o.payee for o in told.case.facts.obligations.values()} == {
        c.party for c in map(confirmations.get, there) if c
    }
    page = browser.get("/cases/A1/steps/DraftAgreement?on=agreement/2")
    again = press(browser, page, "DraftAgreement", "roster", **{"roster.payer": "party/2", "roster.due": "2026-12-31"})
    assert controls(again)["f.terms"] == ["3"]  # all others have theirs
    page = browser.get("/cases/A1/steps/DraftAgreement?on=agreement/2")
    assert press(browser, page, "DraftAgreement").status_code == 303
    assert told.state("agreement/2") == "drafted"


def test_who_has_left_is_shown_as_such_and_ticked_by_nobody_who_ticks_all(told: Story, tmp_path: Any) -> None:
    told.do(JoinCase(person="worker", side=Side.APPLICANT, kind=PartyKind.GROUP, count=9))
    told.do(LeaveCase(reason=Leaving.WITHDREW), "party/3")
    browser = in_the_room(told, tmp_path)
    page = browser.get("/cases/A1/steps/DraftAgreement")
    assert "（已退出）" in page.text
    page = press(browser, page, "DraftAgreement", "all:f.signers")
    assert controls(page)["f.signers"] == ["party/1", "party/2"]
