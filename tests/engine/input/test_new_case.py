"""The id of what is known outside by a number: however somebody types the number, it is one."""

from __future__ import annotations

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.input.new_case import id_to_open
from workflows.rules_2026.alert import ALERT
from workflows.rules_2026.matter import MATTER
from workflows.zone.alert.inbox import PushAlert
from workflows.zone.alert.vocabulary import Trouble
from workflows.zone.matter.entry import RegisterMatter


def opened(number: str | None, organisation: str = "room") -> str | None:
    pushed = PushAlert(
        number=number, district="east", trouble=Trouble.FIGHT, words=Text("打架"), organisation=organisation
    )
    return id_to_open(ALERT, pushed, organisation)


@pytest.mark.parametrize("typed", ["JQ-Z1", "ＪＱ－Ｚ１", "jq-z1", " JQ -Z1", "JQ-Z1\u200b"])
def test_a_number_is_one_however_wide_or_spaced_it_is_typed(typed: str) -> None:
    assert opened(typed) == opened("JQ-Z1")


def test_another_number_and_the_same_of_another_organisation_are_others() -> None:
    assert len({opened("JQ-Z1"), opened("JQ-Z2"), opened("JQ-Z1", "other")}) == 3
    assert opened(None) is None


def test_whose_number_it_is_and_the_number_are_told_apart() -> None:
    told = [
        ("四平台", "GD 9", "grid"),
        ("四平台 GD", "9", "grid"),
        ("grid", "9", "grid"),
        (None, "9", "grid"),
        (None, "9", "errand"),
    ]
    matters = (
        RegisterMatter(kind=kind, origin=origin, number=number, words=Text("某事"), organisation="room")
        for origin, number, kind in told
    )
    assert len({id_to_open(MATTER, it, "room") for it in matters}) == len(told)
