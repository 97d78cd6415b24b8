"""月报: a committee of an enterprise reports its month by a link; the room sees who has and who has not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from mediation_engine.domain.month import Month
from mediation_engine.domain.roles import Office
from mediation_engine.domain.zone import ReturnRules
from web.presenters.returns import Colour, colour_of
from workflows.zone.returns.facts import ReturnFacts, facts_of
from workflows.zone.returns.filing import item_of

from ...support.committees import CUPS, DOORS, GONE, NEW, with_committees
from ...support.story import Story
from ..conftest import Browser

SignedIn = Callable[[Office | str], Browser]
OCTOBER = Month(2026, 10)


@pytest.fixture
def room(told: Story) -> Story:
    return with_committees(told)


@pytest.fixture
def li(web_client: SignedIn, room: Story) -> Browser:
    return web_client(Office.MEDIATOR)


@pytest.fixture
def phone(app: Flask, li: Browser) -> Browser:
    """The telephone of who answers for a committee, come in by the link."""
    li.get("/returns")
    page = li.send("/returns/links", committee=[CUPS.id]).text
    link, pin = re.search(r"(/links/[\w-]{43})<", page), re.search(r'class="pin">(\d{6})<', page)
    assert link, page
    assert pin
    browser: Any = app.test_client()
    browser.get(link[1])
    assert browser.send(link[1], pin=pin[1]).location == "/monthly"
    return browser


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))


def facts(story: Story, committee: str = CUPS.id, month: Month = OCTOBER) -> ReturnFacts:
    return facts_of(story.door.case(item_of(committee, month)))


def report(phone: Browser, path: str = "/monthly/2026-10/report", **typed: str) -> Any:
    page = phone.get(path).text
    return phone.send(path.partition("?")[0], **hidden(page) | {"f.signer": "王人事", "do": "do"} | typed)


ROW = {
    "f.named": "1",
    "f.named.0.worker.new": "王某",
    "f.named.0.other.new": "范例杯业",
    "f.named.0.about": "wages",
    "f.named.0.result": "failed",
    "f.named.0.amount": "5000",
    "f.named.0.people": "1",
    "f.named.0.raised": "2026-10-12",
}


class TestByLink:
    def test_nothing_new_is_a_statement_that_is_signed(self, phone: Browser, room: Story) -> None:
        assert "2026年10月，有没有新纠纷？" in phone.get("/monthly").text
        answer = report(phone, "/monthly/2026-10/report?nothing=1")
        assert answer.status_code == 303, answer.text
        assert "已收到" in phone.get(answer.location).text
        held = facts(room).statement
        assert held is not None
        assert (held.nothing, held.late) == (True, True)

    def test_a_small_dispute_is_listed_and_handed_up_to_the_room(self, phone: Browser, room: Story) -> None:
        answer = report(phone, **ROW)
        assert answer.status_code == 303, answer.text
        page = phone.get(answer.location).text
        assert "王某 与 范例杯业" in page
        answer = phone.send("/monthly/2026-10/hand-up", **hidden(page))
        assert answer.status_code == 303, answer.text
        assert facts(room).entries["entry/1"].state.value in ("waiting", "handed_up")

    def test_put_right_both_stay_and_the_later_counts(self, phone: Browser, room: Story) -> None:
        report(phone, "/monthly/2026-10/report?nothing=1")
        page = phone.get("/monthly/2026-10/report?again=1").text
        assert "更正2026年10月" in page
        answer = phone.send(
            "/monthly/2026-10/report", **hidden(page) | ROW | {"again": "1", "f.signer": "王人事", "do": "do"}
        )
        assert answer.status_code == 303, answer.text
        assert (len(facts(room).statements), facts(room).reported.value) == (2, "listed")

    def test_pressed_twice_it_is_one(self, phone: Browser, room: Story) -> None:
        page = phone.get("/monthly/2026-10/report?nothing=1").text
        sent = hidden(page) | {"f.signer": "王人事", "do": "do"}
        answers = [phone.send("/monthly/2026-10/report", **sent) for _ in range(2)]
        assert [it.status_code for it in answers] == [303, 303]
        assert len(facts(room).statements) == 1

    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, phone: Browser) -> None:
        answer = report(phone, **ROW | {"f.signer": "", "f.named.0.amount": "五千"})
        assert answer.status_code == 422
        assert "王某" in answer.text
        empty = report(phone, **{"f.named": "0"})
        assert "请至少写一件" in empty.text

    @pytest.mark.parametrize("day", ["2027-01-01", "2026年12月25日", "明天"])
    def test_nothing_was_raised_on_a_day_to_come(self, phone: Browser, day: str) -> None:
        answer = report(phone, **ROW | {"f.named.0.raised": day})
        assert (answer.status_code, "没有到" in answer.text, "王某" in answer.text) == (422, True, True)

    def test_a_month_that_is_not_over_and_one_that_is_none(self, phone: Browser) -> None:
        assert "还没有过完" in report(phone, "/monthly/2026-11/report?nothing=1").text
        assert phone.get("/monthly/2026-13/report").status_code == 404

    def test_without_a_link_nothing_is_shown(self, app: Flask, room: Story) -> None:
        browser: Any = app.test_client()
        for path in ("/monthly", "/monthly/2026-10", "/monthly/2026-10/report"):
            assert browser.get(path).location == "/links"

    def test_another_contact_in_the_directory_ends_the_link(self, phone: Browser, room: Story) -> None:
        with room.store.write() as unit:
            unit.register.put_organisation(replace(CUPS, contact=DOORS.contact))
        assert phone.get("/monthly").location == "/links"

    def test_whoever_leaves_is_out(self, phone: Browser) -> None:
        phone.get("/monthly")
        assert phone.send("/monthly/leave").location == "/links/done/left"
        assert phone.get("/monthly").location == "/links"


class TestBoard:
    def test_each_number_is_the_list_behind_it(self, li: Browser, phone: Browser) -> None:
        report(phone, "/monthly/2026-10/report?nothing=1")
        expected = {"expected": 2, "reported": 1, "zero": 1, "missing": 1, "late": 1}
        for group, many in expected.items():
            page = li.get(f"/returns?month=2026-10&group={group}").text
            assert f"{many} 家" in page.partition('id="list">')[2][:40], group

    def test_what_an_enterprise_did_not_settle_is_found_and_taken_to_the_room_from_its_page(
        self, li: Browser, phone: Browser
    ) -> None:
        second = {name.replace(".0.", ".1."): typed for name, typed in ROW.items() if ".0." in name}
        second |= {"f.named.1.worker.new": "李某", "f.named.1.result": "settled"}
        report(phone, **ROW | second | {"f.named": "2"})
        page = li.get("/returns?month=2026-10&group=unsettled").text
        assert "1 家" in page.partition('id="list">')[2][:40]
        assert "还没调好1件" in page
        case = li.get(f"/cases/{item_of(CUPS.id, OCTOBER)}").text
        title = re.sub("<[^>]+>", "", case.partition("<h1>")[2].partition("</h1>")[0])
        assert title == "王某、李某 与 范例杯业"
        assert "HandUp?on=entry/1" in case.partition('id="next-steps"')[2].partition("</section>")[0]
        steps = f"/cases/{item_of(CUPS.id, OCTOBER)}/steps/HandUp"
        answer = li.send(steps, **hidden(li.get(f"{steps}?on=entry/1").text) | {"on": "entry/1", "do": "do"})
        assert answer.status_code == 303, answer.text
        assert "还没调好1件" not in li.get("/returns?month=2026-10&group=expected").text

    def test_who_was_dissolved_or_not_yet_there_owes_nothing(self, li: Browser, room: Story) -> None:
        page = li.get("/returns?month=2026-10&group=expected").text
        assert CUPS.name in page
        assert not any(it.name in page for it in (GONE, NEW))
        assert GONE.name in li.get("/returns?month=2026-08&group=expected").text

    def test_a_district_is_coloured_by_the_rule_that_is_shown_once_the_day_is_over(self) -> None:
        rules = ReturnRules(day=5, green=95, yellow=80)
        found = {share: colour_of(share, rules, is_over=True) for share in (100, 95, 94, 80, 79, 0)}
        assert list(found.values()) == [
            *(Colour.GREEN, Colour.GREEN, Colour.YELLOW, Colour.YELLOW),
            *(Colour.RED, Colour.RED),
        ]
        assert colour_of(50, rules, is_over=False) is colour_of(None, rules, is_over=True) is None

    def test_what_came_on_paper_is_typed(self, li: Browser, room: Story) -> None:
        path = f"/returns/{DOORS.id}/2026-10"
        page = li.get(f"{path}?nothing=1").text
        answer = li.send(path, **hidden(page) | {"f.signer": "门业人事", "f.manner": "paper", "when": "11月4日"})
        assert answer.status_code == 303, answer.text
        held = facts(room, DOORS.id).statement
        assert held is not None
        assert (held.nothing, held.late, held.manner.value) == (True, False, "paper")

    def test_a_committee_of_others_is_not_there(self, web_client: SignedIn, room: Story) -> None:
        assert web_client("sun").get(f"/returns/{CUPS.id}/2026-10").status_code == 404
        assert CUPS.name not in web_client("sun").get("/returns?group=expected").text

    def test_who_has_no_contact_gets_no_link(self, li: Browser, room: Story) -> None:
        with room.store.write() as unit:
            unit.register.put_organisation(replace(CUPS, contact=None))
        li.get("/returns")
        assert "没有写联系人" in li.send("/returns/links", committee=[CUPS.id]).text


TWO = (
    ROW
    | {"f.named": "2", "f.named.0.words": "欠九月的工资"}
    | {name.replace(".0.", ".1."): value for name, value in ROW.items() if ".0." in name}
    | {"f.named.1.worker.new": "赵某"}
)

CORRECTION = TWO | {"again": "1", "f.signer": "王人事", "do": "do"}


class TestPutRightMeanwhile:
    """A correction is typed on a form that was opened before something else happened."""

    @staticmethod
    def opened(phone: Browser) -> dict[str, str]:
        """The form of a correction as a browser would send it."""
        return hidden(phone.get("/monthly/2026-10/report?again=1").text) | CORRECTION

    def test_what_went_up_meanwhile_is_not_listed_twice(self, phone: Browser, room: Story) -> None:
        report(phone, **TWO)
        form = self.opened(phone)
        phone.send("/monthly/2026-10/hand-up", **hidden(phone.get("/monthly/2026-10").text) | {"key": "entry/1"})
        answer = phone.send("/monthly/2026-10/report", **form)
        assert answer.status_code == 409
        assert "王某的已经转到调解室，不用再写" in answer.text
        assert "赵某" in answer.text
        assert len(facts(room).statements) == 1
        told = hidden(answer.text) | CORRECTION | {"f.named.0.worker.new": ""}
        assert phone.send("/monthly/2026-10/report", **told).status_code == 303
        assert [it.result.value for it in facts(room).standing().values()] == ["failed", "failed"]

    def test_of_two_corrections_the_second_is_made_over_the_first(self, phone: Browser, room: Story) -> None:
        report(phone, **TWO)
        forms = [self.opened(phone), self.opened(phone)]
        answers = [phone.send("/monthly/2026-10/report", **form).status_code for form in forms]
        assert (answers, len(facts(room).statements)) == ([303, 409], 2)

    def test_what_was_told_in_words_is_still_there(self, phone: Browser, room: Story) -> None:
        report(phone, **TWO)
        assert "欠九月的工资" in phone.get("/monthly/2026-10/report?again=1").text


def test_a_committee_ticked_twice_gets_one_link_and_it_works(app: Flask, li: Browser) -> None:
    li.get("/returns")
    page = li.send("/returns/links", committee=[CUPS.id, CUPS.id]).text
    (link,), (pin,) = re.findall(r"(/links/[\w-]{43})<", page), re.findall(r'class="pin">(\d{6})<', page)
    browser: Any = app.test_client()
    browser.get(link)
    assert browser.send(link, pin=pin).location == "/monthly"


def test_where_one_of_several_committees_is_not_there_no_link_is_issued_or_revoked(phone: Browser, li: Browser) -> None:
    assert li.send("/returns/links", committee=[CUPS.id, "nowhere"]).status_code == 404
    assert phone.get("/monthly").status_code == 200
