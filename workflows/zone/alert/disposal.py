"""处置: somebody is contacted, it is taken one way or several, the police are told, and it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, text
from mediation_engine.domain.guard import POLICY, Answer, guard, met_if
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Follows, Machine, T
from mediation_engine.domain.roles import MEDIATOR
from mediation_engine.domain.workflow import Reopens

from ..outcome import none_running
from .facts import AlertFacts, facts_of
from .feedback import P186
from .inbox import AlertReturned, ReturnAlert


class S(Labelled):
    """What the inbox is sorted by."""

    TO_CONTACT = "to_contact", "待联系"
    IN_HAND = "in_hand", "在办"
    TO_REPORT = "to_report", "待反馈"
    FINISHED = "finished", "办结"
    RETURNED = "returned", "已退回"


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishAlert(Command):
    label: ClassVar[str] = "办结"
    words: Text | None = text("办结意见", longest=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertTakenUp(Event[None]):
    label: ClassVar[str] = "已着手处置"
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackDue(Event[None]):
    label: ClassVar[str] = "有结果，待反馈公安"
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackGiven(Event[None]):
    label: ClassVar[str] = "结果都已反馈"
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFinished(Event[FinishAlert]):
    label: ClassVar[str] = "警情已办结"

    def apply(self, facts: AlertFacts, line: Line) -> None:
        facts.closed = line.target


def taken_up(case: Case, key: str) -> AlertTakenUp | None:
    """Somebody was contacted, or it was taken some way."""
    facts = facts_of(case)
    return AlertTakenUp() if facts.contacts or facts.outcomes else None


def to_be_told(case: Case, key: str) -> FeedbackDue | None:
    """Something came of it that the police were not told."""
    return FeedbackDue() if facts_of(case).untold() else None


def all_told(case: Case, key: str) -> FeedbackGiven | None:
    """They were told all."""
    return None if facts_of(case).untold() else FeedbackGiven()


def has_news(case: Case) -> bool:
    """Whether something came of it after it had ended: the police are to be told that, too."""
    return bool(facts_of(case).untold())


@guard("须先有处置：当场化解、转调解或升级；都没有的，退回或请室主任写明理由", POLICY)
def is_disposed_of(s: Situation) -> Answer:
    return met_if(bool(facts_of(s).outcomes))


@guard("还有案件在调解或在履行：等有了结果、反馈了公安再办结", POLICY)
def nothing_running(s: Situation) -> Answer:
    return none_running(s)


DONE, FREE = (is_disposed_of, nothing_running), (nothing_running,)
A18 = "人民调解法 第18条"

# fmt: off
ROWS = (
    # from          command      to          by        only if records        basis
    T(S.IN_HAND,    FinishAlert, S.FINISHED, MEDIATOR, DONE,   AlertFinished, POLICY),
    T(S.TO_CONTACT, ReturnAlert, S.RETURNED, MEDIATOR, FREE,   AlertReturned, A18),
    T(S.IN_HAND,    ReturnAlert, S.RETURNED, MEDIATOR, FREE,   AlertReturned, A18),
    Follows(S.TO_CONTACT, S.IN_HAND,   taken_up,   AlertTakenUp,  POLICY),
    Follows(S.IN_HAND,    S.TO_REPORT, to_be_told, FeedbackDue,   P186),
    Follows(S.TO_REPORT,  S.IN_HAND,   all_told,   FeedbackGiven, P186),
)
# fmt: on

DISPOSAL = Machine.declare("disposal", "处置", S, ROWS, initial=S.TO_CONTACT, final={S.FINISHED, S.RETURNED})
AGAIN = Reopens(label="有新的结果要反馈公安", when=has_news, phase="disposal", basis=P186)
