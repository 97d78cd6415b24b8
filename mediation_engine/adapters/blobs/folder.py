"""Blobs in a folder of their owner's alone, outside the database and the pages.

A blob is written under another name in the same folder, brought to the disk, given its name, and the name is brought
to the disk: then it may be spoken of.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from ...errors import BlobsHeld, BlobsUnwritable, ExhibitDamaged, why
from ...ids import Randomness, system_randomness
from ..files import part_of, sync, sync_folder

NAME = re.compile("[0-9a-f]{32}")
LOCK = ".lock"
_PARTS = re.compile(r"\.[0-9a-f]{32}\.[^/]*\.part")


class Folder:
    """See `ports.blobs.Blobs`."""

    def __init__(self, path: Path, randomness: Randomness = system_randomness) -> None:
        self.path, self._randomness = path, randomness

    def put(self, parts: Iterable[bytes]) -> str:
        name = self._randomness(16).hex()
        self.put_as(name, parts)
        return name

    def put_as(self, name: str, parts: Iterable[bytes]) -> None:
        """Keep bytes under a name they have elsewhere. BlobsUnwritable."""
        self._named(name)
        part = None
        try:
            part = part_of(self.path / name)
            with part.open("wb") as file:
                file.writelines(parts)
            sync(part)
            part.replace(self.path / name)
            sync_folder(self.path)
        except OSError as fault:
            raise BlobsUnwritable(why=why(fault)) from fault
        finally:
            if part is not None:
                part.unlink(missing_ok=True)

    def open(self, name: str) -> BinaryIO:
        try:
            return (self.path / self._named(name)).open("rb")
        except OSError as fault:
            raise ExhibitDamaged(why="文件不见了") from fault

    def names(self) -> Iterator[tuple[str, datetime]]:
        if not self.path.is_dir():
            return
        with os.scandir(self.path) as found:
            for entry in found:
                if NAME.fullmatch(entry.name) or _PARTS.fullmatch(entry.name):
                    with suppress(FileNotFoundError):
                        yield entry.name, datetime.fromtimestamp(entry.stat().st_mtime, UTC)

    def drop(self, name: str) -> None:
        if not _PARTS.fullmatch(name):
            self._named(name)
        try:
            (self.path / name).unlink(missing_ok=True)
        except OSError as fault:
            raise BlobsUnwritable(why=why(fault)) from fault

    @contextmanager
    def held(self) -> Iterator[None]:
        with self._locked(shared=True):
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        with self._locked(shared=False):
            yield

    @contextmanager
    def _locked(self, *, shared: bool) -> Iterator[None]:
        """A lock that goes with the process that has it, however that ends."""
        if not self.path.is_dir():  # nothing lies there yet
            yield
            return
        try:
            file = (self.path / LOCK).open("ab")
        except OSError as fault:
            raise BlobsUnwritable(why=why(fault)) from fault
        with file:
            try:
                _lock(file.fileno(), shared)
            except OSError as fault:
                raise BlobsHeld from fault
            yield

    def _named(self, name: str) -> str:
        if not NAME.fullmatch(name):  # whoever wrote another name into the database gets at no other file
            raise ExhibitDamaged(why="存放的名字不对")
        return name


def _lock(file: int, shared: bool) -> None:
    """Lock a file until it is closed, without waiting. OSError where somebody else has it."""
    if os.name == "posix":
        import fcntl

        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    else:  # pragma: no cover
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
