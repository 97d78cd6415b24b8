"""People, staff, organisations and case numbers in the database."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, fields, replace
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, insert, select, text

from ...domain.facts import PartyKind
from ...domain.roles import Actor, Office, Organisation
from ...errors import PersonTaken
from ...ports import Person
from . import schema as s

_PERSON = [s.people.c[f.name] for f in fields(Person)]

# Whoever takes a number keeps the row to the end of the transaction: the next one waits, and there is no gap.
_TAKE = text(
    "INSERT INTO numbers (organisation, track, year, last) VALUES (:organisation, :track, :year, 1) "
    "ON CONFLICT (organisation, track, year) DO UPDATE SET last = numbers.last + 1 RETURNING last"
)


class SqlRegister:
    """See `ports.Register`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

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
        row = self._db.execute(select(s.actors).where(s.actors.c.id == id)).first()
        return _actor(row) if row else None

    def actors(self) -> list[Actor]:
        return [_actor(row) for row in self._db.execute(select(s.actors).order_by(s.actors.c.id))]

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


def _actor(row: Row[Any]) -> Actor:
    offices = frozenset(Office(code) for code in json.loads(row.offices))  # type: ignore[call-arg]
    represents = frozenset((case, party) for case, party in json.loads(row.represents))
    return Actor(
        id=row.id,
        name=row.name,
        organisation=row.organisation,
        offices=offices,
        represents=represents,
        active=row.active,
    )
