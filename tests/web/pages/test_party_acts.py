"""我要办的事: what a party does on its telephone besides answering a text, through the same door as everybody."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from msgspec import structs
from werkzeug.test import TestResponse

from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.errors import StoreUnavailable
from mediation_engine.ports.register import Person
from mediation_engine.services.exhibits import ExhibitService
from web.presenters.party_acts import ACTS
from web.security.links import MOST_WRONG, Issued
from web.security.party_links import issue_for_party
from web.server.connections import MEGABYTE
from web.server.wsgi import Asked
from workflows.parts.agreement import AdoptOrally, ReachAgreement
from workflows.parts.assignment import AskForChange
from workflows.parts.party import RefuseMediation
from workflows.parts.payment import RecordPayment
from workflows.parts.states import ObligationState
from workflows.parts.visit import PlanQualityVisit
from workflows.vocabulary import CapacityKind

from ...support.exhibits import ROOM_KEY
from ...support.files import photo
from ...support.story import PAY, STAFF, Story
from ..conftest import PASSWORD, Browser, passwords

SignedIn = Callable[[Office | str], Browser]
DUE = date(2026, 11, 30)
WITHOUT_PIN = {code for code, act in ACTS.items() if not act.asks_pin}


@pytest.fixture
def told(story: Story) -> Story:
    """The firm owes the worker 12,000 yuan by the end of the month; Li handles the case, a head acts for the firm."""
    story.effective(terms=(replace(PAY, due=DUE),))
    story.acting_for("party/2", person="zhang", kind=CapacityKind.HEAD)
    with story.store.write() as unit:
        unit.register.put_person(Person(id="zhang", name="张厂长", kind=PartyKind.PERSON, organisation="room"))
        for actor in STAFF.values():
            passwords.give_password(unit, actor.id, PASSWORD, once=False)
    return story


class Phone:
    """A telephone on which somebody is in by a link."""

    def __init__(self, app: Flask, story: Story, key: str = "party/1") -> None:
        self.story = story
        self.issued: Issued = issue_for_party(story.door, ROOM_KEY, STAFF[Office.MEDIATOR], "A1", key, 7)
        self.browser: Browser = app.test_client()  # type: ignore[assignment]
        self.browser.get("/c")
        assert self.browser.send("/c", code=self.issued.code, pin=self.issued.pin).location == "/party"

    def get(self, path: str) -> TestResponse:
        return self.browser.get(path)

    def offered(self) -> list[str]:
        """What stands on the list."""
        return re.findall(r'<a role="button" class="second"[^>]*>([^<]+)', self.get("/party/do").text)

    def form(self, code: str, **about: str) -> dict[str, str]:
        """What stands in the form of an act that nobody has touched."""
        page = self.browser.get(f"/party/do/{code}", query_string=about).text
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
        typed = dict(re.findall(r'<input id="[^"]+" name="([^"]+)"[^>]*? value="([^"]*)"', page))
        chosen = dict(re.findall(r'type="radio" name="([^"]+)" value="([^"]*)" checked', page))
        return hidden | typed | chosen | ({"pin": self.issued.pin} if ACTS[code].asks_pin else {})

    def send(self, code: str, filled: dict[str, Any]) -> TestResponse:
        return self.browser.send(f"/party/do/{code}", **filled)

    def do(self, code: str, about: dict[str, str] | None = None, **filled: Any) -> TestResponse:
        return self.send(code, self.form(code, **about or {}) | {k.replace("__", "."): v for k, v in filled.items()})

    def receipt(self, answer: TestResponse) -> str:
        assert answer.status_code == 303, answer.text
        return self.browser.get(answer.location).text


@pytest.fixture
def worker(app: Flask, told: Story) -> Phone:
    return Phone(app, told)


@pytest.fixture
def head(app: Flask, told: Story) -> Phone:
    return Phone(app, told, "capacity/1")


def events(story: Story) -> list[str]:
    return [line.event for line in story.lines]


def late(story: Story) -> None:
    story.clock.now += timedelta(days=9)


class TestMoneyReceived:
    def test_what_the_payee_says_came_is_paid_at_once_as_if_the_mediator_had_booked_it(
        self, worker: Phone, told: Story
    ) -> None:
        form = worker.form("received")
        assert form["f.amount"] == "12000.00"
        receipt = worker.receipt(worker.send("received", form))
        for words in ("这笔钱已经记为收到", "王某", "喜哥调解室", "李调解", told.lines[-1].command_id[:8].upper()):
            assert words in receipt, words
        assert told.state("obligation/1") == "performed"
        assert told.state("agreement/1") == "performed"
        acknowledged = told.case.facts.payments["payment/1"]
        line = next(it for it in told.lines if it.instance == "payment/1")
        assert (line.office, line.actor, line.capacity) == ("representative", "worker", "party/1")
        assert not line.defects
        paid = RecordPayment(
            obligation="obligation/1", agreement="agreement/1", payer="party/2", payee="party/1", amount=1_200_000
        )
        told.do(paid)
        assert undated(told.case.facts.payments["payment/2"]) == undated(acknowledged)

    def test_a_part_leaves_the_rest_open(self, worker: Phone, told: Story) -> None:
        worker.receipt(worker.do("received", f__amount="5000"))
        assert told.state("obligation/1") == "pending"
        assert worker.form("received")["f.amount"] == "7000.00"

    def test_who_pays_cannot_say_that_it_came(self, head: Phone, told: Story) -> None:
        assert "收到了" not in head.offered()
        before = len(told.lines)
        assert head.do("received", {"party": "party/1", "about": "obligation/1"}).status_code == 409
        assert len(told.lines) == before

    @pytest.mark.parametrize(
        ("filled", "sentence"),
        [
            ({"f__amount": "很多"}, "不是金额，应写成"),
            ({"f__amount": "0"}, "金额须大于零"),
            ({"f__amount": "20000"}, "比没付的多"),
            ({"day": "2026-11-01"}, "早于谈妥那天"),
            ({"day": "2027-01-01"}, "不能晚于今天"),
            ({"day": "前几天"}, "请写哪一天"),
        ],
    )
    def test_what_is_filled_in_wrong_is_said_plainly_and_nothing_is_lost(
        self, worker: Phone, told: Story, filled: dict[str, str], sentence: str
    ) -> None:
        before = len(told.lines)
        answer = worker.do("received", **{"f__amount": "1234"} | filled)
        assert answer.status_code in (409, 422)
        assert sentence in answer.text
        for value in filled.values():
            assert value in answer.text
        assert len(told.lines) == before

    def test_the_same_booked_by_the_mediator_before_is_not_booked_twice(self, worker: Phone, told: Story) -> None:
        form = worker.form("received") | {"f.amount": "5000"}
        told.do(RecordPayment(obligation="obligation/1", amount=500_000))
        answer = worker.send("received", form)
        assert (answer.status_code, "同一天同样的一笔已经记过" in answer.text) == (409, True)
        assert list(told.case.facts.payments) == ["payment/1"]

    def test_an_agent_who_may_not_take_money_is_not_asked(self, app: Flask, told: Story) -> None:
        for power, there in ((False, False), (True, True)):
            key = told.acting_for("party/1", person="firm", receive_money=power)
            assert ("收到了" in Phone(app, told, key).offered()) is there

    def test_what_goes_through_a_custodian_keeps_to_the_mediator(self, app: Flask, told: Story) -> None:
        told.do(ReachAgreement(terms=(replace(PAY, custodian="town"),)))
        told.do(AdoptOrally(), "agreement/2")
        subjects = ACTS["received"].subjects(told.case, ("party/1",))
        assert [it.about for it in subjects] == ["obligation/1"]

    def test_the_photo_is_filed_with_the_payment(self, worker: Phone, told: Story) -> None:
        worker.receipt(worker.do("received", files=(BytesIO(photo()), "转账.jpg")))
        exhibit = told.case.facts.exhibits["exhibit/1"]
        assert (exhibit.kind and exhibit.kind.value, exhibit.about, exhibit.party) == (
            "receipt",
            ("payment/1",),
            "party/1",
        )

    def test_what_is_no_photo_is_refused_before_anything_is_done(self, worker: Phone, told: Story) -> None:
        before = len(told.lines)
        answer = worker.do("received", f__amount="5000", files=(BytesIO(b"MZ nothing"), "a.jpg"))
        assert answer.status_code == 422
        assert "这个文件没有收" in answer.text
        assert "5000" in answer.text
        assert len(told.lines) == before

    def test_where_the_photo_cannot_be_kept_the_act_stands_and_it_is_said(
        self, worker: Phone, told: Story, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: Any) -> None:
            raise StoreUnavailable(why="磁盘满了")

        monkeypatch.setattr(ExhibitService, "file", broken)
        receipt = worker.receipt(worker.do("received", files=(BytesIO(photo()), "转账.jpg")))
        assert "照片没有存上" in receipt
        assert told.state("obligation/1") == "performed"

    def test_the_mediator_is_told(self, worker: Phone, told: Story) -> None:
        worker.do("received")
        assert "PaymentAcknowledged" in notices(told)


class TestMoneyNotReceived:
    def test_before_its_day_it_is_said_to_wait(self, worker: Phone, app: Flask, told: Story) -> None:
        page = worker.get("/party/do/not-received").text
        assert "还没到日子（2026年11月30日" in page
        assert 'name="pin"' not in page
        told.clock.now += timedelta(days=7)
        assert "还没到日子" in Phone(app, told).get("/party/do/not-received").text, "the last day counts whole"

    def test_after_its_day_it_is_a_breach_that_the_mediator_sees(
        self, app: Flask, told: Story, web_client: SignedIn
    ) -> None:
        late(told)
        worker = Phone(app, told)
        assert "会去催对方" in worker.receipt(worker.do("not-received", f__note="电话不接"))
        assert told.state("obligation/1") == ObligationState.BREACHED.value
        assert not told.lines[-1].defects
        assert "义务被违反" in web_client(Office.MEDIATOR).whole()
        assert "ObligationBreached" in notices(told)

    def test_a_booked_payment_that_did_not_come_counts_no_more(
        self, worker: Phone, told: Story, web_client: SignedIn
    ) -> None:
        told.do(RecordPayment(obligation="obligation/1", amount=1_200_000))
        assert told.state("obligation/1") == "performed"
        assert "会去核实" in worker.receipt(worker.do("disputed", f__reason="账号不是我的"))
        assert told.state("payment/1") == "disputed"
        assert told.state("obligation/1") == "pending"
        assert "PaymentDisputed" in notices(told)
        assert "有异议的付款1笔" in web_client(Office.MEDIATOR).get("/work").text

    def test_who_pays_says_nothing_of_what_came(self, head: Phone, told: Story) -> None:
        told.do(RecordPayment(obligation="obligation/1", amount=1_200_000))
        late(told)
        head = Phone(head.browser.application, told, "capacity/1")
        assert not {"收到了", "没收到", "这笔没收到"} & set(head.offered())
        for code, about in (("not-received", "obligation/1"), ("disputed", "payment/1")):
            assert head.do(code, {"party": "party/1", "about": about}).status_code == 409
        assert told.state("payment/1") == "recorded"


class TestQuestions:
    def test_they_are_answered_once_and_only_the_room_reads_them(
        self, worker: Phone, app: Flask, told: Story, web_client: SignedIn
    ) -> None:
        answers = {"f__fair": "yes", "f__charged": "no", "f__satisfied": "fairly", "f__said": "钱给得太慢"}
        assert "谢谢您回答" in worker.receipt(worker.do("questions", **answers))
        visit = list(told.case.facts.visits.values())[-1]
        assert (visit.kind.value, visit.party, visit.agreement, visit.by_party) == (
            "quality",
            "party/1",
            "agreement/1",
            True,
        )
        assert "回答回访的问题" not in worker.offered()
        assert worker.get("/party/do/questions").status_code == 409
        assert "钱给得太慢" in web_client(Office.LEAD).whole()
        screen = web_client(Office.LEAD).get("/cases/A1?show=joint").text
        assert "自己回答" not in screen
        assert "钱给得太慢" not in web_client(Office.AUDITOR).whole()
        assert "回答回访的问题" in Phone(app, told, "capacity/1").offered()

    def test_who_was_to_be_asked_answers_the_visit_itself(self, worker: Phone, told: Story) -> None:
        told.do(PlanQualityVisit(due=date(2026, 12, 9), party="party/1"))
        planned = told.case.of("visit")[-1]
        worker.receipt(worker.do("questions", f__willing="yes"))
        assert told.state(planned) == "done"
        assert told.case.of("visit")[-1] == planned


class TestChangingMediators:
    def test_the_lead_is_asked_and_it_can_be_taken_back_by_whom_it_is_of(
        self, worker: Phone, head: Phone, told: Story, web_client: SignedIn
    ) -> None:
        assert "会给您答复" in worker.receipt(worker.do("change", f__reason="他说话冲"))
        assert told.state("assignment/1") == "challenged"
        assert "ChangeAsked" in notices(told)
        assert "他说话冲" in web_client(Office.LEAD).whole()
        assert "不换调解员了" not in head.offered()
        assert head.do("keep", {"party": "party/1"}).status_code == 409
        worker.receipt(worker.do("keep"))
        assert told.state("assignment/1") == "standing"

    def test_one_who_changes_his_mind_does_not_speak_for_the_other(
        self, worker: Phone, head: Phone, told: Story
    ) -> None:
        worker.receipt(worker.do("change"))
        head.receipt(head.do("change"))
        worker.receipt(worker.do("keep"))
        assert told.state("assignment/1") == "challenged"
        head.receipt(head.do("keep"))
        assert told.state("assignment/1") == "standing"


class TestStopping:
    def test_it_says_what_comes_of_it_and_can_be_taken_back(
        self, worker: Phone, told: Story, web_client: SignedIn
    ) -> None:
        page = worker.get("/party/do/stop").text
        for words in ("自愿的", "再改主意", "向法院起诉", "照样要履行", "提交"):
            assert words in page, words
        assert "调解员会联系您" in worker.receipt(worker.do("stop", f__reason="不想谈了"))
        assert told.state("party/1") == "refusing"
        assert "MediationRefused" in notices(told)
        assert "1位当事人不想再调解了" in web_client(Office.MEDIATOR).get("/work").text
        assert "我不想再调解了" not in worker.offered()
        worker.receipt(worker.do("consent"))
        assert told.state("party/1") == "engaged"

    def test_in_labour_it_says_arbitration(self, story: Story) -> None:
        story.accepted("labour_mediation")
        assert "您还可以申请劳动仲裁" in "".join(ACTS["stop"].before(story.case))


class TestStatementsAndPapers:
    def test_words_for_the_mediator_are_his_alone_and_wait_to_be_read(
        self, worker: Phone, head: Phone, told: Story, web_client: SignedIn
    ) -> None:
        worker.receipt(worker.do("statement", f__words="其实八千就够了"))
        assert told.state("statement/1") == "new"
        li = web_client(Office.MEDIATOR)
        assert "其实八千就够了" in li.whole()
        assert "当事人陈述1份没有看" in li.get("/work").text
        assert "StatementMade" in notices(told)
        assert "其实八千就够了" not in web_client(Office.AUDITOR).whole()
        assert "陈述" not in li.get("/cases/A1?show=joint").text
        assert "其实八千" not in head.get("/party/do").text

    def test_words_for_all_are_for_all(self, worker: Phone, told: Story, web_client: SignedIn) -> None:
        worker.receipt(worker.do("statement", f__words="请大家看工资条", f__readers="joint"))
        assert "请大家看工资条" in web_client(Office.AUDITOR).whole()

    def test_empty_words_are_asked_for(self, worker: Phone, told: Story) -> None:
        answer = worker.do("statement", f__words=" ")
        assert answer.status_code == 422
        assert not told.case.of("statement")

    @pytest.mark.parametrize("readers", ["own", "joint"])
    def test_a_paper_is_filed_for_whom_it_is_for(
        self, worker: Phone, told: Story, web_client: SignedIn, readers: str
    ) -> None:
        given = {"f__title": "欠条", "f__readers": readers, "files": (BytesIO(photo()), "欠条.jpg")}
        worker.receipt(worker.do("paper", **given))
        exhibit = told.case.facts.exhibits["exhibit/1"]
        assert exhibit.label == ("party/1" if readers == "own" else "joint")
        assert "欠条" in web_client(Office.MEDIATOR).whole()
        assert ("欠条" in web_client(Office.AUDITOR).whole()) == (readers == "joint")
        assert "ExhibitHandedIn" in notices(told)

    def test_without_a_file_it_is_asked_for_and_the_words_stay(self, worker: Phone, told: Story) -> None:
        answer = worker.do("paper", f__title="欠条")
        assert (answer.status_code, "请拍照或选一个文件" in answer.text, "欠条" in answer.text) == (422, True, True)

    def test_who_may_read_is_one_of_those_offered(self, worker: Phone, told: Story) -> None:
        assert worker.do("statement", f__words="话", f__readers="host").status_code == 422

    def test_only_who_is_in_may_send_a_large_body(self, worker: Phone, app: Flask) -> None:
        kept = worker.browser.get_cookie("party", domain="127.0.0.1")
        cookie = f"party={kept.value}" if kept else ""

        def longest(cookie: str) -> int:
            headers = [(b"host", b"127.0.0.1:8000"), (b"content-type", b"multipart/form-data; boundary=x")]
            asked = Asked(
                method="POST", target="/party/do/paper", version="1.1", body=b"", length=0, client="127.0.0.1",
                headers=[*headers, (b"cookie", cookie.encode())], server=("127.0.0.1", 8000), scheme="http",
            )  # fmt: skip
            return int(app.longer_body(asked))  # type: ignore[attr-defined]

        assert longest(cookie) > MEGABYTE
        assert longest("party=nobody") == 0


class TestDataThatAreWrong:
    def test_a_request_waits_for_an_answer_and_is_nobody_elses(
        self, worker: Phone, told: Story, web_client: SignedIn
    ) -> None:
        worker.receipt(worker.do("correction", f__words="电话换了"))
        assert told.state("data_request/1") == "waiting"
        li = web_client(Office.MEDIATOR)
        page = li.whole()
        assert "电话换了" in page
        assert "答复更正资料的请求" in page
        assert "请求更正资料1件" in li.get("/work").text
        assert "CorrectionAsked" in notices(told)
        assert "资料更正" not in li.get("/cases/A1?show=joint").text
        assert "电话换了" not in web_client(Office.AUDITOR).whole()


class TestEachAct:
    @pytest.mark.parametrize("code", sorted(ACTS))
    def test_says_what_it_does_and_asks_the_pin_where_it_has_consequences(
        self, app: Flask, told: Story, code: str
    ) -> None:
        ready(told, code)
        page = Phone(app, told).get(f"/party/do/{code}").text
        assert ACTS[code].words in page
        assert ACTS[code].before(told.case)[0] in page
        assert ('name="pin"' in page) == (code not in WITHOUT_PIN)

    @pytest.mark.parametrize("code", sorted(ACTS))
    def test_sent_twice_is_once(self, app: Flask, told: Story, code: str) -> None:
        ready(told, code)
        phone = Phone(app, told)
        form = phone.form(code) | {"f.words": "话", "f.note": "没有"}
        form = {k: v for k, v in form.items() if not k.startswith("f.") or k[2:] in ACTS[code].asks}

        def sent() -> TestResponse:
            return phone.send(code, form | ({"files": (BytesIO(photo()), "a.jpg")} if ACTS[code].takes_files else {}))

        first = sent()
        assert first.status_code == 303, first.text
        after = len(told.lines)
        assert sent().location == first.location
        assert len(told.lines) == after

    @pytest.mark.parametrize("code", sorted(set(ACTS) - WITHOUT_PIN))
    def test_a_wrong_pin_does_nothing_counts_and_loses_nothing(self, app: Flask, told: Story, code: str) -> None:
        ready(told, code)
        phone = Phone(app, told)
        before, wrong = len(told.lines), "000000" if phone.issued.pin != "000000" else "000001"
        answer = phone.do(code, pin=wrong)
        assert (answer.status_code, "口令不对" in answer.text) == (422, True)
        for _ in range(MOST_WRONG - 1):
            answer = phone.do(code, pin=wrong)
        assert answer.location == "/links"
        assert len(told.lines) == before

    def test_the_list_has_it_all_and_the_look_is_on_record(self, worker: Phone, web_client: SignedIn) -> None:
        assert worker.offered() == [
            *(
                "收到了",
                "没收到",
                "回答回访的问题",
                "想换调解员",
                "我不想再调解了",
                "有话要说",
                "交材料",
                "我的资料有误",
            ),
        ]
        assert "凭当事人链接看可以办的事" in web_client(Office.LEAD).get("/cases/A1/reads").text

    def test_nobody_does_anything_without_a_link(self, app: Flask, told: Story) -> None:
        browser: Browser = app.test_client()  # type: ignore[assignment]
        for path in ("/party/do", "/party/do/stop", "/party/do/stop/receipt?id=x"):
            assert browser.get(path).location == "/links"

    def test_who_acts_for_two_says_for_whom(self, app: Flask, told: Story) -> None:
        key = told.acting_for("party/1", "party/2", person="zhang")
        phone = Phone(app, told, key)
        assert phone.get("/party/do").text.count("我不想再调解了") == 1
        choice = phone.get("/party/do/stop").text
        assert "替谁办" in choice
        assert re.findall(r'option value="([^"]+)"', choice) == ["party/1", "party/2"]
        phone.receipt(phone.do("stop", {"party": "party/2"}))
        assert (told.state("party/1"), told.state("party/2")) == ("engaged", "refusing")

    def test_of_very_many_each_is_chosen_on_a_page_of_its_own(
        self, worker: Phone, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("web.portal.acts.MOST_SHOWN", 1)
        assert worker.offered()[:2] == ["收到了", "没收到"]
        assert "应付" not in worker.get("/party/do").text

    def test_a_receipt_is_of_ones_own(self, worker: Phone, head: Phone, told: Story) -> None:
        answer = worker.do("statement", f__words="话")
        assert head.get(answer.location).location == "/party/do"


def test_what_a_party_can_do_is_written_down_from_the_tables() -> None:
    page = Path(__file__).parents[3] / "docs" / "party_acts.py"
    assert subprocess.run([sys.executable, page, "--check"], check=False).returncode == 0


def ready(story: Story, code: str) -> None:
    """A moment at which an act can be done."""
    if code == "disputed":
        story.do(RecordPayment(obligation="obligation/1", amount=1_200_000))
    if code == "not-received":
        late(story)
    if code == "consent":
        story.do(RefuseMediation(), "party/1")
    if code == "keep":
        story.do(AskForChange(party="party/1"), "assignment/1")


def undated(payment: Any) -> Any:
    """The payment, whenever it was made."""
    return structs.replace(payment, occurred=None)


def notices(story: Story) -> list[str]:
    """What goes out to the staff."""
    with story.store.read() as unit:
        return [it.event for it in unit.views.notices()]
