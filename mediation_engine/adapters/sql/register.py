"""People, staff, organisations and case numbers in the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from functools import lru_cache

from sqlalchemy import select

from ...domain.people import PartyKind
from ...domain.roles import Actor, Office, Organisation
from ...errors import PersonTaken
from ...ports.register import ERASED, Person, erased
from . import schema as s
from . import search
from .journal import SqlJournal
from .schema import content
from .work import Question, Values, Work, columns, inserting

_ACTOR = f"SELECT {columns(s.actors)} FROM actors WHERE id = ?"
_ORGANISATION = f"SELECT {columns(s.organisations)} FROM organisations WHERE id = ?"
_VERSIONS = f"SELECT {columns(s.people)} FROM people WHERE id = ? ORDER BY version"
_PUT_PERSON = inserting(s.people)
_LAST = "SELECT last FROM numbers WHERE organisation = ? AND track = ? AND year = ?"
# Whoever takes a number keeps the row to the end of the transaction: the next one waits, and there is no gap.
_TAKE = (
    "INSERT INTO numbers (organisation, track, year, last, salt) VALUES (?, ?, ?, 1, ?) "
    "ON CONFLICT (organisation, track, year) DO UPDATE SET last = numbers.last + 1, salt = excluded.salt "
    "RETURNING last"
)


def actor_named(id: str) -> Question:
    """Asks for a member of staff."""
    return _ACTOR, (id,)


def read_actor(rows: Sequence[Values]) -> Actor | None:
    return _actor(rows[0][:-1]) if rows else None


class SqlRegister:
    """See `ports.register.Register`."""

    def __init__(self, work: Work, journal: SqlJournal) -> None:
        self._db, self._journal = work, journal

    def person(self, id: str) -> Person | None:
        return self.people([id]).get(id)

    def people(self, ids: Iterable[str]) -> dict[str, Person]:
        wanted = select(*content(s.people)).where(s.people.c.id.in_(list(ids))).order_by(s.people.c.version)
        return {row.id: _person(tuple(row)) for row in self._db.execute(wanted)}

    def put_person(self, person: Person) -> None:
        [known] = self._db.ask((_VERSIONS, (person.id,)))
        versions = {held.version: held for held in map(_stored_person, known)}
        if person.version in versions:
            if versions[person.version] not in (person, erased(person)):
                raise PersonTaken(person=person.id)
            return
        values = _of_person(person)
        row = self._journal.bind(s.people, values)
        self._db.later(_PUT_PERSON, [(*values, row.salt)])
        if person.version > max(versions, default=0):
            search.write_name(self._db, person.id, person.name)

    def erase_person(self, id: str) -> None:
        [known] = self._db.ask((_VERSIONS, (id,)))
        self._db.erases = True
        for version in map(_stored_person, known):
            self._journal.put(s.people, _of_person(erased(version)))
        if known:
            search.write_name(self._db, id, ERASED)

    def actor(self, id: str) -> Actor | None:
        [rows] = self._db.ask(actor_named(id))
        return read_actor(rows)

    def actors(self) -> list[Actor]:
        return [_actor(tuple(row)) for row in self._db.execute(select(*content(s.actors)).order_by(s.actors.c.id))]

    def put_actor(self, actor: Actor) -> None:
        offices = json.dumps(sorted(o.value for o in actor.offices))
        represents = json.dumps(sorted(actor.represents))
        values = (actor.id, actor.name, actor.organisation, offices, represents, actor.active)
        self._journal.put(s.actors, values)

    def organisation(self, id: str) -> Organisation | None:
        [rows] = self._db.ask((_ORGANISATION, (id,)))
        return _organisation(rows[0][:-1]) if rows else None

    def organisations(self) -> list[Organisation]:
        found = select(*content(s.organisations)).order_by(s.organisations.c.id)
        return [_organisation(tuple(row)) for row in self._db.execute(found)]

    def put_organisation(self, organisation: Organisation) -> None:
        self._journal.put(s.organisations, astuple(organisation))

    def next_number(self, organisation: str, track: str, year: int, *, take: bool) -> int:
        key = (organisation, track, year)
        if not take:
            [rows] = self._db.ask((_LAST, key))
            return int(rows[0][0]) + 1 if rows else 1
        salt = self._journal.fresh_salt()
        [[[last]]] = self._db.ask((_TAKE, (*key, salt)))
        self._journal.bind(s.numbers, (*key, last), salt)
        return int(last)


def _of_person(person: Person) -> Values:
    return person.id, person.version, person.name, person.kind.value, person.phone


def _person(row: Values) -> Person:
    id, version, name, kind, phone = row
    return Person(id=id, version=version, name=name, kind=PartyKind(kind), phone=phone)  # type: ignore[call-arg]


def _stored_person(row: Values) -> Person:
    """From a whole row, its salt last."""
    return _person(row[:-1])


def _organisation(row: Values) -> Organisation:
    id, name, short_name, kind, parent = row
    return Organisation(id=id, name=name, short_name=short_name, kind=kind, parent=parent)


@lru_cache(maxsize=1024)
def _actor(row: Values) -> Actor:
    """Kept by what the row says, since the same few people give all orders."""
    id, name, organisation, offices, represents, active = row
    return Actor(
        id=id,
        name=name,
        organisation=organisation,
        offices=frozenset(Office(code) for code in json.loads(offices)),  # type: ignore[call-arg]
        represents=frozenset((case, party) for case, party in json.loads(represents)),
        active=bool(active),
    )
