"""How content somebody is with what came of a matter (评价); who is not has it taken up again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, text
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from . import cards
from .facts import MatterFacts, Rating
from .vocabulary import Content


class S(Labelled):
    """It was said."""

    SAID = "said", "已评价"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRating(Command):
    label: ClassVar[str] = "记录评价"
    help: ClassVar[str] = "问一问来办事的人满意不满意；办结以后不满意的，自动重新办理"
    occurs: ClassVar[str] = "什么时候问的"
    content: Content = choice("满意不满意", ask=True)
    words: Text | None = text("他说了什么", longest=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingRecorded(Event[RecordRating]):
    label: ClassVar[str] = "已评价"

    def apply(self, facts: MatterFacts, line: Line) -> None:
        facts.ratings[line.instance] = Rating(content=self.given.content, said=line.occurred)


# fmt: off
ROWS = (
    # from  command       to      by        only if records         basis
    T(None, RecordRating, S.SAID, MEDIATOR, (),     RatingRecorded, POLICY),
)
# fmt: on

RATING = Machine.declare(
    "rating",
    "评价",
    S,
    ROWS,
    final={S.SAID},
    alive=ALWAYS,
    shown=Presentation(title="评价", rows=True, place=40, usual=frozenset({S.SAID}), card=cards.rating, joint=False),
)
