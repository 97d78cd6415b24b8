"""What every page reaches for: the door, who reads, the way to a case."""

from __future__ import annotations

from flask import abort, current_app, g

from mediation_engine.domain.case import Case
from mediation_engine.errors import CaseNotFound, OutsideOwnRemit
from mediation_engine.service import MediationService

from .config import Settings
from .sessions import Reader


def door() -> MediationService:
    """The door of this application."""
    found: MediationService = current_app.extensions["door"]
    return found


def settings() -> Settings:
    """What this application runs with."""
    found: Settings = current_app.extensions["settings"]
    return found


def reader() -> Reader:
    """Who is signed in, and under which office."""
    found: Reader = g.reader
    return found


def look(case_id: str, what: str) -> Case:
    """A case, with the look at it on record. Every page about a case begins here, once.

    404 where there is none, and just so where it is no business of the reader.
    """
    who = reader()
    try:
        case = door().case(case_id)
        door().look(who.actor.id, who.office, case, what)
    except (CaseNotFound, OutsideOwnRemit):
        abort(404)
    return case
