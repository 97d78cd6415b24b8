"""A telephone call (通话) with a party: answered or not, what was said. A visit and an urging have steps of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import OF_PARTY, Text, choice, ref, text
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.presentation import CaseReading, Presentation
from mediation_engine.domain.roles import MEDIATOR

from ..facts import Call, MediationFacts, facts_of
from .states import CallState as S


class Answered(Labelled):
    """What came of a call."""

    REACHED = "reached", "接通了"
    NOBODY = "nobody", "没人接"
    WRONG = "wrong", "号码不对或停机"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCall(Command):
    label: ClassVar[str] = "记录通话"
    help: ClassVar[str] = "给当事人打了电话；催到了、走访到了的，请用“督促履行”“记录走访”；没人接的记在这里"
    party: str = ref("打给谁", "party")
    answered: Answered = choice("结果", default=Answered.REACHED)
    said: Text | None = text("说了什么", longest=500, disclosure=OF_PARTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMade(Event[RecordCall]):
    label: ClassVar[str] = "打过电话"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        reached = self.given.answered is Answered.REACHED
        facts.calls[line.instance] = Call(party=self.given.party, made=line.occurred, reached=reached)


def summary(reading: CaseReading, key: str) -> Iterable[str]:
    """Whom it was with."""
    yield reading.thing(facts_of(reading.case).calls[key].party)


# fmt: off
ROWS = (
    # from command     to          by        only if records   basis
    T(None, RecordCall, S.RECORDED, MEDIATOR, (),     CallMade, "policy"),
)
# fmt: on

CALL = Machine.declare(
    "call", "通话", S, ROWS, final={S.RECORDED}, alive=ALWAYS, shown=Presentation(joint=False, summary=summary)
)
