"""What the due sweep is measured beside: the driver alone, which leaves nothing out."""

from __future__ import annotations

from typing import Any

import pytest

from bench.claiming import claimed
from bench.sweep import clear, lay
from mediation_engine.adapters.sql.store import SqlStore
from mediation_engine.services.due_sweep import BATCH, sweep
from web.wiring import catalogue

from ..support.story import NOW

ITEMS = 2 * BATCH + 200


@pytest.fixture
def laid(database_store: SqlStore) -> SqlStore:
    lay(database_store, ITEMS)
    return database_store


def driven(store: SqlStore, *, told: bool) -> int:
    return claimed(store.engine.url.render_as_string(hide_password=False), NOW, told=told)


def rows(store: SqlStore, table: str) -> list[tuple[Any, ...]]:
    with store.work(writes=False) as work:
        [found] = work.ask((f"SELECT * FROM {table}", ()))
    return sorted(tuple(row) for row in found)


def test_the_driver_alone_writes_the_same_rows(laid: SqlStore) -> None:
    swept = sweep(laid, catalogue())
    assert swept.due == swept.messages == ITEMS
    ours = rows(laid, "claims"), rows(laid, "messages")
    clear(laid)
    assert driven(laid, told=True) == ITEMS
    assert (rows(laid, "claims"), rows(laid, "messages")) == ours


def test_the_driver_alone_claims_nothing_twice(laid: SqlStore) -> None:
    assert [driven(laid, told=False) for _ in range(2)] == [ITEMS, 0]
    assert len(rows(laid, "claims")) == ITEMS and not rows(laid, "messages")
