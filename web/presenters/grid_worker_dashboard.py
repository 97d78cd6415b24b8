"""The grid worker's dashboard: what he is to do with matters, what waits for others, what he reported that is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from mediation_engine.domain.roles import Actor, Office
from mediation_engine.ports.views import Wanted
from mediation_engine.services.authorization import is_within
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import MediationService
from workflows.zone.matter.entry import S as EntryState
from workflows.zone.matter.vocabulary import MATTER

from .case_options import Asking
from .matters import MatterRow, row
from .next_offers import first_now
from .refusal_reasons import Way

MOST_OPEN = 100
"""Open matters that a board shows of those given to him, and of those he reported."""
A_PAGE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A matter of his, and the step that he takes next in it."""

    row: MatterRow
    way: Way | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """His matters."""

    to_do: Sequence[Own]
    waiting: Sequence[Own]
    """Open ones that others take further."""
    over: Sequence[Own]
    """What he reported that is over, the latest first."""
    further: str


def board(door: MediationService, office: Office, actor: Actor, after: str) -> Board:
    """What a grid worker reported and what was given to him; what is over from the place `after` on."""
    with door.store.read() as unit:
        given = Wanted(matter=MATTER.code, mediator=actor.id, closed=False)
        reported = Wanted(matter=MATTER.code, reporter=actor.id, closed=False)
        ways = (given, reported)
        found = [it for way in ways for it in unit.views.newest(way, most=MOST_OPEN, oldest_first=True)]
        past = unit.views.newest(replace(reported, closed=True), after=after, most=A_PAGE + 1)
        rows = {
            it.case: it
            for it in (*found, *past[:A_PAGE])
            if is_within(unit.register, it.organisation, actor.organisation)
        }
        days = unit.views.next_dates(list(rows))
    own = [_own(view, days.get(view.case.id)) for view in door.outlines(rows, office, actor)]
    still = sorted((it for it in own if not it.row.ended), key=lambda it: not it.row.is_late)
    return Board(
        to_do=[it for it in still if it.way],
        waiting=[it for it in still if not it.way],
        over=[it for it in own if it.row.ended],
        further=past[A_PAGE - 1].case if len(past) > A_PAGE else "",
    )


def _own(view: CaseView, day: date | None) -> Own:
    """A matter that nobody has been given yet is for the room to pass on, though whoever reported it may end it."""
    is_open = view.workflow is not None and not view.case.facts.closed
    if not is_open or view.case.is_in(view.case.phase, EntryState.REGISTERED):
        return Own(row=row(view, day))
    assert view.workflow is not None
    return Own(row=row(view, day), way=first_now(Asking(view=view, workflow=view.workflow), view.office))
