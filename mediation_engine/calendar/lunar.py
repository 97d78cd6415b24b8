"""The lunar years that come with the program, read from the file beside this one (made by `make calendar`)."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from ..domain.lunar import LunarYear, LunarYears


@cache
def lunar_years() -> LunarYears:
    """The lunar years by their numbers."""
    rows = msgspec.json.decode(
        Path(__file__).with_name("lunar.json").read_bytes(), type=dict[int, tuple[date, int, str]]
    )
    return {year: LunarYear(*row) for year, row in rows.items()}
