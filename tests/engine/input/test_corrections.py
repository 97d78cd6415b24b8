"""What a correction takes over from what was recorded."""

from __future__ import annotations

import pytest

from mediation_engine.errors import FormFaults
from mediation_engine.input.corrections import in_old_order, read_reason
from workflows.parts.member import AcceptMember

BOTH = ("party/2", "party/1")


def test_choices_of_several_that_are_the_same_stand_as_they_stood() -> None:
    old = AcceptMember(accepted_by=BOTH)
    assert in_old_order(old, AcceptMember(accepted_by=BOTH[::-1])) == old
    other = AcceptMember(accepted_by=("party/1", "party/3"))
    assert in_old_order(old, other) == other


@pytest.mark.parametrize("words", ["", "   ", "\u202e", "a\0", "\u200b", "字" * 5_000])
def test_a_reason_is_something_one_can_read(words: str) -> None:
    with pytest.raises(FormFaults):
        read_reason(words)


def test_a_reason_is_taken_without_the_blanks_around_it() -> None:
    assert read_reason("  少写了一个零\n") == "少写了一个零"
