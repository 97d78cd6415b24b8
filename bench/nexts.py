"""下一步: before each order of the cases that are told, whether the panel of who gives it offers the step first."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

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
from web.case_import import take_reports
from web.case_import.samples import reported_cases
from web.demo_world import ROOM, STAFF, World
from web.demo_world.room import BY_ID
from web.presenters.case_options import Asking
from web.presenters.next_steps import next_steps
from web.presenters.refusal_reasons import Way
from web.wiring import catalogue

from .tasks import TASKS, Task, Told

MONDAY = datetime(2026, 11, 30, 8, 30, tzinfo=CHINA)
OFFERED, GOAL = 3, 0.85
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

    def before(self, order: Order) -> None:
        """What the panel says; the opening of a case is no choice."""
        with self.door.store.read() as unit:
            actor, is_new = unit.register.actor(order.actor), unit.record.last(order.case) is None
        if is_new:
            return
        view = self.door.view(order.case, order.office, actor)
        panel = next_steps(Asking(view=view, workflow=self.door.catalogue.in_force(view.case.rules)))
        offered = tuple(f"{way.label}（{way.about}）" for way in panel.first)
        ways = ((n, it) for n, way in enumerate(panel.first, 1) for it in (way, *way.before))
        place = next((n for n, way in ways if _is_it(order, way)), 0)
        label = order.command.label
        self.seen.append(Given(case=order.case, step=label, place=place, offered=offered))


def _is_it(order: Order, way: Way) -> bool:
    """Whether a way leads to the very step: on all that it was given on, where the way names things."""
    named, on = way.address.on, order.on
    if way.address.command != order.command.name():
        return False
    fields = dict(getattr(way.address, "fields", ()))
    if any(getattr(order.command, name, value) != value for name, value in fields.items()):
        return False
    return not on or not named or all(key in named or machine_of(key) in named for key in on)


class LookedAt(MediationService):
    """A door that is looked at before each order."""

    looking: Looking

    def submit(self, order: Order, *more: Any, **given: Any) -> Receipt:
        self.looking.before(order)
        return super().submit(order, *more, **given)


def opened(clock: FixedClock) -> LookedAt:
    """A door to an empty store in memory."""
    door = LookedAt(MemoryStore(clock), catalogue(), seeded_randomness(SEED))
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


def tasks(folder: Path) -> list[Given]:
    """The two measured tasks."""
    clock = FixedClock(MONDAY)
    door, key = opened(clock), RoomKey(bytes(range(32)))
    exhibits = ExhibitService(door=door, blobs=Folder(folder / "exhibits"), room_key=key)
    with door.store.write("register") as unit:
        unit.register.put_organisation(ROOM)
        for actor in STAFF:
            unit.register.put_actor(actor)
    for task in TASKS:
        for number, told in enumerate(task.orders):
            clock.now = told.at
            order = _order(door, task, number, told)
            if told.papers:
                exhibits.file(order, [draw() for draw in told.papers])
            else:
                door.submit(order, () if number else task.people)
    return door.looking.seen


def _order(door: MediationService, task: Task, number: int, told: Told) -> Order:
    office = next(iter(BY_ID[told.by].offices))
    order = Order(
        id=f"{task.case}-{number}",
        case=task.case,
        command=told.command,
        actor=told.by,
        office=office,
        on=told.on,
        capacity=told.capacity,
    )
    opening = door.catalogue.to_open(task.family, told.at.date()).name
    return order if number else replace(order, workflow=opening)
