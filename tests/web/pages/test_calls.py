"""今天要打的电话: numbers masked until asked for, on record; one's own cases alone; on the board and the console."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import EnterpriseDetails, PersonDetails, Phone
from mediation_engine.domain.roles import Office
from mediation_engine.ids import seeded_randomness
from mediation_engine.services.people import People
from workflows.parts.assignment import HandOverAssignment
from workflows.parts.call import RecordCall
from workflows.parts.obligation import UrgePerformance
from workflows.parts.session import ScheduleSession
from workflows.parts.visit import PlanQualityVisit

from ...contracts.samples import order, rows_of
from ...support.exhibits import ROOM_KEY
from ...support.story import PAY, STAFF, ZHOU, Story
from ..conftest import PASSWORD, Browser, app_over, passwords

Client = Callable[[Office | str], Browser]
NUMBERS = {"worker": "13812345678", "firm": "0579-87123456"}


@pytest.fixture
def told(story: Story) -> Story:
    """A payment overdue by two days, between two whose numbers are known."""
    story.effective(terms=(replace(PAY, due=date(2026, 11, 21)),))
    with story.store.write() as unit:
        for actor in STAFF.values():
            passwords.give_password(unit, actor.id, PASSWORD, once=False)
    for id, details in (("worker", PersonDetails), ("firm", EnterpriseDetails)):
        known = People(story.store, ROOM_KEY, seeded_randomness(3))
        known.change(STAFF[Office.MEDIATOR], id, expects=1, details=details(phones=(Phone(number=Text(NUMBERS[id])),)))
    return story


@pytest.fixture
def li(web_client: Client) -> Browser:
    return web_client(Office.MEDIATOR)


def test_each_row_says_whom_why_and_in_which_case_with_the_number_masked(li: Browser, told: Story) -> None:
    page = li.get("/calls").text
    for words in (
        "今天要打的电话（2）",
        "王某",
        "某五金厂",
        "逾期2天，催促履行",
        "138****5678",
        told.case.facts.number,
    ):
        assert words and words in page
    for number in NUMBERS.values():
        assert number not in page
    assert "tel:" not in page


def test_one_press_shows_the_number_to_be_tapped_and_that_look_is_on_record(li: Browser, told: Story) -> None:
    li.get("/calls")
    answer = li.send("/calls/look", person="firm")
    assert 'href="tel:057987123456"' in answer.text
    assert NUMBERS["worker"] not in answer.text
    assert answer.headers["Refresh"].startswith("60;")
    with told.store.read() as unit:
        [look] = unit.views.reads_of_person("firm")
    assert (look.actor, look.what, look.reason) == ("li", "person phones", "contact")


def test_of_somebody_who_is_not_to_be_called_no_number_is_shown(li: Browser, told: Story) -> None:
    told.do(UrgePerformance(), "obligation/1")
    li.get("/calls")
    assert li.send("/calls/look", person="firm").status_code == 404
    with told.store.read() as unit:
        assert unit.views.reads_of_person("firm") == []


def test_the_row_leads_to_the_step_filled_in(li: Browser, told: Story) -> None:
    page = unescape(li.get("/calls").text)
    assert "/cases/A1/steps/UrgePerformance?on=obligation/1" in page
    assert "/cases/A1/steps/RecordCall?f.party=party/1" in page
    form = li.get("/cases/A1/steps/RecordCall?f.party=party/1").text
    assert 'value="party/1" selected' in form or 'value="party/1" checked' in form


def test_what_was_recorded_today_is_not_there_any_more(li: Browser, told: Story) -> None:
    told.do(UrgePerformance(), "obligation/1")
    told.do(RecordCall(party="party/1"))
    assert "今天没有要打的电话" in li.get("/calls").text
    assert "今天要打的电话" not in li.get("/work").text.partition("<main")[2]


def test_a_party_is_one_row_whatever_it_is_to_be_called_about(li: Browser, told: Story) -> None:
    told.do(PlanQualityVisit(due=date(2026, 11, 23), party="party/1"))
    page = unescape(li.get("/calls").text)
    assert "今天要打的电话（2）" in page
    [row] = [it for it in page.split("<li id=") if "王某</strong>" in it]
    assert "一并说：" in row
    assert row.count("tel:") == 0 and row.count("138****5678") == 1
    assert "/cases/A1/steps/RecordCall?f.party=party/1" in row and "质量回访" in row


def test_the_board_counts_them_and_leads_there(li: Browser) -> None:
    board = li.get("/work").text
    assert 'href="/calls">今天要打的电话 <strong>2</strong>' in board
    assert "0579" not in board and "****" not in board


def test_the_mediator_has_his_own_and_the_lead_those_of_the_room_too(web_client: Client, told: Story) -> None:
    li, wang = web_client(Office.MEDIATOR), web_client(Office.LEAD)
    assert "今天没有要打的电话" in wang.get("/calls").text
    assert "承办 李调解" in wang.get("/calls?of=room").text
    told.with_colleague().do(HandOverAssignment(to="zhou"), "assignment/1", by=Office.LEAD)
    assert "今天没有要打的电话" in li.get("/calls?of=room").text
    assert "承办 周调解" in wang.get("/calls?of=room").text


def test_a_visit_that_a_colleague_is_to_make_is_the_colleague_s(told: Story) -> None:
    told.with_colleague().do(PlanQualityVisit(due=date(2026, 11, 23), party="party/1", visitor="zhou"))
    with told.store.write() as unit:
        passwords.give_password(unit, ZHOU.id, PASSWORD, once=False)
    pages = {}
    for who in ("li", "zhou"):
        browser = app_over(told).test_client()
        browser.sign_in(who)
        pages[who] = browser.get("/calls").text
    assert ["质量回访" in pages[who] for who in ("li", "zhou")] == [False, True]
    assert "今天要打的电话（1）" in pages["zhou"]


def test_without_a_number_it_leads_to_where_one_is_filled_in(story: Story) -> None:
    story.effective(terms=(replace(PAY, due=date(2026, 11, 21)),))
    with story.store.write() as unit:
        passwords.give_password(unit, "li", PASSWORD, once=False)
    browser = app_over(story).test_client()
    browser.sign_in("li")
    page = browser.get("/calls").text
    assert "名册里没有电话" in page
    assert "/people/firm/edit" in page


def test_a_session_of_today_is_on_the_board_and_those_invited_are_reminded(story: Story) -> None:
    story.accepted().do(ScheduleSession(planned=date(2026, 11, 23)), by=Office.LEAD)
    with story.store.write() as unit:
        passwords.give_password(unit, "li", PASSWORD, once=False)
    browser = app_over(story).test_client()
    browser.sign_in("li")
    board = browser.get("/work").text
    assert "开会" in board.partition("今天到期")[2]
    assert browser.get("/calls").text.count("今天开会，提醒到场") == 2


def test_a_case_that_cannot_be_read_bars_no_other(li: Browser, told: Story) -> None:
    with told.store.write() as unit:
        unit.record.append(order(case="B1"))
        row = rows_of("B1", "visit/1", due=date(2026, 11, 20), mediator="li", organisation="room")
        unit.views.change(None, row)
    assert "今天要打的电话（2）" in li.get("/calls").text


def test_the_list_is_in_the_read_log_with_how_many_cases_and_no_name(li: Browser, told: Story) -> None:
    li.get("/calls")
    with told.store.read() as unit:
        assert any(json.dumps(it.what).startswith('"calls 1') for it in unit.views.list_reads(["li"]))
