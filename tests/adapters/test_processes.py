"""Several programs at one database at once: no fork, no gap, nothing done twice, no number given to two."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier

import pytest

from mediation_engine.adapters.sql import open_store
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Order, Receipt
from mediation_engine.domain.roles import Office
from mediation_engine.services.maintenance import audit_store
from workflows.parts.note import RecordNote
from workflows.phases.intake import AcceptCase

from ..support.story import NOW, Story
from ..support.together import HANGS, no_longer

PROGRAMS = 3
OWN, SHARED, ALIKE = 3, 5, 4
"""Cases each program opens and accepts; orders it gives to the one case of all; orders that all give alike."""

_barrier: Barrier


def meet_at(barrier: Barrier) -> None:
    """A program begins."""
    global _barrier
    _barrier = barrier


@dataclass
class Program:
    """One program: a door of its own to a database that is everybody's, and what it was told there."""

    number: int
    url: str
    receipts: list[Receipt] = field(default_factory=list)

    def run(self) -> list[Receipt]:
        store = open_store(self.url, FixedClock(NOW))
        own = [Story(store, FixedClock(NOW), f"C{self.number}-{n}") for n in range(OWN)]
        shared = Story(store, FixedClock(NOW), "A1")
        _barrier.wait(HANGS)
        for story in own:
            self.submit(story.registered(), story.order(AcceptCase(), by=Office.LEAD))
        for n in range(SHARED):
            self.submit(shared, note(shared, f"{self.number}-{n}"))
        for n in range(ALIKE):
            self.submit(shared, note(shared, f"all-{n}"))
        store.close()
        return self.receipts

    def submit(self, story: Story, order: Order) -> None:
        self.receipts.append(story.door.submit(order))


def note(story: Story, id: str) -> Order:
    return story.order(RecordNote(words=Text(f"第{id}句")), id=id)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_several_programs_keep_one_record(kind: str, request: pytest.FixtureRequest, clock: FixedClock) -> None:
    store = request.getfixturevalue(kind)
    url = store.engine.url.render_as_string(hide_password=False)
    before = Story(store, clock).accepted()
    begun = before.case.version
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])  # what is imported once need not be imported by each
    with (
        ProcessPoolExecutor(PROGRAMS, context, meet_at, (context.Barrier(PROGRAMS),)) as pool,
        no_longer(pool),
    ):
        given = [r for told in pool.map(Program.run, [Program(n, url) for n in range(PROGRAMS)]) for r in told]

    shared = [r for r in given if r.case == "A1"]
    assert len(shared) == PROGRAMS * (SHARED + ALIKE)
    assert Counter(r.command_id for r in shared if r.command_id.startswith("all")) == {
        f"all-{n}": PROGRAMS for n in range(ALIKE)
    }
    told = {(r.command_id, r.first, r.last) for r in shared}
    assert len(told) == PROGRAMS * SHARED + ALIKE  # the same order, the same receipt
    lines = [n for _, first, last in told for n in range(first, last + 1)]
    assert sorted(lines) == list(range(begun + 1, before.case.version + 1))

    numbers = sorted(before.door.case(f"C{p}-{n}").facts.number or "" for p in range(PROGRAMS) for n in range(OWN))
    assert numbers == [f"（2026）永开人调字第{n:04d}号" for n in range(2, PROGRAMS * OWN + 2)]
    found = dict(audit_store(store, before.door.catalogue))
    assert len(found) == PROGRAMS * OWN + 1
    assert [f for findings in found.values() for f in findings if not f.known] == []
