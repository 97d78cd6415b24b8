"""The zone around the room, as its settings have it: its districts (片区), who answers for each, when it is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from ..errors import YearUnknown
from .calendar import A_DAY, Calendar
from .formatting import CHINA
from .item_kind import ItemKind

LONGEST_REST = timedelta(days=15)
"""A reception day moves by less than so much."""
AHEAD = timedelta(days=400)
"""Reception days are told so far ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """A district and its pair of deputy chiefs: members of staff (ids), either of whom acts for both."""

    code: str
    name: str
    security: str = ""
    """The deputy chief of the police line (综治副片长); empty where nobody is named."""
    zone: str = ""
    """The deputy chief of the zone's line (专职副片长); empty where nobody is named."""

    @property
    def deputies(self) -> tuple[str, ...]:
        """Those who are named, each once."""
        return tuple(dict.fromkeys(filter(None, (self.security, self.zone))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A grid (网格) of a district, and the grid worker who walks it."""

    name: str
    worker: str
    """A member of staff (id)."""
    district: str = ""
    """The district (code) that it lies in; empty where nobody has said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRules:
    """When the committees of enterprises report, and when a district is green, yellow or red by that (policy)."""

    day: int = 5
    """The day of the next month up to which a month is reported."""
    green: int = 95
    """A district is green where so many of a hundred have reported."""
    yellow: int = 80
    """It is yellow where so many have, and red below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign (专项行动): the disputes of some kinds that come in within some time, followed until none is open."""

    code: str
    name: str
    since: date
    until: date
    disputes: tuple[str, ...]
    """Kinds of dispute (codes)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Its districts in order, the hours in which somebody is there, and when its committees report (policy)."""

    districts: tuple[District, ...] = ()
    grids: tuple[Grid, ...] = ()
    returns: ReturnRules = ReturnRules()
    campaigns: tuple[Campaign, ...] = ()
    opens: time = time(9)
    closes: time = time(17)
    reception_days: tuple[int, ...] = (1, 15)
    """On which days of each month leaders receive whoever comes (接访日)."""
    reception_moves: bool = False
    """Whether one that is a rest day moves to the next working day; else it is kept."""
    kinds: tuple[ItemKind, ...] = ()
    """The kinds of item that come to the room, where the settings say more than comes with the content."""
    bodies: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Among which bodies of the statistics (code) one of some nature (code) counts, where the settings say so."""

    def district(self, code: str) -> District | None:
        """A district by its code."""
        return next((it for it in self.districts if it.code == code), None)

    def grid_of(self, actor: str) -> Grid | None:
        """The grid that a member of staff (id) walks; the first where there are several."""
        return next((it for it in self.grids if it.worker == actor), None)

    def duty_by(self, now: datetime, within: timedelta, calendar: Calendar) -> datetime:
        """By when, in China, what came in at a moment is to be taken up: within so long while somebody is there, else
        at the next opening. YearUnknown."""
        came = now.astimezone(CHINA)
        if self._is_open(came, calendar):
            return came + within
        day = came.date() if came.time() < self.opens else came.date() + A_DAY
        return datetime.combine(calendar.next_workday(day), self.opens, CHINA)

    def receptions(self, since: date, calendar: Calendar) -> Iterator[date]:
        """Reception days from a day on, about a year of them, in order."""
        day, until = since - LONGEST_REST, since + AHEAD
        while day < until:
            held = self._held_on(day, calendar) if day.day in self.reception_days else date.min
            if held >= since:
                yield held
            day += A_DAY

    def _held_on(self, day: date, calendar: Calendar) -> date:
        try:
            return calendar.next_workday(day) if self.reception_moves else day
        except YearUnknown:
            return day

    def _is_open(self, moment: datetime, calendar: Calendar) -> bool:
        return self.opens <= moment.time() < self.closes and not calendar.is_rest(moment.date())


def districts_of(actor: str, districts: Iterable[District]) -> list[District]:
    """The districts that a member of staff (id) answers for."""
    return [it for it in districts if actor in it.deputies]
