"""Opening a database: its library, its settings, its schema; and the checks that durability rests on."""

from __future__ import annotations

import random
import time
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from ...errors import StoreNotReady, StoreUnavailable
from .schema import APPEND_ONLY, HEAD, metadata

if TYPE_CHECKING:
    from alembic.config import Config

SOUND_SQLITE = (3, 51, 3)
"""Older ones can corrupt a WAL file that several processes write (the WAL-reset bug, 3.7.0 to 3.51.2)."""
LONGEST_WAIT = 5.0
"""Seconds a writer waits for its turn before it gives up."""
SETTINGS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
"""What SQLite must answer; synchronous 2 is FULL: an acknowledged commit survives a power cut."""
WRITES = "mediation_writes"
"""Execution option of a connection that will write."""
EXAMPLE = "例如 sqlite:///var/mediation.db"
FAULTS = (DBAPIError, PoolExhausted)
"""What a database in trouble raises; `as_told` says it in Chinese."""
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


def open_engine(url: str) -> Engine:
    """An engine for a URL such as ``sqlite:///var/mediation.db``; StoreNotReady where it cannot be a sound one."""
    where = _address(url)
    module = _sqlite_library()
    # isolation_level None: the driver starts no transactions behind our back; the begin event below does.
    engine = create_engine(where, module=module, connect_args={"isolation_level": None, "timeout": 0.02})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _address(url: str) -> URL:
    """The URL of a SQLite file, and of nothing else: what would be opened instead is not what was meant."""
    try:
        where = make_url(url)
    except (ArgumentError, ValueError) as fault:
        raise StoreNotReady(why=f"数据库地址“{url}”写法不对，{EXAMPLE}") from fault
    if where.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise StoreNotReady(why=f"目前只支持 SQLite，不支持“{where.drivername}”")
    if where.host or where.query or "\0" in (where.database or ""):
        raise StoreNotReady(why=f"数据库地址“{url}”写法不对（应有三条斜线，不带参数），{EXAMPLE}")
    if not where.database or where.database == ":memory:":
        raise StoreNotReady(why=f"请给出数据库文件的路径，{EXAMPLE}")
    return where


def _sqlite_library() -> ModuleType:
    try:
        module = import_module("pysqlite3.dbapi2")
    except ImportError:
        module = import_module("sqlite3")
    if module.sqlite_version_info < SOUND_SQLITE:
        needed = ".".join(map(str, SOUND_SQLITE))
        raise StoreNotReady(
            why=f"SQLite {module.sqlite_version} 有数据损坏缺陷，须 {needed} 或更新（可安装 pysqlite3）"
        )
    return module


def _set_up(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for name, value in SETTINGS.items():
        cursor.execute(f"PRAGMA {name}={value}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """BEGIN IMMEDIATE for writers: they take turns at the door instead of failing at the end. Readers get a snapshot.

    The library's own busy wait backs off to 100 ms and can starve a writer; short, jittered tries are fairer.
    """
    if not connection.get_execution_options().get(WRITES):
        connection.exec_driver_sql("BEGIN")
        # SQLite takes the snapshot at the first look, not at BEGIN.
        connection.exec_driver_sql("SELECT 1 FROM sqlite_master").close()
        return
    deadline = time.monotonic() + LONGEST_WAIT
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        except DBAPIError as fault:
            if not is_busy(fault) or time.monotonic() > deadline:
                raise
            time.sleep(random.uniform(0.0005, 0.003))  # jitter, not a secret


def is_busy(fault: DBAPIError) -> bool:
    """Whether another process holds the database."""
    return "locked" in str(fault.orig) or "busy" in str(fault.orig)


def as_told(fault: DBAPIError | PoolExhausted) -> StoreNotReady | StoreUnavailable:
    """What keeps the database from working, in Chinese."""
    words = str(fault.orig) if isinstance(fault, DBAPIError) else "busy"
    if "not a database" in words or "malformed" in words:
        return StoreNotReady(why="文件不是数据库，或已损坏")
    return StoreUnavailable(why=next((told for sign, told in REASONS.items() if sign in words), words))


def prepare(url: str) -> None:
    """Create the database where there is none, and bring its schema to the newest."""
    from alembic import command
    from alembic.util import CommandError

    engine = open_engine(url)
    try:
        Path(str(engine.url.database)).parent.mkdir(parents=True, exist_ok=True)
        with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            command.upgrade(migrations(connection), "head")
    except OSError as fault:
        raise StoreUnavailable(why="数据库所在的文件夹无法建立") from fault
    except CommandError as fault:  # a revision this code has never heard of
        raise StoreNotReady(why="数据库结构比程序新，请换用相应版本的程序") from fault
    except FAULTS as fault:
        raise as_told(fault) from fault
    finally:
        engine.dispose()


def migrations(connection: Connection) -> Config:
    """Alembic's configuration, to work on a connection."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def check(engine: Engine) -> None:
    """StoreNotReady where the schema is not this code's, a setting is off, or an append-only table is unguarded."""
    if not _is_there(Path(str(engine.url.database))):
        raise StoreNotReady(why="还没有数据库，请先运行 mediation init")
    try:
        with engine.connect() as connection:
            _check_schema(connection)
            _check_settings(connection)
            _check_triggers(connection)
    except FAULTS as fault:
        raise as_told(fault) from fault


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as fault:
        raise StoreUnavailable(why="打不开数据库文件") from fault


def _check_schema(connection: Connection) -> None:
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        raise StoreNotReady(why="数据库还没有初始化，请先运行 mediation init")
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found != HEAD:
        raise StoreNotReady(
            why=f"数据库结构版本是 {found}，程序需要 {HEAD}；请运行 mediation init 升级，或换用相应版本"
        )
    missing = metadata.tables.keys() - set(tables)
    if missing:
        raise StoreNotReady(why=f"数据库缺少表 {'、'.join(sorted(missing))}，可能被人动过；请换回备份")


def _check_settings(connection: Connection) -> None:
    for name, wanted in SETTINGS.items():
        found = connection.exec_driver_sql(f"PRAGMA {name}").scalar()
        if found != wanted:
            raise StoreNotReady(why=f"SQLite 设置 {name} 是 {found}，须为 {wanted}")


def _check_triggers(connection: Connection) -> None:
    found = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars())
    guards = {f"{table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete", "replace")}
    missing = (guards | {"lines_no_gap"}) - found
    if missing:
        raise StoreNotReady(why=f"只增不改的保护缺失（{'、'.join(sorted(missing))}），数据库可能被人动过；请先校验")
