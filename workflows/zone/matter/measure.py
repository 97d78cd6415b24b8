"""What was done about a matter (办理、化解措施), step by step."""

from __future__ import annotations

from dataclasses import MISSING, dataclass
from typing import ClassVar

from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, choice, count, text
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR_OR_GRID_WORKER

from . import cards
from .facts import MatterFacts, Measure
from .vocabulary import Manner


class S(Labelled):
    """It was done."""

    DONE = "done", "已办"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMeasure(Command):
    label: ClassVar[str] = "记录办理"
    help: ClassVar[str] = "走访、打电话、协调、采取的措施都记在这里"
    occurs: ClassVar[str] = "什么时候办的"
    words: Text = text("做了什么", longest=1000, default=MISSING)
    manner: Manner = choice("方式", default=Manner.VISIT)
    people: int | None = count("出动几人", rare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRecorded(Event[RecordMeasure]):
    label: ClassVar[str] = "已办理一步"

    def apply(self, facts: MatterFacts, line: Line) -> None:
        g = self.given
        facts.measures[line.instance] = Measure(manner=g.manner, made=line.occurred, people=g.people)


BOTH = MEDIATOR_OR_GRID_WORKER
# fmt: off
ROWS = (
    # from  command        to      by    only if records          basis
    T(None, RecordMeasure, S.DONE, BOTH, (),     MeasureRecorded, POLICY),
)
# fmt: on

MEASURE = Machine.declare(
    "measure",
    "办理记录",
    S,
    ROWS,
    final={S.DONE},
    alive=ALWAYS,
    shown=Presentation(
        title="办理记录",
        empty="还没有办理记录。",
        rows=True,
        newest_first=True,
        usual=frozenset({S.DONE}),
        place=20,
        card=cards.measure,
        joint=False,
    ),
)
