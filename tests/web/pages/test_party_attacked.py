"""What somebody might try on the pages of parties, and what must hold then: sent again, another's, gone, too much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.errors import Refused
from mediation_engine.ports.register import Person
from web.http.request_context import exhibits
from web.security.party_links import issue_for_party
from workflows.parts.agreement import DraftAgreement, ReachAgreement
from workflows.parts.assignment import ChangeGround
from workflows.parts.exhibit import FileExhibit
from workflows.vocabulary import CapacityKind, ExhibitKind

from ...support.exhibits import ROOM_KEY
from ...support.files import photo
from ...support.story import NOW, PAY, STAFF, Story, register
from ..conftest import PASSWORD, Browser, app, app_over, browser, passwords, quick, web_client  # noqa: F401
from .test_applications import applied, ask, phone_of, the_case
from .test_party_acts import Phone
from .test_party_case import with_third

SignedIn = Callable[[Office | str], Browser]
LI = STAFF[Office.MEDIATOR]


def staffed(story: Story) -> Story:
    """Everybody has a password; the head of the firm stands in the register."""
    with story.store.write() as unit:
        unit.register.put_person(Person(id="zhang", name="张厂长", kind=PartyKind.PERSON, organisation="room"))
        for actor in STAFF.values():
            passwords.give_password(unit, actor.id, PASSWORD, once=False)
    return story


def in_effect(story: Story) -> Story:
    """The firm owes the worker 12,000 yuan; a head acts for the firm."""
    story.effective(terms=(replace(PAY, due=date(2026, 11, 30)),))
    story.acting_for("party/2", person="zhang", kind=CapacityKind.HEAD)
    return staffed(story)


@pytest.fixture
def told(story: Story) -> Story:
    return in_effect(story)


@pytest.fixture
def worker(app: Flask, told: Story) -> Phone:  # noqa: F811
    return Phone(app, told)


@pytest.fixture
def head(app: Flask, told: Story) -> Phone:  # noqa: F811
    return Phone(app, told, "capacity/1")


def text_hash(story: Story) -> str:
    return story.case.facts.agreements["agreement/1"].text_hash or ""


def words_of(story: Story) -> str:
    return str([*story.view(Office.LEAD).words.values()])


def answer(phone: Phone, said: str, id: str = "a" * 16, **more: str) -> TestResponse:
    phone.get(f"/party/answer?text=agreement/1&answer={said}&hash={text_hash(phone.story)}")
    given = {"text": "agreement/1", "answer": said, "hash": text_hash(phone.story), "pin": phone.issued.pin}
    return phone.browser.send("/party/answer", **(given | {"id": id} | more))


# -- high


class TestRoomForFiles:
    """One party sends two hundred files at once, for himself alone, without a PIN."""

    @pytest.fixture
    def filled(self, worker: Phone) -> None:
        files = [(BytesIO(photo(str(n))), f"{n}.jpg") for n in range(200)]
        worker.send("paper", worker.form("paper") | {"files": files})

    def test_the_mediator_can_still_keep_what_was_signed(self, app: Flask, told: Story, filled: None) -> None:  # noqa: F811
        with app.app_context():
            try:
                exhibits().file(told.order(FileExhibit(kind=ExhibitKind.SIGNED)), [photo("signed")])
            except Refused as fault:
                pytest.fail(fault.refusals[0].sentence)

    def test_the_other_side_can_still_hand_in_and_learns_nothing(self, head: Phone, filled: None) -> None:
        sent = head.do("paper", files=(BytesIO(photo("theirs")), "a.jpg"))
        assert "已经满了" not in sent.text
        assert sent.status_code == 303


class TestWhoLooked:
    def test_the_other_side_does_not_read_when_the_applicant_asked_how_it_stands(
        self, story: Story, tmp_path: Path
    ) -> None:
        app = app_over(story, folder=tmp_path / "exhibits")  # noqa: F811
        _, code = applied(app)
        staffed(story)
        case = Story(story.store, story.clock, the_case(story))
        case.do(register(track="labour_mediation", named=()))
        case.acting_for("party/2", person="zhang", kind=CapacityKind.HEAD)
        asking = phone_of(app)
        ask(asking, code)
        asking.get("/apply/status")
        issued = issue_for_party(story.door, ROOM_KEY, LI, case.name, "capacity/1", 7)
        other = phone_of(app)
        other.get("/c")
        other.send("/c", code=issued.code, pin=issued.pin)
        assert "申请人</dt>" not in other.get("/party/reads").text


class TestSentAgainWithOtherWords:
    """Back in the browser, something else is typed, and sent again: the form has the id it had."""

    def test_no_receipt_says_that_words_arrived_which_nobody_has(self, worker: Phone, told: Story) -> None:
        form = worker.form("statement")
        worker.send("statement", form | {"f.words": "先写的"})
        again = worker.send("statement", form | {"f.words": "后来改过的"})
        assert again.status_code == 409 or "后来改过的" in words_of(told)

    def test_nor_that_another_sum_is_booked(self, worker: Phone, told: Story) -> None:
        form = worker.form("received")
        worker.send("received", form | {"f.amount": "100"})
        again = worker.send("received", form | {"f.amount": "200"})
        assert again.status_code != 303 or len(told.case.facts.payments) == 2

    def test_a_receipt_is_of_what_was_done(self, worker: Phone) -> None:
        receipt = worker.do("statement", f__words="话").location.replace("/statement/", "/received/")
        assert "这笔钱已经记为收到" not in worker.get(receipt).text

    def test_a_receipt_says_for_whom_it_was(self, story: Story, tmp_path: Path) -> None:
        """Somebody is a party himself, and an agent of another: two links, one person."""
        with_third(story.effective())
        agent = staffed(story).acting_for("party/3", person="worker")
        app = app_over(story, folder=tmp_path)  # noqa: F811
        receipt = Phone(app, story, agent).do("statement", f__words="替胡某说的").location
        page = Phone(app, story).get(receipt).text
        assert "代表谁</dt><dd>王某<" not in page

    def test_what_was_sent_under_another_act_files_nothing(self, worker: Phone, told: Story) -> None:
        form = worker.form("stop")
        worker.send("stop", form)
        before = len(told.lines)
        worker.send("received", {"id": form["id"], "files": (BytesIO(photo()), "a.jpg")})
        assert len(told.lines) == before


# -- medium


class TestPrivateActs:
    def test_that_somebody_wrote_to_the_mediator_is_not_told_by_the_next_on_his_telephone(self, tmp_path: Path) -> None:
        shown = []
        for writes in (False, True):
            clock = FixedClock(NOW)
            story = staffed(Story(MemoryStore(clock), clock).drafted())
            story.acting_for("party/2", person="zhang", kind=CapacityKind.HEAD)
            app = app_over(story, folder=tmp_path / str(writes))  # noqa: F811
            phone = Phone(app, story)
            if writes:
                phone.do("statement", f__words="其实八千就够了")
            phone.issued = issue_for_party(story.door, ROOM_KEY, LI, "A1", "capacity/1", 7)
            phone.browser.get("/c")
            phone.browser.send("/c", code=phone.issued.code, pin=phone.issued.pin)
            assert answer(phone, "agree").status_code == 303
            shown.append("合用" in phone.get("/party/record").text)
        assert shown == [False, False]

    def test_who_says_why_he_wants_another_mediator_is_told_that_the_other_side_reads_it(
        self, worker: Phone, head: Phone
    ) -> None:
        page = worker.get("/party/do/change").text
        worker.do("change", f__ground="kin")
        is_told = ChangeGround.KIN.label in head.get("/party/record").text
        assert not is_told or "看得到您选的" in page or "各方都" in page.partition("为什么")[2].partition("说明")[0]


class TestErased:
    @pytest.fixture
    def erased(self, worker: Phone, told: Story) -> Phone:
        """The name is gone from among those who acted, as `People.erase` does it."""
        with told.store.write() as unit:
            actor = unit.register.actor("worker")
            assert actor
            unit.register.put_actor(replace(actor, name="erased", active=False))
        return worker

    @pytest.mark.parametrize("path", ["/party/do/statement", "/party/do/received"])
    def test_who_was_erased_sees_no_form(self, erased: Phone, path: str) -> None:
        assert erased.get(path).location == "/links"

    def test_who_was_erased_sends_nothing_and_is_told_so(self, erased: Phone) -> None:
        sent = erased.send("statement", {"id": "b" * 16, "party": "party/1", "f.words": "话", "f.readers": "own"})
        assert (sent.status_code, sent.location) == (302, "/links")

    def test_who_was_erased_does_not_come_before_the_last_press(self, story: Story, tmp_path: Path) -> None:
        drafted = staffed(story.drafted())
        phone = Phone(app_over(drafted, folder=tmp_path), drafted)
        with drafted.store.write() as unit:
            actor = unit.register.actor("worker")
            assert actor
            unit.register.put_actor(replace(actor, active=False))
        found = phone.get(f"/party/answer?text=agreement/1&answer=agree&hash={text_hash(drafted)}")
        assert found.location == "/links"


class TestAnswering:
    def test_a_page_left_open_until_it_was_signed_is_no_fault_of_the_system(self, worker: Phone, told: Story) -> None:
        page = worker.get(f"/party/answer?text=agreement/1&answer=agree&hash={text_hash(told)}")
        assert page.status_code < 500

    def test_an_answer_that_was_lost_is_answered_the_same_for_an_agent_of_two(
        self, story: Story, tmp_path: Path
    ) -> None:
        with_third(story.accepted())
        story.do(ReachAgreement(terms=(PAY,)))
        story.do(DraftAgreement(signers=("party/1", "party/2", "party/3")), "agreement/1")
        agent = story.acting_for("party/1", "party/3", person="zhang")
        app = app_over(staffed(story), folder=tmp_path)  # noqa: F811
        assert answer(Phone(app, story), "agree", "c" * 16).status_code == 303
        phone = Phone(app, story, agent)
        sent = [answer(phone, "agree") for _ in range(2)]
        assert "没有记下" not in sent[1].text
        assert [it.status_code for it in sent] == [303, 303]

    def test_of_an_objection_nothing_is_cut_off(self, story: Story, tmp_path: Path) -> None:
        """A browser counts a new line as one character, and sends two."""
        drafted = staffed(story.drafted())
        phone = Phone(app_over(drafted, folder=tmp_path), drafted)
        words = "\n".join(f"第{n:03}行的意见" for n in range(220))
        assert len(words) <= 2000
        sent = answer(phone, "object", words=words.replace("\n", "\r\n"))
        assert sent.status_code == 422 or "第219行的意见" in words_of(drafted)


# -- low


class TestForms:
    def test_an_order_without_an_id_is_no_fault_of_the_system(self, worker: Phone, told: Story) -> None:
        sent = worker.do("received", id="", files=(BytesIO(photo()), "a.jpg"))
        assert sent.status_code < 500, told.state("obligation/1")

    @pytest.mark.parametrize("id", ["", "  ", "a\nb", "automatic-1"])
    def test_an_id_is_one_of_ours(self, worker: Phone, told: Story, id: str) -> None:
        worker.do("statement", f__words="话", id=id)
        assert id not in {line.command_id for line in told.lines}

    def test_where_the_disk_is_full_what_was_typed_stays(self, worker: Phone, tmp_path: Path) -> None:
        (tmp_path / "exhibits").write_text("a file where the folder should be")
        sent = worker.do("paper", f__title="很重要的欠条", files=(BytesIO(photo()), "a.jpg"))
        assert "很重要的欠条" in sent.text

    def test_a_file_that_is_too_large_is_told_as_that(self, worker: Phone) -> None:
        sent = worker.do("paper", files=(BytesIO(bytes(22 << 20)), "a.mp4"))
        assert sent.status_code == 413
        assert "MB" in sent.text

    def test_nobody_buries_the_mediator_under_statements(self, worker: Phone) -> None:
        sent = [worker.do("statement", f__words=f"第{n}份").status_code for n in range(60)]
        assert sent[-1] != 303
