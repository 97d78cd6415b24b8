"""An earlier attempt by others: private, lower level, police. Its sessions and breaches are not ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, money, text
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from ..tabs import Tab
from .states import AttemptState as S


class AttemptResult(Labelled):
    """What came of it."""

    FAILED = "failed", "未成"
    AGREED = "agreed", "达成协议"
    BREACHED = "breached", "达成后违约"
    PERFORMED = "performed", "已履行"
    UNREPORTED = "unreported", "不清楚"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAttempt(Command):
    label: ClassVar[str] = "记录此前的调解"
    body: Text | None = text("由谁调解", longest=100, disclosure="joint")
    result: AttemptResult = choice("结果", default=AttemptResult.UNREPORTED)
    terms: Text | None = text("内容", longest=1000, disclosure="joint")
    paid: int | None = money("已付金额")


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecorded(Event[RecordAttempt]):
    label: ClassVar[str] = "此前的调解已记录"


# fmt: off
ROWS = (
    # from  command        to          by        only if records          basis
    T(None, RecordAttempt, S.RECORDED, MEDIATOR, (),     AttemptRecorded, "policy"),
)
# fmt: on

ATTEMPT = Machine.declare(
    "attempt",
    "此前的调解",
    S,
    ROWS,
    final={S.RECORDED},
    alive=ALWAYS,
    shown=Presentation(title="此前的调解", tab=Tab.TALKS, rows=True, place=50),
)
