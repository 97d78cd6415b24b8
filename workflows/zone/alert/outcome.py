"""Which way an alert is taken (处置): settled at once, or a case that it leads to, and how that stands."""

from __future__ import annotations

from dataclasses import MISSING, dataclass
from typing import ClassVar

from mediation_engine.domain.case import Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import JOINT, Text, choice, rows, text
from mediation_engine.domain.guard import POLICY, Answer, guard, met_if
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from ...parts.agreement import HintAnswer
from ...vocabulary import Dispute
from ..outcome import A18, begun, none_running, rows_from_case
from ..vocabulary import OutcomeKind, Program
from ..vocabulary import OutcomeState as S
from . import cards
from .facts import AlertFacts, facts_of
from .vocabulary import Standing

P9 = "治安管理处罚法 第9条"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleOnSpot(Command):
    label: ClassVar[str] = "当场化解"
    help: ClassVar[str] = "当场说好了、不用另外立案的；要立字据、分期付款的请转调解"
    occurs: ClassVar[str] = "什么时候化解的"
    aside: ClassVar[tuple[str, ...]] = ("hints",)
    words: Text = text("怎么说好的", longest=1000, disclosure=JOINT, default=MISSING)
    hints: tuple[HintAnswer, ...] = rows("核对提示", rare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateToPanel(Command):
    label: ClassVar[str] = "升级五方会诊"
    help: ClassVar[str] = "社会影响大、一家化解不了的：自动登记一件五方会诊案件"
    dispute: Dispute = choice("纠纷类型")
    matter: Text | None = text("简要情况", longest=2000, disclosure=JOINT, help="登记到案件里，双方都能看")


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledOnSpot(Event[SettleOnSpot]):
    label: ClassVar[str] = "已当场化解"

    def apply(self, facts: AlertFacts, line: Line) -> None:
        begun(facts, line, OutcomeKind.ON_THE_SPOT)


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalatedToPanel(Event[EscalateToPanel]):
    label: ClassVar[str] = "已升级五方会诊"
    tells: ClassVar[bool] = True

    def apply(self, facts: AlertFacts, line: Line) -> None:
        g, program = self.given, Program.CONSULTATION
        begun(facts, line, OutcomeKind.PANEL, dispute=g.dispute, matter=g.matter, program=program)


@guard("这件警情已有一件案件在调解；要升级的，请在那件案件里升级五方会诊", POLICY)
def none_in_mediation(s: Situation) -> Answer:
    return none_running(s)


@guard("须写明报警人一方和对方，案件才知道谁和谁有纠纷", "人民调解工作若干规定 第23条")
def both_named(s: Situation) -> Answer:
    sides = {one.standing for one in facts_of(s).involved.values()}
    return met_if({Standing.REPORTER, Standing.OTHER} <= sides)


ALONE, OPENS = (none_in_mediation,), (none_in_mediation, both_named)
# fmt: off
ROWS = (
    # from  command          to         by        only if records           basis
    T(None, SettleOnSpot,    S.SETTLED, MEDIATOR, (),     SettledOnSpot,    "人民调解法 第3条"),
    T(None, EscalateToPanel, S.WAITING, MEDIATOR, OPENS,  EscalatedToPanel, A18),
    *rows_from_case(S, OPENS, ALONE, P9),
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
