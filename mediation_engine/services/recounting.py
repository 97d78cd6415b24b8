"""Counting deadlines anew after a notice: which last days it moved is listed, and told to whoever handles the case.

Each case is a transaction by itself, and may be counted twice: who is cut off in the middle goes on where he was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date

from ..domain.calendar import Calendar
from ..domain.case import Case
from ..domain.deadline import due_days
from ..errors import UNFIT, LineUnreadable
from ..ports.calendars import ImportedYear, MovedDeadline, Recount
from ..ports.store import Store, Unit
from ..read_models.projections import project
from ..record.fold import fold_under
from ..rules.catalogue import Catalogue
from .calendar import calendar_in, calendar_of
from .due_sweep import Told

BATCH = 200
"""Cases looked up at once."""


def recount(
    store: Store,
    catalogue: Catalogue,
    channels: Collection[str] = (),
    *,
    most: int = BATCH,
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Go through the cases that the notices taken since may concern; how many last days were moved."""
    moved = 0
    while not stop():
        with store.read() as unit:
            held = unit.calendars.recount()
            cases = _cases(unit, catalogue, held, most) if held else []
        if held is None:
            break
        for case in cases:
            moved += _recount(store, catalogue, channels, held, case)
        with store.write() as unit:
            last = replace(held, after=cases[-1]) if cases else replace(held, done=unit.now)
            unit.calendars.put_recount(last)
    return moved


def _cases(unit: Unit, catalogue: Catalogue, held: Recount, most: int) -> list[str]:
    """Cases in which something ends in the year of a notice, or near it."""
    kinds = {rule.code for workflow in catalogue.workflows.values() for rule in workflow.deadlines}
    first, last = date(held.year - 1, 12, 1), date(held.year + 1, 1, 31)
    return unit.views.cases_due(kinds, first, last, after=held.after, most=most)


def _recount(store: Store, catalogue: Catalogue, channels: Collection[str], held: Recount, id: str) -> int:
    with store.write(id) as unit:
        try:
            case = fold_under(catalogue, id, unit.record.orders(id))
            workflow = catalogue.reading(case.workflow)
            rows = unit.views.projection(id)
            fresh = project(workflow, case, calendar_in(unit))
        except (*UNFIT, LineUnreadable):
            return 0  # for audit to tell
        unit.views.change(rows, fresh)
        before, after = _calendars(unit.calendars.imported(), held)
        moved = [*_moved(catalogue, case, held, before, after)]
        unit.calendars.put_moved(moved)
        told = Told(unit, catalogue, channels)
        for it in moved:
            told.moved(case, it)
        told.write()
        return len(moved)


def _calendars(imported: Sequence[ImportedYear], held: Recount) -> tuple[Calendar, Calendar]:
    """The calendar before and after a notice."""
    order = sorted(imported, key=lambda it: (it.year, it.version))
    upto = [(it.year, it.version) for it in order].index((held.year, held.version))
    return calendar_of(tuple(order[:upto])), calendar_of(tuple(order[: upto + 1]))


def _moved(
    catalogue: Catalogue, case: Case, held: Recount, before: Calendar, after: Calendar
) -> Iterator[MovedDeadline]:
    workflow = catalogue.reading(case.workflow)
    rules = workflow.deadlines if workflow else ()
    was, now = (
        {(rule.code, run.instance): last for rule, run, last in due_days(rules, case, calendar)}
        for calendar in (before, after)
    )
    for (kind, instance), last in now.items():
        old = was.get((kind, instance))
        if old is not None and old != last:
            yield MovedDeadline(
                year=held.year,
                version=held.version,
                case=case.id,
                instance=instance,
                kind=kind,
                before=old,
                after=last,
            )
