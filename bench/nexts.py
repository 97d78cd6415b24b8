"""下一步: before each order of the cases that are told, whether the panel of who gives it offers the step first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pypinyin import lazy_pinyin

from mediation_engine.adapters.blobs.folder import Folder
from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.case import machine_of
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.order import Order, Receipt
from mediation_engine.encryption.room_key import RoomKey
from mediation_engine.ids import seeded_randomness
from mediation_engine.services.exhibits import ExhibitService
from mediation_engine.services.mediation import MediationService
from mediation_engine.services.people import People
from mediation_engine.services.tasks import FinishingService
from web.case_import import take_reports
from web.case_import.samples import reported_cases
from web.demo_world import ROOM, STAFF, SURROUNDINGS, World
from web.demo_world.room import BY_ID
from web.presenters.case_options import Asking
from web.presenters.next_steps import next_steps
from web.presenters.refusal_reasons import Way
from web.presenters.step_picker import Pick, Picker, found, picker
from web.wiring import catalogue
from workflows.parts.confirmation import ConfirmAgreement, RecordSignatures
from workflows.parts.member import InviteMember, InvitePanel, RecordMember, RecordPanel

from .figures import Figure
from .task_orders import TASKS, Task, Told
from .timing import Spread

MONDAY = datetime(2026, 11, 30, 8, 30, tzinfo=CHINA)
OFFERED, GOAL = 3, 85.0
"""Among so many first; in so many cases of a hundred."""
MOST_TOLD = 8
SEED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An order, and at which place the panel offered it just before: from 1 on; 0 where it was not among them."""

    case: str
    step: str
    place: int
    offered: tuple[str, ...]

    @property
    def is_hit(self) -> bool:
        return 0 < self.place <= OFFERED


@dataclass
class Looking:
    """Looks at the panel before each order, as who gives it."""

    door: MediationService
    seen: list[Given] = field(default_factory=list)
    pickers: list[Picker] = field(default_factory=list)
    """Of each case one, before its first order."""

    def before(self, order: Order) -> None:
        """What the panel says; the opening of a case is no choice."""
        with self.door.store.read() as unit:
            actor, is_new = unit.register.actor(order.actor), unit.record.last(order.case) is None
        if is_new:
            return
        view = self.door.view(order.case, order.office, actor)
        asked = Asking(view=view, workflow=self.door.catalogue.in_force(view.case.rules))
        panel = next_steps(asked)
        if all(it.case != order.case for it in self.seen):
            self.pickers.append(picker(asked))
        offered = tuple(f"{way.label}（{way.about}）" for way in panel.first)
        ways = ((n, it) for n, way in enumerate(panel.first, 1) for it in (way, *way.before))
        place = next((n for n, way in ways if _is_it(order, way)), 0)
        label = order.command.label
        self.seen.append(Given(case=order.case, step=label, place=place, offered=offered))


SHEETS = {
    ConfirmAgreement.name(): RecordSignatures.name(),
    InviteMember.name(): InvitePanel.name(),
    RecordMember.name(): RecordPanel.name(),
}
"""By a step that is given for one: the sheet on which the same is written down for several, or for one."""


def _is_it(order: Order, way: Way) -> bool:
    """Whether a way leads to the very step, on all it was given on, where the way names things; or to its sheet."""
    named, on = way.address.on, order.on
    if way.address.command == SHEETS.get(order.command.name()):
        return True
    if way.address.command != order.command.name():
        return False
    given = {name: getattr(order.command, name, "") for name, _ in way.address.form}
    if any(str(value) not in _said(given[name]) for name, value in way.address.form if given[name]):
        return False
    return not on or not named or all(key in named or machine_of(key) in named for key in on)


def _said(value: Any) -> tuple[str, ...]:
    """A field of an order as a form says it."""
    return value if isinstance(value, tuple) else (getattr(value, "code", value),)


class LookedAt(FinishingService):
    """A door that is looked at before each order."""

    looking: Looking

    def submit_together(self, orders: Sequence[Order], *more: Any, **given: Any) -> list[Receipt]:
        [order] = orders
        self.looking.before(order)
        return super().submit_together(orders, *more, **given)


def opened(clock: FixedClock) -> LookedAt:
    """A door to an empty store in memory."""
    door = LookedAt(MemoryStore(clock), catalogue(zone=SURROUNDINGS), seeded_randomness(SEED))
    door.looking = Looking(door)
    return door


def reported() -> list[Given]:
    """The reported cases, taken as they are imported."""
    door = opened(FixedClock(MONDAY))
    take_reports(door, reported_cases())
    return door.looking.seen


def made_up(folder: Path) -> list[Given]:
    """The cases of the made-up room."""
    clock = FixedClock(MONDAY)
    door, key = opened(clock), RoomKey(bytes(range(32)))
    exhibits = ExhibitService(door=door, blobs=Folder(folder / "exhibits"), room_key=key)
    World(exhibits=exhibits, people=People(door.store, key, door.randomness), clock=clock, now=MONDAY).tell()
    return door.looking.seen


def tasks(folder: Path, wanted: Sequence[Task] = TASKS) -> Looking:
    """The two measured tasks, or others, and the pickers as each began."""
    clock = FixedClock(MONDAY)
    door, key = opened(clock), RoomKey(bytes(range(32)))
    exhibits = ExhibitService(door=door, blobs=Folder(folder / "exhibits"), room_key=key)
    with door.store.write("register") as unit:
        unit.register.put_organisation(ROOM)
        for actor in STAFF:
            unit.register.put_actor(actor)
    for task in wanted:
        for number, told in enumerate(task.orders):
            clock.now = told.at
            order = _order(task, number, told)
            if not number:
                order = replace(order, workflow=door.catalogue.to_open(task.family, told.at.date()).name)
            if told.papers:
                exhibits.file(order, [draw() for draw in told.papers])
            else:
                door.submit(order, () if number else task.people)
    return door.looking


def _order(task: Task, number: int, told: Told) -> Order:
    return Order(
        id=f"{task.case}-{number}",
        case=task.case,
        command=told.command,
        actor=told.by,
        office=next(iter(BY_ID[told.by].offices)),
        on=told.on,
        capacity=told.capacity,
    )


# -- the figures


def figures(folder: Path) -> list[Figure]:
    """How often the step that is given was offered before, by case and in all; and how many steps are found by name."""
    measured, reports = tasks(folder), reported()
    told = {"公开报道的案件": reports, "两项量过的任务": measured.seen, "虚构的调解室": made_up(folder)}
    share = share_found(measured.pickers)
    return [
        _offered(f"前{OFFERED}项里有接着办的那一步：报道和任务", [*reports, *measured.seen], least=GOAL),
        *(_offered(f"　{name}", seen) for name, seen in told.items()),
        *(_offered(f"　　{case}", own) for seen in told.values() for case, own in _by_case(seen).items()),
        Figure(name="按名称、拼音、首字母找得到步骤", value=Spread((share,)), unit="%", least=100),
    ]


def _offered(name: str, seen: Sequence[Given], least: float | None = None) -> Figure:
    missed = Counter(it.step for it in seen if not it.is_hit)
    hits = len(seen) - missed.total()
    left = "、".join(f"{step} {count}" for step, count in missed.most_common(MOST_TOLD))
    beside = f"{hits}/{len(seen)}" + (f"；没列出：{left}" if left else "")
    return Figure(name=name, value=Spread((100 * hits / len(seen),)), unit="%", beside=beside, digits=1, least=least)


def _by_case(seen: Iterable[Given]) -> dict[str, list[Given]]:
    cases: dict[str, list[Given]] = {}
    for it in seen:
        cases.setdefault(it.case, []).append(it)
    return cases


def share_found(pickers: Sequence[Picker]) -> float:
    """Of all steps, each asked for by its label, as it is said, by first letters: of each hundred so many are found."""
    asked = [(among, pick, query) for among in pickers for pick in among.picks for query in queries(pick)]
    return 100 * sum(is_found(*it) for it in asked) / len(asked)


def queries(pick: Pick) -> tuple[str, str, str]:
    """A step's label; the same in pinyin; the first letters of that."""
    said = [part for part in lazy_pinyin(pick.label) if part[0].isalnum()]
    return pick.label, "".join(said), "".join(part[0] for part in said)


def is_found(among: Picker, pick: Pick, query: str) -> bool:
    """Whether a step is among those shown for what is typed."""
    return any(it.step == pick.step for it in found(among, query))
