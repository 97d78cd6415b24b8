"""What is marked on lines of the record: what a step lacked, what was set aside with a reason, what was corrected."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from .labels import Labelled
from .line import Line


class MarkKind(Labelled):
    """Why a line is marked."""

    DEFECT = "defect", "瑕疵"
    UNJUDGED = "unjudged", "无法判断"
    WAIVED = "waived", "变通"
    CORRECTED = "corrected", "更正"
    STRUCK = "struck", "误录"


CORRECTIONS = frozenset({MarkKind.CORRECTED, MarkKind.STRUCK})
"""Kinds that a correction gives; the others come with a step, each by a rule."""


class Marked(Struct, frozen=True, kw_only=True):
    """The marks on one line, by the code of the rule; by whom and when it was recorded."""

    kinds: tuple[tuple[str, MarkKind], ...]
    actor: str | None
    recorded: datetime


def marked(line: Line) -> Marked:
    """The marks that a line carries from its step."""
    kinds = {
        it.code: MarkKind.UNJUDGED if it.unjudged else MarkKind.DEFECT if it.waived is None else MarkKind.WAIVED
        for it in line.defects
    }
    return Marked(kinds=tuple(kinds.items()), actor=line.actor, recorded=line.recorded)
