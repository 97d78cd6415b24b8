"""People, staff, organisations and case numbers in the database."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import select

from ...domain.people import PartyKind
from ...domain.roles import Actor, Level, Office, Organisation
from ...errors import PersonTaken, VersionClash
from ...ports.register import ERASED, Erasure, Found, Person, erased, is_same
from . import schema as s
from . import search
from .journal import SqlJournal
from .schema import content, moment_text, read_text
from .work import Question, Values, Work, columns, inserting

_ACTOR = f"SELECT {columns(s.actors)} FROM actors WHERE id = ?"
_ORGANISATION = f"SELECT {columns(s.organisations)} FROM organisations WHERE id = ?"
_ORGANISATIONS = f"SELECT {columns(s.organisations)} FROM organisations ORDER BY id"
_VERSIONS = f"SELECT {columns(s.people)} FROM people WHERE id = ? ORDER BY version"
_PUT_PERSON = inserting(s.people)
_PUT_ERASURE = inserting(s.people_erasures)
_PUT_FOUND = inserting(s.people_index)
_DROP_FOUND = "DELETE FROM people_index WHERE kind = ? AND value = ? AND person = ?"
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
            if not is_same(versions[person.version], person):
                raise PersonTaken(person=person.id)
            return
        values = _of_person(person)
        row = self._journal.bind(s.people, values)
        self._db.later(_PUT_PERSON, [(*values, row.salt)])
        if person.version > max(versions, default=0):
            search.write_names(self._db, person.id, person.names)

    def versions(self, id: str) -> list[Person]:
        [known] = self._db.ask((_VERSIONS, (id,)))
        return list(map(_stored_person, known))

    def erase_person(self, id: str) -> None:
        known = self.versions(id)
        self._db.erases = True
        for version in known:
            self._journal.put(s.people, _of_person(erased(version)))
        if known:
            search.write_names(self._db, id, [ERASED])
        if self.person_key(id) is not None:
            self._journal.put(s.people_keys, (id, None))
        self.put_found(id, ())

    def put_erasure(self, erasure: Erasure) -> None:
        if self.erasure(erasure.person):
            raise VersionClash
        values = tuple(moment_text(v) if isinstance(v, datetime) else v for v in astuple(erasure))
        row = self._journal.bind(s.people_erasures, values)
        self._db.later(_PUT_ERASURE, [(*values, row.salt)])

    def erasure(self, person: str) -> Erasure | None:
        found = select(*content(s.people_erasures)).where(s.people_erasures.c.person == person)
        row = self._db.execute(found).first()
        return Erasure(**row._mapping) if row else None

    def erased_people(self) -> list[str]:
        p = s.people.c
        return list(self._db.execute(select(p.id).where(p.name == ERASED).distinct().order_by(p.id)).scalars())

    def person_key(self, id: str) -> bytes | None:
        k = s.people_keys.c
        return self._db.execute(select(k.wrapped).where(k.person == id)).scalar()

    def put_person_key(self, id: str, wrapped: bytes) -> None:
        if self._db.execute(select(s.people_keys.c.person).where(s.people_keys.c.person == id)).first():
            raise VersionClash
        self._journal.put(s.people_keys, (id, wrapped))

    def keyed_people(self) -> list[str]:
        k = s.people_keys.c
        return list(self._db.execute(select(k.person).where(k.wrapped.is_not(None)).order_by(k.person)).scalars())

    def put_found(self, id: str, found: Collection[Found]) -> None:
        there, wanted = self.found_by(id), frozenset(found)
        self._db.later(_DROP_FOUND, [(*one, id) for one in sorted(there - wanted)])
        self._db.later(_PUT_FOUND, [(*one, id) for one in sorted(wanted - there)])

    def found_by(self, id: str) -> frozenset[Found]:
        i = s.people_index.c
        rows = self._db.execute(select(i.kind, i.value).where(i.person == id))
        return frozenset((row.kind, bytes(row.value)) for row in rows)

    def find_people(self, found: Collection[Found], organisations: Collection[str]) -> list[Person]:
        i = s.people_index.c
        ids = {
            id
            for kind, value in found
            for id in self._db.execute(select(i.person).where(i.kind == kind, i.value == value)).scalars()
        }
        return self._own(ids, organisations)

    def find_named(self, words: Collection[str], organisations: Collection[str], *, most: int = 50) -> list[Person]:
        if not words:
            return []
        w, p = s.name_words.c, s.people.c
        newest = select(p.organisation).where(p.id == w.person).order_by(p.version.desc()).limit(1).scalar_subquery()
        first, *others = sorted(words)
        found = select(w.person).where(w.word == first, newest.in_(organisations))
        for word in others:
            x = s.name_words.alias().c
            found = found.where(select(x.person).where(x.word == word, x.person == w.person).exists())
        return self._own(self._db.execute(found.order_by(w.person).limit(most)).scalars(), organisations)

    def _own(self, ids: Iterable[str], organisations: Collection[str]) -> list[Person]:
        newest = self.people(ids)
        return [newest[id] for id in sorted(newest) if newest[id].organisation in organisations]

    def put_same(self, one: str, other: str, stands: bool) -> None:
        self._journal.put(s.same_people, (min(one, other), max(one, other), stands))

    def same_as(self, id: str) -> list[str]:
        p = s.same_people.c
        pairs = self._db.execute(select(p.one, p.other).where(p.stands, (p.one == id) | (p.other == id)))
        return sorted(row.one if row.other == id else row.other for row in pairs)

    def same_people(self) -> list[tuple[str, str]]:
        p = s.same_people.c
        found = self._db.execute(select(p.one, p.other).where(p.stands).order_by(p.one, p.other))
        return [(row.one, row.other) for row in found]

    def actor(self, id: str) -> Actor | None:
        [rows] = self._db.ask(actor_named(id))
        return read_actor(rows)

    def actors(self) -> list[Actor]:
        return [_actor(tuple(row)) for row in self._db.execute(select(*content(s.actors)).order_by(s.actors.c.id))]

    def put_actor(self, actor: Actor) -> None:
        offices = json.dumps(sorted(o.value for o in actor.offices))
        values = (actor.id, actor.name, actor.organisation, offices, actor.active)
        self._journal.put(s.actors, values)

    def organisation(self, id: str) -> Organisation | None:
        [rows] = self._db.ask((_ORGANISATION, (id,)))
        return _organisation(rows[0][:-1]) if rows else None

    def organisations(self) -> list[Organisation]:
        [rows] = self._db.ask((_ORGANISATIONS, ()))
        return [_organisation(row[:-1]) for row in rows]

    def put_organisation(self, organisation: Organisation) -> None:
        self._journal.put(s.organisations, _of_organisation(organisation))

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
    own, kind = person.organisation, person.kind.value
    return person.id, person.version, own, person.name, kind, person.other_names, person.details


def _person(row: Values) -> Person:
    id, version, organisation, name, kind, other_names, details = row
    return Person(
        id=id,
        version=version,
        organisation=organisation,
        name=name,
        kind=PartyKind(kind),  # type: ignore[call-arg]
        other_names=other_names,
        details=details,
    )


def _stored_person(row: Values) -> Person:
    """From a whole row, its salt last."""
    return _person(row[:-1])


def _level(code: str) -> Level:
    return Level(code)  # type: ignore[call-arg]


def _of_organisation(it: Organisation) -> Values:
    level = it.level.code if it.level else None
    since, until = (day.isoformat() if day else None for day in (it.since, it.until))
    return it.id, it.name, it.short_name, it.kind, it.parent, level, since, until, it.contact


@lru_cache(maxsize=4096)
def _organisation(row: Values) -> Organisation:
    """Kept by what the row says: lists ask for all of them."""
    id, name, short_name, kind, parent, level, since, until, contact = row
    return Organisation(
        id=id,
        name=name,
        short_name=short_name,
        kind=kind,
        parent=parent,
        level=read_text(_level, level) if level else None,
        since=read_text(date.fromisoformat, since) if since else None,
        until=read_text(date.fromisoformat, until) if until else None,
        contact=contact,
    )


@lru_cache(maxsize=1024)
def _actor(row: Values) -> Actor:
    """Kept by what the row says, since the same few people give all orders."""
    id, name, organisation, offices, active = row
    return Actor(
        id=id,
        name=name,
        organisation=organisation,
        offices=frozenset(Office(code) for code in json.loads(offices)),  # type: ignore[call-arg]
        active=bool(active),
    )
