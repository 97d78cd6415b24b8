"""Every store keeps the contract; and what one kind of store promises beyond it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.adapters.sql import SqlStore, open_store
from mediation_engine.clock import FixedClock
from mediation_engine.errors import StoreUnavailable
from mediation_engine.ports.store import Store

from ..contracts.samples import NOTHING, ONE_OF_EVERYTHING, PROJECTION, everything, put_one_of_everything, rows_of
from ..contracts.store import StoreContract, seen


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self, clock: FixedClock) -> Store:
        return MemoryStore(clock)


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def store(self, sqlite: SqlStore) -> Store:
        return sqlite

    def test_what_is_written_is_there_when_the_file_is_opened_again(
        self, sqlite: SqlStore, database: Path, clock: FixedClock
    ) -> None:
        with sqlite.write() as unit:
            put_one_of_everything(unit)
        sqlite.close()
        again = open_store(f"sqlite:///{database}", clock)
        assert seen(again) == ONE_OF_EVERYTHING
        again.close()

    def test_two_programs_at_one_file_keep_their_snapshots_too(
        self, sqlite: SqlStore, database: Path, clock: FixedClock
    ) -> None:
        other = open_store(f"sqlite:///{database}", clock)
        with sqlite.read() as early:
            with other.write() as unit:
                put_one_of_everything(unit)
            assert everything(early) == NOTHING
        assert seen(sqlite) == ONE_OF_EVERYTHING
        other.close()

    def test_a_stray_row_in_a_list_does_not_bar_the_next_change(self, sqlite: SqlStore) -> None:
        with sqlite.write() as unit:
            unit.views.change(None, PROJECTION)
        nothing_was_waited_for = rows_of("A")
        with sqlite.write() as unit:
            unit.views.change(nothing_was_waited_for, PROJECTION)
        with sqlite.read() as unit:
            assert unit.views.projection("A") == PROJECTION

    def test_a_writer_that_waits_in_vain_is_told_so(self, sqlite: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("mediation_engine.adapters.sql.options.LONGEST_WAIT", 0)
        with sqlite.write(), pytest.raises(StoreUnavailable, match="正被其他程序占用"), sqlite.write():
            pass

    def test_a_reader_for_whom_no_connection_is_left_is_told_so(
        self, sqlite: SqlStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pool = sqlite.engine.pool
        monkeypatch.setattr(pool, "_timeout", 0)
        with ExitStack() as readers:
            for _ in range(pool.size() + pool._max_overflow):  # type: ignore[attr-defined]
                readers.enter_context(sqlite.read())
            with pytest.raises(StoreUnavailable, match="正被其他程序占用"), sqlite.read():
                pass


class TestPostgresStore(StoreContract):
    @pytest.fixture
    def store(self, postgres: SqlStore) -> Store:
        return postgres
