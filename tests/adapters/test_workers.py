"""Real workers at real databases: killed, stopped, several at once; their ticks; and the one beside the pages."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

import pytest

from mediation_engine.adapters.files import write_whole
from mediation_engine.adapters.scheduler import JOB, Ticker
from mediation_engine.adapters.sql import SqlStore, open_store
from mediation_engine.clock import system_clock
from mediation_engine.domain.formatting import CHINA
from mediation_engine.ports.messages import Contact
from mediation_engine.ports.store import Store
from mediation_engine.read_models.projections import DueDate, Projection

from ..console.test_serve import asked, served
from ..contracts.samples import rows_of
from ..support.mail import Behaviour, mail_server
from ..support.story import STAFF
from ..support.thorough import much

FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
WORKERS, ITEMS = 4, much(200, 2000)
LONG = float(much(120, 900))
"""Seconds after which something will never be."""
SLOW = (*["250 OK"] * 24, "451 try later", *["250 OK"] * 24, "drop")
"""What the mail server does, again and again: of fifty it refuses one for now, and takes one without a word."""
START = "from web.console import start; start()"
STOPPING = f"""
import os, select, signal
from mediation_engine.adapters.sql.messages import SqlMessages

put = SqlMessages.put

def stopping(self, messages, sendings):
    messages = list(messages)
    put(self, messages, sendings)
    if messages:
        SqlMessages.put = put
        os.kill(os.getpid(), signal.SIGSTOP)
        select.select([], [], [], 0.5)  # until all threads stand still

SqlMessages.put = stopping
{START}"""
"""A worker that stops in the middle of its first transaction: the claims are written, it is not committed."""


def soon(holds: Callable[[], Any], what: str = "") -> Any:
    """What something says as soon as it says anything; AssertionError where it never does."""
    until = monotonic() + LONG
    while monotonic() < until:
        if said := holds():
            return said
        Event().wait(0.05)
    raise AssertionError(what or "never")


@contextmanager
def working(
    folder: Path, url: str, *words: str, code: str = START, log: str = "said", **given: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of one's own, killed in the end where it is still there."""
    command = [sys.executable, "-c", code, "worker", *words]
    with (folder / log).open("ab") as said:
        environment = os.environ | {"MEDIATION_DB": url} | given.pop("env", {})
        environment = {name: value for name, value in environment.items() if value}
        worker = subprocess.Popen(command, cwd=folder, stderr=said, env=environment, **given)
        try:
            yield worker
        finally:
            if worker.poll() is None:
                worker.send_signal(signal.SIGCONT)
                worker.kill()
            worker.wait(30)


def said(folder: Path, log: str = "said") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / log).read_text("utf-8").splitlines()]


@pytest.fixture(params=["sqlite", "postgres"])
def real(request: pytest.FixtureRequest, database: Path) -> Iterator[SqlStore]:
    """Each kind of database by the real time."""
    url = f"sqlite:///{database}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    store = open_store(url)
    with store.write() as unit:
        for actor in STAFF.values():
            unit.register.put_actor(actor)
        unit.messages.put_contact(Contact(actor="li", channel="mail", address="li@example.cn"))
    yield store
    store.close()


def url_of(store: SqlStore, **given: str) -> str:
    return store.engine.url.update_query_dict(given).render_as_string(hide_password=False)


def fall_due(store: Store, *numbers: int) -> None:
    """Cases with a visit that fell due today, yesterday or the day before, in one transaction."""
    with store.write() as unit:
        today = unit.now.astimezone(CHINA).date()  # by the clock of the database, as the worker has it
        for number in numbers:
            case = f"C{number}"
            due = DueDate(case=case, instance="visit/1", kind="visit", due=today - timedelta(days=number % 3))
            unit.views.change(None, Projection(row=rows_of(case).row, dues=frozenset({due})))


def settings(folder: Path, port: int) -> None:
    (folder / "config.toml").write_text(
        f"[worker]\ntick = 1\n[messages]\nretry = 1\n"
        f'[mail]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nfrom = "room@example.cn"\n'
    )


def count(store: SqlStore, of: str) -> int:
    with store.work(writes=False) as work:
        [[[found]]] = work.ask((f"SELECT count(*) FROM {of}", ()))  # words of the tests
    return int(found)


def is_stopped(worker: subprocess.Popen[bytes]) -> bool:
    return Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


@pytest.mark.wall_clock
def test_of_four_workers_one_killed_and_one_stopped_each_item_is_told_once_and_none_is_lost(
    real: SqlStore, tmp_path: Path
) -> None:
    """Killed with its claims in hand; stopped with them until its turn is over: on PostgreSQL the server ends that
    (here after two seconds) and others go on; on SQLite all others wait, and say so."""
    behaviour = Behaviour(list(SLOW) * (ITEMS // len(SLOW)))
    on_server = real.engine.dialect.name == "postgresql"
    short = {"options": "-c lock_timeout=5s -c idle_in_transaction_session_timeout=2s"} if on_server else {}
    fall_due(real, *range(ITEMS // 2))
    with mail_server(behaviour) as port, ExitStack() as workers:
        settings(tmp_path, port)

        def begin(name: str, code: str = START, **query: str) -> subprocess.Popen[bytes]:
            return workers.enter_context(working(tmp_path, url_of(real, **query), code=code, log=name))

        killed = begin("killed", STOPPING)
        soon(lambda: is_stopped(killed), "stopped with claims in hand")
        killed.kill()
        killed.wait(30)
        assert count(real, "claims") == count(real, "messages") == 0
        stopped = begin("stopped", STOPPING, **short)
        soon(lambda: is_stopped(stopped), "stopped with claims in hand")
        others = [f"worker{n}" for n in range(WORKERS - 2)]
        for name in others:
            begin(name)
        if on_server:
            soon(lambda: count(real, "messages") == ITEMS // 2, "what the stopped one had is taken over")
        else:
            soon(lambda: any(it["event"] == "unavailable" for name in others for it in said(tmp_path, name)))
            assert count(real, "messages") == 0
        stopped.send_signal(signal.SIGCONT)
        for number in range(ITEMS // 2, ITEMS, 5):
            fall_due(real, *range(number, number + 5))
        soon(lambda: count(real, "messages") == ITEMS, "all were told")
        soon(lambda: count(real, "sendings WHERE sent IS NOT NULL") == ITEMS, "all were sent")
        names = ["stopped", *others]
        soon(lambda: all(any(it["event"] == "turned" for it in said(tmp_path, name)) for name in names), "all had part")
    with real.read() as unit:
        told = unit.messages.of("li", most=ITEMS + 10)
    assert {it.case for it in told} == {f"C{n}" for n in range(ITEMS)}
    assert sum(it.late for it in told) == sum(n % 3 > 0 for n in range(ITEMS))
    assert count(real, "claims") == ITEMS
    turns = [it for name in names for it in said(tmp_path, name) if it["event"] == "turned"]
    assert sum(it["swept"]["due"] for it in turns) <= ITEMS, "what one has claimed no other claims"
    arrived = Counter(behaviour.ids)
    assert set(arrived) == {it.id for it in told}
    unanswered = SLOW.count("drop") * (ITEMS // len(SLOW))
    assert (behaviour.first, arrived.total()) == ([], ITEMS + unanswered), "none is sent twice but what nobody answered"
    everything = [it for name in names for it in said(tmp_path, name)]
    assert {it["event"] for it in everything} <= {"working", "turned", "ended", "unavailable"}
    assert {it.get("fault") for it in everything} <= {None, "StoreUnavailable", "StoreInterrupted"}


@pytest.mark.wall_clock
def test_a_mail_in_the_hands_of_one_killed_or_stopped_past_its_turn_is_sent_by_another_under_the_same_id(
    real: SqlStore, tmp_path: Path
) -> None:
    behaviour = Behaviour(["hang", "hang"])
    with mail_server(behaviour) as port:
        settings(tmp_path, port)
        with working(tmp_path, url_of(real), log="killed") as killed:
            fall_due(real, 1)
            soon(lambda: len(behaviour.got) == 1)
            killed.kill()
        with working(tmp_path, url_of(real), log="stopped") as stopped:
            fall_due(real, 2)
            soon(lambda: len(behaviour.got) == 2)
            stopped.send_signal(signal.SIGSTOP)
            assert len(set(behaviour.ids)) == 2, "what one has in hand no other takes"
            with real.write() as unit:  # its turn is over: nobody waits here for five minutes
                for _, it in unit.messages.sendings(dead=False):
                    unit.messages.put_sending(replace(it, next=unit.now))
            with working(tmp_path, url_of(real), log="other"):
                soon(lambda: count(real, "sendings WHERE sent IS NOT NULL") == 2)
                behaviour.leaving.set()
                stopped.send_signal(signal.SIGCONT)
                soon(lambda: any(it["event"] == "turned" for it in said(tmp_path, "stopped")))
    assert sorted(Counter(behaviour.ids).values()) == [2, 2]
    assert count(real, "sendings WHERE sent IS NULL") == 0


@pytest.mark.wall_clock
@pytest.mark.skipif(not FAKETIME, reason="there is no faketime")
@pytest.mark.parametrize("hours", [-1, 1])
def test_with_the_wall_clock_an_hour_back_or_forward_a_worker_goes_on(
    database: Path, tmp_path: Path, hours: int
) -> None:
    """A real worker whose clock is set while it runs; what passes meanwhile is real time."""
    store = open_store(f"sqlite:///{database}")
    with store.write() as unit:
        for actor in STAFF.values():
            unit.register.put_actor(actor)
    (tmp_path / "config.toml").write_text("[worker]\ntick = 1\n")
    base, clock = int(os.environ.get("FAKETIME", "+0s").rstrip("s")), tmp_path / "clock"
    environment = {
        "LD_PRELOAD": str(FAKETIME[0]),
        "FAKETIME": "",
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        "NO_FAKE_STAT": "1",
    }

    def set_clock(seconds: int) -> None:
        write_whole(clock, f"{base + seconds:+d}s\n".encode())

    def written(number: int) -> datetime:
        """When it was told of a case, by the clock of the worker."""

        def held() -> list[datetime]:
            with store.read() as unit:
                return [it.written for it in unit.messages.of("li") if it.case == f"C{number}"]

        [at] = soon(held)
        return at

    def fell_due(number: int) -> DueDate:
        day = (system_clock() - timedelta(days=2)).astimezone(CHINA).date()
        return DueDate(case=f"C{number}", instance="visit/1", kind="visit", due=day)

    set_clock(0)
    with working(tmp_path, f"sqlite:///{database}", env={**environment}):
        for number, shift in enumerate([0, hours * 3600, 0]):
            set_clock(shift)
            with store.write() as unit:
                row = rows_of(f"C{number}").row
                unit.views.change(None, Projection(row=row, dues=frozenset({fell_due(number)})))
            drift = (written(number) - system_clock()).total_seconds()
            assert abs(drift - shift) < 60, "it had the clock that was set, and did not wait for it"
    store.close()


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
