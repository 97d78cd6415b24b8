"""Cases laid down before anything is measured: an empty database is quick, and nobody works with one."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from mediation_engine.domain.line import GENESIS
from mediation_engine.domain.recorded_order import RecordedOrder, StoredOrder
from mediation_engine.ports.store import Unit
from mediation_engine.read_models.projections import Projection
from mediation_engine.record.codec import decode_order, stored
from mediation_engine.record.sealing import StoredText
from mediation_engine.services.maintenance import case_file
from mediation_engine.services.mediation import MediationService

from .workload import scattered

LAID = 1_000
"""Cases of the workload that are there before the first order is measured."""
BATCH = 250


def laid(door: MediationService, pattern: str, cases: int = LAID) -> MediationService:
    """The door, with so many copies of a case that was told through it: the same orders, chained anew."""
    file = case_file(door.store, pattern)
    orders, texts = [decode_order(one.body) for one in file.orders], list(file.texts.values())
    assert file.projection is not None
    for first in range(0, cases, BATCH):
        with door.store.write() as unit:
            for number in range(first, min(first + BATCH, cases)):
                copy(unit, scattered("laid", number), orders, texts, file.projection)
    return door


def copy(unit: Unit, case: str, orders: list[RecordedOrder], texts: list[StoredText], rows: Projection) -> None:
    """One more case like another."""
    for order in chained(case, orders):
        unit.record.append(order)
    unit.record.put_texts([structs.replace(text, case=case) for text in texts])
    unit.views.change(None, moved(rows, case))


def chained(case: str, orders: list[RecordedOrder]) -> Iterator[StoredOrder]:
    """The orders of a case as those of another."""
    before = GENESIS
    for order in orders:
        made = stored(before, structs.replace(order, case=case))
        before = made.digest
        yield made


def moved(rows: Projection, case: str) -> Projection:
    """What lists show of a case, said of another with a number of its own."""
    return Projection(
        row=structs.replace(rows.row, case=case, number=rows.row.number and f"{rows.row.number} {case}"),
        dues=frozenset(structs.replace(due, case=case) for due in rows.dues),
        named=frozenset(structs.replace(it, case=case) for it in rows.named),
        counted=rows.counted and frozenset(structs.replace(it, case=case) for it in rows.counted),
    )
