"""What a form begins with: all that its address means, what is usual, and nothing that nobody could mean."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from html import unescape
from urllib.parse import unquote

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.people import PartyKind, PersonDetails
from mediation_engine.domain.roles import Office
from mediation_engine.ids import system_randomness
from mediation_engine.ports.register import Person
from mediation_engine.services.people import People
from workflows.facts import facts_of
from workflows.parts.agreement import AffixSeal, DraftAgreement, SignAsMediator
from workflows.parts.capacity import EnterCapacity
from workflows.parts.visit import Finding, RecordVisit
from workflows.vocabulary import CapacityKind, PaidBy, SigningManner, VisitKind

from ...support.exhibits import ROOM_KEY
from ...support.story import STAFF, Story
from ...support.two_cases import in_effect, two_cases
from ..conftest import Browser
from .test_dashboard import li_over
from .test_steps import filled, filled_again

pytestmark = pytest.mark.quick

A1, B1 = "/cases/A1", "/cases/B1"
PAYING, SIGNING = f"{A1}/steps/RecordPayment", f"{A1}/steps/RecordSignatures"
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


class TestSigning:
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


class TestWhoComes:
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

    def test_a_day_that_cannot_be_read_is_told_at_its_field(self, story: Story) -> None:
        li = li_over(story)
        form = filled(li, self.PATH, do="plan") | {"plan.to.party/1": ["20000"], "plan.first": ["过几天"]}
        answer = li.post(self.PATH, data=form)
        assert answer.status_code == 422
        assert re.search(r'id="plan.first"[^>]*aria-invalid="true" aria-describedby="plan.first-fault1"', answer.text)
        assert '<a href="#plan.first">第一期哪天以前</a>' in answer.text


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
