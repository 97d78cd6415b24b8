"""What every page reaches for: the door, who reads, the way to a case."""

from __future__ import annotations

import msgspec
from flask import abort, current_app, g

from mediation_engine.domain.case import Case
from mediation_engine.errors import CaseNotFound, LineUnreadable, OutsideOwnRemit
from mediation_engine.rights import is_within
from mediation_engine.service import MediationService

from .config import Settings
from .seeds import Seals
from .sessions import Reader

UNREADABLE = (LineUnreadable, msgspec.DecodeError)
"""What a damaged case is read with."""


def door() -> MediationService:
    """The door of this application."""
    found: MediationService = current_app.extensions["door"]
    return found


def settings() -> Settings:
    """What this application runs with."""
    found: Settings = current_app.extensions["settings"]
    return found


def seals() -> Seals:
    """What seals the seeds of one-time codes."""
    found: Seals = current_app.extensions["seals"]
    return found


def reader() -> Reader:
    """Who is signed in, and under which office."""
    found: Reader = g.reader
    return found


def find(case_id: str) -> Case:
    """A case; 404 where there is none, and just so for one that cannot be read and is no business of the reader.

    UNREADABLE for one that is. Leaves no record: nothing is shown yet.
    """
    try:
        return door().case(case_id)
    except CaseNotFound:
        abort(404)
    except UNREADABLE:
        whose(case_id)
        raise


def look(case_id: str, what: str) -> Case:
    """A case, with the look at it on record. Every page about a case begins here, once.

    404 where there is none, and just so where it is no business of the reader.
    """
    case, who = find(case_id), reader()
    try:
        door().look(who.actor.id, who.office, case, what)
    except OutsideOwnRemit:
        abort(404)
    return case


def whose(case_id: str) -> str:
    """The organisation of a case by the list, for one that cannot be read; 404 where it is none of the reader's."""
    with door().store.read() as unit:
        held = unit.views.projection(case_id)
        if held is None or not is_within(unit.register, held.row.organisation, reader().actor.organisation):
            abort(404)
    return held.row.organisation
