"""The way to a case: found, looked at on record, or 404."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

import msgspec
from flask import abort, request

from mediation_engine.domain.case import Case
from mediation_engine.domain.matter import CASE
from mediation_engine.domain.people import RegisterReason
from mediation_engine.domain.roles import OWN_ONLY, Office
from mediation_engine.errors import CaseNotFound, LineUnreadable, LookNotNoted, OutsideOwnRemit
from mediation_engine.ports.register import Person
from mediation_engine.services.authorization import is_within
from mediation_engine.services.case_view import CaseView

from ..security.permissions import OF_CASES
from . import request_log
from .form_data import storable
from .request_context import door, reader

R = TypeVar("R")
UNREADABLE = (LineUnreadable, msgspec.DecodeError)
"""What a damaged case is read with."""


def look(case_id: str, what: str, office: Office | None = None) -> CaseView:
    """A view of a case, with the look at it on record. Every page about a case begins here, once.

    `office` is whose words are shown, where it is not the reader's. 404 where there is no such case, and just so where
    it is no business of the reader.
    """
    view = find(case_id, office)
    record(view.case, what)
    return view


def look_at_record(case_id: str, what: str, *, whole: bool = False) -> CaseView:
    """The same, but also at a case whose lines cannot all be read: what is damaged is what audit is for.

    With `whole` the record itself is taken away: ReasonWanted from whoever may not know all that stands in it.
    """
    view = _read(case_id, lambda: door().view_of_record(case_id, reader().office, reader().actor))
    if whole:
        view.check_whole()
    record(view.case, what)
    return view


def find(case_id: str, office: Office | None = None) -> CaseView:
    """A view of a case that is not yet shown; 404 as in `look`. Leaves no record.

    Raises:
        UNREADABLE: its lines cannot all be read, and it is the reader's business.
    """
    view = _read(case_id, lambda: door().view(case_id, office or reader().office, reader().actor))
    if request.endpoint in OF_CASES and view.workflow is not None and view.workflow.matter != CASE:
        abort(404)
    return view


def case(case_id: str) -> Case:
    """A case that is not shown; 404 and UNREADABLE as in `find`. Leaves no record."""

    def read() -> Case:
        found = door().case(case_id)
        with door().store.read() as unit:
            if not is_within(unit.register, found.facts.organisation, reader().actor.organisation):
                abort(404)
        return found

    return _read(case_id, read)


def _read(case_id: str, read: Callable[[], R]) -> R:
    if storable(case_id) != case_id:
        abort(404)
    try:
        return read()
    except (CaseNotFound, OutsideOwnRemit):
        abort(404)
    except UNREADABLE:
        _check_own(case_id)
        raise


def record(case: Case, what: str) -> None:
    """Put a look at a case on record; 404 where it is no business of the reader."""
    who = reader()
    try:
        door().look(who.actor.id, who.office, case, what)
    except OutsideOwnRemit:
        abort(404)
    except LookNotNoted as fault:
        if what == "export":  # what is taken away is on record, or stays
            raise
        request_log.look_not_noted(fault, who.actor.id, who.office.value, case.id, what)


def record_paper(case: Case, what: str, people: Collection[str], more: Sequence[str] = ()) -> None:
    """Put on record that a paper is taken away, whose numbers and addresses stand on it, and what is seen with it.

    LookNotNoted.
    """
    who = reader()
    try:
        door().look_at_paper(who.actor.id, who.office, case, what, people, RegisterReason.PAPERS.code, more)
    except OutsideOwnRemit:
        abort(404)


def record_list(what: str, shown: int) -> None:
    """Put a look at a list with names on record, with the number of cases that it shows."""
    who = reader()
    try:
        door().look_at_list(who.actor.id, who.office, what, shown)
    except LookNotNoted as fault:
        request_log.look_not_noted(fault, who.actor.id, who.office.value, "", what)


def record_person(person: Person, what: str, reason: str = "") -> None:
    """Put a look at somebody on record; at a whole number or address only where that is possible: LookNotNoted."""
    who = reader()
    try:
        door().look_at_person(who.actor.id, who.office, person, what, reason)
    except LookNotNoted as fault:
        if what != "person":
            raise
        request_log.look_not_noted(fault, who.actor.id, who.office.value, "", what)


def _check_own(case_id: str) -> None:
    """404 for a case that cannot be read and is, by the list, no business of the reader."""
    with door().store.read() as unit:
        held = unit.views.row(case_id)
        if held is None or not is_within(unit.register, held.organisation, reader().actor.organisation):
            abort(404)
    if reader().office in OWN_ONLY and reader().actor.id not in (held.reporter, held.mediator):
        abort(404)
