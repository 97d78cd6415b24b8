"""The clocks of a case in words; for pages, the console and programs alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mediation_engine.domain.case import machine_of
from mediation_engine.domain.deadline import Clock, ClockState, DeadlineRule, Signal, Whose
from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.guard import basis_words as guard_basis
from mediation_engine.ports.calendars import MovedDeadline
from mediation_engine.ports.store import Store
from mediation_engine.ports.views import Wanted
from mediation_engine.read_models.projections import CaseRow
from mediation_engine.rules.catalogue import Catalogue
from mediation_engine.services.case_view import CaseView

from .calendar import PROVISIONAL, why_words
from .visibility import is_joint

TONES = {Signal.RED: "late", Signal.YELLOW: "soon", Signal.GREEN: "well", Signal.NONE: ""}
ORDER = {Signal.RED: 0, Signal.YELLOW: 1, Signal.GREEN: 2, Signal.NONE: 3}
MOST_MOVED = 1000
"""Moved days that are listed."""
ENDED = frozenset({ClockState.MET, ClockState.OVER})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownClock:
    """A clock as it is shown."""

    clock: Clock
    title: str
    """What it is of, and about what."""
    tag: str
    """How it stands, in a few words."""
    tone: str
    last: str
    """The one day that is shown, or why there is none."""
    basis: str
    started: str
    """Which event started it, when, on which line."""
    notes: tuple[str, ...]
    step: str
    """The step (name of a command) that meets it, while it runs."""
    step_label: str
    on: str | None
    """The instance that the step is given on, where it is given on one of its kind."""

    @property
    def ended(self) -> bool:
        """Whether it is met, or over."""
        return self.clock.state in ENDED


def basis_words(rule: DeadlineRule) -> str:
    """The article, or that it is the room's own rule; and whose the number of days is."""
    words = guard_basis(rule.basis)
    return f"{words}；几天以内是{guard_basis(POLICY)}" if rule.is_number_ours else words


def left_words(last: date, today: date) -> str:
    """How far off a last day is: 还有5天, 今天到期, 已过3天."""
    days = (last - today).days
    return "今天到期" if days == 0 else f"还有{days}天" if days > 0 else f"已过{-days}天"


def due_left(day: date, today: date) -> str:
    """The same of what can still be done when its day is over: 逾期3天."""
    late = (today - day).days
    return f"逾期{late}天" if late > 0 else left_words(day, today)


def shown_clocks(view: CaseView, *, joint: bool = False) -> list[ShownClock]:
    """The clocks of a case, what is late first, what has ended last; with `joint` the rights of the parties alone, as
    far as everybody may know of what they are about."""
    found = (it for it in view.clocks if not joint or _is_joint(view, it))
    return [_shown(view, it, numbered=not joint) for it in sorted(found, key=_place)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMove:
    """A last day that a notice moved, as it is shown."""

    case: str
    number: str
    label: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """From which day to which."""
        return f"{self.before}改为{self.after}"


def shown_moves(moved: Iterable[MovedDeadline], rows: Mapping[str, CaseRow], catalogue: Catalogue) -> list[ShownMove]:
    """Moved days in cases that the reader may look at: those of `rows`, by case."""
    return [_shown_move(it, rows[it.case], catalogue) for it in moved if it.case in rows]


def _shown_move(it: MovedDeadline, row: CaseRow, catalogue: Catalogue) -> ShownMove:
    workflow = catalogue.reading(row.workflow)
    rule = workflow.deadline_rules.get(it.kind) if workflow else None
    return ShownMove(
        case=it.case,
        number=row.number or "尚无案号",
        label=rule.label if rule else it.kind,
        before=day_words(it.before),
        after=day_words(it.after),
    )


def moved_in(store: Store, catalogue: Catalogue, year: int, reach: Collection[str]) -> list[ShownMove]:
    """What the notices of a year moved in the cases of some organisations."""
    with store.read() as unit:
        moved = unit.calendars.moved(year, most=MOST_MOVED)
        wanted = {it.case for it in moved}
        rows = unit.views.search(Wanted(cases=wanted, organisations=reach), most=len(wanted)) if wanted else []
    return shown_moves(moved, {row.case: row for row in rows}, catalogue)


def _is_joint(view: CaseView, clock: Clock) -> bool:
    about = clock.run.instance
    return clock.rule.whose is Whose.PARTY and (not about or is_joint(view.workflow, view.case, about))


def _place(clock: Clock) -> tuple[bool, int, date]:
    return clock.state in ENDED, ORDER[clock.signal], clock.last or date.max


def _shown(view: CaseView, clock: Clock, *, numbered: bool) -> ShownClock:
    """With the number of the line that started it, unless some lines are kept from who looks."""
    rule, run = clock.rule, clock.run
    about = view.teller.thing(run.instance) if run.instance else ""
    last = clock.last
    words = day_words(last) if last else ""
    command = view.workflow.commands.get(rule.step) if view.workflow else None
    machine = view.workflow.machines.get(machine_of(run.instance)) if view.workflow else None
    return ShownClock(
        clock=clock,
        title=f"{rule.label}（{about}）" if about else rule.label,
        tag=_tag(clock, view.today),
        tone=TONES[clock.signal],
        last=(f"{words}（{PROVISIONAL}）" if clock.is_provisional else words) or clock.why,
        basis=basis_words(rule),
        started=_started(view, clock, numbered=numbered),
        notes=tuple(_notes(view, clock)),
        step=rule.step if command and clock.state in (ClockState.RUNNING, ClockState.MISSED) else "",
        step_label=command.label if command else "",
        on=run.instance if machine and command in machine.commands else None,
    )


def _tag(clock: Clock, today: date) -> str:
    if clock.state is ClockState.MET:
        return {True: "已办，超过了期限", False: "按期已办", None: "已办"}[clock.is_late]
    if clock.last is None or clock.signal is Signal.NONE:
        return clock.state.label
    if clock.signal is not Signal.RED and clock.last < today:
        return "可能已过，要等放假通知"
    return left_words(clock.last, today)


def _started(view: CaseView, clock: Clock, *, numbered: bool) -> str:
    rule, run = clock.rule, clock.run
    begun = [
        it.line.version for it in view.lines if it.line.event in rule.events and run.instance in ("", it.line.instance)
    ]
    line = f"，第{begun[-1]}条" if begun and numbered else ""
    return f"从“{rule.begins}”起：{run.since.words()}{line}"


def _notes(view: CaseView, clock: Clock) -> list[str]:
    """Why the last day is where it is, who may make it longer, what follows."""
    rule, run, end = clock.rule, clock.run, clock.end
    notes = ["写明的日子，不顺延" if run.on else f"{rule.length}，当天不算" if end else rule.length]
    if end and (why := why_words(end)):
        notes.append(why)
    if end and not end.is_settled:
        notes.append(_three_days(clock))
    if run.until:
        notes.append(f"各方同意延长到{day_words(run.until)}")
    if clock.paused:
        notes.append(f"中止的{clock.paused}天没有算")
    if end:
        notes.append(f"期限规则{rule.version}年版；{_calendar_words(view, end.expected)}")
    if clock.state not in ENDED:
        notes += [rule.longer] if rule.longer else []
        notes.append(f"过期以后：{rule.after}")
    return notes


def _calendar_words(view: CaseView, day: date) -> str:
    """By which calendar it was counted."""
    year = view.calendar.year(day.year)
    known = year.paper or year.status.label
    return f"{day.year}年工作日历（{known if year.is_official else year.status.label}）"


def _three_days(clock: Clock) -> str:
    assert clock.end is not None
    end = clock.end
    days = f"不顺延是{day_words(end.raw)}，预计{day_words(end.expected)}，最迟{day_words(end.latest)}"
    if clock.rule.whose is Whose.ROOM:
        return f"{days}；我们按最稳妥的一天办"
    return f"{days}；过了最迟的一天才能说过期"


def clock_json(it: ShownClock) -> dict[str, Any]:
    """The same for a program; days as 2026-10-08."""
    clock, end = it.clock, it.clock.end
    return {
        "rule": clock.rule.code,
        "version": clock.rule.version,
        "label": clock.rule.label,
        "instance": clock.run.instance,
        "whose": clock.rule.whose.value,
        "length": {"number": clock.rule.number, "unit": clock.rule.unit.value},
        "basis": clock.rule.basis,
        "policy": clock.rule.is_policy or clock.rule.is_number_ours,
        "since": clock.run.since.text,
        "state": clock.state.value,
        "signal": clock.signal.value,
        "last": clock.last,
        "provisional": clock.is_provisional,
        "raw": end.raw if end else None,
        "expected": end.expected if end else None,
        "latest": end.latest if end else None,
        "duty": end.duty if end else None,
        "extended": clock.run.until,
        "paused": clock.paused,
        "met": clock.run.met.text if clock.run.met else None,
        "late": clock.is_late,
        "started": it.started,
        "notes": it.notes,
    }
