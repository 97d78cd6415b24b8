"""议题: a case, an alert or a matter that is spoken of, or something in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.decision_context import Outside
from mediation_engine.domain.fields import Text, code, text
from mediation_engine.domain.guard import MET, POLICY, Answer, given_as, guard, met_if
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, Spawns, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from . import cards
from .facts import MeetingFacts, Topic, facts_of
from .questions import FOUND
from .vocabulary import TopicState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRow:
    """Something that is spoken of."""

    about: str | None = code("案号或编号", default=None, help="案件、警情、事项的；别的事空着")
    words: Text | None = text("议什么", longest=300)


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOnTable(Command):
    label: ClassVar[str] = "加议题"
    help: ClassVar[str] = "会上临时提出的，会后也可以补记"
    about: str | None = code("案号或编号", default=None, help="案件、警情、事项的；别的事空着")
    words: Text | None = text("议什么", longest=300)


def topics_of(given: Sequence[TopicRow], found: Sequence[str]) -> tuple[Topic, ...]:
    """What is named in rows, by the ids that were found; an empty row is nothing."""
    pairs = zip(given, found, strict=True)
    return tuple(Topic(about=id or None, words=it.words) for it, id in pairs if id or it.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicNamed(Event[None]):
    label: ClassVar[str] = "议题已列入"
    given: None = None

    def apply(self, facts: MeetingFacts, line: Line) -> None:
        facts.topics[line.instance], facts.on_table = facts.on_table[0], facts.on_table[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicAdded(Event[PutOnTable]):
    label: ClassVar[str] = "议题已补充"
    found: tuple[str, ...]

    @classmethod
    def of(cls, given: Any, situation: Situation, outside: Outside) -> TopicAdded:
        host = facts_of(situation).organisation
        return cls(given=given, found=outside.ask(FOUND, host, (given.about or "",)))

    def apply(self, facts: MeetingFacts, line: Line) -> None:
        facts.topics[line.instance] = Topic(about=self.found[0] or None, words=self.given.words)


def named(case: Case) -> Iterator[TopicNamed]:
    """The first of those that the calling names and that are not there yet."""
    if facts_of(case).on_table:
        yield TopicNamed()


@guard("写明议哪一件，或者议什么", POLICY, fixed=True, of_form=True)
def something_said(s: Situation) -> Answer:
    given = given_as(s, PutOnTable)
    return MET if given is None else met_if(bool(given.about or given.words))


# fmt: off
ROWS = (
    Spawns(S.LISTED, named, TopicNamed, POLICY),
    # from  command     to        by        only if            records     basis
    T(None, PutOnTable, S.LISTED, MEDIATOR, (something_said,), TopicAdded, POLICY),
)
# fmt: on

TOPIC = Machine.declare(
    "topic",
    "议题",
    S,
    ROWS,
    final={S.LISTED},
    alive=ALWAYS,
    shown=Presentation(title="议题", rows=True, place=20, usual=frozenset({S.LISTED}), card=cards.topic, joint=False),
)
