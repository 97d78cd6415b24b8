"""What a court or arbitration body does about an agreement. Applied is not confirmed; its result needs no paper of ours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from mediation_engine.domain.case import Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.facts import Facts, Proceeding
from mediation_engine.domain.fields import Text, choice, ref, text
from mediation_engine.domain.guard import MET, UNJUDGED, Answer, given_as, guard, met_if
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.roles import MEDIATOR, PARTY_OR_MEDIATOR
from mediation_engine.labels import Labelled, span

from .questions import binds
from .states import ProceedingState as S


class Kind(Labelled):
    """Ways to strengthen an agreement, each with its own window."""

    JUDICIAL = "judicial_confirmation", "司法确认"
    ARBITRAL = "arbitral_review", "仲裁审查确认"


WINDOW_DAYS = {Kind.JUDICIAL: 30, Kind.ARBITRAL: 15}
"""Days from effect: 民事诉讼法 第205条; 劳动人事争议仲裁办案规则 第74条."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProceeding(Command):
    label: ClassVar[str] = "申请确认协议"
    help: ClassVar[str] = "由双方当事人共同申请"
    parties: ClassVar[tuple[str, ...]] = ()
    kind: Kind = choice("确认方式")
    agreement: str = ref("协议", "agreement")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConfirmed(Command):
    label: ClassVar[str] = "记录确认裁定"
    parties: ClassVar[tuple[str, ...]] = ()
    kind: Kind = choice("确认方式")
    agreement: str = ref("协议", "agreement")
    paper: Text | None = text("文书与文号", longest=200, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDismissed(Command):
    label: ClassVar[str] = "记录未获确认"
    reason: Text | None = text("理由", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawProceeding(Command):
    label: ClassVar[str] = "撤回确认申请"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceedingFiled(Event[FileProceeding]):
    label: ClassVar[str] = "已申请确认"

    def apply(self, facts: Facts, line: Line) -> None:
        g = self.given
        facts.proceedings[line.instance] = Proceeding(kind=g.kind.value, agreement=g.agreement, filed=line.occurred)


def _decide(facts: Facts, line: Line, **default: Any) -> None:
    held = facts.proceedings.get(line.instance) or Proceeding(**default)
    facts.proceedings[line.instance] = replace(held, result=line.target, decided=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationRuled(Event[RecordConfirmed]):
    label: ClassVar[str] = "协议已获确认"

    def apply(self, facts: Facts, line: Line) -> None:
        _decide(facts, line, kind=self.given.kind.value, agreement=self.given.agreement)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationDismissed(Event[RecordDismissed]):
    label: ClassVar[str] = "协议未获确认"

    def apply(self, facts: Facts, line: Line) -> None:
        _decide(facts, line)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceedingWithdrawn(Event[WithdrawProceeding]):
    label: ClassVar[str] = "确认申请已撤回"


@guard("协议须先生效", "民事诉讼法 第205条")
def agreement_in_effect(s: Situation) -> Answer:
    if isinstance(s.given, FileProceeding | RecordConfirmed):
        return met_if(binds(s.case, s.given.agreement), (s.given.agreement,))
    return met_if(any(binds(s.case, k) for k in s.facts.agreements)) if s.given is None else MET


@guard("须在期限内申请（司法确认30日，仲裁审查15日）；逾期是否受理由法院或仲裁委决定", "民事诉讼法 第205条")
def within_window(s: Situation) -> Answer:
    given = given_as(s, FileProceeding)
    effective = s.facts.agreements[given.agreement].effective if given else None
    if given is None or effective is None or effective.day is None or s.occurred.day is None:
        return UNJUDGED
    return met_if(s.occurred.day <= effective.day + span(WINDOW_DAYS[given.kind]))


@guard("应有申请确认的记录", "民事诉讼法 第205条")
def filed_before(s: Situation) -> Answer:
    return met_if(s.key is not None)


A205, A206 = "民事诉讼法 第205条", "民事诉讼法 第206条"
EFFECT, WINDOW, BEFORE = (agreement_in_effect,), (within_window,), (agreement_in_effect, filed_before)

# fmt: off
ROWS = (
    # from     command             to           by                 only if  records                basis  marks
    T(None,    FileProceeding,     S.FILED,     PARTY_OR_MEDIATOR, EFFECT,  ProceedingFiled,       A205,  WINDOW),
    T(None,    RecordConfirmed,    S.CONFIRMED, MEDIATOR,          (),      ConfirmationRuled,     A206,  BEFORE),
    T(S.FILED, RecordConfirmed,    S.CONFIRMED, MEDIATOR,          (),      ConfirmationRuled,     A206),
    T(S.FILED, RecordDismissed,    S.DISMISSED, MEDIATOR,          (),      ConfirmationDismissed, A206),
    T(S.FILED, WithdrawProceeding, S.WITHDRAWN, PARTY_OR_MEDIATOR, (),      ProceedingWithdrawn,   A205),
)
# fmt: on

PROCEEDING = Machine.declare(
    "proceeding",
    "司法或仲裁确认",
    S,
    ROWS,
    final={S.CONFIRMED, S.DISMISSED, S.WITHDRAWN},
    alive=ALWAYS,
)
