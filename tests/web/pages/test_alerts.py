"""警情: the inbox by what is to be done, the form, the page of one, and what the board and the lists say of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.domain.zone import Zone
from mediation_engine.ports.store import Store
from mediation_engine.services.tasks import FinishingService
from web.presenters.alerts import Group, inbox, waiting
from web.security.passwords import give_password
from workflows.parts.agreement import AffixSeal, DraftAgreement, ReachAgreement, SignAsMediator
from workflows.parts.assignment import TakeCase
from workflows.parts.payment import RecordPayment
from workflows.phases.intake import AcceptCase
from workflows.vocabulary import Dispute
from workflows.zone.alert.contact import RecordContact
from workflows.zone.alert.disposal import FinishAlert
from workflows.zone.alert.facts import facts_of
from workflows.zone.alert.feedback import TellPolice
from workflows.zone.alert.inbox import SignForAlert
from workflows.zone.alert.outcome import SettleOnSpot
from workflows.zone.alert.vocabulary import ContactResult
from workflows.zone.outcome import LinkCase, RecordNotAgreed, ReferToMediation
from workflows.zone.tasks import case_of
from workflows.zone.vocabulary import OutcomeState

from ...support.story import BELOW, PAY, STAFF, ZHOU, Story
from ..conftest import PASSWORD, Browser

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


def test_one_is_found_by_a_name_or_its_number_wherever_it_stands(told: Story, mediator: Browser) -> None:
    alert(told).pushed()
    mediator.get("/alerts")
    for words, there in (("王某", True), ("J330784", True), ("没有这个人", False)):
        found = mediator.get(mediator.send("/alerts", q=words).location)
        assert words not in found.request.full_path
        assert ("/cases/J1" in found.text) is there, words
        assert ('<span class="tag ">待签收</span>' in found.text) is there, words
    assert "这次查找已经过期" in mediator.get("/alerts?search=99").text


def test_it_is_still_offered_to_contact_whom_nobody_has_reached(told: Story, mediator: Browser) -> None:
    story = alert(told).signed()
    one, other = facts_of(story.case).involved
    assert f"RecordContact?f.whom={one}" in mediator.get("/cases/J1").text
    story.do(RecordContact(whom=one, result=ContactResult.CALM))
    page = mediator.get("/cases/J1").text
    assert f"RecordContact?f.whom={other}" in page
    assert "还没有联系上" in page
    story.do(RecordContact(whom=other, result=ContactResult.NOT_MET))
    assert "还没有联系上" in mediator.get("/cases/J1").text
    story.do(RecordContact(whom=other, result=ContactResult.REFUSED))
    assert "还没有联系上" not in mediator.get("/cases/J1").text


def test_both_are_contacted_on_one_form(told: Story, mediator: Browser) -> None:
    story = alert(told).signed()
    one, other = facts_of(story.case).involved
    mediator.get(f"/cases/J1/steps/RecordContact?f.whom={one}")
    before = len(facts_of(story.case).contacts)
    typed = {"f.whom": one, "f.several": other, "f.manner": "call", "f.result": "calm"}
    answer = mediator.send("/cases/J1/steps/RecordContact", id="form-0009", do="do", **typed)
    assert answer.status_code == 303, answer.text
    assert [it.whom for it in facts_of(story.case).contacts.values()][before:] == [one, other]


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


def test_nothing_happened_on_a_day_to_come(mediator: Browser) -> None:
    mediator.get("/alerts/new")
    answer = mediator.send("/alerts/new", **FILLED | {"f.happened": "2026年12月25日"})
    assert (answer.status_code, "没有到" in answer.text, "王小明" in answer.text) == (422, True, True)


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
    for path in ("/cases", "/self-check"):
        assert "/cases/J1" not in mediator.get(path).text, path


def test_pages_that_cases_alone_have_are_not_there(told: Story, web_client: SignedIn) -> None:
    alert(told).signed()
    lead = web_client(Office.LEAD)
    for path in ("/cases/J1/dossier", "/cases/J1/dossier.pdf"):
        assert lead.get(path).status_code == 404, path
    for path in ("/cases/J1/people", "/cases/J1/access", "/cases/J1/visits/1", "/applications/J1/receipt"):
        assert lead.get(path).status_code == 404, path


CASE = case_of("J1", "outcome/1")
"""The case that the alert leads to."""


def became_a_case(told: Story) -> tuple[Story, Story]:
    """An alert that led to a case, and that case, taken by somebody."""
    story = alert(told)
    story.door = FinishingService(told.store, told.door.catalogue, told.door.randomness)
    story.signed().do(ReferToMediation(dispute=Dispute.DAMAGE, matter=Text("推搡致伤，要医药费")))
    case = Story(told.store, told.clock, CASE)
    case.door = story.door
    case.do(TakeCase())
    return story, case


def performed(told: Story) -> tuple[Story, Story]:
    """The same, agreed on and paid."""
    story, case = became_a_case(told)
    case.do(AcceptCase(), by=Office.LEAD)
    case.do(ReachAgreement(terms=(PAY,)))
    case.do(DraftAgreement(signers=("party/1", "party/2")), "agreement/1")
    case.confirm("confirmation/1", "confirmation/2")
    case.do(SignAsMediator(), "agreement/1")
    case.do(AffixSeal(), "agreement/1", by=Office.LEAD)
    case.do(RecordPayment(amount=PAY.amount, obligation="obligation/1", payer="party/2", payee="party/1"))
    return story, case


class TestLinks:
    def test_the_alert_leads_to_its_case_and_the_case_back(self, told: Story, mediator: Browser) -> None:
        became_a_case(told)
        there, back = mediator.get("/cases/J1").text, mediator.get(f"/cases/{CASE}").text
        assert there.count(f'<a href="/cases/{CASE}">') == 2  # above all, and on the card of the outcome
        assert back.count('<a href="/cases/J1">') == 2
        assert "警情 J330784 · 王某、某五金厂" in back
        assert f"<dd>{CASE}</dd>" not in there and "<dd>J1</dd>" not in back  # ids say nothing to anybody

    def test_a_screen_for_all_leads_to_no_alert(self, told: Story, mediator: Browser) -> None:
        became_a_case(told)
        assert "/cases/J1" not in mediator.get(f"/cases/{CASE}?show=joint").text

    def test_who_may_not_read_the_alert_is_not_led_there(self, told: Story) -> None:
        story, _ = became_a_case(told)
        there = Actor(id="below", name="村调解", organisation=BELOW.id, offices=frozenset({Office.MEDIATOR}))
        with told.store.write() as unit:
            unit.register.put_actor(there)
        view = story.door.view("J1", Office.MEDIATOR, STAFF[Office.MEDIATOR])
        assert [*view.linked] == [CASE]
        assert not story.door.view("J1", Office.MEDIATOR).linked


class TestPapers:
    def test_what_came_of_it_is_on_a_sheet_for_the_police(self, told: Story, mediator: Browser) -> None:
        story = alert(told).signed(station=Text("城西派出所"))
        assert "警情化解反馈单" not in mediator.get("/cases/J1?tab=papers").text
        story.do(RecordContact(result=ContactResult.CALM, whom="involved/1", said=Text("心里还有气")))
        story.do(SettleOnSpot(words=Text("赔礼道歉，互不追究")))
        listed = mediator.get("/cases/J1?tab=papers").text
        assert "/cases/J1/papers/alert_feedback?about=outcome/1" in listed
        assert "/dossier" not in listed
        page = mediator.get("/cases/J1/papers/alert_feedback?about=outcome/1").text
        assert 'href="/cases/J1?tab=papers#papers"' in page
        for words in ("城西派出所", "J330784", "东片区", "李调解", "当场化解", "赔礼道歉，互不追究", "已稳控"):
            assert words in page, words
        assert "处罚不处罚由公安机关依法决定" in page
        assert "心里还有气" not in page and "在厂门口推搡" not in page  # what was said to us stays with us
        for code in ("alert_performance", "alert_application"):
            assert mediator.get(f"/cases/J1/papers/{code}?about=outcome/1").status_code == 404

    def test_that_it_is_performed_is_certified_only_where_that_is_on_record(
        self, told: Story, mediator: Browser
    ) -> None:
        story, case = performed(told)
        assert facts_of(story.case).outcomes["outcome/1"].state is OutcomeState.PERFORMED
        number = case.case.facts.number
        certificate = mediator.get("/cases/J1/papers/alert_performance?about=outcome/1").text
        assert f"案号{number}" in certificate and "协议已履行" in certificate
        asked = mediator.get("/cases/J1/papers/alert_application?about=outcome/1").text
        assert "交了本申请不等于不予处罚" in asked and asked.count("申请人（签名、盖章或按指印）：") == 2

    @pytest.mark.parametrize("ending", ["pdf", "docx"])
    def test_each_can_be_taken_away(self, told: Story, mediator: Browser, ending: str) -> None:
        performed(told)
        for code in ("alert_feedback", "alert_performance", "alert_application"):
            answer = mediator.get(f"/cases/J1/papers/{code}.{ending}?about=outcome/1")
            assert answer.status_code == 200 and len(answer.data) > 1000, code
        assert "取出文书：履行情况证明" in mediator.get("/cases/J1/reads").text


class TestBoard:
    def test_an_alert_goes_from_group_to_group_each_row_leading_to_its_form(
        self, told: Story, mediator: Browser
    ) -> None:
        story = alert(told).pushed()
        page = mediator.get("/work").text
        assert "警情待签收" in page and "/cases/J1/steps/SignForAlert" in page
        story.do(SignForAlert())
        assert "/cases/J1/steps/RecordContact" in mediator.get("/work").text
        story.do(RecordContact(result=ContactResult.CALM))
        page = mediator.get("/work").text
        assert "/cases/J1/steps/SettleOnSpot" in page and "/cases/J1/steps/ReferToMediation" in page
        story.do(SettleOnSpot(words=Text("赔礼道歉")))
        assert "/cases/J1/steps/TellPolice?f.outcome=outcome/1" in mediator.get("/work").text
        story.do(TellPolice(outcome="outcome/1"))
        assert "/cases/J1/steps/FinishAlert" in mediator.get("/work").text
        story.do(FinishAlert())
        assert "/cases/J1" not in mediator.get("/work").text

    def test_what_is_late_comes_first_and_says_so(self, told: Story, web_client: SignedIn) -> None:
        alert(told).pushed()
        told.clock.now += timedelta(minutes=50)
        alert(told, "J2").pushed(number="J2")
        told.clock.now += timedelta(minutes=5)
        page = web_client(Office.MEDIATOR).get("/work").text
        assert page.index("/cases/J1/") < page.index("/cases/J2/")
        assert page.count("以前签收，已过期") == 1

    def test_nothing_is_to_be_done_while_a_case_goes_on(self, told: Story, mediator: Browser) -> None:
        became_a_case(told)
        assert "/cases/J1/steps/" not in mediator.get("/work").text
        panel = mediator.get("/cases/J1").text.partition('id="next-steps"')[2].partition("</section>")[0]
        assert "RecordPerformed" not in panel

    def test_who_does_not_answer_for_it_finds_it_among_the_rooms_and_signs_for_nothing(
        self, told: Story, web_client: SignedIn
    ) -> None:
        told.with_colleague()
        alert(told).pushed()
        with told.store.write("accounts") as unit:
            give_password(unit, ZHOU.id, PASSWORD, once=False)
        zhou = web_client(ZHOU.id)
        assert "J330784" not in zhou.get("/work?of=mine").text
        page = zhou.get("/work?of=room").text
        assert "等李调解、王主任签收" in page and "/cases/J1/steps/SignForAlert" not in page
        assert "/cases/J1/steps/SignForAlert" in web_client(Office.LEAD).get("/work?of=mine").text


def test_where_the_case_to_be_joined_is_not_found_the_page_says_so_and_what_to_do(
    told: Story, mediator: Browser
) -> None:
    story = alert(told)
    story.door = FinishingService(told.store, told.door.catalogue, told.door.randomness)
    story.signed().do(RecordContact(result=ContactResult.CALM))
    story.do(LinkCase(case="（2026）错字第1号"))
    page = mediator.get("/cases/J1").text
    assert "没有找到案号是“（2026）错字第1号”的案件" in page
    address = "/cases/J1/steps/RecordNotAgreed?on=outcome/1"
    assert address in page and address in mediator.get("/work").text
    story.do(RecordNotAgreed(), "outcome/1")
    story.do(LinkCase(case=told.case.facts.number or ""))
    assert facts_of(story.case).outcomes["outcome/2"].case == told.name


def test_where_no_districts_are_known_the_form_says_who_can_name_them(told: Story, mediator: Browser) -> None:
    assert "设置里还没有片区" not in mediator.get("/alerts/new").text
    told.door.catalogue.zone = Zone()
    assert "设置里还没有片区" in mediator.get("/alerts/new").text


def test_the_board_and_the_inbox_are_the_same_in_every_database(store: Store, clock: FixedClock) -> None:
    story = Story(store, clock, "J1").pushed()
    Story(store, clock, "J2").signed(number="J2")
    Story(store, clock, "J3").pushed(number="J3", district="west")
    Story(store, clock, "A1").registered()
    mediator = STAFF[Office.MEDIATOR]

    def found(*, own: bool) -> list[tuple[str, Group]]:
        todos = waiting(story.door, Office.MEDIATOR, mediator, ["room"], own=own)
        return [(it.view.case.id, it.group) for it in todos]

    assert found(own=True) == [("J1", Group.UNSIGNED), ("J2", Group.TO_CONTACT)]
    assert found(own=False) == [("J1", Group.UNSIGNED), ("J3", Group.UNSIGNED), ("J2", Group.TO_CONTACT)]
    shown = inbox(story.door, Office.MEDIATOR, mediator, "", "west", "")
    assert [row.case for row in shown.rows] == ["J3"]


def test_it_is_sent_on_to_a_district_that_is_chosen(told: Story, mediator: Browser) -> None:
    alert(told).pushed()
    page = mediator.get("/cases/J1/steps/RerouteAlert").text
    assert "<select" in page and "西片区" in page


def test_the_lead_assigns_a_case_that_an_alert_has_become_where_it_waits_for_that(
    told: Story, web_client: SignedIn
) -> None:
    story = alert(told)
    story.door = FinishingService(told.store, told.door.catalogue, told.door.randomness)
    story.signed().do(ReferToMediation(dispute=Dispute.DAMAGE))
    page = web_client(Office.LEAD).get("/room").text
    decision = page.partition("指定承办")[2].partition("</article>")[0]
    assert "指定承办</a>" in decision.partition('class="buttons"')[2]
