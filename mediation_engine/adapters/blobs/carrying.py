"""Blobs from one folder to another: into a backup, and back. What lies there already and is the same stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ...errors import ExhibitDamaged
from ...exhibits.chunks import CHUNK
from ...ports.exhibits import StoredExhibit
from ...services.exhibits import is_as_sealed
from .folder import Folder

BESIDE = "exhibits"
"""The folder beside backups in which the bytes of exhibits lie, of all backups that are there: none is ever changed,
so that each is there once, however many backups speak of it."""


def beside_backup(file: Path) -> Folder:
    """Where the bytes lie of the exhibits that a backup speaks of."""
    return Folder(file.parent / BESIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """How many there are of how many bytes, and which are not what was put there, with why."""

    count: int = 0
    size: int = 0
    damaged: tuple[tuple[StoredExhibit, str], ...] = ()


def carry(rows: Iterable[StoredExhibit], source: Folder, target: Folder) -> Carried:
    """Bring the bytes of some exhibits over, each compared once it is there. BlobsUnwritable."""
    count, size, damaged = 0, 0, []
    for row in rows:
        count, size = count + 1, size + row.size
        why = _brought(row, source, target)
        if why:
            damaged.append((row, why))
    return Carried(count=count, size=size, damaged=tuple(damaged))


def _brought(row: StoredExhibit, source: Folder, target: Folder) -> str:
    """Why one could not be brought over; empty where it is there."""
    try:
        if _is_there(row, target):
            return ""
        if not is_as_sealed(row, source):
            return "存放的文件被换过或改动过"
        target.put_as(row.blob, _parts(row, source))
    except ExhibitDamaged as fault:
        return str(fault.about["why"])
    return "" if _is_there(row, target) else "写到那里的与原来不同，请检查磁盘"


def _is_there(row: StoredExhibit, folder: Folder) -> bool:
    try:
        return is_as_sealed(row, folder)
    except ExhibitDamaged:
        return False


def _parts(row: StoredExhibit, folder: Folder) -> Iterator[bytes]:
    with folder.open(row.blob) as kept:
        while part := kept.read(CHUNK):
            yield part
