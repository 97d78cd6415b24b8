"""What the room says of a kind of item (网格上报、接访 …): what is asked, which stages it passes, by when, how it ends.

Data: it comes with the content or from the settings, and what it said when an item came is kept with the item.
"""

from __future__ import annotations

from msgspec import Struct

from .labels import Labelled
from .periods import PeriodUnit


class FieldSort(Labelled):
    """What is filled in."""

    TEXT = "text", "文字"
    DAY = "day", "日期"
    COUNT = "count", "数目"
    MONEY = "money", "金额"
    FLAG = "flag", "是否"


class Stage(Labelled):
    """A stage that items of a kind pass, or leave out; the end they all come to."""

    ASSIGN = "assign", "交办"
    SIGN = "sign", "签收"
    HANDLE = "handle", "办理"
    ANSWER = "answer", "反馈"
    VERIFY = "verify", "核实"
    END = "end", "办结"


class OwnWords(Labelled):
    """What a field begins with where a grid worker registers an item himself."""

    NAME = "name", "本人姓名"
    GRID = "grid", "本人的网格"


class ItemField(Struct, frozen=True, kw_only=True):
    """Something that is asked of an item of a kind."""

    code: str
    label: str
    sort: FieldSort = FieldSort.TEXT
    required: bool = False
    help: str = ""
    most: int = 0
    """Of a number: more than so many is marked; 0 where there is no such bound."""
    basis: str = ""
    """The article that says so; empty where the room itself does."""
    where: str = ""
    """The number (code) that makes it wanted, once that is more than `most`; empty where it does not hang on one."""
    own: str = ""
    """What it begins with where a grid worker registers it (code of `OwnWords`); empty for nothing."""


class ItemDeadline(Struct, frozen=True, kw_only=True):
    """By when a stage is to be done: so many days, or the day that is written in a field."""

    stage: Stage
    number: int = 0
    unit: PeriodUnit = PeriodUnit.DAYS
    field: str = ""
    """The field (code) with the day; empty where days are counted."""
    basis: str = ""
    """The article; empty for the room's own rule."""


class ItemEnding(Struct, frozen=True, kw_only=True):
    """How an item may end."""

    code: str
    label: str
    done: bool = True
    """Whether what was asked for is done with it (化解、办成): figures count it so."""
    at_once: bool = False
    """Whether it can end so straight away, whatever stages are left."""
    grounds: tuple[tuple[str, str], ...] = ()
    """By what it was recognised as done (认定), as (code, words), where that is asked."""


class ItemKind(Struct, frozen=True, kw_only=True):
    """A kind of item."""

    code: str
    label: str
    help: str = ""
    asker: str = "提出的人"
    """What somebody is called who comes with it: 来访人、委托人."""
    words: str = "什么事"
    """What is asked for in the first field: 诉求、发现了什么."""
    number: str = "编号"
    """What its number outside is called: 交办单号."""
    source: str = ""
    """By which source (code) a case is registered that it leads to."""
    on_reception_days: bool = False
    """Whether it belongs to the reception day on which it comes."""
    use: bool = True
    """Whether new items of it are registered."""
    grid_worker: bool = False
    """Whether a grid worker registers it himself."""
    lead_ends: bool = False
    """Whether the lead alone ends it, once it was answered (销号)."""
    fields: tuple[ItemField, ...] = ()
    stages: tuple[Stage, ...] = ()
    deadlines: tuple[ItemDeadline, ...] = ()
    endings: tuple[ItemEnding, ...] = ()

    def field(self, code: str) -> ItemField | None:
        """A field by its code."""
        return next((it for it in self.fields if it.code == code), None)

    def ending(self, code: str) -> ItemEnding | None:
        """An ending by its code."""
        return next((it for it in self.endings if it.code == code), None)

    def passes(self, stage: Stage) -> bool:
        """Whether items of it pass a stage."""
        return stage in self.stages
