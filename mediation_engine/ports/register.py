"""The port of the register: people, actors, organisations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from ..domain.people import PartyKind
from ..domain.roles import Actor, Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One version of somebody in the register of people and organisations: the only place names are kept."""

    id: str
    version: int = 1
    name: str
    kind: PartyKind
    phone: str | None = None


ERASED = "（已依法删除）"
"""What somebody is called whose name has been erased."""


def erased(person: Person) -> Person:
    """What is left of a version of somebody."""
    return replace(person, name=ERASED, phone=None)


class Register(Protocol):
    """People, organisations, staff and case numbers."""

    def person(self, id: str) -> Person | None:
        """The newest version."""

    def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """The newest versions of several."""

    def put_person(self, person: Person) -> None:
        """Add a version; the same again is nothing, nor is one that was erased; PersonTaken where that version is
        somebody else."""

    def erase_person(self, id: str) -> None:
        """Forget name and telephone of every version of somebody, and the salts that bound them."""

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
