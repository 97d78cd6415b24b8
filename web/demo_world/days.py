"""Days as a story counts them: back in working days, so that nobody works on a Sunday; ahead in days of the calendar.

Saturday and Sunday are no working days; of holidays nothing is known here, and no rule of a story hangs on one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from mediation_engine.domain.formatting import CHINA

A_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Days:
    """The days around today."""

    today: date

    def back(self, working: int) -> date:
        """The working day so many before today: 1 is the last that is over, whatever day it is."""
        day = self.today
        for _ in range(working):
            day -= A_DAY
            while day.weekday() >= SATURDAY:
                day -= A_DAY
        return day

    def moment(self, working: int, clock: str) -> datetime:
        """A time of day, as on the clock in China, on a working day before today."""
        return datetime.combine(self.back(working), time.fromisoformat(clock), CHINA)

    def ahead(self, days: int) -> date:
        """The day so many from today; before it where negative."""
        return self.today + timedelta(days=days)

    def coming(self, working: int) -> date:
        """The working day so many after today."""
        day = self.today
        for _ in range(working):
            day += A_DAY
            while day.weekday() >= SATURDAY:
                day += A_DAY
        return day

    @property
    def monday(self) -> date:
        """Of next week."""
        return self.ahead(7 - self.today.weekday())

    @property
    def sunday(self) -> date:
        """The last day of next week."""
        return self.monday + 6 * A_DAY
