"""A database in trouble: settings, a full disk, somebody else's lock, files that are gone or may not be written."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from unittest.mock import patch

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.adapters.sql import options
from mediation_engine.adapters.sql.sqlite import SETTINGS, SOUND
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Order
from mediation_engine.errors import MediationError, StoreNotReady, StoreUnavailable
from workflows.parts.block import RecordTalk
from workflows.parts.party import TellRights

from ..adapters.test_schema import nobody
from ..support.disks import small_disk
from ..support.story import NOW, Story
from .nursery import nursery
from .promises import unkept, unkept_after_reopening
from .target import SqliteTarget, Target
from .trial import CannotBeTried, DoesNotApply, Trial, fault

WAIT = 0.2
"""Seconds a writer waits in these trials, instead of the usual five."""
READING = 0.3
"""Seconds a reader may take, whoever holds the database."""
LONG = Text("长" * 20_000)


def sqlite_of(trial: Trial) -> SqliteTarget:
    """The trial's kind of database where it is SQLite."""
    if not isinstance(trial.target, SqliteTarget):
        raise DoesNotApply("只适用于 SQLite")
    return trial.target.anew()


@fault("F5", "每个连接的设置逐一读回", few=12, many=200)
def settings_read_back(trial: Trial) -> None:
    """On every connection of a pool, also on those made after others were lost."""
    target = sqlite_of(trial)
    trial.hold(target.driver.sqlite_version_info >= SOUND, f"SQLite {target.driver.sqlite_version} 太旧")
    with target.opened() as store:
        while trial.tried < trial.size:
            with ExitStack() as taken:
                for connection in [taken.enter_context(store.engine.connect()) for _ in range(6)]:
                    found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in SETTINGS}
                    trial.hold(found == SETTINGS, f"设置是 {found}")
                    trial.count()
                    if trial.random.random() < 0.3:
                        connection.invalidate()


def refusal(trial: Trial, write: Callable[[], object], sign: str) -> None:
    """A write that cannot succeed says so in Chinese, and why."""
    try:
        write()
    except StoreUnavailable as told:
        trial.hold(sign in told.sentence and "内容没有保存" in told.sentence, f"说的是“{told.sentence}”")
    else:
        trial.hold(False, "竟然写成了")


def reads_go_on(trial: Trial, story: Story, version: int) -> None:
    """What is there can be read, and soon."""
    began = perf_counter()
    trial.hold(story.case.version == version, "读到的不是原样")
    trial.hold(perf_counter() - began < READING, "读得太慢")


@fault("F18", "磁盘写满（页数上限）", few=4, many=50)
def pages_run_out(trial: Trial) -> None:
    """The database may not grow: a clear sentence, nothing partial, reads go on; once it may, the next try works."""
    for _ in trial.tries():
        target = sqlite_of(trial)
        with target.opened(FixedClock(NOW)) as store:
            story = Story(store, FixedClock(NOW)).accepted()
            fill_up(trial, target, story, limited(story), "磁盘空间不足")


def limited(story: Story) -> Callable[[bool], None]:
    """Sets and lifts a limit on the pages of the database, on the connection the story uses."""

    def limit(full: bool) -> None:
        with story.store.engine.connect() as connection:  # type: ignore[attr-defined]
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar() if full else 1 << 30
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    return limit


def fill_up(trial: Trial, target: Target, story: Story, limit: Callable[[bool], None], sign: str) -> None:
    """No room: refused whole; room again: done, at the same open door."""
    before, version = target.rows(), story.case.version
    order = story.order(RecordTalk(party="party/1", said=LONG))
    limit(True)
    for _ in range(3):
        refusal(trial, lambda: story.door.submit(order), sign)
        trial.hold(target.rows() == before, "写下了一部分")
        reads_go_on(trial, story, version)
    limit(False)
    trial.hold(story.door.submit(order) == story.door.submit(order), "腾出空间后没有办成")
    trial.hold_all(unkept(story.store), "腾出空间后")


@fault("F18", "磁盘写满（2 MB 的真磁盘）", few=2, many=20)
def disk_runs_full(trial: Trial) -> None:
    """The same on a real disk that somebody else fills."""
    sqlite_of(trial)
    for _ in trial.tries():
        with small_disk() as disk:
            if disk is None:
                raise CannotBeTried("不能挂载小磁盘（需要 root）")
            target = SqliteTarget(disk)
            with target.opened(FixedClock(NOW)) as store:
                story = Story(store, FixedClock(NOW)).accepted()
                fill_up(trial, target, story, lambda full: ballast(disk / "ballast", full), "磁盘")
            trial.hold_all(unkept_after_reopening(target), "重开后")


def ballast(path: Path, full: bool) -> None:
    """Fill all the room there is, or give it back."""
    if not full:
        path.unlink()
        return
    with path.open("wb", buffering=0) as heap:
        try:
            while heap.write(bytes(4096)):
                pass
        except OSError:
            return


@fault("F19", "数据库被另一进程占用", few=3, many=30)
def held_by_another(trial: Trial) -> None:
    """A write waits its time, then a clear sentence; reads go on; the holder dies, and whoever waits goes through."""
    target = sqlite_of(trial)
    with target.opened(FixedClock(NOW)) as store, nursery() as others:
        story = Story(store, FixedClock(NOW)).accepted()
        for _ in trial.tries():
            holder = others.born("hold", target.url, "it")
            list(others.hear(until="holds"))
            version, order = story.case.version, story.order(TellRights(), "party/1")
            waited_in_vain(trial, partial(story.door.submit, order))
            reads_go_on(trial, story, version)
            with ThreadPoolExecutor(1) as pool:
                waiting = pool.submit(story.door.submit, order)
                others.kill(holder)
                trial.hold(waiting.result().first == version + 1, "占用者死后没有办成")
        trial.hold_all(unkept(story.store), "放开后")


def waited_in_vain(trial: Trial, write: Callable[[], object]) -> None:
    """The write is refused, not before its time and not long after."""
    with patch.object(options, "LONGEST_WAIT", WAIT):
        began = perf_counter()
        refusal(trial, write, "正被其他程序占用")
        waited = perf_counter() - began
    trial.hold(WAIT <= waited < WAIT + READING, f"等了 {waited:.2f} 秒")


@fault("F18", "数据库文件不在、只读、进不去", few=2, many=20)
def files_out_of_reach(trial: Trial) -> None:
    """A clear sentence each time; nothing is made where nothing was; all is well when it is put right."""
    for _ in trial.tries():
        target = sqlite_of(trial)
        with target.opened(FixedClock(NOW)) as store:
            story = Story(store, FixedClock(NOW)).accepted()
            taken_away(trial, target, story)
        before = target.rows()
        gone(trial, target)
        with TemporaryDirectory() as name:
            barred(trial, SqliteTarget(Path(name)), target)
        trial.hold(target.rows() == before, "内容变了")
        trial.hold_all(unkept_after_reopening(target), "复原后")


def taken_away(trial: Trial, target: SqliteTarget, story: Story) -> None:
    """The file is moved away, or replaced by a copy, while it is in use: nothing is acknowledged that would be lost."""
    aside, order = target.path.with_suffix(".aside"), story.order(TellRights(), "party/1")
    target.path.rename(aside)
    refused_as_gone(trial, story, order)
    shutil.copy(aside, target.path)
    refused_as_gone(trial, story, order)
    aside.replace(target.path)
    trial.hold(story.door.submit(order).first > 0, "放回后没有办成")


def refused_as_gone(trial: Trial, story: Story, order: Order) -> None:
    try:
        story.door.submit(order)
    except StoreNotReady as told:
        trial.hold("被移走或换掉" in told.sentence, f"说的是“{told.sentence}”")
    else:
        trial.hold(False, "写进了已被移走的文件")


def gone(trial: Trial, target: SqliteTarget) -> None:
    """The file is not there."""
    aside = target.path.rename(target.path.with_suffix(".aside"))
    trial.hold(opening(target) is StoreNotReady, "文件不在，却打开了")
    trial.hold(not target.path.exists(), "打开时新建了空库")
    aside.rename(target.path)


def opening(target: Target) -> type[MediationError] | None:
    """With what opening is refused."""
    try:
        target.open().close()
    except (StoreNotReady, StoreUnavailable) as refused:
        return type(refused)
    return None


def barred(trial: Trial, shelf: SqliteTarget, target: SqliteTarget) -> None:
    """A copy that everybody may use; then nobody may write it, then nobody may reach it, then all is as it was."""
    folder = shelf.path.parent
    shutil.copy(target.path, shelf.path)
    for path, mode in ((folder.parent, 0o755), (folder, 0o777), (shelf.path, 0o444)):
        path.chmod(mode)
    with nobody(), shelf.opened(FixedClock(NOW)) as store:
        story = Story(MemoryStore(FixedClock(NOW)), FixedClock(NOW))
        story.store = story.door.store = store
        refusal(trial, partial(story.do, TellRights(), "party/1", id="told"), "数据库文件只读")
        trial.hold(story.case.version > 0, "只读时读不了")
    folder.chmod(0o000)
    with nobody():
        trial.hold(opening(shelf) is StoreUnavailable, "进不去，却打开了")
    folder.chmod(0o777)
    for file in folder.iterdir():  # the log was made with the rights the file then had
        file.chmod(0o666)
    with nobody(), shelf.opened(FixedClock(NOW)) as store:
        story.store = story.door.store = store
        trial.hold(story.do(TellRights(), "party/1", id="told").first > 0, "复原后没有办成")
