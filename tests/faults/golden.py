"""The golden histories as the orders that once wrote them: every command there is, told again to any store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import cycle, product

from msgspec import json, structs

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.audit import CaseFile
from mediation_engine.clock import FixedClock
from mediation_engine.domain.line import Line
from mediation_engine.domain.order import Order, Receipt
from mediation_engine.domain.recorded_order import StoredOrder, lines_of
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.export.case_file import read_cases
from mediation_engine.ids import seeded_randomness
from mediation_engine.ports.store import Store
from mediation_engine.record.codec import decode_order
from mediation_engine.record.sealing import StoredText, TextRef, refs_by_place, refs_in
from mediation_engine.services.automatic import worker_of
from mediation_engine.services.maintenance import case_file

from ..histories.record import ERASED, HERE
from ..support.exhibits import handed
from ..support.story import APPLICANT, NOW, ROOM, STORY_SEED, ZHANG, ZHOU, Story, given_people
from .asked import as_sealed, with_words
from .promises import CATALOGUE, unkept_after_reopening
from .trial import Trial, fault

MOST_SALTS = 1_000
"""More than any history draws, with all that was refused on its way."""


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
    before: list[Line] = []
    for stored in file.orders:
        stood = decode_order(stored.body)
        workflow = CATALOGUE.in_force(stood.rules)
        sealed = as_sealed(workflow, stood, before)
        assert sealed is not None
        anew = [ref for place, ref in refs_by_place(sealed.instead).items() if place not in sealed.unchanged]
        refs = refs_in(sealed.command) + anew + refs_in(list(sealed.waives.values()))
        texts = {ref.id: _found_again(file.texts[ref.id], ref) for ref in refs}
        order = with_words(sealed, {**file.texts, **texts})
        yield Step(order, stood.recorded, tuple(texts[ref.id].salt or b"" for ref in refs))
        before += lines_of(stood)


def _found_again(text: StoredText, ref: TextRef) -> StoredText:
    """A text as it was before it was erased: the words are known here, and a story draws its salts from a seed."""
    if text.words is not None:
        return text
    tries = (structs.replace(text, words=words, salt=salt) for words, salt in product(ERASED, _salts()))
    return next(tried for tried in tries if ref.matches(tried))


@cache
def _salts() -> list[bytes]:
    draw = seeded_randomness(STORY_SEED)
    return [draw(16) for _ in range(MOST_SALTS)]


WORKER = Actor(
    id=worker_of("room"), name=Office.AUTOMATIC.label, organisation="room", offices=frozenset({Office.AUTOMATIC})
)


class Retelling(Story):
    """A golden history told again through the door, at the same times and with the same salts."""

    def __init__(self, store: Store, clock: FixedClock, file: CaseFile) -> None:
        super().__init__(store, clock, file.case, more=[ZHOU, ZHANG, APPLICANT, replace(ZHANG, id="head"), WORKER])
        self.file = file
        told = (json.decode(line.data) for order in file.orders for line in decode_order(order.body).lines)
        kind = next((data["host_kind"] for data in told if "host_kind" in data), ROOM.kind)
        with store.write() as unit:
            unit.register.put_organisation(replace(ROOM, kind=kind))

    def give(self, step: Step) -> Receipt:
        """Give an order of the history; may be done again."""
        self.clock.now = step.now
        salts = cycle(step.salts)  # the door may have to try again
        self.door.randomness = lambda n: next(salts)
        command = step.order.command
        return self.door.submit(step.order, given_people(command), handed(command, self.name))

    def stored(self) -> list[StoredOrder]:
        """What now lies in the store."""
        with self.store.read() as unit:
            return unit.record.orders(self.name)


@fault("F27", "历史案卷经新程序重述，逐字节相同", few=6, many=54)
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
