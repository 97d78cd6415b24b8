"""The figures of made-up months of the zone, held against a count by other means, from the exported lines alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from mediation_engine.domain.formatting import CHINA
from mediation_engine.services.counting import count
from mediation_engine.services.figures import Asked, added, behind, by_group, numbers, quotients, read_period
from web.config import Settings
from workflows.figures.bodies import bodies_of
from workflows.figures.declared import BY_CODE, FIGURES, RATES

from ...support.beside import beside
from ...support.recount import COUNTED, by_body, counted, orders_of, rates
from ...support.thorough import much
from .test_demo_world import DAYS
from .test_month import told

COUNTING = Settings().counting
RECORDED = [it for it in FIGURES if it.is_tallied and not it.within]
"""The figures that are counted case by case, whatever the days the room gives itself."""
SEEDS = range(1, 1 + much(5, 100))


def periods(now: datetime) -> list[str]:
    """The last month, the one before it, this quarter and year."""
    last = now.astimezone(CHINA).date().replace(day=1) - timedelta(days=1)
    before = last.replace(day=1) - timedelta(days=1)
    return [f"{last:%Y-%m}", f"{before:%Y-%m}", f"{last.year}-Q{(last.month + 2) // 3}", f"{last.year}"]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_figures_of_a_random_month_are_what_other_means_count_and_each_adds_up_to_its_list(seed: int) -> None:
    now = [*DAYS.values()][seed % len(DAYS)]
    door = told(now, seed)
    count(door.store, door.catalogue)
    with door.store.read() as unit:
        own = [it.id for it in unit.register.organisations()]
        raw = [orders_of(one.body for one in unit.record.orders(case)) for case in unit.record.cases()]
        register = beside(unit, raw)
        for known in (now, now - timedelta(days=20)):
            for name in periods(now):
                period = read_period(name)
                assert period is not None
                groups = {"body": bodies_of(unit.register.organisations(), {})}
                asked = Asked(organisations=own, period=period, known=known, settings=COUNTING, groups=groups)
                ours = numbers(unit, FIGURES, asked)
                theirs = counted(raw, period.first, period.last, known, COUNTING, register)
                assert {code: ours[code].value for code in COUNTED} == theirs, (name, known)
                assert {it.rate.code: it.value for it in quotients(RATES, ours)} == rates(theirs)
                bodies = by_body(raw, period.first, period.last, known, register)
                apart = by_group(unit, RECORDED, asked, "body")
                assert {group: {f.code: row[f.code] for f in RECORDED} for group, row in bodies.items()} == {
                    group: row for group, row in apart.items() if group in bodies
                }
                for figure in RECORDED:
                    assert sum(row[figure.code] for row in apart.values()) == ours[figure.code].value
                for code, number in ours.items():
                    rows = behind(unit, BY_CODE[code], asked, most=10_000)
                    assert sum(added(number.figure, row) or 0 for row in rows) == number.value, code
        assert sum(theirs.values()) > 0
