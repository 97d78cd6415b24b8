"""A note: something that happened and that no other step says; always possible, in any phase and after the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import Text, text
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.roles import MEDIATOR

from .states import NoteState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNote(Command):
    label: ClassVar[str] = "补记情况"
    help: ClassVar[str] = "先记一笔，或没有合适步骤可记的；各方可见，私下说的话请记在单独沟通里"
    words: Text | None = text("情况", longest=2000, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRecorded(Event[RecordNote]):
    label: ClassVar[str] = "情况已补记"


ROWS = (T(None, RecordNote, S.RECORDED, MEDIATOR, (), NoteRecorded, "policy"),)

NOTE = Machine.declare("note", "补记", S, ROWS, final={S.RECORDED}, alive=ALWAYS)
