"""The day of a meeting: it is told of before, and red while nobody has written down that it was held."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.calendar import Calendar
from mediation_engine.domain.case import Case
from mediation_engine.domain.deadline import DeadlineRule, Run, Whose
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.message import HANDLERS
from mediation_engine.domain.periods import PeriodUnit

from .facts import facts_of

MEETING = ""
"""In place of an instance: the meeting as a whole."""


def _day(case: Case, _: Calendar) -> Iterator[Run]:
    facts = facts_of(case)
    if facts.called is not None and facts.day is not None:
        over = facts.closed is not None
        yield Run(instance=MEETING, since=facts.called, on=facts.day, met=facts.held, is_over=over)


DEADLINES = (
    DeadlineRule(
        code="meeting_day",
        label="开例会",
        version="2026",
        whose=Whose.ROOM,
        number=1,
        unit=PeriodUnit.DAYS,
        begins="召集例会",
        events=("MeetingPlanned",),
        runs=_day,
        basis=POLICY,
        after="开过了没有记，布置的事没有人管",
        warns=(1,),
        step="HoldMeeting",
        to=HANDLERS,
    ),
)
