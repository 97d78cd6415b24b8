"""Taking a case a step on: twice is once, previews write nothing, refusals say where they are put right."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.machine import T
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.ports.register import Person
from web.wiring import catalogue
from workflows.facts import Term
from workflows.parts.agreement import AmendAgreement, DraftAgreement, ReachAgreement
from workflows.parts.confirmation import ConfirmAgreement
from workflows.parts.party import JoinCase
from workflows.vocabulary import Side, SigningManner, TermKind

from ...support.story import PAY, Story
from ..conftest import Browser
from ..forms.test_command_form import posted
from .test_dashboard import li_over

pytestmark = pytest.mark.quick

Client = Callable[[Office], Browser]
STEPS = "/cases/A1/steps"


def filled(browser: Browser, path: str, **typed: str) -> dict[str, list[str]]:
    """What the form at a path posts, with some of it filled in."""
    form = posted(browser.get(path).text.partition("<main")[2])
    given = {name.replace("__", "."): [value] for name, value in typed.items()}
    return {name: form.getlist(name) for name in form if name != "do"} | given


@pytest.mark.parametrize("workflow", catalogue().workflows.values(), ids=lambda w: w.name)
def test_every_gate_says_where_it_is_put_right_or_is_met_in_the_form_itself(workflow: Workflow) -> None:
    rows = [r for m in workflow.machines.values() for r in m.rows]
    codes = {g.code for r in rows if isinstance(r, T) for g in r.only_if}
    assert codes - workflow.guidance.opens.keys() - workflow.guidance.met_in_form == set()


def test_what_opens_a_gate_is_a_step_of_some_workflow() -> None:
    installed = catalogue().workflows.values()
    opening = {c for w in installed for commands in w.guidance.opens.values() for c in commands}
    assert opening - {c for w in installed for c in w.commands.values()} == set()


def test_every_form_of_the_case_opens(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    for name in ("AcceptCase", "RecordTalk", "RecordSession", "ConfirmAgreement", "AffixSeal", "RecordVisit"):
        page = li.get(f"{STEPS}/{name}")
        assert (name, page.status_code) == (name, 200)
    assert li.get(f"{STEPS}/RegisterCase").status_code == 404
    assert li.get(f"{STEPS}/Nonsense").status_code == 404
    assert "离结案还差什么" in li.whole()


def test_a_form_sent_twice_takes_effect_once_and_leads_to_the_same_page(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    form = filled(li, f"{STEPS}/RecordNote", f__words="先记一笔", do="do")
    first = li.post(f"{STEPS}/RecordNote", data=form)
    before = len(told.lines)
    again = li.post(f"{STEPS}/RecordNote", data=form)
    assert (first.status_code, first.location) == (again.status_code, again.location) == (303, "/cases/A1")
    assert len(told.lines) == before
    page = li.whole()
    assert page.count("已办理“补记情况”") == 1
    other = li.post(f"{STEPS}/RecordNote", data=form | {"f.words": "另一句"})
    assert other.status_code == 409
    assert "另一句" in other.text
    assert len(told.lines) == before


def test_a_preview_shows_the_lines_and_writes_nothing(web_client: Client, told: Story) -> None:
    li, before = web_client(Office.MEDIATOR), len(told.lines)
    page = li.post(f"{STEPS}/RecordNote", data=filled(li, f"{STEPS}/RecordNote", f__words="记一笔", do="preview"))
    assert page.status_code == 200
    assert "还没有写入" in page.text
    assert "情况" in page.text
    assert len(told.lines) == before


def test_what_is_wrong_is_told_all_at_once_and_what_was_typed_is_kept(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    form = filled(li, f"{STEPS}/ReachAgreement", f__amount="一万", f__words="谈妥了", when="下下周五", do="do")
    page = li.post(f"{STEPS}/ReachAgreement", data=form)
    assert page.status_code == 422
    for words in ("“一万”不是金额", "“下下周五”是", "还没有到；这里只记已经发生的事", "谈妥了", 'value="一万"'):
        assert words in unescape(page.text)


def test_a_stale_form_keeps_what_was_typed_and_goes_on_with_one_press(web_client: Client, told: Story) -> None:
    li, wang = web_client(Office.MEDIATOR), web_client(Office.LEAD)
    path = f"{STEPS}/RefuseMediation?on=party/1"
    form = filled(li, path, f__reason="再想想", do="do")
    wang.post(f"{STEPS}/TellRights", data=filled(wang, f"{STEPS}/TellRights?on=party/1", do="do"))
    stale = li.post(f"{STEPS}/RefuseMediation", data=form)
    assert stale.status_code == 409
    for words in ("情况有了变化", "已告知权利义务", "王主任", "再想想"):
        assert words in stale.text
    shown = posted(stale.text.partition("<main")[2])
    again = {name: shown.getlist(name) for name in shown if name != "do"} | {"do": ["do"]}
    assert li.post(f"{STEPS}/RefuseMediation", data=again).status_code == 303
    assert told.state("party/1") == "refusing"


def test_a_refusal_leads_to_where_it_is_put_right(web_client: Client, told: Story) -> None:
    page = web_client(Office.LEAD).get(f"{STEPS}/CloseAsPerformed").text
    assert "还差这些" in page
    assert re.search(r'class="mend" href="/cases/A1/steps/\w+', page)


def test_what_is_not_for_ones_office_is_said_and_nothing_is_asked(web_client: Client, told: Story) -> None:
    page = web_client(Office.MEDIATOR).get(f"{STEPS}/SuspendCase").text
    assert "由室主任办理" in page
    assert "f.cause" not in page
    assert web_client(Office.AUDITOR).get(f"{STEPS}/RecordNote").status_code == 403


def test_the_lead_sets_a_rule_of_ours_aside_with_a_reason(web_client: Client, told: Story) -> None:
    wang = web_client(Office.LEAD)
    form = filled(wang, f"{STEPS}/CloseAsPerformed", do="do")
    refused = wang.post(f"{STEPS}/CloseAsPerformed", data=form)
    names = re.findall(r'name="(waive\.\w+)"', refused.text)
    assert refused.status_code == 422
    assert names
    given = form | {name: ["双方另有安排"] for name in names}
    assert wang.post(f"{STEPS}/CloseAsPerformed", data=given).status_code == 303
    assert any(d.waived for line in told.lines for d in line.defects)


def test_registering_tells_once_of_open_cases_with_the_same_names(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    names = {"applicant__0__name": "王某", "respondent__0__name": "某塑料厂", "f__dispute": "contract"}
    form = filled(li, "/cases/new", **names, do="do")
    hint = li.post("/cases/new", data=form)
    assert hint.status_code == 200
    assert "某五金厂" in hint.text
    opened = li.post("/cases/new", data=form | {"told": ["A1"]})
    assert opened.status_code == 303
    assert li.post("/cases/new", data=form | {"told": ["A1"]}).location == opened.location
    case = told.door.case(opened.location.rpartition("/")[2])
    assert sorted(told.door.view(case.id, Office.MEDIATOR).parties) == ["某塑料厂", "王某"]


def test_a_firm_that_is_in_another_case_too_costs_no_second_press(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    names = {"applicant__0__name": "赵某", "respondent__0__name": "某五金厂", "f__dispute": "contract"}
    names["respondent__0__kind"] = PartyKind.ENTERPRISE.value
    assert li.post("/cases/new", data=filled(li, "/cases/new", **names, do="do")).status_code == 303


def test_the_parties_in_dispute_are_ticked_as_those_who_sign(story: Story) -> None:
    story.accepted()
    li = li_over(story)
    for path in (f"{STEPS}/DraftAgreement", f"{STEPS}/DraftAgreement?on=agreement/1"):
        page = li.get(path).text
        assert re.findall(r'name="f.signers" value="(party/\d)" checked', page) == ["party/1", "party/2"]
        if "agreement/1" not in story.case.instances:
            story.do(ReachAgreement(terms=(PAY,)))


def test_a_registration_without_an_applicant_says_what_is_missing(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    page = li.post("/cases/new", data=filled(li, "/cases/new", respondent__0__count="x", do="do"))
    assert page.status_code == 422
    for words in ("请写明申请人", "只有“", "纠纷类型"):
        assert words in page.text


TWO = tuple(
    Term(words=Text(words), kind=TermKind.PAY, payer="party/2", payee="party/1", amount=amount)
    for words, amount in (("首期", 7_000_000), ("尾期", 3_000_000))
)


@pytest.fixture
def drafted(told: Story) -> str:
    """A second agreement, out for signature and confirmed by one: two payments under one total."""
    told.do(ReachAgreement(terms=TWO, amount=10_000_000, words=Text("分两期付清")))
    key = told.case.of("agreement")[-1]
    told.do(DraftAgreement(signers=("party/1", "party/2")), key)
    mine = next(k for k, c in told.case.facts.confirmations.items() if c.agreement == key and c.party == "party/1")
    told.do(ConfirmAgreement(manner=SigningManner.SIGNATURE, identity_checked=True), mine)
    return key


class TestAmending:
    def test_the_form_opens_with_what_there_is(self, web_client: Client, told: Story, drafted: str) -> None:
        form = filled(web_client(Office.MEDIATOR), f"{STEPS}/AmendAgreement?on={drafted}")
        assert (form["f.terms.0.words"], form["f.terms.0.amount"]) == (["首期"], ["70,000.00"])
        assert (form["f.terms.1.words"], form["f.words"]) == (["尾期"], ["分两期付清"])
        assert (form["f.amount"], form["f.signers"]) == (["100,000.00"], ["party/1", "party/2"])

    @pytest.mark.parametrize("do", ["do", "preview"])
    def test_given_back_as_it_is_it_is_refused_and_the_confirmations_stand(
        self, web_client: Client, told: Story, drafted: str, do: str
    ) -> None:
        li, before = web_client(Office.MEDIATOR), len(told.lines)
        form = filled(li, f"{STEPS}/AmendAgreement?on={drafted}", do=do)
        again = li.post(f"{STEPS}/AmendAgreement", data=form)
        assert again.status_code == 422
        assert "没有改动" in again.text
        assert filled_again(again.text)["f.terms.0.words"] == ["首期"]
        assert len(told.lines) == before

    @pytest.mark.parametrize("name", ["f.amount", "f.words", "f.signers"])
    def test_what_is_emptied_is_told_and_not_left_as_it_was_in_silence(
        self, web_client: Client, told: Story, drafted: str, name: str
    ) -> None:
        li, before = web_client(Office.MEDIATOR), len(told.lines)
        form = filled(li, f"{STEPS}/AmendAgreement?on={drafted}", do="do") | {name: []}
        page = li.post(f"{STEPS}/AmendAgreement", data=form)
        assert page.status_code == 422
        assert "空着等于不改" in page.text
        assert len(told.lines) == before

    def test_what_somebody_else_filled_in_meanwhile_is_told_as_a_change_and_not_as_emptied(
        self, web_client: Client, told: Story, drafted: str
    ) -> None:
        li = web_client(Office.MEDIATOR)
        form = filled(li, f"{STEPS}/AmendAgreement?on={drafted}", do="do")
        told.do(AmendAgreement(replaces="agreement/1"), drafted)
        page = li.post(f"{STEPS}/AmendAgreement", data=form | {"f.words": ["改成一次付清"]})
        assert page.status_code == 409
        assert "空着等于不改" not in page.text

    def test_all_terms_are_not_taken_away_and_an_answer_is_no_change(
        self, web_client: Client, told: Story, drafted: str
    ) -> None:
        li = web_client(Office.MEDIATOR)
        form = filled(li, f"{STEPS}/AmendAgreement?on={drafted}", do="do")
        none = {n: v for n, v in form.items() if not n.startswith("f.terms.")} | {"f.terms": ["0"]}
        assert "空着等于不改" in li.post(f"{STEPS}/AmendAgreement", data=none).text
        answered = form | {"f.hints": ["1"], "f.hints.0.hint": ["interest"]}
        assert "没有改动" in li.post(f"{STEPS}/AmendAgreement", data=answered).text

    def test_the_preview_is_a_difference(self, web_client: Client, told: Story, drafted: str) -> None:
        li = web_client(Office.MEDIATOR)
        form = filled(li, f"{STEPS}/AmendAgreement?on={drafted}", f__amount="30000", do="preview")
        gone = {name: values for name, values in form.items() if not name.startswith("f.terms.0")}
        page = unescape(li.post(f"{STEPS}/AmendAgreement", data=gone).text)
        told_ahead = page.partition('id="ahead"')[2].partition("</section>")[0]
        assert "总金额：<del>￥100,000.00</del> → ￥30,000.00" in told_ahead
        assert re.search(r"条款第1条：<del>[^<]*首期[^<]*70,000.00[^<]*</del> → （删去）", told_ahead)
        assert "尾期" not in told_ahead.partition("总金额")[0]
        assert "全文或要点：<del>" not in told_ahead
        assert "确认已作废" in told_ahead

    def test_of_a_clause_only_what_reads_otherwise_is_told(self, web_client: Client, told: Story, drafted: str) -> None:
        li = web_client(Office.MEDIATOR)
        form = filled(li, f"{STEPS}/AmendAgreement?on={drafted}", f__terms__1__words="末期", do="preview")
        page = unescape(li.post(f"{STEPS}/AmendAgreement", data=form).text)
        told_ahead = page.partition('id="ahead"')[2].partition("协议书已修改")[0]
        assert "条款第2条，内容：<del>尾期</del> → 末期" in told_ahead
        assert told_ahead.count("<del>") == 1
        assert page.index('id="ahead"') < page.index('<button name="do" value="do"'), "one bar, always in sight"

    def test_an_unsent_form_sent_twice_takes_effect_once(self, web_client: Client, told: Story, drafted: str) -> None:
        li = web_client(Office.MEDIATOR)
        form = filled(li, f"{STEPS}/AmendAgreement?on={drafted}", f__words="改成一次付清", do="do")
        first, second = (li.post(f"{STEPS}/AmendAgreement", data=form).status_code for _ in range(2))
        assert (first, second) == (303, 303)
        assert told.case.facts.agreements[drafted].text_version == 2


def filled_again(page: str) -> dict[str, list[str]]:
    """What a form that was given back would post."""
    form = posted(page.partition("<main")[2])
    return {name: form.getlist(name) for name in form}


def test_a_step_that_is_recorded_with_a_defect_says_so_at_once(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    form = filled(li, f"{STEPS}/RecordVisit", f__finding="unreported", do="do")
    page = li.post(f"{STEPS}/RecordVisit", data=form)
    assert "办理后会注明" in page.text, "before it is recorded"
    assert li.post(f"{STEPS}/RecordVisit", data=form | {"shown": filled_again(page.text)["shown"]}).status_code == 303
    page = unescape(li.whole())
    assert "记录时注明了瑕疵：" in page
    assert "应写明走访了谁" in page


class TestHints:
    def test_a_hint_comes_back_as_a_row_to_be_answered_and_then_it_goes_through(
        self, web_client: Client, told: Story, drafted: str
    ) -> None:
        li = web_client(Office.MEDIATOR)
        form = filled(li, f"{STEPS}/AmendAgreement?on={drafted}", f__words="乙方自愿放弃社会保险，月息2分", do="do")
        page = li.post(f"{STEPS}/AmendAgreement", data=form)
        assert page.status_code == 422
        assert "约定不缴社会保险的无效" in page.text
        again = filled_again(page.text)
        assert (again["f.hints.0.hint"], again["f.hints.1.hint"]) == (["social_insurance"], ["interest"])
        assert again["f.words"] == ["乙方自愿放弃社会保险，月息2分"]
        short = li.post(f"{STEPS}/AmendAgreement", data=again | {"do": ["do"]})
        assert short.status_code == 422
        assert "仍要这样写的" in short.text
        assert filled_again(short.text)["f.hints"] == ["2"]
        answered = again | {"do": ["do"], "f.hints.0.note": ["已告知无效，双方坚持"]}
        assert li.post(f"{STEPS}/AmendAgreement", data=answered).status_code == 303
        assert told.case.facts.agreements[drafted].text_version == 2


def test_what_waits_for_an_event_is_one_press_from_the_case_page(web_client: Client, story: Story, told: Story) -> None:
    healed = Term(
        words=Text("复工"), kind=TermKind.CONTINGENT, payer="party/2", payee="party/1", trigger=Text("伤愈后")
    )
    other = Story(story.store, story.clock, "B1").effective(terms=(healed,))
    assert other.state("obligation/1") == "pending"
    li = web_client(Office.MEDIATOR)
    page = li.get("/cases/B1").text
    way = "/cases/B1/steps/DetermineObligation?on=obligation/1"
    assert f'href="{way}"' in page and "等条件成就的义务1项" in page
    assert filled(li, way)["f.ground"] == ["occurred"]
    assert "等条件成就的义务1项" in li.get("/work").text


def test_what_the_payee_is_probably_told_is_ticked_and_can_be_taken_off(web_client: Client, told: Story) -> None:
    li, page = web_client(Office.MEDIATOR), f"{STEPS}/TellPayee"
    form = filled(li, f"{page}?on=obligation/1", do="preview")
    assert form["f.court"] == ["是"]
    assert not {"f.arbitration", "f.enforcement", "f.payment_order"} & form.keys()
    assert "应写明告知了哪些途径" not in li.send(page, **form).text
    del form["f.court"]
    assert "应写明告知了哪些途径" in li.send(page, **form).text


@pytest.mark.parametrize("step", ["TellRemedies", "TellRights"])
def test_what_all_are_told_is_ticked_for_all_however_many_they_are(web_client: Client, told: Story, step: str) -> None:
    li = web_client(Office.MEDIATOR)
    for n in range(3, 7):
        somebody = Person(id=f"worker-{n}", name=f"工友{n}", kind=PartyKind.PERSON)
        told.door.submit(told.order(JoinCase(person=somebody.id, side=Side.APPLICANT)), [somebody])
    page = li.get(f"{STEPS}/{step}?on=party").text
    assert len(re.findall(r'name="on" value="(party/\d)" checked', page)) == 6


def test_where_more_than_four_could_be_meant_nothing_is_ticked_and_all_can_be(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    for n in range(3, 7):
        somebody = Person(id=f"worker-{n}", name=f"工友{n}", kind=PartyKind.PERSON)
        told.door.submit(told.order(JoinCase(person=somebody.id, side=Side.APPLICANT)), [somebody])
        page = li.get(f"{STEPS}/DeclareListComplete?on=party").text
        ticked, offered = re.findall(r'name="on" value="(party/\d)" checked', page), "全选" in page
        assert (len(ticked), offered) == ((n, False) if n <= 4 else (0, True))
    page = li.post(
        f"{STEPS}/DeclareListComplete", data=filled(li, f"{STEPS}/DeclareListComplete?on=party", do="all:on")
    ).text
    assert len(re.findall(r'name="on" value="(party/\d)" checked', page)) == 6


@pytest.mark.parametrize("press", ["nonsense", "plan", "fill", "sheet", "clauses", "do2", "DO", "more2:x"])
def test_a_press_that_the_form_does_not_know_gives_nothing_and_loses_nothing(
    web_client: Client, told: Story, press: str
) -> None:
    browser, before = web_client(Office.MEDIATOR), told.case.version
    form = filled(browser, f"{STEPS}/RecordNote") | {"f.words": ["写了半天的话"], "do": [press]}
    answer = browser.post(f"{STEPS}/RecordNote", data=form)
    assert answer.status_code == 422
    assert "什么也没有办" in answer.text and "写了半天的话" in answer.text
    assert told.case.version == before
