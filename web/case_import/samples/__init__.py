"""Sample data: publicly reported mediation cases, persons masked, unreported facts null."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from ..file_format import checked

NAME = "reported_cases.json"


def reported_cases() -> list[dict[str, Any]]:
    """The cases, each with its source address, read as any file of reports."""
    read = json.loads(files(__name__).joinpath(NAME).read_text(encoding="utf-8"))
    return checked(read, NAME)
