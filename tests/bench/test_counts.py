"""What an order and a case may cost in what is written: no machine changes it, and it does not grow unnoticed."""

from __future__ import annotations

import pytest

from bench import counts
from mediation_engine.clock import FixedClock

from ..support.story import NOW

FRAMES, BYTES = 8.6, 13_000
"""Reached, with a little room; the goals are those of the bench, which lays more cases down first."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    figures = counts.figures(tmp_path_factory.mktemp("counts"), laid=200, open_=30, clock=FixedClock(NOW))
    return {f.unit: f.value.median for f in figures}


def test_a_commit_writes_no_more_pages_than_it_did(found: dict[str, float]) -> None:
    assert 3 < found["页"] <= FRAMES


def test_a_case_takes_no_more_room_in_the_record_than_it_did(found: dict[str, float]) -> None:
    assert 8_000 < found["字节"] <= BYTES
