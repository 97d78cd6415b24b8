"""The whole door beside the raw driver, by one worker and by four, on SQLite and PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Barrier
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from mediation_engine.adapters.sql import open_store, prepare
from mediation_engine.clock import Clock
from mediation_engine.ids import system_randomness
from mediation_engine.services.mediation import MediationService
from web.wiring import catalogue

from .figures import Figure
from .laid import LAID, laid
from .raw import Raw, RawPostgres, RawSqlite
from .raw import Traffic as RawTraffic
from .timing import Spread, in_turn, ratio
from .workload import OPEN, PEOPLE, Traffic, orders, staffed

WORKERS, PATTERN = 4, "PATTERN"


def door_on(url: str, *, new: bool = True, clock: Clock | None = None) -> MediationService:
    """A door to a database; a new one is set up."""
    if new:
        prepare(url)
    door = MediationService(open_store(url, clock), catalogue(), system_randomness)
    return staffed(door.store, door) if new else door


def steps(door: MediationService, cases: list[str]) -> list[float]:
    """Seconds of each order of some cases, one case after the other, with the making of it."""
    taken = []
    for case in cases:
        left, began = orders(door, case), perf_counter()
        for order in left:
            door.submit(order, PEOPLE if order.workflow else ())
            now = perf_counter()
            taken.append(now - began)
            began = now
    return taken


def settled(door: MediationService, cases: int = LAID) -> MediationService:
    """The same door, with many cases behind it."""
    steps(door, [PATTERN])
    return laid(door, PATTERN, cases)


@dataclass(frozen=True)
class Place:
    """Where a door is measured, and its raw limit: each made anew in the process that uses it."""

    name: str
    door: Callable[..., MediationService]
    raw: Callable[..., Raw]


def places(folder: Path, postgres: str, raw_postgres: str) -> list[Place]:
    """SQLite in a folder; PostgreSQL by two empty databases."""
    return [
        Place("SQLite", partial(door_on, f"sqlite:///{folder / 'door.db'}"), partial(RawSqlite, folder / "raw.db")),
        Place("PostgreSQL", partial(door_on, postgres), partial(RawPostgres, raw_postgres)),
    ]


def alone(place: Place, least: float, rounds: int = 15, many: int = 100) -> list[Figure]:
    """One worker: its rate beside the raw limit, and the processor time each of them needs."""
    door, raw = settled(place.door()), place.raw()
    raw.lay(LAID)
    busy: dict[str, list[float]] = {"ours": [], "limit": []}

    def timed(who: str, give: Callable[[int], float]) -> Callable[[int], float]:
        def once(_: int) -> float:
            began = process_time()
            taken = give(many)
            busy[who].append((process_time() - began) / many * 1e6)
            return many / taken

        return once

    traffic, steps_ = Traffic(door, place.name), RawTraffic(raw, place.name)
    ours, limit = in_turn(
        [timed("ours", lambda n: sum(traffic.give(n))), timed("limit", steps_.give)], rounds, warm=WARM
    )
    spent, bare = (Spread(tuple(values[WARM:])) for values in busy.values())
    return [
        _figure(f"整个办理过程，{place.name}，1 个进程", ours, limit, least),
        Figure(
            name=f"　同上，一步所用处理器时间，{place.name}",
            value=spent,
            unit="微秒",
            beside=f"裸驱动 {bare.words()} 微秒",
            ratio=ratio(spent, bare),
            most=MOST_BUSY.get(place.name),
        ),
    ]


WARM = 2
MOST_BUSY = {"SQLite": 6.0}
"""How many times the raw limit's processor time an order may take."""


def together(place: Place, least: float | None, rounds: int = 7, many: int = 100) -> tuple[Figure, Spread]:
    """Four workers at once, after `alone` has set the place up; and the longest step of each round, in milliseconds."""
    longest: list[float] = []
    with _crew(place) as crew:

        def ours(turn: int) -> float:
            began = perf_counter()
            found = all_of(crew, _steps_of_one, [many] * WORKERS)
            longest.append(max(max(taken) for taken in found) * 1000)
            return many * WORKERS / (perf_counter() - began)

        def limit(turn: int) -> float:
            began = perf_counter()
            all_of(crew, _raw_of_one, [many] * WORKERS)
            return many * WORKERS / (perf_counter() - began)

        reached, bound = in_turn([ours, limit], rounds, warm=WARM)
    figure = _figure(f"整个办理过程，{place.name}，{WORKERS} 个进程", reached, bound, least)
    return figure, Spread(tuple(longest[WARM:]))


def _figure(name: str, ours: Spread, limit: Spread, least: float | None) -> Figure:
    beside = f"裸驱动 {limit.words()} 步/秒"
    return Figure(name=name, value=ours, unit="步/秒", beside=beside, ratio=ratio(ours, limit), least=least)


# -- four processes; what each holds stands in its own module

LONGEST = 300.0
"""Seconds after which a worker that has not done its part is given up, and all of them with it."""
_mine: dict[str, Any] = {}


@contextmanager
def _crew(place: Place) -> Iterator[Pool]:
    context = get_context("spawn")
    with context.Pool(WORKERS, initializer=_begin, initargs=(place, context.Barrier(WORKERS))) as pool:
        yield pool  # its end kills whoever still works


def all_of(crew: Pool, work: Callable[[Any], Any], given: list[Any]) -> list[Any]:
    """What comes of a piece of work for each worker; an error of one is raised, and none is waited for for ever."""
    return crew.map_async(work, given, chunksize=1).get(LONGEST)


def _begin(place: Place, barrier: Barrier) -> None:
    _mine["door"], _mine["raw"], _mine["barrier"] = place.door(new=False), place.raw(new=False), barrier


def _each_once() -> None:
    """Wait for the others: so that no worker does two parts and another none."""
    _mine["barrier"].wait(LONGEST)


def _steps_of_one(many: int) -> list[float]:
    _each_once()
    if "traffic" not in _mine:
        _mine["traffic"] = Traffic(_mine["door"], os.getpid(), OPEN // WORKERS)
    return _mine["traffic"].give(many)  # type: ignore[no-any-return]


def _raw_of_one(many: int) -> None:
    _each_once()
    if "steps" not in _mine:
        _mine["steps"] = RawTraffic(_mine["raw"], os.getpid(), OPEN // WORKERS)
    _mine["steps"].give(many)
