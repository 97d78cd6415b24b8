"""走访稳固: performance is supervised until the case closes, fully performed or naming what stays open; or talks begin again."""

from __future__ import annotations

from dataclasses import MISSING, dataclass
from typing import ClassVar

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, refs, text
from mediation_engine.domain.guard import MET, UNJUDGED, Answer, given_as, guard, met_if, none_of
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.roles import LEAD, MEDIATOR
from mediation_engine.domain.workflow import Reopens

from ..facts import OUTLIVING, STANDING, MediationFacts, facts_of
from ..parts.moments import (
    AFTER_ACCEPTANCE,
    AFTER_ALL_EFFECT,
    AFTER_FIRST_EFFECT,
    AFTER_PAYMENTS,
    AFTER_PERFORMANCE,
    AFTER_REGISTRATION,
    AFTER_REMEDIES,
)
from ..parts.queries import binds, denied, in_dispute, refuses
from ..parts.states import VISIT_AHEAD, AgreementState, CohortState, IssueState, ObligationState
from ..parts.suspension import not_suspended
from .endings import (
    DOUBLES,
    MISTAKES,
    ApplicationRenewed,
    CloseAsDuplicate,
    CloseAsMistaken,
    ClosedAsDuplicate,
    ClosedAsMistaken,
    RecordReapplication,
)


class S(Labelled):
    """Supervision, and the ways it ends."""

    SUPERVISING = "supervising", "履行监督中"
    PERFORMED = "performed", "履行完毕结案"
    REMAINDER = "remainder", "列明未了事项结案"
    TALKS_AGAIN = "talks_again", "重新调解"
    MISTAKEN = "mistaken", "误登记"
    DUPLICATE = "duplicate", "重复登记"


class Planned(Labelled):
    """What becomes of visits that are still planned when a case is closed."""

    KEPT = "kept", "保留，结案后照样走访"
    CANCELLED = "cancelled", "取消"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Closing(Command):
    """What closing asks besides."""

    visits: Planned = choice("还没有做的走访", default=Planned.KEPT, help="取消的，写明原因")
    visits_reason: Text | None = text("取消走访的原因", longest=200, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAsPerformed(_Closing):
    label: ClassVar[str] = "履行完毕结案"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseNamingRemainder(_Closing):
    label: ClassVar[str] = "列明未了事项结案"
    help: ClassVar[str] = "附条件、持续性义务，或已告知起诉、仲裁的未履行义务"
    gives_up: ClassVar[bool] = True
    remainder: Text = text("还有哪些事项未了，去向如何", longest=1000, disclosure="joint", default=MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenTalks(Command):
    label: ClassVar[str] = "重新调解"
    parties: ClassVar[tuple[str, ...]] = ()
    issues: tuple[str, ...] = refs("重新调解哪些争议事项", "issue")
    reason: Text | None = text("原因", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedAsPerformed(Event[CloseAsPerformed]):
    label: ClassVar[str] = "履行完毕，已结案"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.closed, facts.visits_cancelled = line.target, self.given.visits is Planned.CANCELLED


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedNamingRemainder(Event[CloseNamingRemainder]):
    label: ClassVar[str] = "列明未了事项，已结案"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.closed, facts.visits_cancelled = line.target, self.given.visits is Planned.CANCELLED


@dataclass(frozen=True, slots=True, kw_only=True)
class TalksReopened(Event[ReopenTalks]):
    label: ClassVar[str] = "重新调解"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        # An issue raised since is open anyway: it has nothing to be taken up from.
        closed = (k for k in self.given.issues if facts.issues[k].settled_by or facts.issues[k].disposition)
        facts.reopened, facts.apart_since = tuple(closed), facts.sessions_held()


def _unperformed(case: Case) -> list[str]:
    """What somebody still has to do; money that waits for its payee to come is to be named too."""
    open_ones = (ObligationState.PENDING, ObligationState.HELD, ObligationState.BREACHED)
    return [k for k in case.of("obligation") if case.is_in(k, *open_ones)]


def unsigned(case: Case) -> list[str]:
    """Agreements that are reached or out for signature."""
    return [k for k in case.of("agreement") if case.is_in(k, AgreementState.REACHED, AgreementState.DRAFTED)]


@guard("全部义务须已履行完毕（持续性、不作为的义务除外）", "policy")
def all_performed(s: Situation) -> Answer:
    owed = facts_of(s).obligations
    return none_of(
        k for k in _unperformed(s.case) if owed[k].kind not in STANDING or not s.case.is_in(k, ObligationState.PENDING)
    )


@guard("争议事项须都有着落；没有的请重新调解、另行处理，或列明未了事项结案", "policy")
def nothing_open(s: Situation) -> Answer:
    return none_of(k for k in s.case.of("issue") if s.case.is_in(k, IssueState.OPEN))


@guard("须至少有一份协议已履行完毕，且没有生效协议尚未履行完毕", "policy")
def agreements_performed(s: Situation) -> Answer:
    agreements = s.case.of("agreement")
    waiting = [k for k in agreements if s.case.is_in(k, AgreementState.EFFECTIVE)]
    ordered = any(o.proceeding for o in facts_of(s).obligations.values())
    done = ordered or any(s.case.is_in(k, AgreementState.PERFORMED) for k in agreements)
    return none_of(waiting) if waiting else met_if(done)


@guard("谈妥或拟定的协议须已签成，或记录未签成", "policy")
def nothing_unsigned(s: Situation) -> Answer:
    return none_of(unsigned(s.case))


def _unanswered(case: Case) -> list[str]:
    return [k for k in case.of("cohort") if case.is_in(k, CohortState.OPEN)]


@guard("每一批申请人须已有结果，且名单已确认齐全", "policy")
def claimants_answered(s: Situation) -> Answer:
    waiting = _unanswered(s.case)
    return none_of(waiting) if waiting else met_if(facts_of(s).list_complete)


@guard("须有未了事项；没有的请用“履行完毕结案”", "policy", fixed=True)
def something_remains(s: Situation) -> Answer:
    binding = [k for k in s.case.of("agreement") if s.case.is_in(k, AgreementState.EFFECTIVE)]
    gone = not any(binds(s.case, k) for k in s.case.of("agreement"))
    return met_if(bool(_unperformed(s.case) or _unanswered(s.case) or denied(s.case) or binding or gone))


def breached_since(case: Case) -> bool:
    """Somebody has broken a duty since the case was closed."""
    closed, owed = case.instances[case.phase].version, facts_of(case).obligations
    broken = (k for k in owed if case.is_in(k, ObligationState.BREACHED))
    return any((owed[k].breached or 0) > closed for k in broken)


def undone_since(case: Case) -> bool:
    """Since the case was closed what it had settled is open again, or a decision says what is owed instead."""
    closed, owed = case.instances[case.phase].version, facts_of(case).obligations
    open_ones = [k for k in case.of("issue") if case.is_in(k, IssueState.OPEN)]
    open_ones += [k for k, o in owed.items() if o.proceeding and case.is_in(k, ObligationState.PENDING)]
    return any(case.instances[k].version > closed for k in open_ones)


UNDONE = Reopens(
    label="协议被撤销或裁判另判义务",
    when=undone_since,
    phase="follow_up",
    basis="人民调解法 第32条",
)


BREACHED = Reopens(
    label="有人违反了仍须遵守的义务",
    when=breached_since,
    phase="follow_up",
    basis="人民调解工作若干规定 第37条",
)


@guard("须写明还有哪些事项未了、去向如何", "policy", fixed=True)
def remainder_named(s: Situation) -> Answer:
    given = given_as(s, CloseNamingRemainder)
    return UNJUDGED if given is None else met_if(bool(given.remainder))


@guard("取消还没有做的走访，须写明原因", "policy", of_form=True)
def visits_answered(s: Situation) -> Answer:
    given = s.given
    if not isinstance(given, _Closing) or given.visits is Planned.KEPT or given.visits_reason:
        return MET
    return none_of(k for k in s.case.of("visit") if s.case.is_in(k, *VISIT_AHEAD))


@guard("义务到期未履行的，结案前须告知当事人可以起诉或仲裁", "人民调解工作若干规定 第37条")
def remedies_told_on_default(s: Situation) -> Answer:
    owed = facts_of(s).obligations
    broken = [k for k in owed if s.case.is_in(k, ObligationState.BREACHED)]
    due = [k for k in owed if s.case.is_in(k, ObligationState.PENDING) and owed[k].kind not in OUTLIVING]
    if all(owed[k].remedy_told for k in (*due, *broken)):
        return MET
    return none_of(k for k in in_dispute(s.case) if not facts_of(s).parties[k].remedy_told)


@guard("须选择要重新调解的争议事项", "policy", fixed=True)
def issues_named(s: Situation) -> Answer:
    given = given_as(s, ReopenTalks)
    return UNJUDGED if given is None else met_if(bool(given.issues))


@guard("明确拒绝调解的当事人，须先取得其本人同意", "人民调解法 第17条")
def nobody_refuses(s: Situation) -> Answer:
    given = given_as(s, ReopenTalks)
    return none_of(k for k in in_dispute(s.case) if refuses(s.case, k, given.issues if given else ()))


@guard("有人否认签署的，须先查明属实、由本人追认、重新签署，或在未了事项中写明", "民法典 第171条")
def nothing_denied(s: Situation) -> Answer:
    return none_of(denied(s.case))


A31, R37 = "人民调解法 第31条", "人民调解工作若干规定 第37条"
CLOSING = (
    *(visits_answered, not_suspended),
    *(AFTER_REGISTRATION, AFTER_ACCEPTANCE, AFTER_ALL_EFFECT, AFTER_PAYMENTS, AFTER_PERFORMANCE),
)
DONE = (
    all_performed,
    agreements_performed,
    nothing_unsigned,
    nothing_open,
    nothing_denied,
    claimants_answered,
    *CLOSING,
)
NAMED = (something_remains, remainder_named, nothing_unsigned, remedies_told_on_default, *CLOSING, AFTER_REMEDIES)
AGAIN = (issues_named, nobody_refuses, AFTER_ACCEPTANCE, AFTER_FIRST_EFFECT)

# fmt: off
ROWS = (
    # from           command               to             by        only if   records                basis
    T(S.SUPERVISING, RecordReapplication,  S.SUPERVISING, MEDIATOR, (),       ApplicationRenewed,    "人民调解法 第23条"),
    T(S.SUPERVISING, CloseAsPerformed,     S.PERFORMED,   MEDIATOR, DONE,     ClosedAsPerformed,     A31),
    T(S.SUPERVISING, CloseNamingRemainder, S.REMAINDER,   MEDIATOR, NAMED,    ClosedNamingRemainder, R37),
    T(S.SUPERVISING, ReopenTalks,          S.TALKS_AGAIN, MEDIATOR, AGAIN,    TalksReopened,         R37),
    T(S.SUPERVISING, CloseAsMistaken,      S.MISTAKEN,    LEAD,     MISTAKES, ClosedAsMistaken,      "policy"),
    T(S.SUPERVISING, CloseAsDuplicate,     S.DUPLICATE,   LEAD,     DOUBLES,  ClosedAsDuplicate,     "policy"),
)
# fmt: on

FOLLOW_UP = Machine.declare(
    "follow_up",
    "走访稳固",
    S,
    ROWS,
    initial=S.SUPERVISING,
    final={S.PERFORMED, S.REMAINDER, S.TALKS_AGAIN, S.MISTAKEN, S.DUPLICATE},
)
