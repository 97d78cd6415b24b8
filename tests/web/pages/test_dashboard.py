"""The work page says what to do first; the list finds and narrows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from msgspec import structs

from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.ports.register import Person
from mediation_engine.read_models.projections import DueDate
from web.security import passwords
from workflows.facts import BatchRow
from workflows.parts.agreement import SignAsMediator
from workflows.parts.batch import RecordBatch
from workflows.parts.host import HandOverCase
from workflows.parts.obligation import Release, ReleaseObligation
from workflows.parts.payment import RecordPayment, RecordReturn, ResendPayment
from workflows.parts.risk import EaseRisk, RaiseRisk, Receiver, ReportRisk
from workflows.phases.follow_up import CloseAsPerformed, Planned
from workflows.vocabulary import Danger, PaymentResult, ReturnReason, SigningManner

from ...support.crew import SUM, crew
from ...support.story import BELOW, PAY, WORKER, Story
from ..conftest import PASSWORD, Browser, app_over

Sign = Callable[[Office], Browser]


def li_over(story: Story) -> Browser:
    """A mediator's browser over a story."""
    return browser_over(story, "li")


def browser_over(story: Story, id: str) -> Browser:
    """The browser of somebody on the staff over a story."""
    with story.store.write() as unit:
        passwords.give_password(unit, id, PASSWORD, once=False)
    browser: Browser = app_over(story).test_client()  # type: ignore[assignment]
    browser.sign_in(id)
    return browser


def test_everybody_begins_at_the_work_page(web_client: Sign, told: Story) -> None:
    for office in (Office.MEDIATOR, Office.LEAD, Office.AUDITOR, Office.ADMINISTRATOR):
        browser = web_client(office)
        assert browser.get("/").location == "/work"
        assert browser.get("/work").status_code == 200


def test_what_is_overdue_comes_first_and_says_who_owes_what_since_when(story: Story) -> None:
    story.effective(terms=(replace(PAY, due=date(2026, 11, 25)),))
    story.clock.now += timedelta(days=5)
    page = li_over(story).get("/work").text
    assert "→王某 1.2万元" in page
    assert "11月25日（周三），逾期3天" in page
    assert "王某 与 某五金厂" in page and "由谁：某五金厂" in page
    assert page.index("逾期") < page.index("全部案件")


def test_a_list_that_names_what_a_case_has_not_does_not_bar_the_page(story: Story) -> None:
    story.effective()
    with story.store.write() as unit:
        rows = unit.views.projection("A1")
        assert rows is not None
        stray = DueDate(case="A1", instance="visit/9", kind="visit", due=date(2026, 1, 1))
        unit.views.change(rows, structs.replace(rows, dues=rows.dues | {stray}))
    assert "走访9" in li_over(story).get("/work").text


def test_a_case_is_one_row_whatever_falls_due_in_it_and_says_its_number_and_who_owes(story: Story) -> None:
    story.effective(terms=tuple(replace(PAY, due=date(2026, 11, day)) for day in (20, 21, 22, 23, 23)))
    page = li_over(story).get("/work").text.partition("<main")[2]
    assert re.findall(r'class="count">([^<]*)<', page)[0] == "1件"
    assert page.count('class="do') == 1
    assert story.case.facts.number and story.case.facts.number in page
    assert page.count("由谁：某五金厂") == 4 and "另有" not in page
    assert "11月21日（周六），逾期2天" in page
    assert ["承办 李调解" in li_over(story).get(f"/work?of={of}").text for of in ("mine", "room")] == [False, True]


def test_what_else_is_due_by_today_is_seen_with_its_step_and_what_one_step_does_at_once_is_one_line(
    story: Story,
) -> None:
    story.effective(terms=tuple(replace(PAY, due=date(2026, 11, day)) for day in (20, 23, 23, 29)))
    page = li_over(story).get("/work").text.partition("<main")[2]
    seen = page.partition("<details")[0]
    assert re.search(r">记录付款</a> 某五金厂→王某 1.2万元等2笔", seen)
    assert "11月29日" not in seen


def test_a_visit_after_closing_is_told_apart_from_what_is_counted(story: Story) -> None:
    story.effective().do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
    story.do(CloseAsPerformed())
    story.clock.now += timedelta(days=400)
    page = li_over(story).get("/work?of=mine").text
    assert 'class="count">0件<' in page
    assert "已结案，还要做的" in page and "走访" in page


def test_what_falls_due_today_is_not_called_late(story: Story) -> None:
    story.effective(terms=(replace(PAY, due=date(2026, 11, 23)),))
    page = li_over(story).get("/work").text
    assert "今天到期" in page
    assert "逾期" not in page.partition(HELP)[0]


@pytest.fixture
def returned(story: Story) -> Story:
    """Of three payments two came back five days ago."""
    crew(story, 3)
    back = {"result": PaymentResult.RETURNED, "reason": ReturnReason.ACCOUNT}
    rows = (BatchRow(obligation=f"obligation/{n}", amount=SUM, **(back if n > 1 else {})) for n in (1, 2, 3))
    story.do(RecordBatch(agreement="agreement/1", rows=tuple(rows)))
    story.clock.now += timedelta(days=5)
    return story


HELP = "这一页怎么用"
RESEND = 'href="/cases/A1/steps/ResendPayment?on=payment/2&amp;on=payment/3"'


@pytest.mark.parametrize("scope", ["mine", "room"])
def test_money_that_came_back_waits_on_the_board_and_leads_to_where_it_is_sent_again(
    returned: Story, scope: str
) -> None:
    browser = li_over(returned)
    page = browser.get(f"/work?of={scope}").text
    assert "等我办" in page
    assert "退汇待重发2笔，共 ￥17,200.00" in page and f"{RESEND}>" in unquote(page)
    assert "11月23日（周一）起，已5天" in page
    assert (
        "逾期"
        not in page.partition(HELP)[0] + browser.get("/cases").text.partition('class="cases"')[2].partition(HELP)[0]
    )
    form = browser.get("/cases/A1/steps/ResendPayment?on=payment/2&on=payment/3").text
    assert re.findall(r'name="on" value="(payment/\d)" checked', form) == ["payment/2", "payment/3"]


def test_on_the_page_of_the_case_it_is_the_first_that_can_be_done(returned: Story) -> None:
    panel = li_over(returned).whole().partition('id="next-steps"')[2].partition("离结案还差什么")[0]
    first = panel.partition("<li")[2].partition("</li>")[0]
    assert "退汇待重发2笔，共 ￥17,200.00" in first and "记录重新付款成功" in first
    assert panel.count("ResendPayment") == 1, "it is the same step"


def test_it_waits_no_more_once_it_is_sent_again_paid_otherwise_or_let_go(returned: Story) -> None:
    browser = li_over(returned)
    returned.do(ResendPayment(), "payment/2")
    assert "退汇待重发1笔，共 ￥8,600.00" in browser.get("/work").text
    returned.do(RecordPayment(obligation="obligation/3", amount=SUM))
    for path in ("/work", "/cases/A1"):
        assert "退汇待重发" not in browser.get(path).text
    returned.do(RecordReturn(reason=ReturnReason.CLOSED), "payment/1")
    assert "今天起" in browser.get("/work").text
    returned.do(ReleaseObligation(reason=Release.WAIVED), "obligation/1")
    assert "退汇待重发" not in browser.get("/work").text


def test_it_waits_in_a_closed_case_too(returned: Story) -> None:
    returned.do(ResendPayment(), "payment/2", "payment/3")
    returned.do(CloseAsPerformed(visits=Planned.CANCELLED, visits_reason=Text("都已付清")))
    returned.do(RecordReturn(reason=ReturnReason.CLOSED), "payment/1")
    browser = li_over(returned)
    for path in ("/work", "/cases/A1"):
        assert "退汇待重发1笔，共 ￥8,600.00" in browser.get(path).text


def test_who_cannot_send_it_again_is_not_led_there(returned: Story) -> None:
    with returned.store.write() as unit:
        passwords.give_password(unit, "chen", PASSWORD, once=False)
    browser: Browser = app_over(returned).test_client()  # type: ignore[assignment]
    browser.sign_in("chen")
    panel = browser.whole().partition('id="next-steps"')[2].partition("</section>")[0]
    assert "记录重新付款成功（退汇待重发2笔，共 ￥17,200.00）：等调解员" in panel, (
        "who reads is told what is waited for"
    )
    assert "ResendPayment" not in panel


def groups(page: str) -> list[str]:
    """The headings of a board, in order."""
    return re.findall(r"<h2 id=.*?>(.*?)</h2>", page)


def test_a_case_one_can_move_on_says_with_what_and_leads_to_the_form(story: Story) -> None:
    story.accepted()
    story.clock.now += timedelta(days=2)
    page = li_over(story).get("/work").text
    assert groups(page) == ["等我办"]
    assert '<a class="do second" role="button" href="/cases/A1/steps/' in page
    assert "2天没动" in page and "起停了" not in page


def test_a_case_that_waits_for_the_lead_says_so_and_the_lead_finds_it_to_be_decided(story: Story) -> None:
    story.registered()
    story.clock.now += timedelta(days=1)
    page = li_over(story).get("/work").text
    assert groups(page) == ["等室主任"]
    assert "等我办" not in page and "看案件" in page
    lead = browser_over(story, "wang").get("/work").text
    assert groups(lead) == ["等您决定"]
    assert 'href="/cases/A1/steps/AcceptCase"' in lead


def test_what_a_party_is_to_sign_waits_for_the_party_for_the_mediator_and_for_the_lead(story: Story) -> None:
    story.drafted()
    story.clock.now += timedelta(days=1)
    for who in ("li", "wang"):
        page = browser_over(story, who).get("/work?of=room").text
        assert groups(page) == ["等当事人办"], who
        assert "记录谁签了协议" in page


def test_what_moved_today_comes_after_what_has_waited_longer(story: Story) -> None:
    story.accepted()
    story.clock.now += timedelta(days=3)
    Story(story.store, story.clock, "A0").accepted()
    assert groups(li_over(story).get("/work?of=room").text) == ["等我办", "今天动过"]


def test_the_case_longest_unmoved_is_looked_into_first_and_no_page_leaves_one_out(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.presenters.mediator_dashboard.A_PAGE", 2)
    for name in ("C3", "B1", "A2"):
        Story(story.store, story.clock, name).accepted()
        story.clock.now += timedelta(days=1)
    li, seen, path = li_over(story), list[str](), "/work?of=room"
    while path:
        page = li.get(path).text.partition("<main")[2]
        seen += re.findall(r'class="between"><a href="/cases/(\w+)"', page)
        onward = re.search(r'href="(/work\?after=[^"]+)">没有日子的案件还有', page)
        path = onward[1].replace("&amp;", "&") if onward else ""
    assert seen == ["C3", "B1", "A2"]


@pytest.mark.parametrize(
    "place",
    [
        *("x", "~", "2026-11-23~A1", "2026-11-23T01:00:00+00:00~", "%00~%00", "~" * 300),
        *("0001-01-01T00:00:00%2B08:00~A1", "9999-12-31T23:59:59-08:00~A1"),
    ],
)
def test_a_place_there_is_not_is_the_beginning(story: Story, place: str) -> None:
    story.accepted()
    answer = li_over(story).get(f"/work?after={place}")
    assert answer.status_code == 200 and "/cases/A1" in answer.text


def test_the_counts_at_the_head_lead_to_the_groups(story: Story) -> None:
    story.effective(terms=(replace(PAY, due=date(2026, 11, 22)),))
    page = li_over(story).get("/work").text
    for code in re.findall(r'<h2 id="(\w+)"', page):
        assert re.search(rf'href="#{code}"[^>]*>\S+ <strong>\d+\+?</strong>', page), code
    assert '<a href="#late" class="count-late">逾期 <strong>1</strong></a>' in page


def test_a_risk_that_is_raised_stands_first_whatever_falls_due_and_stays_until_it_is_eased(story: Story) -> None:
    story.effective(terms=(replace(PAY, due=date(2026, 11, 20)),)).do(RaiseRisk(danger=Danger.FIGHT))
    li = li_over(story)
    page = li.get("/work").text
    assert groups(page)[:2] == ["激化风险，还没有报告", "逾期"]
    assert 'href="/cases/A1/steps/ReportRisk?on=risk/1"' in unquote(page)
    assert "械斗" not in page
    story.do(ReportRisk(receiver=Receiver.POLICE), "risk/1")
    assert groups(li.get("/work").text)[:2] == ["逾期", "激化风险，还没有缓解"]
    story.do(EaseRisk(), "risk/1")
    assert "激化风险" not in li.get("/work").text


def test_a_risk_is_not_lost_behind_ever_so_much_that_waits(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("MOST_DUE", "MOST_DATES"):
        monkeypatch.setattr(f"web.presenters.mediator_dashboard.{module}", 2)
    for name in ("B1", "B2", "B3"):
        Story(story.store, story.clock, name).effective(terms=(replace(PAY, due=date(2026, 11, 20)),))
    Story(story.store, story.clock, "R1").accepted().do(RaiseRisk(danger=Danger.FIGHT))
    assert groups(li_over(story).get("/work?of=room").text)[0] == "激化风险，还没有报告"


def test_what_falls_due_within_a_week_is_there_and_what_is_further_off_is_not(story: Story) -> None:
    story.effective(terms=(replace(PAY, due=date(2026, 11, 30)), replace(PAY, due=date(2026, 12, 1), amount=5)))
    page = li_over(story).get("/work").text
    assert groups(page)[0] == "快到期"
    assert "11月30日（周一），还有7天" in page and "12月1日" not in page


def test_what_lies_below_the_room_is_asked_for_unless_there_is_nothing_else(story: Story) -> None:
    story.effective(terms=(replace(PAY, due=date(2026, 11, 22)),))
    story.do(HandOverCase(organisation="other"), by=Office.LEAD)
    browser = li_over(story)
    assert "逾期1天" in browser.get("/work").text
    assert "逾期1天" not in browser.get("/work?of=room").text
    story.name = "A2"
    story.registered()
    page = browser.get("/work").text
    assert "/cases/A2" in page and "逾期1天" not in page
    assert "逾期1天" in browser.get("/work?of=all").text


def test_a_room_with_nothing_below_it_has_no_such_scope(story: Story) -> None:
    with story.store.write() as unit:
        unit.register.put_organisation(replace(BELOW, parent=None))
    assert "连同下级" not in li_over(story).get("/work").text


def test_an_empty_room_says_what_comes_next(story: Story) -> None:
    assert "登记新案后" in li_over(story).get("/work").text
    assert "登记第一件后" in li_over(story).get("/cases").text


def test_an_auditor_finds_what_to_verify(web_client: Sign, told: Story) -> None:
    page = web_client(Office.AUDITOR).get("/work").text
    assert "待核查" in page
    assert "记录完整" in page


def test_an_administrator_sees_accounts_and_no_case(web_client: Sign, told: Story) -> None:
    page = web_client(Office.ADMINISTRATOR).get("/work").text
    assert "只有密码" in page
    assert "王某" not in page
    assert web_client(Office.ADMINISTRATOR).get("/cases").status_code == 403


@pytest.mark.parametrize("words", ["王某", "五金", "wm", "mwjc", "永开", "0001", "A1", "王某 五金", "ＷＭ"])
def test_a_case_is_found(web_client: Sign, told: Story, words: str) -> None:
    assert "/cases/A1" in web_client(Office.MEDIATOR).find(words).text


@pytest.mark.parametrize("words", ["李某", "金五", "0002", "zz", "%", "'", "\0", "🙂", "字" * 5000])
def test_what_nobody_is_called_is_not_found_and_stays_in_the_box(web_client: Sign, told: Story, words: str) -> None:
    answer = web_client(Office.MEDIATOR).find(words)
    assert answer.status_code == 200
    assert "没有找到这样的案件" in answer.text
    assert "/cases/A1" not in answer.text


def test_a_name_that_was_erased_finds_nothing(web_client: Sign, told: Story) -> None:
    with told.store.write() as unit:
        unit.register.put_person(replace(WORKER, version=2, name="（已依法删除）"))
    assert "/cases/A1" not in web_client(Office.MEDIATOR).find("王某").text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("phase=follow_up", True),
        ("phase=intake", False),
        ("state=open", True),
        ("state=closed", False),
        ("dispute=labour_pay", True),
        ("dispute=contract", False),
        ("track=people_mediation", True),
        ("track=labour_mediation", False),
        ("organisation=room", True),
        ("organisation=other", False),
        ("raised=zone", False),
        ("settled=zone", False),
        ("late=1", False),
    ],
)
def test_the_list_is_narrowed(web_client: Sign, told: Story, query: str, shown: bool) -> None:
    assert ("/cases/A1" in web_client(Office.MEDIATOR).get(f"/cases?{query}").text) == shown


@pytest.mark.parametrize(
    "query", ["phase=xyz", "organisation=elsewhere", "state=<b>", "late=2", "dispute=" + "x" * 2000, "track=%00"]
)
def test_a_choice_there_is_not_is_named_and_nothing_is_listed(web_client: Sign, told: Story, query: str) -> None:
    answer = web_client(Office.MEDIATOR).get(f"/cases?{query}")
    assert answer.status_code == 200
    assert "这一项" in answer.text
    assert "/cases/A1" not in answer.text
    assert "<b>" not in answer.text


def test_whoever_is_elsewhere_finds_nothing_of_ours(app: object, told: Story) -> None:
    browser: Browser = app_over(told).test_client()  # type: ignore[assignment]
    browser.sign_in("sun")
    for path in ("/work", "/cases"):
        assert "/cases/A1" not in browser.get(path).text
    for words in ("王某", "A1"):
        assert "/cases/A1" not in browser.find(words).text


def test_the_latest_registered_stand_first_and_the_next_page_goes_on_from_the_last(
    web_client: Sign, told: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.presenters.case_list.A_PAGE", 2)
    for name in ("B1", "A2", "C3"):
        Story(told.store, told.clock, name).registered()
    browser = web_client(Office.MEDIATOR)

    def shown(page: str) -> list[str]:
        return re.findall(r'href="/cases/(\w+)"', page.partition('class="cases"')[2])

    first = browser.get("/cases").text
    assert shown(first) == ["C3", "A2"]
    assert 'href="/cases?after=A2"' in first
    second = browser.get("/cases?after=A2").text
    assert shown(second) == ["B1", "A1"]
    assert "接着看" not in second


@pytest.mark.parametrize("words", ["工资", "欠薪", "拖欠劳动", "王某 工资", "工资 五金", "wm 欠薪"])
def test_a_case_is_found_by_what_it_is_about(web_client: Sign, told: Story, words: str) -> None:
    assert "/cases/A1" in web_client(Office.MEDIATOR).find(words).text


@pytest.mark.parametrize("words", ["工伤", "离婚", "李某 工资", "工资 工伤", "资", "调解"])
def test_another_dispute_finds_it_not(web_client: Sign, told: Story, words: str) -> None:
    assert "/cases/A1" not in web_client(Office.MEDIATOR).find(words).text


def test_what_is_found_by_its_dispute_is_walked_page_by_page_each_once(
    web_client: Sign, told: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.presenters.case_list.A_PAGE", 2)
    for name in ("A2", "A3", "A4"):
        Story(told.store, told.clock, name).registered()
    browser = web_client(Office.MEDIATOR)
    first = browser.find("欠薪").text
    second = browser.get("/cases?after=A2&search=1").text
    assert [set(re.findall(r'href="/cases/(A\d)"', page)) for page in (first, second)] == [{"A1", "A2"}, {"A3", "A4"}]


def test_the_list_is_sorted_as_asked_and_goes_on_from_its_place(
    web_client: Sign, told: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.presenters.case_list.A_PAGE", 1)
    for name, day in (("B1", 30), ("C1", 25)):
        Story(told.store, told.clock, name).effective(terms=(replace(PAY, due=date(2026, 11, day)),))
    browser = web_client(Office.MEDIATOR)
    for sort, wanted in (("oldest", ["A1", "B1", "C1"]), ("date", ["C1", "A1", "B1"])):
        seen, path = list[str](), f"/cases?sort={sort}"
        while path:
            page = browser.get(path).text.partition('class="cases"')[2]
            seen += re.findall(r'href="/cases/(\w\d)"', page)
            onward = re.search(r'href="(/cases\?[^"]+)">接着看', page)
            path = onward[1].replace("&amp;", "&") if onward else ""
        assert seen == wanted, sort
    assert "这一项" in browser.get("/cases?sort=sum").text
    assert browser.get("/cases?sort=date&after=x~y").status_code == 200


def test_every_page_has_a_box_to_look_for_a_case_and_the_shared_screen_has_none(web_client: Sign, told: Story) -> None:
    browser = web_client(Office.MEDIATOR)
    assert 'id="anywhere"' in browser.get("/work").text
    found = browser.get(browser.send("/cases", q="王某").headers["Location"])
    assert "/cases/A1" in found.text
    assert 'id="anywhere"' not in browser.get("/cases/A1?show=joint").text
    assert 'id="anywhere"' not in web_client(Office.ADMINISTRATOR).get("/work").text


def test_the_list_goes_on_page_by_page_and_keeps_what_was_asked(
    web_client: Sign, told: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.presenters.case_list.A_PAGE", 2)
    for name in ("A2", "A3", "A4"):
        Story(told.store, told.clock, name).registered()
    browser = web_client(Office.MEDIATOR)
    first = browser.find("王某").text
    assert "/cases/A2" in first
    assert "/cases/A3" not in first
    assert "after=A2" in first
    second = browser.get("/cases?after=A2&search=1").text
    assert "/cases/A3" in second
    assert "/cases/A4" in second
    assert "接着看" not in second


def test_more_parties_than_fit_are_counted(told: Story, web_client: Sign) -> None:
    from workflows.parts.party import JoinCase
    from workflows.vocabulary import Side

    for n in range(4):
        joiner = Person(id=f"j{n}", name=f"工友{n}", kind=PartyKind.PERSON)
        order = told.order(JoinCase(person=f"j{n}", side=Side.APPLICANT))
        told.door.submit(order, [joiner])
    assert "等6方" in web_client(Office.MEDIATOR).get("/cases").text


def test_words_of_a_case_are_never_read_for_a_list(web_client: Sign, told: Story) -> None:
    from workflows.parts.block import RecordTalk

    told.do(RecordTalk(party="party/1", said=Text("只要八千")))
    browser = web_client(Office.MEDIATOR)
    assert "八千" not in browser.get("/work").text + browser.find("八千").text.replace('value="八千"', "")


def test_nobody_is_told_to_wait_for_who_waits_for_somebody_else(web_client: Sign, told: Story) -> None:
    """A fingerprint counts for nothing on the labour track: that is said, and not that the lead is waited for."""
    story = Story(told.store, told.clock, "L1")
    story.drafted("labour_mediation").confirm("confirmation/1", manner=SigningManner.FINGERPRINT)
    story.confirm("confirmation/2")
    story.do(SignAsMediator(), "agreement/1")
    for office in (Office.MEDIATOR, Office.LEAD):
        page = web_client(office).get("/cases/L1").text
        assert "这种签法不算数，请补签名或盖章" in page
        assert "等室主任" not in page.partition("<main")[2].partition("离结案")[0]
