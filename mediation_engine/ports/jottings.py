"""The port of jottings: what somebody wrote down, photographed or recorded, until it is filed where it belongs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from .exhibits import StoredExhibit


class Filed(Struct, frozen=True, kw_only=True):
    """Where a jotting went."""

    at: datetime
    case: str
    line: int
    """The first line of the order that filed it."""


class Jotting(Struct, frozen=True, kw_only=True):
    """A jotting as it is kept; once it is filed nothing of what it said."""

    id: str
    actor: str
    """Whose it is: nobody else sees it."""
    made: datetime
    """Its own time."""
    case: str | None
    """The case it was made about, where that was said."""
    key: bytes | None
    """Wrapped by the room's key."""
    words: bytes | None
    """A box that `key` opens."""
    filed: Filed | None = None


class Jottings(Protocol):
    """The jottings of all staff."""

    def put(self, jotting: Jotting, files: Iterable[StoredExhibit]) -> None:
        """Add one with its files, whose case is its id. VersionClash where it is there already; at the latest when the
        transaction ends."""

    def jotting(self, id: str) -> Jotting | None:
        """The jotting with an id."""

    def of(self, actor: str) -> list[Jotting]:
        """Those of somebody: not filed yet, the oldest first; then those that are, the last to be filed first."""

    def count(self, actor: str) -> int:
        """How many somebody has not filed yet."""

    def files(self, id: str) -> list[StoredExhibit]:
        """What opens the files of one, in their order."""

    def all_files(self) -> Iterator[StoredExhibit]:
        """What opens the files of all."""

    def close(self, id: str, filed: Filed) -> None:
        """Say where one went, and forget the rest. Nothing of it is to be left in the files of the database."""

    def drop(self, id: str) -> None:
        """Forget one altogether, with the same."""

    def older_than(self, moment: datetime) -> list[str]:
        """Ids of those made before a moment."""
