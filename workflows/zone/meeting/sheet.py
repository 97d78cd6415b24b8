"""四定: what is fixed of a meeting and what it came to, as one sheet. Nothing is done with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Event
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine, Spawns
from mediation_engine.domain.presentation import Presentation

from . import cards
from .facts import MeetingFacts, facts_of
from .vocabulary import SheetState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetBegun(Event[None]):
    label: ClassVar[str] = "四定已列入"
    given: None = None

    def apply(self, facts: MeetingFacts, line: Line) -> None:
        facts.has_sheet = True


def begun(case: Case) -> Iterator[SheetBegun]:
    """Once a meeting is there."""
    facts = facts_of(case)
    if facts.called is not None and not facts.has_sheet:
        yield SheetBegun()


# fmt: off
ROWS = (
    Spawns(S.KEPT, begun, SheetBegun, POLICY),
)
# fmt: on

SHEET = Machine.declare(
    "sheet",
    "四定",
    S,
    ROWS,
    final={S.KEPT},
    shown=Presentation(title="四定", place=5, usual=frozenset({S.KEPT}), card=cards.sheet, joint=False),
)
