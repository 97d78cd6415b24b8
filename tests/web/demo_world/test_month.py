"""The made-up month of the zone: lawful, whole, the same by the same seed, of any size, on any day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from mediation_engine.adapters.blobs.folder import Folder
from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.formatting import CHINA
from mediation_engine.ids import seeded_randomness
from mediation_engine.services import maintenance
from mediation_engine.services.exhibits import ExhibitService
from mediation_engine.services.mediation import MediationService
from mediation_engine.services.people import People
from web import wiring
from web.demo_world import ROOM_ITSELF, SURROUNDINGS, World
from web.demo_world.days import Days
from web.demo_world.month import Size, month
from web.demo_world.month.dice import month_of

from ...support.exhibits import ROOM_KEY
from .test_demo_world import DAYS

SMALL = Size(cases=20, alerts=15, grid=20, receptions=4, errands=8, petitions=2)


@cache
def told(now: datetime, seed: int) -> MediationService:
    """A small month alone, told once."""
    clock = FixedClock(now)
    door = wiring.door(MemoryStore(clock), seeded_randomness(seed), zone=SURROUNDINGS)
    people, blobs = People(door.store, ROOM_KEY, door.randomness), Folder(Path(mkdtemp()))
    exhibits = ExhibitService(door=door, blobs=blobs, room_key=ROOM_KEY)
    company = replace(ROOM_ITSELF, stories=()) | month(seed, SMALL)
    World(exhibits=exhibits, people=people, clock=clock, now=now, company=company).tell_company()
    return door


def orders(door: MediationService) -> list[bytes]:
    with door.store.read() as unit:
        return [order.body for case in unit.record.cases() for order in unit.record.orders(case)]


@pytest.mark.parametrize("now", [pytest.param(now, id=name) for name, now in DAYS.items()])
@pytest.mark.parametrize("seed", [1, 2])
def test_an_audit_finds_nothing_but_late_signatures_in_a_month_thrown_by_any_dice_on_any_day(
    now: datetime, seed: int
) -> None:
    door = told(now, seed)
    found = [it for _, faults in maintenance.audit_store(door.store, door.catalogue) for it in faults]
    assert [it for it in found if not it.known] == []
    late = "应在期限内签收", "应在定下的日子以前办结"
    assert all(any(words in it.sentence for words in late) for it in found)
    days = Days(now.astimezone(CHINA).date())
    first, last = (days.back(month_of(days)[n]) for n in (-1, 0))
    for story in (it for it in month(seed, SMALL).stories if it.family):
        moments = [line.recorded.astimezone(CHINA) for line in door.history(story.case)]
        assert moments == sorted(moments) and moments[-1] < now
        assert first <= moments[0].date() <= last


def test_the_same_dice_throw_the_same_month_and_others_another() -> None:
    now = DAYS["a Monday"]
    told.cache_clear()
    again = orders(told(now, 1))
    told.cache_clear()
    assert again == orders(told(now, 1)) != orders(told(now, 2))


@pytest.mark.parametrize(
    ("today", "gone"), [("2026-12-01", "2026-11"), ("2027-01-31", "2026-12"), ("2028-03-01", "2028-02")]
)
def test_a_month_is_the_last_that_is_over(today: str, gone: str) -> None:
    days = Days(date.fromisoformat(today))
    assert {f"{days.back(n):%Y-%m}" for n in month_of(days)} == {gone}
