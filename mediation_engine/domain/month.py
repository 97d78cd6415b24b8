"""A calendar month, as 2026-11."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, code: str) -> Self | None:
        """The month that a code means, such as 2026-11; None where it is no month."""
        found = re.fullmatch(r"([12]\d{3})-(0[1-9]|1[0-2])", code, re.ASCII)
        return cls(int(found[1]), int(found[2])) if found else None

    @property
    def code(self) -> str:
        """As it is stored: 2026-11."""
        return f"{self.year}-{self.number:02d}"

    @property
    def label(self) -> str:
        """As it is called: 2026年11月."""
        return f"{self.year}年{self.number}月"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    @property
    def before(self) -> Month:
        """The month before it."""
        return Month.of(self.first - timedelta(days=1))

    @property
    def after(self) -> Month:
        """The month after it."""
        return Month.of(self.last + timedelta(days=1))

    def due(self, day: int) -> date:
        """Up to when it is reported: a day of the month after it."""
        return self.after.first.replace(day=day)
