"""A case as it was when one line had been written: rebuilt from the lines up to there and from nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mediation_engine.decisions.options import steps
from mediation_engine.descriptions.changes import ChangeTeller, ToldChange, changes
from mediation_engine.descriptions.lines import Told
from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.formatting import CHINA, day_words
from mediation_engine.domain.line import Line
from mediation_engine.record.fold import DecodedLine, begun, decoded_standing, fold_decoded
from mediation_engine.services.case_view import CaseView

from .case_details import Casework
from .naming import standing_of
from .timeline import Day, by_day
from .who_could import Could, who_could


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The line a replay stands at, and what was wrong with the place asked for."""

    at: int
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A part of the case as it stood."""

    name: str
    state: str
    is_open: bool
    contents: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """All that the page shows of one place."""

    line: Line
    told: Told
    phase: str
    things: list[tuple[str, list[Thing]]]
    """By kind."""
    changes: list[ToldChange]
    could: list[Could]
    end: int
    """The last line of the same order: nothing stops in between."""


def place(lines: Sequence[Line], at: str, day: str) -> Place:
    """Where somebody wants to be: at a line, or at the end of a day; the last line where nothing is asked."""
    last = len(lines)
    if day:
        return _on_day(lines, day)
    if not at:
        return Place(at=last)
    number = int(at) if at.isascii() and at.isdigit() and len(at) < 10 else 0
    if 1 <= number <= last:
        return Place(at=number)
    return Place(at=last, fault=f"本案共{last}条，没有第“{at[:20]}”条；这里是最后一条。")


def _on_day(lines: Sequence[Line], day: str) -> Place:
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        return Place(at=len(lines), fault=f"“{day[:20]}”不是日期，应写成 2026年11月23日；这里是最后一条。")
    before = [line for line in lines if _recorded_on(line) <= wanted]
    if before:
        return Place(at=before[-1].version)
    first = day_words(_recorded_on(lines[0]))
    return Place(at=1, fault=f"到{day_words(wanted)}还没有记录；第1条记录于{first}。")


def moment(view: CaseView, at: int) -> Moment:
    """The case at a line, told to who looks at it."""
    case, before = view.at(at), view.at(at - 1)
    at_line = replace(view, case=case)
    workflow, telling, lines = view.workflow, view.teller, view.lines
    line, tells = lines[at - 1].line, ChangeTeller(telling)
    return Moment(
        line=line,
        told=telling.line(lines[at - 1]),
        phase=standing_of(workflow, case),
        things=_things(at_line, case, Casework(at_line).summary),
        changes=[tells.told(change) for change in changes(before, case)],
        could=who_could(steps(workflow, case, line.recorded), telling) if workflow else [],
        end=end_of(lines, at),
    )


def end_of(lines: Sequence[DecodedLine], at: int) -> int:
    """The last line of the order that wrote a line: nothing stops in between."""
    order = lines[at - 1].line.command_id
    later = (it.line for it in lines[at:])
    return next((line.version for line in later if line.command_id != order), len(lines) + 1) - 1


def _things(view: CaseView, case: Case, contents: Callable[[str], str] = lambda _: "") -> list[tuple[str, list[Thing]]]:
    """The parts that there are in a case, by kind; `contents` says what one consists of."""
    workflow, teller = view.workflow, view.teller
    waiting = set(workflow.open_parts(case)) if workflow and case.phase else set()

    def thing(key: str) -> Thing:
        state = teller.state(key, case.state(key))
        return Thing(name=teller.thing(key), state=state, is_open=key in waiting, contents=contents(key))

    parts = workflow.parts if workflow else ()
    kinds = ((m.label, [key for key in case.instances if machine_of(key) == m.name]) for m in parts)
    return [(label, [thing(key) for key in keys]) for label, keys in kinds if keys]


@dataclass(frozen=True, slots=True, kw_only=True)
class HappenedBy:
    """A case as it was on a day by when things happened, by all that is on record now."""

    words: str
    """The day."""
    days: list[Day]
    """What had happened, by day."""
    phase: str
    things: list[tuple[str, list[Thing]]]
    """By name and state alone: what they consist of may have been recorded on lines of another day."""
    later_known: int
    """How many of these lines were recorded only after that day."""
    undated: int
    """How many lines say no day at all, and stand by when they were recorded."""


def on_day_of_event(view: CaseView, day: str) -> HappenedBy | None:
    """What had happened by a day, and how things then stood; None where the day is none."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        return None
    stands = [it for it in decoded_standing(view.workflow, view.lines) if not it.line.void]
    past, there = list[DecodedLine](), set[str]()
    for it in stands:
        line = it.line
        if _day_of(line) <= wanted and (line.source is None or line.instance in there):
            there.add(line.instance)
            past.append(it)
    case = fold_decoded(begun(view.case.id, view.workflow), past)
    in_time = sorted(past, key=lambda it: _day_of(it.line))
    return HappenedBy(
        words=day_words(wanted),
        days=by_day(in_time, view.teller),
        phase=standing_of(view.workflow, case) if case.phase else "",
        things=_things(view, case),
        later_known=sum(_recorded_on(it.line) > wanted for it in past),
        undated=sum(it.line.occurred.last_day() is None for it in past),
    )


def _day_of(line: Line) -> date:
    return line.occurred.last_day() or _recorded_on(line)


def _recorded_on(line: Line) -> date:
    return line.recorded.astimezone(CHINA).date()
