"""What is made up for an order comes from its id, within its case or its organisation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mediation_engine.errors import CaseIdReserved
from mediation_engine.ids import RESERVED, new_case_id
from mediation_engine.input.new_people import bytes_from

from ...support.story import FIRM, WORKER, Story, register


def test_the_same_id_of_the_same_organisation_opens_the_same_case() -> None:
    assert new_case_id(bytes_from("room", "k1")) == new_case_id(bytes_from("room", "k1"))


def test_and_of_another_organisation_another_one() -> None:
    assert new_case_id(bytes_from("room", "k1")) != new_case_id(bytes_from("hall", "k1"))


def test_scope_and_id_do_not_run_into_each_other() -> None:
    assert new_case_id(bytes_from("room", "1\n2")) != new_case_id(bytes_from("room\n1", "3"))


@pytest.mark.parametrize("reserved", sorted(RESERVED))
def test_no_case_is_called_as_a_page_is(story: Story, reserved: str) -> None:
    order = story.order(register(), workflow="fast_track_2026")
    with pytest.raises(CaseIdReserved, match=reserved):
        story.door.submit(replace(order, case=reserved), (WORKER, FIRM))
