"""A roster on its way into a case: held against the case and the register, carried sealed, made into one order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import msgspec

from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.encryption.boxes import Place
from mediation_engine.encryption.room_key import RoomKey
from mediation_engine.ids import Randomness, new_id
from mediation_engine.input.new_people import bytes_from
from mediation_engine.input.roster import NUMBER, WORKING_AGE, Listed, Roster
from mediation_engine.input.tables import TableFault
from mediation_engine.ports.register import Entered, Person
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.people import NUMBER as BY_NUMBER
from mediation_engine.services.people import SAME_BY, Alike, People
from workflows.facts import facts_of
from workflows.parts.party import EnterRoster, RosterRow
from workflows.parts.queries import in_dispute
from workflows.vocabulary import Ability, Side

from .carried import brought_back as unsealed
from .carried import carried as sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What is said of a roster beside its rows."""

    side: Side = Side.APPLICANT
    group: str | None = None
    cohort: str | None = None
    same: frozenset[int] = frozenset()
    """Rows of those who are whom the register knows already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A roster held against a case: with any fault nothing of it is to be taken."""

    roster: Roster
    faults: tuple[TableFault, ...]
    warnings: tuple[str, ...]
    alike: Mapping[int, tuple[Alike, ...]]
    """By row: who of the register may be the same, the surest first. Never joined by itself."""


def looked(roster: Roster, view: CaseView, people: People, reader: Actor, id: str) -> Looked:
    """A roster held against the parties of a case and against the register, as if it had not been taken by its order
    already."""
    parties, own = _people_in(view), _ids(view.case.id, id, len(roster.people))
    found = [
        [other for other in others if other.person.id not in own]
        for others in people.alike(reader, [(_person(it, ""), it.details) for it in roster.people])
    ]
    faults, warnings, alike = list(roster.faults), list(roster.warnings), dict[int, tuple[Alike, ...]]()
    names = {view.people.get(id) for id in parties}
    for it, others in zip(roster.people, found, strict=True):
        there = [(parties[other.person.id], other.why) for other in others if other.person.id in parties]
        again = [key for key, why in there if why == SAME_BY[BY_NUMBER]]
        if again:
            told = f"已经是本案的{view.teller.thing(again[0])}，不能再登记一次"
            faults.append(TableFault(row=it.row, label=NUMBER, sentence=told))
        warnings += [
            f"第{it.row}行：{why}的{view.teller.thing(key)}已是本案当事人，请核对"
            for key, why in there[:1]
            if not again
        ]
        if not there and it.name in names:
            warnings.append(f"第{it.row}行：本案已有同名的当事人，请核对不是同一人")
        if offered := tuple(other for other in others if other.person.id not in parties):
            alike[it.row] = offered
    faults.sort(key=lambda fault: fault.row)
    return Looked(roster=roster, faults=tuple(faults), warnings=tuple(warnings), alike=alike)


def _people_in(view: CaseView) -> dict[str, str]:
    """The parties there are, by the id of the person."""
    return {facts_of(view.case).parties[key].person: key for key in in_dispute(view.case)}


def _ids(case: str, id: str, count: int) -> list[str]:
    """The ids of those whom the order brings into the register, row by row; the same for the same order."""
    randomness = bytes_from(case, id)
    return [new_id(randomness, 16) for _ in range(count)]


def unmatched(shown: Looked, same: Collection[int]) -> list[int]:
    """Rows said to be somebody known for which nobody is."""
    return sorted(set(same) - shown.alike.keys())


def order_of(
    shown: Looked, case: str, id: str, choices: Choices, people: People, actor: Actor, office: Office, today: date
) -> tuple[Order, list[Entered]]:
    """The one order that brings all of them in, and they for the register; the same for the same id."""
    rows: list[RosterRow] = []
    entered: list[Entered] = []
    for it, own in zip(shown.roster.people, _ids(case, id, len(shown.roster.people)), strict=True):
        new = _person(it, own)
        known = shown.alike[it.row][0].person if it.row in choices.same else None
        if known is None:
            entered.append(people.sealed(new, it.details))
        elif more := people.filled_up(actor, known.id, it.details):
            entered.append(more)
        rows.append(
            RosterRow(
                person=(known or new).id,
                claimed=it.claimed,
                months=Text(it.months) if it.months else None,
                ability=Ability.UNDER_16 if it.age(today) < WORKING_AGE else Ability.FULL,
                note=Text(it.note) if it.note else None,
            )
        )
    command = EnterRoster(side=choices.side, group=choices.group, cohort=choices.cohort, rows=tuple(rows))
    return Order(id=id, case=case, command=command, actor=actor.id, office=office), entered


def _person(it: Listed, id: str) -> Person:
    return Person(id=id, name=it.name, kind=PartyKind.PERSON)


# -- between the look and the taking: with the browser, sealed


def carried(roster: Roster, key: RoomKey, place: Place, randomness: Randomness) -> str:
    """A roster as the browser holds it until somebody presses."""
    return sealed(msgspec.json.encode(roster), key, place, randomness)


def brought_back(held: str, key: RoomKey, place: Place) -> Roster:
    """The roster again. BoxUnreadable where it was altered, or belongs to another case, person or form."""
    return msgspec.json.decode(unsealed(held, key, place), type=Roster)
