"""What decisions about a matter ask from outside it: its kind and its district as the settings have them, and to which
reception day it belongs."""

from __future__ import annotations

from datetime import date

from mediation_engine.domain.decision_context import Question, Surroundings
from mediation_engine.domain.guard import Refusal
from mediation_engine.domain.item_kind import ItemKind
from mediation_engine.errors import GuardRefused

from .kinds import kind_named, kinds_of


def _kind(around: Surroundings, code: str) -> ItemKind:
    kind = kind_named(around.zone, code)
    if kind is None:
        known = "、".join(f"{it.code}（{it.label}）" for it in kinds_of(around.zone) if it.use)
        raise GuardRefused([Refusal("unknown_kind", f"没有“{code}”这一种事项；有：{known}")], command="RegisterMatter")
    return kind


def _district_name(around: Surroundings, code: str) -> str:
    district = around.zone.district(code)
    return district.name if district else ""


def _reception(around: Surroundings, day: str) -> date | None:
    when = date.fromisoformat(day) if day else None
    return when if when and when == next(around.zone.receptions(when, around.calendar), None) else None


KIND = Question("kind", _kind)
"""A kind (code) as it is today."""
DISTRICT_NAME = Question("district_name", _district_name)
"""What a district (code) is called; empty where none is named, or it is not known."""
RECEPTION = Question("reception", _reception)
"""A day (ISO) where it is a reception day."""

QUESTIONS = (KIND, DISTRICT_NAME, RECEPTION)
