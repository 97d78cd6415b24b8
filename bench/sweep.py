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
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.ports.messages import BEGINNING, Place, Window
from mediation_engine.services.due_sweep import BATCH, sweep
from web.wiring import catalogue

from .figures import Figure
from .servers import databases
from .timing import Spread, in_turn, ratio

ITEMS = 20_000
DAY = date(2026, 11, 23)
EACH = 4
"""Items of one case."""
CLAIMS = 15_000
TOLD = 0.25
OPENED = "2026-01-01T00:00:00.000000+00:00"
RAW = (
    "CREATE TABLE raw_claim (c TEXT, i TEXT, k TEXT, d TEXT, PRIMARY KEY (c, i, k, d))",
    "CREATE TABLE raw_message (id TEXT PRIMARY KEY, c TEXT, body TEXT)",
)
BODY = "x" * 150
"""With its key about as much as a message."""


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

        def rate(work: Callable[[str], int]) -> Callable[[int], float]:
            def once(_: int) -> float:
                _clear(url)
                began = perf_counter()
                done = pool.map(work, [url] * workers, chunksize=1)
                assert sum(done) == many, (work, done)
                return many / (perf_counter() - began)

            return once

        pool.map(_warm, [url] * workers, chunksize=1)
        works = (_claimed, partial(_raw, told=False), _told, partial(_raw, told=True))
        claims, raw_claims, told, raw_told = in_turn([rate(work) for work in works], 3)
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
    with store.write() as unit:
        for n in range(10):
            offices = frozenset({Office.MEDIATOR})
            unit.register.put_actor(Actor(id=f"m{n}", name=f"调解员{n}", organisation="room", offices=offices))
    with store.work(writes=True) as work:
        cases = [f"{n:07d}" for n in range(many // EACH)]
        work.later(inserting(s.case_list), [_case(case) for case in cases])
        dues = [(case, f"visit/{k}", "visit", DAY.isoformat(), False) for case in cases for k in range(1, EACH + 1)]
        work.later(inserting(s.due_dates), dues)
        for statement in RAW:
            work.connection.exec_driver_sql(statement)
    store.close()
    _tidy(url)


def _case(case: str) -> tuple[Any, ...]:
    of_room = ("fast_track_2026", "room", "dispute", "people_mediation", None, "labour_pay", "follow_up", "supervising")
    return (case, 1, *of_room, None, OPENED, OPENED, 1, 2, f"m{int(case) % 10}", None, 1, None, 0)


def _tidy(url: str) -> None:
    """As a server does by itself, but not in the middle of what is measured."""
    if not url.startswith("sqlite"):
        import psycopg

        with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as db:
            db.execute("VACUUM ANALYZE")


def _clear(url: str) -> None:
    store = open_store(url)
    with store.work(writes=True) as work:
        for table in ("claims", "messages", "raw_claim", "raw_message"):
            work.later(f"DELETE FROM {table}", [()])
    store.close()
    _tidy(url)


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
    """The driver alone: keys read and locked, claims written, a message each where wanted, one commit a batch."""
    if url.startswith("sqlite"):
        from pysqlite3 import dbapi2

        db: Any = dbapi2.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"):
            db.execute(statement)
        place, begin, locked = "?", "BEGIN IMMEDIATE", ""
    else:
        import psycopg

        db = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)
        place, begin, locked = "%s", "BEGIN", " FOR UPDATE SKIP LOCKED"
    read = (
        'SELECT "case", instance, kind, due FROM due_dates '
        f'WHERE (due, "case", instance) > ({place}, {place}, {place}) AND NOT EXISTS '
        '(SELECT 1 FROM raw_claim WHERE c = "case" AND i = instance AND k = kind AND d = due) '
        f'ORDER BY due, "case", instance LIMIT {BATCH}{locked}'
    )
    claim = f"INSERT INTO raw_claim VALUES ({', '.join([place] * 4)}) ON CONFLICT DO NOTHING"
    message = f"INSERT INTO raw_message VALUES ({', '.join([place] * 3)}) ON CONFLICT DO NOTHING"
    done, after = 0, ("", "", "")
    while True:
        db.execute(begin)
        rows = db.execute(read, after).fetchall()
        cursor = db.cursor()
        if rows:
            cursor.executemany(claim, rows)
            done += cursor.rowcount
        if rows and told:
            cursor.executemany(message, [(f"{c}-{i}", c, BODY) for c, i, *_ in rows])
        cursor.execute("COMMIT")
        if not rows:
            db.close()
            return done
        after = (rows[-1][3], rows[-1][0], rows[-1][1])
