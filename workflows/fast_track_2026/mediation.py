"""调解: talks go on while an issue is open; agreement on the rest ends them, or termination with notice of the remedies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.facts import Facts
from mediation_engine.domain.fields import Text, choice, text
from mediation_engine.domain.guard import Answer, guard, none_of
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Follows, Machine, T
from mediation_engine.domain.roles import LEAD, PARTY_OR_MEDIATOR
from mediation_engine.labels import Labelled

from ..common_2026.questions import in_dispute
from ..common_2026.states import IssueState
from .intake import ApplicationWithdrawn, WithdrawApplication


class S(Labelled):
    """Talks are open, or over in one of three ways."""

    TALKING = "talking", "调解中"
    SETTLED = "settled", "已达成协议"
    FAILED = "failed", "调解终止"
    WITHDRAWN = "withdrawn", "已撤回"


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
    help: ClassVar[str] = "终止前须逐一告知当事人可以仲裁、请求行政处理或起诉"
    ground: Ground = choice("原因")
    note: Text | None = text("争议焦点与经过", longest=1000, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class MediationTerminated(Event[TerminateMediation]):
    label: ClassVar[str] = "调解已终止"
    tells: ClassVar[bool] = True

    def apply(self, facts: Facts, line: Line) -> None:
        facts.closed = line.target


@dataclass(frozen=True, slots=True, kw_only=True)
class TalksConcluded(Event[None]):
    label: ClassVar[str] = "调解告一段落"
    given: None = None


@guard("终止调解前，须告知每位当事人其他救济途径（未能联系上也要记录）", "人民调解法 第26条")
def remedies_told(s: Situation) -> Answer:
    return none_of(k for k in in_dispute(s.case) if not s.facts.parties[k].remedy_told)


def nothing_left_open(case: Case, key: str) -> TalksConcluded | None:
    """Every issue is agreed on or goes another way, and at least one is agreed on."""
    issues = case.of("issue")
    settled = any(case.is_in(k, IssueState.SETTLED) for k in issues)
    return TalksConcluded() if settled and not any(case.is_in(k, IssueState.OPEN) for k in issues) else None


A23, A26, A31 = "人民调解法 第23条", "人民调解法 第26条", "人民调解法 第31条"

# fmt: off
ROWS = (
    # from       command              to           by                 only if           records               basis
    T(S.TALKING, TerminateMediation,  S.FAILED,    LEAD,              (remedies_told,), MediationTerminated,  A26),
    T(S.TALKING, WithdrawApplication, S.WITHDRAWN, PARTY_OR_MEDIATOR, (),               ApplicationWithdrawn, A23),
    Follows(S.TALKING, S.SETTLED, nothing_left_open, TalksConcluded, A31),
)
# fmt: on

MEDIATION = Machine.declare(
    "mediation",
    "调解",
    S,
    ROWS,
    initial=S.TALKING,
    final={S.SETTLED, S.FAILED, S.WITHDRAWN},
)
