"""期限: how long something may take, by law or by the room's own rule; and the clocks that run of them in a case.

A rule is declared with the content and decides nothing: no fingerprint covers it. Which clocks run follows from the
facts of the case, and where they end from the calendar; only the colour of a clock depends on the day it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ..errors import YearUnknown
from .calendar import Calendar
from .case import Case
from .guard import POLICY
from .labels import Labelled
from .message import HANDLERS, Audience, Topic
from .occurred import Occurred
from .periods import PeriodEnd, PeriodUnit, period_end, raw_end

PAUSES = "pauses"
"""The name of the setting by which days of a suspension do not count (1), or do (0)."""


class Whose(Labelled):
    """Who loses what when a period ends."""

    ROOM = "room", "本室要办的事"
    PARTY = "party", "当事人的权利"


class ClockState(Labelled):
    """How a clock stands."""

    RUNNING = "running", "进行中"
    PAUSED = "paused", "已暂停"
    MET = "met", "已办"
    MISSED = "missed", "已过期"
    OVER = "over", "不再适用"
    UNDATED = "undated", "算不出"


class Signal(Labelled):
    """The colour of a clock."""

    NONE = "", ""
    GREEN = "green", "正常"
    YELLOW = "yellow", "快到期"
    RED = "red", "已过期"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Days that do not count: from a day on, to a day or until further notice."""

    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the facts of a case say of one clock."""

    instance: str
    """What it is about (key); it tells the clock from others of its rule."""
    since: Occurred
    """When what starts it happened."""
    until: date | None = None
    """The last day that was agreed on instead of the usual one."""
    pauses: tuple[Pause, ...] = ()
    met: Occurred | None = None
    """When what was due was done."""
    is_over: bool = False
    """Whether nothing is to be done any more, though nothing was."""
    on: date | None = None
    """The day that is fixed for it, in writing or by promise: then nothing is counted, and it does not move."""
    rule: DeadlineRule | None = None
    """The rule as it is for this one, where the item itself says how long: of the same code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRule:
    """A declared period."""

    code: str
    label: str
    version: str
    """The year of the rules it belongs to: ``2026``."""
    whose: Whose
    number: int
    unit: PeriodUnit
    begins: str
    """The event that starts it, in words: 收到调解申请."""
    events: tuple[str, ...] = ()
    """The names of the events that start it."""
    runs: Callable[[Case, Calendar], Iterable[Run]]
    """The clocks of it in a case, each with an instance of its own."""
    basis: str
    """The article; `POLICY` for a rule of the room."""
    is_number_ours: bool = False
    """Whether the article says what is to be done, and the room itself within how long."""
    setting: str = ""
    """The name of the setting by which the room sets its length; empty where it is the law's."""
    is_pausable: bool = False
    """Whether the days of a suspension do not count (policy)."""
    after: str
    """What follows when it has passed, in words."""
    longer: str = ""
    """Who may make it longer, and how, in words; empty where nobody may."""
    warns: tuple[int, ...]
    """So many days before the last day it is told of, the longest first; from the first of them on it is yellow."""
    step: str = ""
    """The step (name of a command) that meets it."""
    to: frozenset[Audience] = HANDLERS

    @property
    def is_policy(self) -> bool:
        """Whether it is the room's own rule."""
        return self.basis == POLICY

    @property
    def length(self) -> str:
        """3个工作日, 15日, 1个月."""
        return f"{self.number}{self.unit.label}"

    @property
    def topic(self) -> Topic:
        """What is told of it."""
        return Topic(words=self.label, to=self.to, step=self.step)

    def pauses(self, run: Run) -> tuple[Pause, ...]:
        """The days of a clock that do not count."""
        return run.pauses if self.is_pausable else ()

    def tuned(self, settings: Mapping[str, int]) -> DeadlineRule:
        """It as the room's own settings have it, by name; what is the law's stays."""
        number = settings.get(self.setting, self.number)
        return replace(self, number=number, is_pausable=self.is_pausable and bool(settings.get(PAUSES, True)))

    def end(self, calendar: Calendar, since: date, paused: int = 0) -> PeriodEnd:
        """Where it ends that is counted from a day, so many days left out. YearUnknown."""
        return period_end(calendar, since, self.number, self.unit, paused=paused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A period that runs in a case, or ran, as it stands on a day."""

    rule: DeadlineRule
    run: Run
    state: ClockState
    signal: Signal
    end: PeriodEnd | None
    """None where its day or the year is not known, and while it is paused."""
    paused: int
    """Days that did not count, up to the day it is looked at."""
    why: str = ""
    """Why it cannot be counted, in words."""
    is_late: bool | None = None
    """Of one that was met: whether that was after its end; None where a notice to come decides that, or no day is
    known."""

    @property
    def last(self) -> date | None:
        """The one day that is shown of it: see `last_day`."""
        return last_day(self.rule, self.run, self.end) if self.end else None

    @property
    def is_provisional(self) -> bool:
        """Whether a notice to come may move its last day."""
        return self.end is not None and not self.end.is_settled and self.last != self.run.until


def last_day(rule: DeadlineRule, run: Run, end: PeriodEnd) -> date:
    """The last day: of a duty of the room the day that is in time whatever a notice to come says; of a right of a
    party the day by the calendar as it is; the day agreed on where that is later."""
    usual = end.expected
    if rule.whose is Whose.ROOM:  # near a feast there may be no day that is sure: then the one before it moves
        usual = end.duty if end.duty > end.start else end.raw
    return max(usual, run.until) if run.until else usual


def clocks(rules: Sequence[DeadlineRule], case: Case, calendar: Calendar, today: date) -> list[Clock]:
    """The clocks of a case as they stand on a day, rule by rule."""
    return [_clock(run.rule or rule, run, calendar, today) for rule in rules for run in rule.runs(case, calendar)]


def due_days(rules: Sequence[DeadlineRule], case: Case, calendar: Calendar) -> Iterator[tuple[DeadlineRule, Run, date]]:
    """What runs in a case, and its last day; what is met, over, paused or cannot be counted is left out."""
    for declared in rules:
        for run in declared.runs(case, calendar):
            rule = run.rule or declared
            if run.met is None and not run.is_over and not _is_paused(rule, run):
                try:
                    end = _end(rule, run, calendar, _paused(rule, run, date.max))
                except YearUnknown:
                    continue
                if end is not None:
                    yield rule, run, last_day(rule, run, end)


def colour(rule: DeadlineRule, last: date, today: date, *, over: date | None = None) -> Signal:
    """The colour on a day of what ends on another; it is red once it is over, which may be later."""
    if today > (over or last):
        return Signal.RED
    return Signal.YELLOW if (last - today).days <= rule.warns[0] else Signal.GREEN


def _clock(rule: DeadlineRule, run: Run, calendar: Calendar, today: date) -> Clock:
    paused = _paused(rule, run, today)
    try:
        end, why = _end(rule, run, calendar, paused), "起算的日期没有记载"
    except YearUnknown as fault:
        end, why = None, str(fault)
    state, signal = _state(rule, run, end, today), Signal.NONE
    if end is not None and state in (ClockState.RUNNING, ClockState.MISSED):
        signal = colour(rule, last_day(rule, run, end), today, over=_over_after(rule, run, end))
    return Clock(
        rule=rule,
        run=run,
        state=state,
        signal=signal,
        end=end,
        paused=paused,
        why="" if end else why,
        is_late=_is_late(run, end) if run.met else None,
    )


def _state(rule: DeadlineRule, run: Run, end: PeriodEnd | None, today: date) -> ClockState:
    if run.met is not None:
        return ClockState.MET
    if run.is_over:
        return ClockState.OVER
    if end is None:
        return ClockState.UNDATED
    if _is_paused(rule, run):
        return ClockState.PAUSED
    return ClockState.MISSED if today > _over_after(rule, run, end) else ClockState.RUNNING


def _over_after(rule: DeadlineRule, run: Run, end: PeriodEnd) -> date:
    """The day after which it has passed: nobody is said to have lost a right before it is certain."""
    return last_day(rule, run, end) if rule.whose is Whose.ROOM else _latest(run, end)


def _latest(run: Run, end: PeriodEnd) -> date:
    """The last day at the latest, whatever a notice to come says; the day agreed on where that is later."""
    return max(end.latest, run.until or date.min)


def _is_late(run: Run, end: PeriodEnd | None) -> bool | None:
    day = run.met.day if run.met else None
    if end is None or day is None:
        return None
    if day <= max(end.expected if end.is_settled else end.raw, run.until or date.min):
        return False
    return True if day > _latest(run, end) else None


def _end(rule: DeadlineRule, run: Run, calendar: Calendar, paused: int) -> PeriodEnd | None:
    """Where it ends, so many days left out; None where the day it is counted from is not known. YearUnknown."""
    if run.on is not None:
        return PeriodEnd.fixed(run.since.day or run.on, run.on)
    return rule.end(calendar, run.since.day, paused) if run.since.day else None


def _is_paused(rule: DeadlineRule, run: Run) -> bool:
    return any(pause.until is None for pause in _counted(rule, run))


def _paused(rule: DeadlineRule, run: Run, today: date) -> int:
    """Days that did not count by a day, each once; none after it was met."""
    met = run.met.day if run.met else None
    upto = min(today, met) if met else today
    days, after = 0, run.since.day or date.min
    for pause in _counted(rule, run):
        since, until = max(pause.since, after), min(pause.until or upto, upto)
        if until > since:
            days, after = days + (until - since).days, until
    return days


def _counted(rule: DeadlineRule, run: Run) -> list[Pause]:
    """The pauses that begin while it runs: what has ended is not taken up again by one."""
    start, found, last, after = run.since.day, list[Pause](), date.min, date.min
    if start is None:
        return found
    try:
        last = raw_end(start, rule.number, rule.unit) if rule.pauses(run) else last
    except YearUnknown:
        return found
    for pause in sorted(rule.pauses(run), key=lambda it: it.since):
        since = max(pause.since, start, after)
        if since > last:
            break
        found.append(pause)
        if pause.until is None:
            break
        after = max(after, pause.until)
        last += timedelta(days=max(0, (pause.until - since).days))
    return found
