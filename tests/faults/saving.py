"""Backups: taken while others write, put back for a drill, damaged, too old; and upgrades that are killed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import TimeoutExpired
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, inspect

from mediation_engine.adapters.sql import engine as engines
from mediation_engine.adapters.sql import prepare
from mediation_engine.adapters.sql.backup import back_up
from mediation_engine.adapters.sql.keeping import digest_of_orders
from mediation_engine.adapters.sql.restore import Restored, restore
from mediation_engine.adapters.sql.revisions import revision_of
from mediation_engine.adapters.sql.schema import HEAD
from mediation_engine.clock import FixedClock
from mediation_engine.errors import FileFault
from mediation_engine.export.checkpoint import read_checkpoint
from web.wiring import catalogue

from ..adapters.test_upgrade import more_migrations, write_migration
from ..support.apart import apart
from ..support.story import NOW, Story
from .nursery import nursery
from .promises import unkept, unkept_after_reopening
from .target import Target
from .trial import Trial, fault


@dataclass(frozen=True)
class Saved:
    """A backup and the checkpoint of the same moment."""

    path: Path
    checkpoint: Path

    @classmethod
    def taken(cls, target: Target, folder: Path, name: object) -> Saved:
        saved = cls(folder / f"{name}.db", folder / f"{name}.json")
        back_up(target.url, saved.path, saved.checkpoint, FixedClock(NOW))
        return saved

    def put_back(self, into: Target, checkpoint: Path | None = None) -> Restored:
        """Into an empty database, held against its own checkpoint or another."""
        heads = read_checkpoint((checkpoint or self.checkpoint).read_bytes(), "")
        return restore(self.path, into.url, catalogue(), heads)


@contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="mediation-saved-") as name:
        yield Path(name)


@fault("F22", "边写边备份，每份都能恢复", few=2, many=25)
def saved_under_load(trial: Trial) -> None:
    """Two processes write on and on; every backup holds what was acknowledged before it began, and can be put back."""
    answered, later = 0, 0
    with _folder() as folder, nursery() as children:
        for n in trial.tries():
            target, fresh = trial.target.anew(), trial.target.anew()
            writers = [children.born("work", target.url, f"B{n}-{p}") for p in range(2)]
            heard = [*children.hear(until="command"), *children.hear(seconds=0.2)]
            acked = {(said["case"], said["command"]) for said in heard if "command" in said}
            saved = Saved.taken(target, folder, n)
            for pid in writers:
                children.kill(pid)
            found = saved.put_back(fresh)
            trial.hold(not found.findings and not found.behind, "恢复后校验有误")
            trial.hold(acked <= _there(fresh), "备份前已答复的操作不在其中")
            trial.hold_all(unkept_after_reopening(fresh), "恢复后")
            answered, later = answered + len(acked), later + len(_there(target) - _there(fresh))
    trial.hold(later > 0, "备份时没有人在写")
    trial.note = f"备份前已答复 {answered}，备份开始后又办了 {later}"


def _there(target: Target) -> set[tuple[str, str]]:
    """Every order in the record, by its case and its id."""
    with target.raw() as db:
        cursor: Any = db.cursor()
        cursor.execute('SELECT "case", command_id FROM orders')
        return {(case, id) for case, id in cursor.fetchall()}


@fault("F23", "恢复演练：旧备份要说明，新办的要能续办", few=1, many=20)
def drilled(trial: Trial) -> None:
    """A backup is put back and worked on; held against a later checkpoint it is told to be behind, and by how much."""
    for n in trial.tries():
        with _folder() as folder:
            target, fresh = trial.target.anew(), trial.target.anew()
            with target.opened() as store:
                story = Story(store, FixedClock(NOW), f"D{n}").effective()
                saved, before = Saved.taken(target, folder, "early"), story.case.version
                Story(store, story.clock, f"E{n}").accepted()
                later = Saved.taken(target, folder, "late").checkpoint
            found = saved.put_back(fresh, later)
            trial.hold([(b.case, b.there) for b in found.behind] == [(f"E{n}", 0)], "没有说明少了什么")
            with fresh.opened() as store:
                again = Story(store, FixedClock(NOW), f"D{n}")
                trial.hold(again.case.version == before, "恢复得不全")
                Story(store, again.clock, f"F{n}").accepted()
                trial.hold_all(unkept(store), "续办后")


@fault("F23", "备份文件任意一位损坏，一律不恢复", few=20, many=200)
def damaged(trial: Trial) -> None:
    """One bit of a backup is flipped, anywhere."""
    target = trial.target.anew()
    with target.opened() as store:
        Story(store, FixedClock(NOW), "A1").effective()
    with _folder() as folder:
        saved = Saved.taken(target, folder, "whole")
        content, fresh = saved.path.read_bytes(), trial.target.anew()
        before = fresh.rows()
        for _ in trial.tries():
            place = trial.random.randrange(len(content) * 8)
            flipped = bytearray(content)
            flipped[place // 8] ^= 1 << place % 8
            saved.path.write_bytes(flipped)
            trial.hold(_refused(saved, fresh), f"第 {place} 位损坏而没有发现")
        trial.hold(fresh.rows() == before, "拒绝了，却写下了内容")


def _refused(saved: Saved, into: Target) -> bool:
    try:
        saved.put_back(into)
    except FileFault:
        return True
    return False


@fault("F26", "升级有数据的库，中途强杀进程", few=2, many=25)
def upgrades_killed(trial: Trial) -> None:
    """A process that brings a room to a later schema is killed: it has the old one or the new; then once more."""
    for n in trial.tries():
        target = trial.target.anew()
        with target.opened() as store:
            Story(store, FixedClock(NOW), f"U{n}").effective()
        with _schema(target) as connection:
            before = digest_of_orders(connection)
        with _folder() as folder, _later(write_migration(folder, LATER)):
            with apart("-c", UPGRADE.format(str(folder), target.url)) as process:
                assert process.stdout
                process.stdout.readline()
                with suppress(TimeoutExpired):
                    process.wait(trial.random.uniform(0, LONGEST))
            with _schema(target) as connection:
                new = revision_of(connection) != HEAD
                there = {column["name"] for column in inspect(connection).get_columns("case_list")}
                trial.hold(("colour" in there) == new == inspect(connection).has_table("more"), "升级了一半")
            prepare(target.url, catalogue())
            with _schema(target) as connection:
                trial.hold(digest_of_orders(connection) == before, "记录的字节变了")
            trial.hold_all(unkept_after_reopening(target), "升级后")


LATER = """
def upgrade():
    op.add_column("case_list", sa.Column("colour", sa.String(40), nullable=False, server_default="red"))
    op.create_index("case_list_by_colour", "case_list", ["colour"])
    op.execute("UPDATE case_list SET open_parts = 99")
    op.create_table("more", sa.Column("id", sa.String(40), primary_key=True))
"""
"""A revision made up for the trial: so far there is only the first."""
LONGEST = 0.15
"""Seconds of upgrading, at most, before the kill: about as long as all of it takes."""
UPGRADE = """
from pathlib import Path
from mediation_engine.adapters.sql import engine, prepare
from tests.adapters.test_upgrade import more_migrations
from web.wiring import catalogue
engine.migrations = more_migrations(Path({!r}))
rules = catalogue()
print("here", flush=True)
prepare({!r}, rules)
"""


@contextmanager
def _later(migrations: Path) -> Iterator[None]:
    """While it lasts, the program is one that needs the revision made up, too."""
    both = more_migrations(migrations)
    with patch.object(engines, "migrations", both), patch.object(engines, "HEAD", "9000"):
        yield


@contextmanager
def _schema(target: Target) -> Iterator[Connection]:
    """A connection to look at the schema with."""
    engine = engines.open_engine(target.url)
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()
