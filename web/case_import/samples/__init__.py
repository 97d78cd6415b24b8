"""Sample data: publicly reported mediation cases, persons masked, unreported facts null."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def reported_cases() -> list[dict[str, Any]]:
    """The cases, each with its source address."""
    read: list[dict[str, Any]] = json.loads(files(__name__).joinpath("reported_cases.json").read_text(encoding="utf-8"))
    return read
