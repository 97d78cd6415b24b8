"""A period to be counted, as a form: from which day, how many, of what."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from mediation_engine.domain.periods import PeriodUnit
from mediation_engine.input.days import Unread, read_day, typed_day

MOST = 9999
"""Units of a period that a form takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodForm:
    """What was asked; what could not be read is None, and said in `faults` by field."""

    start: date | None
    number: int | None
    unit: PeriodUnit | None
    is_asked: bool
    words: Mapping[str, str] = field(default_factory=dict)
    """As typed."""
    faults: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def typed(cls, asked: Mapping[str, str], today: date) -> PeriodForm:
        """What stands in an address; unasked, it begins today."""
        words = {name: asked.get(name, "").strip()[:20] for name in ("from", "number", "unit")}
        start, number, unit = _day(words["from"], today), _number(words["number"]), PeriodUnit.named(words["unit"])
        is_asked = any(words.values())
        wrong = {
            "from": "" if start else "请写明从哪天起算，如 2026年11月23日",
            "number": "" if number else f"请写 1 到 {MOST} 的整数",
            "unit": "" if unit else "请选择日、工作日、月还是年",
        }
        faults = {name: sentence for name, sentence in wrong.items() if sentence} if is_asked else {}
        words = (
            words | {"from": typed_day(start) if start else ""}
            if is_asked
            else {"from": typed_day(today), "number": "", "unit": PeriodUnit.DAYS.code}
        )
        return cls(start=start, number=number, unit=unit, is_asked=is_asked, words=words, faults=faults)

    @property
    def units(self) -> tuple[PeriodUnit, ...]:
        """What there is to choose from."""
        return tuple(PeriodUnit)


def _day(words: str, today: date) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(words)
    with suppress(Unread):
        return read_day(words, today)
    return None


def _number(words: str) -> int | None:
    number = int(words) if words.isascii() and words.isdecimal() else 0
    return number if 0 < number <= MOST else None
