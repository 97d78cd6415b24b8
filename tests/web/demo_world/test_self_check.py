"""What the self-check finds in the made-up room: nothing heavy, and nothing but what its stories leave out."""

from __future__ import annotations

import pytest

from mediation_engine.domain.self_check import Weight
from mediation_engine.services.exhibits import Shelf
from web.demo_world.room import BY_ID
from web.presenters.self_check_all import Asked, CheckBook, Checking
from workflows.self_check.heads import USUAL

from ...support.exhibits import ROOM_KEY
from .test_demo_world import MONDAY, Told

LEFT_OUT = {"place_missing", "no_talks", "oral_though_owed"}
"""Papers that nobody filed, talks that are not told, an oral agreement to be performed later."""


@pytest.fixture(scope="module")
def told() -> Told:
    return Told(MONDAY)


def test_no_rule_cries_at_what_is_in_order(told: Told) -> None:
    wang = BY_ID["wang"]
    shelf = Shelf(blobs=told.world.exhibits.blobs, room_key=ROOM_KEY)
    checking = Checking(
        door=told.door, actor=wang, office=next(iter(wang.offices)), policy=USUAL, shelf=shelf, book=CheckBook()
    )
    found = checking.overview(Asked())
    assert {rule.code for rule, _, _ in found.rules} == LEFT_OUT
    assert all(one.weight is not Weight.HEAVY for it in found.cases for one in it.open)
    assert {it.rule.code for it in found.flags} == {"visits_in_one_minute"}
