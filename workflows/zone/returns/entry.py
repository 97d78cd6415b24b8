"""本企业的纠纷: a small dispute that a committee lists; it can be handed up to the room, which makes it a case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import JOINT, Text, choice, code, text
from mediation_engine.domain.guard import POLICY, Answer, guard, met_if
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Follows, Machine, Spawns, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR_OR_COMMITTEE, MEDIATOR_OR_WORKER

from ...vocabulary import Grievance, News
from . import cards
from .facts import ReturnFacts, facts_of
from .vocabulary import EntryState as S
from .vocabulary import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class HandUp(Command):
    label: ClassVar[str] = "转到调解室"
    help: ClassVar[str] = "由调解室立案；期限从职工提出的那天算，不重新起算"
    note: Text | None = text("说明", longest=300, disclosure=JOINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHandedUp(Command):
    label: ClassVar[str] = "调解室已立案"
    case: str = code("案件")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNews(Command):
    label: ClassVar[str] = "调解室的结果"
    news: News = choice("结果")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryListed(Event[None]):
    label: ClassVar[str] = "纠纷已列入"
    given: None = None
    worker: str
    about: Grievance
    result: Result

    def apply(self, facts: ReturnFacts, line: Line) -> None:
        facts.entries[line.instance], facts.announced = facts.announced[0], facts.announced[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryReplaced(Event[None]):
    label: ClassVar[str] = "原来列入的不再算"
    given: None = None

    def apply(self, facts: ReturnFacts, line: Line) -> None:
        facts.entries[line.instance] = replace(facts.entries[line.instance], state=S.REPLACED)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryHandedUp(Event[HandUp]):
    label: ClassVar[str] = "已转到调解室，待立案"
    tells: ClassVar[bool] = True

    def apply(self, facts: ReturnFacts, line: Line) -> None:
        facts.entries[line.instance] = replace(facts.entries[line.instance], state=S.WAITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryOpened(Event[RecordHandedUp]):
    label: ClassVar[str] = "调解室已立案"

    def apply(self, facts: ReturnFacts, line: Line) -> None:
        held = facts.entries[line.instance]
        facts.entries[line.instance] = replace(held, state=S.HANDED_UP, case=self.given.case, news=News.MEDIATING)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryTold(Event[RecordNews]):
    label: ClassVar[str] = "调解室有了结果"

    def apply(self, facts: ReturnFacts, line: Line) -> None:
        facts.entries[line.instance] = replace(facts.entries[line.instance], news=self.given.news)


def listed(case: Case) -> Iterator[EntryListed]:
    """The first of those that the return names and that are not there yet."""
    for one in facts_of(case).announced[:1]:
        yield EntryListed(worker=one.worker, about=one.about, result=one.result)


def listed_anew(case: Case, key: str) -> EntryReplaced | None:
    """The return was stated anew, and this one belongs to what was stated before."""
    facts = facts_of(case)
    return EntryReplaced() if facts.entries[key].statement < len(facts.statements) else None


@guard("已经化解的，不用转到调解室", POLICY)
def is_unsettled(s: Situation) -> Answer:
    entry = facts_of(s).entries.get(s.key or "")
    return met_if(entry is not None and entry.result is not Result.SETTLED)


BOTH, EITHER, OPEN = MEDIATOR_OR_COMMITTEE, MEDIATOR_OR_WORKER, (is_unsettled,)

# fmt: off
ROWS = (
    Spawns(S.LISTED, listed, EntryListed, POLICY),
    # from       command         to           by      only if records        basis
    T(S.LISTED,    HandUp,         S.WAITING,   BOTH,   OPEN,   EntryHandedUp, POLICY),
    T(S.WAITING,   RecordHandedUp, S.HANDED_UP, EITHER, (),     EntryOpened,   POLICY),
    T(S.HANDED_UP, RecordNews,     S.HANDED_UP, EITHER, (),     EntryTold,     POLICY),
    Follows(S.LISTED, S.REPLACED, listed_anew, EntryReplaced, POLICY),
)
# fmt: on

ENTRY = Machine.declare(
    "entry",
    "本企业的纠纷",
    S,
    ROWS,
    final={S.REPLACED},
    resting={S.LISTED, S.HANDED_UP},
    alive=ALWAYS,
    outlives=True,
    shown=Presentation(
        title="本企业的纠纷",
        empty="没有列入纠纷。",
        rows=True,
        place=20,
        card=cards.entry,
        summary=cards.entry_line,
        urgent=frozenset({S.WAITING}),
    ),
)
