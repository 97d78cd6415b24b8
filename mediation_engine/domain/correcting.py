"""更正 and 误录: orders that correct another order of the same case. Every workflow has them; no table does.

The order that is corrected stays as it is. Decided again is what follows from it: `decisions.correct`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from .command import Command, Event
from .fields import OF_PARTY, Text, count, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Correcting(Command):
    """What both have: which order, and why."""

    order: int = count("更正第几条", default=0)
    """The version of its first line."""
    reason: Text | None = text("更正的原因", disclosure=OF_PARTY)
    """Readable by whoever may read what is corrected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectOrder(Correcting):
    label: ClassVar[str] = "更正"
    help: ClassVar[str] = "原来的记录保留，改正后的内容从此生效"


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikeOrder(Correcting):
    label: ClassVar[str] = "误录"
    help: ClassVar[str] = "这一步没有发生过：原来的记录保留，但从此不算"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCorrected(Event[Any]):
    label: ClassVar[str] = "已更正"
    given: CorrectOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStruck(Event[Any]):
    label: ClassVar[str] = "已作误录"
    given: StrikeOrder


EVENTS: dict[type[Correcting], type[Event[Any]]] = {CorrectOrder: OrderCorrected, StrikeOrder: OrderStruck}
