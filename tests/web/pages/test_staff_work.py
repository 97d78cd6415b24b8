"""What a party does by itself reaches who works with it: the board, the case page, the steps."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from mediation_engine.domain.fields import Readers, Text
from mediation_engine.domain.message import Audience
from web.presenters.case_details import Casework
from web.presenters.case_options import Asking
from web.presenters.closing_checklist import lacking
from web.presenters.next_steps import next_steps
from workflows.parts.agreement import AmendAgreement
from workflows.parts.assignment import AskForChange, RefuseChange
from workflows.parts.confirmation import DeclineToSign, RaiseObjection
from workflows.parts.data_request import AskForCorrection
from workflows.parts.payment import DisputePayment, RecordPayment
from workflows.parts.statement import MakeStatement
from workflows.parts.visit import AnswerQuestions, Reply
from workflows.rules_2026.fast_track import FAST_TRACK
from workflows.vocabulary import CapacityKind

from ...support.story import PAY, Office, Story
from ...workflows.test_online import WORKER, by_phone, text_of, yes
from .test_dashboard import browser_over, li_over

TO_SIGN = "已在线确认，还要在纸上签"
WORDS = "第一条最多再等一个月"


def asked(story: Story, office: Office = Office.MEDIATOR) -> Asking:
    return Asking(view=story.view(office), workflow=FAST_TRACK)


def first(story: Story, office: Office = Office.MEDIATOR) -> list[tuple[str, str]]:
    """What leads on, by its words."""
    return [(way.label, way.about) for way in next_steps(asked(story, office)).first]


def plain(page: str) -> str:
    """The words of a page."""
    return html.unescape(re.sub(r"<[^>]+>", "", page.partition("<main")[2]))


def objected(story: Story) -> Story:
    story.drafted()
    by_phone(story, RaiseObjection(party="party/1", text_hash=text_of(story), clause=1, words=Text(WORDS)))
    return story


class TestSignaturesAfterTheTelephone:
    """A yes on a telephone is no signature: the paper is still to be signed."""

    def test_it_stays_among_what_is_open_and_in_the_next_steps_until_the_paper_is_signed(self, story: Story) -> None:
        by_phone(story.drafted(), yes(story))
        story.confirm("confirmation/2")
        assert first(story)[0] == ("确认协议", f"王某，{TO_SIGN}")
        assert ("王某签署协议1", TO_SIGN) in [(it.thing, it.state) for it in lacking(asked(story))]
        li = li_over(story)
        assert f"确认协议（王某，{TO_SIGN}）" in plain(li.get("/work").text)
        assert TO_SIGN in plain(li.whole()) and TO_SIGN in plain(li.get("/cases/A1/missing").text)
        story.confirm(WORKER)
        assert first(story)[0] == ("调解员签名", "协议1")
        assert TO_SIGN not in plain(li.whole())

    def test_it_is_no_signature_that_lacks_once_the_agreement_is_in_effect(self, story: Story) -> None:
        story.effective()
        assert not [key for key in FAST_TRACK.open_parts(story.case) if key.startswith("confirmation")]

    def test_the_mediator_signs_once_the_parties_have(self, story: Story) -> None:
        assert [label for label, _ in first(story.drafted())] == ["记录谁签了协议 2 项", "拒绝签署"]

    def test_who_declined_may_think_again_or_the_text_is_changed(self, story: Story) -> None:
        story.drafted()
        by_phone(story, DeclineToSign())
        story.confirm("confirmation/2")
        assert first(story) == [("修改协议书", "协议1"), ("确认协议", "王某")]


class TestObjections:
    """What a party has against a text waits for who changes it."""

    def test_it_waits_on_the_board_with_its_clause_and_leads_to_the_text(self, story: Story) -> None:
        page = li_over(objected(story)).get("/work").text
        assert "当事人对协议有意见（第一条），请看过再改" in page
        assert '/cases/A1/steps/AmendAgreement?on=agreement/1"' in page.replace("%2F", "/")
        assert 'class="tag late"' in page
        assert WORDS not in page

    def test_it_comes_first_in_the_case_and_its_words_stand_with_the_signature(self, story: Story) -> None:
        objected(story)
        assert first(story)[0] == ("修改协议书", "当事人对协议有意见（第一条），请看过再改")
        page = plain(li_over(story).whole())
        assert f"意见的原话{WORDS}" in page.replace("\n", "")
        assert WORDS not in li_over(story).get("/cases/A1?show=joint").text

    def test_a_new_text_takes_it_from_the_board(self, story: Story) -> None:
        objected(story).do(AmendAgreement(amount=900_000), "agreement/1")
        assert FAST_TRACK.waits(story.case) == []


class TestWhatAStepIsAbout:
    """The page of a step shows what it is about, as far as its reader may know it."""

    def test_a_statement_stands_on_the_page_on_which_it_is_ticked_off(self, story: Story) -> None:
        story.effective()
        by_phone(story, MakeStatement(party="party/1", words=Text("其实八千就够")), key="")
        page = plain(li_over(story).get("/cases/A1/steps/ReadStatement?on=statement/1").text)
        assert "最近记下的：当事人有陈述" in page and "其实八千就够" in page

    def test_a_request_stands_on_the_page_of_its_answer_and_who_reads_that_is_said(self, story: Story) -> None:
        story.effective()
        by_phone(story, AskForCorrection(party="party/1", words=Text("名字错了一个字")), key="")
        page = plain(li_over(story).get("/cases/A1/steps/CloseDataRequest?on=data_request/1").text)
        assert "名字错了一个字" in page
        assert "只有调解员、室主任能看" in page and "按“谁能看”一项" not in page

    def test_a_disputed_payment_is_told_with_each_way_to_settle_it(self, story: Story) -> None:
        story.effective().do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
        by_phone(story, DisputePayment(reason=Text("卡里没有这笔钱")), key="payment/1")
        page = plain(li_over(story).get("/cases/A1/steps/UpholdPayment?on=payment/1").text)
        for words in ("￥12,000.00", "卡里没有这笔钱", "冲销付款", "这笔不再算已付", "记录退汇"):
            assert words in page, words
        assert [label for label, _ in first(story)][:3] == ["核实付款属实", "冲销付款", "记录退汇"]

    def test_an_objection_stands_on_the_page_on_which_the_text_is_changed(self, story: Story) -> None:
        page = plain(li_over(objected(story)).get("/cases/A1/steps/AmendAgreement?on=agreement/1").text)
        assert "第一条" in page and WORDS in page

    def test_of_many_things_only_a_few_are_shown(self, story: Story) -> None:
        terms = tuple(replace(PAY, amount=(n + 1) * 100) for n in range(8))
        story.effective(terms=terms)
        page = plain(li_over(story).get("/cases/A1/steps/RecordPerformance?on=obligation").text)
        assert "另有 3 项" in page


class TestAnotherMediator:
    """Who wishes for another mediator reaches the lead, and is answered alone."""

    @staticmethod
    def wished(story: Story) -> Story:
        story.effective()
        by_phone(story, AskForChange(party="party/1", reason=Text("他是老板的表弟")), key="assignment/1")
        return story

    def test_it_waits_for_the_lead_with_why_and_with_both_answers(self, story: Story) -> None:
        lead = browser_over(self.wished(story), "wang")
        board = lead.get("/work").text
        assert "当事人要求更换调解员，请室主任决定" in board and "由谁：室主任" in board
        for step in ("GrantChange", "RefuseChange"):
            page = plain(lead.get(f"/cases/A1/steps/{step}?on=assignment/1").text)
            assert "他是老板的表弟" in page
        assert [label for label, _ in first(story, Office.LEAD)][:2] == ["同意更换调解员", "不予更换调解员"]

    def test_a_refusal_is_read_by_who_asked_and_by_no_other_party(self, story: Story) -> None:
        page = browser_over(self.wished(story), "wang").get("/cases/A1/steps/RefuseChange?on=assignment/1").text
        assert '<option value="party/1" selected' in page
        story.do(RefuseChange(party="party/1", reason=Text("查过，不是亲戚")), "assignment/1", by=Office.LEAD)
        with story.store.read() as unit:
            labels = {t.words: t.label for t in unit.record.texts("A1").values()}
        assert labels["查过，不是亲戚"] == "party/1"


class TestManyThingsAtOnce:
    """What waits in a case hides nothing else that waits there."""

    def test_each_is_a_link_to_its_step_and_the_urgent_come_first(self, story: Story) -> None:
        objected(story)
        by_phone(story, MakeStatement(party="party/1", words=Text("其实八千就够")), key="")
        by_phone(story, AskForCorrection(party="party/1", words=Text("名字错了一个字")), key="")
        page = li_over(story).get("/work").text
        steps = re.findall(r"/steps/(\w+)", page)
        assert steps[0] == "AmendAgreement"
        assert {"AmendAgreement", "ReadStatement", "CloseDataRequest"} <= set(steps)
        assert "还有 2 项" in page


class TestAnswersOfAParty:
    """What a party answers itself about how it was treated is no visit, and the lead reads it first."""

    def test_they_are_called_a_questionnaire_wherever_they_are_named(self, story: Story) -> None:
        story.effective()
        by_phone(story, AnswerQuestions(party="party/1", agreement="agreement/1", fair=Reply.YES), key="")
        [key] = [k for k, it in story.case.facts.visits.items() if it.by_party]
        page = li_over(story).whole()
        assert "回访问卷（当事人自己填的）" in page
        assert "回访问卷" in Casework(view=story.view(Office.MEDIATOR)).summary(key)

    def test_they_are_told_to_the_lead_and_not_to_who_mediated(self) -> None:
        topic = FAST_TRACK.topic_of("QuestionsAnswered")
        assert topic is not None and topic.to == {Audience.LEAD} and "回访问卷" in topic.words


class TestWhoCanBeGivenALink:
    """The page for links leaves nobody out without a word, and offers first what works."""

    def test_a_firm_for_which_nobody_acts_is_named_with_why_and_the_step_that_helps(self, story: Story) -> None:
        li = li_over(story.drafted())
        page = li.get("/cases/A1/access").text
        unable = page.partition('id="unable"')[2]
        assert "某五金厂" in unable and "王某" not in unable
        assert "单位、群体自己不能按手机" in unable and "/cases/A1/steps/EnterCapacity" in unable
        story.acting_for("party/2", kind=CapacityKind.HEAD)
        assert 'id="unable"' not in li.get("/cases/A1/access").text

    def test_while_no_telephone_reaches_the_room_its_own_device_comes_first(self, story: Story) -> None:
        page = li_over(story.drafted()).get("/cases/A1/access").text
        assert page.index("window:party/1") < page.index("现在手机打不开") < page.index("issue:party/1")


def test_what_is_not_for_everybody_says_so_on_its_card(story: Story) -> None:
    story.effective()
    by_phone(story, MakeStatement(party="party/1", words=Text("其实八千就够了")), key="")
    story.do(MakeStatement(party="party/1", readers=Readers.JOINT, words=Text("请大家看工资条")))
    story.do(MakeStatement(party="party/1", readers=Readers.HOST, words=Text("他怕老板")))
    page = plain(li_over(story).whole())
    assert page.count("只有王某和调解员看得到") >= 1 and "只给调解员看" in page
    work = Casework(view=story.view(Office.MEDIATOR))
    [section] = [it for it in work.sections() if it.title == "当事人陈述"]
    assert [len(card.tags) for card in section.cards] == [2, 1, 2]
