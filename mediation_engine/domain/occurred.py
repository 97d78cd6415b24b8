"""When something happened, with the precision it was reported in (lessons §2.19).

Written as an extended ISO 8601 date (EDTF): ``2026-11-23T09:30``, ``2026-11-23``, ``2026-11``, ``2026``,
``2026-11-01/2026-11-05``, ``2026-11~`` (about), ``..`` (not reported). Times are read in China.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from .formatting import CHINA, day_words
from .labels import Labelled

_FORMS = (
    ("minute", r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}"),
    ("day", r"\d{4}-\d{2}-\d{2}"),
    ("month", r"\d{4}-\d{2}"),
    ("year", r"\d{4}"),
    ("interval", r"\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}"),
    ("about", r"\d{4}(-\d{2}){0,2}~"),
    ("unreported", r"\.\."),
)


class Precision(Labelled):
    """How exactly a time is known."""

    MINUTE = "minute", "精确到分"
    DAY = "day", "精确到日"
    MONTH = "month", "精确到月"
    YEAR = "year", "精确到年"
    INTERVAL = "interval", "一段时间"
    ABOUT = "about", "大约"
    UNREPORTED = "unreported", "不清楚"


@dataclass(frozen=True, slots=True)
class Occurred:
    """A point or span of time as reported, in EDTF. What comes from outside is checked by `Occurred.read`."""

    text: str = ".."

    @classmethod
    def read(cls, text: str) -> Occurred:
        """Check and take what somebody wrote; ValueError with a Chinese sentence where it is no such time."""
        written = re.sub(r"^(\d{4})/(\d{2})/(\d{2})(?!/)", r"\1-\2-\3", text.strip())
        occurred = cls(re.sub(r"^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})$", r"\1T\2", written))
        try:
            ends = occurred._ends()
        except ValueError as fault:
            raise ValueError(f"“{text}”不是有效日期，应写成 2026-11-23、2026-11、2026 或 2026-11-23T09:30") from fault
        if any(end.year < 1900 for end in ends):
            raise ValueError(f"“{text}”年份过早")
        if ends[:1] > ends[-1:]:
            raise ValueError(f"“{text}”起日晚于止日")
        return occurred

    @property
    def precision(self) -> Precision:
        return _precision(self.text)

    def _ends(self) -> list[datetime]:
        precision = self.precision
        if precision is Precision.UNREPORTED:
            return []
        parts = self.text.rstrip("~").split("/")
        # A month or a year reaches from its first day on; padding makes each a full date.
        return [datetime.fromisoformat(p if len(p) >= 10 else (p + "-01-01")[:10]) for p in parts]

    @property
    def day(self) -> date | None:
        """The civil day, where it is known to the day; else None."""
        exact = self.precision in (Precision.MINUTE, Precision.DAY)
        return self._ends()[0].date() if exact else None

    def first_day(self) -> date | None:
        """The earliest day it can have been; None where unreported."""
        ends = self._ends()
        return ends[0].date() if ends else None

    def last_day(self) -> date | None:
        """The latest day named exactly (a month or year counts by its first); None where unreported."""
        ends = self._ends()
        return ends[-1].date() if ends else None

    def span(self) -> tuple[date, date] | None:
        """The earliest and the latest day it can have been; None where that is not known."""
        first, last = self.first_day(), self._last_possible()
        return (first, last) if first is not None and last is not None else None

    def is_before(self, other: Occurred) -> bool:
        """Whether this is known to lie before `other`: to the minute where both are, else to the day.

        What is not reported, or only about, is not known to.
        """
        if self.precision is other.precision is Precision.MINUTE:
            return self._ends()[0] < other._ends()[0]
        last, first = self._last_possible(), None if other.precision is Precision.ABOUT else other.first_day()
        return last is not None and first is not None and last < first

    def is_by(self, day: date) -> bool | None:
        """Whether this was no later than a day; None where that cannot be told."""
        span = self.span()
        return None if span is None or span[0] <= day < span[1] else span[1] <= day

    def _last_possible(self) -> date | None:
        """The latest day it can have been; None where that is not known."""
        if self.precision in (Precision.UNREPORTED, Precision.ABOUT):
            return None
        last = self._ends()[-1].date()
        if self.precision is Precision.YEAR:
            return date(last.year, 12, 31)
        return last.replace(day=monthrange(last.year, last.month)[1]) if self.precision is Precision.MONTH else last

    def is_after(self, now: datetime) -> bool:
        """Whether this lies in the future of `now`, an aware time (a minute's grace for clocks)."""
        ends = self._ends()
        if not ends:
            return False
        if self.precision is Precision.MINUTE:
            return ends[0].replace(tzinfo=CHINA) > now + timedelta(minutes=1)
        return ends[-1].date() > now.astimezone(CHINA).date()

    def words(self) -> str:
        """As shown to people: 2019年10月31日（周四）, 约2019年10月, 时间不清楚 …"""
        match self.precision:
            case Precision.UNREPORTED:
                return "时间不清楚"
            case Precision.MINUTE:
                moment = self._ends()[0]
                return f"{day_words(moment.date())}{moment:%H:%M}"
            case Precision.DAY:
                return day_words(self._ends()[0].date())
            case Precision.INTERVAL:
                first, last = (day_words(e.date()) for e in self._ends())
                return f"{first}至{last}"
            case _:
                numbers = self.text.rstrip("~").split("-")
                words = "".join(f"{int(n)}{unit}" for n, unit in zip(numbers, "年月日", strict=False))
                return ("约" if self.text.endswith("~") else "") + words


@lru_cache(maxsize=4096)
def _precision(text: str) -> Precision:
    for name, form in _FORMS:
        if re.fullmatch(form, text):
            return Precision(name)  # type: ignore[call-arg]  # an Enum is looked up by value
    raise ValueError("日期应写成 2026-11-23、2026-11、2026 或 2026-11-23T09:30")


UNREPORTED = Occurred()


def at(moment: datetime) -> Occurred:
    """An aware moment, to the minute."""
    return Occurred(moment.astimezone(CHINA).isoformat(timespec="minutes")[:16])


def on(day: date) -> Occurred:
    """A civil day."""
    return Occurred(day.isoformat())
