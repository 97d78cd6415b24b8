"""批量付款 on the page: what is owed stands there ready, the bank's table fills it, what is wrong stands at its row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PersonDetails
from mediation_engine.domain.roles import Office
from mediation_engine.ids import seeded_randomness
from mediation_engine.services.people import People
from web.security import passwords
from workflows.facts import facts_of
from workflows.parts.agreement import AdoptOrally, ReachAgreement
from workflows.parts.payment import RecordPayment

from ...support.crew import SUM, crew, wages
from ...support.exhibits import ROOM_KEY
from ...support.sheets import xlsx
from ...support.story import NOW, STAFF, Story
from ..conftest import PASSWORD, Browser
from .test_steps import filled, filled_again

Client = Callable[[Office], Browser]
BATCH = "/cases/A1/steps/RecordBatch"
HEADER = ("姓名", "金额", "结果", "原因")


@pytest.fixture
def told(story: Story) -> Story:
    """A firm that owes three workers."""
    crew(story, 3)
    with story.store.write() as unit:
        for actor in STAFF.values():
            passwords.give_password(unit, actor.id, PASSWORD, once=False)
    return story


def states(story: Story, machine: str) -> list[str | None]:
    return [story.state(key) for key in story.case.of(machine)]


def with_table(browser: Browser, content: bytes, *, form: dict[str, list[str]] | None = None) -> TestResponse:
    """Hand in the bank's table."""
    data = form or filled(browser, BATCH)
    return browser.post(BATCH, data={**data, "do": "fill", "sheet": (BytesIO(content), "回单.xlsx")})


def test_all_that_is_owed_stands_there_and_one_comes_back(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    page = unescape(li.get(BATCH).text)
    assert [page.count(f"→工友{n} 8,600元") for n in (1, 2, 3)] == [1, 1, 1], "shown, and not to be chosen again"
    back = {"f__rows__1__result": "returned", "f__rows__1__reason": "account"}
    form = filled(li, BATCH, **back)
    assert form["f.rows.2.amount"] == ["8,600.00"]
    ahead = li.post(BATCH, data=form | {"do": "preview"})
    assert "现在还没有写入" in ahead.text
    assert told.case.of("payment") == ()
    assert li.post(BATCH, data=form | {"do": "do"}).status_code == 303
    assert states(told, "payment") == ["recorded", "returned", "recorded"]
    case = unescape(li.whole())
    assert "3笔，共 ￥25,800.00" in case
    waiting = case.partition('id="open"')[2].partition("</aside>")[0]
    assert "→工友2 8,600元" in waiting
    assert "退汇（账号错误），请更正后重新付款" in waiting
    assert filled(li, BATCH)["f.rows"] == ["1"], "what is paid up is not offered again"


def test_what_is_not_due_yet_stands_there_without_a_sum(web_client: Client, told: Story) -> None:
    later = replace(wages(1), due=NOW.date() + timedelta(days=20))
    told.do(ReachAgreement(terms=(later, wages(2))))
    told.do(AdoptOrally(), "agreement/2")
    form = filled(web_client(Office.MEDIATOR), BATCH)
    assert [form[f"f.rows.{n}.amount"] for n in range(2)] == [[""], ["8,600.00"]]


def test_it_is_paid_again_on_the_page(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    li.post(BATCH, data=filled(li, BATCH, f__rows__1__result="returned", f__rows__1__reason="name", do="do"))
    path = "/cases/A1/steps/ResendPayment"
    assert f"{path}?on=payment/2" in unescape(li.whole())
    form = filled(li, f"{path}?on=payment/2", do="do")
    assert li.post(path, data=form).status_code == 303
    assert told.state("agreement/1") == "performed"


def test_a_row_without_a_sum_is_left_out(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    assert li.post(BATCH, data=filled(li, BATCH, f__rows__0__amount="", do="do")).status_code == 303
    assert [row.obligation for row in facts_of(told.case).batches["batch/1"].rows] == ["obligation/2", "obligation/3"]


def test_what_rules_say_of_a_row_stands_at_the_row(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    form = filled(li, BATCH, f__rows__0__amount="", f__rows__2__result="returned", do="do")
    told.do(RecordPayment(obligation="obligation/2", amount=SUM))
    page = li.post(BATCH, data=form)
    assert page.status_code == 422
    said = unescape(page.text)
    assert '<a href="#f.rows.2.obligation">各笔第3行，履行哪项义务</a>：退汇的须选退汇原因' in said
    assert '<a href="#f.rows.1.obligation">各笔第2行，履行哪项义务</a>：只列还没有付清的付款义务' in said
    assert filled_again(page.text)["f.rows.2.result"] == ["returned"]


def test_the_banks_table_fills_the_rows(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    content = xlsx([HEADER, ("工友3", 8600, "退汇", "已销户"), ("工友1", 8600, "成功", "")])
    page = with_table(li, content)
    assert page.status_code == 200
    assert "已按表填好 2 行，还没有办理" in page.text
    assert told.case.of("payment") == ()
    form = filled_again(page.text)
    assert li.post(BATCH, data={**form, "do": "do"}).status_code == 303
    rows = facts_of(told.case).batches["batch/1"].rows
    assert [(row.obligation, row.reason and row.reason.label) for row in rows] == [
        ("obligation/3", "账户冻结或销户"),
        ("obligation/1", None),
    ]
    assert states(told, "obligation") == ["performed", "pending", "pending"]


def test_an_account_that_is_not_as_in_the_register_is_told_by_its_row(web_client: Client, told: Story) -> None:
    li, people = web_client(Office.MEDIATOR), People(told.store, ROOM_KEY, seeded_randomness(1))
    person = told.case.facts.people()[told.case.facts.obligations["obligation/1"].payee]
    people.change(STAFF[Office.MEDIATOR], person, expects=1, details=PersonDetails(account=Text("6228480000000000018")))
    head = ("姓名", "账号", "金额", "结果")
    for account, differs in (("6228480000000000026", True), ("6228 4800 0000 0000 018", False)):
        page = with_table(li, xlsx([head, ("工友1", account, 8600, "成功")]))
        assert ("第2行“账号”：与名册里工友1的银行账号不同" in page.text) == differs
        assert "已按表填好 1 行" in page.text and "62284800" not in page.text
    with told.store.read() as unit:
        assert [it.what for it in unit.views.reads_of_person(person)] == ["person"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            xlsx([HEADER, ("工友9", 8600, "成功", ""), ("工友1", 1, "退汇", "")]),
            "第2行“姓名”：这份协议没有还没付清给工友9的款",
        ),
        (b"", "这张表没有读"),
        (b"%PDF-1.7", "这不是表格"),
    ],
)
def test_a_table_that_is_not_right_fills_nothing(web_client: Client, told: Story, content: bytes, words: str) -> None:
    li = web_client(Office.MEDIATOR)
    before = filled(li, BATCH)
    page = with_table(li, content, form=before)
    assert (page.status_code, words in unescape(page.text)) == (422, True)
    assert filled_again(page.text)["f.rows.0.amount"] == before["f.rows.0.amount"]
