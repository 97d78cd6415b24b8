"""What is SQLite's own: its library, its settings, how a transaction begins, its triggers, what its faults mean."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from ...clock import system_clock
from ...errors import MediationError, StoreNotReady, StoreUnavailable, StoreUnwritable
from . import options
from .guards import unguarded
from .options import BEGUN, WRITES
from .work import Question, Values, Work, Writing

EXAMPLE = "例如 sqlite:///var/mediation.db"
SOUND = (3, 51, 3)
"""Older ones can corrupt a WAL file that several processes write (the WAL-reset bug, 3.7.0 to 3.51.2)."""
SETTINGS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
"""What SQLite must answer; synchronous 2 is FULL: an acknowledged commit survives a power cut. With secure_delete what
is deleted is written over with zeros."""
LOG_PAGES = 4000
"""How long the log grows before it is carried over: 16 MB, not 4 as by default. What is written often is then carried
over once, and fewer orders have to wait for it."""
REASONS = {
    "locked": "正被其他程序占用",
    "busy": "正被其他程序占用",
    "full": "磁盘空间不足",
    "readonly": "数据库文件只读",
    "read-only": "数据库文件只读",
    "unable to open": "打不开数据库文件",
    "disk I/O": "磁盘读写出错",
}
"""By a sign in the library's own words."""
UNWRITABLE = ("full", "readonly", "read-only")
"""Of these: what keeps from writing alone."""
UNSURE = ("disk I/O", "unable to open", "readonly", "read-only")
"""Of these: what is said, too, where the disk is full or the folder may not be written."""


def open_engine(where: URL) -> Engine:
    """An engine for a file; StoreNotReady where the address or the library is no sound one."""
    _check_address(where)
    # isolation_level None: the driver starts no transactions behind our back; the begin event below does.
    # Every transaction is ended by who began it: the pool need not roll back once more.
    engine = create_engine(
        where,
        module=_library(),
        connect_args={"isolation_level": None, "timeout": options.LONGEST_WAIT},
        pool_reset_on_return=None,
        hide_parameters=True,  # a traceback is no place for what people said
    )
    _hold_to_one_file(engine, str(where.database))
    _let_read(engine, Path(str(where.database)))
    event.listen(engine, "begin", _begin)
    return engine


def _check_address(where: URL) -> None:
    """The URL of a file, and of nothing else: what would be opened instead is not what was meant."""
    if where.host or where.query or "\0" in (where.database or ""):
        raise StoreNotReady(why=f"数据库地址写法不对（应有三条斜线，不带参数），{EXAMPLE}")
    if not where.database or where.database == ":memory:":
        raise StoreNotReady(why=f"请给出数据库文件的路径，{EXAMPLE}")


def _library() -> ModuleType:
    try:
        module = import_module("pysqlite3.dbapi2")
    except ImportError:
        module = import_module("sqlite3")
    if module.sqlite_version_info < SOUND:
        needed = ".".join(map(str, SOUND))
        raise StoreNotReady(
            why=f"SQLite {module.sqlite_version} 有数据损坏缺陷，须 {needed} 或更新（可安装 pysqlite3）"
        )
    return module


def _let_read(engine: Engine, path: Path) -> None:
    """Where the disk is full, or nothing may be written, reading goes on: as long as the file holds all there is.

    Such a connection is of use once: the next one may find the disk in order. The file is then read as one that nobody
    changes; while it cannot be changed, and its log is empty, that is what it is.
    """

    def connect(dialect: Any, record: Any, arguments: Any, given: Any) -> Any:
        try:
            connection = dialect.connect(*arguments, **given)
            _set_up(connection)
        except dialect.loaded_dbapi.Error:
            words = _keeps_from_writing(path)
            if words is None or _log_of(path):
                raise
            record.info[READS_ONLY] = words
            where = path.resolve().as_uri() + "?mode=ro&immutable=1"
            return dialect.loaded_dbapi.connect(where, uri=True, isolation_level=None)
        return connection

    def give_up(_connection: Any, record: Any) -> None:
        if READS_ONLY in record.info:
            record.invalidate()

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "checkin", give_up)


READS_ONLY = "mediation_reads_only"
"""Mark of a connection that cannot write: why, in the library's own words."""
LEAST_ROOM = 2**16
"""Bytes without which nobody can even begin to work at a database: its shared memory is half of that."""


def _keeps_from_writing(path: Path) -> str | None:
    """What of the place keeps a database from being written, in the library's own words."""
    try:
        if not path.exists():
            return None
        if not all(_may_write(place) for place in (path, path.parent)):
            return "attempt to write a readonly database"
        return "database or disk is full" if shutil.disk_usage(path.parent).free < LEAST_ROOM else None
    except OSError:
        return None


def _may_write(place: Path) -> bool:
    return os.access(place, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _log_of(path: Path) -> bool:
    """Whether there is something in the log that the file has not."""
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _set_up(connection: Any) -> None:
    """Give a new connection its settings. A PRAGMA that is not obeyed says nothing: every one is read back."""
    cursor = connection.cursor()
    try:
        for name, value in SETTINGS.items():
            cursor.execute(f"PRAGMA {name}={value}")
            cursor.execute(f"PRAGMA {name}")
            _check_setting(name, cursor.fetchone()[0])
        cursor.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
        cursor.execute("PRAGMA busy_timeout=0")  # from here on `begin` does the waiting
    except BaseException:
        connection.close()  # the pool does not know it yet
        raise
    cursor.close()


def hasten(engine: Engine) -> None:
    """Let nobody who writes wait for the disk: for a file that is thrown away where anything fails meanwhile."""
    event.listen(engine, "checkout", lambda connection, *_: connection.execute("PRAGMA synchronous=OFF"))


def _hold_to_one_file(engine: Engine, path: str) -> None:
    """A file moved away or replaced under a running program could be written on, and nobody would see it again."""
    first: list[os.stat_result] = []

    def note(*_: Any) -> None:
        if not first:
            first.append(os.stat(path))

    def check(*_: Any) -> None:
        try:
            same = not first or os.path.samestat(os.stat(path), first[0])
        except OSError:
            same = False
        if not same:
            raise StoreNotReady(why="数据库文件在使用中被移走或换掉了；请放回原处，或重新启动程序")

    event.listen(engine, "do_connect", check)  # before a file is made where none is
    event.listen(engine, "connect", note)
    event.listen(engine, "checkout", check)


def _check_setting(name: str, found: object) -> None:
    if found != SETTINGS[name]:
        raise StoreNotReady(why=f"SQLite 设置 {name} 是 {found}，须为 {SETTINGS[name]}")


def _begin(connection: Connection) -> None:
    """Begin what SQLAlchemy is asked for, unless that has been done."""
    asked = connection.get_execution_options()
    if not asked.get(BEGUN):
        begin(connection.connection.cursor(), connection.engine, writes=asked.get(WRITES, False))


_ASKING: defaultdict[str, Lock] = defaultdict(Lock)
"""By file: whoever of this process asks for its turn."""
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_ASKING.clear)


def begin(cursor: Any, engine: Engine, *, writes: bool) -> None:
    """BEGIN IMMEDIATE for writers: they take turns at the door instead of failing at the end. Readers get a snapshot.

    The library's own busy wait backs off and starves whoever has waited; here, who has waited longer asks more often.
    Of the writers of one process one asks, and the others wait for it: twenty who ask take the processor from the one
    who has the turn, until all have waited too long.
    """
    began = time.monotonic()
    if not writes:
        return _ask(cursor, began, writes=False)
    asking = _ASKING[engine.url.database or ""]
    own = asking.acquire(timeout=options.LONGEST_WAIT)
    try:
        _ask(cursor, began, writes=True)
    finally:
        if own:
            asking.release()


def _ask(cursor: Any, began: float, *, writes: bool) -> None:
    """Until it is one's turn, or one has waited too long."""
    while True:
        try:
            return _begin_now(cursor, writes=writes)
        except Exception as fault:  # whichever library it is
            waited = time.monotonic() - began
            if not is_busy(fault) or waited > options.LONGEST_WAIT:
                raise
        time.sleep(random.uniform(0.0003, 0.003) * max(0.1, 1 - waited / PATIENCE))  # jitter, not a secret


PATIENCE = 0.05
"""Seconds after which who waits for a turn asks ten times as often as who has just come."""


def _begin_now(cursor: Any, *, writes: bool) -> None:
    if writes:
        cursor.execute("BEGIN IMMEDIATE")
        return
    cursor.execute("BEGIN")
    try:
        # SQLite takes the snapshot at the first look, not at BEGIN.
        cursor.execute("SELECT 1 FROM sqlite_master").fetchone()
    except BaseException:
        cursor.execute("ROLLBACK")
        raise


class SqliteWork(Work):
    """A transaction on a file: no round trips to save, so one statement after the other."""

    def __init__(self, engine: Engine, *, writes: bool, about: str | None) -> None:
        super().__init__(engine, writes=writes, about=about)
        self._cursor: Any = self.pooled.cursor()
        self._now: datetime | None = None

    def begin(self) -> None:
        words = self.pooled.info.get(READS_ONLY)
        if words and self.writes:
            raise self._told(self.engine.dialect.loaded_dbapi.OperationalError(words))
        try:
            begin(self._cursor, self.engine, writes=self.writes)
        except self._driver as fault:
            raise self._told(fault) from fault

    def now(self) -> datetime:
        """The host's clock when it is first asked: a store that was given a clock never asks."""
        self._now = self._now or system_clock()
        return self._now

    def _ask(self, questions: Sequence[Question]) -> list[list[Values]]:
        return [self._cursor.execute(*question).fetchall() for question in questions]

    def _send(self, waiting: list[Writing], *, commit: bool) -> None:
        for statement, rows in waiting:
            self._cursor.executemany(statement, rows)
        if commit:
            self.pooled.commit()


def is_busy(fault: Exception) -> bool:
    """Whether another process holds the database."""
    return "locked" in str(fault) or "busy" in str(fault)


work = SqliteWork


DAMAGED = "文件不是数据库，或已损坏"


def told(fault: DBAPIError, engine: Engine | None = None) -> MediationError:
    """What keeps the database from working, in Chinese. That the disk is full the library does not always say."""
    words = str(fault.orig)
    if engine is not None and any(sign in words for sign in UNSURE):
        words = _keeps_from_writing(Path(str(engine.url.database))) or words
    if "not a database" in words or "malformed" in words:
        return StoreNotReady(why=DAMAGED)
    why = next((told for sign, told in REASONS.items() if sign in words), "数据库出错")
    return (StoreUnwritable if any(sign in words for sign in UNWRITABLE) else StoreUnavailable)(why=why)


def wipe(engine: Engine) -> None:
    """Carry the log over and cut it to nothing: the pages in it are older than the file's, and hold what was erased.

    Readers that are still at an older page keep it from being cut; then the next one that erases, or the last one to
    close the file, does it.
    """
    pooled = engine.raw_connection()
    try:
        began = time.monotonic()
        while pooled.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() - began > PATIENCE:
                break
            time.sleep(random.uniform(0.0003, 0.003))
    except engine.dialect.loaded_dbapi.Error as fault:  # told as any other
        pooled.invalidate(fault)  # nobody is to get it again
        raise DBAPIError("", None, fault) from fault
    finally:
        pooled.close()


def make_room(where: URL) -> None:
    """Make the folders that lead to the file."""
    try:
        Path(str(where.database)).parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise StoreUnavailable(why="数据库所在的文件夹无法建立") from fault


def look_for(where: URL) -> None:
    """StoreNotReady where there is no file: opening it would make one."""
    try:
        found = Path(str(where.database)).exists()
    except OSError as fault:
        raise StoreUnavailable(why="打不开数据库文件") from fault
    if not found:
        raise StoreNotReady(why="还没有数据库，请先运行 mediation init")


def check(connection: Connection) -> None:
    """StoreNotReady where a setting is off, or an append-only table is unguarded."""
    for name in SETTINGS if READS_ONLY not in connection.info else ():
        _check_setting(name, connection.exec_driver_sql(f"PRAGMA {name}").scalar())
    missing = unguarded(connection)
    if missing:
        why = "数据库可能被人动过；请用 mediation db backup 备份，恢复到新库，再校验"
        raise StoreNotReady(why=f"只增不改的保护不完好（{'、'.join(sorted(missing))}），{why}")
