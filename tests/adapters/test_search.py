"""A case is found by the same words whichever of the ways to it is taken."""

from __future__ import annotations

import random

import pytest

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.adapters.sql import SqlStore, search
from mediation_engine.clock import FixedClock
from mediation_engine.domain.people import PartyKind
from mediation_engine.ports.register import Person
from mediation_engine.ports.store import Store
from mediation_engine.ports.views import Wanted

from ..contracts.store import named_rows, put, write
from ..support.thorough import much

SEEDS = range(much(3, 12))
CASES, PEOPLE = 60, 25
TYPED = (
    "王",
    "王某",
    "五金",
    "五金厂",
    "王 五金",
    "李 五金厂",
    "某",
    "w",
    "wj",
    "26",
    "2026",
    "王 2026",
    "12",
    "C0",
    "张三",
)
WAYS = {"one by one": (200, 100, 100), "all at once": (200, 100, 1), "walked": (1, 100, 1), "not met soon": (1, 3, 1)}
"""How many cases of a word are many, how many are near, how few people have theirs walked."""


@pytest.fixture(params=SEEDS)
def stores(request: pytest.FixtureRequest, sqlite: SqlStore, clock: FixedClock) -> tuple[Store, Store]:
    """The same cases, people and names at random, in memory and in a file."""
    both = MemoryStore(clock), sqlite
    for store in both:
        fill(store, random.Random(request.param))
    return both


def fill(store: Store, chance: random.Random) -> None:
    """People who share names, are twice in one case, come after it, or are renamed."""
    people = [f"p{n:02}" for n in range(PEOPLE)]
    named = [Person(id=p, name=a_name(chance), kind=PartyKind.PERSON) for p in people]
    rows = [
        named_rows(
            f"C{n:02}",
            *chance.choices(people, k=chance.randrange(4)),
            number=f"（{chance.choice((2026, 2027))}）永开人调字第{n:04}号" if chance.random() < 0.8 else None,
            organisation=chance.choice(("room", "hall")),
        )
        for n in range(CASES)
    ]
    renamed = [Person(id=p.id, name=a_name(chance), kind=p.kind, version=2) for p in named if chance.random() < 0.3]
    first = named[: chance.randrange(PEOPLE)]
    write(store, *(lambda unit, p=p: unit.register.put_person(p) for p in first))
    put(store, *rows)
    write(store, *(lambda unit, p=p: unit.register.put_person(p) for p in (*named, *renamed)))
    write(store, lambda unit: unit.register.erase_person(chance.choice(people)))


def a_name(chance: random.Random) -> str:
    return "".join(chance.choices("王李某五金厂张三Wj", k=chance.randrange(1, 6)))


@pytest.mark.parametrize("way", WAYS)
def test_by_whichever_way(stores: tuple[Store, Store], way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in zip(("MANY", "NEAR", "FEW"), WAYS[way], strict=True):
        monkeypatch.setattr(search, name, value)
    for typed in TYPED:
        for organisations in (None, ["room"]):
            wanted = Wanted(words=typed, organisations=organisations)
            expected, found = (walked(store, wanted) for store in stores)
            assert found == expected, (typed, organisations)


def walked(store: Store, wanted: Wanted, most: int = 7) -> list[str]:
    """All that is found, a page at a time."""
    found, after = list[str](), ""
    with store.read() as unit:
        while page := [row.case for row in unit.views.search(wanted, after=after, most=most)]:
            assert len(page) <= most
            found, after = found + page, page[-1]
    return found
