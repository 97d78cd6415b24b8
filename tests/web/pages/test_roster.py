"""花名册 through the pages: 63 workers with eight faults, mended, taken, agreed with, signed on one sheet, three split off."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.roles import Office
from mediation_engine.input.tables import LOST
from web.security import passwords

from ...support.files import photo
from ...support.sheets import HEAD, workers, xlsx
from ...support.story import NOW, STAFF, Story
from ..conftest import PASSWORD, Browser, app_over

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
    return [said for said in re.findall(r"<li>(第[^<]*|表头[^<]*)</li>", page.text)]


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
