"""The whole door beside the raw driver, by one worker and by four, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

from mediation_engine.adapters.sql import open_store, prepare
from mediation_engine.ids import system_randomness
from mediation_engine.services.mediation import MediationService
from web.wiring import catalogue

from .figures import Figure
from .raw import Raw, RawPostgres, RawSqlite
from .timing import Spread, in_turn, ratio
from .workload import PEOPLE, STEPS, orders, staffed

WORKERS = 4


def door_on(url: str, *, new: bool = True) -> MediationService:
    """A door to a database; a new one is set up."""
    if new:
        prepare(url)
    door = MediationService(open_store(url), catalogue(), system_randomness)
    return staffed(door.store, door) if new else door


def steps(door: MediationService, cases: list[str]) -> list[float]:
    """Seconds of each order; what the workload itself asks between orders is not counted."""
    taken = []
    for case in cases:
        for number, order in enumerate(orders(door, case)):
            began = perf_counter()
            door.submit(order, () if number else PEOPLE)
            taken.append(perf_counter() - began)
    return taken


def rate(door: MediationService, cases: list[str]) -> float:
    """Orders a second."""
    taken = steps(door, cases)
    return len(taken) / sum(taken)


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


def named(turn: int, cases: int, who: str = "") -> list[str]:
    return [f"R{who}{turn:03d}-{n}" for n in range(cases)]


def alone(place: Place, least: float, rounds: int = 15, cases: int = 5) -> Figure:
    """One worker."""
    door, raw = place.door(), place.raw()
    ours, limit = in_turn(
        [lambda turn: rate(door, named(turn, cases)), lambda turn: raw.rate(named(turn, cases))], rounds, warm=2
    )
    return _figure(f"整个办理过程，{place.name}，1 个进程", ours, limit, least)


def together(place: Place, least: float | None, rounds: int = 7, cases: int = 6) -> tuple[Figure, Spread]:
    """Four workers at once, after `alone` has set the place up; and the longest step of each round, in milliseconds."""
    longest: list[float] = []
    with _crew(place) as crew:

        def ours(turn: int) -> float:
            began = perf_counter()
            found = crew.map(_steps_of_one, [(turn, who, cases) for who in range(WORKERS)], chunksize=1)
            longest.append(max(max(taken) for taken in found) * 1000)
            return STEPS * cases * WORKERS / (perf_counter() - began)

        def limit(turn: int) -> float:
            began = perf_counter()
            crew.map(_raw_of_one, [(turn, who, cases) for who in range(WORKERS)], chunksize=1)
            return STEPS * cases * WORKERS / (perf_counter() - began)

        reached, bound = in_turn([ours, limit], rounds, warm=2)
    figure = _figure(f"整个办理过程，{place.name}，{WORKERS} 个进程", reached, bound, least)
    return figure, Spread(tuple(longest[2:]))


def _figure(name: str, ours: Spread, limit: Spread, least: float | None) -> Figure:
    beside = f"裸驱动 {limit.words()} 步/秒"
    return Figure(name=name, value=ours, unit="步/秒", beside=beside, ratio=ratio(ours, limit), least=least)


# -- four processes; what each holds stands in its own module

_mine: dict[str, Any] = {}


@contextmanager
def _crew(place: Place) -> Iterator[Any]:
    context = get_context("spawn")
    with context.Pool(WORKERS, initializer=_begin, initargs=(place,)) as pool:
        yield pool


def _begin(place: Place) -> None:
    _mine["door"], _mine["raw"] = place.door(new=False), place.raw(new=False)


def _steps_of_one(given: tuple[int, int, int]) -> list[float]:
    turn, who, cases = given
    return steps(_mine["door"], named(turn, cases, f"W{who}-"))


def _raw_of_one(given: tuple[int, int, int]) -> None:
    turn, who, cases = given
    _mine["raw"].rate(named(turn, cases, f"W{who}-"))
