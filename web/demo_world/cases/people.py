"""Deliveries, damage, neighbours, under 人民调解."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mediation_engine.domain.fields import Readers, Text
from workflows.parts.agreement import AdoptOrally, SignAsMediator
from workflows.parts.assignment import AskForChange, HandOverAssignment
from workflows.parts.block import MarkReady
from workflows.parts.delivery import DeliverPaper, RecordReceipt, SendPaper
from workflows.parts.loan import LendDossier
from workflows.parts.obligation import RecordBreach, UrgePerformance
from workflows.parts.party import DeclareListComplete, TellRemedies, TellRights
from workflows.parts.payment import RecordReturn
from workflows.parts.prior_attempt import AttemptResult, RecordAttempt
from workflows.parts.proceeding import FileProceeding, RecordGranted
from workflows.parts.risk import RaiseRisk
from workflows.parts.session import RecordSession, ScheduleSession
from workflows.parts.visit import Finding, PlanVisit
from workflows.phases.endings import CloseAsDuplicate, Ground, TerminateMediation
from workflows.phases.follow_up import CloseAsPerformed
from workflows.phases.intake import AcceptCase, DeclineCase, Declining, SubmitApplication, TransferCase
from workflows.phases.mediation import RaiseToConsultation
from workflows.tracks import PEOPLE as TRACK
from workflows.vocabulary import (
    Ability,
    AuthorityPaper,
    CapacityKind,
    Danger,
    DeliveredPaper,
    DeliveryManner,
    Dispute,
    Elsewhere,
    ExhibitKind,
    Grievance,
    LoanPurpose,
    ProceedingKind,
    Receiver,
    ReturnReason,
    SessionResult,
    Side,
    Source,
)

from .. import papers
from ..days import Days
from ..room import ROOM
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

CONTRACT, PRODUCTION = (TRACK.code, Dispute.CONTRACT), (TRACK.code, Dispute.PRODUCTION)
DAMAGE, HOUSING = (TRACK.code, Dispute.DAMAGE), (TRACK.code, Dispute.HOUSING)
NEIGHBOUR, POLLUTION = (TRACK.code, Dispute.NEIGHBOUR), (TRACK.code, Dispute.POLLUTION)


def sent_by_the_police(days: Days) -> Iterator[Step]:
    """Waits for the lead to accept it."""
    sent: dict[str, Any] = {"source": Source.POLICE, "elsewhere": Elsewhere.POLICE, "sent_by_it": True}
    said = "边角料过磅短了三百多斤，两人推搡。"
    yield taken_down("zhou", 2, "15:10", against("xiaoman", "mangzhong"), *CONTRACT, said, **sent)
    terms = Text("当场劝开，货款没有谈成")
    tried = RecordAttempt(body=Text("演示派出所"), result=AttemptResult.FAILED, terms=terms)
    yield step(2, "15:20", "zhou", tried)


def waiting_for_the_seal(days: Days) -> Iterator[Step]:
    """Signed by all but the lead."""
    said = "店面漏水，装修泡坏，房东不肯赔。"
    yield taken_down("zhou", 9, "09:10", against("yushui", "chunfen"), *HOUSING, said, amount_claimed=1_500_000)
    yield from begun("zhou", 8, 7)
    yield from drafted("zhou", [pay("房东赔偿装修损失", 8_000, days.ahead(9))], 5, 4)
    yield confirmed("zhou", 2, "10:00", 1, "yushui")
    yield confirmed("zhou", 2, "15:10", 2, "chunfen")
    yield step(1, "15:20", "zhou", SignAsMediator(), "agreement/1")


def in_instalments(days: Days) -> Iterator[Step]:
    """One paid, one a day late since the bank sent it back, one due in three days."""
    dues = (days.back(6), days.ahead(-1), days.ahead(3))
    terms = [pay(f"第{n}期货款", 20_000, due) for n, due in enumerate(dues, 1)]
    said = "纸箱货款拖了大半年，双方对账没有异议，只是一次拿不出。"
    yield taken_down("li", 16, "09:00", against("cartons", "cups"), *CONTRACT, said, amount_claimed=6_000_000)
    yield from begun("li", 15, 14)
    lines = ("对账单", "至上月底欠货款", "￥60,000.00", "双方核对无误。")
    books = papers.scan(*lines, day=days.back(14), signed="双方盖章")
    yield filed("li", 14, "10:30", ExhibitKind.EVIDENCE, "对账单", books)
    yield from in_effect("li", ("cartons", "cups"), terms, 12, 11, 10)
    text: dict[str, Any] = {"paper": DeliveredPaper.AGREEMENT, "agreement": "agreement/1"}
    yield step(10, "11:20", "li", DeliverPaper(party="party/1", **text))
    yield step(10, "16:00", "li", SendPaper(party="party/2", place=Text("范例杯业公司"), **text))
    clerk = RecordReceipt(receiver=Receiver.CLERK, signed_by=Text("前台小陈"), reason=Text("公司负责收件"))
    yield step(8, "09:10", "li", clerk, "delivery/2")
    yield paid("li", 6, 20_000)
    yield visited("li", 4, 1, 2, Finding.PERFORMING, "第二期过两天就转。")
    door = papers.photo("范例杯业公司门口")
    yield filed("li", 4, "15:30", ExhibitKind.VISIT, "走访照片", door, visit="visit/1")
    yield paid("li", 2, 20_000, 2)
    yield step(1, "10:00", "li", RecordReturn(reason=ReturnReason.ACCOUNT), "payment/2")


def met_without_result(days: Days) -> Iterator[Step]:
    """A meeting came to nothing, tempers are high, and one side wants another mediator."""
    said = "一车杯子在路上压坏，运费和货损互相抵不拢，车被扣在厂里。"
    yield taken_down("li", 19, "09:00", against("freight", "cups"), *CONTRACT, said, amount_claimed=1_850_000)
    yield from begun("li", 18, 17)
    drawn = papers.photo("压坏的纸箱"), papers.photo("车厢里")
    yield filed("li", 16, "09:30", ExhibitKind.EVIDENCE, "压坏的货", *drawn, party="party/2")
    called = ScheduleSession(planned=days.back(3), topic=Text("运费与货损"), place=Text("调解室一楼"))
    yield step(6, "09:00", "li", called)
    summons = SendPaper(paper=DeliveredPaper.SUMMONS, party="party/1", manner=DeliveryManner.CHAT)
    yield step(6, "09:20", "li", summons)
    minutes = Text("一方要全额运费，一方要先赔货，没有谈成。")
    met = RecordSession(attended=BOTH, result=SessionResult.NOT_SETTLED, minutes=minutes)
    yield step(3, "16:00", "li", met, "session/1")
    yield step(3, "16:30", "li", RaiseRisk(danger=Danger.FIGHT, signs=Text("散会时说要叫人来把车开走。")))
    wish = AskForChange(party="party/2", reason=Text("觉得李调解偏向司机"))
    yield step(2, "10:00", "li", wish, "assignment/1")


def agreed_by_word_of_mouth(days: Days) -> Iterator[Step]:
    """No paper was wanted; paid on the next day, and closed. The landlord has another case, as the register shows."""
    yield taken_down("zhou", 9, "10:00", against("xiaoman", "chunfen"), *HOUSING, "退租两个月，押金没有退。")
    yield from begun("zhou", 8, 8)
    yield agreed("zhou", [pay("退还押金", 3_000, days.back(5))], 6)
    yield step(6, "15:00", "zhou", AdoptOrally(), "agreement/1")
    yield paid("zhou", 5, 3_000)
    yield step(4, "09:00", "zhou", DeclareListComplete(), "party/1")
    yield step(4, "09:10", "zhou", CloseAsPerformed())
    lent = LendDossier(borrower=Text("演示司法所老吴"), purpose=LoanPurpose.REVIEW, due=days.ahead(4))
    yield step(2, "14:00", "zhou", lent)
    yield visited("zhou", 2, 1, 1)


def handed_over(days: Days) -> Iterator[Step]:
    """Taken down by one, gone on with by the other; they meet on the next working day."""
    yield taken_down("li", 6, "09:20", against("yushui", "cartons"), *DAMAGE, "送货车倒车刮坏店招和卷帘门。")
    yield step(5, "09:20", "wang", AcceptCase())
    note = Text("修理报价单还差一份，店主白天要守店，下午两点后有空。")
    yield step(3, "11:00", "li", HandOverAssignment(to="zhou", note=note), "assignment/1")
    yield step(2, "14:00", "zhou", TellRights(), *BOTH)
    called = ScheduleSession(planned=days.coming(1), topic=Text("修理费"), place=Text("店里"))
    yield step(2, "14:30", "zhou", called)


def of_a_child(days: Days) -> Iterator[Step]:
    """Of a child by its father; paid, confirmed by the court, visited, and to be visited today."""
    child = party("xiaoshu", Side.APPLICANT, ability=Ability.UNDER_16), party("mangzhong", Side.RESPONDENT)
    yield taken_down("zhou", 34, "09:00", child, *DAMAGE, "孩子放学路过废品站，被倒下的围栏砸伤脚。")
    yield from begun("zhou", 33, 32)
    yield acting("zhou", 32, "10:20", 1, "xiazhi", CapacityKind.GUARDIAN, AuthorityPaper.KINSHIP)
    book = papers.scan("户口簿", "户主：夏至", "之子：夏小暑", day=days.back(32))
    yield filed("zhou", 32, "10:30", ExhibitKind.IDENTITY, "户口簿", book, readers=Readers.OWN, party="party/1")
    terms = [pay("赔偿医药费", 12_000, days.back(24))]
    yield from in_effect("zhou", ("xiaoshu", "mangzhong"), terms, 28, 27, 25, capacity="capacity/1")
    yield paid("zhou", 24, 12_000)
    slip = papers.sheet("收条", "今收到医药费", "壹万贰仟元整。", signed="夏至")
    yield filed("zhou", 24, "14:40", ExhibitKind.RECEIPT, "收条", slip, payment="payment/1")
    joint = FileProceeding(kind=ProceedingKind.JUDICIAL, agreement="agreement/1", applicants=BOTH)
    yield step(20, "09:30", "zhou", joint)
    yield visited("zhou", 19, 1, 1)
    yield step(12, "09:30", "zhou", RecordGranted(), "proceeding/1")
    yield visited("zhou", 2, 2, 1)
    yield step(2, "15:10", "zhou", PlanVisit(due=days.today, party="party/2"))


def broken(days: Days) -> Iterator[Step]:
    """Agreed apart, and not kept: some days late, urged, to be visited today."""
    said = "外协加工的外壳交货晚、返工多，加工费扣着不付。"
    asked: dict[str, Any] = {"weighty": True, "amount_claimed": 8_800_000}
    yield taken_down("li", 20, "14:00", against("hardware", "tools"), *PRODUCTION, said, **asked)
    yield from begun("li", 19, 18)
    yield talk("li", 16, "10:00", 1, "返工的认，晚交货不认。", bottom="六万")
    yield talk("li", 15, "10:00", 2, "扣一万返工费，其余可以付。", bottom="七万")
    yield step(13, "15:00", "li", MarkReady(), "block/1", "block/2")
    yield from in_effect("li", ("hardware", "tools"), [pay("付加工费", 65_000, days.back(2))], 11, 10, 8)
    yield visited("li", 3, 1, 2, Finding.AT_RISK, "说月底才有钱，口气不对。")
    yield step(1, "10:00", "li", RecordBreach(note=Text("到期没有付，电话不接")), "obligation/1")
    yield step(1, "10:20", "li", UrgePerformance(note=Text("上门当面催了，答应三天内付")), "obligation/1")
    yield step(1, "10:30", "li", PlanVisit(due=days.today, party="party/2"))


def gone_to_court(days: Days) -> Iterator[Step]:
    """Closed, and open again: the other side has sued about the agreement."""
    said = "门锁配件尺寸不对，一批防盗门返工。"
    yield taken_down("zhou", 48, "09:00", against("doors", "hardware"), *PRODUCTION, said, weighty=True)
    yield from begun("zhou", 47, 46)
    yield talk("zhou", 44, "10:00", 2, "图纸是他们改过的。")
    yield from in_effect("zhou", ("doors", "hardware"), [pay("分担返工费", 16_000, days.back(38))], 42, 41, 40)
    yield paid("zhou", 38, 16_000)
    yield visited("zhou", 34, 1, 1)
    yield visited("zhou", 18, 2, 2)
    yield step(17, "09:00", "zhou", DeclareListComplete(), "party/1")
    yield step(17, "09:10", "zhou", CloseAsPerformed())
    suit = FileProceeding(kind=ProceedingKind.LITIGATION, agreement="agreement/1", by="party/2", claimed=1_600_000)
    yield step(5, "16:00", "zhou", suit)


def terminated(days: Days) -> Iterator[Step]:
    """Raised to the panel, met, and given up; both were told where else to go."""
    said = "围墙砌过了界，堵了隔壁厂的消防通道。"
    yield taken_down("li", 30, "09:00", against("cartons", "doors"), *NEIGHBOUR, said, weighty=True)
    yield from begun("li", 29, 28)
    yield step(26, "09:00", "wang", RaiseToConsultation(reason=Text("牵涉规划和消防，要几家一起看")))
    yield talk("li", 24, "10:00", 2, "墙是照红线砌的，不拆。")
    minutes = Text("对红线图各执一词，要由规划部门认定。")
    met = RecordSession(attended=BOTH, result=SessionResult.NOT_SETTLED, minutes=minutes)
    yield step(20, "15:00", "li", met)
    routes = TellRemedies(routes=Text("可以请规划部门认定，也可以直接起诉"))
    yield step(18, "10:00", "li", routes, *BOTH)
    for at, key in (("10:10", "party/1"), ("10:20", "party/2")):
        yield step(18, at, "li", DeliverPaper(paper=DeliveredPaper.TERMINATION, party=key))
    yield step(17, "09:00", "wang", TerminateMediation(ground=Ground.NO_AGREEMENT, note=Text("界址要先由部门认定")))


def transferred(days: Days) -> Iterator[Step]:
    """Not a matter for the room: passed on."""
    yield taken_down("li", 12, "09:00", against("yushui", "cups"), *POLLUTION, "抛光车间夜里排气呛人。")
    yield step(11, "09:00", "wang", TransferCase(receiver=Text("演示生态环境所")))


def declined(days: Days) -> Iterator[Step]:
    """A court has it already."""
    said = "废纸款被拖欠，已经起诉。"
    yield taken_down("zhou", 14, "09:00", against("mangzhong", "cartons"), *CONTRACT, said, elsewhere=Elsewhere.COURT)
    told = Text("法院已经受理，请等法院处理；法院委托调解的可以再来")
    yield step(13, "09:00", "wang", DeclineCase(reason=Declining.ELSEWHERE, told=told))


def duplicate(days: Days) -> Iterator[Step]:
    """The other side of a dispute came to another mediator on the next day."""
    yield taken_down("zhou", 18, "11:00", against("cups", "freight"), *CONTRACT, "运输途中杯子压坏，要求赔偿。")
    yield step(17, "09:00", "wang", CloseAsDuplicate(other="demo-no-result", reason=Text("物流公司前一天已来登记")))


def applied_at_the_window(days: Days) -> Iterator[Step]:
    """Somebody came to the window on the last working day; nobody has registered it yet."""
    said = Text("今年七月起每月只发一半工资，还差九千多，问了几次都说等货款。想一次结清。")
    command = SubmitApplication(
        applicant="chunshe",
        respondent="cups",
        about=Grievance.WAGES,
        words=said,
        amount_claimed=930_000,
        organisation=ROOM.id,
    )
    yield step(1, "16:10", "zhou", command)


PEOPLE = (
    Story(case="demo-applied", family=FAST, steps=applied_at_the_window),
    Story(case="demo-police", family=FAST, steps=sent_by_the_police),
    Story(case="demo-seal", family=FAST, steps=waiting_for_the_seal),
    Story(case="demo-instalments", family=FAST, steps=in_instalments),
    Story(case="demo-no-result", family=FAST, steps=met_without_result),
    Story(case="demo-oral", family=FAST, steps=agreed_by_word_of_mouth),
    Story(case="demo-handed-over", family=FAST, steps=handed_over),
    Story(case="demo-child", family=FAST, steps=of_a_child),
    Story(case="demo-broken", family=PANEL, steps=broken),
    Story(case="demo-in-court", family=PANEL, steps=gone_to_court),
    Story(case="demo-terminated", family=FAST, steps=terminated),
    Story(case="demo-transferred", family=FAST, steps=transferred),
    Story(case="demo-declined", family=FAST, steps=declined),
    Story(case="demo-duplicate", family=FAST, steps=duplicate),
)
