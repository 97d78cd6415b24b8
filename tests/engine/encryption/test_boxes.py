"""Boxes open at their own place, with their own key, and unaltered; the room's key wraps, finds and is printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation_engine.encryption.boxes import OVERHEAD, Place, new_key, opened, shut
from mediation_engine.encryption.room_key import LINES, digits_in, from_paper, new_secret, paper_copy, read_secret
from mediation_engine.errors import BoxUnreadable
from mediation_engine.ids import seeded_randomness

pytestmark = pytest.mark.quick

PLACES = st.lists(st.text() | st.integers(), max_size=3).map(tuple)
RANDOM = seeded_randomness(7)


@given(st.binary(max_size=300), PLACES)
def test_what_was_shut_opens(plain: bytes, place: Place) -> None:
    key = new_key(RANDOM)
    box = shut(key, plain, place, RANDOM)
    assert opened(key, box, place) == plain
    assert len(box) == len(plain) + OVERHEAD


@given(PLACES, PLACES)
def test_a_box_opens_nowhere_else(place: Place, other: Place) -> None:
    if tuple(map(str, place)) == tuple(map(str, other)):
        return
    key = new_key(RANDOM)
    with pytest.raises(BoxUnreadable):
        opened(key, shut(key, b"330784", place, RANDOM), other)


@given(st.integers(0, OVERHEAD + 5), st.integers(1, 255))
def test_a_box_with_one_byte_changed_does_not_open(at: int, by: int) -> None:
    key = new_key(RANDOM)
    box = bytearray(shut(key, b"330784", (), RANDOM))
    box[at % len(box)] ^= by
    with pytest.raises(BoxUnreadable):
        opened(key, bytes(box), ())


@pytest.mark.parametrize("box", [b"", b"\x01", b"\x02" + bytes(60), bytes(60)])
def test_what_is_no_box_is_told(box: bytes) -> None:
    with pytest.raises(BoxUnreadable):
        opened(new_key(RANDOM), box, ())


def test_the_same_in_two_boxes_looks_different() -> None:
    key = new_key(RANDOM)
    assert shut(key, b"same", (), RANDOM) != shut(key, b"same", (), RANDOM)


def test_another_rooms_key_opens_nothing_and_finds_nothing() -> None:
    ours, theirs = read_secret(new_secret(RANDOM)), read_secret(new_secret(RANDOM))
    key = new_key(RANDOM)
    wrapped = ours.wrap(key, ("people", "P1"), RANDOM)
    assert ours.unwrap(wrapped, ("people", "P1")) == key
    with pytest.raises(BoxUnreadable):
        theirs.unwrap(wrapped, ("people", "P1"))
    assert ours.index("phone", "13800138000") == ours.index("phone", "13800138000")
    assert ours.index("phone", "13800138000") != ours.index("number", "13800138000")
    assert ours.index("phone", "13800138000") != theirs.index("phone", "13800138000")


def test_a_printed_key_can_be_typed_again() -> None:
    kept = new_secret(RANDOM)
    lines = [digits_in(n, line) for n, line in enumerate(paper_copy(kept), start=1)]
    assert len(lines) == LINES
    assert from_paper([line or "" for line in lines]) == kept


def test_a_line_misread_or_in_another_place_is_noticed() -> None:
    lines = paper_copy(new_secret(seeded_randomness(7)))
    missed = 0
    for n, line in enumerate(lines, start=1):
        for at, digit in enumerate(line.replace(" ", "")[:16]):
            for other in "0123456789abcdef".replace(digit, ""):
                typed = line.replace(" ", "")
                missed += digits_in(n, typed[:at] + other + typed[at + 1 :]) is not None
    assert missed < 16 * 15 * len(lines) / 100  # two digits find all but one in 256
    assert digits_in(1, lines[0].upper())
    assert digits_in(1, "") is None
    with pytest.raises(ValueError, match="no room key"):
        from_paper(["0" * 16] * 3)
