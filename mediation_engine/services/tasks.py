"""Tasks: what a case leaves to be done in another, done at once after its commit and, whatever happened, by the worker.

Each order has an id made of what it is about as that stood, so that any number of workers give it once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from ..domain.case import Case
from ..domain.directory import Directory
from ..domain.matter import CASE
from ..domain.order import Order, Receipt
from ..domain.roles import Office, may_handle
from ..domain.task import NextOrder, TaskRule
from ..errors import CaseNotFound, LineUnreadable, MediationError
from ..ports.exhibits import Handed
from ..ports.messages import UNREADABLE, Parked
from ..ports.register import Entered, Person
from ..ports.store import Store
from ..read_models.projections import TaskRow
from ..record.sealing import TextRef
from .authorization import is_within
from .automatic import MOVED, TROUBLE, enter_worker, reason, worker_of
from .mediation import NONE_HANDED, MediationService
from .numbers import known_by

BATCH = 200
"""Tasks looked up at once."""
MOST_ORDERS = 10
"""More orders than this no task takes: then it goes round in circles."""


class FinishingService(MediationService):
    """The door that goes on to what its orders leave to be done in other cases.

    That an order was carried out does not hang on it: what cannot be done now is left to the worker.
    """

    def submit_together(
        self,
        orders: Sequence[Order],
        people: Sequence[Person] = (),
        exhibits: Mapping[str, Handed] = NONE_HANDED,
        entered: Sequence[Entered] = (),
        jotting: str | None = None,
        *,
        past: bool = False,
    ) -> list[Receipt]:
        receipts = super().submit_together(orders, people, exhibits, entered, jotting, past=past)
        kept = self.recent.get(orders[0].case)
        for task in sorted(kept.rows.tasks if kept and kept.rows else (), key=_place):
            try:
                carry_out(self, task)
            except MediationError:
                return receipts
        return receipts


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What came of a task: how many orders it took, and why it went no further, where something barred it."""

    orders: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What the worker did of the tasks there were."""

    orders: int = 0
    parked: int = 0


def finish(door: MediationService, *, most: int = BATCH, stop: Callable[[], bool] = lambda: False) -> Finished:
    """Carry out all tasks; put aside what somebody has to put right first."""
    with door.store.read() as unit:
        aside = {(it.case, it.kind, it.instance) for it in unit.messages.parked()}
    orders, parked = 0, list[Parked]()
    for task in _tasks(door.store, most, stop):
        if (task.case, task.kind, task.instance) in aside:
            continue
        try:
            carried = carry_out(door, task)
        except LineUnreadable:
            carried = Carried(why=UNREADABLE)
        orders += carried.orders
        if carried.why:
            with door.store.write() as unit:
                it = Parked(case=task.case, kind=task.kind, instance=task.instance, why=carried.why, at=unit.now)
                unit.messages.park([it])
            parked.append(it)
    return Finished(orders=orders, parked=len(parked))


def carry_out(door: MediationService, task: TaskRow) -> Carried:
    """Give the orders of a task, one by one, until it is done. LineUnreadable, and the store's own faults."""
    for given in range(MOST_ORDERS):
        case, found = _next(door, task)
        if found is None:
            return Carried(orders=given)
        if isinstance(found, str):
            return Carried(orders=given, why=found)
        try:
            MediationService.submit_together(door, [_order(door, case, task, found)])
        except (LineUnreadable, *TROUBLE):
            raise
        except MOVED:
            return Carried(orders=given)  # somebody else has done it, or is about to
        except MediationError as fault:
            if _next(door, task)[1] == found:
                return Carried(orders=given, why=reason(fault))
    return Carried(orders=MOST_ORDERS, why="一再办理也没有结果")


def _next(door: MediationService, task: TaskRow) -> tuple[Case, NextOrder | str | None]:
    """The case of a task, and what is to be done next; None where nothing is."""
    case, rule = door.case(task.case), _rule(door, task)
    if rule is None or task.instance not in rule.due(case):
        return case, None
    return case, rule.next(case, task.instance, _Elsewhere(door, case))


def _order(door: MediationService, case: Case, task: TaskRow, found: NextOrder) -> Order:
    other = case if found.case == case.id else _case(door, found.case)
    seen = {key: other.instances[key].seen for key in found.on if other and key in other.instances}
    opened_at = getattr(found.command, "organisation", case.facts.organisation)
    organisation = other.facts.organisation if other else opened_at
    enter_worker(door.store, organisation)
    about = (task.kind, task.case, task.instance, found.case, found.command.name(), *map(str, seen.values()))
    return Order(
        id=f"task-{sha256(chr(31).join(about).encode()).hexdigest()[:32]}",
        case=found.case,
        command=found.command,
        actor=worker_of(organisation),
        office=Office.AUTOMATIC,
        on=found.on,
        expects=seen,
        workflow=found.workflow,
        occurred=found.occurred,
    )


def _rule(door: MediationService, task: TaskRow) -> TaskRule | None:
    workflow = door.catalogue.reading(door.case(task.case).workflow)
    return next((it for it in workflow.tasks if it.code == task.kind), None) if workflow else None


def _case(door: MediationService, id: str) -> Case | None:
    try:
        return door.case(id)
    except CaseNotFound:
        return None


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """See `domain.task.Elsewhere`."""

    door: MediationService
    own: Case

    def case(self, id: str) -> Case | None:
        found = _case(self.door, id)
        return next((it for it in ([found] if found else self._numbered(id)) if self._is_near(it)), None)

    def _is_near(self, case: Case) -> bool:
        own, other = self.own.facts.organisation, case.facts.organisation
        with self.door.store.read() as unit:
            return is_within(unit.register, other, own) or is_within(unit.register, own, other)

    def _numbered(self, number: str) -> list[Case]:
        """Those of a number, what people know them by: a case first."""
        with self.door.store.read() as unit:
            rows = known_by(unit, self.door.catalogue, number, lambda it: it.number is not None)
        found = [it for row in rows if row.case != number and (it := _case(self.door, row.case))]
        ours = {it.name for it in self.door.catalogue.of(CASE)}
        return sorted(found, key=lambda it: it.workflow not in ours)

    def said(self, text: str | None) -> str:
        ref = TextRef.read(text) if text else None
        if ref is None:
            return text or ""
        with self.door.store.read() as unit:
            kept = unit.record.texts(self.own.id).get(ref.id)
        return (kept.words if kept else "") or ""

    def host_above(self, organisation: str) -> str | None:
        with self.door.store.read() as unit:
            staff, above = unit.register.actors(), Directory(unit.register.organisations()).above(organisation)
            return next((it.id for it in above if any(may_handle(actor, it.id) for actor in staff)), None)

    def version_of(self, family: str) -> str:
        return self.door.catalogue.to_open(family, self.door.today()).name


def _tasks(store: Store, most: int, stop: Callable[[], bool]) -> Iterator[TaskRow]:
    after: TaskRow | None = None
    while not stop():
        with store.read() as unit:
            found = unit.views.tasks(after=_place(after) if after else ("", "", ""), most=most)
        if not found:
            return
        yield from found
        after = found[-1]


def _place(task: TaskRow) -> tuple[str, str, str]:
    return task.case, task.instance, task.kind
