"""What is PostgreSQL's own: its driver, its settings, how a transaction begins, its triggers, what its faults mean."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from selectors import EVENT_READ, DefaultSelector
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, DisconnectionError

from ...errors import (
    MediationError,
    StoreInterrupted,
    StoreNotReady,
    StoreUnavailable,
    StoreUnwritable,
    UnfitText,
)
from .guards import unguarded
from .options import ABOUT, BEGUN, LONGEST_WAIT, WRITES
from .schema import metadata
from .together import together
from .work import Question, Values, Work, Writing

EXAMPLE = "postgresql://用户:密码@服务器/数据库"
OLDEST = 14
"""The first version that says by itself, at no cost, whether it is a standby; older ones are no longer mended."""
SETTINGS = {
    "server_encoding": ("UTF8",),
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "remote_apply"),
    "session_replication_role": ("origin", "local"),
}
"""What the server may answer. A commit acknowledged under anything less can be lost, to a power cut or where a
standby takes over; a session in the role of a replica would pass triggers by."""
CONNECTING: dict[str, Any] = {
    "connect_timeout": 5,
    # A server that is cut off without a word is given up after some twenty seconds, not after hours.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
    "client_encoding": "utf8",
    "application_name": "mediation",
    # A writer that is stopped in the middle must not keep the others out for ever.
    "options": f"-c lock_timeout={LONGEST_WAIT}s -c idle_in_transaction_session_timeout=60s",
}
"""Seconds, tries, milliseconds; the address may say otherwise."""
MET = "mediation_met"
"""Mark of a connection that has been given out before."""

READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
CLOCK = "SELECT clock_timestamp() AT TIME ZONE 'UTC'"
# The clock is read after the turn has come: only what comes FROM somewhere is there before the rest is worked out.
LOCK = "SELECT pg_advisory_xact_lock(?)"
TURN = f"WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(%s)) {CLOCK} FROM turn"

UNREACHABLE = "连接不上数据库服务器"
AGAIN = {
    "40001": "与同时进行的操作相撞",
    "40P01": "与同时进行的操作相撞",
    "57P01": "数据库服务器正在停止",
    "57P02": "数据库服务器正在停止",
}
"""By SQLSTATE: what is worth another try at once."""
REASONS = {
    "25006": "数据库只读",
    "42501": "数据库用户没有所需的权限",
    "53100": "磁盘空间不足",
    "53200": "数据库服务器内存不足",
    "53300": "数据库服务器的连接已满",
    "55P03": "正被其他程序占用",
    "57014": "数据库服务器中止了操作",
    "57P03": "数据库服务器正在启动或停止",
}
"""By SQLSTATE."""
UNWRITABLE = ("25006", "53100")
"""Of these: what keeps from writing alone."""
TOO_LONG = "54000"
"""The SQLSTATE of a key that does not fit into an index."""
NOT_LET_IN = {
    "the database system is|starting up|shutting down": "数据库服务器正在启动或停止",
    "too many|remaining connection slots": "数据库服务器的连接已满",
}
"""By a sign in what is said before anybody is let in: there is no SQLSTATE yet."""
NOT_RIGHT = {
    "FATAL:  password authentication|no password supplied": "用户名或密码不对",
    "FATAL:  no pg_hba.conf entry": "服务器不许该用户从这里连接",
    'FATAL:  role "': "服务器上没有这个用户",
    'FATAL:  database "': "服务器上没有这个数据库，请先由其管理员建立（UTF8 编码）",
    "FATAL:  permission denied": "数据库用户没有所需的权限",
    r"invalid (connection option|port number|\w+ value)|bad value for": f"数据库地址的参数不对，应写成 {EXAMPLE}",
}
"""The same, where somebody has to set something right first."""


def open_engine(where: URL) -> Engine:
    """An engine for a database of a server; StoreNotReady where the address is none or the driver is missing."""
    if not where.database:
        raise StoreNotReady(why=f"请在地址中写明是哪个数据库，例如 {EXAMPLE}")
    given = {name: value for name, value in CONNECTING.items() if name not in where.query}
    try:
        engine = create_engine(
            where.set(drivername="postgresql+psycopg"),
            # The driver starts no transactions behind our back; the begin event below does.
            connect_args=given | {"autocommit": True},
            use_native_hstore=False,
            pool_timeout=LONGEST_WAIT,
            # Every transaction is ended by who began it: the pool need not roll back once more.
            pool_reset_on_return=None,
            hide_parameters=True,  # a traceback is no place for what people said
        )
    except ImportError as fault:
        raise StoreNotReady(
            why="没有安装 PostgreSQL 的驱动，请运行 pip install 'mediation-engine[postgresql]'"
        ) from fault
    except (ArgumentError, ValueError) as fault:
        raise StoreNotReady(why=f"数据库地址的参数不对，应写成 {EXAMPLE}") from fault
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "checkout", _hear)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _record: Any) -> None:
    """Refuse a server that durability cannot rest on. Asked of every connection: another server may have taken over."""
    names = ", ".join(f"current_setting('{name}')" for name in SETTINGS)
    try:
        asked = f"SELECT pg_is_in_recovery(), current_setting('server_version_num')::int / 10000, {names}"
        standby, version, *found = connection.execute(asked).fetchone()
        _check_server(standby, version, dict(zip(SETTINGS, found, strict=True)))
    except BaseException:
        connection.close()  # the pool does not know it yet
        raise


def _check_server(standby: bool, version: int, found: dict[str, str]) -> None:
    if version < OLDEST:
        raise StoreNotReady(why=f"PostgreSQL {version} 过旧，须 {OLDEST} 或更新")
    if standby:
        raise StoreNotReady(why="连接到的是备用服务器，请改为主服务器的地址")
    for name, allowed in SETTINGS.items():
        if found[name] not in allowed:
            raise StoreNotReady(why=f"PostgreSQL 设置 {name} 是 {found[name]}，须为 {' 或 '.join(allowed)}")


def _hear(connection: Any, record: Any, _proxy: Any) -> None:
    """A connection that lies idle has nothing to say; one that has was hung up on, say by a restart.

    The pool then makes new ones, and nobody notices. Unlike a ping this costs no round trip.
    """
    if not record.info.setdefault(MET, False):
        record.info[MET] = True
        return  # it has just been made
    with DefaultSelector() as selector:
        selector.register(connection.fileno(), EVENT_READ)
        if selector.select(0):
            raise DisconnectionError


def _begin(connection: Connection) -> None:
    """Begin what SQLAlchemy is asked for, unless that has been done."""
    asked = connection.get_execution_options()
    if not asked.get(BEGUN):
        for question in _beginning(asked.get(WRITES, False), asked.get(ABOUT)):
            connection.exec_driver_sql(*question)


def _beginning(writes: bool, about: str | None) -> list[Question]:
    """What begins a transaction; the last of it tells the time.

    Whoever writes about a case has the case to himself from before his first look: all that he reads of it afterwards
    is the newest there is. Readers get a snapshot.
    """
    return [(WRITE if writes else READ, ()), (TURN, (_turn(about),)) if about else (CLOCK, ())]


def _turn(about: str) -> int:
    """The number of an advisory lock. Two things that share one wait for each other, and that is all."""
    return int.from_bytes(sha256(about.encode()).digest()[:8], signed=True)


class PostgresWork(Work):
    """A transaction on a server: what can be sent together is, since the way there and back is what costs."""

    def __init__(self, engine: Engine, *, writes: bool, about: str | None) -> None:
        super().__init__(engine, writes=writes, about=about)
        self._raw: Any = self.pooled.driver_connection
        self._now: datetime | None = None

    to_change = " FOR UPDATE"
    to_take = " FOR UPDATE OF {} SKIP LOCKED"
    planned_anew = (("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)", ()),)

    def turn(self, about: str) -> list[Question]:
        return [(LOCK, (_turn(about),))]

    def begin(self) -> None:
        if not self.writes:
            self.ask()  # a reader's snapshot is of when it began

    def now(self) -> datetime:
        """The server's clock as the transaction began and had its turn: one clock, however many hosts work at it."""
        self._start()
        assert self._now is not None
        return self._now

    def _start(self) -> None:
        """Begin now what could wait until here."""
        if self._now is None:
            self.ask()

    @property
    def connection(self) -> Connection:
        self._start()
        return super().connection

    def _ask(self, questions: Sequence[Question]) -> list[list[Values]]:
        begin = [] if self._now else _beginning(self.writes, self.about)
        with self._raw.pipeline():
            answers = [self._raw.execute(_places(text), values) for text, values in (*begin, *questions)]
        if begin:
            self._now = answers[len(begin) - 1].fetchone()[0].replace(tzinfo=UTC)
        return [answer.fetchall() for answer in answers[len(begin) :]]

    def _send(self, waiting: list[Writing], *, commit: bool) -> None:
        if waiting:
            self._start()
        with self._raw.pipeline():
            for statement, values in together(waiting):
                self._raw.execute(_places(statement), values)
            if commit:
                self._raw.execute("COMMIT")

    def leave(self) -> None:
        """Commits, for nothing can have been written: after a rollback the driver forgets all it has prepared."""
        self._finish(self._raw.commit)


work = PostgresWork


# The driver warns of connections that are lost, in English, to whoever sits there; they are told by `told`.
logging.getLogger("psycopg").addHandler(logging.NullHandler())


@cache
def _places(statement: str) -> str:
    """A statement with this driver's sign for a value's place."""
    return statement.replace("?", "%s")


def told(fault: DBAPIError, _engine: Engine | None = None) -> MediationError:
    """What keeps the database from working, in Chinese; not in the words of the server, which quote what it got."""
    state = getattr(fault.orig, "sqlstate", None)
    if fault.connection_invalidated or state in AGAIN:
        return StoreInterrupted(why=AGAIN.get(state or "", "与数据库服务器的连接中断"))
    if isinstance(fault, DataError) or state == TOO_LONG:
        return UnfitText()
    if state in UNWRITABLE:
        return StoreUnwritable(why=REASONS[state])
    if state:
        return StoreUnavailable(why=REASONS.get(state, f"数据库出错，代码 {state}"))
    return _not_let_in(str(fault.orig))


def _not_let_in(words: str) -> MediationError:
    """Why there is no connection, as far as the words tell: in another language than English they do not."""
    not_right = next((told for sign, told in NOT_RIGHT.items() if re.search(sign, words)), None)
    if not_right:
        return StoreNotReady(why=not_right)
    return StoreUnavailable(
        why=next((told for sign, told in NOT_LET_IN.items() if re.search(sign, words)), UNREACHABLE)
    )


def wipe(_engine: Engine) -> None:
    """What was erased stays in dead rows until the server clears them up (VACUUM), as README says."""


def make_room(_where: URL) -> None:
    """Databases are made by who looks after the server."""


def look_for(_where: URL) -> None:
    """Connecting finds out."""


def check(connection: Connection) -> None:
    """StoreNotReady where an append-only table is unguarded, or a table would not survive a crash."""
    missing = unguarded(connection)
    if missing:
        why = "数据库可能被人动过；请用 mediation db backup 备份，恢复到新库，再校验"
        raise StoreNotReady(why=f"只增不改的保护不完好（{'、'.join(sorted(missing))}），{why}")
    passing = sorted(connection.execute(text(_PASSING)).scalars())
    if passing:
        raise StoreNotReady(why=f"表 {'、'.join(passing)} 在断电后会被清空（UNLOGGED），须改为 LOGGED")


def _oids(tables: Any) -> str:
    return ", ".join(f"to_regclass('{table}')" for table in tables)


_PASSING = f"SELECT relname FROM pg_class WHERE relpersistence <> 'p' AND oid IN ({_oids(metadata.tables)})"
