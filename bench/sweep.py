"""The due sweep: what falls due claimed, and claimed and told, in batches, beside the driver alone doing as much."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

from mediation_engine.adapters.sql import open_store, prepare
from mediation_engine.adapters.sql import schema as s
from mediation_engine.adapters.sql.store import SqlStore
from mediation_engine.adapters.sql.work import inserting
from mediation_engine.clock import system_clock
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.ports.messages import BEGINNING, Place, Window
from mediation_engine.services.due_sweep import BATCH, sweep
from web.wiring import catalogue

from .claiming import claimed
from .figures import Figure
from .raw import postgres
from .servers import databases
from .timing import Spread, in_turn, ratio

ITEMS = 100_000
DAY = date(2026, 11, 23)
EACH = 4
"""Items of one case."""
CLAIMS = 15_000
TOLD = 0.25
OPENED = "2026-01-01T00:00:00.000000+00:00"


def figures(folder: Path, many: int = ITEMS) -> list[Figure]:
    """By one worker on SQLite, by one and by two on PostgreSQL."""
    found = _of(f"sqlite:///{folder / 'sweep.db'}", many, 1)
    with databases(folder, 1) as [url]:
        found += _of(url, many, 1)
        found += _of(url, many, 2, new=False)
    return found


def _of(url: str, many: int, workers: int, *, new: bool = True) -> list[Figure]:
    if new:
        _lay(url, many)
    name = f"{'SQLite' if url.startswith('sqlite') else 'PostgreSQL'}，{workers} 个进程，{many:,} 项"
    with get_context("spawn").Pool(workers) as pool:

        def rate(work: Callable[[str], int], *, told: bool) -> Callable[[int], float]:
            def once(_: int) -> float:
                _clear(url)
                began = perf_counter()
                done = pool.map(work, [url] * workers, chunksize=1)
                took = perf_counter() - began
                assert sum(done) == many, (work, done)
                assert _written(url) == (many, many if told else 0), work
                return many / took

            return once

        pool.map(_warm, [url] * workers, chunksize=1)
        rates = [
            rate(work, told=told)
            for told, ours in ((False, _claimed), (True, _told))
            for work in (ours, partial(_raw, told=told))
        ]
        claims, raw_claims, told, raw_told = in_turn(rates, 3)
    return [
        _figure(f"到期：只抢办，{name}", claims, raw_claims, CLAIMS if workers == 2 else None),
        _figure(f"到期：抢办并写消息，{name}", told, raw_told, None if url.startswith("sqlite") else TOLD),
    ]


def _figure(name: str, ours: Spread, limit: Spread, least: float | None) -> Figure:
    of_rate = least is not None and least > 1
    beside = f"裸驱动 {limit.words()} 项/秒"
    held = None if of_rate else ratio(ours, limit)
    return Figure(name=name, value=ours, unit="项/秒", beside=beside, ratio=held, least=least)


def _lay(url: str, many: int) -> None:
    prepare(url)
    store = open_store(url)
    lay(store, many)
    store.close()
    _tidy(url)


def lay(store: SqlStore, many: int) -> None:
    """So many visits that are due, and who is to be told of them."""
    with store.write() as unit:
        for n in range(10):
            offices = frozenset({Office.MEDIATOR})
            unit.register.put_actor(Actor(id=f"m{n}", name=f"调解员{n}", organisation="room", offices=offices))
    with store.work(writes=True) as work:
        cases = [f"{n:07d}" for n in range(many // EACH)]
        work.later(inserting(s.case_list), [_case(case) for case in cases])
        dues = [(case, f"visit/{k}", "visit", DAY.isoformat(), False) for case in cases for k in range(1, EACH + 1)]
        work.later(inserting(s.due_dates), dues)


ROW = {
    "version": 1,
    "workflow": "fast_track_2026",
    "organisation": "room",
    "matter": "case",
    "track": "people_mediation",
    "dispute": "labour_pay",
    "phase": "follow_up",
    "state": "supervising",
    "opened": OPENED,
    "updated": OPENED,
    "rounds": 1,
    "parties": 2,
    "open_parts": 1,
    "kept": 0,
}
"""A case in the list; of what is not named it has nothing."""


def _case(case: str) -> tuple[Any, ...]:
    named = ROW | {"case": case, "mediator": f"m{int(case) % 10}"}
    return tuple(named.get(column.name) for column in s.case_list.columns)


def _tidy(url: str) -> None:
    """As a server does by itself, but not in the middle of what is measured."""
    if not url.startswith("sqlite"):
        with postgres(url) as db:
            db.execute("VACUUM ANALYZE")


def _clear(url: str) -> None:
    store = open_store(url)
    clear(store)
    store.close()
    _tidy(url)


def clear(store: SqlStore) -> None:
    """As if nobody had swept."""
    with store.work(writes=True) as work:
        for table in (s.claims, s.messages):
            work.execute(table.delete())


def _written(url: str) -> tuple[int, ...]:
    """How many claims there are, and messages."""
    store = open_store(url)
    with store.work(writes=False) as work:
        found = work.ask(("SELECT count(*) FROM claims", ()), ("SELECT count(*) FROM messages", ()))
    store.close()
    return tuple(rows[0][0] for rows in found)


# -- in processes of their own

_stores: dict[str, SqlStore] = {}
_catalogue: Any = None


def _warm(url: str) -> None:
    global _catalogue
    _catalogue = catalogue()
    _stores[url] = open_store(url)


def _claimed(url: str) -> int:
    done, place = 0, BEGINNING
    after: Place | None = place
    while after is not None:
        with _stores[url].write() as unit:
            items, after = unit.messages.claim_due(Window(until=DAY), after=after, most=BATCH)
        done += len(items)
    return done


def _told(url: str) -> int:
    swept = sweep(_stores[url], _catalogue)
    assert swept.messages == swept.due
    return swept.due


def _raw(url: str, *, told: bool) -> int:
    return claimed(url, system_clock(), told=told)
