"""参会人员: who is to come, and who did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.decision_context import Outside
from mediation_engine.domain.fields import code, person, staff
from mediation_engine.domain.guard import MET, POLICY, Answer, given_as, guard, met_if
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Follows, Machine, Spawns, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from . import cards
from .facts import Attendee, MeetingFacts, facts_of
from .questions import BODY_NAMES
from .vocabulary import AttendeeState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeeRow:
    """Somebody who is to come."""

    staff: str | None = staff("本室的人", default=None)
    body: str | None = code("单位", default=None, help="从组织名录里选")
    person: str | None = person("姓名", default=None)
    post: str | None = code("职务", default=None, help="不知道姓名的写职务，如：片区专职副片长")


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteAttendee(Command):
    label: ClassVar[str] = "加参会人员"
    staff: str | None = staff("本室的人", default=None)
    body: str | None = code("单位", default=None, help="从组织名录里选")
    person: str | None = person("姓名", default=None)
    post: str | None = code("职务", default=None, help="不知道姓名的写职务，如：片区专职副片长")


def attendee_of(it: AttendeeRow | InviteAttendee, body_name: str) -> Attendee:
    """Somebody who is named, with what an organisation was called."""
    return Attendee(staff=it.staff, person=it.person, body=it.body, body_name=body_name, post=it.post)


def attendees_of(named: Sequence[AttendeeRow], body_names: Sequence[str]) -> tuple[Attendee, ...]:
    """Those who are named in rows; a row that names nobody is none."""
    pairs = zip(named, body_names, strict=True)
    return tuple(attendee_of(it, name) for it, name in pairs if names_somebody(it))


def names_somebody(it: AttendeeRow | InviteAttendee) -> bool:
    """Whether it says anything of who is to come."""
    return bool(it.staff or it.person or it.body or it.post)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeeNamed(Event[None]):
    label: ClassVar[str] = "参会人员已列入"
    given: None = None

    def apply(self, facts: MeetingFacts, line: Line) -> None:
        facts.attendees[line.instance], facts.to_come = facts.to_come[0], facts.to_come[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeeInvited(Event[InviteAttendee]):
    label: ClassVar[str] = "参会人员已补充"
    body_names: tuple[str, ...]

    @classmethod
    def of(cls, given: Any, situation: Situation, outside: Outside) -> AttendeeInvited:
        return cls(given=given, body_names=outside.ask(BODY_NAMES, (given.body or "",)))

    def apply(self, facts: MeetingFacts, line: Line) -> None:
        facts.attendees[line.instance] = attendee_of(self.given, self.body_names[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeeCame(Event[None]):
    label: ClassVar[str] = "到会"
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeeMissing(Event[None]):
    label: ClassVar[str] = "缺席"
    given: None = None


def named(case: Case) -> Iterator[AttendeeNamed]:
    """The first of those whom the calling names and who are not there yet."""
    if facts_of(case).to_come:
        yield AttendeeNamed()


def came(case: Case, key: str) -> AttendeeCame | None:
    """The meeting was held, and he was there."""
    return AttendeeCame() if key in facts_of(case).came else None


def stayed_away(case: Case, key: str) -> AttendeeMissing | None:
    """The meeting was held without him."""
    facts = facts_of(case)
    return AttendeeMissing() if facts.held is not None and key not in facts.came else None


@guard("写明请谁来：本室的人、单位、姓名或职务，至少一样", POLICY, fixed=True, of_form=True)
def somebody_named(s: Situation) -> Answer:
    given = given_as(s, InviteAttendee)
    return MET if given is None else met_if(names_somebody(given))


@guard("会已经开过，或者取消了", POLICY, fixed=True)
def still_to_be_held(s: Situation) -> Answer:
    return met_if(facts_of(s).closed is None)


OPEN = (still_to_be_held, somebody_named)

# fmt: off
ROWS = (
    Spawns(S.INVITED, named, AttendeeNamed, POLICY),
    # from  command         to         by        only if records          basis
    T(None, InviteAttendee, S.INVITED, MEDIATOR, OPEN,   AttendeeInvited, POLICY),
    Follows(S.INVITED, S.CAME,   came,        AttendeeCame,    POLICY),
    Follows(S.INVITED, S.ABSENT, stayed_away, AttendeeMissing, POLICY),
)
# fmt: on

ATTENDEE = Machine.declare(
    "attendee",
    "参会人员",
    S,
    ROWS,
    final={S.CAME, S.ABSENT},
    resting={S.INVITED},
    alive=ALWAYS,
    shown=Presentation(
        title="参会人员",
        empty="还没有写明请谁来。",
        rows=True,
        place=10,
        card=cards.attendee,
        summary=cards.attendee_line,
        called=cards.attendee_called,
        urgent=frozenset({S.ABSENT}),
        joint=False,
    ),
)
