"""What decisions about an alert ask from outside it: the district as the settings have it, and by when to sign."""

from __future__ import annotations

from datetime import timedelta

from mediation_engine.domain.decision_context import Question, Surroundings
from mediation_engine.errors import YearUnknown

from .facts import Deputy
from .vocabulary import DeputyLine

WITHIN = timedelta(minutes=30)
"""Within so long an alert is signed for while somebody is there (policy); before hours it is due at the opening."""


def _district_name(around: Surroundings, code: str) -> str:
    district = around.zone.district(code)
    return district.name if district else ""


def _pair(around: Surroundings, code: str) -> tuple[Deputy, ...]:
    district = around.zone.district(code)
    if district is None:
        return ()
    named = ((district.security, DeputyLine.SECURITY), (district.zone, DeputyLine.ZONE))
    return tuple(Deputy(staff=staff, line=line) for staff, line in named if staff and around.mediates(staff))


def _sign_by(around: Surroundings) -> str:
    try:
        by = around.zone.duty_by(around.now, WITHIN, around.calendar)
    except YearUnknown:
        return ""
    return by.strftime("%Y-%m-%dT%H:%M")


DISTRICT_NAME = Question("district_name", _district_name)
"""What a district (code) is called."""
PAIR = Question("pair", _pair)
"""The deputy chiefs of a district (code): those the settings name who are there to sign."""
SIGN_BY = Question("sign_by", _sign_by)
"""By when what comes in now is to be signed for, in EDTF; empty where the calendar does not reach so far."""

QUESTIONS = (DISTRICT_NAME, PAIR, SIGN_BY)
