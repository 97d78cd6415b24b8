"""What durability rests on, looked at one by one: nothing that is wrong hides another."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, func, inspect, select, text

from ...domain.formatting import moment_words
from ...errors import MediationError
from ...rules.catalogue import Catalogue
from ...services.exhibits import Shelf
from ...services.maintenance import audit_chains, audit_store
from . import engine as e
from . import schema as s
from .copying import Within
from .files import file_of, is_there
from .guards import unguarded
from .last_backup import last_backup
from .revisions import revision_of
from .sqlite import READS_ONLY, REASONS, SETTINGS
from .store import SqlStore, SqlUnit
from .work import Work

LONGEST_UNSAVED = timedelta(days=2)
"""How long something may be recorded without being backed up."""
LONGEST_STILL = timedelta(minutes=15)
"""How long a worker that was there may stand still."""
SPARE = 100 * 2**20
"""Bytes that should be free beside twice the size of the database: a backup and an upgrade need them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at, whether it is as it should be, and that in words."""

    what: str
    sound: bool
    words: str


MOST_NAMED = 5
"""More exhibits than these are counted, not named."""


class Wrong(Exception):
    """What is wrong with one thing, in Chinese."""


Look = Callable[[Work], str]
"""Says what it finds where all is well; else Wrong, or an error of the database."""


def checks(url: str, now: datetime, catalogue: Catalogue | None = None, shelf: Shelf | None = None) -> Iterator[Check]:
    """Everything that can be looked at; the record itself only with a catalogue, exhibits only with where they
    lie, for that takes its time.

    `now` is by the clock that the database was written by: it is compared with what stands there.
    """
    try:
        engine = e.open_engine(url)
    except MediationError as fault:
        yield Check(what="数据库", sound=False, words=_told(None, fault))
        return
    try:
        yield from _of_the_database(url, engine, catalogue, now, shelf)
        yield from _of_its_place(engine)
    finally:
        engine.dispose()


def _of_the_database(
    url: str, engine: Engine, catalogue: Catalogue | None, now: datetime, shelf: Shelf | None
) -> Iterator[Check]:
    if not is_there(engine):
        yield Check(
            what="数据库", sound=False, words="还没有数据库；mediation init 新建，mediation db restore 恢复备份"
        )
        return
    try:
        engine.connect().close()
    except (*e.FAULTS, MediationError) as fault:
        yield Check(what="数据库", sound=False, words=_told(engine, fault))
        return
    for what, look in _looks(engine.dialect.name, url, catalogue, now, shelf):
        yield _check(engine, what, partial(_look, engine, look))


def _look(engine: Engine, look: Look) -> str:
    """One look, in a transaction of its own: after an error PostgreSQL says nothing more in the same one."""
    with SqlStore(engine).work(writes=False) as work:
        return look(work)


def _looks(
    dialect: str, url: str, catalogue: Catalogue | None, now: datetime, shelf: Shelf | None
) -> Iterator[tuple[str, Look]]:
    yield from OWN[dialect]
    yield "结构版本", _revision
    yield "数据表", _tables
    yield "只增不改", _guards
    if catalogue is not None:
        yield "记录与列表", partial(_record, catalogue)
        yield "名册与查阅", _beside
    if shelf is not None:
        yield "材料", partial(_exhibits, shelf)
    yield "自动办理", partial(_worker, now)
    yield "最近备份", partial(_backup, url, now)


def _worker(now: datetime, work: Work) -> str:
    """When a worker last turned, and whether messages wait for somebody's hand."""
    messages = SqlUnit(work, None).messages
    heartbeat, dead = messages.heartbeat(), len(messages.sendings(dead=True))
    if dead:
        raise Wrong(f"{dead} 条消息没有发到，已不再试：mediation message list 看原因，mediation message resend 重发")
    if aside := len(messages.parked()):
        raise Wrong(f"{aside} 项办不了，先搁着：网页“没有发到的消息”里看原因，改好后“再试一次”")
    if heartbeat is None:
        return "没有运行过；到期不会有提醒，其余不受影响"
    if heartbeat.age(now) > LONGEST_STILL:
        raise Wrong(f"{moment_words(heartbeat.at)} 以后没有运行，到期提醒会晚到；请运行 mediation worker")
    return f"{moment_words(heartbeat.at)} 看过一遍"


def _check(engine: Engine, what: str, look: Callable[[], str]) -> Check:
    try:
        return Check(what=what, sound=True, words=look())
    except (Wrong, OSError) as wrong:
        return Check(what=what, sound=False, words=str(wrong))
    except (*e.FAULTS, MediationError) as fault:
        return Check(what=what, sound=False, words=_told(engine, fault))


def _told(engine: Engine | None, fault: Exception) -> str:
    said = e.as_told(engine, fault) if engine and isinstance(fault, e.FAULTS) else fault
    return str(said.about.get("why", said)) if isinstance(said, MediationError) else str(said)


# -- SQLite


def _library(work: Work) -> str:
    return f"SQLite {work.connection.exec_driver_sql('SELECT sqlite_version()').scalar()}，没有已知的损坏缺陷"


def _setting(name: str, meaning: str, work: Work) -> str:
    words = work.pooled.info.get(READS_ONLY)
    if words:
        raise Wrong(f"现在只能看，不能写（{next(told for sign, told in REASONS.items() if sign in words)}）")
    found, wanted = work.connection.exec_driver_sql(f"PRAGMA {name}").scalar(), SETTINGS[name]
    if found != wanted:
        raise Wrong(f"{meaning}：没有做到（{name} 是 {found}，须为 {wanted}）")
    return meaning


def _pages(work: Work) -> str:
    found = work.connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    if found != ["ok"]:
        raise Wrong(f"文件有 {len(found)} 处损坏，请停止使用，恢复备份（mediation db restore）")
    return "逐页检查，没有损坏"


OF_SQLITE: tuple[tuple[str, Look], ...] = (
    ("程序库", _library),
    ("断电保护", partial(_setting, "synchronous", "每一步都写到磁盘才算办成，断电不丢")),
    ("写入方式", partial(_setting, "journal_mode", "先写日志再写正文，写到一半断电会自动复原")),
    ("引用检查", partial(_setting, "foreign_keys", "表与表之间的引用由数据库检查")),
    ("文件", _pages),
)


# -- PostgreSQL; a server whose settings are no sound ones is refused when one connects


def _server(work: Work) -> str:
    return f"PostgreSQL {work.execute(text('SHOW server_version')).scalar()}"


def _durable(work: Work) -> str:
    found = {name: work.execute(text(f"SHOW {name}")).scalar() for name in ("fsync", "synchronous_commit")}
    wrong = [f"{name} 是 {value}" for name, value in found.items() if value not in ("on", "remote_apply")]
    if wrong:
        raise Wrong(f"断电可能丢失已办成的：{'，'.join(wrong)}，须为 on")
    return "每一步都写到磁盘才算办成，断电不丢"


def _lasting(work: Work) -> str:
    passing = "SELECT relname FROM pg_class WHERE relpersistence = 'u' AND oid = to_regclass(:name)"
    found = [name for name in s.metadata.tables if work.execute(text(passing), {"name": name}).scalar()]
    if found:
        raise Wrong(f"表 {'、'.join(sorted(found))} 在断电后会被清空（UNLOGGED），须改为 LOGGED")
    return "断电后各表都在"


def _server_size(work: Work) -> str:
    size = work.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    return f"数据库 {_size(size)}；服务器磁盘的余量请由它的管理员照看"


OF_POSTGRESQL: tuple[tuple[str, Look], ...] = (
    ("程序库", _server),
    ("断电保护", _durable),
    ("写入方式", _lasting),
    ("磁盘空间", _server_size),
)
OWN = {"sqlite": OF_SQLITE, "postgresql": OF_POSTGRESQL}


# -- every database


def _revision(work: Work) -> str:
    found = revision_of(work.connection)
    if found is None:
        raise Wrong("还没有初始化；请运行 mediation init")
    if found != s.HEAD:
        raise Wrong(f"数据库是 {found}，程序需要 {s.HEAD}；请运行 mediation db upgrade，或换用相应版本的程序")
    return f"{found}，与程序相符"


def _tables(work: Work) -> str:
    missing = s.metadata.tables.keys() - set(inspect(work.connection).get_table_names())
    if missing:
        raise Wrong(f"缺少 {'、'.join(sorted(missing))}；请恢复备份")
    return f"{len(s.metadata.tables)} 张都在"


def _guards(work: Work) -> str:
    missing = unguarded(work.connection)
    if missing:
        why = "可能有人绕过程序改动过；请备份后恢复到新库（保护会重新建立），再校验"
        raise Wrong(f"只增不改的保护不完好（{'、'.join(sorted(missing))}）：{why}")
    return "数据库拒绝修改、删除已有的记录"


def _record(catalogue: Catalogue, work: Work) -> str:
    cases = faults = 0
    try:
        for _, found in audit_store(Within(work), catalogue):
            cases, faults = cases + 1, faults + sum(not f.known for f in found)
    except MediationError as fault:
        raise Wrong(str(fault)) from fault
    if faults:
        raise Wrong(f"校验 {cases} 件，发现 {faults} 处问题；是哪一件哪一条，见 mediation audit --all")
    return f"校验 {cases} 件，记录完整合规，列表与记录相符"


def _exhibits(shelf: Shelf, work: Work) -> str:
    found = [(row, shelf.look_at(row).fault) for row in Within(work).exhibits()]
    damaged = [f"案件 {row.case} 编号 {row.id[:8]}：{fault}" for row, fault in found if fault]
    if damaged:
        raise Wrong(
            f"{len(found)} 件材料中有 {len(damaged)} 件校验失败（{'；'.join(damaged[:MOST_NAMED])}）；请从备份取回"
        )
    return f"{len(found)} 件，文件都在，与存下时相同" if found else "还没有材料"


def _beside(work: Work) -> str:
    found = {chain: found for chain, found in audit_chains(Within(work)) if found}
    if found:
        where = "、".join(f"{chain.label} {len(found)} 处" for chain, found in found.items())
        raise Wrong(f"与登记的改动不符：{where}；是哪一笔，见 mediation audit --all")
    return "名册、人员、账号、令牌、查阅记录、自查说明，每一行与登记的改动相符"


def _backup(url: str, now: datetime, work: Work) -> str:
    """How the last backup went; wrong, too, where something recorded since has waited too long."""
    last = last_backup(url)
    opened, updated = s.case_list.c.opened, s.case_list.c.updated
    first, newest = (work.execute(select(found)).scalar() for found in (func.min(opened), func.max(updated)))
    if last is None:
        return _waiting("还没有在这台电脑上备份过", first, now) if first else "还没有记录，不需要备份"
    when = moment_words(last.at)
    if last.failed:
        raise Wrong(f"{when} 备份失败：{last.failed}")
    if newest in (None, last.newest):
        return f"{when}，存于 {last.file}；此后没有新的记录"
    return _waiting(f"{when}，存于 {last.file}；此后有新的记录", last.at, now)


def _waiting(words: str, since: datetime, now: datetime) -> str:
    if now - since > LONGEST_UNSAVED:
        raise Wrong(f"{words}，已超过 {LONGEST_UNSAVED.days} 天；请运行 mediation db backup")
    return words


# -- where it lies


def _of_its_place(engine: Engine) -> Iterator[Check]:
    path = file_of(engine)
    if path is not None:
        yield _check(engine, "磁盘空间", partial(_space, path))


def _space(path: Path) -> str:
    size = path.stat().st_size if path.exists() else 0
    folder = next(folder for folder in path.absolute().parents if folder.exists())
    free = shutil.disk_usage(folder).free
    words = f"剩余 {_size(free)}，数据库 {_size(size)}"
    if free < SPARE + 2 * size:
        raise Wrong(f"{words}：不够备份和升级用，请腾出空间")
    return words


def _size(count: float) -> str:
    for unit in ("字节", "KB", "MB", "GB"):
        if count < 1024:
            return f"{count:.0f} {unit}"
        count /= 1024
    return f"{count:.1f} TB"
