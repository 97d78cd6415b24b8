"""The port of exhibits: what opens the bytes that lie outside the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from msgspec import Struct


class StoredExhibit(Struct, frozen=True, kw_only=True):
    """What is kept of an exhibit's file. The row goes when it is erased: nothing opens the bytes any more."""

    case: str
    id: str
    blob: str
    """The name its bytes lie under."""
    sealed: str
    """SHA-256 over the bytes as they lie there, in hex: tells without any key whether they are what was put there."""
    size: int
    """Of the file itself."""
    key: bytes
    """Wrapped by the room's key."""
    pepper: bytes
    """Keys the digest that stands in the record: without it that tells nothing."""


MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitLimits:
    """How much there may be."""

    each: int = 20 * MEGABYTE
    files: int = 200
    """Of a case."""
    together: int = 500 * MEGABYTE
    """Of a case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What an order hands in: rows whose bytes are on the disk, and how much its case may hold."""

    rows: Sequence[StoredExhibit] = ()
    limits: ExhibitLimits = field(default_factory=ExhibitLimits)


class Exhibits(Protocol):
    """The exhibits of all cases."""

    def put(self, exhibits: Iterable[StoredExhibit]) -> None:
        """Add some. VersionClash where one is there already; at the latest when the transaction ends."""

    def of(self, case: str) -> dict[str, StoredExhibit]:
        """Those of a case, by id."""

    def all(self) -> Iterator[StoredExhibit]:
        """All there are, by case and id."""

    def erase(self, case: str, id: str) -> None:
        """Forget what opens one. Nothing of it is to be left in the files of the database."""
