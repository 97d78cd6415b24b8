"""The auditor's dashboard: cases, and what an audit of each finds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from mediation_engine.ports.views import Wanted
from mediation_engine.services.case_view import names_of
from mediation_engine.services.maintenance import audit_store
from mediation_engine.services.mediation import MediationService

from .case_list import Listed, listed
from .mediator_dashboard import A_PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A case and what an audit of it finds."""

    listed: Listed
    faults: int
    marks: int


def to_verify(door: MediationService, reach: Collection[str], after: str) -> tuple[list[Verified], str]:
    """A page of cases with what an audit of each finds just now, faults first; and after which case to go on."""
    with door.store.read() as unit:
        rows = unit.views.search(Wanted(organisations=reach), after=after, most=A_PAGE + 1)
        names = names_of(unit, [row.case for row in rows[:A_PAGE]])
        staff = {a.id: a.name for a in unit.register.actors()}
    shown = {row.case: listed(door.catalogue, row, names[row.case], False, staff) for row in rows[:A_PAGE]}
    found = [
        Verified(listed=shown[case], faults=sum(not f.known for f in of), marks=sum(f.known for f in of))
        for case, of in audit_store(door.store, door.catalogue, list(shown))
        if case in shown
    ]
    found.sort(key=lambda it: (-it.faults, -it.marks))
    return found, rows[A_PAGE - 1].case if len(rows) > A_PAGE else ""
