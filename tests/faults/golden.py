"""The golden histories as the orders that once wrote them: every command there is, told again to any store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import cycle

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.audit import CaseFile
from mediation_engine.clock import FixedClock
from mediation_engine.decisions.again import order_of
from mediation_engine.domain.order import Order, Receipt
from mediation_engine.domain.recorded_order import StoredOrder, lines_of
from mediation_engine.export.case_file import read_cases
from mediation_engine.ports.store import Store
from mediation_engine.record.codec import decode_order
from mediation_engine.record.sealing import refs_in
from mediation_engine.services.maintenance import case_file

from ..histories.record import HERE
from ..support.story import NOW, Story, given_people
from .asked import as_asked
from .promises import CATALOGUE, unkept_after_reopening
from .trial import Trial, fault


@dataclass(frozen=True)
class Step:
    """One order of a history, when it was given, and the salts its words were sealed with."""

    order: Order
    now: datetime
    salts: tuple[bytes, ...]


@cache
def histories() -> list[CaseFile]:
    """Those whose rules are still in force: only they can be told through the door again."""
    files = [f for path in sorted(HERE.glob("*.jsonl")) for f in read_cases(_lines(path.read_bytes()), str(path))]
    return [f for f in files if CATALOGUE.under(decode_order(f.orders[0].body).rules)]


def _lines(content: bytes) -> list[bytes]:
    return [row for row in content.splitlines() if row.startswith(b'{"what"')]


def steps(file: CaseFile) -> Iterator[Step]:
    """The orders behind a history, in turn."""
    seen: dict[str, int] = {}
    for stored in file.orders:
        stood = decode_order(stored.body)
        workflow = CATALOGUE.in_force(stood.rules)
        sealed, order = order_of(workflow, lines_of(stood)), as_asked(workflow, stood, file.texts, seen)
        assert sealed is not None and order is not None
        refs = refs_in(sealed.command) + refs_in(list(sealed.waives.values()))
        yield Step(order, stood.recorded, tuple(file.texts[ref.id].salt or b"" for ref in refs))
        seen |= {line.instance: line.version for line in lines_of(stood)}


class Retelling(Story):
    """A golden history told again through the door, at the same times and with the same salts."""

    def __init__(self, store: Store, clock: FixedClock, file: CaseFile) -> None:
        super().__init__(store, clock, file.case)
        self.file = file

    def give(self, step: Step) -> Receipt:
        """Give an order of the history; may be done again."""
        self.clock.now = step.now
        salts = cycle(step.salts)  # the door may have to try again
        self.door.randomness = lambda n: next(salts)
        return self.door.submit(step.order, given_people(step.order.command))

    def stored(self) -> list[StoredOrder]:
        """What now lies in the store."""
        with self.store.read() as unit:
            return unit.record.orders(self.name)


@fault("F27", "历史案卷经新程序重述，逐字节相同", few=6, many=29)
def told_again(trial: Trial) -> None:
    """The same orders at the same times give the same bytes, and the rows the store in memory has."""
    for file in trial.random.sample(histories(), min(trial.size, len(histories()))):
        target, clock = trial.target.anew(), FixedClock(NOW)
        with target.opened(clock) as store:
            retelling, model = Retelling(store, clock, file), Retelling(MemoryStore(clock), clock, file)
            for step in steps(file):
                trial.hold(retelling.give(step) == model.give(step), f"{file.case} {step.order.id} 的回执不同")
            trial.hold(retelling.stored() == list(file.orders), f"{file.case} 与原记录不同")
            trial.hold(case_file(store, file.case) == case_file(model.store, file.case), f"{file.case} 与内存库不同")
        trial.hold_all(unkept_after_reopening(target), file.case)
        trial.count()
