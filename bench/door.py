"""The whole door beside the raw driver: one event row and one state row per durable commit."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

from mediation_engine.adapters.sql import SqlStore, open_store, prepare
from mediation_engine.ids import system_randomness
from mediation_engine.service import MediationService
from web.wiring import catalogue

from .timing import in_turn, ratio
from .workload import PEOPLE, STEPS, orders, staffed

EVENT = b'{"event":"' + b"x" * 188 + b'"}'
"""About 200 bytes, as in the figures of others."""


def rate_of_door(door: MediationService, cases: list[str]) -> float:
    """Orders a second; what the workload itself asks between orders is not counted."""
    taken = 0.0
    for case in cases:
        for number, order in enumerate(orders(door, case)):
            began = perf_counter()
            door.submit(order, () if number else PEOPLE)
            taken += perf_counter() - began
    return STEPS * len(cases) / taken


class RawSqlite:
    """The limit on SQLite: the driver alone, WAL, synchronous FULL."""

    def __init__(self, path: Path) -> None:
        from pysqlite3 import dbapi2

        self._db: Any = dbapi2.connect(str(path), isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "CREATE TABLE event (c TEXT, v INTEGER, body BLOB, PRIMARY KEY (c, v))",
            "CREATE TABLE state (c TEXT PRIMARY KEY, v INTEGER)",
        ):
            self._db.execute(statement)

    def rate(self, cases: list[str]) -> float:
        """Steps a second."""
        began = perf_counter()
        for case in cases:
            self._db.execute("INSERT INTO state VALUES (?, 0)", (case,))
            for version in range(STEPS):
                self._db.execute("BEGIN IMMEDIATE")
                self._db.execute("INSERT INTO event VALUES (?, ?, ?)", (case, version, EVENT))
                self._db.execute("UPDATE state SET v = ? WHERE c = ?", (version, case))
                self._db.execute("COMMIT")
        return STEPS * len(cases) / (perf_counter() - began)


def door_on(url: str) -> MediationService:
    """A door to a new database."""
    prepare(url)
    store: SqlStore = open_store(url)
    return staffed(store, MediationService(store, catalogue(), system_randomness))


def sqlite_alone(folder: Path, rounds: int = 11, cases: int = 10) -> None:
    door, raw = door_on(f"sqlite:///{folder / 'door.db'}"), RawSqlite(folder / "raw.db")

    def named(turn: int) -> list[str]:
        return [f"R{turn}-{n}" for n in range(cases)]

    limit, ours = in_turn([lambda n: raw.rate(named(n)), lambda n: rate_of_door(door, named(n))], rounds)
    print("raw", limit.words(), "door", ours.words(), "ratio", ratio(ours, limit).words(3))
