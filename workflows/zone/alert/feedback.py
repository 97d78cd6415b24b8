"""What the police are told (反馈): that it is settled, agreed on, performed, or came to nothing; whether somebody is
punished is theirs to decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, ref, text
from mediation_engine.domain.guard import UNJUDGED, Answer, given_as, guard, met_if
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from ..vocabulary import TO_TELL
from . import cards
from .facts import AlertFacts, Feedback, facts_of
from .vocabulary import TellingManner

P186 = "治安管理处罚法 第9条、公安机关办理行政案件程序规定 第186条"


class S(Labelled):
    """It was told."""

    TOLD = "told", "已反馈"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellPolice(Command):
    label: ClassVar[str] = "反馈公安"
    help: ClassVar[str] = "把现在的结果告诉派出所；处罚不处罚由公安机关决定"
    occurs: ClassVar[str] = "什么时候反馈的"
    outcome: str = ref("反馈哪一项处置的结果", "outcome")
    manner: TellingManner = choice("方式", default=TellingManner.FORM)
    receiver: Text | None = text("谁收的", longest=100)
    note: Text | None = text("说明", longest=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliceTold(Event[TellPolice]):
    label: ClassVar[str] = "已反馈公安"

    def apply(self, facts: AlertFacts, line: Line) -> None:
        key = self.given.outcome
        outcome = facts.outcomes[key]
        facts.feedbacks[line.instance] = Feedback(outcome=key, state=outcome.state, told=line.occurred)
        facts.outcomes[key] = replace(outcome, told=outcome.state)


@guard("这一项还没有结果：等达成协议、履行了或者没有调成再反馈", "policy", fixed=True)
def has_result(s: Situation) -> Answer:
    given = given_as(s, TellPolice)
    outcomes = facts_of(s).outcomes
    if given is None:
        return met_if(any(it.state in TO_TELL for it in outcomes.values())) if outcomes else UNJUDGED
    return met_if(outcomes[given.outcome].state in TO_TELL, (given.outcome,))


# fmt: off
ROWS = (
    # from  command     to      by        only if        records     basis
    T(None, TellPolice, S.TOLD, MEDIATOR, (has_result,), PoliceTold, P186),
)
# fmt: on

FEEDBACK = Machine.declare(
    "feedback",
    "反馈",
    S,
    ROWS,
    final={S.TOLD},
    alive={"disposal", "closed"},
    shown=Presentation(
        title="反馈公安",
        rows=True,
        place=40,
        usual=frozenset({S.TOLD}),
        card=cards.feedback,
        summary=cards.feedback_summary,
        joint=False,
    ),
)
