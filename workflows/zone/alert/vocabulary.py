"""Words of an alert: what it is, who is in it, what came of it."""

from __future__ import annotations

from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.matter import Matter

ALERT = Matter(code="alert", label="警情")


class Trouble(Labelled):
    """What the alert is about (类型)."""

    FIGHT = "fight", "打架、推搡"
    QUARREL = "quarrel", "争吵"
    WAGES = "wages", "讨薪、劳资"
    DEBT = "debt", "债务、货款"
    FAMILY = "family", "家庭"
    NEIGHBOUR = "neighbour", "邻里"
    TRAFFIC = "traffic", "交通事故"
    DAMAGE = "damage", "损坏财物、受伤"
    CONSUMER = "consumer", "消费"
    OTHER = "other", "其他"


class Urgency(Labelled):
    """How soon somebody has to be there."""

    USUAL = "usual", "一般"
    URGENT = "urgent", "紧急"
    MAJOR = "major", "重大，当即报告"


class Standing(Labelled):
    """As what somebody is in it."""

    REPORTER = "reporter", "报警人一方"
    OTHER = "other", "对方"
    RELATED = "related", "有关的人"


class DeputyLine(Labelled):
    """Whose deputy chief somebody is: the pair of a district."""

    SECURITY = "security", "综治副片长"
    ZONE = "zone", "专职副片长"


class ContactResult(Labelled):
    """What came of going there or calling."""

    CALM = "calm", "已稳控"
    NOT_MET = "not_met", "未见到"
    REFUSED = "refused", "拒绝"


class ContactManner(Labelled):
    """How."""

    VISIT = "visit", "上门"
    CALL = "call", "打电话"
    ROOM = "room", "请到调解室"


class Returning(Labelled):
    """Why an alert goes back to the police."""

    POLICE_MATTER = "police_matter", "违法犯罪，应由公安机关处理"
    NOT_A_CIVIL_DISPUTE = "not_civil", "不属于民间纠纷"
    ELSEWHERE = "elsewhere", "不在本区"
    MISTAKEN = "mistaken", "推送有误或重复"
    REFUSED = "refused", "当事人不愿调解"
    NOT_FOUND = "not_found", "多次找不到人"
    OTHER = "other", "其他"


class TellingManner(Labelled):
    """How the police are told."""

    FORM = "form", "反馈单"
    PLATFORM = "platform", "平台回复"
    CALL = "call", "电话"
