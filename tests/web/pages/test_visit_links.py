"""走访链接: a grid worker without an account records one visit by a link and a PIN, and does and sees nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from mediation_engine.domain.erasing import ErasureGround
from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.ids import system_randomness
from mediation_engine.ports.links import Link
from mediation_engine.ports.register import ERASED
from mediation_engine.services.people import People
from web.security.links import MOST_WRONG
from workflows.parts.block import RecordTalk
from workflows.parts.visit import CancelVisit, Finding, MoveVisit, PlanVisit, RecordVisit
from workflows.vocabulary import DayPart

from ...support.exhibits import ROOM_KEY
from ...support.story import STAFF, Story
from ..conftest import Browser, app_over

PAGE = "/cases/A1/visits/4/link"
SignedIn = Callable[[Office | str], Browser]


@pytest.fixture
def planned(told: Story) -> Story:
    """A visit to the worker in three days; the case has private words and another party."""
    told.do(RecordTalk(party="party/1", said=Text("只要八千就肯走")))
    day = told.clock.now.date() + timedelta(days=3)
    told.do(PlanVisit(due=day, party="party/1", part=DayPart.MORNING, place=Text("三号宿舍楼下")))
    return told


class Issued:
    """What the mediator was shown once."""

    def __init__(self, page: str) -> None:
        link, pin = re.search(r"http://127[^<]+(/links/[\w-]{43})<", page), re.search(r'class="pin">(\d{6})<', page)
        assert link, page
        assert pin
        self.path, self.pin = link[1], pin[1]


def hidden(page: str) -> dict[str, str]:
    """What a form carries that nobody types."""
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))


def entrust(browser: Browser, **more: str) -> str:
    page = browser.get(PAGE).text
    given = {"f.person.new": "吴网格", "phone": "13900000000", "f.party": "party/1", "do": "do"}
    return browser.send(PAGE, **hidden(page) | given | more).text


@pytest.fixture
def li(web_client: SignedIn, planned: Story) -> Browser:
    return web_client(Office.MEDIATOR)


@pytest.fixture
def issued(li: Browser) -> Issued:
    return Issued(entrust(li))


@pytest.fixture
def phone(app: Flask) -> Browser:
    """The telephone of the grid worker."""
    return app.test_client()  # type: ignore[return-value]


def come_in(phone: Browser, issued: Issued, pin: str = "") -> str:
    phone.get(issued.path)
    answer = phone.send(issued.path, pin=pin or issued.pin)
    assert answer.location == "/visit-link", answer.text
    return phone.get("/visit-link").text


def links(story: Story) -> list[Link]:
    with story.store.read() as unit:
        return unit.links.links("A1")


def events(story: Story) -> list[str]:
    return [line.event for line in story.lines]


class TestIssuing:
    def test_who_goes_is_on_record_with_a_number_kept_like_any_other(self, issued: Issued, planned: Story) -> None:
        visit = planned.case.facts.visits["visit/4"]
        with planned.store.read() as unit:
            person, actor = unit.register.person(visit.entrusted or ""), unit.register.actor(visit.entrusted or "")
            assert unit.register.person_key(visit.entrusted or "")
        assert person
        assert actor
        assert (person.name, actor.offices) == ("吴网格", frozenset({Office.VISITOR}))
        assert b"13900000000" not in (person.details or b"")
        assert events(planned)[-1] == "VisitEntrusted"

    def test_neither_link_nor_pin_is_kept(self, issued: Issued, planned: Story) -> None:
        [link] = links(planned)
        assert issued.pin not in repr(link)
        assert issued.path.removeprefix("/links/") not in repr(link)
        assert link.pin.startswith("$argon2id$")

    def test_they_are_shown_once(self, issued: Issued, li: Browser) -> None:
        page = li.get(PAGE).text
        assert issued.pin not in page
        assert issued.path not in page
        assert "未打开" in page

    def test_it_is_good_until_some_days_after_the_visit(self, issued: Issued, planned: Story) -> None:
        assert links(planned)[0].until == planned.case.facts.visits["visit/4"].due + timedelta(days=3)  # type: ignore[operator]

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"phone": "139"}, "手机号码应为11位"),
            ({"phone": ""}, "应写成"),
            ({"f.person.new": ""}, "必填"),
        ],
    )
    def test_what_is_missing_is_said_and_nothing_lost(
        self, li: Browser, planned: Story, typed: dict[str, str], said: str
    ) -> None:
        page = entrust(li, **{"f.place": "小卖部旁边"} | typed)
        assert said in page
        assert "小卖部旁边" in page
        assert "VisitEntrusted" not in events(planned)
        assert links(planned) == []

    def test_a_new_one_ends_the_one_before(self, issued: Issued, li: Browser, phone: Browser) -> None:
        fresh = Issued(li.send(PAGE, **hidden(li.get(PAGE).text), do="again").text)
        phone.get(issued.path)
        assert phone.send(issued.path, pin=issued.pin).status_code == 422
        assert "走访 王某" in come_in(phone, fresh)
        assert "已撤销" in li.get(PAGE).text

    def test_the_same_sending_twice_entrusts_once(self, li: Browser, planned: Story) -> None:
        given = hidden(li.get(PAGE).text) | {"f.person.new": "吴网格", "phone": "13900000000", "do": "do"}
        for _ in range(2):
            assert li.send(PAGE, **given).status_code == 200
        assert events(planned).count("VisitEntrusted") == 1
        assert sorted(link.revoked is None for link in links(planned)) == [False, True]

    def test_it_says_that_no_telephone_reaches_a_room_without_an_address(self, li: Browser) -> None:
        assert "手机打不开这个链接" in entrust(li)

    def test_whoever_has_no_business_with_the_case_issues_none(self, web_client: SignedIn, planned: Story) -> None:
        assert web_client("sun").get(PAGE).status_code == 404
        assert web_client(Office.AUDITOR).get(PAGE).status_code == 403


class TestComingIn:
    def test_the_page_before_the_pin_says_nothing_and_uses_nothing_up(
        self, issued: Issued, phone: Browser, planned: Story
    ) -> None:
        before = links(planned)
        pages = {re.sub(r'(value="[^"]{20,}|/links/[\w-]+)', "", phone.get(issued.path).text) for _ in range(20)}
        pages.add(re.sub(r'(value="[^"]{20,}|/links/[\w-]+)', "", phone.get("/links/" + "x" * 43).text))
        [page] = pages
        for word in ("王某", "五金厂", "走访", "宿舍"):
            assert word not in page
        assert links(planned) == before

    def test_with_the_pin_one_sees_whom_where_when_and_the_questions_alone(
        self, issued: Issued, phone: Browser
    ) -> None:
        page = come_in(phone, issued)
        for word in ("走访 王某", "三号宿舍楼下", "上午", "回访情况", "没有见到人", "喜哥调解室"):
            assert word in page
        for word in ("五金厂", "八千", "12,000", "永开", "李调解", "工作台", "名册", "party/2"):
            assert word not in page

    def test_whatever_is_wrong_is_told_the_same(self, issued: Issued, app: Flask, planned: Story, li: Browser) -> None:
        def answer(path: str, pin: str) -> tuple[int, str]:
            browser: Browser = app.test_client()  # type: ignore[assignment]
            browser.get(path)
            sent = browser.send(path, pin=pin)
            assert "Set-Cookie" not in str(sent.headers) or "link=" not in str(sent.headers)
            return sent.status_code, re.sub(r'(value="[^"]{20,}|/links/[\w-]+)', "", sent.text)

        wrong = "000000" if issued.pin != "000000" else "000001"
        told = {answer(issued.path, wrong), answer("/links/" + "x" * 43, issued.pin), answer(issued.path, "")}
        for _ in range(MOST_WRONG):
            told.add(answer(issued.path, wrong))
        told.add(answer(issued.path, issued.pin))
        assert "锁住" in li.get(PAGE).text
        fresh = Issued(li.send(PAGE, **hidden(li.get(PAGE).text), do="again").text)
        planned.clock.now += timedelta(days=7)
        told.add(answer(fresh.path, fresh.pin))
        assert len(told) == 1
        [(status, page)] = told
        assert status == 422
        assert "请联系承办人：喜哥调解室" in page

    def test_five_wrong_pins_lock_it_however_many_try_at_once(self, issued: Issued, app: Flask, planned: Story) -> None:
        wrong = "000000" if issued.pin != "000000" else "000001"

        def guess(_: int) -> int:
            browser: Browser = app.test_client()  # type: ignore[assignment]
            browser.get(issued.path)
            return browser.send(issued.path, pin=wrong).status_code

        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(guess, range(20))) == {422}
        assert links(planned)[0].wrong == MOST_WRONG

    def test_a_right_pin_forgets_the_wrong_ones(self, issued: Issued, phone: Browser, planned: Story) -> None:
        phone.get(issued.path)
        for _ in range(MOST_WRONG - 1):
            phone.send(issued.path, pin="12")
        come_in(phone, issued)
        assert links(planned)[0].wrong == 0

    def test_the_session_opens_nothing_else_and_is_over_soon(
        self, issued: Issued, phone: Browser, planned: Story
    ) -> None:
        come_in(phone, issued)
        for path in ("/cases/A1", "/cases", "/people", "/cases/A1/visits/4", "/work"):
            assert phone.get(path).location.startswith("/sign-in")
        planned.clock.now += timedelta(minutes=14)
        assert phone.get("/visit-link").status_code == 200
        planned.clock.now += timedelta(minutes=16)
        assert phone.get("/visit-link").location == "/links"
        assert "再输一次口令" in phone.get("/links").text

    def test_one_browser_is_in_at_a_time(self, issued: Issued, phone: Browser, app: Flask) -> None:
        come_in(phone, issued)
        come_in(app.test_client(), issued)  # type: ignore[arg-type]
        assert phone.get("/visit-link").location == "/links"

    def test_each_look_is_on_record(self, issued: Issued, phone: Browser, planned: Story, li: Browser) -> None:
        come_in(phone, issued)
        with planned.store.read() as unit:
            looks = [(it.office, it.what) for it in unit.views.reads("A1")]
        assert ("visitor", "visit link") in looks
        assert "凭走访链接看走访单" in li.get("/cases/A1/reads").text

    def test_a_sign_in_of_the_staff_is_none_of_this_page(self, issued: Issued, li: Browser) -> None:
        assert li.get("/visit-link").location == "/links"
        li.get(issued.path)
        li.send(issued.path, pin=issued.pin)
        page = li.get("/visit-link").text
        assert "李调解" not in page
        assert "工作台" not in page


class TestSending:
    def filled(self, page: str, **more: str) -> dict[str, str]:
        given = {
            "f.finding": "stable",
            "f.manner": "in_person",
            "f.said": "人在，说月底拿到钱",
            "when": "now",
            "do": "do",
        }
        return hidden(page) | given | more

    def test_what_was_found_is_recorded_as_his_act(
        self, issued: Issued, phone: Browser, planned: Story, li: Browser
    ) -> None:
        given = self.filled(come_in(phone, issued))
        answer = phone.send("/visit-link", **given)
        assert answer.location == "/links/done/visit"
        assert "已经交到喜哥调解室" in phone.get(answer.location).text
        line = planned.lines[-1]
        assert (line.event, line.office, line.actor) == ("VisitMade", "visitor", links(planned)[0].person)
        assert planned.state("visit/4") == "done"
        page = li.whole()
        assert "人在，说月底拿到钱" in page
        assert "吴网格" in page
        assert "已使用" in li.get(PAGE).text

    def test_the_same_sending_twice_is_one_and_is_answered_the_same(
        self, issued: Issued, phone: Browser, planned: Story
    ) -> None:
        given = self.filled(come_in(phone, issued))
        answers = [phone.send("/visit-link", **given) for _ in range(3)]
        assert {(a.status_code, a.location) for a in answers} == {(303, "/links/done/visit")}
        assert events(planned).count("VisitMade") == 1

    def test_that_nobody_was_met_leaves_the_link_for_another_day(
        self, issued: Issued, phone: Browser, planned: Story
    ) -> None:
        given = self.filled(come_in(phone, issued), do="nobody", **{"f.said": "", "f.finding": ""})
        assert phone.send("/visit-link", **given).location == "/links/done/nobody"
        assert phone.send("/visit-link", **given).location == "/links/done/nobody"
        assert planned.case.facts.visits["visit/4"].attempts == 1
        assert phone.send("/visit-link", **self.filled(phone.get("/visit-link").text)).status_code == 303
        assert planned.state("visit/4") == "done"

    def test_a_fault_loses_nothing(self, issued: Issued, phone: Browser, planned: Story) -> None:
        given = self.filled(come_in(phone, issued), **{"f.finding": ""})
        answer = phone.send("/visit-link", **given)
        assert (answer.status_code, "人在，说月底拿到钱" in answer.text) == (422, True)
        assert phone.send("/visit-link", **self.filled(answer.text)).status_code == 303
        assert events(planned).count("VisitMade") == 1

    def test_he_names_nobody_else(self, issued: Issued, phone: Browser, planned: Story) -> None:
        given = self.filled(come_in(phone, issued), **{"f.party": "party/2", "f.also": "party/2"})
        phone.send("/visit-link", **given)
        made = planned.case.facts.visits["visit/4"]
        assert (made.party, made.also) == ("party/1", ())


def ended(story: Story, how: str) -> None:
    match how:
        case "cancelled":
            story.do(CancelVisit(reason=Text("不用去了")), "visit/4")
        case "moved to another":
            story.do(MoveVisit(due=story.clock.now.date(), visitor="li"), "visit/4")
        case "made by another":
            story.do(RecordVisit(party="party/1", finding=Finding.STABLE), "visit/4")


@pytest.mark.parametrize("how", ["cancelled", "moved to another", "made by another", "taken back"])
def test_it_ends_with_what_it_was_for(issued: Issued, phone: Browser, planned: Story, li: Browser, how: str) -> None:
    page = come_in(phone, issued)
    if how == "taken back":
        li.send(PAGE, **hidden(li.get(PAGE).text), do="back")
    ended(planned, how)
    before = len(planned.lines)
    given = hidden(page) | {"f.finding": "stable", "f.said": "我填的还在", "when": "now", "do": "do"}
    answer = phone.send("/visit-link", **given)
    assert phone.get("/visit-link").location == "/links"
    if how != "taken back":
        assert answer.status_code in (409, 422)
        assert "我填的还在" in answer.text
    assert len(planned.lines) == before


def test_without_the_rooms_key_nobody_comes_in_and_none_is_issued(planned: Story) -> None:
    app = app_over(planned)
    app.extensions["room_key"] = None
    browser: Browser = app.test_client()  # type: ignore[assignment]
    browser.sign_in("li")
    page = browser.get(PAGE).text
    given = {"f.person.new": "吴网格", "phone": "13900000000", "f.party": "party/1", "do": "do"}
    assert browser.send(PAGE, **hidden(page) | given).status_code == 422
    browser.get("/links/" + "x" * 43)
    assert browser.send("/links/" + "x" * 43, pin="123456").status_code == 422


def test_who_is_erased_is_named_nowhere_any_more(issued: Issued, planned: Story, phone: Browser) -> None:
    person = planned.case.facts.visits["visit/4"].entrusted or ""
    people = People(planned.store, ROOM_KEY, system_randomness)
    people.erase(STAFF[Office.LEAD], person, ground=ErasureGround.PURPOSE, basis="第47条", reason="不再担任")
    with planned.store.read() as unit:
        actor = unit.register.actor(person)
    assert actor
    assert (actor.name, actor.active) == (ERASED, False)
    phone.get(issued.path)
    phone.send(issued.path, pin=issued.pin)
    assert phone.get("/visit-link").location == "/links"
    assert phone.send("/visit-link", id="visit-by-link", seen="1", do="nobody").location == "/links"
