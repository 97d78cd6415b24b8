"""What courts and others do about an agreement or the dispute. Applied is not confirmed; referred is not the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, money, ref, refs, rows, text
from mediation_engine.domain.formatting import span
from mediation_engine.domain.guard import MET, UNJUDGED, Answer, given_as, guard, met_if, none_of
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.periods import PeriodUnit, raw_end
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from ..facts import MediationFacts, Proceeding, Term, facts_of
from ..tabs import Tab
from ..vocabulary import ProceedingEffect, ProceedingKind
from . import naming
from .moments import AFTER_DECISION, AFTER_EFFECT, AFTER_FILING
from .queries import REPLACING, REST, STRENGTHENING, binds, confirmed, denied, opponents
from .states import ProceedingState as S

CHALLENGING = (ProceedingKind.LITIGATION, ProceedingKind.ARBITRATION, ProceedingKind.OTHER)
"""Those in which an agreement itself is in dispute (人民调解法 第32条); the rest strengthen or enforce it."""


CONFIRMABLE = {ProceedingKind.JUDICIAL: (30, PeriodUnit.DAYS), ProceedingKind.ARBITRAL: (15, PeriodUnit.DAYS)}
"""From effect: 民事诉讼法 第205条; 劳动人事争议仲裁办案规则 第74条."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProceeding(Command):
    label: ClassVar[str] = "登记司法确认、仲裁、诉讼"
    help: ClassVar[str] = "司法确认、仲裁审查由双方共同申请；起诉、申请仲裁由一方提出，随时可以"
    parties: ClassVar[tuple[str, ...]] = ("by", "applicants")
    kind: ProceedingKind = choice("程序")
    agreement: str | None = ref("针对哪份协议", "agreement", default=None, help="写明的，已结的案件据此重新打开")
    by: str | None = ref("由谁提出", "party", default=None)
    applicants: tuple[str, ...] = refs(
        "共同申请的当事人", "party", help="司法确认、仲裁审查须由签署协议的各方一起申请，逐一勾选"
    )
    claimed: int | None = money("请求金额", rare=True)
    note: Text | None = text("说明", longest=500, disclosure="joint", rare=True)


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
    one_by_one: ClassVar[bool] = True
    effect: ProceedingEffect = choice("对协议的影响", default=ProceedingEffect.NONE)
    amount: int | None = money("裁判金额")
    orders: tuple[Term, ...] = rows("判令履行的事项")
    paper: Text | None = text("文书与文号", longest=200, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSettledThere(Command):
    label: ClassVar[str] = "记录在该程序中和解"
    one_by_one: ClassVar[bool] = True
    effect: ProceedingEffect = choice(
        "对协议的影响", default=ProceedingEffect.SUPERSEDES, help="支付令、强制执行中的和解不改变协议"
    )
    amount: int | None = money("和解金额")
    orders: tuple[Term, ...] = rows("和解约定的事项")
    note: Text | None = text("内容", longest=500, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReturned(Command):
    label: ClassVar[str] = "记录退回或委托调解"
    note: Text | None = text("说明", longest=500, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDismissed(Command):
    label: ClassVar[str] = "记录驳回或未获确认"
    one_by_one: ClassVar[bool] = True
    reason: Text | None = text("理由", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordObjection(Command):
    label: ClassVar[str] = "记录对确认提出异议"
    help: ClassVar[str] = "当事人收到裁定十五日内、利害关系人六个月内可以提出"
    parties: ClassVar[tuple[str, ...]] = ("by",)
    by: str | None = ref("由谁提出", "party", default=None, help="案外的利害关系人提出的留空，在说明中写明")
    note: Text | None = text("理由", longest=500, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUpheld(Command):
    label: ClassVar[str] = "记录异议被驳回"
    help: ClassVar[str] = "确认继续有效"
    note: Text | None = text("文书与文号", longest=200, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLifted(Command):
    label: ClassVar[str] = "记录确认被撤销"
    help: ClassVar[str] = "协议本身是否有效，另看法院怎么认定"
    note: Text | None = text("文书与文号", longest=200, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawProceeding(Command):
    label: ClassVar[str] = "撤回该申请或起诉"
    gives_up: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceedingFiled(Event[FileProceeding]):
    label: ClassVar[str] = "已申请或起诉"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        g = self.given
        facts.proceedings[line.instance] = Proceeding(
            kind=g.kind, agreement=g.agreement, applicants=g.applicants, filed=line.occurred
        )


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
        _decide(facts, line)
        held = facts.proceedings[line.instance]
        effect = self.given.effect if held.kind in CHALLENGING else ProceedingEffect.NONE
        facts.proceedings[line.instance] = replace(held, effect=effect, orders=self.given.orders)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledThere(Event[RecordSettledThere]):
    label: ClassVar[str] = "在该程序中和解"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _decide(facts, line)
        held = facts.proceedings[line.instance]
        effect = self.given.effect if held.kind in CHALLENGING else ProceedingEffect.NONE
        facts.proceedings[line.instance] = replace(held, effect=effect, orders=self.given.orders)


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
class ConfirmationObjected(Event[RecordObjection]):
    label: ClassVar[str] = "已对确认提出异议"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        held = facts.proceedings[line.instance]
        facts.proceedings[line.instance] = replace(held, objected=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationUpheld(Event[RecordUpheld]):
    label: ClassVar[str] = "异议被驳回，确认有效"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationLifted(Event[RecordLifted]):
    label: ClassVar[str] = "确认已被撤销"
    tells: ClassVar[bool] = True

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


@guard("分期、分担须写明在它之前的上级事项", "policy", fixed=True, of_form=True)
def orders_in_order(s: Situation) -> Answer:
    if not isinstance(s.given, RecordDecided | RecordSettledThere):
        return MET
    return met_if(all(t.part_of is None or 0 < t.part_of < n for n, t in enumerate(s.given.orders, 1)))


@guard("申请确认协议须由签署协议的各方当事人共同提出", "民事诉讼法 第205条")
def filed_jointly(s: Situation) -> Answer:
    given = given_as(s, FileProceeding)
    if given is None:
        return UNJUDGED
    if given.kind not in STRENGTHENING:
        return MET
    held = facts_of(s).agreements.get(given.agreement or "")
    needed = (held.signers if held else ()) or opponents(s.case)
    return none_of(k for k in needed if k not in given.applicants)


@guard("协议已获法院或仲裁确认，须先撤销确认，其他机关的处理才能改变它", "民事诉讼法司法解释 第372条")
def confirmation_lifted(s: Situation) -> Answer:
    given, held = s.given, facts_of(s).proceedings.get(s.key or "")
    if not isinstance(given, RecordDecided | RecordSettledThere) or held is None:
        return UNJUDGED
    rests = given.effect in REPLACING and held.agreement is not None and confirmed(s.case, held.agreement)
    return met_if(not rests, (held.agreement,) if held.agreement else ())


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
    last = raw_end(effective.day, *CONFIRMABLE[given.kind])
    # A last day that is a holiday moves on to the first working day (民事诉讼法 第85条); the longest holiday is nine days.
    return UNJUDGED if last < s.occurred.day <= last + span(REST) else met_if(s.occurred.day <= last)


@guard("应有申请确认的记录", "民事诉讼法 第205条")
def filed_before(s: Situation) -> Answer:
    return met_if(s.key is not None)


A205, A206, A3 = "民事诉讼法 第205条", "民事诉讼法 第206条", "人民调解法 第3条"
A372 = "民事诉讼法司法解释 第372条"
STRONG, FILED = (is_strengthening,), (AFTER_FILING,)
DECIDED, ORDERED, RULED = (AFTER_FILING, confirmation_lifted), (orders_in_order,), (AFTER_DECISION,)
EFFECT, WINDOW, BEFORE = (
    (agreement_named, agreement_in_effect, filed_jointly, not_denied),
    (within_window, AFTER_EFFECT),
    (agreement_in_effect, filed_before, AFTER_EFFECT),
)

# fmt: off
ROWS = (
    # from     command             to               by                 only if records                basis                marks
    T(None,    FileProceeding,     S.FILED,         MEDIATOR         , EFFECT, ProceedingFiled,       A3,                  WINDOW),
    T(None,    RecordConfirmed,    S.CONFIRMED,     MEDIATOR,          (),     ConfirmationRuled,     A206,                BEFORE),
    T(S.FILED, RecordGranted,       S.CONFIRMED,     MEDIATOR,          STRONG,  ConfirmationGranted,   A206,                 FILED),
    T(S.FILED, RecordDismissed,    S.DISMISSED,     MEDIATOR,          (),     ConfirmationDismissed, A206,                 FILED),
    T(S.FILED, RecordDecided,      S.DECIDED,       MEDIATOR,          ORDERED, ProceedingDecided,     A3,                   DECIDED),
    T(S.FILED, RecordSettledThere, S.SETTLED_THERE, MEDIATOR,          ORDERED, SettledThere,          A3,                   DECIDED),
    T(S.FILED, RecordReturned,     S.RETURNED,      MEDIATOR,          (),     ProceedingReturned,    "人民调解法 第18条",         FILED),
    T(S.FILED, WithdrawProceeding, S.WITHDRAWN,     MEDIATOR         , (),     ProceedingWithdrawn,   A3,                   FILED),
    T(S.CONFIRMED, RecordObjection, S.OBJECTED,     MEDIATOR,          (),     ConfirmationObjected,  A372, RULED),
    T(S.OBJECTED,  RecordUpheld,    S.CONFIRMED,    MEDIATOR,          (),     ConfirmationUpheld,    A372, RULED),
    T(S.OBJECTED,  RecordLifted,    S.DISMISSED,    MEDIATOR,          (),     ConfirmationLifted,    A372, RULED),
    T(S.CONFIRMED, RecordLifted,    S.DISMISSED,    MEDIATOR,          (),     ConfirmationLifted,    A372, RULED),
)
# fmt: on

PROCEEDING = Machine.declare(
    "proceeding",
    "司法确认、仲裁、诉讼",
    S,
    ROWS,
    resting={S.CONFIRMED},
    final={S.DISMISSED, S.DECIDED, S.SETTLED_THERE, S.RETURNED, S.WITHDRAWN},
    alive=ALWAYS,
    shown=Presentation(
        title="司法确认、仲裁、诉讼",
        tab=Tab.AGREEMENT,
        rows=True,
        place=44,
        urgent=frozenset({S.DISMISSED}),
        called=naming.proceeding,
    ),
)
