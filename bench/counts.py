"""What no machine changes: how much is written for an order, and for a case."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any

from mediation_engine.clock import Clock

from .door import PATTERN, door_on, settled
from .figures import Figure
from .laid import LAID
from .timing import Spread, in_turn
from .workload import OPEN, STEPS, Traffic

MOST_FRAMES, MOST_BYTES = 7.0, 13_000
HEADER, FRAME = 32, 24 + 4096
"""Of SQLite's write-ahead log, in bytes."""


def figures(folder: Path, laid: int = LAID, open_: int = OPEN, clock: Clock | None = None) -> list[Figure]:
    path = folder / "counts.db"
    door, many = settled(door_on(f"sqlite:///{path}", clock=clock), laid), open_ * STEPS
    with door.store.read() as unit:
        size = sum(len(order.body) + len(order.digest) for order in unit.record.orders(PATTERN))
    traffic = Traffic(door, "counts", open_)
    written = frames(path, lambda: traffic.give(many)) / many
    return [
        Figure(
            name=f"一次提交写日志几页（{open_} 件案件交错办理）",
            value=Spread((written,)),
            unit="页",
            most=MOST_FRAMES,
            digits=2,
        ),
        Figure(name=f"一件 {STEPS} 步的案件，记录占", value=Spread((size,)), unit="字节", most=MOST_BYTES),
    ]


def frames(path: Path, work: Callable[[], object]) -> int:
    """How many frames the log grows by; somebody who reads on keeps it from being begun again meanwhile."""
    from pysqlite3 import dbapi2

    log = path.with_name(f"{path.name}-wal")
    with closing(dbapi2.connect(str(path), isolation_level=None)) as reader:
        reader.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _look(reader)
        work()
        return (log.stat().st_size - HEADER) // FRAME


def _look(reader: Any) -> None:
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM orders").fetchall()


def disk(folder: Path, rounds: int = 15, many: int = 50) -> Figure:
    """The disk alone: a page written and made durable, over and over."""
    with (folder / "disk").open("wb", buffering=0) as file:

        def once(_: int) -> float:
            began = perf_counter()
            for _n in range(many):
                file.write(bytes(4096))
                os.fdatasync(file.fileno())
            return many / (perf_counter() - began)

        [rate] = in_turn([once], rounds, warm=1)
    return Figure(name="裸 fdatasync：续写 4 KiB 并落盘", value=rate, unit="次/秒")
