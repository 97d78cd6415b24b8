"""事前分块协调: each disputant and body is spoken to apart, block by block; the phase ends when its blocks have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, text
from mediation_engine.domain.guard import Answer, guard, none_of
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.machine import Follows, Machine, T
from mediation_engine.domain.roles import LEAD, MEDIATOR
from mediation_engine.domain.workflow import CLOSES

from ..facts import facts_of
from ..parts.states import BlockState
from ..parts.suspension import not_suspended
from .endings import (
    A23,
    A26,
    A31,
    DOUBLES,
    FREE,
    MISTAKES,
    REMEDIES,
    TOLD,
    WITHDRAWAL,
    ApplicationRenewed,
    ApplicationWithdrawn,
    CloseAsDuplicate,
    CloseAsMistaken,
    ClosedAsDuplicate,
    ClosedAsMistaken,
    MediationTerminated,
    RecordReapplication,
    TalksConcluded,
    TerminateMediation,
    WithdrawApplication,
    nothing_left_open,
)


class S(Labelled):
    """Blocks are open; or one meets; or it is over without meeting."""

    COORDINATING = "coordinating", "分块协调中"
    CONVENED = "convened", "转入集中会诊"
    SETTLED = "settled", "分头达成协议"
    FAILED = "failed", "调解终止"
    WITHDRAWN = "withdrawn", "已撤回"
    MISTAKEN = "mistaken", "误登记"
    DUPLICATE = "duplicate", "重复登记"


HANDOFFS: dict[Labelled, str | None] = {
    S.CONVENED: "consultation",
    S.SETTLED: "follow_up",
    S.FAILED: CLOSES,
    S.WITHDRAWN: CLOSES,
    S.MISTAKEN: CLOSES,
    S.DUPLICATE: CLOSES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConveneConsultation(Command):
    label: ClassVar[str] = "转入集中会诊"
    reason: Text | None = text("分块情况小结", longest=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationConvened(Event[ConveneConsultation]):
    label: ClassVar[str] = "已转入集中会诊"
    tells: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MetAtOneTable(Event[None]):
    label: ClassVar[str] = "已开会，转入集中会诊"
    given: None = None


def met(case: Case, key: str) -> MetAtOneTable | None:
    """A joint session has been held since the talks went apart: whatever was planned, they are together now."""
    return MetAtOneTable() if facts_of(case).sessions_held() > facts_of(case).apart_since else None


@guard("分头沟通的各方都须先有结果：可以坐下来谈了、工作做通了或谈不拢", "policy")
def blocks_ended(s: Situation) -> Answer:
    return none_of(k for k in s.case.of("block") if s.case.is_in(k, BlockState.OPEN))


GATES = (blocks_ended, not_suspended)

# fmt: off
ROWS = (
    # from            command              to              by        only if   records               basis
    T(S.COORDINATING, ConveneConsultation, S.CONVENED,     MEDIATOR, GATES,    ConsultationConvened, "policy"),
    T(S.COORDINATING, RecordReapplication, S.COORDINATING, MEDIATOR, (),       ApplicationRenewed,   A23),
    T(S.COORDINATING, TerminateMediation,  S.FAILED,       LEAD,     REMEDIES, MediationTerminated,  A26,                 TOLD),
    T(S.COORDINATING, WithdrawApplication, S.WITHDRAWN,    MEDIATOR, FREE,     ApplicationWithdrawn, A23,                 WITHDRAWAL),
    T(S.COORDINATING, CloseAsMistaken,     S.MISTAKEN,     LEAD,     MISTAKES, ClosedAsMistaken,     "policy"),
    T(S.COORDINATING, CloseAsDuplicate,    S.DUPLICATE,    LEAD,     DOUBLES,  ClosedAsDuplicate,    "policy"),
    Follows(S.COORDINATING, S.SETTLED,  nothing_left_open, TalksConcluded, A31),
    Follows(S.COORDINATING, S.CONVENED, met,               MetAtOneTable,  "policy"),
)
# fmt: on

COORDINATION = Machine.declare(
    "coordination",
    "事前分块协调",
    S,
    ROWS,
    initial=S.COORDINATING,
    final={S.CONVENED, S.SETTLED, S.FAILED, S.WITHDRAWN, S.MISTAKEN, S.DUPLICATE},
)
