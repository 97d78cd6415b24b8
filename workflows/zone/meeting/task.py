"""任务: what a meeting gives somebody to do. Each becomes a matter, which has its own way to the end (销号)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import MISSING, dataclass
from datetime import date
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, code, day, staff, text
from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.guard import MET, POLICY, Answer, given_as, guard, met_if
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, Spawns, T
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.presentation import Card, CaseReading, Naming, Presentation
from mediation_engine.domain.roles import MEDIATOR, MEDIATOR_OR_WORKER

from .facts import MeetingFacts, Task, facts_of
from .vocabulary import TaskState as S

WHAT, DOER, BODY = "做什么", "责任人", "责任单位或没有账号的人"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """Something to be done afterwards."""

    words: Text = text(WHAT, longest=500, default=MISSING)
    staff: str | None = staff(DOER, default=None)
    body: Text | None = text(BODY, longest=100)
    due: date = day("期限", ahead=True, default=MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveTask(Command):
    label: ClassVar[str] = "布置任务"
    help: ClassVar[str] = "自动登记一件事项交给责任人，办好了由室主任销号"
    words: Text = text(WHAT, longest=500, default=MISSING)
    staff: str | None = staff(DOER, default=None)
    body: Text | None = text(BODY, longest=100)
    due: date = day("期限", ahead=True, default=MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTaskInHand(Command):
    label: ClassVar[str] = "任务已登记为事项"
    item: str = code("事项")


def task_of(it: TaskRow | GiveTask, given: Occurred) -> Task:
    """A task, with when it was given."""
    return Task(words=it.words, due=it.due, staff=it.staff, body=it.body, given=given)


def tasks_of(rows: Sequence[TaskRow], given: Occurred) -> tuple[Task, ...]:
    """Those of some rows."""
    return tuple(task_of(it, given) for it in rows)


def is_given_to_somebody(it: TaskRow | GiveTask) -> bool:
    """Whether it says who is to do it."""
    return bool(it.staff or it.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskListed(Event[None]):
    label: ClassVar[str] = "任务已列入"
    given: None = None

    def apply(self, facts: MeetingFacts, line: Line) -> None:
        facts.tasks[line.instance], facts.to_give = facts.to_give[0], facts.to_give[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskGiven(Event[GiveTask]):
    label: ClassVar[str] = "任务已布置"

    def apply(self, facts: MeetingFacts, line: Line) -> None:
        facts.tasks[line.instance] = task_of(self.given, line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskInHand(Event[RecordTaskInHand]):
    label: ClassVar[str] = "任务已登记为事项"

    def apply(self, facts: MeetingFacts, line: Line) -> None:
        facts.tasks[line.instance] = replace(facts.tasks[line.instance], matter=self.given.item)


def listed(case: Case) -> Iterator[TaskListed]:
    """The first of those that the meeting gave and that are not there yet."""
    if facts_of(case).to_give:
        yield TaskListed()


@guard("先记录开会，再布置任务", POLICY, fixed=True)
def was_held(s: Situation) -> Answer:
    return met_if(facts_of(s).held is not None)


@guard("要写明责任人，或责任单位", POLICY, fixed=True, of_form=True)
def somebody_does_it(s: Situation) -> Answer:
    given = given_as(s, GiveTask)
    return MET if given is None else met_if(is_given_to_somebody(given))


def card(reading: CaseReading, key: str) -> Card:
    """What is to be done, and the matter that it became."""
    of = facts_of(reading.case).tasks[key]
    return reading.card(key, title=reading.said(of.words), leads=reading.linked(of.matter))


def summary(reading: CaseReading, key: str) -> Iterator[str]:
    """Who is to do it, by when."""
    doer, due = doer_and_day(reading, facts_of(reading.case).tasks[key])
    yield from (f"{DOER}：{doer}", f"期限：{due}")


def doer_and_day(reading: CaseReading, of: Task) -> tuple[str, str]:
    """Who is to do a task, and by when, in words."""
    said = dict(reading.details(TaskRow(words=of.words, staff=of.staff, body=of.body, due=of.due)))
    return "、".join(said[it] for it in (DOER, BODY) if it in said), day_words(of.due)


def called(of: Naming, key: str) -> str:
    """By when it is to be done."""
    found = facts_of(of.case).tasks.get(key)
    return f"任务，{day_words(found.due)}以前" if found else ""


EITHER, HELD = MEDIATOR_OR_WORKER, (was_held, somebody_does_it)

# fmt: off
ROWS = (
    Spawns(S.GIVEN, listed, TaskListed, POLICY),
    # from    command           to         by        only if records     basis
    T(None,    GiveTask,         S.GIVEN,   MEDIATOR, HELD,   TaskGiven,  POLICY),
    T(S.GIVEN, RecordTaskInHand, S.IN_HAND, EITHER,   (),     TaskInHand, POLICY),
)
# fmt: on

TASK = Machine.declare(
    "task",
    "任务",
    S,
    ROWS,
    final={S.IN_HAND},
    alive=ALWAYS,
    outlives=True,
    shown=Presentation(
        title="任务",
        rows=True,
        place=30,
        usual=frozenset({S.IN_HAND}),
        card=card,
        summary=summary,
        called=called,
        joint=False,
    ),
)
