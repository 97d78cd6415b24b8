"""A table that is handed in as a file."""

from __future__ import annotations

from pathlib import Path

from mediation_engine.errors import FileFault, why
from mediation_engine.input.tables import LARGEST, TOO_LARGE


def table_bytes(path: Path) -> bytes:
    """What is in it, where it is no larger than a table may be. FileFault."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as fault:
        raise FileFault(path=path, why=why(fault)) from fault
    if len(content) > LARGEST:
        raise FileFault(path=path, why=TOO_LARGE)
    return content
