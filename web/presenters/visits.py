"""Which steps are taken on the sheet of a visit, and which sheet that is."""

from __future__ import annotations

from workflows.parts.visit import VISIT, RecordQualityVisit, RecordVisit

RECORDED_ON_SHEET = frozenset({RecordVisit.name(), RecordQualityVisit.name()})
"""Steps (names of commands) that are taken on the sheet of a visit."""


def visit_number(key: str) -> str:
    """The number of a visit by its key; empty for anything else."""
    machine, _, number = key.partition("/")
    return number if machine == VISIT.name else ""
