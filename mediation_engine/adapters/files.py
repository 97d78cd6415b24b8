"""Files of the program: its owner's alone, and whole or not there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


def keep_private() -> None:
    """From now on nobody else reads what this process makes: databases with what lies beside them, folders, exports."""
    os.umask(0o077)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file; until all of it is on the disk, what was there stays. OSError."""
    path = path.resolve()  # a link stays one
    if path.exists() and not path.is_file():  # say /dev/stdout: not to be replaced
        path.write_bytes(content)
        return
    _written(path, content).replace(path)
    sync_folder(path.parent)


@contextmanager
def writing_whole(path: Path) -> Iterator[IO[bytes]]:
    """The same for what is made bit by bit: where that breaks off, what was there stays. OSError."""
    path = path.resolve()
    if path.exists() and not path.is_file():
        with path.open("wb") as out:
            yield out
        return
    part = part_of(path)
    try:
        with part.open("w+b") as out:
            yield out
        sync(part)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    sync_folder(path.parent)


def write_new(path: Path, content: bytes) -> bool:
    """The same, but what is there already stays, and False is returned; of two who write at once one does. OSError."""
    part = _written(path, content)
    try:
        os.link(part, path)
        sync_folder(path.parent)
    except FileExistsError:
        return False
    finally:
        part.unlink()
    return True


def part_of(path: Path) -> Path:
    """An empty file beside another, that only its owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    os.close(handle)
    return Path(name)


def sync(path: Path, mode: int = os.O_RDWR) -> None:
    """Onto the disk itself."""
    handle = os.open(path, mode)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(path: Path) -> None:
    """The names in a folder; Windows does that by itself, and does not let one ask."""
    if os.name == "posix":
        sync(path, os.O_RDONLY)


def _written(path: Path, content: bytes) -> Path:
    part = part_of(path)
    try:
        part.write_bytes(content)
        sync(part)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    return part
