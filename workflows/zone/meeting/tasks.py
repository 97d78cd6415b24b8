"""What a meeting leaves to be done: each of its tasks becomes a matter, given to who is to do it. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.case import Case
from mediation_engine.domain.fields import Text
from mediation_engine.domain.task import Elsewhere, NextOrder, TaskRule
from mediation_engine.ids import id_of

from ..matter.entry import AssignMatter, DetailRow, RegisterMatter
from ..matter.entry import S as EntryState
from ..matter.kinds import DUE, MEETING_TASK
from .facts import Task, facts_of
from .task import RecordTaskInHand
from .vocabulary import TaskState

FAMILY = "matter"


def matter_of(meeting: str, key: str) -> str:
    """The id of the matter that a task becomes: always the same."""
    return id_of("matter of a meeting", meeting, key)


def _given(case: Case) -> Iterator[str]:
    """Tasks whose matter is still to be registered, or given to somebody."""
    yield from (key for key in facts_of(case).tasks if case.is_in(key, TaskState.GIVEN))


def _open(case: Case, key: str, around: Elsewhere) -> NextOrder | str:
    task, target = facts_of(case).tasks[key], matter_of(case.id, key)
    matter = around.case(target)
    if matter is None:
        command, workflow = _registration(case, key, task, around), around.version_of(FAMILY)
        return NextOrder(case=target, command=command, workflow=workflow, occurred=task.given)
    if matter.is_in(matter.phase, EntryState.REGISTERED):
        body = around.said(task.body)
        given = AssignMatter(staff=task.staff, body=Text(body) if body else None)
        return NextOrder(case=target, command=given, on=(matter.phase,), occurred=task.given)
    return NextOrder(case=case.id, command=RecordTaskInHand(item=target), on=(key,))


def _registration(case: Case, key: str, task: Task, around: Elsewhere) -> RegisterMatter:
    """The registration of the matter: what is to be done, by when, and which meeting said so."""
    return RegisterMatter(
        kind=MEETING_TASK,
        origin=case.facts.number,
        number=f"任务{key.rpartition('/')[2]}",
        words=Text(around.said(task.words) or "例会布置的任务"),
        details=(DetailRow(field=DUE, day=task.due),),
        organisation=case.facts.organisation,
        meeting=case.id,
    )


MEETING_TASKS = (TaskRule(code="open_task", label="登记例会布置的任务", due=_given, next=_open),)
