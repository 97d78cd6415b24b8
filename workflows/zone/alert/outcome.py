"""Which way an alert is taken (处置): settled at once, or a case that it leads to, and how that stands."""

from __future__ import annotations

from dataclasses import MISSING, dataclass
from typing import Any, ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import JOINT, Text, choice, code, rows, text
from mediation_engine.domain.guard import POLICY, Answer, guard, met_if, none_of
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR, MEDIATOR_OR_WORKER

from ...parts.agreement import HintAnswer
from ...vocabulary import Dispute
from . import cards
from .facts import AlertFacts, Outcome, facts_of
from .vocabulary import RUNNING, OutcomeKind, Program, Standing
from .vocabulary import OutcomeState as S

P9, A18, R22 = "治安管理处罚法 第9条", "人民调解法 第18条", "人民调解工作若干规定 第22条"
A31 = "人民调解法 第31条"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleOnSpot(Command):
    label: ClassVar[str] = "当场化解"
    help: ClassVar[str] = "当场说好了、不用另外立案的；要立字据、分期付款的请转调解"
    occurs: ClassVar[str] = "什么时候化解的"
    aside: ClassVar[tuple[str, ...]] = ("hints",)
    words: Text = text("怎么说好的", longest=1000, disclosure=JOINT, default=MISSING)
    hints: tuple[HintAnswer, ...] = rows("核对提示", rare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferToMediation(Command):
    label: ClassVar[str] = "转调解"
    help: ClassVar[str] = "自动登记一件速调案件，双方互相连着；报警人一方为申请人，对方为被申请人"
    dispute: Dispute = choice("纠纷类型")
    matter: Text | None = text("简要情况", longest=2000, disclosure=JOINT, help="登记到案件里，双方都能看")


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateToPanel(Command):
    label: ClassVar[str] = "升级五方会诊"
    help: ClassVar[str] = "社会影响大、一家化解不了的：自动登记一件五方会诊案件"
    dispute: Dispute = choice("纠纷类型")
    matter: Text | None = text("简要情况", longest=2000, disclosure=JOINT, help="登记到案件里，双方都能看")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCase(Command):
    label: ClassVar[str] = "并入已有案件"
    help: ClassVar[str] = "这场纠纷已经有案件在办：连到那一件、那一项争议，结果会自动回到这里"
    case: str = code(
        "案件", help="案号，照案件页上的写，如 （2026）永开人调字第0001号；还没有案号的写那一页地址里的编号"
    )
    issue: str | None = code("哪一项争议", default=None, help="如 issue/1；不写就看整件案件")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCaseOpened(Command):
    label: ClassVar[str] = "记录已立案"
    case: str = code("案件")
    issue: str | None = code("哪一项争议", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTalksResumed(Command):
    label: ClassVar[str] = "记录重新调解"
    note: Text | None = text("说明", longest=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAgreed(Command):
    label: ClassVar[str] = "记录已达成协议"
    note: Text | None = text("说明", longest=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPerformed(Command):
    label: ClassVar[str] = "记录协议已履行"
    note: Text | None = text("说明", longest=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUnperformed(Command):
    label: ClassVar[str] = "记录没有按协议履行"
    gives_up: ClassVar[bool] = True
    note: Text | None = text("说明", longest=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNotAgreed(Command):
    label: ClassVar[str] = "记录没有调成"
    gives_up: ClassVar[bool] = True
    note: Text | None = text("说明", longest=500)


def _state(line: Line) -> S:
    return next(it for it in S if it.code == line.target)


def _begun(facts: AlertFacts, line: Line, kind: OutcomeKind, **more: Any) -> None:
    facts.outcomes[line.instance] = Outcome(kind=kind, state=_state(line), since=line.occurred, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledOnSpot(Event[SettleOnSpot]):
    label: ClassVar[str] = "已当场化解"

    def apply(self, facts: AlertFacts, line: Line) -> None:
        _begun(facts, line, OutcomeKind.ON_THE_SPOT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferredToMediation(Event[ReferToMediation]):
    label: ClassVar[str] = "已转调解"

    def apply(self, facts: AlertFacts, line: Line) -> None:
        _begun(facts, line, OutcomeKind.MEDIATION, dispute=self.given.dispute, matter=self.given.matter)


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalatedToPanel(Event[EscalateToPanel]):
    label: ClassVar[str] = "已升级五方会诊"
    tells: ClassVar[bool] = True

    def apply(self, facts: AlertFacts, line: Line) -> None:
        g, program = self.given, Program.CONSULTATION
        _begun(facts, line, OutcomeKind.PANEL, dispute=g.dispute, matter=g.matter, program=program)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseJoined(Event[LinkCase]):
    label: ClassVar[str] = "已并入案件"

    def apply(self, facts: AlertFacts, line: Line) -> None:
        _begun(facts, line, OutcomeKind.LINKED, case=self.given.case, issue=self.given.issue)


class _Moved:
    """What all that come back from a case do: say how it stands now."""

    __slots__ = ()

    def apply(self, facts: AlertFacts, line: Line) -> None:
        before = facts.outcomes[line.instance]
        facts.outcomes[line.instance] = replace(before, state=_state(line), since=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Event[RecordCaseOpened]):
    label: ClassVar[str] = "已立案"

    def apply(self, facts: AlertFacts, line: Line) -> None:
        before, g = facts.outcomes[line.instance], self.given
        facts.outcomes[line.instance] = replace(
            before, state=_state(line), since=line.occurred, case=g.case, issue=g.issue
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TalksResumed(_Moved, Event[RecordTalksResumed]):
    label: ClassVar[str] = "重新调解"
    tells: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementReported(_Moved, Event[RecordAgreed]):
    label: ClassVar[str] = "案件已达成协议"
    tells: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceReported(_Moved, Event[RecordPerformed]):
    label: ClassVar[str] = "协议已履行"
    tells: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachReported(_Moved, Event[RecordUnperformed]):
    label: ClassVar[str] = "没有按协议履行"
    tells: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureReported(_Moved, Event[RecordNotAgreed]):
    label: ClassVar[str] = "没有调成"
    tells: ClassVar[bool] = True


@guard("这件警情已有一件案件在调解；要升级的，请在那件案件里升级五方会诊", POLICY)
def none_in_mediation(s: Situation) -> Answer:
    return none_of(k for k, it in facts_of(s).outcomes.items() if it.state in RUNNING)


@guard("须写明报警人一方和对方，案件才知道谁和谁有纠纷", "人民调解工作若干规定 第23条")
def both_named(s: Situation) -> Answer:
    sides = {one.standing for one in facts_of(s).involved.values()}
    return met_if({Standing.REPORTER, Standing.OTHER} <= sides)


ALONE, OPENS = (none_in_mediation,), (none_in_mediation, both_named)
BACK = (
    (RecordTalksResumed, S.MEDIATING, TalksResumed, "人民调解法 第3条"),
    (RecordAgreed, S.AGREED, AgreementReported, A31),
    (RecordPerformed, S.PERFORMED, PerformanceReported, P9),
    (RecordUnperformed, S.BREACHED, BreachReported, P9),
    (RecordNotAgreed, S.FAILED, FailureReported, "人民调解法 第26条"),
)
"""What comes back from a case: command, state, event, basis."""
AFTERWARDS = (S.MEDIATING, S.AGREED, S.PERFORMED, S.BREACHED, S.FAILED)

# fmt: off
ROWS = (
    # from     command           to            by                  only if  records              basis
    T(None,      SettleOnSpot,     S.SETTLED,   MEDIATOR,           (),      SettledOnSpot,       "人民调解法 第3条"),
    T(None,      ReferToMediation, S.WAITING,   MEDIATOR,           OPENS,   ReferredToMediation, A18),
    T(None,      EscalateToPanel,  S.WAITING,   MEDIATOR,           OPENS,   EscalatedToPanel,    A18),
    T(None,      LinkCase,         S.WAITING,   MEDIATOR,           ALONE,   CaseJoined,          R22),
    T(S.WAITING, RecordCaseOpened, S.MEDIATING, MEDIATOR_OR_WORKER, (),      CaseOpened,          R22),
    T(S.WAITING, RecordNotAgreed,  S.FAILED,    MEDIATOR_OR_WORKER, (),      FailureReported,     POLICY),
    *(
        T(source, command, target, MEDIATOR_OR_WORKER, (), event, basis)
        for source in AFTERWARDS
        for command, target, event, basis in BACK
        if source is not target
    ),
)
# fmt: on

OUTCOME = Machine.declare(
    "outcome",
    "处置",
    S,
    ROWS,
    final={S.SETTLED},
    resting={S.PERFORMED, S.BREACHED, S.FAILED},
    alive={"disposal", "closed"},
    outlives=True,
    shown=Presentation(
        title="处置",
        empty="还没有处置。",
        place=30,
        card=cards.outcome,
        called=cards.outcome_called,
        joint=False,
        urgent=frozenset({S.BREACHED}),
    ),
)
