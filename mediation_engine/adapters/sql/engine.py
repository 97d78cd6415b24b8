"""Opening a database, whichever the URL names; its schema; and the checks that durability rests on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import URL, Connection, Engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from ...errors import MediationError, StoreNotReady, StoreUnavailable, UnfitText
from . import postgresql, sqlite
from .schema import HEAD, RETIRED, metadata, why_unknown
from .work import Work

if TYPE_CHECKING:
    from alembic.config import Config


class Dialect(Protocol):
    """What is one database's own: a module of its name."""

    def open_engine(self, where: URL) -> Engine:
        """An engine whose transactions begin as `options` say; StoreNotReady where it cannot be a sound one."""

    def make_room(self, where: URL) -> None:
        """Make what must be there before a database can be made."""

    def look_for(self, where: URL) -> None:
        """StoreNotReady where there is no database."""

    def check(self, connection: Connection) -> None:
        """StoreNotReady where a setting is off, or an append-only table is unguarded."""

    def wipe(self, engine: Engine) -> None:
        """Leave nothing of what has just been erased in the files, as far as one can."""

    @property
    def work(self) -> type[Work]:
        """Its kind of transaction."""

    def told(self, fault: DBAPIError, engine: Engine | None = None) -> MediationError:
        """What a fault means, in Chinese; with the engine, where it lies tells more."""


DIALECTS: dict[str, Dialect] = {
    "sqlite": sqlite,
    "sqlite+pysqlite": sqlite,
    "postgresql": postgresql,
    "postgresql+psycopg": postgresql,
}
EXAMPLES = f"{sqlite.EXAMPLE}，或 {postgresql.EXAMPLE}"
FAULTS = (DBAPIError, PoolExhausted, UnicodeError)
"""What a database in trouble raises, or one that is given half a character, or whose own words are damaged; `as_told`
says it in Chinese."""


def open_engine(url: str) -> Engine:
    """An engine for a URL such as ``sqlite:///var/mediation.db``; StoreNotReady where it cannot be a sound one."""
    try:
        where = make_url(url)
    except (ArgumentError, ValueError) as fault:
        raise StoreNotReady(why=f"数据库地址“{shown(url)}”写法不对，{EXAMPLES}") from fault
    if where.drivername not in DIALECTS:
        raise StoreNotReady(why=f"目前只支持 SQLite 和 PostgreSQL，不支持“{where.drivername}”")
    return DIALECTS[where.drivername].open_engine(where)


def shown(url: str) -> str:
    """An address as it may be shown: without passwords."""
    unsaid = re.sub(r"^([^:]*://(?!/)[^:]*):.*@", r"\1:***@", url)
    return re.sub(r"(?i)(password=)[^&]*", r"\1***", unsaid)


def dialect_of(engine: Engine) -> Dialect:
    """The module of what an engine speaks to."""
    return DIALECTS[engine.dialect.name]


def as_told(engine: Engine, fault: Exception) -> MediationError:
    """What keeps the database from working, in Chinese."""
    if isinstance(fault, UnicodeEncodeError):
        return UnfitText()
    if isinstance(fault, UnicodeDecodeError):  # of what a library quotes from a damaged file
        return StoreNotReady(why=sqlite.DAMAGED)
    if isinstance(fault, PoolExhausted):
        return StoreUnavailable(why="正被其他程序占用")
    assert isinstance(fault, DBAPIError)
    return dialect_of(engine).told(fault, engine)


def migrations(connection: Connection) -> Config:
    """Alembic's configuration, to work on a connection."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def check(engine: Engine) -> None:
    """StoreNotReady where the schema is not this code's, a setting is off, or an append-only table is unguarded."""
    dialect = dialect_of(engine)
    dialect.look_for(engine.url)
    try:
        with engine.connect() as connection:
            check_schema(connection)
            dialect.check(connection)
    except FAULTS as fault:
        raise as_told(engine, fault) from fault


def check_schema(connection: Connection) -> None:
    """StoreNotReady where the schema is not this code's."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        raise StoreNotReady(why="数据库还没有初始化，请先运行 mediation init")
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found in RETIRED:
        raise StoreNotReady(why=why_unknown(found))
    if found != HEAD:
        raise StoreNotReady(
            why=f"数据库结构版本是 {found}，程序需要 {HEAD}；请备份后运行 mediation db upgrade，或换用相应版本"
        )
    missing = metadata.tables.keys() - set(tables)
    if missing:
        raise StoreNotReady(why=f"数据库缺少表 {'、'.join(sorted(missing))}，可能被人动过；请换回备份")
