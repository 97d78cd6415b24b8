"""协议争议: a closed case is open again because somebody goes to court or elsewhere about its agreement; and its exits.

What only one thing can follow from follows by itself: an agreement that stands closes the case again as it was
closed, or brings back the supervision of what is still owed. Where there is a choice, somebody makes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, text
from mediation_engine.domain.guard import Answer, guard, met_if, none_of
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Follows, Machine, T
from mediation_engine.domain.roles import MEDIATOR
from mediation_engine.domain.workflow import CLOSES, Reopens

from ..facts import OUTLIVING, MediationFacts, Proceeding, facts_of
from ..parts.moments import AFTER_ACCEPTANCE, AFTER_DECISION, AFTER_FIRST_EFFECT, AFTER_PAYMENTS, AFTER_REGISTRATION
from ..parts.proceeding import CHALLENGING
from ..parts.queries import binds, ends
from ..parts.states import ObligationState, ProceedingState
from ..vocabulary import ProceedingEffect
from .endings import ApplicationRenewed, RecordReapplication
from .follow_up import ReopenTalks, TalksReopened, issues_named, nobody_refuses, nothing_open, unsigned


class S(Labelled):
    """The agreement is in dispute before somebody else; or its standing is known again."""

    CHALLENGED = "challenged", "处理中"
    UPHELD = "upheld", "协议维持，照原样结案"
    SUPERVISED = "supervised", "恢复履行监督"
    DECIDED = "decided", "以裁判结果结案"
    SETTLED = "settled_there", "以该程序中的和解结案"
    TALKS_AGAIN = "talks_again", "重新调解"


HANDOFFS: dict[Labelled, str | None] = {
    S.UPHELD: CLOSES,
    S.SUPERVISED: "follow_up",
    S.DECIDED: CLOSES,
    S.SETTLED: CLOSES,
}
"""Where its ends lead in every workflow; where talks begin again, each says itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAsDecided(Command):
    label: ClassVar[str] = "以裁判结果结案"
    help: ClassVar[str] = "裁判或和解的结果代替协议，不再需要当事人签署"
    note: Text | None = text("说明", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeSupervision(Command):
    label: ClassVar[str] = "恢复履行监督"
    help: ClassVar[str] = "退回后没有再谈，或其余协议仍须履行"
    note: Text | None = text("说明", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedAsDecided(Event[CloseAsDecided]):
    label: ClassVar[str] = "以裁判结果代替协议，已结案"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.closed = line.target


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionResumed(Event[ResumeSupervision]):
    label: ClassVar[str] = "已恢复履行监督"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingStands(Event[None]):
    label: ClassVar[str] = "协议维持，照原样结案"
    tells: ClassVar[bool] = True
    given: None = None

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.closed = facts.closed_before


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionDue(Event[None]):
    label: ClassVar[str] = "协议仍须履行，恢复监督"
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedAsSettledThere(Event[None]):
    label: ClassVar[str] = "以该程序中的和解代替协议，已结案"
    tells: ClassVar[bool] = True
    given: None = None

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.closed = line.target


def _against(case: Case) -> dict[str, Proceeding]:
    """The proceedings in which an agreement of the case is in dispute, ended or not."""
    return {k: p for k, p in facts_of(case).proceedings.items() if p.agreement and p.kind in CHALLENGING}


def _awaited(case: Case) -> list[str]:
    """Those whose result is still to come."""
    return [k for k in _against(case) if case.is_in(k, ProceedingState.FILED)]


def challenged(case: Case) -> bool:
    """Since the case was closed somebody has gone elsewhere about an agreement of it that binds."""
    closed, held = case.instances[case.phase].version, _against(case)
    return any(binds(case, held[k].agreement or "") and case.instances[k].version > closed for k in _awaited(case))


def _ended(case: Case) -> dict[str, Proceeding]:
    """Those that ended since the case was reopened."""
    begun, awaited = facts_of(case).reopened_at, _awaited(case)
    return {k: p for k, p in _against(case).items() if k not in awaited and case.instances[k].version > begun}


def _results(case: Case) -> set[str]:
    """What came of them: stands, varied, settled, replaced, returned; nothing yet while one is awaited."""
    return set() if _awaited(case) else {_result(case, k, p) for k, p in _ended(case).items()}


def _result(case: Case, key: str, ended: Proceeding) -> str:
    if case.is_in(key, ProceedingState.RETURNED):
        return "returned"
    if ends(case, ended):
        return "settled" if case.is_in(key, ProceedingState.SETTLED_THERE) else "replaced"
    return "varied" if ended.effect is ProceedingEffect.VARIES else "stands"


def _owed(case: Case) -> list[str]:
    """What is still to be performed or signed under agreements that no result has replaced."""
    replaced = {p.agreement for p in _ended(case).values() if ends(case, p)}
    standing = {k: o for k, o in facts_of(case).obligations.items() if o.agreement not in replaced}
    breached = [k for k in standing if case.is_in(k, ObligationState.BREACHED)]
    done = (ObligationState.PERFORMED, ObligationState.LAPSED, ObligationState.BREACHED)
    pending = [k for k, o in standing.items() if o.kind not in OUTLIVING and not case.is_in(k, *done)]
    return [*breached, *pending, *unsigned(case)]


def closing_stands(case: Case, key: str) -> ClosingStands | None:
    """Every result leaves the agreement as it is, and nothing is owed: the case is closed as it was."""
    return ClosingStands() if _results(case) == {"stands"} and not _owed(case) else None


def supervision_due(case: Case, key: str) -> SupervisionDue | None:
    """The agreement is varied; or something is still owed under those that bind."""
    results = _results(case)
    settled = bool(results) and results <= {"stands", "varied", "settled"}
    return SupervisionDue() if settled and ("varied" in results or _owed(case)) else None


def settled_there(case: Case, key: str) -> ClosedAsSettledThere | None:
    """It was settled before that body, and nothing else is owed."""
    results = _results(case)
    settled = "settled" in results and results <= {"stands", "settled"}
    return ClosedAsSettledThere() if settled and not _owed(case) else None


@guard("就协议提起的程序须都已有结果", "policy")
def results_known(s: Situation) -> Answer:
    return none_of(_awaited(s.case))


@guard("协议须已被裁判或和解取代、撤销", "policy")
def agreement_replaced(s: Situation) -> Answer:
    return met_if(any(ends(s.case, p) for p in _ended(s.case).values()))


@guard("其余协议须没有待签署、待履行的事项；有的请恢复履行监督", "policy")
def nothing_else_owed(s: Situation) -> Answer:
    return none_of(_owed(s.case))


@guard("须仍有生效的协议，或裁判确定的义务可以监督", "policy")
def something_binds(s: Situation) -> Answer:
    ordered = any(o.proceeding for o in facts_of(s).obligations.values())
    return met_if(ordered or any(binds(s.case, k) for k in s.case.of("agreement")))


@guard("协议须已被撤销、取代，或由受理机关退回、委托调解", "policy")
def may_talk_again(s: Situation) -> Answer:
    """What a court has taken on is not ours to mediate beside it (by analogy to 若干规定 第22条)."""
    ended = _ended(s.case)
    returned = any(s.case.is_in(k, ProceedingState.RETURNED) for k in ended)
    return met_if(returned or any(ends(s.case, p) for p in ended.values()))


A31, A32, R37 = "人民调解法 第31条", "人民调解法 第32条", "人民调解工作若干规定 第37条"
DAYS = (AFTER_REGISTRATION, AFTER_ACCEPTANCE, AFTER_DECISION, AFTER_PAYMENTS)
REPLACED = (results_known, agreement_replaced, nothing_else_owed, nothing_open, *DAYS)
BINDING = (results_known, something_binds)
AGAIN = (may_talk_again, issues_named, nobody_refuses, AFTER_ACCEPTANCE, AFTER_FIRST_EFFECT)

# fmt: off
ROWS = (
    # from          command              to             by        only if   records             basis
    T(S.CHALLENGED, CloseAsDecided,      S.DECIDED,     MEDIATOR, REPLACED, ClosedAsDecided,    A32),
    T(S.CHALLENGED, ResumeSupervision,   S.SUPERVISED,  MEDIATOR, BINDING,  SupervisionResumed, A31),
    T(S.CHALLENGED, ReopenTalks,         S.TALKS_AGAIN, MEDIATOR, AGAIN,    TalksReopened,      R37),
    T(S.CHALLENGED, RecordReapplication, S.CHALLENGED,  MEDIATOR, (),       ApplicationRenewed, "人民调解法 第23条"),
    Follows(S.CHALLENGED, S.UPHELD,     closing_stands,  ClosingStands,        A31),
    Follows(S.CHALLENGED, S.SUPERVISED, supervision_due, SupervisionDue,       A31),
    Follows(S.CHALLENGED, S.SETTLED,    settled_there,   ClosedAsSettledThere, A32),
)
# fmt: on

CHALLENGE = Machine.declare(
    "challenge",
    "协议争议",
    S,
    ROWS,
    initial=S.CHALLENGED,
    final={S.UPHELD, S.SUPERVISED, S.DECIDED, S.SETTLED, S.TALKS_AGAIN},
)

REOPENS = Reopens(
    label="有人就生效协议起诉、申请仲裁或请求其他机关处理",
    when=challenged,
    phase=CHALLENGE.name,
    basis=A32,
)
