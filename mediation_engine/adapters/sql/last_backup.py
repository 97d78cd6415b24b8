"""A note beside a database on how its last backup went, for `check` to tell whoever would not notice there is none."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import make_url

from ...errors import MediationError
from ..files import write_whole
from . import engine as e
from .files import beside, file_of


class LastBackup(msgspec.Struct, frozen=True):
    """When, where to, what was the newest record in it; and why it failed, if it did."""

    at: datetime
    file: str
    newest: datetime | None = None
    failed: str | None = None


def note(url: str, last: LastBackup) -> None:
    """Keep it; a backup does not fail for its note."""
    with suppress(OSError, MediationError):
        write_whole(_path(url), msgspec.json.encode(last))


def last_backup(url: str) -> LastBackup | None:
    """The note, where there is one that can be read."""
    try:
        return msgspec.json.decode(_path(url).read_bytes(), type=LastBackup)
    except (OSError, msgspec.DecodeError):
        return None


def _path(url: str) -> Path:
    """Beside a SQLite file; for a server, where a SQLite file would be."""
    where = make_url(url)
    server = hashlib.sha256(f"{where.host}:{where.port}/{where.database}".encode()).hexdigest()[:12]
    file = file_of(e.open_engine(url)) or Path("var") / server
    return beside(file, ".backup.json")[0]
