"""Whose turn it is in a case: the reader's, a party's, the lead's, that of who handles it, or nobody's before a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from mediation_engine.decisions.closing import Need
from mediation_engine.domain.case import Case
from mediation_engine.domain.roles import Office

from .next_move import ready
from .refusal_reasons import MOST_NAMED, Address

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """Whose turn it is, and where the reader gives the step."""

    turn: Turn
    address: Address | None = None


def onward(case: Case, needs: Sequence[Need], office: Office, today: date) -> Onward:
    """Out of what is missing. A step that the lead alone may take is the lead's turn for the lead, too."""
    alike = next(iter(ready(case, needs, office, today)), None)
    if alike is not None:
        return Onward(turn=_turn(alike[0]), address=_address(case, alike))
    others = [need for need in needs if need.by and not need.refusals and office not in need.by]
    if others:
        return Onward(turn=_turn(next((n for n in others if n.key == case.phase), others[0])))
    return Onward(turn=Turn.READER if any(need.refusals for need in needs) else Turn.NOBODY)


def _turn(need: Need) -> Turn:
    by = frozenset(need.by)
    if by <= FOR_LEAD:
        return Turn.LEAD
    return Turn.READER if OF_PARTIES.isdisjoint(by) else Turn.PARTY


def _address(case: Case, alike: Sequence[Need]) -> Address | None:
    """The form of the step, on the things themselves as far as an address can name them."""
    on = tuple(need.at for need in alike if need.at and need.at != case.phase)
    named = on if len(on) <= MOST_NAMED else (on[0].partition("/")[0],)
    return Address(case.id, alike[0].command, named) if alike[0].command else None
