"""申请调解: by anybody, within limits, on record at once; how it stands; at the window, on the desk, on the poster."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.encryption.room_key import RoomKey
from mediation_engine.ports.links import Link
from mediation_engine.services.maintenance import audit_store
from mediation_engine.services.people import People
from web.config import ApplicationSettings
from web.security.applications import code_of
from web.server.connections import MEGABYTE
from web.server.wsgi import Asked
from workflows.facts import facts_of
from workflows.phases.endings import CloseAsDuplicate, CloseAsMistaken, WithdrawApplication
from workflows.phases.intake import AcceptCase, DeclineCase, Declining, TransferCase

from ...support.calling import EVERYTHING, Program, token_for
from ...support.exhibits import ROOM_KEY
from ...support.files import photo
from ...support.story import STAFF, Story, register
from ..conftest import Browser, app_over

SignedIn = Callable[[Office | str], Browser]
FILLED = {
    "name": "赵某",
    "phone": "13812345678",
    "respondent": "某电器厂",
    "f.respondent_kind": "enterprise",
    "f.about": "wages",
    "f.words": "八月起没有发工资，一共三个月",
    "f.amount_claimed": "18000",
    "agreed": "1",
}


def phone_of(app: Flask) -> Browser:
    return app.test_client()  # type: ignore[return-value]


def hidden(page: str) -> str:
    found = re.search(r'name="id" value="([^"]+)"', page)
    assert found, page
    return found[1]


def send(browser: Browser, path: str = "/apply", *, address: str = "192.0.2.1", **filled: Any) -> TestResponse:
    """Fill in a fresh form and send it."""
    page = browser.get(path, environ_base={"REMOTE_ADDR": address}).text
    data = {"csrf_token": browser.token, "id": hidden(page)} | FILLED | filled
    return browser.post(path, data=data, environ_base={"REMOTE_ADDR": address})


def applied(app: Flask, **filled: Any) -> tuple[Browser, str]:
    """A telephone from which somebody has applied, and the code on the receipt."""
    phone = phone_of(app)
    answer = send(phone, **filled)
    assert answer.status_code == 303, answer.text
    assert answer.location == "/apply/receipt"
    return phone, code_on(phone.get("/apply/receipt").text)


def code_on(page: str) -> str:
    found = re.search(r'class="pin">(\w{4}) (\w{4})<', page)
    assert found, page
    return found[1] + found[2]


def cases(story: Story) -> list[str]:
    with story.store.read() as unit:
        return [row.case for row in unit.views.case_rows(most=1000) if row.case != "A1"]


def the_case(story: Story) -> str:
    [case] = cases(story)
    return case


def links(story: Story, case: str) -> list[Link]:
    with story.store.read() as unit:
        return unit.links.links(case)


def ask(phone: Browser, code: str, address: str = "192.0.2.1") -> TestResponse:
    phone.get("/apply/status")
    data = {"csrf_token": phone.token, "code": code}
    return phone.post("/apply/status", data=data, environ_base={"REMOTE_ADDR": address})


def limited(story: Story, folder: Path, **limits: Any) -> Flask:
    """The pages with other settings of the applications."""
    app = app_over(story, folder=folder)
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, applications=ApplicationSettings(**limits))
    return app


@pytest.fixture
def li(web_client: SignedIn) -> Browser:
    return web_client(Office.MEDIATOR)


class TestSending:
    def test_it_is_on_record_from_the_moment_it_is_sent(self, app: Flask, told: Story) -> None:
        applied(app)
        case = told.door.case(the_case(told))
        facts = facts_of(case)
        [first, *rest] = told.door.history(case.id)
        assert (first.event, first.office, first.actor) == (
            "ApplicationSubmitted",
            "applicant",
            facts.parties["party/1"].person,
        )
        assert [line.event for line in rest] == ["PartyRegistered"] * 2
        assert facts.amount_claimed == 1_800_000
        view = told.door.view(case.id, Office.MEDIATOR)
        assert view.parties == ["赵某", "某电器厂"]
        assert "八月起没有发工资，一共三个月" in view.words.values()
        for _, found in audit_store(told.store, told.door.catalogue):
            assert not [fault for fault in found if not fault.known]

    def test_the_number_is_in_the_register_alone_and_sealed(self, app: Flask, told: Story) -> None:
        applied(app)
        case = told.door.case(the_case(told))
        people = People(told.store, ROOM_KEY, told.door.randomness)
        known = people.known(STAFF[Office.MEDIATOR], facts_of(case).parties["party/1"].person)
        assert [phone.number for phone in known.details.phones] == ["13812345678"]
        assert "13812345678" not in str(told.door.history(case.id))
        assert "13812345678" not in str(told.door.view(case.id, Office.LEAD).words)

    def test_the_receipt_says_what_comes_by_which_day(self, app: Flask) -> None:
        phone, _ = applied(app)
        page = phone.get("/apply/receipt").text
        assert "最迟2026年11月26日" in page and "3个工作日" in page and "拖欠劳动报酬" in page
        assert "赵某" not in page and "某电器厂" not in page

    def test_sent_twice_it_is_one_application_with_one_code(self, app: Flask, told: Story) -> None:
        phone = phone_of(app)
        id = hidden(phone.get("/apply").text)
        data = {"csrf_token": phone.token, "id": id} | FILLED
        codes = set()
        for _ in range(7):  # more often than one browser may apply
            assert phone.post("/apply", data=data).status_code == 303
            codes.add(code_on(phone.get("/apply/receipt").text))
        assert len(cases(told)) == len(codes) == len(links(told, the_case(told))) == 1

    def test_an_answer_lost_together_with_the_cookie_is_given_again(self, app: Flask, told: Story) -> None:
        phone, other = phone_of(app), phone_of(app)
        id = hidden(phone.get("/apply").text)
        data = {"id": id} | FILLED
        phone.post("/apply", data=data | {"csrf_token": phone.token}, content_type="multipart/form-data")
        other.get("/apply")
        answer = other.post("/apply", data=data | {"csrf_token": other.token}, content_type="multipart/form-data")
        assert answer.status_code == 303 and len(cases(told)) == 1

    def test_the_same_form_with_other_words_is_asked_about(self, app: Flask, told: Story) -> None:
        phone = phone_of(app)
        id = hidden(phone.get("/apply").text)
        data = {"csrf_token": phone.token, "id": id} | FILLED
        phone.post("/apply", data=data)
        for other in ({"f.words": "另一件事"}, {"name": "钱某"}):
            answer = phone.post("/apply", data=data | other)
            assert answer.status_code == 409 and "已经交过一份" in answer.text and hidden(answer.text) != id
        assert len(cases(told)) == 1

    @pytest.mark.parametrize(
        ("filled", "sentence"),
        [
            ({"name": " "}, "您的姓名：请填写"),
            ({"phone": ""}, "好和您联系"),
            ({"phone": "138"}, "11位"),
            ({"respondent": ""}, "和谁有纠纷：请填写"),
            ({"f.about": ""}, "什么事"),
            ({"f.about": "nonsense"}, "什么事"),
            ({"f.words": ""}, "事情经过"),
            ({"f.words": "字" * 2001}, "2000"),
            ({"f.amount_claimed": "很多"}, "要多少钱"),
            ({"f.amount_claimed": "0.00"}, "空着不填"),
            ({"agreed": ""}, "请看过再打勾"),
            ({"id": "x"}, "重新打开"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_else_is_lost(
        self, app: Flask, told: Story, filled: dict[str, str], sentence: str
    ) -> None:
        answer = send(phone_of(app), **filled)
        assert answer.status_code == 422 and sentence in answer.text
        kept = FILLED | filled
        for name in ("name", "phone", "respondent", "f.words"):
            assert kept[name].strip()[:2000] in answer.text
        assert cases(told) == []

    def test_it_works_for_a_name_of_rare_characters(self, app: Flask, told: Story) -> None:
        applied(app, name="𠮷·买买提", respondent="𬱖记饭店")
        assert told.door.view(the_case(told), Office.LEAD).parties == ["𠮷·买买提", "𬱖记饭店"]

    def test_other_forms_and_other_sites_send_nothing(self, app: Flask, told: Story) -> None:
        phone = phone_of(app)
        id = hidden(phone.get("/apply").text)
        assert phone.post("/apply", data=FILLED | {"id": id}).status_code == 400
        elsewhere = {"Origin": "https://elsewhere.example"}
        data = FILLED | {"id": id, "csrf_token": phone.token}
        assert phone.post("/apply", data=data, headers=elsewhere).status_code == 403
        assert cases(told) == []


class TestPhotos:
    def test_a_photo_comes_with_it_for_the_mediators_alone(self, app: Flask, told: Story, web_client: SignedIn) -> None:
        applied(app, photo=[(BytesIO(photo()), "欠条.jpg"), (BytesIO(photo("second")), "b.jpg")])
        case = the_case(told)
        assert len(facts_of(told.door.case(case)).files()) == 2
        page = web_client(Office.MEDIATOR).whole(f"/cases/{case}")
        assert len(set(re.findall(rf"/cases/{case}/exhibits/[0-9a-f]{{32}}", page))) == 2
        assert "/exhibits/" not in web_client(Office.AUDITOR).whole(f"/cases/{case}")

    def test_sent_twice_with_a_photo_it_is_once(self, app: Flask, told: Story) -> None:
        phone, sent = phone_of(app), photo()
        id = hidden(phone.get("/apply").text)
        for _ in range(2):
            data = {"csrf_token": phone.token, "id": id, "photo": (BytesIO(sent), "a.jpg")} | FILLED
            assert phone.post("/apply", data=data).status_code == 303
        assert len(facts_of(told.door.case(the_case(told))).files()) == 1

    @pytest.mark.parametrize(
        ("contents", "sentence"),
        [([b"MZ" + bytes(99)], "这是程序，不收"), ([photo(), photo(), photo(), photo()], "最多 3 张")],
    )
    def test_one_that_is_refused_loses_nothing_of_the_rest(
        self, app: Flask, told: Story, contents: list[bytes], sentence: str
    ) -> None:
        answer = send(phone_of(app), photo=[(BytesIO(content), "a.jpg") for content in contents])
        assert answer.status_code == 422 and sentence in answer.text and "照片要重新选一次" in answer.text
        assert FILLED["f.words"] in answer.text and cases(told) == []


class TestLongBodies:
    """What the server asks before it takes photos from somebody whom nobody knows."""

    def longest(self, app: Flask, *, address: str = "192.0.2.1", path: str = "/apply", forwarded: str = "") -> int:
        headers = [(b"host", b"127.0.0.1:8000"), (b"content-type", b"multipart/form-data; boundary=x")]
        headers += [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
        asked = Asked(
            method="POST", target=path, version="1.1", headers=headers, body=b"", length=0,
            client=address, server=("127.0.0.1", 8000), scheme="http",
        )  # fmt: skip
        return app.longer_body(asked)  # type: ignore[attr-defined,no-any-return]

    def test_who_applies_may_send_photos_and_nobody_else_may(self, app: Flask) -> None:
        assert self.longest(app) == 21 * MEGABYTE
        assert self.longest(app, path="/applications/new") == self.longest(app, path="/apply/status") == 0

    def test_so_many_an_hour_from_one_address(self, told: Story, tmp_path: Path) -> None:
        app = limited(told, tmp_path, address_an_hour=2)
        assert [self.longest(app) > 0 for _ in range(3)] == [True, True, False]
        assert self.longest(app, address="198.51.100.7") > 0
        told.clock.now += timedelta(minutes=30)
        assert [self.longest(app) > 0 for _ in range(2)] == [True, False]

    def test_behind_a_proxy_of_ours_everybody_has_his_own(self, told: Story, tmp_path: Path) -> None:
        app = app_over(told, folder=tmp_path, proxies=1)
        settings = app.extensions["settings"]
        app.extensions["settings"] = replace(settings, applications=ApplicationSettings(address_an_hour=1))
        for one in ("203.0.113.1", "203.0.113.2"):
            assert [self.longest(app, forwarded=one) > 0 for _ in range(2)] == [True, False]

    def test_where_the_page_is_shut_nobody_may(self, told: Story, tmp_path: Path) -> None:
        assert self.longest(limited(told, tmp_path, open=False)) == 0


class TestLimits:
    def test_a_factory_behind_one_address_gets_through(self, app: Flask, told: Story) -> None:
        for n in range(300):
            answer = send(phone_of(app), name=f"工人{n}", phone=f"138{n:08}")
            assert answer.status_code == 303, n
            told.clock.now += timedelta(seconds=24)  # two hours in all
        assert len(cases(told)) == 300

    def test_a_shift_that_ends_for_all_at_once_gets_through_within_half_an_hour(self, app: Flask, told: Story) -> None:
        for n in range(200):
            assert send(phone_of(app), phone=f"138{n:08}").status_code == 303, n
        refused = send(phone_of(app), phone="13900000000")
        assert refused.status_code == 429
        told.clock.now += timedelta(minutes=30)
        for n in range(200, 300):
            assert send(phone_of(app), phone=f"138{n:08}").status_code == 303, n

    def test_a_flood_from_one_browser_does_not(self, app: Flask, told: Story) -> None:
        phone = phone_of(app)
        answers = [send(phone, phone=f"138{n:08}") for n in range(8)]
        assert [answer.status_code for answer in answers] == [303] * 5 + [429] * 3
        assert len(cases(told)) == 5

    def test_a_flood_from_one_number_does_not(self, app: Flask) -> None:
        statuses = [send(phone_of(app), address=f"192.0.2.{n}").status_code for n in range(6)]
        assert statuses == [303] * 3 + [429] * 3
        assert send(phone_of(app), phone="138 1234 5678").status_code == 429
        assert send(phone_of(app), phone="13912345678").status_code == 303

    def test_a_flood_from_one_address_keeps_nobody_else_out(self, told: Story, tmp_path: Path) -> None:
        app = limited(told, tmp_path, address_an_hour=3)
        statuses = [send(phone_of(app), phone=f"138{n:08}").status_code for n in range(5)]
        assert statuses == [303, 303, 303, 429, 429]
        assert send(phone_of(app), address="198.51.100.7", phone="13900000000").status_code == 303

    def test_there_is_an_end_to_all_of_them_together(self, told: Story, tmp_path: Path) -> None:
        app = limited(told, tmp_path, all_a_day=2)
        given = [send(phone_of(app), address=f"192.0.2.{n}", phone=f"138{n:08}").status_code for n in range(3)]
        assert given == [303, 303, 429]

    def test_who_is_refused_is_told_where_to_go_and_loses_nothing(self, told: Story, tmp_path: Path) -> None:
        app = limited(told, tmp_path, all_a_day=1, phone="0579-87000000")
        send(phone_of(app))
        answer = send(phone_of(app), phone="13912345678", name="周某")
        assert answer.status_code == 429 and "到窗口来" in answer.text and "0579-87000000" in answer.text
        assert "周某" in answer.text and FILLED["f.words"] in answer.text

    def test_all_limits_are_told_in_the_same_words(self, told: Story, tmp_path: Path) -> None:
        def said(**limits: int) -> str:
            app = limited(told, tmp_path, **limits)
            send(phone_of(app), address="203.0.113.9")
            with told.store.write() as unit:
                unit.accounts.forget_tries("applied:all")
            answer = send(phone_of(app), address="203.0.113.9")
            assert answer.status_code == 429
            return re.sub(r'value="[^"]*"', "", answer.text)

        assert said(address_an_hour=1) == said(phone_a_day=1)

    def test_what_is_wrong_counts_nowhere(self, told: Story, tmp_path: Path) -> None:
        app = limited(told, tmp_path, all_a_day=1)
        for _ in range(3):
            assert send(phone_of(app), agreed="").status_code == 422
        assert send(phone_of(app)).status_code == 303

    def test_no_number_is_kept_by_counting_it(self, app: Flask, told: Story) -> None:
        applied(app)
        with told.store.read() as unit:
            kept = str([tries.key for tries in unit.accounts.tries_of("applied:")])
        assert "applied:phone:" in kept and "13812345678" not in kept

    def test_the_page_can_be_shut(self, told: Story, tmp_path: Path, web_client: SignedIn) -> None:
        app = limited(told, tmp_path, open=False, phone="0579-87000000")
        answer = phone_of(app).get("/apply")
        assert answer.status_code == 404 and "到窗口申请" in answer.text and "0579-87000000" in answer.text
        assert phone_of(app).get("/apply/status").status_code == 200

    def test_without_the_room_s_key_nothing_can_be_kept(self, app: Flask) -> None:
        app.extensions["room_key"] = None
        assert phone_of(app).get("/apply").status_code == 404
        phone = phone_of(app)
        assert ask(phone, "ABCDEFGH").status_code == 422


class TestAsking:
    def test_the_code_opens_how_it_stands_on_another_telephone(self, app: Flask) -> None:
        _, code = applied(app)
        phone = phone_of(app)
        for typed in (code, code.lower(), f" {code[:4]}-{code[4:]} "):
            answer = ask(phone, typed)
            assert answer.location == "/apply/status"
            page = phone.get("/apply/status").text
            assert "已收到" in page and "赵某" not in page and "某电器厂" not in page
        phone.send("/apply/leave")
        assert "输入回执上的" in phone.get("/apply/status").text

    @pytest.mark.parametrize(
        ("orders", "sentences"),
        [
            ([], ["已收到", "最迟2026年11月26日"]),
            (["register"], ["已登记，正在看", "最迟2026年11月26日", "李调解"]),
            (["register", AcceptCase()], ["已受理", "永开劳调字"]),
            (
                [DeclineCase(reason=Declining.RESERVED_BY_LAW, told=Text("请到市仲裁院，电话12333"))],
                ["不予受理", Declining.RESERVED_BY_LAW.label, "请到市仲裁院，电话12333"],
            ),
            ([DeclineCase(reason=Declining.OTHER)], ["不予受理", "请打电话问清楚"]),
            ([TransferCase(receiver=Text("市仲裁院"))], ["已转办", "市仲裁院"]),
            ([WithdrawApplication()], ["已撤回"]),
            ([CloseAsMistaken(reason=Text("乱填"))], ["已处理", "到窗口来问"]),
            ([CloseAsDuplicate(other="A1")], ["已处理", "到窗口来问"]),
        ],
    )
    def test_it_tells_in_plain_words(self, app: Flask, told: Story, orders: list[Any], sentences: list[str]) -> None:
        phone, _ = applied(app)
        case = Story(told.store, told.clock, the_case(told))
        for order in orders:
            if order == "register":
                case.do(register(track="labour_mediation", named=()))
            else:
                case.do(order, by=Office.MEDIATOR if isinstance(order, WithdrawApplication) else Office.LEAD)
        page = phone.get("/apply/status").text
        for sentence in sentences:
            assert sentence in page
        assert ">A1" not in page and case.name not in page

    def test_who_is_late_says_so(self, app: Flask, told: Story) -> None:
        _, code = applied(app)
        told.clock.now += timedelta(days=10)
        phone = phone_of(app)
        ask(phone, code)
        assert "已经晚了" in phone.get("/apply/status").text

    def test_a_wrong_code_is_answered_as_one_that_was_tried_too_often(self, app: Flask) -> None:
        _, code = applied(app)
        phone = phone_of(app)
        first = ask(phone, "ABCDEFGH")
        assert first.status_code == 422
        for _ in range(60):
            ask(phone, "ABCDEFGH")
        late = ask(phone, "ABCDEFGH")
        assert re.sub(r'value="[^"]*"', "", late.text) == re.sub(r'value="[^"]*"', "", first.text)
        assert ask(phone, code).status_code == 422
        assert ask(phone, code, address="198.51.100.7").status_code == 303

    def test_right_codes_use_nothing_up(self, app: Flask) -> None:
        _, code = applied(app)
        phone = phone_of(app)
        assert {ask(phone, code).status_code for _ in range(80)} == {303}

    def test_the_database_cannot_tell_the_code(self, app: Flask, told: Story) -> None:
        _, code = applied(app)
        case = the_case(told)
        assert code == code_of(ROOM_KEY, case) != code_of(RoomKey(b"x" * 32), case)
        assert code not in str(links(told, case))

    def test_the_code_gives_no_way_in_by_the_page_for_pins(self, app: Flask) -> None:
        _, code = applied(app)
        phone = phone_of(app)
        phone.get("/c")
        for pin in ("", "123456"):
            assert phone.send("/c", code=code, pin=pin).status_code == 422

    def test_no_other_link_is_opened_by_this_page(self, app: Flask, told: Story, web_client: SignedIn) -> None:
        phone = phone_of(app)
        assert ask(phone, "").status_code == 422
        assert phone.get("/party").location == "/links"

    def test_each_look_is_on_record_by_who_applied(self, app: Flask, told: Story) -> None:
        phone, _ = applied(app)
        phone.get("/apply/status")
        with told.store.read() as unit:
            looks = {(read.office, read.what) for read in unit.views.reads(the_case(told))}
        assert looks == {("applicant", "application status")}

    def test_who_was_erased_finds_nothing(self, app: Flask, told: Story) -> None:
        phone, _ = applied(app)
        case = the_case(told)
        person = facts_of(told.door.case(case)).parties["party/1"].person
        with told.store.write() as unit:
            actor = unit.register.actor(person)
            assert actor is not None
            unit.register.put_actor(replace(actor, active=False))
        assert "输入回执上的" in phone.get("/apply/status").text


class TestAtTheWindow:
    def test_a_mediator_sends_it_and_gives_the_receipt_away(self, li: Browser, app: Flask, told: Story) -> None:
        answer = send(li, "/applications/new", phone="")
        case = the_case(told)
        assert answer.location == f"/applications/{case}/receipt"
        code = code_on(li.get(answer.location).text)
        assert told.door.history(case)[0].actor == "li"
        phone = phone_of(app)
        ask(phone, code)
        assert "已收到" in phone.get("/apply/status").text

    def test_it_asks_for_the_same_as_the_page_for_everybody(self, li: Browser, app: Flask) -> None:
        def names(page: str) -> set[str]:
            form = page.partition("<main")[2]
            return set(re.findall(r'<(?:input|select|textarea) (?!type="hidden")[^>]*name="([^"]+)"', form))

        assert names(li.get("/applications/new").text) == names(phone_of(app).get("/apply").text)

    def test_it_is_bound_by_no_limits(self, told: Story, tmp_path: Path) -> None:
        app = limited(told, tmp_path, all_a_day=1, open=False)
        li = phone_of(app)
        li.sign_in("li")
        assert {send(li, "/applications/new", name=f"工人{n}").status_code for n in range(5)} == {303}

    @pytest.mark.parametrize(("filled", "sentence"), [({"name": ""}, "请填写"), ({"agreed": ""}, "请看过再打勾")])
    def test_what_is_wrong_is_said(self, li: Browser, told: Story, filled: dict[str, str], sentence: str) -> None:
        answer = send(li, "/applications/new", **filled)
        assert answer.status_code == 422 and sentence in answer.text and cases(told) == []

    def test_whoever_lost_his_receipt_gets_it_again(self, li: Browser, app: Flask, told: Story) -> None:
        _, code = applied(app)
        assert code_on(li.get(f"/applications/{the_case(told)}/receipt").text) == code

    def test_there_is_none_of_a_case_that_nobody_applied_for(self, li: Browser) -> None:
        assert li.get("/applications/A1/receipt").status_code == 404


class TestOnTheDesk:
    def test_those_not_registered_are_listed_the_oldest_first(
        self, web_client: SignedIn, app: Flask, told: Story
    ) -> None:
        applied(app, name="先来的")
        told.clock.now += timedelta(days=1)
        applied(app, name="后来的", phone="13912345678", **{"f.about": "neighbour"})
        page = web_client(Office.MEDIATOR).get("/applications").text
        assert page.index("先来的") < page.index("后来的")
        assert "2026年11月26日" in page and "八月起没有发工资" in page and "新申请（2）" in page

    def test_it_counts_on_the_board_with_what_is_due(self, app: Flask, told: Story, web_client: SignedIn) -> None:
        applied(app)
        for office in (Office.MEDIATOR, Office.LEAD):
            page = web_client(office).get("/work").text
            assert "新申请" in page and "赵某" in page
            assert page.count("赵某") == 1

    def test_the_lead_is_told(self, app: Flask, told: Story) -> None:
        applied(app)
        with told.store.read() as unit:
            assert [notice.event for notice in unit.views.notices() if notice.case != "A1"] == ["ApplicationSubmitted"]

    def test_nothing_is_typed_twice_to_register_it(self, li: Browser, app: Flask, told: Story) -> None:
        applied(app)
        case = the_case(told)
        assert li.get(f"/cases/{case}/steps/RegisterCase").location == f"/cases/new?application={case}"
        page = li.get(f"/cases/new?application={case}").text
        assert "赵某" in page and "某电器厂" in page and "八月起没有发工资" in page
        assert 'value="labour_pay" checked' in page and 'value="fast_track_2026/labour_mediation" checked' in page
        assert "18,000" in page or "18000" in page
        answer = li.send("/cases/new", **typed_in(page), do="do")
        assert answer.location == f"/cases/{case}", answer.text
        facts = facts_of(told.door.case(case))
        assert len(facts.parties) == 2 and facts.registered and facts.lead_mediator() == "li"
        assert facts.amount_claimed == 1_800_000
        assert li.get("/applications").text.count("赵某") == 0

    def test_others_join_by_the_registration(self, li: Browser, app: Flask, told: Story) -> None:
        applied(app)
        case = the_case(told)
        page = li.get(f"/cases/new?application={case}").text
        more = {"respondent.0.name": "包工头老钱"}
        assert li.send("/cases/new", **typed_in(page) | more, do="do").status_code == 303
        assert told.door.view(case, Office.LEAD).parties == ["赵某", "某电器厂", "包工头老钱"]

    def test_sent_twice_it_is_registered_once(self, li: Browser, app: Flask, told: Story) -> None:
        applied(app)
        case = the_case(told)
        typed = typed_in(li.get(f"/cases/new?application={case}").text)
        for _ in range(2):
            assert li.send("/cases/new", **typed, do="do").location == f"/cases/{case}"
        assert [line.event for line in told.door.history(case)].count("CaseRegistered") == 1

    def test_one_that_another_has_registered_meanwhile_leads_to_the_case(
        self, li: Browser, app: Flask, told: Story
    ) -> None:
        applied(app)
        case = the_case(told)
        typed = typed_in(li.get(f"/cases/new?application={case}").text)
        Story(told.store, told.clock, case).do(register(track="labour_mediation", named=()))
        answer = li.send("/cases/new", **typed, do="do")
        assert answer.location == f"/cases/{case}"
        assert "已经登记或办结" in li.get(answer.location).text

    def test_open_cases_with_the_same_names_are_told_to_staff_and_to_nobody_else(
        self, li: Browser, app: Flask, told: Story
    ) -> None:
        _, _ = applied(app, name="王某", respondent="某五金厂")
        case = the_case(told)
        page = li.get(f"/cases/new?application={case}").text
        answer = li.send("/cases/new", **typed_in(page), do="do")
        assert answer.status_code == 200 and "同名：" in answer.text
        assert li.send("/cases/new", **typed_in(answer.text), do="do").status_code == 303

    def test_the_page_for_everybody_is_the_same_whether_a_name_is_known(self, app: Flask, told: Story) -> None:
        def shown(**filled: str) -> tuple[int, str]:
            phone = phone_of(app)
            answer = send(phone, **filled)
            page = phone.get("/apply/receipt").text
            return answer.status_code, re.sub(r'value="[^"]*"|class="pin">[^<]+', "", page)

        assert shown(name="王某", respondent="某五金厂") == shown(name="没人", respondent="没有的厂")

    def test_of_a_registered_case_there_is_no_such_form(self, li: Browser) -> None:
        answer = li.get("/cases/new?application=A1")
        assert answer.location == "/cases/A1"
        assert li.get("/cases/A1/steps/RegisterCase").status_code == 404

    def test_others_do_not_find_it(self, app: Flask, told: Story, web_client: SignedIn) -> None:
        applied(app)
        stranger, case = web_client("sun"), the_case(told)
        assert "赵某" not in stranger.get("/applications").text
        assert stranger.get(f"/cases/new?application={case}").status_code == 404
        assert stranger.get(f"/applications/{case}/receipt").status_code == 404

    def test_the_look_at_the_list_is_on_record(self, li: Browser, told: Story) -> None:
        li.get("/applications")
        with told.store.read() as unit:
            assert unit.views.reads("")[-1].what.startswith("applications")


def test_a_program_registers_it_too(app: Flask, told: Story) -> None:
    applied(app)
    case = Story(told.store, told.clock, the_case(told))
    program = Program(app.test_client(), token_for(told, Office.MEDIATOR, EVERYTHING))
    path, fields = f"/cases/{case.name}/commands", {"track": "labour_mediation", "dispute": "labour_pay"}
    answer = program.do(path, command="RegisterCase", fields=fields)
    assert answer.status_code == 200, answer.text
    assert case.state("intake/1") == "registered" and len(facts_of(case.case).parties) == 2
    for command in ("RegisterCase", "SubmitApplication"):  # it begins nothing in a case that is there
        assert program.do(path, command=command, fields=fields).get_json(force=True)["code"] == "UnknownCommand"


class TestPoster:
    def test_it_shows_the_address_and_a_code_where_a_telephone_can_get_there(self, told: Story, tmp_path: Path) -> None:
        app = app_over(told, folder=tmp_path, public_url="https://tiaojie.example.cn")
        settings = app.extensions["settings"]
        app.extensions["settings"] = replace(settings, applications=ApplicationSettings(phone="0579-87000000"))
        client = phone_of(app)
        https = {"base_url": "https://tiaojie.example.cn"}
        client.get("/sign-in", **https)
        data = {"csrf_token": client.token, "name": "li", "password": "一匹好马配一副好鞍子走天下"}
        assert client.post("/sign-in", data=data, **https).status_code == 302
        page = client.get("/applications/poster", **https).text
        assert "https://tiaojie.example.cn/apply" in page and "data:image/svg" in page and "0579-87000000" in page

    def test_where_none_can_it_says_so_and_offers_the_window(self, li: Browser) -> None:
        page = li.get("/applications/poster").text
        assert "手机扫了也打不开" in page and "/applications/new" in page and "data:image/svg" not in page

    def test_where_the_page_is_shut_it_says_so(self, told: Story, tmp_path: Path) -> None:
        li = phone_of(limited(told, tmp_path, open=False))
        li.sign_in("li")
        assert "网上申请现在关着" in li.get("/applications/poster").text


def typed_in(page: str) -> dict[str, Any]:
    """What stands in the form of a registration, as a browser would post it."""
    form = re.search(r'<form method="post" action="/cases/new">(.*?)</form>', page, re.S)
    assert form, page
    found = dict(re.findall(r'<input (?:id="[^"]*" )?(?:type="hidden" )?name="([^"]+)"[^>]*? value="([^"]*)"', form[1]))
    found |= dict(re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form[1], re.S))
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form[1], re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    for name, value in re.findall(r'<input type="radio" name="([^"]+)" value="([^"]*)" checked', form[1]):
        found[name] = value
    return {name: value for name, value in found.items() if name != "csrf_token"}
