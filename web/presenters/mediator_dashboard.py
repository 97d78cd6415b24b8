"""The mediator's dashboard: what to do first, group by group, and what waits for whom.

Dates come from the calendar of all cases; of the cases themselves only as many are read as one page shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from mediation_engine.domain.case import machine_of
from mediation_engine.domain.deadline import ClockState, DeadlineRule, Whose
from mediation_engine.domain.fields import fields_of
from mediation_engine.domain.formatting import CHINA, heading, near_words
from mediation_engine.domain.matter import CASE
from mediation_engine.domain.presentation import Pair
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.ports.store import Unit
from mediation_engine.ports.views import Wanted
from mediation_engine.read_models.projections import CaseRow, DueDate
from mediation_engine.rules.catalogue import Catalogue
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import MediationService
from workflows.facts import facts_of
from workflows.phases.intake import INTAKE as MACHINE
from workflows.phases.intake import RegisterCase, S
from workflows.zone.matter.vocabulary import MATTER
from workflows.zone.meeting.vocabulary import MEETING

from .alerts import ToDo, handlers
from .alerts import waiting as waiting_alerts
from .applications import answering, due_words, submitted_in
from .case_details import Casework
from .case_list import days_late, read_moment
from .case_options import Asking
from .deadlines import basis_words, due_left
from .next_move import Move, next_move
from .refusal_reasons import MOST_CHOSEN, Address, step_for
from .whose_turn import Turn, whose_turn

MOST_DUE = 20
"""Cases with dates shown at a time; the rest are found in the list of cases."""
MOST_DATES = 400
"""Dates read for them: one case may have sixty of one day."""
MOST_NEW = 5
"""Applications shown; the rest stand in their own list."""
MOST_TOLD = 4
"""Things of one case that are told beside the first."""
NEAR = timedelta(days=7)
"""What falls due within so many days is near."""
ITEMS, MATTERS_NEAR = (MATTER, MEETING), timedelta(days=2)
"""Matters and meetings are told of so many days before."""
A_PAGE = 20
"""Cases without dates looked into at a time, the one longest unmoved first."""
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
    verb: str = ""
    """What that step is called."""
    instead: Address | None = None
    """Where it is recorded that it was done all the same, where it is overdue."""
    verb_instead: str = ""

    @property
    def is_now(self) -> bool:
        """Whether it is overdue, or due today."""
        return self.tone in ("late", "now")


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """What is to be done in a case: each case is told once, and what waits apart besides."""

    case: str
    number: str
    title: str
    """Who with whom."""
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

    @property
    def also_now(self) -> list[Due]:
        """Of what else falls due, what is seen at once: overdue or due today, and done by a step."""
        return [it for it in self.also if it.is_now and it.address]

    @property
    def also_folded(self) -> list[Due]:
        """The rest of it."""
        return [it for it in self.also if it not in self.also_now]

    address: Address | None = None
    """Where it is done, where that is one step."""
    verb: str = ""
    """What that step is called."""
    instead: Address | None = None
    """Where it is recorded that it was done all the same, where it is overdue."""
    verb_instead: str = ""


MINE, ROOM, ALL = "mine", "room", "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose open cases a board is about."""

    code: str
    label: str
    count: str
    chosen: bool


GROUPS = {
    "alarm": "激化风险，还没有报告",
    "alert-unsigned": "警情待签收",
    "late": "逾期",
    "today": "今天到期",
    "alert-to_contact": "警情待联系",
    "alert-to_report": "警情待反馈公安",
    "alert-in_hand": "警情待处置",
    "matters": "事项、例会到期、快到期",
    "applications": "新申请",
    "mine": "等我办",
    "soon": "快到期",
    "party": "等当事人办",
    "others": "等承办人办",
    "lead": "等室主任",
    "risk": "激化风险，还没有缓解",
    "drafts": "没写完的",
    "later": "还没到日子",
    "moved": "今天动过",
    "closed": "已结案，还要做的",
}
"""What a board consists of, in its order: code and heading."""
FOR_LEAD = "等您决定"
"""What the lead himself finds over what waits for the lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What is to be done for one reason, under a heading."""

    code: str
    title: str
    todos: Sequence[Todo] = ()
    links: Sequence[Pair] = ()
    """(words, address) of what is no case."""
    more: bool = False
    """Whether there are more than are shown."""

    @property
    def count(self) -> str:
        """How many there are, or at least are."""
        return f"{len(self.todos) + len(self.links)}{'+' if self.more else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What one who mediates finds on coming in."""

    groups: Sequence[Group]
    """Those that hold anything, in the order of `GROUPS`."""
    after: str
    """The place of the last case looked into; empty where there are no more."""
    scopes: Sequence[Scope]
    """Whose cases it may be about."""

    @property
    def of(self) -> str:
        """Whose cases it is about (code)."""
        return next(scope.code for scope in self.scopes if scope.chosen)

    def todos_of(self, *codes: str) -> list[Todo]:
        """What stands in some groups."""
        return [todo for group in self.groups if group.code in codes for todo in group.todos]

    @property
    def todos(self) -> list[Todo]:
        """All that is shown of cases."""
        return self.todos_of(*GROUPS)


def board(
    door: MediationService,
    office: Office,
    actor: Actor,
    reach: Collection[str],
    after: str,
    asked: str = "",
    drafts: Sequence[Pair] = (),
) -> Board:
    """All of it, from the place `after` on where cases are looked into.

    `asked` is whose cases: one's own, the room's, with those of the organisations below it; the first of these where
    there are any, unless asked. `drafts` is what the reader has begun to write, each with its address.
    """
    today, last = door.today(), place_read(after)
    with door.store.read() as unit:
        open_ones = {MINE: Wanted(organisations=reach, closed=False, mediator=actor.id)}
        open_ones[ROOM] = Wanted(organisations=[actor.organisation], closed=False)
        if len(reach) > 1:
            open_ones[ALL] = replace(open_ones[ROOM], organisations=reach)
        counts = {code: unit.views.count(wanted, MOST_COUNTED) for code, wanted in open_ones.items()}
        scope = asked if asked in counts else next((code for code, count in counts.items() if count), ROOM)
        within, whose = open_ones[scope].organisations, open_ones[scope].mediator
        calendar = partial(
            unit.views.due_dates, organisations=within, mediator=whose, matter=CASE.code, most=MOST_DATES
        )
        matters = _grouped(it for of in ITEMS for it in calendar(today + MATTERS_NEAR, matter=of.code))
        late, now = calendar(today - timedelta(days=1)), calendar(today, since=today)
        waits = calendar(today, waiting=True)
        if office is Office.LEAD:  # what only the lead can decide is his, too, whose case it may be
            waiting_here = partial(unit.views.due_dates, today, waiting=True, most=MOST_DATES)
            own = {due.case for due in waiting_here(organisations=reach, mediator=actor.id)}
            here = waiting_here(organisations=[actor.organisation])
            deciding = [due for due in here if _any_for_lead(door.catalogue, due)]
            counts[MINE] = min(counts[MINE] + len({due.case for due in deciding} - own), MOST_COUNTED)
            waits = sorted({*waits, *deciding}, key=_since_when) if scope == MINE else waits
        apart = [due for it in apart_machines(door.catalogue) for due in calendar(today, waiting=True, machine=it)]
        soon = _soon(unit, door.catalogue, today, within, whose)
        applied = {row.case for row in unit.views.search(_submitted(reach), most=MOST_COUNTED)}
        found = unit.views.resting(open_ones[scope], after=last, most=A_PAGE + 1 + len(applied))
        submitted = [row.case for row in submitted_in(unit, [actor.organisation] if scope == MINE else within or reach)]
    rows = [row for row in found if row.case not in applied][: A_PAGE + 1]
    waits = [due for due in waits if due not in apart]
    late, now, soon, waits = ([due for due in dues if due.case not in applied] for dues in (late, now, soon, waits))
    begun, ending = _by_case(late, now)
    waiting, standing = _grouped(waits), _grouped(apart)
    coming = {case: dues for case, dues in _grouped(soon).items() if case not in begun | ending}
    alone = [case for case in waiting if case not in begun | ending]
    near = {case: coming[case] for case in [case for case in coming if case not in waiting][:MOST_DUE]}
    dated = begun | ending | near | {case: waiting[case] for case in alone[:MOST_DUE]}
    shown = [row for row in rows[:A_PAGE] if row.case not in dated]
    new = [] if last else submitted[:MOST_NEW]
    pressing = [] if last else list(matters)[:MOST_DUE]
    wanted = {row.case for row in shown} | (set() if last else {*dated, *standing, *new, *pressing})
    views = {view.case.id: view for view in door.outlines(wanted, office, actor)}

    alerts = (
        []
        if last
        else waiting_alerts(
            door, office, actor, (within if scope == ALL else None) or [actor.organisation], own=scope == MINE
        )
    )

    told: dict[str, list[Todo]] = {code: [] for code in GROUPS}
    if not last:
        told["applications"] = [_applied(views[case], scope) for case in new]
        for code, by_case in {"late": begun, "today": ending, "soon": near}.items():
            for case, dues in by_case.items():
                turn, todo = (code == "soon" and _decided_first(views[case], dues, today, scope)) or _dated(
                    views[case], dues, waiting.get(case, ()), today, scope
                )
                at = "lead" if code == "soon" and turn is Turn.LEAD else code
                told[_unless_closed(views[case], at)].append(todo)
        for case in alone[:MOST_DUE]:
            code = "lead" if is_for_lead(views[case].workflow, waiting[case][0].instance) else _mine(views[case])
            told[_unless_closed(views[case], code)].append(
                _waiting(views[case], waiting[case], today, scope, coming.get(case, ()))
            )
        for it in alerts:
            told[f"alert-{it.group.code}"].append(_alert(it, scope))
        for case, dues in standing.items():
            todo = _waiting(views[case], dues, today, scope)
            told["alarm" if todo.tone == "late" else "risk"].append(todo)
    told["matters"] = [_dated(views[it], matters[it], (), today, scope)[1] for it in pressing]
    for row in shown:
        code, todo = _next(views[row.case], row, today, scope)
        told[code].append(todo)

    further = rows[A_PAGE - 1] if len(rows) > A_PAGE else None
    more = dict.fromkeys(("mine", "party", "others", "lead", "later", "moved"), further is not None)
    more["matters"] = len(matters) > MOST_DUE
    more |= {"late": len({due.case for due in late}) > MOST_DUE, "applications": len(submitted) > MOST_NEW}
    more["mine"] |= len(alone) > MOST_DUE
    titles = GROUPS | ({"lead": FOR_LEAD} if office is Office.LEAD else {})
    groups = [
        Group(code=code, title=titles[code], todos=todos, more=more.get(code, False)) for code, todos in told.items()
    ]
    groups = [replace(it, links=drafts) if it.code == "drafts" and not last else it for it in groups]
    return Board(
        groups=[it for it in groups if it.todos or it.links],
        after=place_of(further) if further else "",
        scopes=[
            Scope(code=code, label=label, count=_counted(counts[code]), chosen=code == scope)
            for code, label in ((MINE, "我的"), (ROOM, "全室"), (ALL, "连同下级"))
            if code in counts
        ],
    )


def place_of(row: CaseRow) -> str:
    """The place of a case among those that rest, from which a page goes on."""
    return f"{row.updated.isoformat()}~{row.case}"


def place_read(place: str) -> tuple[datetime, str] | None:
    """When the case at a place was last moved, and its id; None for what is no place."""
    moment, _, case = place.partition("~")
    when = read_moment(moment)
    return (when, case) if when and case else None


def _unless_closed(view: CaseView, code: str) -> str:
    return "closed" if view.case.facts.closed is not None else code


def _mine(view: CaseView) -> str:
    """In whose group that stands which whoever handles the case does."""
    handler = view.case.facts.lead_mediator()
    return "mine" if handler in (None, view.access.by) and not view.stepped_back else "others"


def _any_for_lead(catalogue: Catalogue, due: DueDate) -> bool:
    return any(is_for_lead(workflow, due.instance) for workflow in catalogue.workflows.values())


def apart_machines(catalogue: Catalogue) -> list[str]:
    """The machines of which what waits is listed by itself."""
    machines = (m for w in catalogue.workflows.values() for m in w.parts if m.shown.waits_apart)
    return list(dict.fromkeys(machine.name for machine in machines))


def _since_when(due: DueDate) -> tuple[date, str, str]:
    return due.due, due.case, due.instance


def _grouped(dues: Iterable[DueDate]) -> dict[str, list[DueDate]]:
    by_case: dict[str, list[DueDate]] = {}
    for due in dues:
        by_case.setdefault(due.case, []).append(due)
    return by_case


def _submitted(reach: Collection[str]) -> Wanted:
    """Cases that somebody has applied for and nobody has registered: each is told once, among the applications."""
    return Wanted(organisations=reach, phase=MACHINE.name, state=S.SUBMITTED.value)


def _applied(view: CaseView, scope: str) -> Todo:
    """An application, with by which day it is to be answered."""
    clock = answering(view)
    return _todo(
        view,
        scope,
        what="新申请，请登记",
        who="",
        by=due_words(clock, view.today) or "请看一看",
        tone="late" if clock and clock.state is ClockState.MISSED else "now",
        basis=basis_words(clock.rule) if clock else "",
        address=Address(view.case.id, RegisterCase.name(), ()),
    )


def _alert(it: ToDo, scope: str) -> Todo:
    """An alert, with the form by which what is to be done is recorded."""
    instead = it.address(it.instead)
    return Todo(
        case=it.view.case.id,
        number=it.view.case.facts.number or "没有编号",
        title=title(it.view),
        what=it.what,
        who="",
        by=it.by,
        tone=it.tone,
        lead=handlers(it.view) if scope != MINE else "",
        address=it.address(it.step),
        verb=it.step.label if it.step else "",
        instead=instead,
        verb_instead=it.instead.label if it.instead else "",
    )


def _soon(
    unit: Unit, catalogue: Catalogue, today: date, within: Collection[str] | None, whose: str | None
) -> list[DueDate]:
    """What falls due within days, and duties and rights that are yellow, the first to end first. A right is none any
    more once its day is over."""
    warned: dict[str, int] = {}
    for workflow in catalogue.workflows.values():
        for kind, warns in workflow.warnings.items():
            warned[kind] = max(warns[0], warned.get(kind, 0))
    furthest = today + max(timedelta(days=max(warned.values(), default=0)), NEAR)
    ask = partial(
        unit.views.due_dates, furthest, organisations=within, mediator=whose, matter=CASE.code, most=MOST_DATES
    )
    duties, rights = ask(since=today + timedelta(days=1)), ask(since=today, lapsing=True)
    near = [due for due in duties if due.due - today <= NEAR or _is_yellow(due, warned, today)]
    return sorted([*near, *(due for due in rights if _is_yellow(due, warned, today))], key=lambda due: due.due)


def _is_yellow(due: DueDate, warned: Mapping[str, int], today: date) -> bool:
    return (due.due - today).days <= warned.get(due.kind, -1)


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


def _dated(
    view: CaseView, dues: Sequence[DueDate], waiting: Sequence[DueDate], today: date, scope: str
) -> tuple[Turn | None, Todo]:
    """What falls due in a case; and whose turn it is, where by a day the next step is to be taken."""
    first, *later = (_due(view, due, today, dues) for due in dues)
    told, turn = _told(first, [*_waits(view, waiting, today), *later]), None
    rule = _rule(view, dues[0])
    if rule is not None and rule.whose is Whose.ROOM:
        move, turn = _move(view)
        told |= {"who": "", "why": move.why, "onward": move.what, "address": first.address or move.address}
    return turn, _todo(view, scope, **told)


def _decided_first(view: CaseView, dues: Sequence[DueDate], today: date, scope: str) -> tuple[Turn, Todo] | None:
    """What the lead can decide today, before what only falls due later in the case."""
    move, turn = _move(view)
    if turn is not Turn.LEAD:
        return None
    first = Due(what=move.what, who="", by="现在就可以办", tone="now", address=move.address)
    told = _told(first, [_due(view, due, today, dues) for due in dues])
    return turn, _todo(view, scope, **(told | {"why": move.why}))


def _told(first: Due, also: Sequence[Due]) -> dict[str, Any]:
    """What there is to do first, and as much of the rest as is told beside it."""
    first, *also = _at_once([first, *also])
    told = {name: getattr(first, name) for name in (*TOLD, "address")}
    return told | {"also": tuple(also[:MOST_TOLD]), "more": max(0, len(also) - MOST_TOLD)}


TOLD = ("what", "who", "by", "tone", "basis", "instead", "verb_instead")


def _at_once(dues: Sequence[Due]) -> list[Due]:
    """What falls due, with a line for all that one step does at once."""
    found: list[Due] = []
    for due in dues:
        if not any(_is_done_with(due, it) for it in found):
            alike = sum(_is_done_with(it, due) for it in dues)
            found.append(replace(due, what=f"{due.what}等{alike}笔") if alike > 1 else due)
    return found


def _is_done_with(due: Due, other: Due) -> bool:
    """Whether the step at the address of one does the other, too."""
    here, there = due.address, other.address
    same = here and there and here.command == there.command and due.by == other.by
    return bool(same and here and there and set(here.on) == set(there.on) and set(here.form) == set(there.form))


def _due(view: CaseView, due: DueDate, today: date, among: Sequence[DueDate] = ()) -> Due:
    """What falls due, as it is told; `among` what else does in the case: what is due on one day is recorded at once."""
    what, who = _dated_words(view, due)
    rule = _rule(view, due)
    late = days_late(due.due, today)
    address, begun = _step_of(view, due, late > 0, among), _begun_about(view, due, among)
    return Due(
        what=what,
        who=who,
        by=f"{near_words(due.due, today)}，{due_left(due.due, today)}",
        tone="late" if late > 0 else "soon" if late < 0 else "now",
        basis=basis_words(rule) if rule else "",
        address=address,
        verb=_verb(view, address),
        instead=begun if begun != address else None,
        verb_instead=_verb(view, begun),
    )


def _step_of(view: CaseView, due: DueDate, is_late: bool, among: Sequence[DueDate]) -> Address | None:
    """Where what falls due is recorded, where that is a step on the thing itself, or begun about it; what falls due
    with it is recorded at once."""
    if view.workflow is None or view.stepped_back or due.instance not in view.case.instances:
        return None
    topic, machine = view.workflow.topic_of(due.kind), view.workflow.machines[machine_of(due.instance)]
    if topic is None:
        return None
    keys = _keys_of_day(due, among)
    if not is_late and (begun := _begun_about(view, due, among)):
        return begun
    past = topic.past_step if is_late else ""
    step = past or topic.step
    is_on_it = any(command.name() == step for command in machine.commands)
    return Address(view.case.id, step, keys if past else keys[:1]) if step and is_on_it else None


def _keys_of_day(due: DueDate, among: Sequence[DueDate]) -> tuple[str, ...]:
    """What falls due, and what is like it on the same day."""
    alike = [it.instance for it in among if (it.kind, it.due) == (due.kind, due.due)]
    return tuple(dict.fromkeys((due.instance, *alike)))[:MOST_CHOSEN]


def _begun_about(view: CaseView, due: DueDate, among: Sequence[DueDate]) -> Address | None:
    """Where what falls due is recorded with all that is like it, on a form that begins with them."""
    topic = view.workflow.topic_of(due.kind) if view.workflow and not view.stepped_back else None
    form = _form_about(view, topic.begins, _keys_of_day(due, among)) if topic and topic.begins else ()
    return Address(view.case.id, topic.begins, (), form) if topic and form else None


def _form_about(view: CaseView, step: str, keys: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What the form of a step begins with that has rows for some things; nothing where it has none for the first."""
    command = view.workflow.commands.get(step) if view.workflow else None
    for spec in fields_of(command) if command else ():
        rows = set(spec.about(view.case)) if spec.about and spec.row else set()
        if keys[0] in rows and spec.row:
            kept = next(column.name for column in fields_of(spec.row) if column.kept)
            owed = facts_of(view.case).obligations
            same = [key for key in keys if key in rows and owed[key].payer == owed[keys[0]].payer]
            return tuple((kept, key) for key in same)
    return ()


def _todo(view: CaseView, scope: str, **told: Any) -> Todo:
    """With which case it is."""
    lead = view.lead_name if scope != MINE else ""
    number = view.case.facts.number or "尚无案号"
    return Todo(
        case=view.case.id,
        number=number,
        title=title(view),
        lead=lead,
        verb=_verb(view, told.get("address")),
        **told,
    )


def _verb(view: CaseView, address: Address | None) -> str:
    """What the step at an address is called."""
    command = view.workflow.commands.get(address.command) if view.workflow and address else None
    return command.label if command else ""


def _waits(view: CaseView, waiting: Sequence[DueDate], today: date) -> list[Due]:
    """What waits to be taken up, the urgent first, each with where that is done."""
    return sorted((_wait(view, due, today) for due in waiting), key=lambda it: it.tone != "late")


def _wait(view: CaseView, due: DueDate, today: date) -> Due:
    found = view.workflow.waits(view.case) if view.workflow else []
    wait = next((it for it in found if due.instance in it.keys), None)
    days = days_late(due.due, today)
    address = step_for(view.case, wait) if wait and not view.stepped_back else None
    return Due(
        what=wait.what if wait else view.teller.thing(due.instance),
        who=Office.LEAD.label if is_for_lead(view.workflow, due.instance) else "",
        by=f"{near_words(due.due, today)}起，已{days}天" if days > 0 else "今天起",
        tone="late" if wait and wait.urgent else "now",
        address=address,
        verb=_verb(view, address),
    )


def is_for_lead(workflow: Workflow | None, key: str) -> bool:
    """Whether what waits with an instance is for the lead to decide."""
    machine = workflow.machines.get(machine_of(key)) if workflow else None
    return machine is not None and machine.shown.waits_for_lead


def _waiting(
    view: CaseView, waiting: Sequence[DueDate], today: date, scope: str, coming: Sequence[DueDate] = ()
) -> Todo:
    first, *also = *_waits(view, waiting, today), *(_due(view, due, today) for due in coming)
    return _todo(view, scope, **_told(first, also))


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


def _move(view: CaseView) -> tuple[Move, Turn]:
    """The next step of a case, or why there is none; and whose turn it is."""
    if view.stepped_back:
        return Move(what="看看案件", who="", why="您已回避，由别人办理"), Turn.NOBODY
    asked = Asking(view=view, workflow=view.workflow) if view.workflow else None
    move = next_move(asked) if asked else None
    turn = whose_turn(asked) if asked else Turn.NOBODY
    return move or Move(what="看看案件", who="", why="没有列得出的下一步"), turn


def _next(view: CaseView, row: CaseRow, today: date, scope: str) -> tuple[str, Todo]:
    """In which group a case without dates stands, and how."""
    move, turn = _move(view)
    days = days_late(row.updated.astimezone(CHINA).date(), today)
    codes = {Turn.READER: _mine(view), Turn.PARTY: "party", Turn.LEAD: "lead", Turn.NOBODY: "later"}
    code = codes[turn] if days > 0 else "moved"
    why = move.why or (GROUPS["party"] if turn is Turn.PARTY else "")
    by = f"{days}天没动" if days > 0 else "今天动过"
    return code, _todo(view, scope, what=move.what, who="", by=by, why=why, address=move.address)


def title(view: CaseView) -> str:
    """Who with whom; what it is about where nobody is in it."""
    sides = [heading([view.teller.thing(key) for key in keys]) for _, keys in view.case.facts.sides()[:2]]
    return " 与 ".join(sides) or " · ".join(view.case.facts.subject()) or view.case.id
