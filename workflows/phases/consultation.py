"""事中集中会诊: five parties at one table, as many rounds as it takes; back to the blocks where that helps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, text
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Follows, Machine, T
from mediation_engine.domain.roles import LEAD, MEDIATOR
from mediation_engine.domain.workflow import CLOSES

from ..facts import MediationFacts
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
    """The panel sits; or the talks are over, or apart again."""

    CONSULTING = "consulting", "集中会诊中"
    APART = "apart", "退回分块协调"
    SETTLED = "settled", "已达成协议"
    FAILED = "failed", "调解终止"
    WITHDRAWN = "withdrawn", "已撤回"
    MISTAKEN = "mistaken", "误登记"
    DUPLICATE = "duplicate", "重复登记"


HANDOFFS: dict[Labelled, str | None] = {
    S.APART: "coordination",
    S.SETTLED: "follow_up",
    S.FAILED: CLOSES,
    S.WITHDRAWN: CLOSES,
    S.MISTAKEN: CLOSES,
    S.DUPLICATE: CLOSES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnToBlocks(Command):
    label: ClassVar[str] = "退回分块协调"
    reason: Text | None = text("原因", longest=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class TalksApartAgain(Event[ReturnToBlocks]):
    label: ClassVar[str] = "已退回分块协调"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.apart_since = facts.sessions_held()


# fmt: off
ROWS = (
    # from          command              to            by        only if   records               basis
    T(S.CONSULTING, ReturnToBlocks,      S.APART,      MEDIATOR, (),       TalksApartAgain,      "policy"),
    T(S.CONSULTING, RecordReapplication, S.CONSULTING, MEDIATOR, (),       ApplicationRenewed,   A23),
    T(S.CONSULTING, TerminateMediation,  S.FAILED,     LEAD,     REMEDIES, MediationTerminated,  A26,                 TOLD),
    T(S.CONSULTING, WithdrawApplication, S.WITHDRAWN,  MEDIATOR, FREE,     ApplicationWithdrawn, A23,                 WITHDRAWAL),
    T(S.CONSULTING, CloseAsMistaken,     S.MISTAKEN,   LEAD,     MISTAKES, ClosedAsMistaken,     "policy"),
    T(S.CONSULTING, CloseAsDuplicate,    S.DUPLICATE,  LEAD,     DOUBLES,  ClosedAsDuplicate,    "policy"),
    Follows(S.CONSULTING, S.SETTLED, nothing_left_open, TalksConcluded, A31),
)
# fmt: on

CONSULTATION = Machine.declare(
    "consultation",
    "事中集中会诊",
    S,
    ROWS,
    initial=S.CONSULTING,
    final={S.APART, S.SETTLED, S.FAILED, S.WITHDRAWN, S.MISTAKEN, S.DUPLICATE},
)
