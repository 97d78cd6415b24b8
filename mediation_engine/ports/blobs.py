"""The port of blobs: encrypted bytes outside the database, under names that say nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import BinaryIO, Protocol


class Blobs(Protocol):
    """Bytes by name. None is ever changed."""

    def put(self, parts: Iterable[bytes]) -> str:
        """Keep bytes, on the disk itself when this returns; the new name. BlobsUnwritable."""

    def open(self, name: str) -> BinaryIO:
        """The bytes of a name. ExhibitDamaged where there is none."""

    def names(self) -> Iterator[tuple[str, datetime]]:
        """All names, also of what was not finished, each with the time it was last written."""

    def drop(self, name: str) -> None:
        """Take one away."""

    def held(self) -> AbstractContextManager[None]:
        """Nothing is swept meanwhile; BlobsHeld where a sweep is under way."""

    def alone(self) -> AbstractContextManager[None]:
        """For a sweep: BlobsHeld while a backup is taken, or another sweep is under way."""
