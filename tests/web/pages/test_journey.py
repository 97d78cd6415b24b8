"""A mediator's whole way with a new case in a real browser, with the lead where the lead is needed; and two at once.

Each with scripts and without: nothing here needs them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from mediation_engine.domain.roles import Actor, Office
from web.security import passwords

from ...support import browser as real
from ...support.story import STAFF, Story
from ..conftest import PASSWORD


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with real.chromium() as browser:
        yield browser


@pytest.fixture
def site(told: Story) -> Iterator[str]:
    with told.store.write() as unit:
        second = Actor(id="zhou", name="周调解", organisation="room", offices=frozenset({Office.MEDIATOR}))
        unit.register.put_actor(second)
        passwords.give_password(unit, second.id, PASSWORD, once=False)
    with real.served(told) as address:
        yield address


WITH = pytest.param(True, marks=pytest.mark.thorough)
"""With scripts: the longer way, for nothing here needs them."""


@pytest.fixture(params=[WITH, False], ids=["with scripts", "without scripts"])
def windows(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[list[BrowserContext]]:
    """Makers of windows, closed afterwards."""
    opened = [chromium.new_context(java_script_enabled=request.param, locale="zh-CN") for _ in range(2)]
    yield opened
    for context in opened:
        context.close()


TABS = {
    "party": "parties",
    "agreement": "agreement",
    "visit": "visits",
    **dict.fromkeys(("block", "member", "session"), "talks"),
}
"""On which tab a section stands."""


def named(row: Locator) -> str:
    """What a thing is called where it stands: in a line of its own, in a table, or on a card."""
    name = row.locator(".title, th").first
    return (name if name.count() else row).inner_text().removesuffix(row.locator(".tag").first.inner_text()).strip()


UNFOLD = "for (const it of document.querySelectorAll('main details')) it.open = true"


@dataclass
class Hand:
    """Somebody at a window, working on one case."""

    page: Page
    site: str
    case: str = "A1"

    def open(self, command: str, on: str = "") -> None:
        query = f"?on={on}" if on else ""
        self.page.goto(f"{self.site}/cases/{self.case}/steps/{command}{query}")

    def send(self) -> int:
        """Give the step; what the page that follows answered with."""
        with self.page.expect_navigation() as came:
            self.page.click(".buttons button:not(.second)")
        return came.value.status if came.value else 0

    def step(self, command: str, on: str = "", **filled: str) -> None:
        """Open a form, fill it in, give it; it must have gone through."""
        self.open(command, on)
        for name, value in filled.items():
            self.put(f"f.{name.replace('__', '.')}", value)
        self.send()
        told = self.page.inner_text("main")
        assert "已办理“" in told, told

    # -- what the page of the case shows

    def reopen(self) -> None:
        """The case, as it is now."""
        self.page.goto(f"{self.site}/cases/{self.case}")

    def now(self) -> str:
        """The phase it is in, and where that stands."""
        self.reopen()
        return " ".join(self.page.inner_text(".rail [aria-current=step]").split())

    def tab(self, name: str) -> None:
        """A tab of the case, as it is now."""
        self.page.goto(f"{self.site}/cases/{self.case}?tab={name}")

    def cards(self, section: str) -> dict[str, str]:
        """The things under a heading, each with its state."""
        self.tab(TABS[section])
        of = f"section:has(> #{section})"
        rows = self.page.locator(f"{of} :is(h3, tbody tr, ul.rows > li):has(.tag)").all()
        return {named(row): row.locator(".tag").first.inner_text() for row in rows}

    def seats(self) -> dict[str, str]:
        """Who of the five came to the session, and what each said."""
        self.page.evaluate(UNFOLD)
        rows = self.page.locator(".seats tr").all()
        return {row.locator("th").inner_text(): row.locator("td").inner_text() for row in rows}

    def on_a_screen(self) -> str:
        """What all in the room would see of it."""
        self.page.goto(f"{self.site}/cases/{self.case}?show=joint")
        self.page.evaluate(UNFOLD)
        words = self.page.inner_text("body")
        self.reopen()
        return words

    # -- filling in

    def put(self, name: str, value: str) -> None:
        control = self.page.locator(f"[name='{name}']")
        kind = control.first.get_attribute("type")
        if kind in ("radio", "checkbox"):
            self.page.check(f"[name='{name}'][value='{value}']")
        elif self.page.locator(f"select[name='{name}']").count():
            control.select_option(value)
        else:
            control.fill(value)


def at_desk(context: BrowserContext, site: str, name: str) -> Hand:
    page = context.new_page()
    page.set_default_timeout(20_000)
    real.sign_in(page, site, name)
    return Hand(page, site)


def register(hand: Hand) -> None:
    """A wage claim against a firm of the zone."""
    page = hand.page
    page.goto(f"{hand.site}/cases/new")
    hand.put("program", "consultation_2026/labour_mediation")
    hand.put("applicant.0.name", "赵某")
    hand.put("respondent.0.name", "某电器厂")
    hand.put("respondent.0.kind", "enterprise")
    hand.put("f.dispute", "labour_pay")
    hand.put("f.matter", "欠两个月工资")
    hand.put("f.in_zone", "是")
    hand.send()
    assert "已登记" in page.inner_text("main")
    hand.case = page.url.rpartition("/")[2]
    assert page.inner_text("h1") == "赵某 与 某电器厂"
    assert "尚无案号" in page.inner_text(".caption")
    assert "拖欠劳动报酬 · 劳动争议调解" in page.inner_text(".caption")


def test_from_registration_through_blocks_and_five_parties_to_a_visit(
    site: str, windows: list[BrowserContext], told: Story
) -> None:
    li, wang = at_desk(windows[0], site, STAFF[Office.MEDIATOR].id), at_desk(windows[1], site, "wang")
    register(li)
    wang.case = li.case
    assert li.now() == "受理 已登记"
    wang.step("AcceptCase")
    li.reopen()
    assert re.search("（2026）永开.*字第[0-9]{4}号", li.page.inner_text(".caption"))
    assert li.now() == "事前分块协调 分块协调中"

    talk_apart(li)
    seat_the_five(li)
    meet(li)
    agree(li)
    sign(li, wang)
    visit(li)

    case = told.door.case(li.case)
    assert (case.state("agreement/1"), case.state("visit/1")) == ("effective", "done")
    li.page.goto(f"{site}/cases/{li.case}/missing")
    assert "某电器厂→赵某 1.2万元" in li.page.inner_text("main")
    assert "签署用印" not in li.page.inner_text("main")


def talk_apart(li: Hand) -> None:
    """事前: each side is told its rights and heard alone; one does not meet before that has come to something."""
    li.step("TellRights", "party")
    li.tab("parties")
    assert li.page.locator("#party ~ .sides .card", has_text="已告知权利义务").count() == 2
    li.step("RecordTalk", party="party/1", said="只要工资")
    li.step("RecordTalk", party="party/2", said="月底有钱")
    assert li.cards("block") == {"分头沟通1": "分头沟通中", "分头沟通2": "分头沟通中"}
    li.tab("record")
    said = li.page.locator(".timeline > li", has_text="只要工资")
    assert "只有赵某和调解员看得到内容" in (said.text_content() or "")
    li.open("ConveneConsultation")
    assert "分头沟通的各方都须先有结果" in li.page.inner_text("[role=alert]")
    li.page.click("text=去“可以坐下来谈了”")
    li.send()
    assert li.cards("block") == {"分头沟通1": "可以坐下来谈了", "分头沟通2": "可以坐下来谈了"}
    assert "只要工资" not in li.on_a_screen()


FIVE = {
    "调解组织方": ("host", "孙主办", "先付一个月，余下月底付清"),
    "公检法机关": ("justice", "钱庭长", "欠薪应当足额支付"),
    "行政职能部门": ("department", "吴科长", "可以分两次"),
    "社会基层治理导师": ("mentor", "郑导师", "厂里确有订单"),
}
"""The parties at the table besides the disputants: who comes, and what each says."""


def seat_the_five(li: Hand) -> None:
    """Members for four parties, with both disputants' consent; the fifth are the disputants."""
    for role, name, _ in FIVE.values():
        li.open("RecordMember")
        li.put("f.role", role)
        li.put("f.person.new", name)
        for party in ("party/1", "party/2"):
            li.put("f.agreed_by", party)
        li.send()
        assert name in li.cards("member")
    assert set(li.cards("member").values()) == {"已加入"}
    li.open("ConveneConsultation")
    li.send()
    assert li.now() == "事中集中会诊 集中会诊中"


def meet(li: Hand) -> None:
    """事中: arranged with the four things that must be fixed, then held with all five at the table."""
    li.open("ScheduleSession")
    li.send()
    assert "定主题" in li.page.inner_text("[role=alert]")
    for name, value in {"topic": "欠薪怎么付", "planned": "2026-11-25", "plan": "分两次付清"}.items():
        li.put(f"f.{name}", value)
    for n in range(1, 5):
        li.put("f.members", f"member/{n}")
    li.send()
    assert li.cards("session") == {"会议1": "已安排"}
    li.open("RecordSession", "session/1")
    assert li.page.is_checked("[name='f.attended'][value='party/2']")  # as they were called
    for n, (_, _, opinion) in enumerate(FIVE.values()):  # who sits has a row already
        li.put(f"f.attendance.{n}.opinion", opinion)
    li.put("f.result", "settled")
    li.send()
    assert li.cards("session") == {"会议1": "已召开"}
    assert li.seats() == {role: f"{name}\u3000到会：{said}" for role, (_, name, said) in FIVE.items()} | {
        "当事人及关系人": "赵某、某电器厂"
    }
    assert "孙主办\u3000到会" in li.on_a_screen()


def agree(li: Hand) -> None:
    """What they have agreed, first as a preview in which the sum stands in characters."""
    terms = {"words": "月底前付清工资", "kind": "pay", "payer": "party/2", "payee": "party/1", "amount": "1.2万"}
    li.open("ReachAgreement")
    li.page.uncheck("[name='together'][value='DraftAgreement']")  # it is put in writing another day
    for name, value in terms.items():
        li.put(f"f.terms.0.{name}", value)
    li.page.click(".buttons .second")
    assert "还没有写入" in li.page.inner_text("main")
    assert "人民币壹万贰仟元整" in li.page.inner_text("main")
    li.send()
    assert li.cards("agreement")["协议1"] == "已谈妥"
    assert "￥12,000.00（人民币壹万贰仟元整）" in li.page.inner_text(".paper")
    assert "月底前付清工资" in li.page.inner_text(".paper tbody")


def sign(li: Hand, wang: Hand) -> None:
    """Drafted, signed by both and by the mediator, sealed by the lead: only then it binds, and visits are planned."""
    li.open("DraftAgreement", "agreement/1")
    for party in ("party/1", "party/2"):
        li.put("f.signers", party)
    li.send()
    assert li.cards("agreement") == {"协议1": "待签署", "赵某": "待确认", "某电器厂": "待确认"}
    wang.open("AffixSeal", "agreement/1")
    assert "还差这些" in wang.page.inner_text("[role=alert]")
    li.open("ConfirmAgreement", "confirmation")
    assert li.page.locator("[name='on']:checked").count() == 0  # nobody is taken to have signed
    for key in ("confirmation/1", "confirmation/2"):
        li.put("on", key)
    li.put("f.manner", "signature")
    li.send()
    assert "办理后会注明" in li.page.inner_text(".bar [role=alert]"), "said once before it is recorded"
    li.send()
    assert li.cards("agreement") == {"协议1": "待签署", "赵某": "已确认", "某电器厂": "已确认"}
    li.step("SignAsMediator", "agreement/1")
    wang.step("AffixSeal", "agreement/1")
    li.reopen()
    assert li.cards("agreement")["协议1"] == "已生效"
    assert li.now() == "走访稳固 履行监督中"
    assert [*li.cards("visit").values()] == ["待走访"] * 3
    assert "2026年11月30日" in li.page.inner_text("section:has(> #visit)")  # seven days after it took effect


def visit(li: Hand) -> None:
    """事后: the first of the planned visits is made."""
    li.step("RecordVisit", "visit/1", party="party/1", said="钱到了", finding="performing")
    assert li.cards("visit")["走访赵某，11月23日"] == "已走访"
    li.page.evaluate(UNFOLD)
    made = li.page.inner_text("section:has(> #visit) ul.rows > li >> nth=0")
    assert "钱到了" in made
    assert "履行中" in made
    assert "钱到了" not in li.on_a_screen()


def test_a_second_mediators_stale_form_says_who_was_faster_and_goes_on_with_one_press(
    site: str, windows: list[BrowserContext], told: Story
) -> None:
    li, zhou = at_desk(windows[0], site, "li"), at_desk(windows[1], site, "zhou")
    li.open("RefuseMediation", "party/1")
    li.put("f.reason", "他说先等等")
    li.put("when", "11月20日")
    zhou.step("TellRights", "party/1")
    before = len(told.lines)

    assert li.send() == 409
    moved = li.page.inner_text(".moved")
    assert "情况有了变化" in moved
    assert "还没有办理" in moved
    assert "已告知权利义务" in moved
    assert "周调解" in moved
    assert "王某" in moved
    assert li.page.input_value("[name='f.reason']") == "他说先等等"
    assert li.page.input_value("[name='when']") == "11月20日"
    assert "读作 2026年11月20日（周五）" in li.page.inner_text("main")
    assert len(told.lines) == before
    assert told.case.state("party/1") == "engaged"

    assert li.page.inner_text(".buttons button:not(.second)") == "看过变化，接着办理"
    li.send()
    assert "已办理“明确拒绝调解”" in li.page.inner_text("main")
    assert [line.actor for line in told.lines[-2:]] == ["zhou", "li"]
    assert len(told.lines) == before + 1
    li.tab("record")
    refused = li.page.locator(".timeline > li", has_text="他说先等等")
    assert "2026年11月20日" in li.page.locator("section.day", has=refused).locator(".date").inner_text()
    assert told.case.state("party/1") == "refusing"


def test_what_a_second_mediator_has_done_already_is_said_and_not_done_twice(
    site: str, windows: list[BrowserContext], told: Story
) -> None:
    li, zhou = at_desk(windows[0], site, "li"), at_desk(windows[1], site, "zhou")
    li.open("RecordVisit", "visit/1")
    li.put("f.said", "钱到了")
    li.put("f.finding", "performing")
    zhou.step("CancelVisit", "visit/1", reason="当事人出差")
    before = len(told.lines)
    assert li.send() == 409
    page = li.page.inner_text("main")
    assert "走访已取消" in page
    assert "周调解" in page
    assert "当事人出差" in page
    assert "现在不能办理" in page
    assert li.page.input_value("[name='f.said']") == "钱到了"
    assert li.send() == 422
    assert len(told.lines) == before
    assert told.case.state("visit/1") == "cancelled"
