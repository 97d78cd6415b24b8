"""A suspension: while it lasts nothing new is arranged; what happens is still recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, text
from mediation_engine.domain.guard import Answer, guard, none_of
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import LEAD, LeadAct

from ..facts import MediationFacts, Suspension
from ..tabs import Tab
from .states import SuspensionState as S


class Cause(Labelled):
    """Why a case waits."""

    APPRAISAL = "appraisal", "等待鉴定"
    DEATH = "death", "当事人死亡或丧失行为能力"
    SHAM = "sham", "涉嫌虚假调解"
    OTHER_PROCEEDING = "other_proceeding", "等待其他程序的结果"
    OTHER = "other", "其他"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendCase(Command):
    label: ClassVar[str] = "中止调解"
    act: ClassVar[LeadAct | None] = LeadAct.SUSPEND
    help: ClassVar[str] = "恢复以前不安排新的会议；人民调解的期限暂停（本室规定），劳动争议的期限照样走"
    cause: Cause = choice("原因")
    note: Text | None = text("说明", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeCase(Command):
    label: ClassVar[str] = "恢复调解"
    act: ClassVar[LeadAct | None] = LeadAct.SUSPEND


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSuspended(Event[SuspendCase]):
    label: ClassVar[str] = "调解已中止"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.suspensions[line.instance] = Suspension(since=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResumed(Event[ResumeCase]):
    label: ClassVar[str] = "调解已恢复"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.suspensions[line.instance] = replace(facts.suspensions[line.instance], until=line.occurred)


@guard("案件须未中止；已中止的请先恢复", "policy")
def not_suspended(s: Situation) -> Answer:
    return none_of(k for k in s.case.of("suspension") if s.case.is_in(k, S.SUSPENDED))


ONCE = (not_suspended,)

# fmt: off
ROWS = (
    # from         command      to           by    only if records        basis
    T(None,        SuspendCase, S.SUSPENDED, LEAD, ONCE,   CaseSuspended, "policy"),
    T(S.SUSPENDED, ResumeCase,  S.RESUMED,   LEAD, (),     CaseResumed,   "policy"),
)
# fmt: on

SUSPENSION = Machine.declare(
    "suspension",
    "中止",
    S,
    ROWS,
    final={S.RESUMED},
    shown=Presentation(
        title="中止与延期",
        tab=Tab.TALKS,
        rows=True,
        place=46,
        banner={S.SUSPENDED: "案件已中止：恢复以前不安排新的会议和会诊；已经发生的照样可以记录。"},
    ),
)
