"""警情: the inbox by what is to be done, the form, the page of one, and what the board and the lists say of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from workflows.zone.alert.contact import RecordContact
from workflows.zone.alert.facts import facts_of
from workflows.zone.alert.feedback import TellPolice
from workflows.zone.alert.outcome import SettleOnSpot
from workflows.zone.alert.vocabulary import ContactResult

from ...support.story import Story
from ..conftest import Browser

SignedIn = Callable[[Office | str], Browser]
FILLED = {
    "id": "form-0001",
    "f.number": "J33078400017",
    "f.district": "east",
    "f.trouble": "fight",
    "f.urgency": "urgent",
    "f.words": "两人在厂门口推搡",
    "f.named": "2",
    "f.named.0.person.new": "王小明",
    "f.named.0.standing": "reporter",
    "f.named.0.kind": "person",
    "f.named.1.person.new": "某五金厂",
    "f.named.1.standing": "other",
    "f.named.1.kind": "enterprise",
    "do": "do",
}


@pytest.fixture
def mediator(web_client: SignedIn) -> Browser:
    return web_client(Office.MEDIATOR)


def alert(told: Story, case: str = "J1") -> Story:
    """An alert beside the case."""
    other = Story(told.store, told.clock, case)
    other.door = told.door
    return other


def test_one_goes_through_the_inbox_group_by_group(told: Story, mediator: Browser) -> None:
    story = alert(told).pushed()
    page = mediator.get("/alerts").text
    assert "待签收（1）" in page
    assert "王某" in page
    assert "11月23日" in page
    assert "/cases/J1/steps/SignForAlert" in page
    mediator.send("/cases/J1/steps/SignForAlert", id="form-0002", on="inbox/1", **{"v.inbox/1": "1"}, do="do")
    assert facts_of(story.case).signed_by == "li"
    assert "待联系（1）" in mediator.get("/alerts").text
    story.do(RecordContact(result=ContactResult.CALM))
    assert "在办（1）" in mediator.get("/alerts").text
    story.do(SettleOnSpot(words=Text("赔礼道歉")))
    page = mediator.get("/alerts").text
    assert "待反馈（1）" in page
    assert "当场化解：已当场化解" in page
    story.do(TellPolice(outcome="outcome/1"))
    assert "在办（1）" in mediator.get("/alerts").text


def test_it_can_be_narrowed_to_a_district(told: Story, mediator: Browser) -> None:
    alert(told).pushed()
    assert "王某" not in mediator.get("/alerts?district=west").text
    assert "王某" in mediator.get("/alerts?district=east").text


def test_the_form_registers_one_and_the_same_number_leads_to_it(told: Story, mediator: Browser) -> None:
    assert mediator.get("/alerts/new").status_code == 200
    answer = mediator.send("/alerts/new", **FILLED)
    assert answer.status_code == 303, answer.text
    case = answer.headers["Location"].rpartition("/")[2]
    facts = facts_of(told.door.case(case))
    assert (facts.number, facts.district_name, len(facts.involved)) == ("J33078400017", "东片区", 2)
    again = mediator.send("/alerts/new", **FILLED | {"id": "form-0009", "f.words": "又报了一次"})
    assert again.headers["Location"] == answer.headers["Location"]
    assert "已经登记过，就是这一件" in mediator.get(again.headers["Location"]).text


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(mediator: Browser) -> None:
    mediator.get("/alerts/new")
    answer = mediator.send("/alerts/new", **FILLED | {"f.words": "", "f.trouble": ""})
    assert answer.status_code == 422
    assert "王小明" in answer.text
    more = mediator.send("/alerts/new", **FILLED | {"do": "more:f.named"})
    assert 'name="f.named.2.person.new"' in more.text


def test_who_was_not_named_is_nobody(told: Story, mediator: Browser) -> None:
    mediator.get("/alerts/new")
    answer = mediator.send("/alerts/new", **FILLED | {"f.named.1.person.new": ""})
    assert len(facts_of(told.door.case(answer.headers["Location"].rpartition("/")[2])).involved) == 1


def test_the_page_of_one_that_was_taken_some_way_says_which(told: Story, mediator: Browser) -> None:
    story = alert(told).signed()
    story.do(SettleOnSpot(words=Text("赔礼道歉")))
    page = mediator.get("/cases/J1").text
    assert "赔礼道歉" in page
    assert "反馈公安" in page
    story.do(TellPolice(outcome="outcome/1"))
    assert "已反馈公安：已当场化解" in mediator.get("/cases/J1").text


def test_its_page_shows_who_came_of_what_and_what_comes_next(told: Story, web_client: SignedIn) -> None:
    story = alert(told).signed()
    page = web_client(Office.MEDIATOR).get("/cases/J1").text
    for words in ("J330784", "综治副片长", "李调解", "专职副片长", "记录联系", "先稳住人", "东片区"):
        assert words in page, words
    story.do(RecordContact(result=ContactResult.CALM, whom="involved/1"))
    for path in ("?show=joint", "?tab=record", "/replay?at=3", "/steps", "/missing", "/audit", "/reads"):
        assert web_client(Office.LEAD).get(f"/cases/J1{path}").status_code == 200, path


def test_lists_and_boards_of_cases_have_none(told: Story, mediator: Browser) -> None:
    alert(told).pushed(district="east")
    for path in ("/cases", "/work", "/self-check"):
        assert "/cases/J1" not in mediator.get(path).text, path


def test_pages_that_cases_alone_have_are_not_there(told: Story, web_client: SignedIn) -> None:
    alert(told).signed()
    lead = web_client(Office.LEAD)
    for path in ("/cases/J1/people", "/cases/J1/access", "/cases/J1/visits/1", "/applications/J1/receipt"):
        assert lead.get(path).status_code == 404, path
