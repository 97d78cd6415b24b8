"""The watch over the one time of a test finds whatever mixes two."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from mediation_engine.adapters.sql import open_store
from mediation_engine.clock import FixedClock, system_clock
from web.console.main import run

from .one_time import INJECTED, REAL, MixedTimes, knowing
from .story import Story

ROOT = Path(__file__).parents[2]
PACKAGES = ("mediation_engine", "workflows", "web")


def test_a_database_written_by_an_injected_clock_and_checked_by_the_real_one(kept: Story, database: Path) -> None:
    kept.effective()
    with pytest.raises(MixedTimes), knowing(INJECTED):
        run(["--db", str(database), "db", "check"])
    assert run(["--db", str(database), "db", "check"], kept.clock) == 0


def test_and_in_a_process_of_its_own(kept: Story, database: Path) -> None:
    kept.effective()
    program = [sys.executable, "-c", "from web.console import start; start()", "--db", str(database), "db", "check"]
    ended = subprocess.run(program, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "MixedTimes: the real time was read" in ended.stderr


def test_a_server_asked_for_its_time(postgres_url: str) -> None:
    store = open_store(postgres_url)
    with pytest.raises(MixedTimes), knowing(INJECTED), store.read() as unit:
        _ = unit.now
    store.close()


def test_what_somebody_catches_is_found_at_the_end() -> None:
    with pytest.raises(MixedTimes), knowing(INJECTED), suppress(AssertionError):
        system_clock()


def test_where_the_real_time_is_known_an_injected_one_is_not(clock: FixedClock) -> None:
    with pytest.raises(MixedTimes), knowing(REAL):
        clock()
    assert clock() == clock.now


@pytest.mark.wall_clock
def test_a_test_that_says_so_reads_the_real_time_and_no_other(clock: FixedClock) -> None:
    assert system_clock() <= system_clock()
    with pytest.raises(MixedTimes), knowing(REAL):
        clock()


def test_in_one_place_alone_a_statement_asks_a_database_for_the_time() -> None:
    asks = re.compile(r"clock_timestamp|current_(timestamp|date|time)\b|func\.now|SELECT now\(|'now'", re.IGNORECASE)
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    asking = [file for file in files if asks.search(file.read_text(encoding="utf-8"))]
    assert [file.name for file in asking] == ["postgresql.py"]
