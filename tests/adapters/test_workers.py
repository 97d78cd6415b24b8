"""Real workers at real databases: killed, stopped, several at once; their ticks; and the one beside the pages."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

import pytest

from mediation_engine.adapters.scheduler import JOB, Ticker
from mediation_engine.adapters.sql import SqlStore, open_store
from mediation_engine.clock import system_clock
from mediation_engine.domain.formatting import CHINA
from mediation_engine.ports.messages import Contact
from mediation_engine.ports.store import Store
from mediation_engine.read_models.projections import DueDate, Projection

from ..console.test_serve import asked, served
from ..contracts.samples import rows_of
from ..support.story import STAFF
from ..support.thorough import much

WORKERS, ITEMS = 4, much(200, 2000)
LONG = 120.0
"""Seconds after which something will never be."""


def soon(holds: Callable[[], Any], what: str = "") -> Any:
    """What something says as soon as it says anything; AssertionError where it never does."""
    until = monotonic() + LONG
    while monotonic() < until:
        if said := holds():
            return said
        Event().wait(0.05)
    raise AssertionError(what or "never")


@contextmanager
def working(folder: Path, url: str, *words: str, **given: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of one's own, killed in the end where it is still there."""
    command = [sys.executable, "-c", "from web.console import start; start()", "worker", *words]
    with (folder / "said").open("ab") as said:
        worker = subprocess.Popen(command, cwd=folder, stderr=said, env=os.environ | {"MEDIATION_DB": url}, **given)
        try:
            yield worker
        finally:
            if worker.poll() is None:
                worker.send_signal(signal.SIGCONT)
                worker.kill()
            worker.wait(30)


def said(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "said").read_text("utf-8").splitlines()]


@pytest.fixture(params=["sqlite", "postgres"])
def real(request: pytest.FixtureRequest, database: Path) -> Iterator[SqlStore]:
    """Each kind of database by the real time."""
    url = f"sqlite:///{database}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    store = open_store(url)
    with store.write() as unit:
        for actor in STAFF.values():
            unit.register.put_actor(actor)
        unit.messages.put_contact(Contact(actor="li", channel="spool", address="13800000000"))
    yield store
    store.close()


def url_of(store: SqlStore) -> str:
    return store.engine.url.render_as_string(hide_password=False)


def fall_due(store: Store, number: int) -> None:
    case = f"C{number}"
    with store.write() as unit:
        today = unit.now.astimezone(CHINA).date()  # by the clock of the database, as the worker has it
        due = DueDate(case=case, instance="visit/1", kind="visit", due=today - timedelta(days=number % 3))
        unit.views.change(None, Projection(row=rows_of(case).row, dues=frozenset({due})))


@pytest.mark.wall_clock
def test_of_four_workers_one_killed_and_one_stopped_each_item_is_told_once_and_none_is_lost(
    real: SqlStore, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text('[worker]\ntick = 1\n[spool]\nfolder = "out"\n')
    with (
        working(tmp_path, url_of(real)) as one,
        working(tmp_path, url_of(real)) as two,
        working(tmp_path, url_of(real)),
        working(tmp_path, url_of(real)),
    ):
        soon(lambda: sum(it["event"] == "working" for it in said(tmp_path)) == WORKERS, "four began")
        for number in range(ITEMS):
            fall_due(real, number)
            if number == ITEMS // 4:
                one.kill()
            if number == ITEMS // 2:
                two.send_signal(signal.SIGSTOP)
            if number == ITEMS * 3 // 4:
                two.send_signal(signal.SIGCONT)
        soon(lambda: len(messages(real)) == ITEMS, "all were told")
        with real.write() as unit:  # what the killed one had in hand is its own for some minutes: nobody waits here
            for _, it in unit.messages.sendings(dead=False):
                unit.messages.put_sending(it.__class__(message=it.message, channel=it.channel, next=unit.now))
        soon(lambda: len(list((tmp_path / "out").glob("*.json"))) == ITEMS, "all were sent")
    told = messages(real)
    assert {it.case for it in told} == {f"C{n}" for n in range(ITEMS)}
    assert len(told) == ITEMS
    assert sum(it.late for it in told) == sum(n % 3 > 0 for n in range(ITEMS))
    with real.work(writes=False) as work:
        [[[claims]]] = work.ask(("SELECT count(*) FROM claims", ()))
    assert claims == ITEMS
    assert {it["event"] for it in said(tmp_path)} <= {"working", "turned", "ended", "unavailable"}
    assert {it.get("fault") for it in said(tmp_path)} <= {None, "StoreUnavailable", "StoreInterrupted"}


def messages(store: Store) -> list[Any]:
    with store.read() as unit:
        return unit.messages.of("li", most=ITEMS + 10)


@pytest.mark.wall_clock
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_ends_cleanly_when_it_is_told_to(database: Path, tmp_path: Path, number: signal.Signals) -> None:
    with working(tmp_path, f"sqlite:///{database}") as worker:
        soon(lambda: said(tmp_path))
        soon(lambda: heartbeat(database))
        worker.send_signal(number)
        assert worker.wait(30) == 0
    assert [it["event"] for it in said(tmp_path)] == ["working", "ended"]


@pytest.mark.wall_clock
def test_and_when_its_pipe_is_closed(database: Path, tmp_path: Path) -> None:
    with working(tmp_path, f"sqlite:///{database}", "--while-open", stdin=subprocess.PIPE) as worker:
        soon(lambda: heartbeat(database))
        assert worker.stdin is not None
        worker.stdin.close()
        assert worker.wait(30) == 0


def heartbeat(database: Path) -> Any:
    store = open_store(f"sqlite:///{database}")
    with store.read() as unit:
        found = unit.messages.heartbeat()
    store.close()
    return found


def children(parent: int) -> list[int]:
    """The workers of a server, by their ids."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat, words = (folder / "stat").read_text(), (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if int(stat.rpartition(")")[2].split()[1]) == parent and b"--while-open" in words:
            found.append(int(folder.name))
    return found


def is_there(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


@pytest.mark.wall_clock
@pytest.mark.parametrize("stopped_by", [signal.SIGTERM, signal.SIGKILL])
def test_beside_the_pages_one_worker_turns_is_begun_again_and_goes_with_them(
    database: Path, tmp_path: Path, stopped_by: signal.Signals
) -> None:
    database.rename(tmp_path / "m.db")
    with served(tmp_path, "--with-worker", stop=stopped_by) as (address, told, pid):
        assert soon(lambda: "worker_seconds" in json.loads(asked(f"{address}/healthz")))
        [first] = children(pid)
        os.kill(first, signal.SIGKILL)
        second = soon(lambda: [it for it in children(pid) if it != first])
        assert len(second) == 1
    soon(lambda: not is_there(second[0]), "it goes with them")
    assert not any("Traceback" in line for line in told), told


class TestTicker:
    @pytest.mark.wall_clock
    def test_it_ticks_again_after_two_ticks_though_its_next_run_is_an_hour_away(self) -> None:
        """As it is when the clock was put back by an hour."""
        ticks, ticker = [], Ticker(lambda: ticks.append(monotonic()), 0.1, system_clock)
        running = Thread(target=ticker.run)
        running.start()
        soon(lambda: ticks)
        ticker.scheduler.modify_job(JOB, next_run_time=system_clock() + timedelta(hours=1))
        before = len(ticks)
        soon(lambda: len(ticks) > before + 1)
        ticker.stop()
        running.join(10)
        assert not running.is_alive()

    @pytest.mark.wall_clock
    def test_a_long_tick_is_not_met_by_a_second_one_and_is_waited_for(self) -> None:
        together, most, leave = [0], [0], Event()

        def tick() -> None:
            together[0] += 1
            most[0] = max(most[0], together[0])
            leave.wait(1)
            together[0] -= 1

        ticker = Ticker(tick, 0.1, system_clock)
        running = Thread(target=ticker.run)
        running.start()
        soon(lambda: most[0])
        Event().wait(0.5)
        ticker.stop()
        leave.set()
        running.join(10)
        assert (most[0], together[0]) == (1, 0)
