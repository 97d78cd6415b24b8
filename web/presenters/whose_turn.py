"""Whose turn it is in a case: the reader's, a party's, the lead's, that of who handles it, or nobody's before a day."""

from __future__ import annotations

from enum import Enum

from mediation_engine.domain.machine import T
from mediation_engine.domain.roles import Office

from .case_options import ACTING, Asking
from .next_offers import first_now
from .refusal_reasons import Way

OF_PARTIES = frozenset({Office.REPRESENTATIVE, Office.APPLICANT})
"""Offices of those who act from outside the room: a mediator may write down for them what they do."""
FOR_LEAD = frozenset({Office.LEAD})


class Turn(Enum):
    """Who takes the next step."""

    READER = "reader"
    PARTY = "party"
    LEAD = "lead"
    NOBODY = "nobody"
    """It waits for a day, or follows by itself."""


def whose_turn(asked: Asking) -> Turn:
    """Out of what is offered to the reader, else to who acts; what the lead alone may do is always the lead's turn."""
    way = next(filter(None, (first_now(asked, office) for office in dict.fromkeys((asked.office, *ACTING)))), None)
    if way is not None:
        return _of(asked, way)
    return Turn.READER if any(need.refusals for need in asked.needs) else Turn.NOBODY


def _of(asked: Asking, way: Way) -> Turn:
    """A sheet on which a mediator writes down what parties did is their turn, as what it moves is theirs to move.

    A step that leaves what it is given on where it is moves nothing.
    """
    rows = [row for machine in asked.workflow.machines.values() for row in machine.rows if isinstance(row, T)]
    own = [row for row in rows if row.command.name() == way.address.command]
    if {office for row in own for office in row.by} <= FOR_LEAD:
        return Turn.LEAD
    edges = {(row.source, row.target) for row in own if row.source not in (None, row.target)}
    by = {office for row in rows if row in own or (row.source, row.target) in edges for office in row.by}
    return Turn.READER if OF_PARTIES.isdisjoint(by) else Turn.PARTY
