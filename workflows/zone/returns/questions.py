"""What decisions about a return ask from outside it: up to when a month is reported, and whether it is owed."""

from __future__ import annotations

from mediation_engine.domain.decision_context import Question, Surroundings
from mediation_engine.domain.month import Month


def _due(around: Surroundings, month: str) -> str:
    found = Month.read(month)
    return found.due(around.zone.returns.day).isoformat() if found else ""


def _expected(around: Surroundings, organisation: str, month: str) -> bool:
    known, found = around.organisation(organisation), Month.read(month)
    return known is not None and found is not None and known.is_active(found.last)


DUE = Question("due", _due)
"""Up to when a month (code) is reported, as the settings have it."""
EXPECTED = Question("expected", _expected)
"""Whether an organisation (id) was there at the end of a month (code)."""

QUESTIONS = (DUE, EXPECTED)
