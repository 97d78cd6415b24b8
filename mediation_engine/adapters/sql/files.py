"""Database files: where one lies, one that is only read, its digest beside it, new ones that are whole or not there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, QueuePool, create_engine

from ...errors import FileFault
from ..files import part_of, sync, sync_folder
from . import engine as e

MAGIC = b"SQLite format 3\0"
LEFT_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite may leave beside a file it was working on."""


def file_of(engine: Engine) -> Path | None:
    """The file of a SQLite database; None where it is no file of ours."""
    return Path(str(engine.url.database)) if engine.dialect.name == "sqlite" else None


def is_there(engine: Engine) -> bool:
    """Whether there is a database. To ask SQLite would make an empty file."""
    path = file_of(engine)
    return path is None or path.exists()


def is_database(path: Path) -> bool:
    """Whether a file is a SQLite database, by how it begins. OSError."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def library() -> Any:
    """The SQLite library in use, found to be a sound one."""
    return e.open_engine("sqlite:///of-no-file").dialect.loaded_dbapi


def open_file(path: Path, *, alone: bool = True) -> Engine:
    """An engine on a database file that stays untouched; where it is alone, nobody writes it and nothing comes to lie
    beside it."""
    driver = library()
    where = path.resolve().as_uri() + "?mode=ro" + "&immutable=1" * alone
    return create_engine(
        "sqlite://",
        module=driver,
        creator=lambda: driver.connect(where, uri=True, isolation_level=None),
        poolclass=QueuePool,
    )


# -- digests, as `sha256sum` writes and checks them


def digest_file(path: Path) -> Path:
    """Where the digest of a file is kept."""
    return path.with_name(path.name + ".sha256")


def digest_line(path: Path, name: str) -> bytes:
    """The digest of a file, to be kept under a name."""
    return f"{_sha256(path)}  {name}\n".encode()


def check_digest(path: Path) -> None:
    """FileFault where a file is not what it was when its digest was written, or nobody can tell."""
    digest = digest_file(path)
    if not path.is_file():
        raise FileFault(path=path, why="没有这个文件")
    if not digest.exists():
        raise FileFault(path=digest, why="文件不存在，无法确认备份是否完好；它应与备份放在一起")
    if digest.read_bytes().split()[:1] != [_sha256(path).encode()]:
        raise FileFault(path=path, why="与备份时的校验码不符：文件已损坏或被改动过，请换用另一份备份")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# -- new files


@contextmanager
def new_files(*paths: Path) -> Iterator[list[Path]]:
    """Temporary names beside files that are not there yet. At the end all get their names, the first one last;
    where anything goes wrong none is left. FileFault where one is there already: nothing is overwritten."""
    named: list[Path] = []
    parts: list[Path] = []
    try:
        for path in paths:
            _refuse_if_there(path)
            parts.append(part_of(path))
        yield parts
        for path, part in reversed(list(zip(paths, parts, strict=True))):
            _claim(path)
            named.append(path)
            sync(part)
            part.replace(path)
            sync_folder(path.parent)
    except BaseException:
        for path in named:
            path.unlink(missing_ok=True)
        raise
    finally:
        for part in parts:
            drop(part)


def _refuse_if_there(path: Path) -> None:
    if path.exists():
        raise FileFault(path=path, why="已有这个文件，不会覆盖它；请换一个名称")


def _claim(path: Path) -> None:
    """Take a name, so that replacing it replaces nobody else's file."""
    try:
        path.open("xb").close()
    except FileExistsError:
        _refuse_if_there(path)
        raise


def drop(path: Path) -> None:
    """Remove a file and what SQLite left beside it."""
    for file in (path, *beside(path, *LEFT_BESIDE)):
        file.unlink(missing_ok=True)


def beside(path: Path, *endings: str) -> list[Path]:
    """The files called as this one with something more."""
    return [path.with_name(path.name + ending) for ending in endings]
