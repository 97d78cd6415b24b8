"""Somebody whom a matter is about: who came with it, whom it is against (涉及的人)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import choice, person
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine, Spawns, T
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR_OR_GRID_WORKER

from ...tabs import Tab
from . import cards
from .facts import Concerned, MatterFacts, facts_of
from .vocabulary import Standing


class S(Labelled):
    """Nothing is to be done about somebody."""

    NAMED = "named", "已列入"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernedRow:
    """Somebody named at registration."""

    person: str = person("姓名或名称")
    standing: Standing = choice("是谁", default=Standing.ASKER)
    kind: PartyKind = choice("主体", default=PartyKind.PERSON)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddConcerned(Command):
    label: ClassVar[str] = "补充涉及的人"
    person: str = person("姓名或名称")
    standing: Standing = choice("是谁", default=Standing.OTHER)
    kind: PartyKind = choice("主体", default=PartyKind.PERSON)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernedNamed(Event[None]):
    label: ClassVar[str] = "涉及的人已列入"
    given: None = None
    person: str
    standing: Standing
    kind: PartyKind

    def apply(self, facts: MatterFacts, line: Line) -> None:
        facts.announced = facts.announced[1:]
        facts.concerned[line.instance] = Concerned(person=self.person, standing=self.standing, kind=self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernedAdded(Event[AddConcerned]):
    label: ClassVar[str] = "涉及的人已补充"

    def apply(self, facts: MatterFacts, line: Line) -> None:
        g = self.given
        facts.concerned[line.instance] = Concerned(person=g.person, standing=g.standing, kind=g.kind)


def named(case: Case) -> Iterator[ConcernedNamed]:
    """The first of those whom the registration names and who are not there yet."""
    for one in facts_of(case).announced[:1]:
        yield ConcernedNamed(person=one.person, standing=one.standing, kind=one.kind)


BOTH = MEDIATOR_OR_GRID_WORKER
# fmt: off
ROWS = (
    Spawns(S.NAMED, named, ConcernedNamed, POLICY),
    # from  command       to       by    only if records         basis
    T(None, AddConcerned, S.NAMED, BOTH, (),     ConcernedAdded, POLICY),
)
# fmt: on

CONCERNED = Machine.declare(
    "concerned",
    "涉及的人",
    S,
    ROWS,
    final={S.NAMED},
    shown=Presentation(title="涉及的人", tab=Tab.PARTIES, rows=True, place=10, card=cards.concerned),
)
