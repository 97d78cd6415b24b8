"""A risk of escalation (激化): raised in any phase, beside everything else, and reported at once where it must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import HOST_ONLY, Text, choice, text
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from ..facts import MediationFacts, Risk
from ..tabs import Tab
from ..vocabulary import Danger
from . import cards
from .states import RiskState as S


class Receiver(Labelled):
    """To whom it is reported."""

    POLICE = "police", "公安机关"
    GOVERNMENT = "government", "管委会或乡镇街道"
    OTHER = "other", "其他有关部门"


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseRisk(Command):
    label: ClassVar[str] = "提出激化风险"
    danger: Danger = choice("风险", disclosure=HOST_ONLY)
    signs: Text | None = text("苗头", longest=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRisk(Command):
    label: ClassVar[str] = "报告激化风险"
    receiver: Receiver = choice("报告给谁")
    note: Text | None = text("报告内容", longest=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class EaseRisk(Command):
    label: ClassVar[str] = "风险已缓解"
    note: Text | None = text("采取的措施", longest=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRaised(Event[RaiseRisk]):
    label: ClassVar[str] = "有激化风险"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.risks[line.instance] = Risk(raised=line.occurred, danger=self.given.danger)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskReported(Event[ReportRisk]):
    label: ClassVar[str] = "激化风险已报告"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskEased(Event[EaseRisk]):
    label: ClassVar[str] = "激化风险已缓解"


A25 = "人民调解法 第25条"

# fmt: off
ROWS = (
    # from        command     to          by        only if records       basis
    T(None,       RaiseRisk,  S.RAISED,   MEDIATOR, (),     RiskRaised,   A25),
    T(S.RAISED,   ReportRisk, S.REPORTED, MEDIATOR, (),     RiskReported, A25),
    T(S.RAISED,   EaseRisk,   S.EASED,    MEDIATOR, (),     RiskEased,    A25),
    T(S.REPORTED, EaseRisk,   S.EASED,    MEDIATOR, (),     RiskEased,    A25),
)
# fmt: on

RISK = Machine.declare(
    "risk",
    "激化风险",
    S,
    ROWS,
    final={S.EASED},
    resting={S.REPORTED},
    alive=ALWAYS,
    shown=Presentation(
        title="激化风险",
        tab=Tab.TALKS,
        rows=True,
        place=45,
        joint=False,
        urgent=frozenset({S.RAISED}),
        banner={S.RAISED: "有激化风险，还没有化解：先稳住人，再谈事。"},
        waits=cards.risks,
        waits_apart=True,
    ),
)
