"""A backup is one SQLite file of the very same schema, whichever store it is taken from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from ...audit import Checkpoint
from ...clock import Clock
from ...errors import FileFault, StoreNotReady
from ...export.checkpoint import write_checkpoint
from ...rules.catalogue import Catalogue
from ...services.maintenance import erased_people, erasures, standing
from . import engine as e
from . import schema as s
from . import sqlite
from .copying import contents, copy_all
from .files import digest_file, digest_line, is_there, library, new_files, open_file
from .guards import unguarded
from .options import WRITES
from .revisions import bring_up, known_revision
from .store import SqlStore, SqlUnit
from .work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a database holds at one moment."""

    revision: str
    stands: Checkpoint
    """Where its cases and chains stand."""
    contents: dict[str, tuple[int, str]]
    """Of each table how many rows it has, and a digest over them."""
    lines: int
    """How many lines all orders have together."""
    newest: datetime | None
    """When the newest order was recorded."""
    unguarded: set[str]
    """What is wrong with the triggers that guard the record."""


def back_up(
    url: str,
    path: Path,
    checkpoint_at: Path | None = None,
    clock: Clock | None = None,
    key: Ed25519PrivateKey | None = None,
    catalogue: Catalogue | None = None,
) -> Held:
    """Write a backup, its digest beside it, and a checkpoint of the same moment: all of them or none.

    The checkpoint is signed, where a key is given, and names what was erased, where the rules are. That moment is told
    by the database's own clock unless another is given.
    FileFault where a file is there already or cannot be written; StoreNotReady where there is nothing to back up.
    """
    files = (path, digest_file(path), *([checkpoint_at] if checkpoint_at else ()))
    with new_files(*files) as parts:
        with _snapshot(url) as source:
            made = (clock or source.now)() if checkpoint_at else None
            found = held(source)
            stands = _with_erasures(SqlUnit(source, None), catalogue, found.stands) if catalogue else found.stands
            _write(source, found.revision, parts[0], path)
        _verify(parts[0], path, found)
        parts[1].write_bytes(digest_line(parts[0], path.name))
        if made:
            parts[2].write_bytes(write_checkpoint(stands, made.isoformat(), key))
    return found


def _with_erasures(unit: SqlUnit, catalogue: Catalogue, stands: Checkpoint) -> Checkpoint:
    return replace(stands, erased=erasures(unit, catalogue, stands.cases), people=erased_people(unit))


def held(work: Work) -> Held:
    """What a database holds, as one transaction sees it. StoreNotReady where this program does not know its schema."""
    return Held(
        revision=known_revision(work.connection),
        stands=standing(SqlUnit(work, None)),
        contents=contents(work.connection),
        lines=work.execute(select(func.coalesce(func.sum(s.orders.c.count), 0))).scalar_one(),
        newest=work.execute(select(func.max(s.case_list.c.updated))).scalar(),
        unguarded=unguarded(work.connection),
    )


@contextmanager
def _snapshot(url: str) -> Iterator[Work]:
    """A transaction that sees one moment of a database, however much is written meanwhile."""
    engine = e.open_engine(url)
    try:
        if not is_there(engine):
            raise StoreNotReady(why="还没有数据库，没有可备份的内容")
        with SqlStore(engine).work(writes=False) as work:
            yield work
    except e.FAULTS as fault:
        raise e.as_told(engine, fault) from fault
    finally:
        engine.dispose()


def _write(source: Work, revision: str, part: Path, path: Path) -> None:
    """Everything a transaction sees, into a file. FileFault where that cannot be written."""
    copier = _copy_pages if source.engine.dialect.name == "sqlite" else _copy_rows
    faults = library().Error
    try:
        copier(source, revision, part)
    except faults as fault:
        raise FileFault(path=path, why=f"没有备份成（{_reason(fault)}）") from fault
    except DBAPIError as fault:
        if isinstance(fault.orig, faults):
            raise FileFault(path=path, why=f"没有备份成（{_reason(fault.orig)}）") from fault
        raise


def _reason(fault: BaseException) -> str:
    return str(sqlite.told(DBAPIError("", None, fault)).about["why"])


def _copy_pages(source: Work, _: str, part: Path) -> None:
    """Page by page: right for a database of any revision.

    Then made anew, for pages also hold what was erased. This file counts only once it is whole: it needs no journal.
    """
    with closing(library().connect(str(part), isolation_level=None)) as copy:
        source.pooled.driver_connection.backup(copy)  # type: ignore[union-attr]
        for statement in ("PRAGMA synchronous=OFF", "PRAGMA journal_mode=OFF", "VACUUM", "PRAGMA journal_mode=WAL"):
            copy.execute(statement).fetchall()


def _copy_rows(source: Work, revision: str, part: Path) -> None:
    """Row by row, from a database of another kind."""
    engine = e.open_engine(f"sqlite:///{part}")
    try:
        with engine.connect().execution_options(**{WRITES: True}) as copy, copy.begin():
            bring_up(copy, revision)
            copy_all(source.connection, copy)
    finally:
        engine.dispose()


def _verify(part: Path, path: Path, wanted: Held) -> None:
    """FileFault where a backup just written does not hold what it was to hold."""
    with reading(part, path) as copy:
        if held(copy) != wanted:
            raise FileFault(path=path, why="没有备份成（写出的内容与数据库不符，请检查磁盘）")


@contextmanager
def reading(part: Path, path: Path) -> Iterator[Work]:
    """A backup's file, with sound pages, to read; where it is not sound it is called by its name `path`. FileFault."""
    engine = open_file(part)
    try:
        with SqlStore(engine).work(writes=False) as work:
            found = work.connection.exec_driver_sql("PRAGMA integrity_check(1)").scalars().all()
            if found != ["ok"]:
                raise FileFault(path=path, why="文件已损坏")
            yield work
    except e.FAULTS as fault:
        raise FileFault(path=path, why=e.as_told(engine, fault).about.get("why", "其中的内容已损坏")) from fault
    finally:
        engine.dispose()
