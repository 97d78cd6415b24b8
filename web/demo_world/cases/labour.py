"""Wages and injuries, under 劳动争议调解."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mediation_engine.domain.fields import Readers, Text
from workflows.facts import Term
from workflows.parts.assignment import AddHelper, Helping, RecusalGround, RecuseMediator
from workflows.parts.block import Contact, MarkBlocked, MarkReady
from workflows.parts.cohort import DeclareCohort
from workflows.parts.extension import RecordExtension
from workflows.parts.grading import SetGrade
from workflows.parts.member import InviteMember, SeatMember
from workflows.parts.party import DeclareListComplete, RecordConsent
from workflows.parts.proceeding import FileProceeding, RecordDismissed
from workflows.parts.risk import RaiseRisk, Receiver, ReportRisk
from workflows.parts.session import RecordSession, ScheduleSession
from workflows.phases.coordination import ConveneConsultation
from workflows.phases.endings import WithdrawApplication
from workflows.phases.follow_up import CloseAsPerformed, CloseNamingRemainder, Planned
from workflows.tracks import LABOUR as TRACK
from workflows.vocabulary import (
    AuthorityPaper,
    CapacityKind,
    Danger,
    Dispute,
    ExhibitKind,
    Grade,
    ProceedingKind,
    SessionResult,
    Side,
    Source,
    TermKind,
)

from .. import papers
from ..days import Days
from ..script import FAST, PANEL, Step, Story, step
from ..usual import (
    BOTH,
    acting,
    against,
    agreed,
    begun,
    confirmed,
    drafted,
    filed,
    in_effect,
    paid,
    party,
    pay,
    taken_down,
    talk,
    visited,
)

WAGES, INJURY = (TRACK.code, Dispute.LABOUR_PAY), (TRACK.code, Dispute.LABOUR_INJURY)
EVIDENCE, AUTHORITY = ExhibitKind.EVIDENCE, ExhibitKind.AUTHORITY


def registered_yesterday(days: Days) -> Iterator[Step]:
    """Waits for the lead to accept it; with a paper for all, and one for its owner alone."""
    said = "离厂后最后两个月工资没有发，厂里说模具损坏要扣钱。"
    yield taken_down("li", 1, "16:20", against("guyu", "hardware"), *WAGES, said, amount_claimed=1_860_000)
    owed = papers.sheet("欠条", "今欠甘谷雨工资", "壹万捌仟陆佰元整，", "月底前付清。", signed="样本五金厂")
    yield filed("li", 1, "16:30", EVIDENCE, "厂里写的欠条", owed, party="party/1")
    card = papers.card("甘谷雨")
    yield filed("li", 1, "16:32", ExhibitKind.IDENTITY, "身份证正面", card, readers=Readers.OWN, party="party/1")


def talks_apart(days: Days) -> Iterator[Step]:
    """What each said in private, and how far it would go; the term that both extended ran out yesterday."""
    said = "冲床压伤右手两指，已认定工伤，对停工期工资和护理费谈不拢。"
    yield taken_down("zhou", 20, "09:10", against("lixia", "tools"), *INJURY, said, amount_claimed=9_600_000)
    yield from begun("zhou", 19, 18)
    yield step(18, "10:20", "zhou", SetGrade(grade=Grade.DIFFICULT))
    said = "家里等钱用，不想拖到仲裁；最怕厂里以后不给换岗。"
    yield talk("zhou", 16, "14:00", 1, said, offer="九万六", bottom="七万五，分两次也行")
    scan = papers.scan("诊断证明", "右手示指、中指末节骨折，", "建议休息三个月。", day=days.back(16), signed="演示医院")
    yield filed("zhou", 16, "14:30", EVIDENCE, "诊断证明", scan, readers=Readers.OWN, party="party/1")
    said = "工资可以照付，护理费要有票据；厂里今年订单少。"
    yield talk("zhou", 14, "10:00", 2, said, offer="四万", bottom="六万以内可以当场定", manner=Contact.VISIT)
    yield filed("zhou", 14, "10:40", EVIDENCE, "车间现场", papers.photo("冲压车间"), readers=Readers.HOST)
    longer = RecordExtension(agreed_by=BOTH, until=days.ahead(-1), reason=Text("等伤残等级鉴定结论"))
    yield step(12, "15:00", "zhou", longer)
    yield step(6, "16:10", "zhou", MarkBlocked(reason=Text("护理费：一方要按三个月，一方只认票据")), "block/2")
    yield talk("zhou", 2, "11:00", 1, "鉴定结论下来了，九级。", offer="八万五", manner=Contact.PHONE)


def five_at_one_table(days: Days) -> Iterator[Step]:
    """Twenty-three workers by two of them, the five parties called for this week; the risk is reported."""
    named = party("twenty-three", Side.APPLICANT, count=23), party("doors", Side.RESPONDENT)
    said = "喷涂车间停产，23名职工两个月工资没有发，说要一起去上访。"
    petition: dict[str, Any] = {"source": Source.PETITION, "weighty": True, "amount_claimed": 27_600_000}
    yield taken_down("zhou", 8, "09:00", named, *WAGES, said, **petition)
    yield step(8, "09:10", "zhou", RecordConsent(), *BOTH)
    yield from begun("zhou", 8, 7)
    yield step(7, "10:20", "zhou", DeclareCohort(party="party/1", count=23))
    chosen = CapacityKind.DELEGATE, AuthorityPaper.ELECTION
    for at, person in (("10:30", "xiaoxue"), ("10:32", "liqiu")):
        yield acting("zhou", 7, at, 1, person, *chosen, paper_day=days.back(8))
    scan = papers.scan(
        "推选书", "喷涂车间23名职工推选", "冯小雪、田立秋", "为代表参加调解。", day=days.back(8), signed="23人签名"
    )
    yield filed("zhou", 7, "10:40", AUTHORITY, "推选书", scan, party="party/1")
    yield step(7, "11:00", "zhou", RaiseRisk(danger=Danger.PETITION, signs=Text("有人在群里约周末去市里。")))
    yield step(7, "11:20", "zhou", ReportRisk(receiver=Receiver.GOVERNMENT), "risk/1")
    yield step(7, "14:00", "wang", AddHelper(staff="li", role=Helping.CO_MEDIATOR))
    yield talk("zhou", 6, "09:40", 1, "先发一个月就能稳住，其余的可以等到货款回来。", bottom="一个月内付清")
    said = "有一笔外贸货款月中到账，到账前只能付三成。"
    yield talk("zhou", 5, "15:00", 2, said, bottom="先付一半，两期付清")
    seats = {"host": "sisters", "justice": "police", "department": "labour-office", "mentor": "elder"}
    members = tuple(f"member/{n}" for n in range(1, len(seats) + 1))
    for minute, (role, person) in enumerate(seats.items(), 10):
        yield step(4, f"09:{minute}", "zhou", InviteMember(role=role, person=person, agreed_by=BOTH))
    yield step(3, "09:10", "zhou", SeatMember(), *members)
    yield step(3, "10:00", "zhou", MarkReady(), "block/1", "block/2")
    yield step(3, "10:30", "zhou", ConveneConsultation(reason=Text("两边都愿意当面谈分期。")))
    called = ScheduleSession(
        planned=days.coming(2),
        topic=Text("23名职工工资分期"),
        place=Text("调解室二楼"),
        plan=Text("先付一半，货款到账付清；劳动保障办公室说明欠薪的后果。"),
        members=members,
    )
    yield step(2, "09:30", "zhou", called)


def waiting_for_signatures(days: Days) -> Iterator[Step]:
    """Of somebody who cannot read; the first mediator stepped back."""
    yield taken_down("li", 9, "10:00", against("dongzhi", "hardware"), *WAGES, "做门卫三年，加班费一直没有算。")
    steps_back = RecuseMediator(ground=RecusalGround.KIN, words=Text("厂长是我表弟"), to="zhou")
    yield step(8, "09:00", "li", steps_back, "assignment/1")
    yield from begun("zhou", 7, 6)
    minutes = Text("双方对着考勤表算了一遍，加班费按九千元算。")
    met = RecordSession(attended=BOTH, result=SessionResult.SETTLED, minutes=minutes)
    yield step(4, "14:00", "zhou", met)
    yield from drafted("zhou", (pay("补付加班费", 9_000, days.ahead(14)),), 4, 1)


def signed_by_an_agent(days: Days) -> Iterator[Step]:
    """One has signed, by somebody with a mandate; the other has still to."""
    said = "辞职时扣了一个月工资，厂里说没有提前三十天。"
    yield taken_down("li", 7, "09:30", against("jingzhe", "tools"), *WAGES, said, amount_claimed=720_000)
    yield from begun("li", 6, 6)
    mandate = CapacityKind.AGENT, AuthorityPaper.MANDATE
    dated: dict[str, Any] = {"paper_day": days.back(6), "until": days.ahead(60)}
    yield acting("li", 5, "09:00", 2, "chushu", *mandate, settle=True, **dated)
    lines = ("授权委托书", "委托楚处暑为代理人，", "特别授权：参加调解、", "和解、签收协议书。")
    scan = papers.scan(*lines, day=days.back(6), signed="示例电动工具厂")
    yield filed("li", 5, "09:10", AUTHORITY, "授权委托书", scan, party="party/2")
    yield from drafted("li", (pay("补发扣下的工资", 6_000, days.ahead(10)),), 4, 3)
    yield confirmed("li", 2, "10:30", 2, "tools", "capacity/1", signed_as=Text("楚处暑（代）"))


def due_this_week(days: Days) -> Iterator[Step]:
    """In effect; nothing to do but wait until the money is due."""
    yield taken_down("li", 8, "14:00", against("bailu", "doors"), *WAGES, "仓库盘亏，厂里从工资里扣了四千多元。")
    yield from begun("li", 7, 7)
    yield from in_effect("li", ("bailu", "doors"), (pay("退还扣款", 4_200, days.coming(3)),), 4, 3, 2)
    paper = papers.sheet("调解协议书", "一、退还扣款4200元。", "二、再无争议。")
    yield filed("li", 2, "11:30", ExhibitKind.SIGNED, "签好的协议书", paper, agreement="agreement/1")


def closed_as_performed(days: Days) -> Iterator[Step]:
    """Paid, visited, closed; what was still planned is cancelled with a reason."""
    named = against("shuangjiang", "hardware")
    yield taken_down("li", 32, "09:00", named, *WAGES, "年底结清的奖金没有发。", amount_claimed=500_000)
    yield from begun("li", 31, 30)
    yield from in_effect("li", ("shuangjiang", "hardware"), (pay("补发奖金", 5_000, days.back(22)),), 28, 27, 25)
    yield paid("li", 22, 5_000)
    slip = papers.scan("转账回单", "付款：样本五金厂", "收款：白霜降", "￥5,000.00", day=days.back(22))
    yield filed("li", 22, "15:10", ExhibitKind.RECEIPT, "转账回单", slip, payment="payment/1")
    yield visited("li", 19, 1, 1)
    yield step(18, "09:00", "li", DeclareListComplete(), "party/1")
    no_more = Text("钱已付清，双方都说不用再来")
    yield step(18, "09:10", "li", CloseAsPerformed(visits=Planned.CANCELLED, visits_reason=no_more))


def closed_and_upheld(days: Days) -> Iterator[Step]:
    """The employer went to court afterwards; the suit was dismissed, and the case stands closed as it was."""
    yield taken_down("zhou", 46, "09:00", against("hanlu", "freight"), *WAGES, "出车补贴少算了半年。")
    yield from begun("zhou", 45, 44)
    terms = (pay("补付出车补贴", 11_000, days.back(38)),)
    yield from in_effect("zhou", ("hanlu", "freight"), terms, 42, 41, 40)
    yield paid("zhou", 38, 11_000)
    yield visited("zhou", 34, 1, 1)
    yield visited("zhou", 18, 2, 1)
    yield step(17, "09:00", "zhou", DeclareListComplete(), "party/1")
    yield step(17, "09:10", "zhou", CloseAsPerformed())
    about: dict[str, Any] = {"agreement": "agreement/1", "by": "party/2"}
    yield step(12, "09:00", "zhou", FileProceeding(kind=ProceedingKind.LITIGATION, **about))
    yield step(4, "16:00", "zhou", RecordDismissed(reason=Text("没有证据证明协议受欺诈")), "proceeding/1")


def closed_with_a_remainder(days: Days) -> Iterator[Step]:
    """Paid; what is left hangs on whether the old injury comes back."""
    yield taken_down("zhou", 30, "09:00", against("qiufen", "cups"), *INJURY, "下班路上被厂车碰伤，医药费没有报完。")
    yield from begun("zhou", 29, 28)
    later = Text("旧伤复发的，凭医院证明由厂方负担治疗费")
    terms = (
        pay("补付医药费", 8_000, days.back(20)),
        Term(words=later, kind=TermKind.CONTINGENT, payer="party/2", payee="party/1"),
    )
    yield from in_effect("zhou", ("qiufen", "cups"), terms, 26, 25, 23)
    yield paid("zhou", 20, 8_000)
    yield visited("zhou", 17, 1, 1)
    left, no_more = Text("旧伤复发的治疗费，到时凭证明另付"), Text("本人已回老家，改为电话联系")
    closing = CloseNamingRemainder(remainder=left, visits=Planned.CANCELLED, visits_reason=no_more)
    yield step(16, "09:10", "zhou", closing)


def withdrawn(days: Days) -> Iterator[Step]:
    """An earlier dispute of somebody who may be the worker of the newest case: the register offers it."""
    yield taken_down("li", 33, "09:00", against("guyu-again", "hardware"), *WAGES, "上个月工资晚发。")
    yield from begun("li", 32, 32)
    yield step(30, "11:00", "li", WithdrawApplication(reason=Text("厂里已经付清")))


def to_be_put_on_paper(days: Days) -> Iterator[Step]:
    """Agreed in words yesterday; of somebody with a rare character in the name."""
    yield taken_down("li", 6, "09:00", against("rare", "doors"), *WAGES, "计件单价年中改了，差额没有补。")
    yield from begun("li", 5, 5)
    yield talk("li", 3, "15:00", 2, "愿意补，怕别人跟着要。", bottom="三千以内", manner=Contact.PHONE)
    yield agreed("li", (pay("补计件差额", 2_800, days.ahead(12)),), 1)


LABOUR = (
    Story(case="demo-wages-new", family=FAST, steps=registered_yesterday),
    Story(case="demo-injury-apart", family=PANEL, steps=talks_apart),
    Story(case="demo-five-parties", family=PANEL, steps=five_at_one_table),
    Story(case="demo-to-sign", family=FAST, steps=waiting_for_signatures),
    Story(case="demo-agent", family=FAST, steps=signed_by_an_agent),
    Story(case="demo-this-week", family=FAST, steps=due_this_week),
    Story(case="demo-performed", family=FAST, steps=closed_as_performed),
    Story(case="demo-upheld", family=FAST, steps=closed_and_upheld),
    Story(case="demo-remainder", family=FAST, steps=closed_with_a_remainder),
    Story(case="demo-withdrawn", family=FAST, steps=withdrawn),
    Story(case="demo-to-draft", family=FAST, steps=to_be_put_on_paper),
)
