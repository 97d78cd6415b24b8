"""A cohort: claimants counted together, exactly, about or not at all, until each has an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, count, flag, ref, text
from mediation_engine.domain.guard import UNJUDGED, Answer, given_as, guard, met_if
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Follows, Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from ..facts import Cohort, MediationFacts, facts_of
from ..tabs import Tab
from ..vocabulary import CohortOutcome
from .states import CohortState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareCohort(Command):
    label: ClassVar[str] = "登记一批申请人"
    party: str = ref("属于哪方当事人", "party")
    count: int | None = count("人数", default=None, help="不清楚就留空")
    about: bool = flag("大约")


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitCohort(Command):
    label: ClassVar[str] = "分出一部分人"
    one_by_one: ClassVar[bool] = True
    parties: ClassVar[tuple[str, ...]] = ()
    of: str = ref("从哪一批分出", "cohort")
    count: int = count("人数", default=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectCount(Command):
    label: ClassVar[str] = "更正人数"
    one_by_one: ClassVar[bool] = True
    count: int | None = count("人数", default=None)
    about: bool = flag("大约")
    reason: Text | None = text("原因", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCohort(Command):
    label: ClassVar[str] = "记录这批人的结果"
    one_by_one: ClassVar[bool] = True
    outcome: CohortOutcome = choice("结果")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenCohort(Command):
    label: ClassVar[str] = "这批人又有未了事项"


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortDeclared(Event[DeclareCohort]):
    label: ClassVar[str] = "一批申请人已登记"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        g = self.given
        facts.cohorts[line.instance] = Cohort(party=g.party, count=g.count, about=g.about)
        facts.list_complete = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortSplit(Event[SplitCohort]):
    label: ClassVar[str] = "已分出一部分人"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        g = self.given
        whole = facts.cohorts[g.of]
        left = None if whole.count is None else max(whole.count - g.count, 0)
        facts.cohorts[g.of] = replace(whole, count=left)
        facts.cohorts[line.instance] = Cohort(party=whole.party, count=g.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountCorrected(Event[CorrectCount]):
    label: ClassVar[str] = "人数已更正"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        g = self.given
        facts.cohorts[line.instance] = replace(facts.cohorts[line.instance], count=g.count, about=g.about)


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortEnded(Event[EndCohort]):
    label: ClassVar[str] = "这批人已有结果"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        outcome = self.given.outcome
        facts.cohorts[line.instance] = replace(facts.cohorts[line.instance], outcome=outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortReopened(Event[ReopenCohort]):
    label: ClassVar[str] = "这批人又有未了事项"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.cohorts[line.instance] = replace(facts.cohorts[line.instance], outcome=None, listed=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortListed(Event[None]):
    label: ClassVar[str] = "这批人已逐人登记"
    given: None = None

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.cohorts[line.instance] = replace(facts.cohorts[line.instance], outcome=CohortOutcome.LISTED)


def all_listed(case: Case, key: str) -> CohortListed | None:
    """All of a cohort stand on rosters, each a party by name: what becomes of them is told of each."""
    held = facts_of(case).cohorts[key]
    return CohortListed() if held.listed and (held.count is None or held.listed >= held.count) else None


@guard("分出的人数须少于原有人数", "policy", fixed=True)
def some_are_left(s: Situation) -> Answer:
    given = given_as(s, SplitCohort)
    whole = facts_of(s).cohorts[given.of].count if given else None
    return UNJUDGED if given is None or whole is None else met_if(given.count < whole)


@guard("须从还未了的一批中分出", "policy", fixed=True)
def still_open(s: Situation) -> Answer:
    given = given_as(s, SplitCohort)
    return UNJUDGED if given is None else met_if(s.case.is_in(given.of, S.OPEN))


LEFT = (some_are_left, still_open)

# fmt: off
ROWS = (
    # from     command        to       by        only if records         basis
    T(None,    DeclareCohort, S.OPEN,  MEDIATOR, (),     CohortDeclared, "policy"),
    T(None,    SplitCohort,   S.OPEN,  MEDIATOR, LEFT,   CohortSplit,    "policy"),
    T(S.OPEN,  CorrectCount,  S.OPEN,  MEDIATOR, (),     CountCorrected, "policy"),
    T(S.OPEN,  EndCohort,     S.ENDED, MEDIATOR, (),     CohortEnded,    "policy"),
    T(S.ENDED, ReopenCohort,  S.OPEN,  MEDIATOR, (),     CohortReopened, "policy"),
    Follows(S.OPEN, S.ENDED, all_listed, CohortListed, "policy"),
)
# fmt: on

COHORT = Machine.declare(
    "cohort",
    "申请人批次",
    S,
    ROWS,
    resting={S.ENDED},
    alive=ALWAYS,
    shown=Presentation(title="申请人批次", tab=Tab.PARTIES, place=48),
)
