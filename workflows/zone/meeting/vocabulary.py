"""Words of a meeting: what it is about, who came, what became of what it gave people to do."""

from __future__ import annotations

from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.matter import Matter

MEETING = Matter(code="meeting", label="例会")


class Theme(Labelled):
    """What meetings are about; more is said in words."""

    PETITIONS = "petitions", "信访维稳"
    DISPUTES = "disputes", "矛盾纠纷"
    KEY_WORK = "key_work", "重点工作"
    CLEAN_UP = "clean_up", "清查行动"
    FIRE = "fire", "消防安全"
    SCHOOLS = "schools", "校园周边"
    TRAFFIC = "traffic", "交通安全"
    SAFETY = "safety", "安全生产"
    OTHER = "other", "其他"


class Four(Labelled):
    """What is fixed of a meeting before it is held (四定)."""

    THEME = "theme", "主题"
    TIME = "time", "时间"
    PEOPLE = "people", "人员"
    PLAN = "plan", "方案"


class AttendeeState(Labelled):
    """Whether somebody who was to come did."""

    INVITED = "invited", "应到会"
    CAME = "came", "到会"
    ABSENT = "absent", "缺席"


class TopicState(Labelled):
    """It is on the table."""

    LISTED = "listed", "已列入"


class TaskState(Labelled):
    """Whether the matter that a task becomes is there."""

    GIVEN = "given", "待登记"
    IN_HAND = "in_hand", "已交办"


class SheetState(Labelled):
    """It is there."""

    KEPT = "kept", "已列入"
