"""People, staff, organisations and case numbers in the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields, replace
from typing import Any

from sqlalchemy import Row, Table, delete, insert, select, text

from ...domain.facts import PartyKind
from ...domain.roles import Actor, Office, Organisation
from ...errors import PersonTaken
from ...ports import Person
from . import schema as s
from .work import Question, Values, Work, columns

_PERSON = [s.people.c[f.name] for f in fields(Person)]

# Whoever takes a number keeps the row to the end of the transaction: the next one waits, and there is no gap.
_TAKE = text(
    "INSERT INTO numbers (organisation, track, year, last) VALUES (:organisation, :track, :year, 1) "
    "ON CONFLICT (organisation, track, year) DO UPDATE SET last = numbers.last + 1 RETURNING last"
)


_ACTOR = f"SELECT {columns(s.actors)} FROM actors WHERE id = ?"


def actor_named(id: str) -> Question:
    """Asks for a member of staff."""
    return _ACTOR, (id,)


def read_actor(rows: Sequence[Values]) -> Actor | None:
    return _actor(rows[0]) if rows else None


class SqlRegister:
    """See `ports.Register`."""

    def __init__(self, work: Work) -> None:
        self._db = work

    def person(self, id: str) -> Person | None:
        return self.people([id]).get(id)

    def people(self, ids: Iterable[str]) -> dict[str, Person]:
        wanted = select(*_PERSON).where(s.people.c.id.in_(list(ids))).order_by(s.people.c.version)
        return {row.id: _person(row) for row in self._db.execute(wanted)}

    def put_person(self, person: Person) -> None:
        same = (s.people.c.id == person.id) & (s.people.c.version == person.version)
        known = self._db.execute(select(*_PERSON).where(same)).first()
        if known is not None and _person(known) != person:
            raise PersonTaken(person=person.id)
        if known is None:
            self._db.execute(insert(s.people), [asdict(person) | {"kind": person.kind.value}])

    def actor(self, id: str) -> Actor | None:
        [rows] = self._db.ask(actor_named(id))
        return read_actor(rows)

    def actors(self) -> list[Actor]:
        return [_actor(tuple(row)) for row in self._db.execute(select(s.actors).order_by(s.actors.c.id))]

    def put_actor(self, actor: Actor) -> None:
        offices = json.dumps(sorted(o.value for o in actor.offices))
        row = asdict(actor) | {"offices": offices, "represents": json.dumps(sorted(actor.represents))}
        self._replace(s.actors, row)

    def organisation(self, id: str) -> Organisation | None:
        row = self._db.execute(select(s.organisations).where(s.organisations.c.id == id)).first()
        return Organisation(**row._mapping) if row else None

    def put_organisation(self, organisation: Organisation) -> None:
        self._replace(s.organisations, asdict(organisation))

    def _replace(self, table: Table, row: dict[str, Any]) -> None:
        self._db.execute(delete(table).where(table.c.id == row["id"]))
        self._db.execute(insert(table), [row])

    def next_number(self, organisation: str, track: str, year: int, *, take: bool) -> int:
        key = {"organisation": organisation, "track": track, "year": year}
        if take:
            return int(self._db.execute(_TAKE, key).scalar_one())
        last = self._db.execute(select(s.numbers.c.last).filter_by(**key)).scalar()
        return (last or 0) + 1


def _person(row: Row[Any]) -> Person:
    return replace(Person(**row._mapping), kind=PartyKind(row.kind))  # type: ignore[call-arg]


def _actor(row: Values) -> Actor:
    id, name, organisation, offices, represents, active = row
    return Actor(
        id=id,
        name=name,
        organisation=organisation,
        offices=frozenset(Office(code) for code in json.loads(offices)),  # type: ignore[call-arg]
        represents=frozenset((case, party) for case, party in json.loads(represents)),
        active=bool(active),
    )
