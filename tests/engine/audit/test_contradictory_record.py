"""A record whose lines speak of things that no line tells of, for some were taken out: said, and never a crash."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields

import pytest

from mediation_engine.calendar.shipped import calendar_with
from mediation_engine.domain.case import Case
from mediation_engine.domain.facts import CaseFacts
from mediation_engine.errors import LineUnreadable
from mediation_engine.read_models.projections import project
from mediation_engine.record.fold import fold_under, fold_upto
from workflows.facts import MediationFacts

from ...faults.golden import histories
from ...faults.promises import CATALOGUE

CALENDAR = calendar_with()

KEPT_BY_INSTANCE = [
    (kind, it.name)
    for kind in dict.fromkeys(workflow.begin("").facts.__class__ for workflow in CATALOGUE.workflows.values())
    for it in fields(kind)
    if str(it.type).startswith("dict")
]
"""Classes of facts, each with what it keeps by instance."""


def told(number: int) -> Case:
    file = histories()[number]
    return fold_under(CATALOGUE, file.case, file.orders)


def all_told(kind: type[CaseFacts]) -> list[Case]:
    """The golden histories with facts of a class."""
    return [case for n in range(len(histories())) if isinstance((case := told(n)).facts, kind)]


def test_there_is_something_to_lose() -> None:
    cases = {kind: all_told(kind) for kind, _ in KEPT_BY_INSTANCE}
    assert not [name for kind, name in KEPT_BY_INSTANCE if not any(getattr(it.facts, name) for it in cases[kind])]


@pytest.mark.parametrize(("kind", "lost"), KEPT_BY_INSTANCE)
def test_what_lists_show_is_worked_out_or_said_to_be_unreadable(kind: type[CaseFacts], lost: str) -> None:
    for case in all_told(kind):
        getattr(case.facts, lost).clear()
        with suppress(LineUnreadable):
            project(CATALOGUE.reading(case.workflow), case, CALENDAR)


def test_a_returned_payment_of_a_duty_that_is_gone_is_said_to_be_unreadable() -> None:
    said = 0
    for file in histories():
        for order in file.orders:
            case = fold_upto(CATALOGUE, file.case, file.orders, order.last)
            if not isinstance(case.facts, MediationFacts):
                break
            case.facts.obligations.clear()
            try:
                project(CATALOGUE.reading(case.workflow), case, CALENDAR)
            except LineUnreadable:
                said += 1
    assert said
