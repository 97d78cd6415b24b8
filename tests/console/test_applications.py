"""`mediation application …`: those whose cases nobody has registered yet."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from mediation_engine.adapters.sql import SqlStore
from mediation_engine.clock import FixedClock

from ..support.story import Story, register
from .test_accounts import mediation

__all__ = ["mediation"]

Mediation = Callable[..., str]


@pytest.fixture
def applied(sqlite: SqlStore, clock: FixedClock) -> Story:
    return Story(sqlite, clock).submitted(amount_claimed=1_800_000)


def test_they_are_listed_with_what_is_due(mediation: Mediation, applied: Story) -> None:
    said = mediation("application", "list", "--as", "li")
    assert "王某" in said and "某五金厂" in said and "2026年11月26日" in said
    [row] = json.loads(mediation("application", "list", "--as", "li", "--json"))
    assert (row["case"], row["last"], row["at_window"], row["files"]) == ("A1", "2026-11-26", False, 0)
    with applied.store.read() as unit:
        assert [read.what for read in unit.views.reads("")] == ["applications 1"] * 2


def test_those_registered_are_not(mediation: Mediation, applied: Story) -> None:
    applied.do(register(track="labour_mediation"))
    assert "没有等着登记的申请" in mediation("application", "list", "--as", "li")


def test_they_are_for_who_mediates(mediation: Mediation, applied: Story) -> None:
    assert "调解员或室主任" in mediation("application", "list", "--as", "chen", code=3)
