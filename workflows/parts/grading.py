"""Grade and track of a case: set, and changed with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mediation_engine.domain.case import Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, code, text
from mediation_engine.domain.guard import UNJUDGED, Answer, given_as, guard, met_if
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import LEAD, MEDIATOR

from ..facts import MediationFacts, facts_of
from ..tabs import Tab
from ..tracks import track_of
from ..vocabulary import Grade
from .states import GradingState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class SetGrade(Command):
    label: ClassVar[str] = "确定等级"
    grade: Grade = choice("等级")
    reason: Text | None = text("理由", longest=300)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTrack(Command):
    label: ClassVar[str] = "变更调解程序"
    track: str = code("调解程序", help="人民调解，或劳动争议调解")
    reason: Text | None = text("理由", longest=300, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeSet(Event[SetGrade]):
    label: ClassVar[str] = "等级已确定"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.grade = self.given.grade


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackChanged(Event[ChangeTrack]):
    label: ClassVar[str] = "调解程序已变更"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.track = self.given.track


@guard("须选择人民调解或劳动争议调解", "policy", fixed=True)
def track_known(s: Situation) -> Answer:
    given = given_as(s, ChangeTrack)
    return UNJUDGED if given is None else met_if(track_of(given.track) is not None)


@guard("变更须写明理由", "policy")
def reason_given(s: Situation) -> Answer:
    changing = isinstance(s.given, ChangeTrack) or (isinstance(s.given, SetGrade) and bool(facts_of(s).grade))
    return UNJUDGED if s.given is None else met_if(not changing or bool(getattr(s.given, "reason", None)))


KNOWN, REASON = (track_known, reason_given), (reason_given,)

# fmt: off
ROWS = (
    # from   command      to     by        only if records       basis
    T(None,  SetGrade,    S.SET, MEDIATOR, REASON, GradeSet,     "policy"),
    T(S.SET, SetGrade,    S.SET, MEDIATOR, REASON, GradeSet,     "policy"),
    T(None,  ChangeTrack, S.SET, LEAD,     KNOWN,  TrackChanged, "policy"),
    T(S.SET, ChangeTrack, S.SET, LEAD,     KNOWN,  TrackChanged, "policy"),
)
# fmt: on

GRADING = Machine.declare(
    "grading",
    "等级与程序",
    S,
    ROWS,
    final=(),
    resting={S.SET},
    shown=Presentation(title="等级与程序", tab=Tab.TALKS, rows=True, place=51, joint=False),
)
