"""Task B, as people do it on the pages: a worker's death, five parties at one table, a custodian, a court."""

from __future__ import annotations

from workflows.facts import Member
from workflows.parts.block import Contact, RecordTalk
from workflows.parts.session import RecordSession
from workflows.parts.states import MemberState, ProceedingState
from workflows.parts.visit import RecordVisit, Way
from workflows.vocabulary import Ability, Presence, SigningManner, Source, TermKind

from .hand import Hand
from .recorded import Record
from .room import LEAD, MEDIATOR, Room
from .ways import Party, accepted, begin, checked, done, register, sealed, take, take_all, to_case, together

BEGINS = "2026-11-16T08:30"
WIFE, FATHER, MOTHER = "杨秀兰", "石父", "石母"
CHILDREN = ("石小甲", "石小乙")
BROTHER = "石某兄"
FAMILY = (WIFE, *CHILDREN, FATHER, MOTHER)
XINGU, HONGYE = "浙江鑫固建设", "宏业建设"
FIRMS = (XINGU, HONGYE)
PEOPLE = (
    Party(name=WIFE),
    Party(name=CHILDREN[0], ability="不满16岁"),
    Party(name=CHILDREN[1], ability="16、17岁，不靠"),
    Party(name=FATHER),
    Party(name=MOTHER),
)
CUSTODIAN = "调解室代管账户"
PANEL = (
    ("公检法机关", "徐国强"),
    ("行政职能部门", "王某"),
    ("社会基层治理导师", "周律师"),
    ("公检法机关", "李某"),
    ("调解组织方", "喜哥"),
    ("调解组织方", "胡某"),
    ("调解组织方", "和事嫂甲"),
    ("调解组织方", "和事嫂乙"),
)
CHAIR, WRITES = "喜哥", "李某"
"""Cannot come, and writes."""
TERMS = (
    ("已付抵扣", "已付丧葬费抵作赔偿款", XINGU, "30000", ""),
    ("付款", "第一期，付到代管账户，转给杨秀兰（代两个孩子）和父母", XINGU, "270000", "2026-11-27"),
    ("付款", "第二期，付到代管账户，转给杨秀兰（代两个孩子）和父母", XINGU, "300000", "2026-12-20"),
    ("付款", "第一期，付到代管账户，转给杨秀兰（代两个孩子）和父母", HONGYE, "200000", "2026-11-27"),
    ("付款", "第二期，付到代管账户，转给杨秀兰（代两个孩子）和父母", HONGYE, "200000", "2026-12-20"),
    ("不得做的事", "不再就此事提出其他要求", WIFE, "", ""),
)
LATER = "2026-12-30"


def task(room: Room) -> None:
    """From the alert to the closing."""
    alert(room)
    panel(room)
    talks(room)
    first_session(room)
    second_session(room)
    signed(room)
    confirmed(room)
    performance(room)
    checked(room, WIFE)


def alert(room: Room) -> None:
    """Police push it; accepted at once, the risk reported; who speaks for whom."""
    with room.person(MEDIATOR, "登记") as li:
        register(li, "五方会诊 · 人民调解", "损害赔偿", PEOPLE, [Party(name=it, kind="单位") for it in FIRMS])
        li.type("简要情况", "外来务工人员石某，41岁，在工地从脚手架坠亡，家属要求赔偿。鑫固是宏业的分包。")
        li.choose("来源", "公安推送")
        li.choose("是否已有机关受理", "公安机关")
        li.tick("由该机关委托或移送")
        li.tick("社会影响大")
        together(li, "告知权利义务")
        li.press("登记")
    accepted(room, WIFE)
    with room.person(LEAD, "风险：提出、报告") as lead:
        take(lead, "提出激化风险")
        lead.choose("风险", "可能自杀或自伤")
        lead.type("苗头", "一名家属说要跳楼")
        together(lead, "报告激化风险")
        lead.choose("报告给谁", "公安机关")
        done(lead)
    room.at("2026-11-16T09:30")
    with room.person(MEDIATOR, "监护人、代理人") as li:
        begin(li, WIFE, "登记代理与代表")
        li.tick("代谁", *CHILDREN)
        li.name("代理人或代表", WIFE)
        li.choose("身份", "监护人")
        li.choose("凭什么文件", "户口簿")
        li.tick("监护人自己也有份")
        li.tick("被监护人的份额已单独列明")
        done(li)
        take(li, "登记代理与代表")
        li.tick("代谁", WIFE, FATHER, MOTHER)
        li.name("代理人或代表", BROTHER)
        li.choose("身份", "委托代理人")
        li.choose("凭什么文件", "授权委托书")
        li.type("文件日期", "2026-11-16")
        done(li)


def panel(room: Room) -> None:
    """Eight are invited, the parties agree, they take their seats."""
    room.at("2026-11-16T14:00")
    with room.person(MEDIATOR, "会诊成员：邀请八人，当事人同意") as li:
        begin(li, WIFE, "邀请几位会诊成员")
        for n, (role, name) in enumerate(PANEL):
            row = li.row("成员", n + 1)
            row.choose("代表哪一方", role)
            row.name("姓名", name)
        li.group("已同意他们都参加的当事人").press("全选")
        done(li)
    with room.person(MEDIATOR, "会诊成员：加入") as li:
        take_all(li, "成员加入会诊")
        li.group("针对哪").press("全选")
        done(li)


def talks(room: Room) -> None:
    """Two with the family, two with the firms; the risk is calmed."""
    room.at("2026-11-17T09:00")
    with room.person(MEDIATOR, "单独沟通：四次，告知两家单位") as li:
        to_case(li, WIFE)
        talk(li, WIFE, "要一百二十万")
        talk(li, XINGU, "只认六十万", "告知权利义务")
        talk(li, HONGYE, "愿意分担一部分", "告知权利义务")
        talk(li, WIFE, "一百万可以谈")
    room.at("2026-11-18T09:00")
    with room.person(LEAD, "风险：缓解") as lead:
        begin(lead, WIFE, "风险已缓解")
        done(lead)


def talk(li: Hand, name: str, said: str, *besides: str) -> None:
    """What somebody says apart."""
    take(li, "记录单独沟通", *[name] if li.sees("记录单独沟通", name) else [])
    li.choose("当事人", name)
    li.type("对方说了什么", said)
    together(li, *besides)
    done(li)


def schedule(li: Hand, day: str) -> None:
    """When and where all meet."""
    li.type("日期", day)
    li.type("几点", "9:00")
    li.type("地点", "调解室")
    li.type("主题", "石某坠亡赔偿")
    li.type("方案", "先谈总额，再谈分担和付款办法")
    li.tick("参加的会诊成员", *(name for _, name in PANEL))
    done(li)


def session(li: Hand, which: str, result: str, minutes: str, ended: str = "") -> None:
    """Who was there, what came of it; one of the panel has written. It is not sent yet."""
    begin(li, WIFE, "记录会议", which)
    li.type("主持人", CHAIR)
    li.type("几点结束", ended)
    li.tick("到场的当事人", *FAMILY, *FIRMS)
    row = li.row_of("会诊成员到会情况", WRITES)
    row.choose("到会情况", "书面意见")
    row.type("意见", "建议依法支持家属的合理请求")
    li.choose("结果", result)
    li.type("会议记录", minutes)


def first_session(room: Room) -> None:
    """No result; a caucus on the way."""
    room.at("2026-11-20T09:00")
    with room.person(MEDIATOR, "安排会议一") as li:
        begin(li, WIFE, "安排会议")
        schedule(li, "2026-11-22")
    room.at("2026-11-22T16:00")
    with room.person(MEDIATOR, "会中单独谈") as li:
        begin(li, WIFE, "记录单独沟通", XINGU)
        li.choose("方式", "会中单独谈")
        li.type("对方说了什么", "六十万以内可以")
        done(li)
    with room.person(MEDIATOR, "记录会议一") as li:
        session(li, "会议1", "调解不成", "金额和分担谈不拢。")
        done(li)
    with room.person(MEDIATOR, "安排会议二") as li:
        take(li, "安排会议")
        schedule(li, "2026-11-24")


def second_session(room: Room) -> None:
    """Settled."""
    room.at("2026-11-24T16:40")
    with room.person(MEDIATOR, "记录会议二") as li:
        session(li, "会议2", "调解成功", "一百万元，鑫固六十万，宏业四十万。", ended="16:40")
        done(li)
    with room.person(MEDIATOR, "记录谈妥：六条，拟定协议书") as li:
        take(li, "记录谈妥")
        for n, term in enumerate(TERMS):
            clause(li.row("协议条款", n + 1), *term)
        li.type("协议总金额", "1000000")
        together(li, "拟定协议书")
        done(li)


def clause(row: Hand, kind: str, words: str, payer: str, amount: str, due: str) -> None:
    """One clause."""
    row.type("内容", words)
    row.choose("种类", kind)
    row.choose("付款方", payer)
    row.choose("收款方", WIFE if payer in FIRMS else XINGU)
    if amount:
        row.type("金额", amount)
    if due:
        row.type("期限", due)
        if not row.says(CUSTODIAN):
            row.name("代收代付人", CUSTODIAN)


def signatures(li: Hand, firms: tuple[str, ...]) -> None:
    """All but who does not sign yet: the children by their mother, the parents by their fingers. It is not sent yet."""
    take_all(li, "记录谁签了协议")
    li.press("全部签了")
    for name in (*FAMILY, *FIRMS):
        li.row_of("谁签了", name).tick("签了", on=name in (*FAMILY, *firms))
    for name in (FATHER, MOTHER):
        li.row_of("谁签了", name).choose("怎么签的", "按指印")
    li.tick("已核对签署人身份")


def signed(room: Room) -> None:
    """One objects to a day; amended, all confirm again, the mediator too; sealed."""
    with room.person(MEDIATOR, "签署：第一次") as li:
        signatures(li, (XINGU,))
        li.tick("同时：调解员签名", on=False)
        done(li)
    with room.person(MEDIATOR, "宏业有意见") as li:
        take(li, "拒绝签署", HONGYE)
        li.type("原因", "第二期的日子太紧，要晚十天")
        done(li)
    with room.person(MEDIATOR, "修改协议书") as li:
        take(li, "修改协议书")
        for n, (*_, due) in enumerate(TERMS):
            if due == "2026-12-20":
                li.row("协议条款", n + 1).type("期限", LATER)
        done(li)
    with room.person(MEDIATOR, "签署：重新，调解员签名") as li:
        signatures(li, FIRMS)
        together(li, "调解员签名")
        done(li)
    sealed(room, WIFE)


def confirmed(room: Room) -> None:
    """All apply to the court, which confirms it."""
    room.at("2026-11-25T09:00")
    with room.person(MEDIATOR, "司法确认：申请") as li:
        begin(li, WIFE, "登记司法确认、仲裁、诉讼")
        li.choose("程序", "司法确认")
        li.tick("共同申请的当事人", *FAMILY, *FIRMS)
        done(li)


def ruled(room: Room) -> None:
    """The court confirms it."""
    room.at("2026-12-01T09:00")
    with room.person(MEDIATOR, "司法确认：裁定") as li:
        begin(li, WIFE, "记录准予确认")
        li.type("文书与文号", "（2026）浙0784民特1号民事裁定书")
        done(li)


PAID = (
    ("2026-11-26T10:00", XINGU, 270_000),
    ("2026-11-26T11:00", HONGYE, 100_000),
    ("2026-11-27T10:00", HONGYE, 100_000),
    ("2026-12-30T10:00", XINGU, 300_000),
    ("2027-01-04T10:00", HONGYE, 200_000),
)
"""When, who, how much; the first half in three transfers."""
OWED = "这次付了哪几笔"


def performance(room: Room) -> None:
    """Paid, handed on, visited, closed."""
    for one in PAID[:3]:
        paid(room, *one)
    handed_on(room, "27万元", "20万元")
    ruled(room)
    visited(room, "2026-12-05T15:00", "电话", "打到老家，家里都安顿了，钱收到了第一期。")
    for one in PAID[3:]:
        paid(room, *one)
    handed_on(room, "30万元", "20万元")
    visited(room, "2027-01-06T10:00", "上门", "老家派出所上门看过，情绪稳定，钱都收到了。")
    with room.person(MEDIATOR, "结案") as li:
        take(li, "履行完毕结案")
        done(li)
    with room.person(MEDIATOR, "反馈公安") as li:
        take(li, "补记情况")
        li.type("情况", "调解结果已反馈推送的派出所。")
        done(li)


def paid(room: Room, moment: str, payer: str, amount: int) -> None:
    """One transfer to the custodian, taken up where it is due first."""
    room.at(moment)
    with room.person(MEDIATOR, "付款：五笔") as li:
        begin(li, WIFE, "记录付款", f"{payer}→")
        li.row_of(OWED, f"{payer}→").type("这次付了", str(amount))
        li.type("凭证、说明", "银行转账到代管账户")
        done(li)


def handed_on(room: Room, *sums: str) -> None:
    """What has come in goes on to the wife, for the children too, and to the parents."""
    with room.person(MEDIATOR, "代管账户转付：两次") as li:
        take(li, "记录付款", f"{CUSTODIAN}→")
        for one in sums:
            row = li.row_of(OWED, f"{CUSTODIAN}→{WIFE} {one}")
            row.type("这次付了", one.replace("万元", "0000"))
        li.type("凭证、说明", "代管账户转给杨秀兰（代两个孩子）和石父、石母")
        done(li)


def visited(room: Room, day: str, manner: str, said: str) -> None:
    """A visit of the plan is made."""
    room.at(day)
    with room.person(MEDIATOR, "走访：两次") as li:
        begin(li, WIFE, "记录走访")
        li.choose("情况", "稳定")
        li.type("回访情况", said)
        li.choose("走访了谁", WIFE)
        li.choose("方式", manner)
        li.send("记下")


def recorded(room: Room) -> None:
    """Everything the paper of the task says."""
    it = Record(room)
    it.parties_are([*FAMILY, *FIRMS])
    assert it.facts.source is Source.POLICE and it.facts.weighty and it.facts.sent_by_it
    assert it.facts.accepted == it.facts.registered
    it.acts_for(WIFE, CHILDREN)
    it.acts_for(BROTHER, [WIFE, FATHER, MOTHER])
    abilities = [it.facts.parties[it.party(name)].ability for name in CHILDREN]
    assert abilities == [Ability.UNDER_16, Ability.MINOR], abilities
    it.risk_was_met("2026-11-16", "2026-11-18")
    seats = {(role_of(it, one), it.view.people[one.person]) for one in it.facts.members.values()}
    assert seats == set(PANEL), seats
    assert all(it.case.is_in(key, MemberState.SEATED) for key in it.facts.members)
    assert all(len(one.agreed_by) == len(FAMILY) + len(FIRMS) for one in it.facts.members.values())
    it.talked_with([WIFE, *FIRMS])
    assert sum(one.talks for one in it.facts.blocks.values()) == 5
    assert [one.manner for one in it.given(RecordTalk)].count(Contact.CAUCUS) == 1
    it.met("2026-11-22", [*FAMILY, *FIRMS], "调解不成")
    it.met("2026-11-24", [*FAMILY, *FIRMS], "调解成功")
    for held in it.given(RecordSession):
        present = {it.view.people[it.facts.members[one.member].person]: one.presence for one in held.attendance}
        there = {name: Presence.WRITTEN if name == WRITES else Presence.PRESENT for _, name in PANEL}
        assert present == there and it.words(held.chair) == CHAIR, present
    assert it.given(RecordSession)[-1].ended == "16:40"
    assert [one.planned_at for one in it.facts.sessions.values()] == ["09:00"] * 2
    it.no_session_is_open()
    it.says("41岁", "脚手架", "分包", "六十万以内可以", "建议依法支持", "要晚十天", "跳楼", "派出所")
    it.agreed(100_000_000)
    it.objected(HONGYE)
    halves = [(XINGU, "2026-11-27"), (HONGYE, "2026-11-27"), (XINGU, LATER), (HONGYE, LATER)]
    assert [it.owed(*one) for one in halves] == [27_000_000, 20_000_000, 30_000_000, 20_000_000]
    [agreement] = it.facts.agreements.values()
    assert agreement.deducted == 3_000_000
    assert [it.words(one.words) for one in agreement.terms if one.kind is TermKind.ABSTAINING] == [TERMS[-1][1]]
    for name in FIRMS:
        it.goes_through(CUSTODIAN, name)
    for name in (WIFE, *CHILDREN):
        it.signed(name, SigningManner.SIGNATURE)
    assert all(it.signed(name).capacity == it.acts_for(WIFE, CHILDREN) for name in CHILDREN)
    for name in (FATHER, MOTHER):
        assert not it.signed(name, SigningManner.FINGERPRINT).capacity
    for name in FIRMS:
        it.signed(name, SigningManner.SEAL)
    [asked] = it.facts.proceedings.values()
    assert set(asked.applicants) == it.keys([*FAMILY, *FIRMS])
    assert asked.result == ProceedingState.CONFIRMED.code and asked.decided
    paid = [it.paid(day, payer) for day, payer in dict.fromkeys((moment[:10], payer) for moment, payer, _ in PAID)]
    assert paid == [27_000_000, 10_000_000, 10_000_000, 30_000_000, 20_000_000], paid
    it.visited("2026-12-05", WIFE)
    it.visited("2027-01-06", WIFE)
    assert it.given(RecordVisit)[0].manner is Way.PHONE
    it.all_is_performed()
    it.is_closed()


def role_of(it: Record, member: Member) -> str:
    """What somebody sits for, in words."""
    return it.view.names[member.role]
