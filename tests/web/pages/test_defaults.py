"""What a form begins with: all that its address means, what is usual, and nothing that nobody could mean."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.formatting import CHINA, WEEKDAYS
from mediation_engine.domain.people import PartyKind, PersonDetails
from mediation_engine.domain.roles import Office
from mediation_engine.ids import system_randomness
from mediation_engine.ports.register import Person
from mediation_engine.services.people import People
from workflows.facts import facts_of
from workflows.parts.agreement import AffixSeal, DraftAgreement, SignAsMediator
from workflows.parts.capacity import EnterCapacity
from workflows.parts.delivery import DeliverPaper
from workflows.parts.party import JoinCase
from workflows.parts.session import RecordSession
from workflows.parts.visit import Finding, RecordVisit
from workflows.vocabulary import (
    Ability,
    AuthorityPaper,
    CapacityKind,
    DeliveredPaper,
    Dispute,
    PaidBy,
    SessionResult,
    Side,
    SigningManner,
    VisitKind,
)

from ...support.exhibits import ROOM_KEY
from ...support.story import STAFF, Story
from ...support.two_cases import BUILDERS, FAMILY, in_effect, opened, two_cases
from ..conftest import Browser
from .test_dashboard import browser_over, li_over
from .test_steps import filled, filled_again

pytestmark = pytest.mark.quick

A1, B1 = "/cases/A1", "/cases/B1"
PAYING, SIGNING = f"{A1}/steps/RecordPayment", f"{A1}/steps/RecordSignatures"
CALLING = f"{B1}/steps/ScheduleSession"
DUE, SUM = datetime.combine(date(2026, 11, 28), time(9), CHINA), 16_500_00


@pytest.fixture
def story() -> Story:
    """Wages in six instalments, three due on the 28th; the case of a death, whose session is called for today."""
    return two_cases()


@pytest.fixture
def owed(story: Story) -> Story:
    """The same on the day on which the first three fall due."""
    in_effect(story).do(SignAsMediator(), "agreement/1")
    story.do(AffixSeal(), "agreement/1", by=Office.LEAD)
    story.clock.now = DUE
    return story


def offers(browser: Browser, path: str = A1) -> list[tuple[str, str]]:
    """What is offered next: (label, address)."""
    panel = browser.get(path).text.partition('class="next"')[2].partition("</section>")[0]
    found = re.findall(r'<a role="button"[^>]* href="([^"]+)">([^<]+)</a>', panel)
    return [(label, unquote(unescape(address))) for address, label in found]


class TestPaying:
    def test_on_the_day_a_payment_is_offered_with_all_that_is_due_and_who_pays(self, owed: Story) -> None:
        li = li_over(owed)
        [address] = [it for label, it in offers(li) if label == "记录付款"]
        form = filled(li, address)
        sums = [form[f"f.shares.{n}.amount"] for n in range(6)]
        assert sums == [["6000"], ["5750"], ["4750"], [""], [""], [""]]
        assert form["f.payer"] == ["party/4"]
        assert "批量付款" not in [label for label, _ in offers(li)]

    def test_it_is_one_press_and_says_how_it_was_paid(self, owed: Story) -> None:
        li = li_over(owed)
        [address] = [it for label, it in offers(li) if label == "记录付款"]
        answer = li.post(PAYING, data=filled(li, address, f__way=PaidBy.TRANSFER.code, do="do"))
        assert answer.status_code == 303
        [paid] = facts_of(owed.case).payments.values()
        assert (paid.amount, paid.payer, paid.way, len(paid.shares)) == (SUM, "party/4", PaidBy.TRANSFER, 3)
        assert "付款方式" in li.get(f"{A1}?tab=agreement").text

    def test_where_the_sums_differ_the_field_says_by_how_much(self, owed: Story) -> None:
        li = li_over(owed)
        [address] = [it for label, it in offers(li) if label == "记录付款"]
        answer = li.post(PAYING, data=filled(li, address, f__amount="16600", do="do"))
        assert answer.status_code == 422
        said = "3笔合计￥16,500.00，金额写的￥16,600.00，差￥100.00；请改成一样，金额也可以空着"
        assert re.search(rf'id="f.amount-fault1">{said}<', answer.text)

    def test_the_board_leads_to_the_form_filled_in_and_the_day_after_to_urging_all(self, owed: Story) -> None:
        board = unquote(unescape(li_over(owed).get("/work").text))
        assert f"{PAYING}?f.obligation=obligation/1&f.obligation=obligation/2&f.obligation=obligation/3" in board
        owed.clock.now += timedelta(days=1)
        li = li_over(owed)
        board = unquote(unescape(li.get("/work").text))
        urging = re.search(rf'href="({A1}/steps/UrgePerformance[^"]+)"', board)
        assert urging
        assert filled(li, urging[1])["on"] == ["obligation/1", "obligation/2", "obligation/3"]
        assert "督促履行 3 项" in [label for label, _ in offers(li)][:3]

    def test_a_row_of_what_is_open_leads_to_all_that_is_due_with_it(self, owed: Story) -> None:
        li = li_over(owed)
        aside = unquote(unescape(li.get(A1).text)).partition('id="open"')[2].partition("</aside>")[0]
        address = re.findall(rf'href="({PAYING}[^"]+)"', aside)[1]
        assert address == f"{PAYING}?f.obligation=obligation/1&f.obligation=obligation/2&f.obligation=obligation/3"
        form = filled(li, address)
        assert [form[f"f.shares.{n}.amount"] for n in range(4)] == [["6000"], ["5750"], ["4750"], [""]]
        assert form["f.payer"] == ["party/4"]


class TestSigning:
    def test_all_whom_a_link_names_are_ticked_however_many_they_are_and_how_each_signs_is_said(
        self, story: Story
    ) -> None:
        for n in range(5, 8):
            join(story, f"工友{n}")
        signers = tuple(f"party/{n}" for n in range(1, 8))
        story.do(DraftAgreement(signers=signers), "agreement/1")
        li = li_over(story)
        [address] = [it for label, it in offers(li) if label == "记录谁签了协议 7 项"]
        form = filled(li, address)
        assert all(form.get(f"f.signatures.{n}.signed") and all(form[f"f.signatures.{n}.manner"]) for n in range(7))
        assert form["together"] == ["SignAsMediator"]

    def test_the_mediator_s_own_signature_is_proposed_only_with_the_last_of_the_others(self, story: Story) -> None:
        li = li_over(drafted(story))
        assert "together" not in filled(li, f"{SIGNING}?on=confirmation/1")
        for n in range(1, 4):
            story.confirm(f"confirmation/{n}", manner=SigningManner.SIGNATURE)
        assert filled(li, f"{SIGNING}?on=confirmation/4")["together"] == ["SignAsMediator"]

    def test_a_text_out_for_signature_comes_before_another_that_can_be_written_all_the_same(self, story: Story) -> None:
        li, path = li_over(drafted(story)), f"{A1}/steps/DraftAgreement"
        page = li.get(path).text
        assert "已经有一份在等签字" in page
        assert 'name="f.signers"' not in page
        for way in ("papers/agreement?about=agreement/1", "steps/RecordSignatures", "steps/AmendAgreement"):
            assert way in unquote(page)
        [another] = re.findall(rf'href="({path}[?]another=1)"', page)
        assert 'name="f.signers"' in li.get(another).text

    def test_who_cannot_read_signs_by_name_and_finger_after_it_was_read_out(self, story: Story) -> None:
        people = People(story.store, ROOM_KEY, system_randomness)
        who = facts_of(story.case).parties["party/3"].person
        people.change(STAFF[Office.LEAD], who, expects=1, details=PersonDetails(cannot_read=True))
        story = drafted(story)
        form = filled(li_over(story), SIGNING)
        rows = [(form[f"f.signatures.{n}.manner"], form[f"f.signatures.{n}.read_by"]) for n in range(4)]
        name = STAFF[Office.MEDIATOR].name
        assert rows[2] == ([SigningManner.SIGNATURE_FINGERPRINT.code], [name])
        assert rows[0] == ([SigningManner.SIGNATURE.code], [""])

    def test_a_way_of_signing_says_that_it_does_not_count_and_another_form_is_not_offered(self, story: Story) -> None:
        page = li_over(drafted(story)).get(SIGNING).text
        assert ">按指印（不算数）<" in page
        assert ">签名并按指印<" in page
        assert "他人代书姓名" not in page

    def test_the_text_can_be_printed_while_somebody_has_still_to_sign(self, story: Story) -> None:
        story = drafted(story)
        assert ("打印协议书", f"{A1}/papers/agreement?about=agreement/1") in offers(li_over(story))

    @pytest.mark.parametrize("word", ["签名册", "权利义务告知书", "付款凭证", "协议书签署件"])
    def test_papers_are_found_by_their_names(self, story: Story, word: str) -> None:
        assert "没有叫" not in li_over(story).get(f"{A1}/steps?q={word}").text


def drafted(story: Story) -> Story:
    """The agreement about the wages, out for signature."""
    story.do(DraftAgreement(signers=tuple(f"party/{n}" for n in range(1, 5))), "agreement/1")
    return story


def second(story: Story) -> Story:
    """The second case, told on."""
    case = Story(story.store, story.clock, "B1")
    case.told = 100
    return case


def join(story: Story, name: str, **given: Any) -> None:
    somebody = Person(id=f"{story.name}.{name}", name=name, kind=PartyKind.PERSON)
    story.door.submit(story.order(JoinCase(person=somebody.id, side=Side.APPLICANT, **given)), [somebody])


class TestWhoComes:
    def test_the_wards_of_a_side_are_offered_together_with_their_guardian(self, story: Story) -> None:
        case = second(story)
        for name in ("石小甲", "石小乙"):
            join(case, name, ability=Ability.UNDER_16)
        li = li_over(story)
        [address] = [it for _, it in offers(li, B1) if "EnterCapacity" in it]
        form = filled(li, address)
        assert form["f.principals"] == ["party/6", "party/7"]
        assert form["f.kind"] == [CapacityKind.GUARDIAN.code]
        assert form["f.paper"] == [AuthorityPaper.KINSHIP.code]

    def test_all_that_nobody_has_heard_are_named(self, story: Story) -> None:
        story = Story(story.store, story.clock, "C1")
        opened(story, FAMILY, BUILDERS, "people_mediation", Dispute.LABOUR_INJURY, "fast_track_2026")
        panel = li_over(story).get("/cases/C1").text.partition('class="next"')[2].partition("</section>")[0]
        assert "杨秀兰、石父、石母" in panel

    def test_who_was_called_to_a_session_is_ticked_all_where_nobody_was_named(self, story: Story) -> None:
        li = li_over(story)
        assert filled(li, f"{B1}/steps/RecordSession?on=session/1")["f.attended"] == [f"party/{n}" for n in range(1, 6)]

    def test_who_comes_for_a_firm_is_shown(self, story: Story) -> None:
        manager = Person(id="A1.m", name="施某", kind=PartyKind.PERSON)
        entered = EnterCapacity(principals=("party/4",), person=manager.id, kind=CapacityKind.HEAD, settle=True)
        story.door.submit(story.order(entered), [manager])
        page = li_over(story).get(f"{A1}/steps/RecordSession").text
        assert re.search(r'value="party/4"[^>]*> <span>永康市宏达五金厂（施某）<', page)

    def test_a_refusal_unfolds_no_empty_row(self, story: Story) -> None:
        li = li_over(story)
        path = f"{B1}/steps/RecordSession?on=session/1"
        form = filled(li, path, f__result="", do="do")
        form.pop("f.result", None)
        answer = li.post(path.partition("?")[0], data=form)
        assert answer.status_code == 422
        assert re.search(r'data-fold="rare">', answer.text)

    def test_the_only_firm_without_anybody_is_whom_somebody_comes_for(self, story: Story) -> None:
        li, path = li_over(story), f"{A1}/steps/EnterCapacity"
        assert filled(li, path)["f.principals"] == ["party/4"]
        shown = li.get(path).text.partition('data-fold="rare"')[0]
        assert 'name="f.paper_day"' in shown

    def test_whoever_is_spoken_to_is_not_among_those_beside_him(self, story: Story) -> None:
        page = li_over(story).get(f"{A1}/steps/RecordTalk?f.party=party/4").text
        assert re.search(r'hidden><input type="checkbox" name="f.also" value="party/4"', page)
        assert not re.search(r'hidden><input type="checkbox" name="f.also" value="party/1"', page)

    def test_whom_one_called_is_one_press(self, story: Story) -> None:
        assert 'type="radio" name="f.party" value="party/1"' in li_over(story).get(f"{A1}/steps/RecordCall").text

    def test_everybody_agrees_to_all_members_at_once(self, story: Story) -> None:
        form = filled(li_over(story), f"{B1}/steps/AgreeToMember?on=member")
        assert len(form["on"]) == 8
        assert len(form["f.agreed_by"]) >= 2


class TestCalling:
    """The next session of the five parties: on what and how stands there from the last, what lacks is told there."""

    PATH = f"{B1}/steps/ScheduleSession"

    def test_on_what_and_how_are_as_they_were_last(self, story: Story) -> None:
        form = filled(li_over(story), self.PATH)
        assert (form["f.topic"], form["f.plan"]) == (["赔偿"], ["先核数额，再谈期限"])

    def test_the_next_is_called_on_the_form_of_the_first_with_the_same(self, story: Story) -> None:
        form = filled(li_over(story), f"{B1}/steps/RecordSession?on=session/1")
        place = "together.ScheduleSession.f."
        assert (form[f"{place}topic"], form[f"{place}plan"]) == (["赔偿"], ["先核数额，再谈期限"])

    def test_what_is_lacking_is_told_at_its_field(self, story: Story) -> None:
        li = li_over(story)
        li.get(self.PATH)
        convened(story)
        answer = li.post(self.PATH, data=filled(li, self.PATH, f__plan="", f__planned="2026-11-26", do="do"))
        assert answer.status_code == 422
        assert 'id="f.plan-fault1">这里还没有填<' in answer.text
        assert 'id="f.topic-fault1"' not in answer.text


def convened(story: Story) -> None:
    """The five parties of the second case meet."""
    case = second(story)
    keys = tuple(f"party/{n}" for n in range(1, 6))
    case.do(RecordSession(attended=keys, result=SessionResult.TO_BE_CONTINUED), "session/1")


class TestRows:
    def test_what_is_filled_in_under_more_is_said_and_unfolds_no_row(self, story: Story) -> None:
        li, path = li_over(story), f"{B1}/steps/ReachAgreement"
        form = filled(li, path, f__terms__0__words="付清", f__terms__0__default="每天加一元", do="more:f.terms")
        page = li.post(path, data=form).text
        assert re.search(r"<summary>更多.*每天加一元.*</summary>", page)
        assert not re.search(r'data-fold="f.terms.0" open', page)


class TestTheLead:
    def test_what_is_to_be_accepted_and_sealed_is_one_press_from_the_board(self, story: Story) -> None:
        Story(story.store, story.clock, "C1").registered()
        in_effect(story).do(SignAsMediator(), "agreement/1")
        board = unquote(browser_over(story, "wang").get("/work").text)
        assert re.search(r'href="/cases/C1/steps/AcceptCase">受理<', board)
        assert re.search(r'href="/cases/A1/steps/AffixSeal\?on=agreement/1">加盖', board)


class TestHandingOver:
    """One form for all who have still to get a paper; an order for each of them."""

    def test_all_that_have_not_got_it_are_ticked_and_it_is_offered_until_each_has(self, owed: Story) -> None:
        owed.clock.now = DUE - timedelta(days=4)
        li = li_over(owed)
        [address] = handing_over(li)
        form = filled(li, address, do="do")
        assert (form["f.party"], form["f.several"]) == (["party/1"], ["party/2", "party/3", "party/4"])
        form["f.several"] = ["party/2"]
        path = address.partition("?")[0]
        assert li.post(path, data=form).status_code == 303
        handed = facts_of(owed.case).deliveries.values()
        assert [(it.party, it.agreement) for it in handed] == [("party/1", "agreement/1"), ("party/2", "agreement/1")]
        assert "还差2方" in li.get(A1).text
        [address] = handing_over(li)
        assert (filled(li, address)["f.party"], filled(li, address)["f.several"]) == (["party/3"], ["party/4"])

    def test_the_only_agreement_is_chosen_and_is_asked_in_the_open(self, owed: Story) -> None:
        li = li_over(owed)
        page = li.get(f"{A1}/steps/DeliverPaper").text
        form = filled_again(page)
        assert (form["f.paper"], form["f.agreement"]) == (["agreement"], ["agreement/1"])
        assert page.index('id="f.agreement"') < page.index('data-fold="rare"')

    def test_of_another_paper_no_agreement_is_meant(self, owed: Story) -> None:
        form = filled_again(li_over(owed).get(f"{A1}/steps/DeliverPaper?f.paper=rights").text)
        assert form.get("f.agreement") in (None, [""])

    def test_one_handed_over_without_saying_which_is_the_only_one(self, owed: Story) -> None:
        for n in (1, 2, 3, 4):
            owed.do(DeliverPaper(paper=DeliveredPaper.AGREEMENT, party=f"party/{n}"))
        li = li_over(owed)
        assert "还没有送给" not in li.get(f"{A1}/missing").text
        assert handing_over(li) == []

    def test_sent_again_it_is_recorded_once(self, owed: Story) -> None:
        li, path = li_over(owed), f"{A1}/steps/DeliverPaper"
        form = filled(
            li, f"{path}?f.paper=agreement&f.agreement=agreement/1&f.party=party/1&f.several=party/2", do="do"
        )
        for _ in range(2):
            assert li.post(path, data=form).status_code == 303
        assert len(facts_of(owed.case).deliveries) == 2

    def test_all_can_be_ticked_without_a_script(self, owed: Story) -> None:
        li, path = li_over(owed), f"{A1}/steps/DeliverPaper"
        form = filled(li, f"{path}?f.paper=agreement&f.party=party/1", do="all:f.several")
        again = filled_again(li.post(path, data=form).text)
        assert again["f.several"] == ["party/2", "party/3", "party/4"]


def handing_over(li: Browser) -> list[str]:
    """Where 接下来 leads for a paper to be handed over."""
    return [address for _, address in offers(li) if "DeliverPaper" in address]


class TestVisiting:
    def test_all_were_there_is_one_press(self, owed: Story) -> None:
        li = li_over(owed)
        visit = next(k for k, v in facts_of(owed.case).visits.items() if v.kind is VisitKind.FOLLOW_UP)
        sheet = f"{A1}/visits/{visit.partition('/')[2]}"
        form = filled(li, sheet, everybody="是", f__finding="performing", f__satisfied="satisfied", do="do")
        assert li.post(sheet, data=form).status_code == 303
        made = facts_of(owed.case).visits[visit]
        assert (made.party, made.also) == ("party/1", ("party/2", "party/3"))

    def test_after_a_bad_visit_what_follows_is_offered(self, owed: Story) -> None:
        owed.clock.now = DUE - timedelta(days=3)
        visit = next(iter(facts_of(owed.case).visits))
        before = [label for label, _ in offers(li_over(owed))]
        owed.do(RecordVisit(party="party/1", finding=Finding.AT_RISK, said=Text("厂里在搬机器")), visit)
        after = [label for label, _ in offers(li_over(owed))]
        assert not any(label.startswith("督促履行") for label in before)
        assert any(label.startswith("督促履行") for label in after[:3])


class TestPlanning:
    PATH = f"{B1}/steps/ReachAgreement"

    def test_how_it_is_paid_stands_in_each_clause(self, story: Story) -> None:
        li = li_over(story)
        planned = {
            "plan.to.party/1": ["20000"],
            "plan.number": ["2"],
            "plan.first": ["下月28日"],
            "plan.how": ["transfer"],
        }
        form = filled(li, self.PATH, do="plan") | planned
        assert form["plan.every"] == ["month"]
        form = filled_again(li.post(self.PATH, data=form).text)
        words = [form[f"f.terms.{n}.words"][0] for n in range(2)]
        assert all("以银行转账向" in it for it in words)
        assert [form[f"f.terms.{n}.due"][0] for n in range(2)] == ["2026年12月28日", "2027年1月28日"]

    def test_how_far_apart_instalments_lie_is_never_guessed_from_what_cannot_be_read(self, story: Story) -> None:
        li = li_over(story)
        form = filled(li, self.PATH, do="plan") | {
            "plan.to.party/1": ["20000"],
            "plan.number": ["2"],
            "plan.first": ["下月28日"],
            "plan.every": ["century"],
        }
        answer = li.post(self.PATH, data=form)
        assert answer.status_code == 422 and "请选择隔多久付一期" in answer.text

    def test_a_day_that_cannot_be_read_is_told_at_its_field(self, story: Story) -> None:
        li = li_over(story)
        form = filled(li, self.PATH, do="plan") | {"plan.to.party/1": ["20000"], "plan.first": ["过几天"]}
        answer = li.post(self.PATH, data=form)
        assert answer.status_code == 422
        assert re.search(r'id="plan.first"[^>]*aria-invalid="true" aria-describedby="plan.first-fault1"', answer.text)
        assert '<a href="#plan.first">第一期哪天以前</a>' in answer.text


@pytest.mark.parametrize("when", ["本周六", "12月24日", "今天 23:50", "2027年1月5日"])
def test_a_time_to_come_is_refused_at_its_field_with_what_to_do(story: Story, when: str) -> None:
    li = li_over(story)
    path = f"{B1}/steps/RecordSession?on=session/1"
    form = filled(li, path, when=when, f__result=SessionResult.SETTLED.code, do="do")
    answer = li.post(f"{B1}/steps/RecordSession", data=form)
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert 'href="#when"' in page
    assert "还没有到" in page
    assert "这里只记已经发生的事；约以后的日子，请办理“安排会议”" in page
    assert "发生时间不能晚于现在" not in page


def test_a_day_to_come_is_arranged_by_its_weekday(story: Story) -> None:
    li, today = li_over(story), story.clock.now.date()
    day = today + timedelta(days=3)
    form = filled(li, CALLING, f__planned=f"周{WEEKDAYS[day.weekday()]}", do="preview")
    assert f"读作 {day.year}年{day.month}月{day.day}日" in unescape(li.post(CALLING, data=form).text)


def test_what_is_optional_is_never_the_one_button_that_is_filled(owed: Story) -> None:
    owed.clock.now = DUE - timedelta(days=4)
    panel = li_over(owed).get(A1).text.partition('class="next"')[2].partition("</section>")[0]
    offered = re.findall(r'<a role="button"( class="second")? href="([^"]+)"', panel)
    optional = [("FileProceeding" in address, bool(second)) for second, address in offered]
    assert (True, False) not in optional


def test_what_a_form_is_not_given_on_is_told_with_the_way_to_it(story: Story) -> None:
    li, path = li_over(story), f"{A1}/steps/TellRights"
    form = filled(li, f"{path}?on=party", do="do")
    del form["on"]
    assert '<a href="#on">针对哪一项</a>：请选择针对哪一项' in li.post(path, data=form).text
