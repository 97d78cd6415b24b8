"""Erasing: words of a case that must not be kept any longer; who, why, on what ground stays on record, the words go."""

from __future__ import annotations

from dataclasses import MISSING, dataclass
from typing import ClassVar

from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.erasing import ErasureGround
from mediation_engine.domain.fields import Text, choice, code, rows, text
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import LEAD

from .states import ErasureState as S


class Keeping(Labelled):
    """How long the file of a case is kept: 短期、长期、永久 of its cover; no law fixes the years."""

    SHORT = "short", "短期（5年）"
    LONG = "long", "长期（10年）"
    PERMANENT = "permanent", "永久"
    UNSET = "unset", "没有规定"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """A piece of words."""

    text: str = code("文字编号", help="见 mediation text list")


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseTexts(Command):
    label: ClassVar[str] = "删除文字"
    help: ClassVar[str] = "原文当场删去，找不回来；谁、为什么、依据什么删的留在记录上。理由里不要重复删去的内容"
    gives_up: ClassVar[bool] = True
    texts: tuple[TextRow, ...] = rows("要删的文字", default=MISSING)
    ground: ErasureGround = choice("情形")
    basis: Text = text("依据", disclosure="joint", help="法条，或本室的哪项规定", default=MISSING)
    reason: Text = text("理由", disclosure="joint", default=MISSING)
    keeping: Keeping = choice("案卷保管期限", default=Keeping.UNSET)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsErased(Event[EraseTexts]):
    label: ClassVar[str] = "文字已依法删除"
    relied_on: ClassVar[bool] = True

    def erases(self) -> tuple[str, ...]:
        return tuple(row.text for row in self.given.texts)


# fmt: off
ROWS = (
    # from  command     to        by    only if  records      basis
    T(None, EraseTexts, S.ERASED, LEAD, (),      TextsErased, "个人信息保护法 第47条"),
)
# fmt: on

ERASURE = Machine.declare(
    "erasure",
    "删除",
    S,
    ROWS,
    final={S.ERASED},
    alive=ALWAYS,
    shown=Presentation(title="删除的文字", place=60, joint=False),
)
