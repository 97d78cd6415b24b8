"""Words of a matter that are the same for all kinds."""

from __future__ import annotations

from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.matter import Matter

MATTER = Matter(code="matter", label="事项")


class Standing(Labelled):
    """As what somebody is in it."""

    ASKER = "asker", "提出或涉及的人"
    OTHER = "other", "对方"
    RELATED = "related", "有关的人"


class Manner(Labelled):
    """How something was done."""

    VISIT = "visit", "上门走访"
    CALL = "call", "打电话"
    MEETING = "meeting", "协调、开会"
    OTHER = "other", "其他"


class LinkState(Labelled):
    """How the case stands that a matter led to; as `zone.vocabulary.OutcomeState`."""

    WAITING = "waiting", "待立案"
    MEDIATING = "mediating", "调解中"
    AGREED = "agreed", "已达成协议"
    PERFORMED = "performed", "已履行"
    BREACHED = "breached", "没有按协议履行"
    FAILED = "failed", "没有调成"


class Content(Labelled):
    """How content somebody is with what came of it."""

    CONTENT = "content", "满意"
    FAIRLY = "fairly", "基本满意"
    NOT = "not", "不满意"
