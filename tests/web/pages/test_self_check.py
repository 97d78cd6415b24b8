"""自查 on the pages: what is found leads to where it is put right, and is set aside by whoever may."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from mediation_engine.domain.roles import Office

from ...support.checks import more, oral
from ...support.story import Story
from ..conftest import Browser
from .test_people import fill

Client = Callable[[Office | str], Browser]
CASE, ALL = "/cases/A1/self-check", "/self-check"


def boxes(page: str, name: str = "finding") -> list[str]:
    return [unescape(it) for it in re.findall(rf'name="{name}" value="([^"]+)"', page)]


def test_a_case_and_its_dossier_lead_to_it(web_client: Client) -> None:
    li = web_client(Office.MEDIATOR)
    for path in ("/cases/A1", "/cases/A1/dossier"):
        assert f'href="{CASE}"' in li.get(path).text


def test_each_finding_says_why_by_what_and_leads_to_where_it_is_put_right(web_client: Client) -> None:
    li = web_client(Office.MEDIATOR)
    page = unescape(li.get(CASE).text)
    assert "卷内还缺“3 当事人身份证明”（受理后应有）" in page
    assert "材料是否齐全 · 依据：人民调解法 第27条" in page
    assert "不是说谁有错" in page
    ways = re.findall(r'href="([^"]+/(?:steps|lines|edit)[^"]*|/people/[^"]+/edit)"', page)
    assert "/cases/A1/steps/FileExhibit?f.place=identity" in ways
    for way in dict.fromkeys(ways):
        assert li.get(way).status_code == 200, way
    assert 'value="identity" selected' in li.get("/cases/A1/steps/FileExhibit?f.place=identity").text


def test_an_auditor_is_shown_it_without_ways_and_a_look_is_on_record(web_client: Client) -> None:
    chen = web_client(Office.AUDITOR)
    page = chen.get(CASE).text
    assert "/steps/FileExhibit" not in page
    assert boxes(page) == []
    assert "自查" in chen.get("/cases/A1/reads").text


def test_the_lead_sets_findings_aside_with_a_reason_and_takes_it_back(web_client: Client) -> None:
    wang = web_client(Office.LEAD)
    chosen = [box for box in boxes(wang.get(CASE).text) if "identity" in box]
    assert wang.send(CASE, finding=chosen, reason="").status_code == 422
    assert wang.send(CASE, finding=chosen, reason="证件已由公安留存").status_code == 303
    page = wang.get(CASE).text
    assert not [box for box in boxes(page) if "identity" in box]
    assert "证件已由公安留存" in page
    assert "王主任" in page
    assert "证件已由公安留存" in web_client(Office.AUDITOR).get(CASE).text
    [entry] = set(re.findall(r'name="undo" value="([^"]+)"', page))
    assert wang.send(CASE, undo=entry, reason="公安没有留存").status_code == 303
    assert [box for box in boxes(wang.get(CASE).text) if "identity" in box] == chosen


@pytest.mark.parametrize(("office", "status"), [(Office.MEDIATOR, 403), (Office.AUDITOR, 422)])
def test_nobody_else_sets_them_aside(web_client: Client, office: Office, status: int) -> None:
    browser = web_client(office)
    browser.get(CASE)
    box = "place_missing\x1fidentity"
    assert browser.send(CASE, finding=[box], reason="无").status_code == status


def test_all_cases_are_counted_narrowed_and_set_aside_at_once(web_client: Client, told: Story) -> None:
    for number in range(6):
        oral(more(told, number))
    wang = web_client(Office.LEAD)
    page = wang.get(ALL).text
    assert "看过 7 件" in page
    assert 'href="/self-check?rule=no_talks"' in page
    assert boxes(page) == []
    chosen = boxes(wang.get(f"{ALL}?rule=no_talks").text)
    assert len(chosen) == 7
    answer = wang.send(f"{ALL}?rule=no_talks", finding=chosen[1:], reason="都在现场当面谈成")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{ALL}?rule=no_talks")
    assert boxes(wang.get(f"{ALL}?rule=no_talks").text) == chosen[:1]


def test_what_is_found_over_all_cases_is_for_lead_and_auditor(web_client: Client, told: Story) -> None:
    for number in range(6):
        oral(more(told, number))
    assert "各案之间的疑点" not in web_client(Office.MEDIATOR).get(ALL).text
    chen = web_client(Office.AUDITOR)
    page = chen.get(ALL).text
    assert "李调解在2026年11月23日有7份协议生效" in unescape(page)
    cases = boxes(page, "case")
    assert len(cases) == 7
    assert chen.send(ALL, rule="many_a_day", case=cases, reason="一批工资案集中签约").status_code == 303
    page = chen.get(ALL).text
    assert boxes(page, "case") == []
    assert "一批工资案集中签约" in page
    entry = re.findall(r'name="undo" value="([^"]+)"', page)[0]
    assert chen.send(ALL, undo=entry, reason="不是同一批").status_code == 303


def test_no_number_stands_on_it(web_client: Client) -> None:
    li = web_client(Office.MEDIATOR)
    assert fill(li).status_code == 303
    page = li.get(CASE).text
    assert "没有王某的电话" not in unescape(page)
    assert "没有某五金厂的电话" in unescape(page)
    assert "1381234" not in page
    assert "5678" not in unescape(page)
