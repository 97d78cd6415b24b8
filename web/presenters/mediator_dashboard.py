"""The mediator's dashboard: what is overdue, what falls due today, what one can move on, what stands still and why.

Dates come from the calendar of all cases; of the cases themselves only as many are read as one page shows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mediation_engine.decisions.closing import missing
from mediation_engine.domain.formatting import CHINA, day_words, heading
from mediation_engine.domain.presentation import Pair
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.ports.views import Wanted
from mediation_engine.read_models.projections import TERM, CaseRow, DueDate
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import MediationService

from .case_details import Casework
from .case_list import days_late
from .next_move import next_move
from .refusal_reasons import Address, step_for

MOST_DUE = 20
"""Dates shown at a time; the rest are found in the list of cases."""
A_PAGE = 15
"""Cases looked into at a time."""
MOST_COUNTED = 1000
"""Cases are counted up to here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One thing to do in a case."""

    case: str
    title: str
    what: str
    who: str
    by: str
    tone: str = ""
    why: str = ""
    address: Address | None = None
    """Where it is done, where that is one step."""


MINE, ROOM, ALL = "mine", "room", "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose open cases a board is about."""

    code: str
    label: str
    count: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What one who mediates finds on coming in."""

    late: Sequence[Todo]
    more_late: bool
    today: Sequence[Todo]
    waits: Sequence[Todo]
    """What waits to be taken up, though nobody is late with it."""
    more_waits: bool
    mine: Sequence[Todo]
    still: Sequence[Todo]
    after: str
    """The last case looked into; empty where there are no more."""
    scopes: Sequence[Scope]
    """Whose cases it may be about."""

    @property
    def of(self) -> str:
        """Whose cases it is about (code)."""
        return next(scope.code for scope in self.scopes if scope.chosen)

    @property
    def todos(self) -> list[Todo]:
        """All that is shown."""
        return [*self.late, *self.today, *self.waits, *self.mine, *self.still]


def board(
    door: MediationService, office: Office, actor: Actor, reach: Collection[str], after: str, asked: str = ""
) -> Board:
    """All of it, from the case after `after` on where cases are looked into.

    `asked` is whose cases: one's own, the room's, with those of the organisations below it; the first of these where
    there are any, unless asked.
    """
    today = door.today()
    with door.store.read() as unit:
        open_ones = {MINE: Wanted(organisations=reach, closed=False, mediator=actor.id)}
        open_ones[ROOM] = Wanted(organisations=[actor.organisation], closed=False)
        if len(reach) > 1:
            open_ones[ALL] = replace(open_ones[ROOM], organisations=reach)
        counts = {code: unit.views.count(wanted, MOST_COUNTED) for code, wanted in open_ones.items()}
        scope = asked if asked in counts else next((code for code, count in counts.items() if count), ROOM)
        calendar, within, whose = unit.views.due_dates, open_ones[scope].organisations, open_ones[scope].mediator
        late = calendar(today - timedelta(days=1), organisations=within, mediator=whose, most=MOST_DUE + 1)
        now = calendar(today, since=today, organisations=within, mediator=whose, most=MOST_DUE)
        waits = calendar(today, organisations=within, mediator=whose, waiting=True, most=MOST_DUE + 1)
        rows = unit.views.search(open_ones[scope], after=after, most=A_PAGE + 1)
    dated = {due.case for due in (*late[:MOST_DUE], *now, *waits[:MOST_DUE])}
    shown = [row for row in rows[:A_PAGE] if row.case not in dated]
    wanted = {row.case for row in shown} | (set() if after else dated)
    views = {view.case.id: view for view in door.outlines(wanted, office, actor)}
    looked = [_next(views[row.case], row, today) for row in shown]
    return Board(
        late=[] if after else [_dated(views[due.case], due, today) for due in late[:MOST_DUE]],
        more_late=len(late) > MOST_DUE,
        today=[] if after else [_dated(views[due.case], due, today) for due in now],
        waits=[] if after else [_waiting(views[it.case], it, today) for it in waits[:MOST_DUE]],
        more_waits=len(waits) > MOST_DUE,
        mine=[it for it in looked if it and not it.why],
        still=[it for it in looked if it and it.why],
        after=rows[A_PAGE - 1].case if len(rows) > A_PAGE else "",
        scopes=[
            Scope(code=code, label=label, count=_counted(counts[code]), chosen=code == scope)
            for code, label in ((MINE, "我的"), (ROOM, "全室"), (ALL, "连同下级"))
            if code in counts
        ],
    )


def _counted(count: int) -> str:
    return f"{MOST_COUNTED - 1}+" if count == MOST_COUNTED else str(count)


def _dated(view: CaseView, due: DueDate, today: date) -> Todo:
    what, who = _dated_words(view, due)
    late = days_late(due.due, today)
    by = f"{day_words(due.due)}，逾期{late}天" if late > 0 else "今天到期"
    tone = "late" if late > 0 else "now"
    return Todo(case=view.case.id, title=_title(view), what=what, who=who, by=by, tone=tone)


def _waiting(view: CaseView, due: DueDate, today: date) -> Todo:
    found = view.workflow.waits(view.case) if view.workflow else []
    wait = next((it for it in found if due.instance in it.keys), None)
    days = days_late(due.due, today)
    by = f"{day_words(due.due)}起，已{days}天" if days > 0 else "今天起"
    return Todo(
        case=view.case.id,
        title=_title(view),
        what=wait.what if wait else view.teller.thing(due.instance),  # a list may be out of date
        who=Office.MEDIATOR.label,
        by=by,
        tone="now",
        address=step_for(view.case, wait) if wait else None,
    )


def _dated_words(view: CaseView, due: DueDate) -> Pair:
    """What falls due, and who has to do it."""
    if due.kind == TERM:
        return "调解期限届满", Office.MEDIATOR.label
    return Casework(view).due_words(due.instance)


def _next(view: CaseView, row: CaseRow, today: date) -> Todo | None:
    case, workflow = view.case, view.workflow
    move = next_move(case, missing(workflow, case, today), view.office, today, view.teller) if workflow else None
    if move is None:
        return None
    by, title = _since(row, today), _title(view)
    return Todo(case=case.id, title=title, what=move.what, who=move.who, by=by, why=move.why)


def _since(row: CaseRow, today: date) -> str:
    days = days_late(row.updated.astimezone(CHINA).date(), today)
    return f"已停{days}天" if days > 0 else "今天动过"


def _title(view: CaseView) -> str:
    return heading([view.teller.thing(key) for key in view.case.facts.people()]) or view.case.id
