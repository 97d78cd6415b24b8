"""What courts and others do about an agreement or the dispute. Applied is not confirmed; referred is not the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, flag, money, ref, text
from mediation_engine.domain.formatting import span
from mediation_engine.domain.guard import MET, UNJUDGED, Answer, given_as, guard, met_if, none_of
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from ..facts import MediationFacts, Proceeding, facts_of
from ..vocabulary import ProceedingEffect, ProceedingKind
from .moments import AFTER_EFFECT, AFTER_FILING
from .queries import REST, binds, denied
from .states import ProceedingState as S

STRENGTHENING = (ProceedingKind.JUDICIAL, ProceedingKind.ARBITRAL)
CHALLENGING = (ProceedingKind.LITIGATION, ProceedingKind.ARBITRATION, ProceedingKind.OTHER)
"""Those in which an agreement itself is in dispute (人民调解法 第32条); the rest strengthen or enforce it."""


WINDOW_DAYS = {ProceedingKind.JUDICIAL: 30, ProceedingKind.ARBITRAL: 15}
"""Days from effect: 民事诉讼法 第205条; 劳动人事争议仲裁办案规则 第74条."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProceeding(Command):
    label: ClassVar[str] = "记录申请或起诉"
    help: ClassVar[str] = "司法确认、仲裁审查由双方共同申请；起诉、申请仲裁由一方提出，随时可以"
    parties: ClassVar[tuple[str, ...]] = ("by",)
    kind: ProceedingKind = choice("程序")
    agreement: str | None = ref("针对哪份协议", "agreement", default=None, help="写明的，已结的案件据此重新打开")
    by: str | None = ref("由谁提出", "party", default=None)
    jointly: bool = flag("双方当事人共同提出")
    claimed: int | None = money("请求金额")
    note: Text | None = text("说明", longest=500, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConfirmed(Command):
    label: ClassVar[str] = "记录确认裁定"
    parties: ClassVar[tuple[str, ...]] = ()
    kind: ProceedingKind = choice("确认方式")
    agreement: str = ref("协议", "agreement")
    paper: Text | None = text("文书与文号", longest=200, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordGranted(Command):
    label: ClassVar[str] = "记录准予确认"
    paper: Text | None = text("文书与文号", longest=200, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDecided(Command):
    label: ClassVar[str] = "记录裁判结果"
    effect: ProceedingEffect = choice("对协议的影响", default=ProceedingEffect.NONE)
    amount: int | None = money("裁判金额")
    paper: Text | None = text("文书与文号", longest=200, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSettledThere(Command):
    label: ClassVar[str] = "记录在该程序中和解"
    effect: ProceedingEffect = choice(
        "对协议的影响", default=ProceedingEffect.SUPERSEDES, help="支付令、强制执行中的和解不改变协议"
    )
    amount: int | None = money("和解金额")
    note: Text | None = text("内容", longest=500, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReturned(Command):
    label: ClassVar[str] = "记录退回或委托调解"
    note: Text | None = text("说明", longest=500, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDismissed(Command):
    label: ClassVar[str] = "记录驳回或未获确认"
    reason: Text | None = text("理由", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawProceeding(Command):
    label: ClassVar[str] = "撤回该申请或起诉"
    gives_up: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceedingFiled(Event[FileProceeding]):
    label: ClassVar[str] = "已申请或起诉"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        g = self.given
        facts.proceedings[line.instance] = Proceeding(kind=g.kind, agreement=g.agreement, filed=line.occurred)


def _decide(facts: MediationFacts, line: Line, **default: Any) -> None:
    held = facts.proceedings.get(line.instance) or Proceeding(**default)
    facts.proceedings[line.instance] = replace(held, result=line.target, decided=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationRuled(Event[RecordConfirmed]):
    label: ClassVar[str] = "协议已获确认"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _decide(facts, line, kind=self.given.kind, agreement=self.given.agreement)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationGranted(Event[RecordGranted]):
    label: ClassVar[str] = "已准予确认"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _decide(facts, line)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceedingDecided(Event[RecordDecided]):
    label: ClassVar[str] = "已裁判"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        held = facts.proceedings[line.instance]
        facts.proceedings[line.instance] = replace(
            held, result=line.target, effect=self.given.effect, decided=line.occurred
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledThere(Event[RecordSettledThere]):
    label: ClassVar[str] = "在该程序中和解"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _decide(facts, line)
        held = facts.proceedings[line.instance]
        effect = self.given.effect if held.kind in CHALLENGING else ProceedingEffect.NONE
        facts.proceedings[line.instance] = replace(held, effect=effect)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceedingReturned(Event[RecordReturned]):
    label: ClassVar[str] = "已退回或委托调解"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _decide(facts, line)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationDismissed(Event[RecordDismissed]):
    label: ClassVar[str] = "已驳回或未获确认"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _decide(facts, line)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceedingWithdrawn(Event[WithdrawProceeding]):
    label: ClassVar[str] = "申请或起诉已撤回"


@guard("协议须先生效", "民事诉讼法 第205条")
def agreement_in_effect(s: Situation) -> Answer:
    if not isinstance(s.given, FileProceeding | RecordConfirmed):
        return UNJUDGED
    if s.given.kind not in STRENGTHENING:
        return MET
    named = s.given.agreement
    return met_if(named is not None and binds(s.case, named), (named,) if named else ())


@guard("须写明申请确认哪份协议", "民事诉讼法 第205条")
def agreement_named(s: Situation) -> Answer:
    given = given_as(s, FileProceeding)
    return UNJUDGED if given is None else met_if(given.kind not in STRENGTHENING or given.agreement is not None)


@guard("有人否认签署的协议，须先查明属实、追认或重新签署，再申请确认", "民法典 第171条")
def not_denied(s: Situation) -> Answer:
    given = given_as(s, FileProceeding)
    if given is None or given.kind not in STRENGTHENING or given.agreement is None:
        return MET
    return none_of(denied(s.case, given.agreement))


@guard("申请确认协议须由双方当事人共同提出", "民事诉讼法 第205条")
def filed_jointly(s: Situation) -> Answer:
    given = given_as(s, FileProceeding)
    return UNJUDGED if given is None else met_if(given.kind not in STRENGTHENING or given.jointly)


@guard("须是确认协议的程序，其他程序请记录裁判结果", "policy", fixed=True)
def is_strengthening(s: Situation) -> Answer:
    return met_if(s.key is not None and facts_of(s).proceedings[s.key].kind in STRENGTHENING)


@guard(
    "须在期限内申请（司法确认30日，仲裁审查15日）；逾期是否受理由法院或仲裁委决定",
    "民事诉讼法 第205条、劳动人事争议仲裁办案规则 第74条",
)
def within_window(s: Situation) -> Answer:
    given = given_as(s, FileProceeding)
    if given is None or given.kind not in STRENGTHENING or given.agreement is None:
        return MET
    effective = facts_of(s).agreements[given.agreement].effective
    if effective is None or effective.day is None or s.occurred.day is None:
        return UNJUDGED
    last = effective.day + span(WINDOW_DAYS[given.kind])
    # A last day that is a holiday moves on to the first working day (民事诉讼法 第85条); the longest holiday is nine days.
    return UNJUDGED if last < s.occurred.day <= last + span(REST) else met_if(s.occurred.day <= last)


@guard("应有申请确认的记录", "民事诉讼法 第205条")
def filed_before(s: Situation) -> Answer:
    return met_if(s.key is not None)


A205, A206, A3 = "民事诉讼法 第205条", "民事诉讼法 第206条", "人民调解法 第3条"
STRONG, FILED = (is_strengthening,), (AFTER_FILING,)
EFFECT, WINDOW, BEFORE = (
    (agreement_named, agreement_in_effect, filed_jointly, not_denied),
    (within_window, AFTER_EFFECT),
    (agreement_in_effect, filed_before),
)

# fmt: off
ROWS = (
    # from     command             to               by                 only if records                basis                marks
    T(None,    FileProceeding,     S.FILED,         MEDIATOR         , EFFECT, ProceedingFiled,       A3,                  WINDOW),
    T(None,    RecordConfirmed,    S.CONFIRMED,     MEDIATOR,          (),     ConfirmationRuled,     A206,                BEFORE),
    T(S.FILED, RecordGranted,       S.CONFIRMED,     MEDIATOR,          STRONG,  ConfirmationGranted,   A206,                 FILED),
    T(S.FILED, RecordDismissed,    S.DISMISSED,     MEDIATOR,          (),     ConfirmationDismissed, A206,                 FILED),
    T(S.FILED, RecordDecided,      S.DECIDED,       MEDIATOR,          (),     ProceedingDecided,     A3,                   FILED),
    T(S.FILED, RecordSettledThere, S.SETTLED_THERE, MEDIATOR,          (),     SettledThere,          A3,                   FILED),
    T(S.FILED, RecordReturned,     S.RETURNED,      MEDIATOR,          (),     ProceedingReturned,    "人民调解法 第18条",         FILED),
    T(S.FILED, WithdrawProceeding, S.WITHDRAWN,     MEDIATOR         , (),     ProceedingWithdrawn,   A3,                   FILED),
)
# fmt: on

PROCEEDING = Machine.declare(
    "proceeding",
    "司法、仲裁等程序",
    S,
    ROWS,
    final={S.CONFIRMED, S.DISMISSED, S.DECIDED, S.SETTLED_THERE, S.RETURNED, S.WITHDRAWN},
    alive=ALWAYS,
    shown=Presentation(title="司法、仲裁等程序", place=44, urgent=frozenset({S.DISMISSED})),
)
