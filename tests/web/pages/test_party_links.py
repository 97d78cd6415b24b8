"""在手机上确认: who acts for a party comes in by a link or a short code and a PIN, reads, and says what he wants."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind, PersonDetails
from mediation_engine.domain.roles import Office
from mediation_engine.ids import system_randomness
from mediation_engine.ports.links import Link
from mediation_engine.ports.register import Person
from mediation_engine.services.people import People
from web.security.links import MOST_WRONG
from workflows.parts.agreement import AdoptOrally, AmendAgreement, ReachAgreement, WaivePaper
from workflows.parts.assignment import RecusalGround, RecuseMediator
from workflows.parts.block import RecordTalk
from workflows.parts.capacity import EndCapacity
from workflows.vocabulary import CapacityEnd, CapacityKind

from ...support.exhibits import ROOM_KEY
from ...support.story import PAY, STAFF, Story
from ..conftest import PASSWORD, Browser, app_over, passwords

PAGE = "/cases/A1/access"
SignedIn = Callable[[Office | str], Browser]
NUMBER = "33078419900101123X"


@pytest.fixture
def told(story: Story) -> Story:
    """A text is out for signature: the worker is to sign himself, the head for the firm. Private words are there."""
    story.drafted()
    story.acting_for("party/2", person="zhang", kind=CapacityKind.HEAD)
    story.do(RecordTalk(party="party/1", said=Text("只要八千就肯走")))
    with story.store.write() as unit:
        unit.register.put_person(Person(id="zhang", name="张厂长", kind=PartyKind.PERSON, organisation="room"))
        for actor in STAFF.values():
            passwords.give_password(unit, actor.id, PASSWORD, once=False)
    return story


@pytest.fixture
def li(web_client: SignedIn, told: Story) -> Browser:
    return web_client(Office.MEDIATOR)


class Issued:
    """What the mediator was shown once."""

    def __init__(self, page: str) -> None:
        link = re.search(r"http://127[^<]+(/links/[\w-]{43})<", page)
        pin, *code = re.findall(r'class="pin">(\w+)<', page)
        assert link, page
        self.path, self.pin, self.code = link[1], pin, code[0]


def issue(li: Browser, key: str = "party/1") -> Issued:
    li.get(PAGE)
    return Issued(li.send(PAGE, do=f"issue:{key}").text)


def phone_of(app: Flask) -> Browser:
    return app.test_client()  # type: ignore[return-value]


def come_in(phone: Browser, issued: Issued) -> str:
    phone.get(issued.path)
    answer = phone.send(issued.path, pin=issued.pin)
    assert answer.location == "/party", answer.text
    return phone.get("/party").text


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))


def to_check(phone: Browser, answer: str = "agree") -> str:
    """By what stands on the page of the text."""
    asked = hidden(phone.get("/party/text").text) | {"answer": answer}
    return phone.get("/party/answer", query_string={k: v for k, v in asked.items() if k != "csrf_token"}).text


def say(phone: Browser, issued: Issued, answer: str = "agree", **more: str) -> TestResponse:
    return phone.send("/party/answer", **hidden(to_check(phone, answer)) | {"pin": issued.pin} | more)


def links(story: Story) -> list[Link]:
    with story.store.read() as unit:
        return unit.links.links("A1")


def same(page: str) -> str:
    """Without what is random, or what was typed."""
    return re.sub(r'(value="[^"]*"|/links/[\w-]+)', "", page)


class TestIssuing:
    def test_it_is_for_who_acts_for_himself_and_for_who_may_settle(self, li: Browser) -> None:
        page = li.get(PAGE).text
        assert {"issue:party/1", "issue:capacity/1"} == set(re.findall(r'value="(issue:[^"]+)"', page))
        assert "张厂长" in page
        assert "手机打不开" in page
        assert "请当事人在手机上确认" in li.whole()
        assert li.send(PAGE, do="issue:party/2").status_code == 422

    def test_nothing_that_opens_it_is_kept(self, li: Browser, told: Story) -> None:
        issued = [issue(li), issue(li, "capacity/1")]
        dump = repr(vars(told.store))
        with told.store.read() as unit:
            dump += repr(unit.links.links("A1")) + repr(unit.register.actors())
        for it in issued:
            assert it.code not in dump
            assert it.path.removeprefix("/links/") not in dump
            assert not re.search(rf"(?<!\d){it.pin}(?!\d)", dump)

    def test_a_new_one_ends_the_one_before_and_so_does_revoking(self, li: Browser, app: Flask, told: Story) -> None:
        first, second = issue(li), issue(li)
        phone = phone_of(app)
        phone.get(first.path)
        assert phone.send(first.path, pin=first.pin).status_code == 422
        come_in(phone, second)
        li.send(PAGE, do=f"revoke:{links(told)[-1].id}")
        assert phone.get("/party").location == "/links"
        assert "已撤销" in li.get(PAGE).text

    def test_who_has_no_business_with_the_case_issues_none(self, web_client: SignedIn, told: Story) -> None:
        assert web_client(Office.AUDITOR).get(PAGE).status_code == 403

    def test_who_has_stepped_back_issues_none(self, li: Browser, told: Story) -> None:
        issue(li)
        told.do(RecuseMediator(ground=RecusalGround.KIN), "assignment/1")
        answer = li.send(PAGE, do="issue:party/1")
        assert (answer.status_code, 'class="pin"' in answer.text, "已回避" in answer.text) == (403, False, True)
        assert len(links(told)) == 1


class TestComingIn:
    def test_looking_uses_nothing_up_and_shows_nothing(self, li: Browser, app: Flask, told: Story) -> None:
        issued, phone = issue(li), phone_of(app)
        before = links(told)
        pages = {same(phone.get(issued.path).text) for _ in range(50)}
        for _ in range(50):
            phone.head(issued.path)
            phone.get("/c")
        pages.add(same(phone.get("/links/" + "x" * 43).text))
        assert len(pages) == 1
        for word in ("王某", "五金厂", "协议", "工资"):
            assert word not in next(iter(pages))
        assert links(told) == before
        assert "付" in come_in(phone, issued)

    def test_the_short_code_opens_the_same_however_it_is_typed(self, li: Browser, app: Flask) -> None:
        issued, phone = issue(li), phone_of(app)
        phone.get("/c")
        typed = f"{issued.code[:4]} {issued.code[4:]}".lower()
        assert phone.send("/c", code=typed, pin=issued.pin).location == "/party"
        assert "请看协议" in phone.get("/party").text

    def test_whatever_is_wrong_is_told_the_same_after_the_same_work(
        self, li: Browser, app: Flask, told: Story, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        spent, expired, good = issue(li), issue(li, "capacity/1"), issue(li)
        work = list[str]()
        for place in ("link", "count_try", "put_link"):
            real = getattr(type_of_links(told), place)
            monkeypatch.setattr(type_of_links(told), place, counting(real, place, work))
        monkeypatch.setattr("web.security.links.verified", counting_hash(work))
        wrong = "000000" if good.pin != "000000" else "000001"

        def answer(path: str, **typed: str) -> tuple[Any, ...]:
            phone = phone_of(app)
            phone.get(path)
            work.clear()
            sent = phone.send(path, **typed)
            return sent.status_code, same(sent.text), "party=" in str(sent.headers), tuple(work)

        by_link = {answer(good.path, pin=wrong), answer("/links/" + "x" * 43, pin=wrong)}
        by_link.add(answer(spent.path, pin=spent.pin))
        by_code = {answer("/c", code=good.code, pin=wrong), answer("/c", code="nothing", pin=wrong)}
        by_code.add(answer("/c", code=spent.code, pin=spent.pin))
        for _ in range(MOST_WRONG):
            by_link.add(answer(good.path, pin=wrong))
        by_link.add(answer(good.path, pin=good.pin))
        by_code.add(answer("/c", code=good.code, pin=good.pin))
        told.clock.now += timedelta(days=4)
        by_link.add(answer(expired.path, pin=expired.pin))
        assert len(by_link) == len(by_code) == 1
        [(status, _, cookie, done)] = by_link
        assert (status, cookie) == (422, False)
        assert (done[:2], done[-1], done.count("hash"), done.count("put_link")) == (("link", "count_try"), "hash", 1, 0)

    def test_twenty_at_once_leave_one_in(self, li: Browser, app: Flask) -> None:
        issued = issue(li)

        def enter(_: int) -> Browser:
            phone = phone_of(app)
            phone.get(issued.path)
            phone.send(issued.path, pin=issued.pin)
            return phone

        with ThreadPoolExecutor(8) as pool:
            phones = list(pool.map(enter, range(20)))
        assert sum(phone.get("/party").status_code == 200 for phone in phones) <= 1

    def test_who_forgot_the_pin_asks_to_be_called_and_stands_on_the_list(self, li: Browser, app: Flask) -> None:
        issued, phone = issue(li), phone_of(app)
        phone.get("/c")
        told = {phone.send("/links/call", code=code).location for code in (issued.code, "none")}
        phone.get(issued.path)
        told.add(phone.send("/links/call", secret=issued.path.removeprefix("/links/")).location)
        assert told == {"/links/done/call"}
        assert "回电话" in li.get(PAGE).text
        assert "请您回电话" in li.get("/calls").text

    def test_the_session_opens_nothing_else_and_is_over_soon(self, li: Browser, app: Flask, told: Story) -> None:
        issued, phone = issue(li), phone_of(app)
        come_in(phone, issued)
        for path in ("/cases/A1", "/cases", "/people", "/calls", PAGE):
            assert phone.get(path).location.startswith("/sign-in")
        assert phone.get("/visit-link").location == "/links"
        told.clock.now += timedelta(minutes=31)
        assert phone.get("/party").location == "/links"

    def test_each_look_is_on_record(self, li: Browser, app: Flask) -> None:
        phone = phone_of(app)
        come_in(phone, issue(li))
        phone.get("/party/text")
        page = li.get("/cases/A1/reads").text
        assert "凭当事人链接看协议摘要" in page
        assert "凭当事人链接看协议全文" in page


class TestAnswering:
    def test_three_screens_say_what_it_is_and_the_receipt_what_it_is_not(
        self, li: Browser, app: Flask, told: Story
    ) -> None:
        issued, phone = issue(li), phone_of(app)
        first = come_in(phone, issued)
        for words in ("您要做什么", "对方要做什么", "12,000", "壹万贰仟元整", "司法确认", "不照着做会怎样")[1:]:
            assert words in first, words
        text = phone.get("/party/text").text
        short = (told.case.facts.agreements["agreement/1"].text_hash or "")[:12]
        assert short in text
        assert re.findall(r'name="answer" value="(\w+)"', text) == ["agree", "object", "decline"]
        assert text.index("这不是签字") < text.index('value="agree"')
        assert "这不是签字" in to_check(phone)
        answer = say(phone, issued)
        receipt = phone.get(answer.location).text
        for words in ("已在线确认，尚须签名", "没有生效", short, "喜哥调解室"):
            assert words in receipt, words
        line = told.lines[-1]
        assert (line.event, line.office, line.actor, line.capacity) == (
            "OnlineConfirmed",
            "representative",
            "worker",
            "party/1",
        )
        assert line.command_id[:8].upper() in receipt
        assert told.state("agreement/1") == "drafted"
        page = li.whole()
        assert "已在线确认" in page
        assert "已使用" in li.get(PAGE).text

    def test_an_objection_reaches_the_case_with_its_clause_and_only_the_handlers_with_its_words(
        self, li: Browser, app: Flask, told: Story, web_client: SignedIn
    ) -> None:
        issued, phone = issue(li), phone_of(app)
        come_in(phone, issued)
        empty = say(phone, issued, "object", clause="1", words=" ")
        assert (empty.status_code, "请写一写" in empty.text) == (422, True)
        assert say(phone, issued, "object", clause="1", words="最多等到月底").status_code == 303
        assert told.state("confirmation/1") == "objected"
        page = li.whole()
        assert "最多等到月底" in page
        assert "第一条" in page
        assert "最多等到月底" not in web_client(Office.AUDITOR).whole()
        other = phone_of(app)
        came = come_in(other, issue(li, "capacity/1"))
        assert "月底" not in came + other.get("/party/text").text

    def test_no_is_recorded_as_no(self, li: Browser, app: Flask, told: Story) -> None:
        issued, phone = issue(li), phone_of(app)
        come_in(phone, issued)
        assert say(phone, issued, "decline").status_code == 303
        assert told.state("confirmation/1") == "declined"
        assert "您不同意" in phone.get("/party/receipt").text

    def test_the_same_sending_twice_is_one(self, li: Browser, app: Flask, told: Story) -> None:
        issued, phone = issue(li), phone_of(app)
        come_in(phone, issued)
        given = hidden(to_check(phone)) | {"pin": issued.pin}
        answers = [phone.send("/party/answer", **given).status_code for _ in range(2)]
        assert [line.event for line in told.lines].count("OnlineConfirmed") == 1
        assert answers[0] == 303

    def test_two_tabs_and_the_back_button_confirm_once(self, li: Browser, app: Flask, told: Story) -> None:
        issued, phone = issue(li), phone_of(app)
        come_in(phone, issued)
        one, other = hidden(to_check(phone)), hidden(to_check(phone))
        assert phone.send("/party/answer", **one, pin=issued.pin).status_code == 303
        late = phone.send("/party/answer", **other, pin=issued.pin)
        assert late.status_code in (303, 409)
        assert [line.event for line in told.lines].count("OnlineConfirmed") == 1
        assert phone.get("/party/text").status_code == 200

    def test_amended_while_reading_nothing_is_recorded_and_it_is_said(
        self, li: Browser, app: Flask, told: Story
    ) -> None:
        issued, phone = issue(li), phone_of(app)
        come_in(phone, issued)
        given = hidden(to_check(phone)) | {"pin": issued.pin}
        told.do(AmendAgreement(amount=900_000), "agreement/1")
        before = len(told.lines)
        answer = phone.send("/party/answer", **given)
        assert (answer.status_code, "协议改过了" in answer.text) == (409, True)
        assert len(told.lines) == before
        assert "已失效" in li.get(PAGE).text
        again = phone_of(app)
        again.get(issued.path)
        assert again.send(issued.path, pin=issued.pin).location == "/party"
        assert "协议改过了" in again.get("/party").text

    def test_who_had_confirmed_is_told_with_the_new_text(self, li: Browser, app: Flask, told: Story) -> None:
        issued, phone = issue(li), phone_of(app)
        come_in(phone, issued)
        say(phone, issued)
        told.do(AmendAgreement(amount=900_000), "agreement/1")
        assert "以前确认过的也一起作废" in phone.get("/party").text
        fresh = issue(li)
        page = come_in(phone, fresh)
        assert "您以前确认的那一版已经作废" in page
        say(phone, fresh)
        assert told.state("confirmation/3") == "online"
        assert "您以前确认的" not in phone.get("/party").text

    @pytest.mark.parametrize("how", ["revoked", "ended"])
    def test_revoked_or_ended_while_reading_nothing_is_recorded(
        self, li: Browser, app: Flask, told: Story, how: str
    ) -> None:
        issued, phone = issue(li, "capacity/1"), phone_of(app)
        come_in(phone, issued)
        given = hidden(to_check(phone)) | {"pin": issued.pin}
        if how == "revoked":
            li.send(PAGE, do=f"revoke:{links(told)[-1].id}")
        else:
            told.do(EndCapacity(reason=CapacityEnd.REVOKED), "capacity/1")
        before = len(told.lines)
        assert phone.send("/party/answer", **given).location == "/links"
        assert len(told.lines) == before

    def test_a_wrong_pin_at_the_last_page_counts_and_loses_nothing(self, li: Browser, app: Flask, told: Story) -> None:
        issued, phone = issue(li), phone_of(app)
        come_in(phone, issued)
        wrong = "000000" if issued.pin != "000000" else "000001"
        answer = say(phone, issued, "object", words="太晚了", pin=wrong)
        assert (answer.status_code, "太晚了" in answer.text) == (422, True)
        assert links(told)[0].wrong == 1
        for _ in range(MOST_WRONG - 1):
            answer = phone.send("/party/answer", **hidden(answer.text) | {"words": "太晚了", "pin": wrong})
        assert answer.location == "/links"
        assert "锁住" in li.get(PAGE).text

    def test_another_persons_number_is_asked_for_where_it_is_known(self, li: Browser, app: Flask, told: Story) -> None:
        people = People(told.store, ROOM_KEY, system_randomness)
        people.change(STAFF[Office.MEDIATOR], "worker", expects=1, details=PersonDetails(number=NUMBER))
        issued, phone = issue(li), phone_of(app)
        come_in(phone, issued)
        assert "身份证后四位" in to_check(phone)
        assert say(phone, issued, four="9999").status_code == 422
        assert say(phone, issued, four="123x").status_code == 303

    def test_one_telephone_for_two_parties_is_marked(self, li: Browser, app: Flask, told: Story) -> None:
        phone = phone_of(app)
        for key in ("party/1", "capacity/1"):
            issued = issue(li, key)
            come_in(phone, issued)
            say(phone, issued)
            assert phone.send("/party/leave").location == "/links/done/left"
        marked = [c.shared for c in told.case.facts.confirmations.values()]
        assert marked == [False, True]
        assert "合用手机" in li.whole()

    def test_two_telephones_are_not(self, li: Browser, app: Flask, told: Story) -> None:
        for key in ("party/1", "capacity/1"):
            issued, phone = issue(li, key), phone_of(app)
            come_in(phone, issued)
            say(phone, issued)
        assert not any(c.shared for c in told.case.facts.confirmations.values())

    def test_pages_are_light(self, li: Browser, app: Flask) -> None:
        import gzip

        issued, phone = issue(li), phone_of(app)
        come_in(phone, issued)
        files = sum(
            len(gzip.compress(phone.get(path).data))
            for path in ("/static/vendor/pico.min.css", "/static/site.css", "/static/paper.css")
        )
        for path in ("/party", "/party/text"):
            assert files + len(gzip.compress(phone.get(path).data)) <= 60 * 1024


class TestMeanings:
    """What agreeing means, before the press and after, and what comes of it; a text out for signature is above."""

    def test_what_was_agreed_by_word_of_mouth(self, li: Browser, app: Flask, told: Story) -> None:
        told.do(ReachAgreement(terms=(PAY,)))
        told.do(WaivePaper(waived_by=("party/1", "party/2")), "agreement/2")
        issued, phone = issue(li), phone_of(app)
        come_in(phone, issued)
        text = phone.get("/party/text?text=agreement/2").text
        assert "人民调解口头协议登记表" in text
        assert text.index("确认口头谈好的就是这些内容") < text.index('value="agree"')
        asked = {k: v for k, v in hidden(text).items() if k != "csrf_token"} | {"answer": "agree"}
        check = phone.get("/party/answer", query_string=asked).text
        answer = phone.send("/party/answer", **hidden(check) | {"pin": issued.pin})
        assert "您确认了口头谈好的内容" in phone.get(answer.location).text
        told.do(AdoptOrally(), "agreement/2")
        assert told.state("agreement/2") == "effective"
        assert "您确认了口头谈好的内容" in phone.get("/party/receipt?text=agreement/2").text

    def test_that_a_delegate_signs(self, li: Browser, app: Flask, told: Story) -> None:
        delegate = told.acting_for("party/1", person="chen", kind=CapacityKind.DELEGATE)
        issued, phone = issue(li), phone_of(app)
        come_in(phone, issued)
        assert "由推选的代表人替您签" in phone.get("/party/text").text
        assert "不用再到场签名" in phone.get(say(phone, issued).location).text
        told.confirm("confirmation/1", capacity=delegate)
        assert told.state("confirmation/1") == "given"
        assert "您已经在纸上签过了" in phone.get("/party?text=agreement/1").text


class TestAtTheWindow:
    def test_the_device_is_handed_over_signed_out_and_given_back_neutral(
        self, li: Browser, app: Flask, told: Story
    ) -> None:
        li.get(PAGE)
        page = li.send(PAGE, do="window:party/1").text
        pin = re.findall(r'class="pin">(\d{6})<', page)[0]
        answer = li.send(f"{PAGE}/hand-over", **hidden(page))
        assert answer.location.startswith("/links/")
        assert li.get("/cases/A1").location.startswith("/sign-in")
        li.get(answer.location)
        assert li.send(answer.location, pin=pin).location == "/party"
        check = to_check(li)
        assert "当时在场的人" in check
        sent = li.send("/party/answer", **hidden(check) | {"pin": pin, "present": "王主任、本人妻子"})
        assert sent.status_code == 303
        left = li.send("/party/leave")
        assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert li.get("/party").location == "/links"
        line = told.lines[-1]
        assert b'"at_window":true' in bytes(line.given)
        held = told.case.facts.confirmations["confirmation/1"]
        assert not held.shared

    def test_the_device_is_nobodys_telephone(self, app: Flask, told: Story, web_client: SignedIn) -> None:
        device = web_client(Office.MEDIATOR)
        for n, key in enumerate(("party/1", "capacity/1")):
            if n:
                device.sign_in("li")
            device.get(PAGE)
            page = device.send(PAGE, do=f"window:{key}").text
            pin = re.findall(r'class="pin">(\d{6})<', page)[0]
            path = device.send(f"{PAGE}/hand-over", **hidden(page)).location
            device.get(path)
            device.send(path, pin=pin)
            assert device.send("/party/answer", **hidden(to_check(device)) | {"pin": pin}).status_code == 303
        assert not any(c.shared for c in told.case.facts.confirmations.values())


def type_of_links(story: Story) -> Any:
    with story.store.read() as unit:
        return type(unit.links)


def counting(real: Any, name: str, work: list[str]) -> Any:
    def counted(self: Any, *given: Any) -> Any:
        work.append(name)
        return real(self, *given)

    return counted


def counting_hash(work: list[str]) -> Any:
    from web.security.passwords import verified

    def counted(kept: str | None, typed: str) -> bool:
        work.append("hash")
        return verified(kept, typed)

    return counted


def test_without_the_rooms_key_nobody_comes_in(told: Story) -> None:
    app = app_over(told)
    app.extensions["room_key"] = None
    phone = phone_of(app)
    phone.get("/c")
    assert phone.send("/c", code="ABCDEFGH", pin="123456").status_code == 422
    assert phone.send("/links/call", code="ABCDEFGH").status_code == 303
