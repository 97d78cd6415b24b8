"""The port of the register: people, actors, organisations."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from ..domain.people import PartyKind
from ..domain.roles import Actor, Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One version of somebody in the register of people and organisations: the only place names are kept."""

    id: str
    version: int = 1
    organisation: str = ""
    """Whose register it is: who is looked up, or may be the same, is looked for there. The door fills it in."""
    name: str
    kind: PartyKind
    other_names: str | None = None
    """Former names, names as signed, short names; several separated by 、."""
    details: bytes | None = None
    """All else that is known, encrypted under the person's own key; None where nothing is."""

    @property
    def names(self) -> tuple[str, ...]:
        """All names somebody is found by."""
        return names_of(self.name, self.other_names)


def names_of(name: str, other_names: str | None) -> tuple[str, ...]:
    """A name and the others that were written beside it."""
    return (name, *filter(None, (other_names or "").split("、")))


ERASED = "（已依法删除）"
"""What somebody is called whose name has been erased."""


def erased(person: Person) -> Person:
    """What is left of a version of somebody."""
    return replace(person, name=ERASED, other_names=None, details=None)


def is_same(held: Person, again: Person) -> bool:
    """Whether a version that is held is the one that is entered again, be it erased since; in whose register it came
    first, there it stays."""
    there = replace(again, organisation=held.organisation)
    return held in (there, erased(there))


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """That somebody was erased from the register: when, by whom, why. Nothing of what was erased is repeated."""

    person: str
    at: datetime
    by: str
    ground: str
    """The code of an `ErasureGround`."""
    basis: str
    reason: str


Found = tuple[str, bytes]
"""By what somebody is found again: the kind of value, and its blind index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A version of somebody with what is known of him, to be entered in the transaction of an order."""

    person: Person
    key: bytes | None
    """The wrapped key of somebody who has none yet."""
    found: frozenset[Found]
    acts: Actor | None = None
    """As who he gives orders from now on, of somebody who does; be it this very order."""


class Register(Protocol):
    """People, organisations, staff and case numbers."""

    def person(self, id: str) -> Person | None:
        """The newest version."""

    def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """The newest versions of several."""

    def put_person(self, person: Person) -> None:
        """Add a version; the same again is nothing, nor is one that was erased; PersonTaken where that version is
        somebody else."""

    def versions(self, id: str) -> list[Person]:
        """All versions of somebody, the oldest first."""

    def erase_person(self, id: str) -> None:
        """Forget the names and details of every version of somebody, the key they were encrypted under, by what he is
        found, and the salts that bound them."""

    def put_erasure(self, erasure: Erasure) -> None:
        """Add that somebody was erased; VersionClash where he is said to be already."""

    def erasure(self, person: str) -> Erasure | None: ...

    def erased_people(self) -> list[str]:
        """Ids of those who are erased, in order, whether or not it is said why."""

    def person_key(self, id: str) -> bytes | None:
        """The wrapped key of somebody; None where there is none, or it was destroyed."""

    def put_person_key(self, id: str, wrapped: bytes) -> None:
        """Keep the wrapped key of somebody who has none."""

    def keyed_people(self) -> list[str]:
        """Ids of those who have a key, in order."""

    def put_found(self, id: str, found: Collection[Found]) -> None:
        """From now on somebody is found by these and no others."""

    def found_by(self, id: str) -> frozenset[Found]:
        """By what somebody is found."""

    def find_people(self, found: Collection[Found], organisations: Collection[str]) -> list[Person]:
        """The newest versions of those of some organisations who are found by any of these, by id."""

    def find_named(self, words: Collection[str], organisations: Collection[str], *, most: int = 50) -> list[Person]:
        """The newest versions of those of some organisations who are found by all of some words of names, by id."""

    def put_same(self, one: str, other: str, stands: bool) -> None:
        """Say that two ids are one person, or that they are not."""

    def same_as(self, id: str) -> list[str]:
        """The other ids of somebody, as far as that is said of him."""

    def same_people(self) -> list[tuple[str, str]]:
        """All pairs of ids that are said to be one person, in order."""

    def actor(self, id: str) -> Actor | None: ...

    def actors(self) -> list[Actor]: ...

    def put_actor(self, actor: Actor) -> None:
        """Add or replace."""

    def organisation(self, id: str) -> Organisation | None: ...

    def organisations(self) -> list[Organisation]: ...

    def put_organisation(self, organisation: Organisation) -> None:
        """Add or replace."""

    def next_number(self, organisation: str, track: str, year: int, *, take: bool) -> int:
        """The next serial of the year, from 1; only looked at unless `take`."""
