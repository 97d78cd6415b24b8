"""Erasing: words and exhibits that must not be kept any longer; who, why, on what ground stays on record, they go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, dataclass
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.decision_context import Outside
from mediation_engine.domain.erasing import ErasureGround
from mediation_engine.domain.fields import Text, choice, code, refs, rows, text
from mediation_engine.domain.files import FileHeld
from mediation_engine.domain.guard import Answer, given_as, guard, met_if, none_of
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import LEAD

from ..facts import MediationFacts, facts_of
from ..tabs import Tab
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

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.erased += self.erases()


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseExhibits(Command):
    label: ClassVar[str] = "删除材料"
    help: ClassVar[str] = "文件连同名称当场作废，谁也打不开，找不回来；谁、为什么、依据什么删的留在记录上"
    gives_up: ClassVar[bool] = True
    exhibits: tuple[str, ...] = refs("要删的材料", "exhibit")
    ground: ErasureGround = choice("情形")
    basis: Text = text("依据", disclosure="joint", help="法条，或本室的哪项规定", default=MISSING)
    reason: Text = text("理由", disclosure="joint", default=MISSING)
    keeping: Keeping = choice("案卷保管期限", default=Keeping.UNSET)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitsErased(Event[EraseExhibits]):
    label: ClassVar[str] = "材料已依法删除"
    relied_on: ClassVar[bool] = True
    ids: tuple[str, ...]
    """Of the files, and of the words they are called by, unless these were erased before."""

    @classmethod
    def of(cls, given: EraseExhibits, situation: Situation, outside: Outside) -> ExhibitsErased:
        facts = facts_of(situation)
        held = [facts.exhibits[key] for key in given.exhibits]
        files = [it.id for e in held if e.file and (it := FileHeld.read(e.file))]
        used = {e.title for key, e in facts.exhibits.items() if key not in given.exhibits and not e.erased}
        words = [e.title.split(":")[1] for e in held if e.title and e.title not in used]  # text:ID:LABEL:DIGEST
        return cls(given=given, ids=tuple(id for id in dict.fromkeys(files + words) if id not in facts.erased))

    def erases(self) -> tuple[str, ...]:
        return self.ids

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.erased += self.ids
        for key in self.given.exhibits:
            facts.exhibits[key] = replace(facts.exhibits[key], erased=True)


@guard("请选择要删的材料", "policy", fixed=True, of_form=True)
def exhibits_named(s: Situation) -> Answer:
    given = given_as(s, EraseExhibits)
    return met_if(given is None or bool(given.exhibits))


@guard("材料已经删除过", "policy", fixed=True, of_form=True)
def still_kept(s: Situation) -> Answer:
    given = given_as(s, EraseExhibits)
    return none_of(key for key in given.exhibits if facts_of(s).exhibits[key].erased) if given else met_if(True)


# fmt: off
ROWS = (
    # from  command        to        by    only if                       records         basis
    T(None, EraseTexts,    S.ERASED, LEAD, (),                           TextsErased,    "个人信息保护法 第47条"),
    T(None, EraseExhibits, S.ERASED, LEAD, (exhibits_named, still_kept), ExhibitsErased, "个人信息保护法 第47条"),
)
# fmt: on


def erasing_files(exhibits: Sequence[str], ground: ErasureGround, basis: Text, reason: Text) -> EraseExhibits:
    """The order that erases exhibits, for whoever erases somebody whose they are."""
    return EraseExhibits(exhibits=tuple(exhibits), ground=ground, basis=basis, reason=reason)


ERASURE = Machine.declare(
    "erasure",
    "删除",
    S,
    ROWS,
    final={S.ERASED},
    alive=ALWAYS,
    shown=Presentation(title="删除的文字和材料", tab=Tab.PAPERS, place=60, joint=False),
)
