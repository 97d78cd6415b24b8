"""Other bodies that host a case: a co-host assists, a receiving body leads; the lead can be handed over in any phase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.decision_context import Outside
from mediation_engine.domain.fields import Text, code, text
from mediation_engine.domain.guard import UNJUDGED, Answer, given_as, guard, met_if
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Follows, Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import LEAD, MEDIATOR, Level

from ..facts import MediationFacts, facts_of
from ..questions import HOST_KIND, LEVEL
from ..tabs import Tab
from .levels import settled_at
from .states import HostState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCoHost(Command):
    label: ClassVar[str] = "增加协办组织"
    organisation: str = code("协办组织")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverCase(Command):
    label: ClassVar[str] = "移交主办"
    help: ClassVar[str] = "案号不变；移交后由接收组织的人员办理"
    organisation: str = code("移交给哪个组织")
    reason: Text | None = text("原因", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoHostAdded(Event[AddCoHost]):
    label: ClassVar[str] = "协办组织已增加"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHandedOver(Event[HandOverCase]):
    label: ClassVar[str] = "主办已移交"
    relied_on: ClassVar[bool] = True
    tells: ClassVar[bool] = True
    host_kind: str
    level: Level | None
    settled: Level | None
    """Where the case had been settled by then."""

    @classmethod
    def of(cls, given: Any, situation: Situation, outside: Outside) -> CaseHandedOver:
        return cls(
            given=given,
            host_kind=outside.ask(HOST_KIND, given.organisation),
            level=outside.ask(LEVEL, given.organisation),
            settled=settled_at(situation.case),
        )

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.organisation, facts.host_kind = self.given.organisation, self.host_kind
        facts.level, facts.settled_before = self.level, self.settled
        facts.hosts[line.instance] = self.given.organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadGivenUp(Event[None]):
    label: ClassVar[str] = "不再主办"
    given: None = None


def another_leads(case: Case, key: str) -> LeadGivenUp | None:
    """The case has been handed on."""
    return LeadGivenUp() if facts_of(case).hosts[key] != facts_of(case).organisation else None


@guard("须移交给另一个组织", "policy", fixed=True)
def to_another(s: Situation) -> Answer:
    given = given_as(s, HandOverCase)
    return UNJUDGED if given is None else met_if(given.organisation != facts_of(s).organisation)


R21, R27 = "人民调解工作若干规定 第21条", "人民调解工作若干规定 第27条"
OTHER = (to_another,)

# fmt: off
ROWS = (
    # from  command       to           by        only if records         basis
    T(None, AddCoHost,    S.ASSISTING, MEDIATOR, (),     CoHostAdded,    R27),
    T(None, HandOverCase, S.LEADING,   LEAD,     OTHER,  CaseHandedOver, R21),
    Follows(S.LEADING, S.HANDED_OVER, another_leads, LeadGivenUp, R21),
)
# fmt: on

HOST = Machine.declare(
    "host",
    "主办与协办",
    S,
    ROWS,
    final={S.HANDED_OVER},
    resting={S.LEADING, S.ASSISTING},
    shown=Presentation(title="主办与协办", tab=Tab.TALKS, rows=True, place=49),
)
