"""Tells the made-up room: all steps of all cases in the order of their moments, each through the door at its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import people_in
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import LeadAct
from mediation_engine.input.person_details import checked
from mediation_engine.ports.register import Person
from mediation_engine.ports.store import Store
from mediation_engine.services.exhibits import ExhibitService
from mediation_engine.services.people import People
from mediation_engine.services.substituting import name_substitute

from .cases import STORIES
from .days import Days
from .people import Known, everybody
from .room import BY_ID, ROOM, STAFF
from .script import Step, Story

LAST_HOUR = "17:40"
"""When the lead names who stands in next week: after all that is told on the last working day."""
Timed = tuple[datetime, int, int, Story, Step]


def told_on(store: Store) -> date | None:
    """The day whose room is there; None where there is none, or not the whole: the substitute is named last."""
    with store.read() as unit:
        first = unit.record.orders(STORIES[0].case)
        named = any(it.organisation == ROOM.id for it in unit.substitutions.substitutions())
    return date.fromisoformat(first[0].command_id[: len("20261130")]) if first and named else None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The made-up room over a store whose clock is handed in, and is set to every moment that is told."""

    exhibits: ExhibitService
    people: People
    clock: FixedClock
    now: datetime
    """When it is opened; nothing is told that would come after it."""

    def tell(self) -> None:
        """All of it. Whatever the door refuses is a fault of a story, and is raised."""
        days, known = Days(self._today()), everybody(self._today())
        entered: set[str] = set()
        timed = sorted(_timed(days), key=lambda it: it[:3])
        self.clock.now = timed[0][0]
        with self._store.write("register") as unit:
            unit.register.put_organisation(ROOM)
            for actor in STAFF:
                unit.register.put_actor(actor)
        for moment, _, number, story, step in timed:
            self.clock.now = moment
            new = [known[id] for id in dict.fromkeys(people_in(step.command)) if id not in entered]
            entered |= {it.person.id for it in new}
            self._give(story, number, step, [it.person for it in new])
            for it in new:
                self._fill_in(step.by, it)
        self.clock.now = days.moment(1, LAST_HOUR)
        acts = (LeadAct.ACCEPT, LeadAct.SEAL)
        name_substitute(
            self._store, self.exhibits.door.randomness, BY_ID["wang"], BY_ID["zhou"], days.monday, days.sunday, acts
        )
        self.clock.now = self.now

    @property
    def _store(self) -> Store:
        return self.exhibits.door.store

    def _give(self, story: Story, number: int, step: Step, people: list[Person]) -> None:
        actor, door = BY_ID[step.by], self.exhibits.door
        order = Order(
            id=f"{self._today():%Y%m%d}-{story.case}-{number}",
            case=story.case,
            command=step.command,
            actor=actor.id,
            office=next(iter(actor.offices)),
            on=step.on,
            capacity=step.capacity,
            waives=step.waives,
        )
        if number == 1:
            order = replace(order, workflow=door.catalogue.to_open(story.family, self._today()).name)
        if step.papers:
            self.exhibits.file(order, [draw() for draw in step.papers])
        else:
            door.submit(order, people)

    def _fill_in(self, by: str, known: Known) -> None:
        """What is known of somebody, looked at as what is typed."""
        made = checked(known.details, self._today())
        assert not made.faults and not made.warnings, (known.person.name, made.faults, made.warnings)
        names = known.other_names or None
        self.people.change(BY_ID[by], known.person.id, expects=1, other_names=names, details=made.details)

    def _today(self) -> date:
        return self.now.astimezone(CHINA).date()


def _timed(days: Days) -> Iterator[Timed]:
    """Every step with its moment, the place of its case and its own."""
    for place, story in enumerate(STORIES):
        for number, step in enumerate(story.steps(days), 1):
            yield days.moment(step.back, step.at), place, number, story, step
