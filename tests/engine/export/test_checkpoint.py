"""Checkpoints: told apart by their signature."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from mediation_engine.audit import Checkpoint, Head, Standing
from mediation_engine.errors import FileFault
from mediation_engine.export.checkpoint import read_checkpoint, write_checkpoint
from mediation_engine.export.signing import new_key, public_half, read_key

pytestmark = pytest.mark.quick
KEY = read_key(new_key())
PUBLIC = public_half(KEY)
HELD = Checkpoint(
    cases={"A1": Head(version=3, digest="aa" * 32), "案": Head(version=1, digest="bb" * 32)},
    chains={"staff": Head(version=7, digest="cc" * 32)},
    erased={"A1": ("t1", "t2")},
)
OURS = write_checkpoint(HELD, "2026-11-23T01:00:00+00:00", KEY)


def read(raw: bytes, public: str | None = PUBLIC) -> Checkpoint:
    return read_checkpoint(raw, "c.json", public)


def altered(**changes: Any) -> bytes:
    return json.dumps(json.loads(OURS) | changes).encode()


def test_one_of_ours_is_known_by_its_signature_however_it_is_laid_out() -> None:
    assert read(OURS) == read(altered()) == replace(HELD, standing=Standing.OURS)


@pytest.mark.parametrize(
    "changes",
    [
        {"cases": {"A1": [3, "aa" * 32]}},
        {"cases": {"A1": [2, "aa" * 32], "案": [1, "bb" * 32]}},
        {"chains": {}},
        {"chains": {"staff": [8, "cc" * 32]}},
        {"erased": {}},
        {"made": "2026-11-23T01:00:01+00:00"},
        {"key": "00" * 32},
        {"format": "mediation-checkpoint/1"},
        {"signature": "00" * 64},
        {"signature": "no hex"},
    ],
)
def test_one_with_anything_altered_is_not(changes: dict[str, Any]) -> None:
    with pytest.raises(FileFault, match="不是本室的存证点"):
        read(altered(**changes))


def test_one_signed_by_somebody_else_is_not_whatever_key_it_names() -> None:
    theirs = write_checkpoint(HELD, "", read_key(new_key()))
    for raw in (theirs, json.dumps(json.loads(theirs) | {"key": PUBLIC}).encode()):
        with pytest.raises(FileFault, match="不是本室的存证点"):
            read(raw)


def test_one_without_a_signature_is_read_as_such() -> None:
    old = b'{"format":"mediation-checkpoint/1","made":"","cases":{"A1":[3,"aa"]}}'
    assert read(old) == Checkpoint(cases={"A1": Head(version=3, digest="aa")})
    assert read(altered(signature="")).standing is Standing.UNSIGNED
    assert read(write_checkpoint(HELD, "")).standing is Standing.UNSIGNED


def test_where_our_key_is_not_known_nobody_vouches_for_it() -> None:
    assert read(OURS, None).standing is Standing.UNKNOWN
