"""走访单: what is needed at the door on one screen; sent whole, once, with the checks of every step."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PersonDetails, Phone
from mediation_engine.domain.roles import Office
from mediation_engine.ids import system_randomness
from mediation_engine.services.due_sweep import sweep
from mediation_engine.services.people import People
from workflows.parts.obligation import RecordPerformance
from workflows.parts.payment import RecordPayment
from workflows.parts.visit import (
    Finding,
    MoveVisit,
    PlanQualityVisit,
    PlanVisit,
    RecordUnreachable,
    RecordVisit,
)
from workflows.vocabulary import DayPart

from ...support.exhibits import ROOM_KEY
from ...support.files import photo
from ...support.story import STAFF, Story
from ..conftest import Browser, app_over
from ..forms.test_command_form import posted
from .test_dashboard import li_over

SHEET = "/cases/A1/visits/4"
SignedIn = Callable[[Office | str], Browser]


@pytest.fixture
def planned(told: Story) -> Story:
    """The worker is to be visited: visit 4, on a morning, at a place; there is a number to call."""
    day = told.clock.now.date() + timedelta(days=3)
    told.do(PlanVisit(due=day, party="party/1", part=DayPart.MORNING, place=Text("三号宿舍楼下小卖部")))
    people = People(told.store, ROOM_KEY, system_randomness)
    details = PersonDetails(phones=(Phone(number=Text("13812345678")),), address=Text("某镇某村12号"))
    people.change(STAFF[Office.LEAD], "worker", expects=1, details=details)
    return told


def filled(page: str, **more: str) -> dict[str, str]:
    """What a browser would send of a sheet."""
    id, version = re.search(r'name="id" value="([^"]+)"', page), re.search(r'name="v.visit/4" value="(\d+)"', page)
    assert id
    assert version
    given = {"id": id[1], "v.visit/4": version[1], "f.party": "party/1", "f.manner": "in_person", "when": "now"}
    return given | {"f.finding": "stable", "f.satisfied": "satisfied", "do": "do"} | more


def events(story: Story) -> list[str]:
    return [line.event for line in story.lines]


class TestWhatItShows:
    def test_whom_where_when_and_what_was_found_before(self, web_client: SignedIn, planned: Story) -> None:
        planned.do(RecordPayment(obligation="obligation/1", amount=300_000))
        planned.do(RecordVisit(party="party/1", finding=Finding.AT_RISK, said=Text("厂里一直拖")), "visit/1")
        planned.do(RecordVisit(party="party/2", finding=Finding.STABLE, said=Text("月底有钱")), "visit/2")
        page = web_client(Office.MEDIATOR).get(SHEET).text
        for words in (
            "走访 王某",
            "上午",
            "三号宿舍楼下小卖部",
            "有违约或反复苗头",
            "厂里一直拖",
            "已付￥3,000",
            "138****5678",
        ):
            assert words in page
        assert "月底有钱" not in page
        assert "13812345678" not in page

    def test_a_number_is_shown_by_a_look_on_record_with_all_that_was_filled_in(
        self, web_client: SignedIn, planned: Story
    ) -> None:
        browser = web_client(Office.MEDIATOR)
        given = filled(browser.get(SHEET).text, do="look:phones:worker", **{"f.said": "已收到三千"})
        page = browser.send(SHEET, **given).text
        assert 'href="tel:13812345678"' in page
        assert "已收到三千" in page
        with planned.store.read() as unit:
            looks = unit.views.reads_of_person("worker")
        assert [(it.what, it.reason) for it in looks] == [("person phones", "visit")]

    def test_nobodys_number_is_shown_who_has_no_part_in_the_visit(self, web_client: SignedIn, planned: Story) -> None:
        browser = web_client(Office.MEDIATOR)
        browser.send(SHEET, **filled(browser.get(SHEET).text, do="look:phones:firm"))
        with planned.store.read() as unit:
            assert unit.views.reads_of_person("firm") == []

    def test_a_quality_visit_asks_its_own_five_questions(self, web_client: SignedIn, planned: Story) -> None:
        planned.do(PlanQualityVisit(due=planned.clock.now.date(), party="party/1"))
        page = web_client(Office.LEAD).get("/cases/A1/visits/5").text
        for words in ("知道协议写了什么", "是自愿达成的", "说好的钱已经收到或付清", "调解员公道", "调解员收过钱或东西"):
            assert words in page

    def test_there_is_none_of_a_visit_that_is_not_there(self, web_client: SignedIn, planned: Story) -> None:
        assert web_client(Office.MEDIATOR).get("/cases/A1/visits/99").status_code == 404
        assert web_client("sun").get(SHEET).status_code == 404
        assert web_client(Office.AUDITOR).get(SHEET).status_code == 403

    def test_one_that_is_made_is_not_filled_in_again(self, web_client: SignedIn, planned: Story) -> None:
        planned.do(RecordVisit(party="party/1", finding=Finding.STABLE), "visit/4")
        page = web_client(Office.MEDIATOR).get(SHEET).text
        assert "已走访" in page
        assert "记下走访" not in page

    def test_it_is_found_from_the_board_the_message_and_the_case(self, web_client: SignedIn, planned: Story) -> None:
        planned.clock.now += timedelta(days=4)
        sweep(planned.store, planned.door.catalogue, [])
        with planned.store.write() as unit:
            [message] = [it for it in unit.messages.of("wang") or unit.messages.of("li") if it.topic == "visit"]
            who = message.recipient
        browser = web_client(who)
        assert browser.get(f"/messages/{message.id}").location == f"/cases/A1/visits/{message.instance[6:]}"
        assert 'href="/cases/A1/visits/4"' in browser.whole()
        assert 'href="/cases/A1/visits/4"' in browser.get("/work?of=room").text
        assert "/visits/" not in browser.get("/cases/A1?show=joint").text


class TestSending:
    def test_visit_photo_and_next_visit_go_in_one_sending(self, web_client: SignedIn, planned: Story) -> None:
        browser = web_client(Office.MEDIATOR)
        given = filled(browser.get(SHEET).text, **{"next.due": "2026-12-20", "next.part": "evening"})
        photos = [(BytesIO(photo()), "a.jpg"), (BytesIO(photo("B")), "b.jpg")]
        answer = browser.send(SHEET, **given, photos=photos)
        assert answer.location == "/cases/A1"
        assert events(planned)[-4:] == ["ExhibitFiled", "ExhibitFiled", "VisitMade", "VisitPlanned"]
        facts = planned.case.facts
        assert facts.visits["visit/4"].satisfied.value == "satisfied"
        following = facts.visits["visit/5"]
        assert (str(following.due), following.part, following.party) == ("2026-12-20", DayPart.EVENING, "party/1")
        assert planned.view(Office.MEDIATOR).words[following.place.split(":")[1]] == "三号宿舍楼下小卖部"
        assert [it.about for it in facts.exhibits.values()] == [("visit/4",)] * 2
        assert {it.label for it in facts.exhibits.values()} == {"party/1"}

    def test_the_same_sending_twice_is_one(self, web_client: SignedIn, planned: Story) -> None:
        browser = web_client(Office.MEDIATOR)
        given = filled(browser.get(SHEET).text, **{"next.due": "2026-12-20"})
        answers = [browser.send(SHEET, **given, photos=[(BytesIO(photo()), "a.jpg")]) for _ in range(3)]
        assert {(a.status_code, a.location) for a in answers} == {(303, "/cases/A1")}
        for event in ("ExhibitFiled", "VisitMade"):
            assert events(planned).count(event) == 1
        assert events(planned).count("VisitPlanned") == 2

    def test_other_words_under_the_same_sending_are_asked_about(self, web_client: SignedIn, planned: Story) -> None:
        browser = web_client(Office.MEDIATOR)
        given = filled(browser.get(SHEET).text)
        browser.send(SHEET, **given)
        answer = browser.send(SHEET, **given | {"f.finding": "at_risk"})
        assert answer.status_code == 409
        assert "刚才已经办理过一次" in answer.text

    def test_a_fault_loses_nothing(self, web_client: SignedIn, planned: Story) -> None:
        browser = web_client(Office.MEDIATOR)
        given = filled(browser.get(SHEET).text, **{"f.said": "他说够了", "next.due": "明天", "f.finding": ""})
        answer = browser.send(SHEET, **given, photos=[(BytesIO(photo()), "a.jpg")])
        assert answer.status_code == 422
        for words in ("他说够了", "已收存 1 张", 'value="明天"', "情况", "下次走访"):
            assert words in answer.text
        assert "VisitMade" not in events(planned)
        browser.send(SHEET, **given | {"f.finding": "stable", "next.due": "2026-12-20"})
        assert events(planned)[-2:] == ["VisitMade", "VisitPlanned"]

    def test_what_is_no_photo_is_refused_and_nothing_is_recorded(self, web_client: SignedIn, planned: Story) -> None:
        browser = web_client(Office.MEDIATOR)
        given = filled(browser.get(SHEET).text, **{"f.said": "他说够了"})
        answer = browser.send(SHEET, **given, photos=[(BytesIO(b"MZ" + bytes(99)), "a.jpg")])
        assert (answer.status_code, "这是程序，不收" in answer.text, "他说够了" in answer.text) == (422, True, True)
        assert "VisitMade" not in events(planned)

    def test_who_was_slower_sees_what_has_changed_with_all_that_was_filled_in(
        self, web_client: SignedIn, planned: Story
    ) -> None:
        browser = web_client(Office.MEDIATOR)
        given = filled(browser.get(SHEET).text, **{"f.said": "他说够了"})
        planned.do(MoveVisit(due=planned.clock.now.date()), "visit/4")
        answer = browser.send(SHEET, **given, photos=[(BytesIO(photo()), "a.jpg")])
        assert answer.status_code == 409
        assert "走访已改期或换人" in answer.text
        assert "他说够了" in answer.text
        again = browser.send(SHEET, **filled(answer.text, **{"f.said": "他说够了"}))
        assert again.status_code == 303
        assert events(planned)[-1] == "VisitMade"

    def test_the_marks_of_a_step_are_told(self, web_client: SignedIn, planned: Story) -> None:
        browser = web_client(Office.MEDIATOR)
        browser.send(SHEET, **filled(browser.get(SHEET).text, **{"f.finding": "unreported"}))
        assert "应写明走访时的情况" in browser.whole()

    def test_what_was_typed_when_the_sign_in_had_ended_is_there_again(
        self, web_client: SignedIn, planned: Story
    ) -> None:
        browser = web_client(Office.MEDIATOR)
        given = filled(browser.get(SHEET).text, **{"f.said": "他说够了"})
        planned.clock.now += timedelta(hours=13)
        answer = browser.send(SHEET, **given)
        assert answer.location.startswith("/sign-in")
        browser.sign_in("li", next=SHEET)
        assert "他说够了" in browser.get(SHEET).text

    def test_a_script_is_told_only_that_it_was_done(self, web_client: SignedIn, planned: Story) -> None:
        browser = web_client(Office.MEDIATOR)
        answer = browser.send(SHEET, **filled(browser.get(SHEET).text, by_script="1"))
        assert (answer.status_code, answer.data) == (204, b"")


class TestNobodyThere:
    def test_it_is_counted_and_the_third_time_goes_to_the_lead(self, web_client: SignedIn, planned: Story) -> None:
        browser = web_client(Office.MEDIATOR)
        for times in (1, 2):
            browser.send(SHEET, **filled(browser.get(SHEET).text, do="nobody", **{"f.finding": ""}))
            assert f"这是第{times}次。" in browser.whole()
        page = browser.get(SHEET).text
        assert "再记就满3次，转请室主任决定" in page
        browser.send(SHEET, **filled(page, do="nobody", **{"f.finding": ""}))
        assert "这是第3次，请室主任决定" in browser.whole()
        assert planned.state("visit/4") == "scheduled"

    def test_pressed_twice_it_counts_once(self, web_client: SignedIn, planned: Story) -> None:
        browser = web_client(Office.MEDIATOR)
        given = filled(browser.get(SHEET).text, do="nobody")
        for _ in range(2):
            assert browser.send(SHEET, **given).status_code == 303
        assert planned.case.facts.visits["visit/4"].attempts == 1

    def test_why_nobody_was_met_is_kept_with_it(self, web_client: SignedIn, planned: Story) -> None:
        browser = web_client(Office.MEDIATOR)
        answer = browser.send(SHEET, **filled(browser.get(SHEET).text, do="nobody", **{"f.said": "邻居说去打工了"}))
        assert answer.status_code == 303
        assert planned.case.facts.visits["visit/4"].attempts == 1
        assert "邻居说去打工了" in browser.whole()

    def test_it_says_so_where_there_were_three(self, web_client: SignedIn, planned: Story) -> None:
        for _ in range(3):
            planned.do(RecordUnreachable(), "visit/4")
        assert "已请室主任决定" in web_client(Office.MEDIATOR).get(SHEET).text


def test_without_the_rooms_key_a_visit_is_recorded_all_the_same(planned: Story) -> None:
    app = app_over(planned)
    app.extensions["room_key"] = None
    browser = app.test_client()
    browser.sign_in("li")  # type: ignore[attr-defined]
    page = browser.get(SHEET).text
    assert browser.send(SHEET, **filled(page)).status_code == 303  # type: ignore[attr-defined]


def test_a_visit_whose_closing_has_become_stale_goes_on_with_one_press(story: Story) -> None:
    story.effective().do(RecordPerformance(), "obligation/1")
    li, path = li_over(story), "/cases/A1/visits/1"
    form = posted(li.get(path).text.partition("<main")[2])
    form.setlist("f.finding", ["stable"])
    form.setlist("together", ["CloseAsPerformed"])
    form.setlist("do", ["do"])
    version = f"together.CloseAsPerformed.v.{story.case.phase}"
    form[version] = str(int(form[version]) - 1)
    stale = li.post(path, data=form)
    assert stale.status_code == 409
    again = posted(stale.text.partition("<main")[2])
    again.setlist("do", ["do"])
    assert again.getlist("together") == ["CloseAsPerformed"]
    assert li.post(path, data=again).status_code == 303
    assert story.case.facts.closed
