"""What every phase of talking shares: withdrawal, termination with notice of the remedies, and coming to an end."""

from __future__ import annotations

from dataclasses import MISSING, dataclass
from typing import ClassVar

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, code, text
from mediation_engine.domain.guard import UNJUDGED, Answer, given_as, guard, met_if, none_of
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.roles import LeadAct

from ..facts import MediationFacts, facts_of
from ..parts.moments import AFTER_ACCEPTANCE, AFTER_MEETINGS, AFTER_REGISTRATION, AFTER_REMEDIES
from ..parts.queries import in_dispute, untold
from ..parts.states import AgreementState, IssueState


class Ground(Labelled):
    """Why mediation is terminated (人民调解法 第23条、第26条)."""

    NO_AGREEMENT = "no_agreement", "调解不成"
    REFUSED = "refused", "一方拒绝或要求终止"
    UNREACHABLE = "unreachable", "当事人无法联系"
    SHAM = "sham", "涉嫌虚假调解"
    OTHER = "other", "其他"


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminateMediation(Command):
    label: ClassVar[str] = "终止调解"
    act: ClassVar[LeadAct | None] = LeadAct.TERMINATE
    help: ClassVar[str] = "终止前须逐一告知当事人可以仲裁、请求行政处理或起诉"
    gives_up: ClassVar[bool] = True
    ground: Ground = choice("原因")
    note: Text | None = text("争议焦点与经过", longest=1000, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawApplication(Command):
    label: ClassVar[str] = "撤回申请"
    gives_up: ClassVar[bool] = True
    reason: Text | None = text("原因", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAsMistaken(Command):
    label: ClassVar[str] = "按误登记结案"
    help: ClassVar[str] = "这件案件本不该登记；记录保留，不计入任何统计"
    gives_up: ClassVar[bool] = True
    reason: Text = text("怎么登错的", disclosure="joint", default=MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAsDuplicate(Command):
    label: ClassVar[str] = "按重复登记结案"
    help: ClassVar[str] = "同一件事已另有案件；记录保留，不计入任何统计"
    gives_up: ClassVar[bool] = True
    other: str = code("与哪一件重复（案件编号）", longest=40)
    reason: Text | None = text("说明", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReapplication(Command):
    label: ClassVar[str] = "记录再次申请"
    help: ClassVar[str] = "搁置后当事人再次申请，或又有人申请；不另立案"
    note: Text | None = text("经过", longest=1000, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class MediationTerminated(Event[TerminateMediation]):
    label: ClassVar[str] = "调解已终止"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.closed, facts.terminated = line.target, line.occurred


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationWithdrawn(Event[WithdrawApplication]):
    label: ClassVar[str] = "申请已撤回"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.closed = line.target


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedAsMistaken(Event[CloseAsMistaken]):
    label: ClassVar[str] = "已按误登记结案"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.closed = line.target


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedAsDuplicate(Event[CloseAsDuplicate]):
    label: ClassVar[str] = "已按重复登记结案"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.closed, facts.duplicate_of = line.target, self.given.other


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationRenewed(Event[RecordReapplication]):
    label: ClassVar[str] = "再次申请已记录"


@dataclass(frozen=True, slots=True, kw_only=True)
class TalksConcluded(Event[None]):
    label: ClassVar[str] = "调解告一段落"
    given: None = None


@guard("终止调解前，须告知每位当事人其他救济途径（未能联系上也要记录）", "人民调解法 第26条")
def remedies_told(s: Situation) -> Answer:
    return none_of(k for k in in_dispute(s.case) if not facts_of(s).parties[k].remedy_told)


@guard("每位当事人都应已被告知权利义务（口头也可）", "人民调解工作若干规定 第30条")
def everybody_told(s: Situation) -> Answer:
    return none_of(untold(s, in_dispute(s.case)))


@guard("已有协议生效而未履行完毕的，请将其余争议事项另行处理，转入走访稳固", "policy")
def nothing_binding(s: Situation) -> Answer:
    return none_of(k for k in s.case.of("agreement") if s.case.is_in(k, AgreementState.EFFECTIVE))


@guard("重复登记须写明另一件案件的编号，不能是本案自己", "policy", fixed=True)
def another_case(s: Situation) -> Answer:
    given = given_as(s, CloseAsDuplicate)
    return UNJUDGED if given is None else met_if(given.other != s.case.id)


def nothing_left_open(case: Case, key: str) -> TalksConcluded | None:
    """Every issue is agreed on, decided or goes another way; and something is agreed on, decided or still binds."""
    issues = case.of("issue")
    settled = any(case.is_in(k, IssueState.SETTLED, IssueState.DECIDED) for k in issues)
    settled = settled or any(case.is_in(k, AgreementState.EFFECTIVE) for k in case.of("agreement"))
    return TalksConcluded() if settled and not any(case.is_in(k, IssueState.OPEN) for k in issues) else None


MISTAKES = (nothing_binding, AFTER_REGISTRATION)
DOUBLES = (another_case, nothing_binding, AFTER_REGISTRATION)
REMEDIES = (remedies_told, nothing_binding, AFTER_ACCEPTANCE, AFTER_MEETINGS, AFTER_REMEDIES)
FREE, WITHDRAWAL, TOLD = (nothing_binding,), (AFTER_REGISTRATION,), (everybody_told,)
A23, A26, A31 = "人民调解法 第23条", "人民调解法 第26条", "人民调解法 第31条"
