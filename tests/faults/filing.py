"""kill -9 in the middle of filing exhibits: no line without its bytes, and after the sweep no bytes without a line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from mediation_engine.adapters.blobs.folder import Folder
from mediation_engine.adapters.plugins import installed_roles, installed_workflows
from mediation_engine.adapters.sql import SqlStore
from mediation_engine.rules.catalogue import Catalogue
from mediation_engine.services.exhibits import Shelf, sweep
from mediation_engine.services.maintenance import audit_chains, audit_store

from ..support.exhibits import ROOM_KEY
from ..support.story import NOW
from .nursery import Nursery, nursery
from .trial import Trial, fault

LONGEST = 0.4
"""Seconds of work after the first sign of life, at most, before the kill: some uploads."""
LATE = NOW + timedelta(days=2)


@fault("F43", "收存材料途中强杀进程（kill -9）", few=12, many=200)
def uploads_killed(trial: Trial) -> None:
    """A process files one exhibit after another until it is killed; over and over, in one folder."""
    target, acked, swept = trial.target.anew(), 0, 0
    with folder() as path, nursery() as children:
        for n in trial.tries():
            said = killed_at_work(trial, children, target.url, f"{path}::R{n}")
            acked += len(said)
            with target.opened() as store:
                swept += looked_through(trial, store, Folder(path), said, n)
    trial.note = f"已答复 {acked}，没有缺文件的；清理了 {swept} 个没有记录的文件"


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for bytes."""
    path = Path(mkdtemp())
    try:
        yield path
    finally:
        rmtree(path)


def killed_at_work(trial: Trial, children: Nursery, url: str, name: str) -> list[str]:
    """The blobs that were acknowledged before the kill, in the middle of whatever it did."""
    pid = children.born("file", url, name)
    said = [*children.hear(until="filing")]
    said += children.hear(seconds=trial.random.uniform(0, LONGEST))
    said += children.kill(pid)
    return [line["filed"] for line in said if "filed" in line]


def looked_through(trial: Trial, store: SqlStore, blobs: Folder, said: list[str], n: int) -> int:
    """How many files were swept; what was acknowledged is there, what lines speak of is whole, nothing else stays."""
    catalogue, shelf = Catalogue(installed_workflows(), installed_roles()), Shelf(blobs=blobs, room_key=ROOM_KEY)
    with store.read() as unit:
        rows = {row.id: row for row in unit.exhibits.all()}
    trial.hold(set(said) <= rows.keys(), f"已答复的材料丢失：{set(said) - rows.keys()}")
    cases = [f"R{n}"] if any(row.case == f"R{n}" for row in rows.values()) else []
    found = [f.sentence for _, fs in audit_store(store, catalogue, cases, look=shelf.look_at) for f in fs]
    found += [f.sentence for _, fs in audit_chains(store) for f in fs]
    trial.hold(not found, f"重开后：{found}")
    for name, _ in blobs.names():  # as if two days had gone by
        os.utime(blobs.path / name, (NOW.timestamp(), NOW.timestamp()))
    swept = sweep(store, blobs, LATE)
    there = {name for name, _ in blobs.names()}
    trial.hold(
        there == {row.blob for row in rows.values()}, f"清理后仍不相符：{there ^ {r.blob for r in rows.values()}}"
    )
    return len(swept)
