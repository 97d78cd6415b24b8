"""Tells the made-up room: all steps of all cases in the order of their moments, each through the door at its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import people_in
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Actor, LeadAct
from mediation_engine.input.person_details import checked
from mediation_engine.ports.register import Person
from mediation_engine.ports.store import Store, Unit
from mediation_engine.services.due_sweep import sweep
from mediation_engine.services.exhibits import ExhibitService
from mediation_engine.services.jottings import Jottings
from mediation_engine.services.people import People
from mediation_engine.services.substituting import LONGEST, name_substitute

from .cases import STORIES
from .days import A_DAY, Days
from .people import Known, everybody
from .room import BY_ID, ROOM, STAFF
from .script import Company, Step, Story

LAST_HOUR = "17:40"
"""When the lead names who stands in next week: after all that is told on the last working day."""
HEARD = "路过范例杯业，门卫说他们下周要搬厂，欠着的货款怕要拖。"
ROOM_ITSELF = Company(stories=STORIES, people={}, organisations=(ROOM,), staff=STAFF)
MANY = 10_000
"""More messages than anybody got."""
Timed = tuple[datetime, int, int, Story, Step]


def told_in(unit: Unit) -> date | None:
    """The day whose room is there; None where there is none, or not the whole: the substitute is named last."""
    first = unit.record.orders(STORIES[0].case)
    named = any(it.organisation == ROOM.id and it.is_at_desk for it in unit.substitutions.substitutions())
    return date.fromisoformat(first[0].command_id[: len("20261130")]) if first and named else None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The made-up room over a store whose clock is handed in, and is set to every moment that is told."""

    exhibits: ExhibitService
    people: People
    clock: FixedClock
    now: datetime
    """When it is opened; nothing is told that would come after it."""
    company: Company = ROOM_ITSELF
    """What is told there."""

    @property
    def beginning(self) -> datetime:
        """When the first of it happened."""
        return self._timed[0][0]

    def tell(self) -> None:
        """All of it. Whatever the door refuses is a fault of a story, and is raised."""
        told_until = self.tell_company()
        self.clock.now = self._days.moment(1, LAST_HOUR)
        self._jot_down()
        self._give_leave()
        self._name_substitute()
        self._tell_messages(told_until, self._days.back(1) + A_DAY)
        self._read_messages()
        self.clock.now = self.now

    def tell_company(self) -> date:
        """The stories, with the messages of each day; the day with whose messages to go on."""
        known, entered = {**everybody(self._days.today), **self.company.people}, set[str]()
        self.clock.now = self.beginning
        self._enter_staff()
        told_until = self.beginning.astimezone(CHINA).date()
        for moment, _, number, story, step in self._timed:
            told_until = self._tell_messages(told_until, moment.astimezone(CHINA).date())
            self.clock.now = moment
            new = [known[id] for id in dict.fromkeys(people_in(step.command)) if id not in entered]
            entered |= {it.person.id for it in new}
            self._give(story, number, step, [it.person for it in new])
            for it in new:
                self._fill_in(step.by, it)
        self.clock.now = self.now
        return told_until

    def _enter_staff(self) -> None:
        with self._store.write("register") as unit:
            for organisation in self.company.organisations:
                unit.register.put_organisation(organisation)
            for actor in self.company.staff:
                unit.register.put_actor(actor)

    def _name_substitute(self) -> None:
        """The lead is away next week."""
        acts, days = (LeadAct.ACCEPT, LeadAct.SEAL), (self._days.monday, self._days.sunday)
        randomness = self.exhibits.door.randomness
        name_substitute(self._store, randomness, BY_ID["wang"], BY_ID["zhou"], *days, acts)

    def _give_leave(self) -> None:
        """The lead lets a mediator accept small disputes for a year to come, so that they are settled on one page."""
        first = self._days.back(1)
        days, acts = (first, first + A_DAY * (LONGEST - 1)), (LeadAct.ACCEPT_SMALL,)
        name_substitute(self._store, self.exhibits.door.randomness, BY_ID["wang"], BY_ID["li"], *days, acts)

    def _jot_down(self) -> None:
        """What a mediator heard at a gate, and has not filed yet."""
        held, randomness = self.exhibits, self.exhibits.door.randomness
        jottings = Jottings(store=self._store, blobs=held.blobs, room_key=held.room_key, randomness=randomness)
        jottings.make("li", f"demo-{self._days.today:%Y%m%d}-1", HEARD, [])

    def _tell_messages(self, day: date, until: date) -> date:
        """What the staff were told on the days from one on, at the end of each; the day with which to go on."""
        while day < until:
            self.clock.now = datetime.combine(day, time.fromisoformat(LAST_HOUR), CHINA)
            with self._store.read() as unit:
                begun = unit.views.notices() or unit.views.due_dates(day, since=day, most=1)
            if begun:
                sweep(self._store, self.exhibits.door.catalogue)
            day += A_DAY
        return until

    def _read_messages(self) -> None:
        """They have read all but those of the last working day."""
        with self._store.write() as unit:
            for actor in unit.register.actors():
                told = unit.messages.of(actor.id, most=MANY)
                unit.messages.mark_read(actor.id, [it.id for it in told if it.day < self._days.back(1)])

    @property
    def _timed(self) -> list[Timed]:
        """Every step with its moment, the place of its case and its own; in their order."""
        days = self._days
        timed = [
            (days.moment(step.back, step.at), place, number, story, step)
            for place, story in enumerate(self.company.stories)
            for number, step in enumerate(story.steps(days), 1)
        ]
        return sorted(timed, key=lambda it: it[:3])

    @property
    def _by_id(self) -> Mapping[str, Actor]:
        return {actor.id: actor for actor in self.company.staff}

    @property
    def _days(self) -> Days:
        return Days(self.now.astimezone(CHINA).date())

    @property
    def _store(self) -> Store:
        return self.exhibits.door.store

    def _give(self, story: Story, number: int, step: Step, people: list[Person]) -> None:
        actor, door = self._by_id[step.by], self.exhibits.door
        order = Order(
            id=f"{self._days.today:%Y%m%d}-{story.case}-{number}",
            case=story.case,
            command=step.command,
            actor=actor.id,
            office=next(iter(actor.offices)),
            on=step.on,
            capacity=step.capacity,
            waives=step.waives,
        )
        if number == 1:
            order = replace(order, workflow=door.catalogue.to_open(story.family, self._days.today).name)
        if step.papers:
            self.exhibits.file(order, [draw() for draw in step.papers])
        else:
            door.submit(order, people)

    def _fill_in(self, by: str, known: Known) -> None:
        """What is known of somebody, looked at as what is typed."""
        made = checked(known.details, self._days.today)
        assert not made.faults and not made.warnings, (known.person.name, made.faults, made.warnings)
        names = known.other_names or None
        self.people.change(self._by_id[by], known.person.id, expects=1, other_names=names, details=made.details)
