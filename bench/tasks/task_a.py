"""Task A, as people do it on the pages: three workers' wages, settled in one session, paid in two instalments."""

from __future__ import annotations

from workflows.vocabulary import Power, SigningManner

from .recorded import Record
from .room import MEDIATOR, Room
from .ways import Party, accepted, begin, checked, done, register, sealed, take, take_all, together

BEGINS = "2026-11-16T08:30"
FIRM, MANAGER = "永康市宏达五金厂", "施某"
WORKERS = ("张桂花", "刘建军", "韦小妹")
PEOPLE = (
    Party(name=WORKERS[0], words={"电话": "15400000011", "证件号码": "330784198001019968"}),
    Party(name=WORKERS[1]),
    Party(name=WORKERS[2], ticks=["不识字"]),
)
FIRMS = (Party(name=FIRM, kind="单位", words={"法定代表人": "吕某"}),)
SHARES = (6_000, 5_750, 4_750)
"""Half of what is owed to each."""
DAYS = ("2026-11-28", "2026-12-28")
LATE = "一期没有按时付足"


def task(room: Room) -> None:
    """From Monday morning to the closing."""
    monday(room)
    wednesday(room)
    friday(room)
    performance(room)
    checked(room, WORKERS[0])


def monday(room: Room) -> None:
    """Three workers come in; the case is taken down, rights are told, it is accepted, they are heard."""
    room.at("2026-11-16T09:00")
    with room.person(MEDIATOR, "登记，告知权利义务") as li:
        register(li, "速调 · 劳动争议调解", "拖欠劳动报酬", PEOPLE, FIRMS)
        li.type("简要情况", "八月到十月的工资没有发：张桂花12000元，刘建军11500元，韦小妹9500元。")
        li.type("请求金额", "33000")
        together(li, "告知权利义务")
        li.press("登记")
    room.at("2026-11-16T09:20")
    accepted(room, WORKERS[0])
    room.at("2026-11-16T09:40")
    with room.person(MEDIATOR, "单独沟通：三名工人") as li:
        begin(li, WORKERS[0], "记录单独沟通", WORKERS[0])
        li.tick("同时在场的还有", *WORKERS[1:])
        li.type("对方说了什么", "八月到十月没有发工资：张12000元，刘11500元，韦9500元；只要钱，不要利息。")
        done(li)


def wednesday(room: Room) -> None:
    """The manager comes with an authority, is told his rights and heard; the session is called."""
    room.at("2026-11-18T10:00")
    with room.person(MEDIATOR, "单独沟通：厂，代理、告知、约会议") as li:
        begin(li, WORKERS[0], "记录单独沟通", FIRM)
        li.type("对方说了什么", "货款没有收回，工资认，一次付不出，请分两期。")
        together(li, "告知权利义务", "登记代理与代表", "约好开会的日子")
        li.name("代理人或代表", MANAGER)
        li.choose("身份", "工作人员（职务代理）")
        li.tick("权限：和解")
        li.choose("凭什么文件", "授权委托书")
        li.type("文件日期", "2026年11月17日")
        li.type("日期", "11月20日")
        li.type("几点", "14:30")
        li.type("地点", "调解室")
        done(li)


def friday(room: Room) -> None:
    """One session; agreed, written, signed by all, sealed."""
    room.at("2026-11-20T16:00")
    with room.person(MEDIATOR, "记录会议") as li:
        begin(li, WORKERS[0], "记录会议")
        li.tick("到场的当事人", *WORKERS, FIRM)
        li.choose("结果", "调解成功")
        li.name("记录人", "陈书记员")
        li.type("会议记录", "厂里由施某到场。工资33000元分两期付清，转账。")
        done(li)
    with room.person(MEDIATOR, "记录谈妥：六笔，拟定协议书") as li:
        take(li, "记录谈妥")
        for name, share in zip(WORKERS, SHARES, strict=True):
            li.type(f"付给{name}", str(2 * share))
        li.type("分几期", "2")
        li.type("第一期哪天以前", "11月28日")
        li.choose("每期隔", "一个月")
        li.tick("一期不付")
        li.press("列出条款")
        together(li, "拟定协议书")
        done(li)
    with room.person(MEDIATOR, "签署，调解员签名") as li:
        take_all(li, "记录谁签了协议")
        for name in (*WORKERS, FIRM):
            li.row_of("谁签了", name).tick("签了")
        li.row_of("谁签了", WORKERS[2]).choose("怎么签的", "签名并按指印")
        li.tick("已核对签署人身份")
        together(li, "调解员签名")
        done(li)
    sealed(room, WORKERS[0])


def performance(room: Room) -> None:
    """Paid in time, a visit, paid late after two reminders, a call; closed."""
    room.at("2026-11-28T15:00")
    payment(room, "付款：第一期")
    room.at("2026-12-10T19:00")
    with room.person(MEDIATOR, "走访宿舍") as li:
        begin(li, WORKERS[0], "记录走访")
        li.choose("情况", "履行中")
        li.choose("对调解是否满意", "满意")
        li.type("回访情况", "在宿舍见了三人，都说第一期收到了，没有意见。")
        li.tick("全部都在")
        li.send("记下")
    for day in ("2026-12-29T09:00", "2027-01-02T09:00"):
        room.at(day)
        with room.person(MEDIATOR, "督促") as li:
            begin(li, WORKERS[0], "督促履行")
            done(li)
    room.at("2027-01-05T15:00")
    payment(room, "付款：第二期")
    with room.person(MEDIATOR, "电话，结案") as li:
        take(li, "记录通话")
        li.choose("打给谁", WORKERS[0])
        li.type("说了什么", "钱都收到了，没有意见。")
        together(li, "履行完毕结案")
        done(li)


def payment(room: Room, act: str) -> None:
    """One transfer for the three shares of an instalment, taken up where it is due."""
    with room.person(MEDIATOR, act) as li:
        begin(li, WORKERS[0], "记录付款")
        for name, share in zip(WORKERS, SHARES, strict=True):
            li.row_of("这次付了哪几笔", name).type("这次付了", str(share))
        li.type("凭证、说明", "银行转账一笔")
        done(li)


def recorded(room: Room) -> None:
    """Everything the paper of the task says."""
    it = Record(room)
    it.parties_are([*WORKERS, FIRM])
    seen, unread = it.details_of(WORKERS[0]), it.details_of(WORKERS[2])
    assert seen.phones and seen.number and unread.cannot_read
    assert it.details_of(FIRM).representative
    it.acts_for(MANAGER, [FIRM], Power.SETTLE)
    it.talked_with([*WORKERS, FIRM])
    it.met("2026-11-20", [*WORKERS, FIRM], "调解成功")
    it.no_session_is_open()
    assert [one.planned_at for one in it.facts.sessions.values()] == ["14:30"]
    it.says("陈书记员", "调解室", LATE, "转账")
    it.agreed(3_300_000)
    for day in DAYS:
        assert [it.owed(FIRM, day, name) for name in WORKERS] == [share * 100 for share in SHARES]
    for name in WORKERS[:2]:
        it.signed(name, SigningManner.SIGNATURE)
    it.signed(WORKERS[2], SigningManner.SIGNATURE, SigningManner.FINGERPRINT)
    assert it.signed(FIRM, SigningManner.SIGNATURE, SigningManner.SEAL).capacity
    for day in ("2026-11-28", "2027-01-05"):
        assert it.paid(day, FIRM) == 1_650_000
    assert max(one.urgings for one in it.facts.obligations.values()) >= 2
    it.visited("2026-12-10", *WORKERS)
    assert any(one.reached for one in it.facts.calls.values())
    it.all_is_performed()
    it.is_closed()
