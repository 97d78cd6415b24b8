"""Whether a step and a list stay as quick when there are a million cases, and when a case grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from statistics import median
from time import perf_counter

from msgspec import structs

from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.recorded_order import RecordedOrder
from mediation_engine.ports.register import Person
from mediation_engine.ports.store import Unit
from mediation_engine.ports.views import Wanted
from mediation_engine.read_models.projections import DueDate, Named, Projection
from mediation_engine.record.codec import decode_order
from mediation_engine.services.maintenance import case_file
from mediation_engine.services.mediation import MediationService

from .door import door_on, steps
from .figures import Figure
from .laid import chained
from .looking import mediated, micro, note
from .timing import Spread, in_turn, percentile, ratio
from .workload import ROOM

FEW, SOME, MANY = 10, 1_000, 1_000_000
BATCH = 10_000
UNTIL = date(2027, 6, 1)
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰"
WORKERS = tuple(
    Person(id=f"w-{a}{b}{c}", name=a + b + c, kind=PartyKind.PERSON)
    for a, b, c in product(SURNAMES, GIVEN[:10], GIVEN[10:15])
)
FIRMS = tuple(
    Person(id=f"f-{a}{b}{c}", name=f"{a}{b}{c}有限公司", kind=PartyKind.ENTERPRISE)
    for a, b, c in product(("永康", "武义", "东阳", "义乌"), GIVEN[:20], ("五金", "门业", "电器", "工贸"))
)


def figures(folder: Path, many: int = MANY) -> list[Figure]:
    pattern = told_once(folder)
    few, some, lots = (
        seeded(room(folder, name), pattern, count) for name, count in (("few", FEW), ("some", SOME), ("many", many))
    )
    return [*lists(some, lots, many), a_step(few, lots, many), a_longer_case(folder)]


# -- many cases, in the same line format and through the same tables

Pattern = tuple[list[RecordedOrder], Projection]


def told_once(folder: Path) -> Pattern:
    """A registered case, told through the door: what the others are copied from."""
    door = door_on(f"sqlite:///{folder / 'pattern.db'}")
    mediated(door, "P", orders_=1)
    file = case_file(door.store, "P")
    assert file.projection is not None
    return [decode_order(stored.body) for stored in file.orders], file.projection


def room(folder: Path, name: str) -> Path:
    """A folder within another, made where it is not there."""
    inner = folder / name
    inner.mkdir(exist_ok=True)
    return inner


def seeded(folder: Path, pattern: Pattern, count: int) -> MediationService:
    """A database with so many registered cases, four fifths of them the room's, a third with something due.

    Each has one of a thousand workers and one of some hundred firms.
    """
    door = door_on(f"sqlite:///{folder / f'cases-{count}.db'}")
    with door.store.write() as unit:
        for person in (*WORKERS, *FIRMS):
            unit.register.put_person(person)
    for first in range(0, count, BATCH):
        with door.store.write() as unit:
            for number in range(first, min(first + BATCH, count)):
                copy(unit, pattern, number)
    return door


def copy(unit: Unit, pattern: Pattern, number: int) -> None:
    """One more case, chained anew."""
    orders, rows = pattern
    case = f"S{number:07d}"
    for order in chained(case, orders):
        unit.record.append(order)
    unit.views.change(None, _rows(rows, case, number))


def _rows(rows: Projection, case: str, number: int) -> Projection:
    organisation = ROOM.id if number % 5 else f"village-{number % 40}"
    label = f"（2026）永开人调字第{number:07d}号"
    due = date(2026, 1, 1) + timedelta(days=number % 700)
    opened = rows.row.opened + timedelta(seconds=number)
    return Projection(
        row=structs.replace(rows.row, case=case, organisation=organisation, number=label, opened=opened),
        dues=frozenset() if number % 3 else frozenset({DueDate(case=case, instance="visit/1", kind="visit", due=due)}),
        named=frozenset(
            Named(case=case, instance=f"party/{n}", person=people[number * 7919 % len(people)].id)
            for n, people in enumerate((WORKERS, FIRMS), 1)
        ),
    )


# -- a step


def a_step(few: MediationService, lots: MediationService, many: int, rounds: int = 15, cases: int = 4) -> Figure:
    """The workload's orders, in a small and in a great database."""

    def of(door: MediationService) -> Callable[[int], float]:
        return lambda turn: median(steps(door, [f"G{turn:03d}-{n}" for n in range(cases)])) * 1000

    small, large = in_turn([of(few), of(lots)], rounds, warm=3)
    return _beside(f"一步的耗时，{many:,} 件案件对 {FEW} 件", large, small, f"{FEW} 件时", most=1.2)


def a_longer_case(folder: Path, rounds: int = 40) -> Figure:
    """A step in a case of 200 events beside one of 20, each read whole again as if by another process."""
    door = door_on(f"sqlite:///{folder / 'longer.db'}")
    for case, length in (("E20", 20), ("E200", 200)):
        mediated(door, case, orders_=6)
        for number in range(length - door.case(case).version):
            door.submit(note(case, number))

    def of(case: str) -> Callable[[int], float]:
        def once(turn: int) -> float:
            stranger = MediationService(door.store, door.catalogue, door.randomness)
            began = perf_counter()
            stranger.submit(note(case, 1000 + turn))
            return (perf_counter() - began) * 1000

        return once

    short, long = in_turn([of("E20"), of("E200")], rounds, warm=5)
    return _beside("一步的耗时，200 个事件的案件对 20 个，每次从头读入", long, short, "20 个事件时", most=2)


def _beside(name: str, ours: Spread, base: Spread, words: str, most: float) -> Figure:
    beside = f"{words} {micro(base).words()} 微秒"
    return Figure(name=name, value=micro(ours), unit="微秒", beside=beside, ratio=ratio(ours, base), most=most)


# -- lists

OWN = Wanted(organisations=(ROOM.id,))
QUERIES: dict[str, Callable[[Unit, int], object]] = {
    "案件列表一页": lambda unit, n: unit.views.newest(OWN, after=f"S{n - n % 5 + 1:07d}", most=50),
    "到期一页": lambda unit, _: unit.views.due_dates(UNTIL, most=50),
    "按案号查找": lambda unit, n: unit.views.find_case(f"（2026）永开人调字第{n:07d}号"),
    # Whose name it is has one case in a thousand: as many as are found in the small list, so that like is held to like.
    "按姓名查找": lambda unit, n: unit.views.search(Wanted(words=WORKERS[n % len(WORKERS)].name), most=1),
    "按两个字查找": lambda unit, n: unit.views.search(Wanted(words="五金"), after=f"S{n:07d}", most=50),
}


def lists(some: MediationService, lots: MediationService, many: int, rounds: int = 9) -> Iterator[Figure]:
    """Case list, work list, due dates, search, in a thousand cases and in a million."""
    for name, ask in QUERIES.items():
        taken = [(asked(some, ask, SOME), asked(lots, ask, many)) for _ in range(rounds + 1)][1:]
        for share, bound in ((0.5, 1.1), (0.99, 1.5)):
            few, much = (Spread(tuple(percentile(pair[n], share) for pair in taken)) for n in (0, 1))
            yield _beside(
                f"{name}，{many:,} 件对 {SOME:,} 件，p{share * 100:.0f}", much, few, f"{SOME:,} 件时", most=bound
            )


def asked(door: MediationService, ask: Callable[[Unit, int], object], cases: int, times: int = 200) -> list[float]:
    """Milliseconds of each asking, all over the range of cases."""
    taken = []
    for turn in range(times):
        with door.store.read() as unit:
            began = perf_counter()
            ask(unit, turn * 7919 % cases)
            taken.append((perf_counter() - began) * 1000)
    return taken
