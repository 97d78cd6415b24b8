"""本人的案件: who acts for a party reads his own case on a telephone, in his own numbers, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from urllib.parse import unquote

import pytest
from pypdf import PdfReader

from mediation_engine.domain.correcting import StrikeOrder
from mediation_engine.domain.erasing import ErasureGround
from mediation_engine.domain.fields import Readers, Text
from mediation_engine.domain.matter import CASE
from mediation_engine.domain.people import PartyKind, PersonDetails, Phone
from mediation_engine.domain.roles import Office
from mediation_engine.ids import system_randomness
from mediation_engine.ports.register import Person
from mediation_engine.services.people import People
from web.config import telephones
from web.pages.access_log import LOOKS
from web.portal import own_papers
from web.presenters.party_case import standing_of
from web.security.links import LONGEST, Issued
from web.security.party_links import issue_for_party
from web.wiring import catalogue
from workflows.facts import Term
from workflows.parts.agreement import AffixSeal, AmendAgreement, DraftAgreement, ReachAgreement, SignAsMediator
from workflows.parts.block import RecordTalk
from workflows.parts.capacity import EndCapacity
from workflows.parts.confirmation import ConfirmOnline
from workflows.parts.delivery import DeliverPaper
from workflows.parts.exhibit import FileExhibit
from workflows.parts.party import JoinCase, TellRights
from workflows.parts.payment import DisputePayment, RecordPayment
from workflows.parts.session import ScheduleSession
from workflows.parts.suspension import Cause, SuspendCase
from workflows.phases.follow_up import CloseAsPerformed
from workflows.vocabulary import CapacityEnd, CapacityKind, DeliveredPaper, ExhibitKind, OnlineMeaning, Side, TermKind

from ...support.exhibits import ROOM_KEY, handed, made_up
from ...support.story import PAY, STAFF, Story
from ..conftest import Browser, app_over

pytestmark = pytest.mark.usefixtures("quick")
PAGES = ("case", "record", "money", "papers", "reads", "me")
AGREED = "/party/papers/agreement.pdf?about=agreement/1"
LI = STAFF[Office.MEDIATOR]


@pytest.fixture
def drafted(story: Story) -> Story:
    """A text is out for signature; the head acts for the firm."""
    return with_head(story.drafted())


def with_head(story: Story) -> Story:
    with story.store.write() as unit:
        unit.register.put_person(Person(id="zhang", name="张厂长", kind=PartyKind.PERSON, organisation="room"))
    story.acting_for("party/2", person="zhang", kind=CapacityKind.HEAD)
    return story


def with_third(story: Story) -> Story:
    with story.store.write() as unit:
        unit.register.put_person(Person(id="hu", name="胡某", kind=PartyKind.PERSON, organisation="room"))
    story.do(JoinCase(person="hu", side=Side.APPLICANT))
    return story


def issued_to(story: Story, key: str = "party/1") -> Issued:
    return issue_for_party(story.door, ROOM_KEY, LI, "A1", key, 3)


def phone_of(story: Story, key: str = "party/1") -> Browser:
    """The telephone of somebody who is in."""
    issued, phone = issued_to(story, key), app_over(story).test_client()
    phone.get("/c")
    assert phone.send("/c", code=issued.code, pin=issued.pin).location == "/party"  # type: ignore[attr-defined]
    return phone  # type: ignore[return-value]


def words(phone: Browser, page: str) -> str:
    """What a page says."""
    answer = phone.get(f"/party/{page}")
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2]))


def file(story: Story, title: str, readers: Readers = Readers.JOINT, party: str | None = None) -> None:
    command = FileExhibit(
        kind=ExhibitKind.OTHER,
        title=Text(title),
        readers=readers,
        party=party,
        files=(made_up(len(story.lines)),),
    )
    story.door.submit(story.order(command), (), handed(command))


def agree(drafted: Story) -> None:
    """The worker agrees to the text by telephone."""
    digest = drafted.case.facts.agreements["agreement/1"].text_hash or ""
    drafted.do(
        ConfirmOnline(text_hash=digest, meaning=OnlineMeaning.UNSIGNED),
        "confirmation/1",
        by=Office.REPRESENTATIVE,
        actor="worker",
        capacity="party/1",
    )


class TestStanding:
    def test_every_state_of_every_phase_has_its_sentence(self) -> None:
        for workflow in (it for it in catalogue().workflows.values() if it.matter is CASE):
            for phase in workflow.phases:
                for state in phase.states:
                    found = standing_of(phase.name, state.value)
                    assert found.stands.endswith("。"), (phase.name, state)
                    assert found.onward.endswith("。"), (phase.name, state)

    def test_the_home_page_says_what_it_is_where_it_stands_and_whom_to_ask(self, drafted: Story) -> None:
        said = words(phone_of(drafted), "case")
        for part in ("永开人调字", "拖欠劳动报酬", "王某 与 某五金厂", "等各方签字", "李调解", "喜哥调解室"):
            assert part in said, part

    def test_the_telephone_of_the_room_is_a_press_away(self, drafted: Story, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("web.config.Settings.telephones", ["0579-87000000"])
        assert 'href="tel:057987000000"' in phone_of(drafted).get("/party/case").text

    def test_a_text_that_waits_is_asked_for_until_it_is_answered(self, drafted: Story) -> None:
        phone = phone_of(drafted)
        page = phone.get("/party/case").text
        assert 'href="/party?text=agreement/1">请看协议1，看过答复' in page
        agree(drafted)
        assert "还要到调解室在纸上签字" in words(phone, "case")
        drafted.confirm("confirmation/1")
        assert "现在没有要您办的" in words(phone, "case")

    def test_a_meeting_he_is_asked_to_stands_there_with_its_day_and_one_of_others_does_not(
        self, drafted: Story
    ) -> None:
        with_third(drafted)
        drafted.do(ScheduleSession(invited=("party/1", "party/2"), planned=date(2026, 12, 1)))
        drafted.do(ScheduleSession(invited=("party/2", "party/3"), planned=date(2026, 12, 3)))
        said = words(phone_of(drafted), "case")
        assert "开会，请您到场：2026年12月1日（周二）" in said
        assert "12月3日" not in said

    def test_while_it_is_suspended_it_says_so(self, drafted: Story) -> None:
        drafted.do(SuspendCase(cause=Cause.OTHER), by=Office.LEAD)
        assert "现在中止了" in words(phone_of(drafted), "case")

    def test_money_of_his_that_is_overdue_is_asked_for(self, story: Story) -> None:
        with_head(story.effective(terms=(replace(PAY, due=date(2026, 12, 1)),)))
        head, worker = "capacity/1", "party/1"
        assert "还没有付清" not in words(phone_of(story, head), "case")
        story.clock.now += timedelta(days=10)
        assert "协议1第一条过了期限还没有付清" in words(phone_of(story, head), "case")
        assert "还没有付清" not in words(phone_of(story, worker), "case")

    @pytest.mark.parametrize(
        ("line", "found"),
        [
            ("电话：0579-87000000", ["0579-87000000"]),
            ("电话 13812345678、0579 8700 0000", ["13812345678"]),
            ("地址：总部中心1楼101室 邮编321300", []),
        ],
    )
    def test_the_telephone_of_the_room_is_found_in_its_letterhead(self, line: str, found: list[str]) -> None:
        assert telephones([line]) == found


class TestRecord:
    def test_its_numbers_are_his_own_without_a_gap(self, drafted: Story) -> None:
        for party in ("party/1", "party/2"):
            drafted.do(RecordTalk(party=party, said=Text("只要八千就肯走")))
        file(drafted, "工资条")
        page = phone_of(drafted).get("/party/record").text
        numbers = [int(n) for n in re.findall(r'<article class="happened" id="l(\d+)"', page)]
        assert numbers == list(range(len(numbers), 0, -1))
        assert len(numbers) < len(drafted.lines)
        assert "八千" not in page
        assert "分头沟通" not in page

    def test_files_are_counted_as_he_sees_them(self, drafted: Story) -> None:
        file(drafted, "账本", Readers.HOST)
        file(drafted, "病历", Readers.OWN, "party/1")
        file(drafted, "合同", Readers.OWN, "party/2")
        file(drafted, "工资条")
        worker = words(phone_of(drafted), "record")
        head = words(phone_of(drafted, "capacity/1"), "record")
        assert "材料1" in worker
        assert "病历" in worker
        assert "材料2" in worker
        assert "材料3" not in worker + head
        assert worker.count("只有您这一方和调解员看得到") == 1
        for hidden in ("账本", "合同"):
            assert hidden not in worker, hidden
        assert "合同" in head
        assert "病历" not in head

    def test_nothing_of_the_record_itself_stands_there(self, drafted: Story) -> None:
        page = phone_of(drafted).get("/party/record").text.partition("<main")[2]
        digest = drafted.case.facts.agreements["agreement/1"].text_hash or ""
        for line in drafted.lines:
            assert line.command_id not in page
        for inner in ("party/1", "confirmation/", "agreement/", digest, "OnlineConfirmed", "host"):
            assert inner not in page, inner

    def test_a_long_one_comes_a_page_at_a_time(self, drafted: Story) -> None:
        for n in range(60):
            file(drafted, f"照片{n}")
        phone = phone_of(drafted)
        first = phone.get("/party/record").text
        [onward] = re.findall(r'href="(/party/record\?upto=\d+)"', first)
        second = phone.get(onward).text
        pages = [{int(n) for n in re.findall(r'id="l(\d+)"', page)} for page in (second, first)]
        assert max(pages[0]) + 1 == min(pages[1])
        assert min(pages[0]) == 1
        assert phone.get("/party/record?upto=99999").text.count("happened") == first.count("happened")
        assert phone.get("/party/record?upto=x").status_code == 200

    def test_what_one_order_did_to_many_is_told_of_his_own_and_the_rest_counted(self, drafted: Story) -> None:
        people = [Person(id=f"w{n}", name=f"工人{n}", kind=PartyKind.PERSON, organisation="room") for n in range(6)]
        with drafted.store.write() as unit:
            for it in people:
                unit.register.put_person(it)
        for it in people:
            drafted.do(JoinCase(person=it.id, side=Side.APPLICANT))
        drafted.do(TellRights(), *drafted.case.of("party"))
        said = words(phone_of(drafted), "record")
        assert "已告知权利义务 王某" in said
        assert "还有别人的7项" in said

    def test_what_followed_from_it_stands_there_too(self, story: Story) -> None:
        said = words(phone_of(story.effective()), "record")
        assert "协议已生效" in said
        assert "不列" not in said

    def test_what_was_corrected_says_so_and_leads_to_the_number_it_has_for_him(self, drafted: Story) -> None:
        drafted.do(RecordTalk(party="party/2", said=Text("月底有钱")))
        drafted.do(TellRights(), "party/1")
        told = drafted.lines[-1].version
        drafted.do(RecordTalk(party="party/2", said=Text("年底才有钱")))
        drafted.door.submit(drafted.order(StrikeOrder(order=told, reason=Text("记错了人"))))
        said = words(phone_of(drafted), "record")
        last = max(int(n) for n in re.findall(r"(\d+)\. ", said))
        assert f"记错了，不再算数，见第{last}条" in said
        assert f"不再算数的是第{last - 1}条" in said


class TestMoney:
    @pytest.fixture
    def paid(self, story: Story) -> Story:
        """The firm owes the worker, in two parts, and somebody else."""
        with_third(with_head(story.accepted()))
        terms = (
            replace(PAY, due=date(2026, 12, 20)),
            Term(words=Text("付胡某"), kind=TermKind.PAY, payer="party/2", payee="party/3", amount=500_000),
        )
        story.do(ReachAgreement(terms=terms))
        story.do(DraftAgreement(signers=("party/1", "party/2")), "agreement/1")
        story.confirm("confirmation/1", "confirmation/2")
        story.do(SignAsMediator(), "agreement/1")
        story.do(AffixSeal(), "agreement/1", by=Office.LEAD)
        story.do(RecordPayment(obligation="obligation/1", payer="party/2", payee="party/1", amount=200_000))
        return story

    def test_he_sees_who_pays_whom_how_much_by_when_and_what_is_still_open(self, paid: Story) -> None:
        said = words(phone_of(paid), "money")
        for part in ("付给您", "某五金厂", "￥12,000.00", "壹万贰仟元整", "2026年12月20日（周日）以前", "￥2,000.00"):
            assert part in said, part
        assert "还差 ￥10,000.00" in said

    def test_only_his_own_stands_there(self, paid: Story) -> None:
        worker, head = words(phone_of(paid), "money"), words(phone_of(paid, "capacity/1"), "money")
        assert "胡某" not in worker
        assert "5,000" not in worker
        assert "胡某" in head
        assert head.count("您付") == 2

    def test_a_payment_that_is_disputed_stands_there_as_such(self, paid: Story) -> None:
        paid.do(DisputePayment(reason=Text("没有收到")), "payment/1")
        said = words(phone_of(paid), "money")
        assert "有异议" in said
        assert "还差 ￥12,000.00" in said

    def test_before_anything_binds_there_is_none(self, drafted: Story) -> None:
        assert "现在没有要付、要收的钱" in words(phone_of(drafted), "money")


class TestPapers:
    def test_the_text_is_taken_away_masked_under_a_name_that_names_nobody(self, drafted: Story) -> None:
        people = People(drafted.store, ROOM_KEY, system_randomness)
        known = PersonDetails(number=Text("33078419900101123X"), phones=(Phone(number=Text("13812345678")),))
        people.change(LI, "worker", expects=1, details=known)
        answer = phone_of(drafted, "capacity/1").get(AGREED)
        assert answer.mimetype == "application/pdf"
        assert "王某" not in unquote(answer.headers["Content-Disposition"])
        said = text_of(answer.data)
        assert "王某" in said
        assert "33078419900101123X" not in said
        assert "13812345678" not in said

    def test_what_he_answered_is_a_receipt_of_one_page(self, drafted: Story) -> None:
        phone = phone_of(drafted)
        assert phone.get("/party/receipt.pdf?text=agreement/1").status_code == 404
        digest = drafted.case.facts.agreements["agreement/1"].text_hash or ""
        agree(drafted)
        assert "receipt.pdf" in phone.get("/party/papers").text
        assert "receipt.pdf" in phone.get("/party/receipt").text
        answer = phone.get("/party/receipt.pdf?text=agreement/1")
        assert len(PdfReader(BytesIO(answer.data)).pages) == 1
        said = text_of(answer.data)
        code = drafted.lines[-1].command_id[:8].upper()
        for part in ("喜哥调解室", "王某", "协议1", digest, digest[:12], "尚须签名", code):
            assert part in said, part
        other = phone_of(drafted, "capacity/1")
        assert other.get("/party/receipt.pdf?text=agreement/1").status_code == 404

    def test_a_paper_that_went_to_him_is_his_and_one_that_went_to_the_other_is_not(self, drafted: Story) -> None:
        for party in ("party/1", "party/2"):
            drafted.do(TellRights(), party)
        drafted.do(DeliverPaper(paper=DeliveredPaper.RIGHTS, party="party/2"))
        mine, others = "/party/papers/rights.pdf?about=party/1", "/party/papers/rights.pdf?about=party/2"
        worker, head = phone_of(drafted), phone_of(drafted, "capacity/1")
        assert "还没有送过文书" in words(worker, "papers")
        assert "权利义务告知书" in words(head, "papers")
        assert [worker.get(path).status_code for path in (mine, others)] == [404, 404]
        assert [head.get(path).status_code for path in (mine, others)] == [404, 200]

    @pytest.mark.parametrize(
        "path",
        ["cover.pdf", "minutes.pdf?about=session/1", "agreement.pdf?about=agreement/9", "agreement.pdf", "none.pdf"],
    )
    def test_nothing_else_of_the_dossier_is_his(self, drafted: Story, path: str) -> None:
        assert phone_of(drafted).get(f"/party/papers/{path}").status_code == 404

    def test_where_no_pdf_can_be_made_the_page_stands_instead_and_says_so(
        self, drafted: Story, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        phone = phone_of(drafted)
        monkeypatch.setattr("mediation_engine.adapters.papers.pdf._families", frozenset)
        answer = phone.get(AGREED)
        assert answer.mimetype == "text/html"
        assert "现在做不了 PDF" in answer.text
        assert "壹万贰仟元整" in answer.text

    def test_every_paper_that_is_a_text_is_known(self) -> None:
        assert {kind.about for kind in own_papers.TEXTS} == {"agreement"}


class TestReads:
    def test_he_sees_which_office_looked_in_which_hour_and_not_who_at_what(self, drafted: Story) -> None:
        phone = phone_of(drafted)
        drafted.door.look(LI.id, Office.MEDIATOR, drafted.case, "replay 12")
        drafted.door.look("chen", Office.AUDITOR, drafted.case, "case")
        said = words(phone, "reads")
        assert "2026年11月23日（周一）" in said
        assert "核查员 上午9点多" in said
        assert "调解员 上午9点多" in said
        for hidden in ("李调解", "陈核查", "回放", "12"):
            assert hidden not in said.replace("2026", ""), hidden

    def test_his_own_looks_are_there_and_those_of_the_other_side_are_not(self, drafted: Story) -> None:
        head = phone_of(drafted, "capacity/1")
        drafted.clock.now += timedelta(hours=3)
        phone = phone_of(drafted)
        words(phone, "case")
        assert "您这一方（凭链接） 下午12点多" in words(phone, "reads")
        assert "9点" not in words(phone, "reads")
        drafted.clock.now += timedelta(minutes=1)
        assert "12点" not in re.sub("您这一方（凭链接） [^ ]+", "", words(phone, "reads"))
        assert head.get("/party/case").location == "/links"

    def test_every_look_of_his_has_its_words(self, drafted: Story) -> None:
        phone = phone_of(drafted)
        for page in PAGES:
            words(phone, page)
        phone.get(AGREED)
        with drafted.store.read() as unit:
            mine = [it.what for it in unit.views.reads("A1") if it.office == "representative"]
        assert len(mine) == len(PAGES) + 1
        assert set(mine) <= LOOKS.keys()


class TestMe:
    def test_he_sees_what_is_known_of_him_masked_and_what_it_is_for(self, drafted: Story) -> None:
        people = People(drafted.store, ROOM_KEY, system_randomness)
        known = PersonDetails(
            number=Text("33078419900101123X"),
            phones=(Phone(number=Text("13812345678")),),
            address=Text("永康市东城街道某路1号"),
        )
        people.change(LI, "worker", expects=1, details=known)
        said = words(phone_of(drafted), "me")
        for part in ("王某", "3307**************", "138****5678", "东城街道****", "存多久", "拿来做什么"):
            assert part in said, part
        assert "13812345678" not in said
        assert "13812345678" not in words(phone_of(drafted, "capacity/1"), "me")

    def test_who_was_erased_is_out(self, drafted: Story) -> None:
        phone = phone_of(drafted, "capacity/1")
        people = People(drafted.store, ROOM_KEY, system_randomness)
        people.erase(STAFF[Office.LEAD], "zhang", ground=ErasureGround.PURPOSE, basis="第47条", reason="本人申请")
        assert {phone.get(f"/party/{page}").location for page in PAGES} == {"/links"}


class TestNobodyIsIn:
    @pytest.mark.parametrize("page", [f"/party/{page}" for page in PAGES] + [AGREED, "/party/receipt.pdf"])
    def test_without_a_link_there_is_nothing(self, drafted: Story, page: str) -> None:
        assert app_over(drafted).test_client().get(page).location == "/links"

    @pytest.mark.parametrize("page", PAGES)
    def test_when_the_case_is_closed_the_pages_are(self, story: Story, page: str) -> None:
        story.effective()
        phone = phone_of(story)
        assert phone.get(f"/party/{page}").status_code == 200
        story.do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
        story.do(CloseAsPerformed())
        assert phone.get(f"/party/{page}").location == "/links"

    @pytest.mark.parametrize("page", PAGES)
    def test_when_the_capacity_has_ended_the_pages_are_closed(self, drafted: Story, page: str) -> None:
        phone = phone_of(drafted, "capacity/1")
        assert phone.get(f"/party/{page}").status_code == 200
        drafted.do(EndCapacity(reason=CapacityEnd.REVOKED), "capacity/1")
        assert phone.get(f"/party/{page}").location == "/links"

    @pytest.mark.parametrize("page", PAGES)
    def test_when_the_time_is_over_the_pages_are_closed(self, drafted: Story, page: str) -> None:
        phone = phone_of(drafted)
        drafted.clock.now += LONGEST + timedelta(minutes=1)
        assert phone.get(f"/party/{page}").location == "/links"

    @pytest.mark.parametrize("page", PAGES)
    def test_when_the_text_was_changed_he_is_told(self, drafted: Story, page: str) -> None:
        phone = phone_of(drafted)
        drafted.do(AmendAgreement(amount=900_000), "agreement/1")
        answer = phone.get(f"/party/{page}")
        assert (answer.status_code, "协议改过了" in answer.text) == (409, True)


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))
