"""调解: talks go on while an issue is open; agreement on the rest ends them, or termination, or a larger table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, text
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Follows, Machine, T
from mediation_engine.domain.roles import LEAD, MEDIATOR

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
    """Talks are open, or over in one of four ways."""

    TALKING = "talking", "调解中"
    SETTLED = "settled", "已达成协议"
    FAILED = "failed", "调解终止"
    RAISED = "raised", "升级为五方会诊"
    WITHDRAWN = "withdrawn", "已撤回"
    MISTAKEN = "mistaken", "误登记"
    DUPLICATE = "duplicate", "重复登记"


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseToConsultation(Command):
    label: ClassVar[str] = "升级为五方会诊"
    reason: Text | None = text("理由", longest=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedToConsultation(Event[RaiseToConsultation]):
    label: ClassVar[str] = "已升级为五方会诊"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.apart_since = facts.sessions_held()


# fmt: off
ROWS = (
    # from       command              to           by        only if   records               basis
    T(S.TALKING, RaiseToConsultation, S.RAISED,    LEAD,     (),       RaisedToConsultation, "policy"),
    T(S.TALKING, RecordReapplication, S.TALKING,   MEDIATOR, (),       ApplicationRenewed,   A23),
    T(S.TALKING, TerminateMediation,  S.FAILED,    LEAD,     REMEDIES, MediationTerminated,  A26,                 TOLD),
    T(S.TALKING, WithdrawApplication, S.WITHDRAWN, MEDIATOR, FREE,     ApplicationWithdrawn, A23,                 WITHDRAWAL),
    T(S.TALKING, CloseAsMistaken,     S.MISTAKEN,  LEAD,     MISTAKES, ClosedAsMistaken,     "policy"),
    T(S.TALKING, CloseAsDuplicate,    S.DUPLICATE, LEAD,     DOUBLES,  ClosedAsDuplicate,    "policy"),
    Follows(S.TALKING, S.SETTLED, nothing_left_open, TalksConcluded, A31),
)
# fmt: on

MEDIATION = Machine.declare(
    "mediation",
    "调解",
    S,
    ROWS,
    initial=S.TALKING,
    final={S.SETTLED, S.FAILED, S.RAISED, S.WITHDRAWN, S.MISTAKEN, S.DUPLICATE},
)
