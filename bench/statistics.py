"""数字: how long the page of figures takes at a great many cases, beside a page that asks for nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from time import perf_counter

from msgspec import structs

from mediation_engine.read_models.projections import Projection
from mediation_engine.record.codec import decode_order
from mediation_engine.services.counting import count
from mediation_engine.services.maintenance import case_file
from mediation_engine.services.mediation import MediationService
from web.config import USUAL_DEADLINES
from web.presenters.figures import board, sought

from .door import door_on
from .figures import Figure
from .laid import BATCH, copy, moved
from .looking import mediated
from .timing import Spread, percentile
from .workload import LEAD, STEPS, scattered

CASES = 100_000
YEARS = 5
"""Over how many years they are spread."""
ROUNDS = 20
MOST = 500
"""Milliseconds within which nineteen of twenty pages are to be there."""


def figures(folder: Path, many: int = CASES) -> list[Figure]:
    door = filled(folder, many)
    today = door.today()
    month, year = f"{today:%Y-%m}", f"{today.year}"
    empty = _taken(lambda: door.today())
    found = [
        (f"数说战果一页，{many:,} 件，本月", {"period": month}),
        ("同上，全年，按承办人分", {"period": year, "by": "mediator"}),
        ("同上，全年，按主体分", {"period": year, "by": "body"}),
    ]
    shown = []
    for name, asked in found:
        it, _ = sought(asked, today)
        taken = _taken(lambda it=it: board(door, LEAD, it, USUAL_DEADLINES))  # type: ignore[misc]
        beside = f"只问日期 {Spread(tuple(empty)).median:.2f} 毫秒"
        p95 = Spread((percentile(taken, 0.95),))
        shown.append(Figure(name=f"{name}，p95", value=p95, unit="毫秒", beside=beside, most=MOST))
    return shown


def _taken(work: Callable[[], object]) -> list[float]:
    """Milliseconds, time after time; the first is left out."""
    work()
    taken = []
    for _ in range(ROUNDS):
        began = perf_counter()
        work()
        taken.append((perf_counter() - began) * 1000)
    return taken


def filled(folder: Path, many: int) -> MediationService:
    """A database of mediated cases, each counted on days of its own."""
    door = door_on(f"sqlite:///{folder / 'statistics.db'}")
    mediated(door, "P", orders_=STEPS)
    count(door.store, door.catalogue)
    file, chance = case_file(door.store, "P"), Random(3)
    orders = [decode_order(one.body) for one in file.orders]
    assert file.projection is not None and file.projection.counted
    for begun in range(0, many, BATCH):
        with door.store.write() as unit:
            for number in range(begun, min(begun + BATCH, many)):
                rows = _earlier(file.projection, chance.randrange(365 * YEARS))
                copy(unit, scattered("counted", number), orders[:1], [], rows)
    return door


def _earlier(rows: Projection, days: int) -> Projection:
    """The same, so many days before."""
    back = timedelta(days=days)
    counted = frozenset(structs.replace(it, day=it.day and it.day - back, known=it.known - back) for it in rows.counted)
    return structs.replace(moved(rows, rows.row.case), counted=counted)
