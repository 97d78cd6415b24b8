"""The mediator's dashboard: what is overdue, what falls due today, what one can move on, what stands still and why.

Dates come from the calendar of all cases; of the cases themselves only as many are read as one page shows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from mediation_engine.domain.case import machine_of
from mediation_engine.domain.deadline import ClockState, DeadlineRule, Whose
from mediation_engine.domain.formatting import CHINA, day_words, heading
from mediation_engine.domain.presentation import Pair
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.ports.store import Unit
from mediation_engine.ports.views import Wanted
from mediation_engine.read_models.projections import CaseRow, DueDate
from mediation_engine.rules.catalogue import Catalogue
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import MediationService
from workflows.phases.intake import INTAKE as MACHINE
from workflows.phases.intake import RegisterCase, S

from .applications import answering, due_words, submitted_in
from .case_details import Casework
from .case_list import days_late
from .case_options import Asking
from .deadlines import basis_words, left_words
from .next_move import Move, next_move
from .refusal_reasons import Address, step_for

MOST_DUE = 20
"""Cases with dates shown at a time; the rest are found in the list of cases."""
MOST_DATES = 400
"""Dates read for them: one case may have sixty of one day."""
MOST_NEW = 5
"""Applications shown; the rest stand in their own list."""
MOST_TOLD = 4
"""Things of one case that are told beside the first."""
A_PAGE = 15
"""Cases looked into at a time."""
MOST_COUNTED = 1000
"""Cases are counted up to here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something that falls due: what, who owes it, by which day."""

    what: str
    who: str
    by: str
    tone: str
    basis: str = ""
    """The article, or whose rule it is; nothing for what was agreed on or planned."""
    address: Address | None = None
    """Where it is done, where that is one step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """What is to be done in a case: each case is told once, so that there are as many as are counted."""

    case: str
    number: str
    title: str
    what: str
    who: str
    by: str
    tone: str = ""
    why: str = ""
    lead: str = ""
    """Who handles it, where that need not be the reader."""
    basis: str = ""
    """The article of what falls due, or whose rule it is."""
    onward: str = ""
    """The next step, where something else falls due."""
    also: tuple[Due, ...] = ()
    """What else falls due in it, or waits."""
    more: int = 0
    """How many things beside these are not told."""
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

    applications: Sequence[Todo]
    """Those of the room that nobody has registered yet, the oldest first."""
    more_applications: int
    """How many of them beside these there are."""
    late: Sequence[Todo]
    more_late: bool
    today: Sequence[Todo]
    soon: Sequence[Todo]
    """What comes near: yellow."""
    waits: Sequence[Todo]
    """What waits to be taken up, though nobody is late with it."""
    more_waits: bool
    mine: Sequence[Todo]
    still: Sequence[Todo]
    closed: Sequence[Todo]
    """What falls due after closing: not among the cases that are counted."""
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
        """All that is shown of the cases that it is about."""
        new = () if self.of == MINE else self.applications  # they are nobody's yet
        dated = (*self.late, *self.today, *self.soon)
        return [*new, *dated, *self.waits, *self.mine, *self.still, *self.closed]


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
        late = calendar(today - timedelta(days=1), organisations=within, mediator=whose, most=MOST_DATES)
        now = calendar(today, since=today, organisations=within, mediator=whose, most=MOST_DATES)
        waits = calendar(today, organisations=within, mediator=whose, waiting=True, most=MOST_DATES)
        if office is Office.LEAD:  # what only the lead can decide is his, too, whose case it may be
            waiting_here = partial(calendar, today, waiting=True, most=MOST_DATES)
            own = {due.case for due in waiting_here(organisations=reach, mediator=actor.id)}
            here = waiting_here(organisations=[actor.organisation])
            deciding = [due for due in here if _any_for_lead(door.catalogue, due)]
            counts[MINE] = min(counts[MINE] + len({due.case for due in deciding} - own), MOST_COUNTED)
            waits = sorted({*waits, *deciding}, key=_since_when) if scope == MINE else waits
        soon = _soon(unit, door.catalogue, today, within, whose)
        applied = {row.case for row in unit.views.search(_submitted(reach), most=MOST_COUNTED)}
        found = unit.views.search(open_ones[scope], after=after, most=A_PAGE + 1 + len(applied))
        submitted = [row.case for row in submitted_in(unit, [actor.organisation] if scope == MINE else within or reach)]
    rows = [row for row in found if row.case not in applied][: A_PAGE + 1]
    late, now, soon, waits = ([due for due in dues if due.case not in applied] for dues in (late, now, soon, waits))
    begun, ending = _by_case(late, now)
    near = {case: dues for case, dues in _by_case([], soon)[1].items() if case not in begun | ending}
    waiting: dict[str, list[DueDate]] = {}
    for due in waits:
        waiting.setdefault(due.case, []).append(due)
    alone = [case for case in dict.fromkeys(due.case for due in waits) if case not in begun | ending | near]
    dated = begun | ending | near | {case: waiting[case] for case in alone[:MOST_DUE]}
    shown = [row for row in rows[:A_PAGE] if row.case not in dated]
    new = [] if after else submitted[:MOST_NEW]
    wanted = {row.case for row in shown} | (set() if after else dated.keys()) | set(new)
    views = {view.case.id: view for view in door.outlines(wanted, office, actor)}
    looked = [_next(views[row.case], row, today, scope) for row in shown]

    def told(found: Mapping[str, Sequence[DueDate]], closed: bool = False) -> list[Todo]:
        wanted = [] if after else [(views[case], dues) for case, dues in found.items()]
        open_or_not = ((view, dues) for view, dues in wanted if (view.case.facts.closed is not None) == closed)
        return [_dated(view, dues, waiting.get(view.case.id, ()), today, scope) for view, dues in open_or_not]

    waited = [
        (_waiting(views[case], waiting[case], today, scope), views[case].case.facts.closed is not None)
        for case in ([] if after else alone[:MOST_DUE])
    ]

    return Board(
        applications=[_applied(views[case], scope) for case in new],
        more_applications=0 if after else len(submitted) - len(new),
        late=told(begun),
        more_late=len({due.case for due in late}) > MOST_DUE,
        today=told(ending),
        soon=told(near),
        waits=[it for it, closed in waited if not closed],
        more_waits=len(alone) > MOST_DUE,
        mine=[it for it in looked if not it.why],
        still=[it for it in looked if it.why],
        closed=[*told(begun | ending | near, closed=True), *(it for it, closed in waited if closed)],
        after=rows[A_PAGE - 1].case if len(rows) > A_PAGE else "",
        scopes=[
            Scope(code=code, label=label, count=_counted(counts[code]), chosen=code == scope)
            for code, label in ((MINE, "我的"), (ROOM, "全室"), (ALL, "连同下级"))
            if code in counts
        ],
    )


def _any_for_lead(catalogue: Catalogue, due: DueDate) -> bool:
    return any(_is_for_lead(workflow, due) for workflow in catalogue.workflows.values())


def _since_when(due: DueDate) -> tuple[date, str, str]:
    return due.due, due.case, due.instance


def _submitted(reach: Collection[str]) -> Wanted:
    """Cases that somebody has applied for and nobody has registered: each is told once, among the applications."""
    return Wanted(organisations=reach, phase=MACHINE.name, state=S.SUBMITTED.value)


def _applied(view: CaseView, scope: str) -> Todo:
    """An application, with by which day it is to be answered."""
    clock = answering(view)
    return _todo(
        view,
        scope,
        what="登记申请",
        who=Office.MEDIATOR.label,
        by=due_words(clock, view.today) or "请看一看",
        tone="late" if clock and clock.state is ClockState.MISSED else "now",
        basis=basis_words(clock.rule) if clock else "",
        address=Address(view.case.id, RegisterCase.name(), ()),
    )


def _soon(
    unit: Unit, catalogue: Catalogue, today: date, within: Collection[str] | None, whose: str | None
) -> list[DueDate]:
    """Duties and rights that are yellow, the first to end first. A right is none any more once its day is over."""
    warned: dict[str, int] = {}
    for workflow in catalogue.workflows.values():
        for kind, warns in workflow.warnings.items():
            warned[kind] = max(warns[0], warned.get(kind, 0))
    furthest = today + timedelta(days=max(warned.values(), default=0))
    ask = partial(unit.views.due_dates, furthest, organisations=within, mediator=whose, most=MOST_DATES)
    found = [*ask(since=today + timedelta(days=1)), *ask(since=today, lapsing=True)]
    yellow = (due for due in found if (due.due - today).days <= warned.get(due.kind, -1))
    return sorted(yellow, key=lambda due: due.due)


def _counted(count: int) -> str:
    return f"{MOST_COUNTED - 1}+" if count == MOST_COUNTED else str(count)


def _by_case(
    late: Sequence[DueDate], now: Sequence[DueDate]
) -> tuple[dict[str, list[DueDate]], dict[str, list[DueDate]]]:
    """Dates by case, the first to fall due first: of cases with something overdue, and of the others."""
    begun, ending = dict[str, list[DueDate]](), dict[str, list[DueDate]]()
    for due in (*late, *now):
        held = begun if due in late or due.case in begun else ending
        if due.case in held or len(held) < MOST_DUE:
            held.setdefault(due.case, []).append(due)
    return begun, {case: dues for case, dues in ending.items() if case not in begun}


def _dated(view: CaseView, dues: Sequence[DueDate], waiting: Sequence[DueDate], today: date, scope: str) -> Todo:
    first, *later = (_due(view, due, today) for due in dues)
    also = [*_waits(view, waiting, today), *later]
    told: dict[str, Any] = {"what": first.what, "who": first.who, "by": first.by, "tone": first.tone}
    told |= {"address": first.address, "basis": first.basis}
    rule = _rule(view, dues[0])
    if rule is not None and rule.whose is Whose.ROOM:  # by its end the next step is to be taken
        move = _move(view, today)
        told |= {"who": move.who, "why": move.why, "onward": move.what}
    return _todo(view, scope, **told, also=tuple(also[:MOST_TOLD]), more=max(0, len(also) - MOST_TOLD))


def _due(view: CaseView, due: DueDate, today: date) -> Due:
    what, who = _dated_words(view, due)
    rule = _rule(view, due)
    late = days_late(due.due, today)
    left = f"逾期{late}天" if late > 0 else left_words(due.due, today)
    address = _step_of(view, due, late > 0)
    return Due(
        what=what,
        who=who,
        by=f"{day_words(due.due)}，{left}",
        tone="late" if late > 0 else "soon" if late < 0 else "now",
        basis=basis_words(rule) if rule else "",
        address=address,
    )


def _step_of(view: CaseView, due: DueDate, is_late: bool) -> Address | None:
    """Where what falls due is recorded, where that is a step on the thing itself."""
    if view.workflow is None or view.stepped_back or due.instance not in view.case.instances:
        return None
    topic, machine = view.workflow.topic_of(due.kind), view.workflow.machines[machine_of(due.instance)]
    step = topic and ((topic.past_step if is_late else "") or topic.step)
    is_on_it = any(command.name() == step for command in machine.commands)
    return Address(view.case.id, step, (due.instance,)) if step and is_on_it else None


def _todo(view: CaseView, scope: str, **told: Any) -> Todo:
    """With which case it is."""
    lead = view.lead_name if scope != MINE else ""
    number = view.case.facts.number or "尚无案号"
    return Todo(case=view.case.id, number=number, title=_title(view), lead=lead, **told)


def _waits(view: CaseView, waiting: Sequence[DueDate], today: date) -> list[Due]:
    """What waits to be taken up, the urgent first, each with where that is done."""
    return sorted((_wait(view, due, today) for due in waiting), key=lambda it: it.tone != "late")


def _wait(view: CaseView, due: DueDate, today: date) -> Due:
    found = view.workflow.waits(view.case) if view.workflow else []
    wait = next((it for it in found if due.instance in it.keys), None)
    days = days_late(due.due, today)
    return Due(
        what=wait.what if wait else view.teller.thing(due.instance),  # a list may be out of date
        who=(Office.LEAD if view.workflow and _is_for_lead(view.workflow, due) else Office.MEDIATOR).label,
        by=f"{day_words(due.due)}起，已{days}天" if days > 0 else "今天起",
        tone="late" if wait and wait.urgent else "now",
        address=step_for(view.case, wait) if wait and not view.stepped_back else None,
    )


def _is_for_lead(workflow: Workflow, due: DueDate) -> bool:
    machine = workflow.machines.get(machine_of(due.instance))
    return machine is not None and machine.shown.waits_for_lead


def _waiting(view: CaseView, waiting: Sequence[DueDate], today: date, scope: str) -> Todo:
    first, *also = _waits(view, waiting, today)
    told: dict[str, Any] = {"what": first.what, "who": first.who, "by": first.by, "tone": first.tone}
    told |= {"address": first.address, "also": tuple(also[:MOST_TOLD]), "more": max(0, len(also) - MOST_TOLD)}
    return _todo(view, scope, **told)


def _rule(view: CaseView, due: DueDate) -> DeadlineRule | None:
    """The period by which it falls due, where it does by one."""
    return view.workflow.deadline_rules.get(due.kind) if view.workflow else None


def _dated_words(view: CaseView, due: DueDate) -> Pair:
    """What falls due, and who has to do it."""
    rule = _rule(view, due)
    if rule is not None:
        about = f"（{view.teller.thing(due.instance)}）" if due.instance else ""
        who = Office.MEDIATOR.label if rule.whose is Whose.ROOM else "当事人"
        return f"{rule.label}{about}", who
    return Casework(view).due_words(due.instance)


def _move(view: CaseView, today: date) -> Move:
    """The next step of a case, or why there is none."""
    if view.stepped_back:
        return Move(what="看看案件", who="", why="您已回避，由别人办理")
    workflow = view.workflow
    move = next_move(Asking(view=view, workflow=workflow)) if workflow else None
    return move or Move(what="看看案件", who="", why="没有列得出的下一步")


def _next(view: CaseView, row: CaseRow, today: date, scope: str) -> Todo:
    move = _move(view, today)
    return _todo(view, scope, what=move.what, who=move.who, by=_since(row, today), why=move.why, address=move.address)


def _since(row: CaseRow, today: date) -> str:
    day = row.updated.astimezone(CHINA).date()
    days = days_late(day, today)
    return f"{day_words(day)}起停了{days}天" if days > 0 else "今天动过"


def _title(view: CaseView) -> str:
    return heading([view.teller.thing(key) for key in view.case.facts.people()]) or view.case.id
