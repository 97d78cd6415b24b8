"""What needs no disk: asking what can be done next, one step decided in memory, and what a loaded case weighs."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.decisions.decide import decide, judge
from mediation_engine.decisions.options import available
from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.decision_context import Outside
from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.ids import seeded_randomness
from mediation_engine.ports.register import Person
from mediation_engine.record.codec import hash_of
from mediation_engine.record.fold import fold_under
from mediation_engine.rules import walker
from mediation_engine.services.mediation import MediationService
from web.wiring import catalogue
from workflows.parts.note import RecordNote
from workflows.parts.party import TellRights
from workflows.phases.intake import AcceptCase, PartyRow, RegisterCase
from workflows.vocabulary import Dispute, Side

from .door import door_on
from .figures import Figure
from .timing import Spread, in_turn, seconds
from .workload import LEAD, MEDIATOR, PEOPLE, ROOM, orders, staffed

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TODAY = NOW.date()
CLAIMANTS = 200


def figures(folder: Path) -> list[Figure]:
    return [*asking(folder), *in_memory(), weight()]


# -- what can be done next


def asking(folder: Path) -> list[Figure]:
    """Through the door, the load included: a case of 60 events, and one with 200 claimants."""
    door = door_on(f"sqlite:///{folder / 'looking.db'}")
    mediated(door, "A60", notes=30)
    crowd(door, "A200")
    assert door.case("A60").version >= 60
    warm = {case: milliseconds(lambda c=case: door.available(c, Office.MEDIATOR)) for case in ("A60", "A200")}
    return [
        Figure(name="下一步可以做什么，60 个事件的案件", value=warm["A60"], unit="毫秒", most=1, digits=2),
        Figure(name=f"下一步可以做什么，{CLAIMANTS} 名申请人", value=warm["A200"], unit="毫秒", most=5, digits=2),
        Figure(
            name="　同上，逐项列出每一名",
            value=milliseconds(lambda: door.available("A200", Office.MEDIATOR, every=True), times=5),
            unit="毫秒",
            digits=1,
        ),
    ]


def milliseconds(work: Callable[[], object], times: int = 40, rounds: int = 9) -> Spread:
    """Of one call."""

    def once(_: int) -> float:
        return seconds(lambda: [work() for _ in range(times)]) / times * 1000

    return in_turn([once], rounds, warm=2)[0]


def mediated(door: MediationService, case: str, *, orders_: int = 14, notes: int = 0) -> None:
    """The first orders of the workload's case, and notes after them."""
    for number, order in enumerate(orders(door, case)):
        if number == orders_:
            break
        door.submit(order, () if number else PEOPLE)
    for number in range(notes):
        door.submit(note(case, number))


def note(case: str, number: int) -> Order:
    """An order that always may be given and writes one line."""
    said = RecordNote(words=Text("电话联系了双方，约定下次见面。"))
    return Order(id=f"{case}-note-{number}", case=case, command=said, actor=MEDIATOR.id, office=Office.MEDIATOR)


def crowd(door: MediationService, case: str) -> None:
    """A case with 200 claimants against one firm, accepted."""
    claimants = [Person(id=f"w{n}", name=f"工人{n}", kind=PartyKind.PERSON) for n in range(CLAIMANTS)]
    rows = [PartyRow(person=p.id, side=Side.APPLICANT) for p in claimants]
    rows.append(PartyRow(person="firm", side=Side.RESPONDENT, kind=PartyKind.ENTERPRISE))
    opening = RegisterCase(
        named=tuple(rows), track="people_mediation", dispute=Dispute.LABOUR_PAY, organisation=ROOM.id
    )
    first = Order(
        id=f"{case}-1",
        case=case,
        command=opening,
        actor=MEDIATOR.id,
        office=Office.MEDIATOR,
        workflow="fast_track_2026",
    )
    door.submit(first, (*claimants, PEOPLE[1]))
    door.submit(Order(id=f"{case}-2", case=case, command=AcceptCase(), actor=LEAD.id, office=Office.LEAD))


# -- one step without a store


def in_memory() -> list[Figure]:
    """A command held against table and guards, and walked; and a whole decision with its consequences and lines."""
    door = staffed_in_memory()
    mediated(door, "M")
    case, workflow = door.case("M"), door.catalogue.named("fast_track_2026")
    order = Order(id="M-x", case="M", command=TellRights(), actor="li", office=Office.MEDIATOR, on=("party/1",))
    machine = workflow.machines["party"]

    def step() -> None:
        situation = Situation(case=case, key="party/1", given=order.command, today=TODAY)
        judged = judge(workflow, TellRights, situation, Office.MEDIATOR)
        assert judged.row is not None
        walker.walk(machine, case.state("party/1"), judged.row, lambda: not judged.refusals)

    outside = Outside(
        now=NOW,
        rules=case.rules,
        hash_of=hash_of,
        answers=lambda *_: None,
    )
    walked = milliseconds(step, times=3000)
    whole = milliseconds(lambda: decide(workflow, case, order, outside), times=500)
    asked = milliseconds(lambda: available(workflow, case, Office.MEDIATOR, TODAY), times=200)
    return [
        Figure(name="内存中的一步：状态表、守卫、transitions", value=micro(walked), unit="微秒", most=15, digits=1),
        Figure(name="　一次完整裁定：另加后果、成文、折叠", value=micro(whole), unit="微秒", digits=0),
        Figure(name="　列出下一步，不含读取", value=micro(asked), unit="微秒", digits=0),
    ]


def micro(milli: Spread) -> Spread:
    return Spread(tuple(v * 1000 for v in milli.values))


def staffed_in_memory() -> MediationService:
    store = MemoryStore(FixedClock(NOW))
    return staffed(store, MediationService(store, catalogue(), seeded_randomness(1)))


# -- what a case weighs


def weight(cases: int = 200) -> Figure:
    """Memory of one loaded case of 17 events, over many of them."""
    door = staffed_in_memory()
    for number, order in enumerate(orders(door, "S")):
        door.submit(order, () if number else PEOPLE)
        if door.case("S").version >= 17:
            break
    with door.store.read() as unit:
        stored = [order for order in unit.record.orders("S") if order.last <= 17]

    def loaded() -> list[Case]:
        return [fold_under(door.catalogue, "S", stored) for _ in range(cases)]

    loaded()
    gc.collect()
    tracemalloc.start()
    kept = loaded()
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(kept) == cases
    return Figure(
        name=f"读入一件 {stored[-1].last} 个事件的案件占内存",
        value=Spread((size / cases / 1024,)),
        unit="KiB",
        most=12,
        digits=1,
    )
