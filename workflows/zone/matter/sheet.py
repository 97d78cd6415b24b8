"""登记内容: what was filled in for the fields of the kind, as one sheet. Nothing is done with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Event
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine, Spawns
from mediation_engine.domain.presentation import Presentation

from . import cards
from .facts import MatterFacts, facts_of


class S(Labelled):
    """It is there."""

    KEPT = "kept", "已登记"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetBegun(Event[None]):
    label: ClassVar[str] = "登记内容已列入"
    given: None = None

    def apply(self, facts: MatterFacts, line: Line) -> None:
        facts.has_sheet = True


def begun(case: Case) -> Iterator[SheetBegun]:
    """Once a matter is there."""
    facts = facts_of(case)
    if facts.kind is not None and not facts.has_sheet:
        yield SheetBegun()


# fmt: off
ROWS = (
    Spawns(S.KEPT, begun, SheetBegun, POLICY),
)
# fmt: on

SHEET = Machine.declare(
    "sheet",
    "登记内容",
    S,
    ROWS,
    final={S.KEPT},
    shown=Presentation(title="登记内容", place=5, usual=frozenset({S.KEPT}), card=cards.sheet, joint=False),
)
