"""The register of people: what is known of somebody, encrypted under a key of their own, found again without being
shown, and erased so that nothing brings it back.

Who asks is checked by the caller's office and here by organisation: a factory's own committee never learns who of its
workers complained to another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from ..domain.erasing import ErasureGround
from ..domain.fields import fields_of
from ..domain.matter import CASE
from ..domain.people import DETAILS, Details, EnterpriseDetails, PersonDetails
from ..domain.roles import OUTSIDERS, Actor
from ..encryption.boxes import Place, new_key, opened, shut
from ..encryption.room_key import RoomKey
from ..errors import BoxUnreadable, PersonErased, PersonMoved, PersonNeeded, PersonNotFound
from ..ids import Randomness
from ..input.identity_numbers import read_phone
from ..ports.register import ERASED, Entered, Erasure, Found, Person
from ..ports.store import Store, Unit
from ..read_models import search_terms
from ..read_models.projections import CaseRow
from ..record.codec import canonical, check_storable, read_command
from .authorization import check_own, lead_himself, reach

ABOUT = "register"
ELSEWHERE = "别的组织的案件"
NUMBER, PHONE, NAME_AND_BIRTH, NAME_AND_EMPLOYER = "number", "phone", "name_birth", "name_employer"
SAME_BY = {
    NUMBER: "证件号码或信用代码相同",
    PHONE: "电话相同",
    NAME_AND_BIRTH: "姓名和出生日期相同",
    NAME_AND_EMPLOYER: "姓名和单位相同",
}
"""By what two may be one, the surest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of somebody at one moment."""

    person: Person
    details: Details
    """Empty where nothing was filled in, or it was erased."""
    readable: bool = True
    """Whether the details there are could be opened."""
    erasure: Erasure | None = None
    cases: tuple[CaseRow, ...] = ()
    """Cases of the reader's organisation and those below it with this person or one said to be the same."""
    same: tuple[Person, ...] = ()
    """Others of whom it is said that they are the same."""
    alike: tuple[Alike, ...] = ()

    @property
    def is_erased(self) -> bool:
        return self.person.name == ERASED


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Somebody who may be the same person, never joined by itself."""

    person: Person
    why: str


class People:
    """The register to somebody who asks: a store, the room's key, where random bytes come from."""

    def __init__(self, store: Store, key: RoomKey, randomness: Randomness) -> None:
        self._store, self._key, self._randomness = store, key, randomness

    def known(self, reader: Actor, id: str) -> Known:
        """All that is known of somebody. PersonNotFound, also where it is another organisation's business."""
        with self._store.read() as unit:
            person = _own(unit, reader, id)
            organisations = reach(unit.register, reader.organisation)
            readable = True
            try:
                details = self._details(unit, person)
            except BoxUnreadable:
                details, readable = DETAILS[person.kind](), False
            same = unit.register.people(unit.register.same_as(id))
            return Known(
                person=person,
                details=details,
                readable=readable,
                erasure=unit.register.erasure(id),
                cases=tuple(it for it in unit.views.cases_of([id, *same], organisations) if it.matter == CASE.code),
                same=tuple(same[other] for other in sorted(same)),
                alike=tuple(self._alike(unit, person, details, organisations, but={id, *same})),
            )

    def change(
        self,
        actor: Actor,
        id: str,
        *,
        expects: int,
        name: str | None = None,
        other_names: str | None = None,
        details: Details | None = None,
    ) -> Person:
        """Add a version of somebody; what is None stays. The one there is already where nothing changes.

        PersonNotFound; PersonMoved where there is another version than expected; PersonErased.
        """
        check_storable(name, other_names, details)
        with self._store.write(ABOUT) as unit:
            unit.journal.by = actor.id
            person = _own(unit, actor, id)
            if person.name == ERASED:
                raise PersonErased
            if person.version != expects:
                raise PersonMoved(version=person.version)
            before = self._details(unit, person)
            wanted = replace(
                person,
                version=person.version + 1,
                name=person.name if name is None else name,
                other_names=(person.other_names if other_names is None else other_names) or None,
            )
            held = before if details is None else details
            if (wanted.names, held) == (person.names, before):
                return person
            wanted = replace(wanted, details=self._shut(unit, wanted, held))
            unit.register.put_person(wanted)
            unit.register.put_found(id, self._found(wanted, held))
            return wanted

    def find(self, reader: Actor, typed: str) -> list[Person]:
        """Those of one's organisation and those below it with this number or telephone, or these words in a name."""
        with self._store.read() as unit:
            organisations = reach(unit.register, reader.organisation)
            found = {p.id: p for p in unit.register.find_people(list(self._typed(typed)), organisations)}
            words = search_terms.asked(typed)
            found |= {p.id: p for p in unit.register.find_named(words, organisations)}
            return sorted(found.values(), key=lambda p: (p.name, p.id))

    def say_same(self, actor: Actor, one: str, other: str, *, stands: bool = True) -> None:
        """Say that two ids are one person, or take that back. PersonNotFound."""
        with self._store.write(ABOUT) as unit:
            unit.journal.by = actor.id
            _own(unit, actor, one), _own(unit, actor, other)
            if one != other:
                unit.register.put_same(one, other, stands)

    def erase(self, actor: Actor, id: str, *, ground: ErasureGround, basis: str, reason: str) -> Erasure:
        """Erase somebody: names, numbers, the key itself. Who is erased already stays so, and it is said why.

        PersonNotFound; OfficeNotHeld unless the lead himself does it; PersonNeeded while a case with him is open.
        """
        check_storable(basis, reason)
        with self._store.write(ABOUT) as unit:
            unit.journal.by = lead_himself(unit, actor.id).id
            _own(unit, actor, id)
            own = reach(unit.register, actor.organisation)
            everywhere = [organisation.id for organisation in unit.register.organisations()]
            still = [row for row in unit.views.cases_of([id], everywhere) if row.closed is None]
            if needed := [row.number or row.case if row.organisation in own else ELSEWHERE for row in still]:
                raise PersonNeeded(cases="、".join(needed[:3]))
            known = unit.register.erasure(id)
            unit.register.erase_person(id)
            _forget_actor(unit, id)
            if known is not None:
                return known
            said = Erasure(person=id, at=unit.now, by=actor.id, ground=ground.value, basis=basis, reason=reason)
            unit.register.put_erasure(said)
            return said

    # -- entered with an order

    def sealed(self, person: Person, details: Details) -> Entered:
        """Somebody new, with what is known of him."""
        key = new_key(self._randomness)
        wrapped = self._key.wrap(key, _key_place(person.id), self._randomness)
        box = shut(key, canonical(details), _place(person), self._randomness)
        return Entered(person=replace(person, details=box), key=wrapped, found=self._found(person, details))

    def filled_up(self, reader: Actor, id: str, told: Details) -> Entered | None:
        """Somebody known with what was not known yet; None where all was. What is known is never written over.

        PersonNotFound, PersonErased.
        """
        with self._store.read() as unit:
            person = _own(unit, reader, id)
            if person.name == ERASED:
                raise PersonErased
            before, wrapped = self._details(unit, person), unit.register.person_key(id)
        missing = [f for f in fields_of(type(before)) if getattr(before, f.name) in (None, (), False)]
        details = (
            replace(before, **{f.name: getattr(told, f.name) for f in missing})
            if type(told) is type(before)
            else before
        )
        if details == before:
            return None
        wanted = replace(person, version=person.version + 1)
        if wrapped is None:
            return self.sealed(wanted, details)
        key = self._key.unwrap(wrapped, _key_place(id))
        box = shut(key, canonical(details), _place(wanted), self._randomness)
        return Entered(person=replace(wanted, details=box), key=None, found=self._found(wanted, details))

    def alike(self, reader: Actor, some: Sequence[tuple[Person, Details]]) -> list[list[Alike]]:
        """For each of some people who are not entered yet, those of the register who may be the same."""
        with self._store.read() as unit:
            organisations = reach(unit.register, reader.organisation)
            return [list(self._alike(unit, *one, organisations, but=())) for one in some]

    # -- kept and found

    def all_details(self, reader: Actor, ids: Collection[str]) -> dict[str, tuple[Person, Details]]:
        """What is known of several people, by id; without those who are another organisation's business, or erased, or
        of whom nothing can be opened."""
        found = dict[str, tuple[Person, Details]]()
        with self._store.read() as unit:
            for id in ids:
                with suppress(PersonNotFound, BoxUnreadable):
                    person = _own(unit, reader, id)
                    found[id] = person, self._details(unit, person)
        return found

    def details(self, unit: Unit, person: Person) -> Details:
        """What is known of somebody beside the names, for whoever may see it. BoxUnreadable."""
        return self._details(unit, person)

    def _details(self, unit: Unit, person: Person) -> Details:
        kind = DETAILS[person.kind]
        if person.details is None:
            return kind()
        wrapped = unit.register.person_key(person.id)
        if wrapped is None:
            raise BoxUnreadable
        key = self._key.unwrap(wrapped, _key_place(person.id))
        found = read_command(kind, opened(key, person.details, _place(person)))  # type: ignore[arg-type]
        if not isinstance(found, kind):
            raise BoxUnreadable
        return found

    def _shut(self, unit: Unit, person: Person, details: Details) -> bytes | None:
        if details == DETAILS[person.kind]():
            return None
        wrapped = unit.register.person_key(person.id)
        if wrapped is None:
            key = new_key(self._randomness)
            unit.register.put_person_key(person.id, self._key.wrap(key, _key_place(person.id), self._randomness))
        else:
            key = self._key.unwrap(wrapped, _key_place(person.id))
        return shut(key, canonical(details), _place(person), self._randomness)

    def _typed(self, typed: str) -> Iterator[Found]:
        yield NUMBER, self._key.index(NUMBER, _in_one_form(typed))
        if phone := read_phone(typed).number:
            yield PHONE, self._key.index(PHONE, phone)

    def _found(self, person: Person, details: Details) -> frozenset[Found]:
        """By what somebody is to be found."""
        return frozenset((kind, self._key.index(kind, value)) for kind, value in _told(person, details))

    def _alike(
        self, unit: Unit, person: Person, details: Details, organisations: Collection[str], but: Collection[str]
    ) -> Iterator[Alike]:
        """Those who may be the same, the surest first, each once."""
        told: dict[str, Alike] = {}
        for kind, why in SAME_BY.items():
            wanted = [it for it in self._found(person, details) if it[0] == kind]
            for other in unit.register.find_people(wanted, organisations):
                if other.id not in but and other.kind is person.kind:
                    told.setdefault(other.id, Alike(person=other, why=why))
        yield from told.values()

    # -- looked after

    def faults(self) -> Iterator[tuple[str, str]]:
        """(id, what is wrong) of those whose details do not open, or who are not found by them."""
        with self._store.read() as unit:
            for id in unit.register.keyed_people():
                versions = unit.register.versions(id)
                try:
                    newest = [(person, self._details(unit, person)) for person in versions][-1]
                except (BoxUnreadable, IndexError):
                    yield id, "资料打不开"
                    continue
                if unit.register.found_by(id) != self._found(*newest):
                    yield id, "按号码、电话查不到"

    def find_again(self) -> int:
        """Make anew by what people are found; of how many it was not what it should be."""
        wrong = [id for id, why in self.faults() if why == "按号码、电话查不到"]
        for id in wrong:
            with self._store.write(ABOUT) as unit:
                person = unit.register.person(id)
                if person is not None:
                    unit.register.put_found(id, self._found(person, self._details(unit, person)))
        return len(wrong)


def _forget_actor(unit: Unit, id: str) -> None:
    """Of somebody who gave orders without an account, such as a visitor, the name is gone with the person."""
    actor = unit.register.actor(id)
    if actor is not None and not actor.offices.isdisjoint(OUTSIDERS):
        unit.register.put_actor(replace(actor, name=ERASED, active=False))


def _own(unit: Unit, reader: Actor, id: str) -> Person:
    person = unit.register.person(id)
    if person is None:
        raise PersonNotFound(person=id)
    check_own(unit.register, reader, person)
    return person


def _told(person: Person, details: Details) -> Iterator[tuple[str, str]]:
    """(kind, value) of all that somebody is told from others by."""
    for phone in details.phones:
        yield PHONE, str(phone.number)
    if isinstance(details, EnterpriseDetails) and details.credit_code:
        yield NUMBER, details.credit_code
    if isinstance(details, PersonDetails):
        if details.number:
            yield NUMBER, details.number
        for name in person.names if details.birth else ():
            yield NAME_AND_BIRTH, f"{_in_one_form(name)}\n{details.birth}"
        for name in person.names if details.employer else ():
            yield NAME_AND_EMPLOYER, f"{_in_one_form(name)}\n{_in_one_form(details.employer or '')}"


def _in_one_form(typed: str) -> str:
    return search_terms.plain(typed).replace(" ", "").replace("-", "").upper()


def _key_place(id: str) -> Place:
    return "people_keys", id


def _place(person: Person) -> Place:
    return "people", person.id, person.version
