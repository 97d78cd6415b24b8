"""台账 through the page: what is wrong is told, columns are named once, rows are taken by a press and never twice."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.roles import Office
from web.pages import ledger as page_of
from web.security import passwords

from ...support import ledgers
from ...support.sheets import xlsx
from ...support.story import NOW, STAFF, Story
from ..conftest import PASSWORD, Browser, app_over
from ..forms.test_command_form import posted

LEDGER = "/ledger"


@pytest.fixture
def room() -> Story:
    """A room without a case; its lead may come in."""
    story = Story(MemoryStore(FixedClock(NOW)), FixedClock(NOW))
    with story.store.write() as unit:
        for actor in STAFF.values():
            passwords.give_password(unit, actor.id, PASSWORD, once=False)
    return story


@pytest.fixture
def lead(room: Story, tmp_path: Path) -> Browser:
    browser: Browser = app_over(room, folder=tmp_path).test_client()  # type: ignore[assignment]
    browser.sign_in(STAFF[Office.LEAD].id)
    return browser


def hand_in(browser: Browser, content: bytes, name: str = "台账.xlsx") -> TestResponse:
    browser.get(LEDGER)
    return browser.post(LEDGER, data={"csrf_token": browser.token, "do": "look", "file": (BytesIO(content), name)})


def press(browser: Browser, page: TestResponse, do: str, **typed: str) -> TestResponse:
    """The form on a page with a button, sent by it."""
    form = next(it for it in re.findall(r"<form.*?</form>", page.text, re.DOTALL) if f'value="{do}"' in it)
    filled = {name: value for name, value in posted(form).items() if name not in ("do", "csrf_token")}
    return browser.send(LEDGER, **(filled | typed), do=do)


def cases(room: Story) -> int:
    with room.store.read() as unit:
        return len([*unit.record.cases()])


def test_a_ledger_of_three_hundred_rows_through_the_page(room: Story, lead: Browser) -> None:
    sound = ledgers.rows(300)
    page = hand_in(lead, xlsx([ledgers.TITLE, ledgers.HEAD, *ledgers.spoilt(sound)]))
    assert page.status_code == 422 and "有 20 处要改，还没有录入" in page.text
    told = re.findall(r"<li>第(\d+)行“([^”]+)”：", page.text)
    assert told == [(str(row), label) for row, label, _ in ledgers.expected()]
    assert 'value="take"' not in page.text and cases(room) == 0

    sheet = press(lead, page, "faults")
    assert sheet.mimetype.endswith("spreadsheetml.sheet") and cases(room) == 0

    content = xlsx([ledgers.TITLE, ledgers.HEAD, *sound])
    page = hand_in(lead, content)
    assert page.status_code == 200 and "读到 300 件，还没有录入" in page.text and cases(room) == 0
    assert sound[3][3] not in page.text, "no number of a person is shown"
    done = press(lead, page, "take")
    assert done.status_code == 303 and cases(room) == 300
    assert "录入了 300 件新案。" in lead.get(LEDGER).text

    page = hand_in(lead, content)
    assert "以前录过、没有变化的 300 件，不再录" in page.text and 'value="take"' not in page.text
    assert press_again(lead, done).status_code == 422 and cases(room) == 300


def press_again(browser: Browser, _: TestResponse) -> TestResponse:
    """A press whose file the browser no longer holds."""
    return browser.send(LEDGER, do="take", carried="x", id="x")


def test_columns_of_their_own_are_chosen_on_the_page_and_known_the_next_time(room: Story, lead: Browser) -> None:
    head = ["流水", "哪天来的", *ledgers.HEAD[2:]]
    content = xlsx([head, *ledgers.rows(3)])
    page = hand_in(lead, content)
    assert "还没有说哪一列是“编号”、“受理日期”" in page.text and 'value="take"' not in page.text
    page = press(lead, page, "columns", **{"column.0": "编号", "column.1": "受理日期"})
    assert "读到 3 件，还没有录入" in page.text
    assert press(lead, page, "take").status_code == 303 and cases(room) == 3
    assert "以前录过、没有变化的 3 件" in hand_in(lead, content).text


def test_a_long_ledger_is_taken_press_by_press(room: Story, lead: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_of, "A_PRESS", 4)
    page = hand_in(lead, xlsx([ledgers.HEAD, *ledgers.rows(10)]))
    page = press(lead, page, "take")
    assert "已录入 4 件，还有 6 件" in page.text and cases(room) == 4
    page = press(lead, page, "take")
    assert "已录入 4 件，还有 2 件" in page.text
    assert press(lead, page, "take").status_code == 303 and cases(room) == 10


def test_of_two_sheets_the_chosen_one_is_read(room: Story, lead: Browser) -> None:
    def twice(sheet: object) -> None:
        sheet.title = "一月"  # type: ignore[attr-defined]
        other = sheet.parent.copy_worksheet(sheet)  # type: ignore[attr-defined]
        other.title = "二月"
        other.delete_rows(3, 9)

    page = hand_in(lead, xlsx([ledgers.HEAD, *ledgers.rows(4)], twice))
    assert "读到 4 件" in page.text and "哪一张工作表" in page.text
    assert "读到 1 件" in press(lead, page, "columns", sheet="二月").text


def test_what_a_browser_holds_belongs_to_who_handed_it_in(room: Story, lead: Browser, tmp_path: Path) -> None:
    page = hand_in(lead, xlsx([ledgers.HEAD, *ledgers.rows(2)]))
    held = re.search(r'name="carried" value="([^"]+)"', page.text)
    assert held is not None
    altered = press(lead, page, "take", carried=held[1][:-8] + "AAAAAAA=")
    assert altered.status_code == 422 and "请重新交文件" in altered.text
    assert press(lead, page, "take", id="another").status_code == 422
    assert cases(room) == 0


def test_a_file_that_is_none_or_too_large_says_what_to_do(room: Story, lead: Browser) -> None:
    assert "没有选择文件" in hand_in(lead, b"").text
    assert "不是表格" in hand_in(lead, b"\x89PNG\r\n\x1a\n" + bytes(99), "台账.xlsx").text
    huge = lead.post(LEDGER, data=b"0" * (50 << 20), content_type="multipart/form-data; boundary=x")
    assert huge.status_code == 413 and "太大" in huge.text
    assert cases(room) == 0


def test_only_the_lead_takes_a_ledger(room: Story, tmp_path: Path) -> None:
    browser: Browser = app_over(room, folder=tmp_path).test_client()  # type: ignore[assignment]
    browser.sign_in(STAFF[Office.MEDIATOR].id)
    assert browser.get(LEDGER).status_code == 403
