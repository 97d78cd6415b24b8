"""名册: found, shown masked, whole only on record, filled in with every fault told, erased by the lead."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.ports.register import Person
from workflows.phases.endings import CloseAsMistaken

from ...support.story import Story
from ..conftest import Browser

Client = Callable[[Office | str], Browser]
PHONE, NUMBER, ADDRESS = "13812345678", "330784199003071238", "浙江省永康市芝英镇某村12号"
SECRETS = (PHONE, NUMBER, ADDRESS, "1990年3月7日", "1990-03-07")
WORKER = {
    "name": "王某",
    "other_names": "小王，王大锤",
    "f.number_kind": "resident",
    "f.number": "330784 19900307 1238",
    "f.birth": "",
    "f.phones": "2",
    "f.phones.0.number": "138 1234 5678",
    "f.phones.0.label": "本人",
    "f.phones.1.number": "0579-87123456",
    "f.address": ADDRESS,
    "f.cannot_read": "是",
}


@pytest.fixture
def li(web_client: Client) -> Browser:
    return web_client(Office.MEDIATOR)


def fill(browser: Browser, who: str = "worker", version: int = 1, **filled: str) -> TestResponse:
    browser.get(f"/people/{who}/edit")
    return browser.send(f"/people/{who}/edit", do="do", version=str(version), **(filled or WORKER))


def faults(answer: TestResponse) -> list[str]:
    return re.findall(r'<p class="wrong"[^>]*>([^<]+)</p>', answer.text)


def test_part_of_what_is_masked_is_not_held_against_the_rest(li: Browser) -> None:
    fill(li)
    only = {"name": "王某", "f.birth": "1980-01-01", "f.number_kind": "passport"}
    answer = fill(li, "worker", 2, **only)
    assert answer.status_code == 303
    assert "1990" not in answer.text
    assert "3307**********1238" in li.get("/people/worker").text


def test_who_stands_in_for_the_lead_gives_his_reasons(web_client: Client, told: Story) -> None:
    lead = web_client(Office.LEAD)
    fill(lead)
    lead.get("/substitutes")
    days = {"first": "2026-11-23", "last": "2026-11-29"}
    lead.send("/substitutes", who="li", acts="accept", **days)
    li = web_client(Office.MEDIATOR)
    li.get("/", follow_redirects=True)
    li.send("/me/office", office="lead")
    assert NUMBER not in li.get("/people/worker/edit").text
    assert "谁看过" not in li.get("/people/worker").text
    assert li.send("/people/worker/look", field="number").status_code == 422


def test_who_fills_in_the_form_sees_no_whole_number_unless_he_says_why_and_changes_none(
    li: Browser, web_client: Client
) -> None:
    wang = web_client(Office.LEAD)
    fill(li)
    page = li.get("/people/worker/edit").text
    assert NUMBER not in page and PHONE not in page and "不显示，也不会改动" in page
    fill(li, "worker", 2, **{"name": "王某", "f.job": "焊工"})
    whole = li.get("/people/worker/edit?why=contact").text
    assert NUMBER in whole and PHONE in whole and "焊工" in whole
    assert NUMBER in wang.get("/people/worker/edit").text
    li.send("/people/worker/edit", do="do", version="3", **WORKER | {"f.number": ""})
    assert NUMBER not in wang.get("/people/worker/edit").text


def test_a_party_leads_from_its_case_to_the_register_and_back(li: Browser) -> None:
    page = li.whole()
    assert page.count('href="/people/worker?case=A1"') == 1
    assert 'href="/people/firm?case=A1"' in page
    assert 'href="/cases/A1"' in li.get("/people/worker").text


def test_who_reads_no_numbers_has_no_way_to_them(web_client: Client) -> None:
    auditor = web_client(Office.AUDITOR)
    assert "/people/" not in auditor.whole()
    assert "/people/" not in web_client(Office.MEDIATOR).get("/cases/A1?show=joint").text
    assert auditor.get("/people/worker").status_code == 403


def test_what_is_filled_in_is_shown_masked(li: Browser) -> None:
    assert fill(li).headers["Location"] == "/people/worker"
    page = li.get("/people/worker").text
    for masked in ("3307**********1238", "本人", "138****5678", "浙江省永康市芝英镇****", "1990年**月**日", "男"):
        assert masked in page or masked == "本人", masked
    assert [secret for secret in SECRETS if secret in page] == []
    assert "也叫 小王、王大锤" in page


def test_the_whole_is_shown_for_a_reason_and_the_look_is_on_record(li: Browser, told: Story) -> None:
    fill(li)
    li.get("/people/worker")
    refused = li.send("/people/worker/look", field="phones", reason="")
    assert (refused.status_code, PHONE in refused.text, "请先选" in refused.text) == (422, False, True)
    seen = li.send("/people/worker/look", field="phones", reason="contact")
    assert PHONE in seen.text
    assert NUMBER not in seen.text
    assert seen.headers["Refresh"] == "60; url=/people/worker"
    with told.store.read() as unit:
        looks = [(it.what, it.reason) for it in unit.views.reads_of_person("worker")]
    assert looks[-1] == ("person phones", "contact")
    assert PHONE not in li.get("/people/worker").text


def test_the_lead_is_asked_no_reason_and_sees_who_looked(li: Browser, web_client: Client) -> None:
    fill(li)
    li.get("/people/worker")
    li.send("/people/worker/look", field="number", reason="papers")
    lead = web_client(Office.LEAD)
    page = lead.get("/people/worker").text
    assert "李调解 当事人完整的证件号码（制作文书或送达）" in page
    assert NUMBER in lead.send("/people/worker/look", field="number").text
    listed = lead.get("/reads").text
    assert "当事人完整的证件号码（制作文书或送达）" in listed
    assert NUMBER not in listed


@pytest.mark.parametrize(
    ("filled", "sentence"),
    [
        ({"f.number": "330784199003071234"}, "最后一位校验不符"),
        ({"f.number": "33078419900307123"}, "现在是17位"),
        ({"f.number": "330784900307123"}, "15位的旧号码"),
        ({"f.number": "330784199013071231"}, "有效的出生日期"),
        ({"f.birth": "1991-03-07"}, "与身份证号上的出生日期"),
        ({"f.sex": "female"}, "第17位（男）不同"),
        ({"f.phones.0.number": "1381234567"}, "现在是10位"),
        ({"f.phones.0.number": "87123456"}, "请连区号"),
        ({"f.phones.1.number": "打他老婆"}, "应写成"),
        ({"name": ""}, "姓名或名称"),
        ({"f.birth": "去年"}, "不是有效日期"),
    ],
)
def test_every_fault_is_told_and_nothing_typed_is_lost(li: Browser, filled: dict[str, str], sentence: str) -> None:
    answer = fill(li, **WORKER | filled)
    assert answer.status_code == 422
    assert any(sentence in told for told in faults(answer)), faults(answer)
    for name, value in (WORKER | filled).items():
        if name.endswith(("number", "address", "names")):
            assert f'value="{value}"' in answer.text, name
    assert "只知道姓名" in li.get("/people/worker").text


def test_all_faults_are_told_at_once(li: Browser) -> None:
    answer = fill(li, **WORKER | {"f.number": "1", "f.phones.0.number": "2", "f.phones.1.number": "3"})
    assert len(faults(answer)) == 3


def test_an_old_region_is_taken_and_an_unknown_one_is_taken_and_told(li: Browser) -> None:
    fill(li, **WORKER | {"f.number": "330722195504121013"})  # 永康县, until 1992
    assert "请核对" not in li.get("/people/worker").text
    fill(li, version=2, **WORKER | {"f.number": "990000199003071235", "f.birth": ""})
    page = li.get("/people/worker").text
    assert "请核对证件号码：前6位" in page
    assert "9900**********1235" in page


def test_who_has_an_older_page_open_loses_nothing_and_overwrites_nothing(li: Browser) -> None:
    fill(li)
    answer = fill(li, **WORKER | {"f.address": "别处"})
    assert answer.status_code == 409
    assert "别处" in answer.text
    assert "永康市芝英镇" in li.get("/people/worker").text


def test_a_firm_is_asked_what_firms_have(li: Browser) -> None:
    page = li.get("/people/firm/edit").text
    assert "统一社会信用代码" in page
    assert "证件号码" not in page
    answer = fill(li, "firm", **{"name": "某五金厂", "f.credit_code": "91350100m000100y43", "f.phones": "0"})
    assert answer.status_code == 303
    assert "91350100M000100Y43" in li.get("/people/firm").text
    wrong = fill(li, "firm", 2, **{"name": "某五金厂", "f.credit_code": "91350100M000100Y42", "f.phones": "0"})
    assert "校验不符" in faults(wrong)[0]


def test_somebody_is_found_and_no_number_stands_in_an_address(li: Browser) -> None:
    fill(li)
    for words in (PHONE, NUMBER, "王某", "小王", "wm"):
        li.get("/people")
        led = li.send("/people", q=words).headers["Location"]
        assert words not in led
        assert 'href="/people/worker"' in li.get(led).text, words
    li.get("/people")
    assert "没有找到" in li.get(li.send("/people", q="13900000000").headers["Location"]).text


def test_who_may_be_the_same_is_offered_joined_and_parted(li: Browser, told: Story) -> None:
    fill(li)
    with told.store.write() as unit:
        unit.register.put_person(Person(id="again", organisation="room", name="王某某", kind=PartyKind.PERSON))
    fill(li, "again", **{"name": "王某某", "f.phones": "1", "f.phones.0.number": PHONE})
    page = li.get("/people/again").text
    assert "可能是同一人" in page
    assert PHONE not in page
    li.send("/people/again/same", other="worker")
    page = li.get("/people/again").text
    assert 'href="/cases/A1"' in page
    assert "可能是同一人" not in page
    li.send("/people/again/same", other="worker", do="apart")
    assert 'href="/cases/A1"' not in li.get("/people/again").text


def test_a_stranger_finds_nobody_and_is_told_nothing(web_client: Client, li: Browser) -> None:
    fill(li)
    sun = web_client("sun")
    for path in ("/people/worker", "/people/worker/edit", "/people/nobody"):
        assert sun.get(path).status_code == 404
    sun.get("/people")
    assert "没有找到" in sun.get(sun.send("/people", q=PHONE).headers["Location"]).text
    assert sun.send("/people/worker/look", field="phones", reason="contact").status_code == 404


def test_the_lead_erases_whom_no_open_case_needs(web_client: Client, li: Browser, told: Story) -> None:
    fill(li)
    lead = web_client(Office.LEAD)
    lead.get("/people/worker/erase")
    given = {"ground": "withdrawn", "basis": "个人信息保护法第47条", "reason": "本人申请"}
    assert "在办案件" in lead.send("/people/worker/erase", **given).text
    other = Story(told.store, told.clock, "B1")
    other.registered().do(CloseAsMistaken(reason=Text("登错了")), by=Office.LEAD)
    assert li.get("/people/worker/erase").status_code == 403
    with told.store.write() as unit:
        unit.register.put_person(Person(id="done", organisation="room", name="赵某", kind=PartyKind.PERSON))
    fill(li, "done", **WORKER | {"name": "赵某"})
    li.get("/people/done/edit")
    li.send("/people/done/edit", name="赵某某", do="keep")
    lead.get("/people/done/erase")
    assert "都要填写" in lead.send("/people/done/erase", **given | {"reason": " "}).text
    assert lead.send("/people/done/erase", **given).status_code == 303
    page = lead.get("/people/done").text
    assert "已依法删除" in page
    assert "本人申请" in page
    assert li.get("/people/done/edit").status_code == 409
    with told.store.read() as unit:
        assert unit.drafts.of("li") == [], "nor does a draft keep him"


def test_without_the_key_it_is_said_what_to_do(app: object, li: Browser) -> None:
    app.extensions["room_key"] = None  # type: ignore[attr-defined]
    answer = li.get("/people/worker")
    assert answer.status_code == 503
    assert "mediation key make" in answer.text
