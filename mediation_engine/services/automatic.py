"""The worker's own steps: what was left undone when its day had gone by, done by the worker through the door.

Each order has an id made of what it is about as that stood, so any number of workers give it once. What is refused, or
cannot be read, is put aside and shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from ..domain.automatic import AutomaticStep
from ..domain.case import Case, machine_of
from ..domain.formatting import CHINA
from ..domain.order import Order
from ..domain.roles import Actor, Office
from ..errors import (
    UNFIT,
    CaseNotFound,
    CommandIdReused,
    LineUnreadable,
    MediationError,
    Refused,
    StaleInstance,
    StoreNotReady,
    StoreUnavailable,
    VersionClash,
)
from ..ports.messages import UNREADABLE, Parked
from ..ports.store import Store
from .mediation import MediationService

BATCH = 200
"""Cases looked up at once."""
MOVED = (StaleInstance, CommandIdReused, CaseNotFound, VersionClash)
"""What is nobody's fault: it has moved meanwhile, and is looked at anew the next time."""
TROUBLE = (StoreUnavailable, StoreNotReady)
"""What keeps everything from being done: nothing is put aside for it. Whatever else is said of an order somebody has to
put right first: one alone never holds up the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What the worker did of itself."""

    steps: int = 0
    parked: int = 0


def take_steps(door: MediationService, *, most: int = BATCH, stop: Callable[[], bool] = lambda: False) -> Done:
    """Take all steps whose day has come."""
    with door.store.read() as unit:
        today = unit.now.astimezone(CHINA).date()
        aside = {(it.case, it.kind, it.instance) for it in unit.messages.parked()}
    steps, parked = 0, list[Parked]()
    for step in {step.code: step for w in door.catalogue.workflows.values() for step in w.automatic}.values():
        for case_id in _cases(door.store, step, today, most, stop):
            try:
                case = door.case(case_id)
                workflow = door.catalogue.reading(case.workflow)
                if workflow is None or step not in workflow.automatic:
                    continue
                for key in _left(door.store, case, step, today):
                    if (case_id, step.code, key) not in aside and (order := _order(case, step, key, today)):
                        steps += _given(door, step, order, case.facts.organisation, parked)
            except (*UNFIT, LineUnreadable):
                if (case_id, step.code, "") not in aside:
                    parked.append(_parked(door, step, case_id, "", UNREADABLE))
    if parked:
        with door.store.write() as unit:
            unit.messages.park(parked)
    return Done(steps=steps, parked=len(parked))


def _cases(store: Store, step: AutomaticStep, today: date, most: int, stop: Callable[[], bool]) -> Iterator[str]:
    """Cases in which something of a step fell due long enough ago."""
    after = ""
    while not stop():
        with store.read() as unit:
            until = today - timedelta(days=step.after + 1)
            found = unit.views.cases_due({step.kind}, date.min, until, after=after, most=most)
        if not found:
            return
        yield from found
        after = found[-1]


def _left(store: Store, case: Case, step: AutomaticStep, today: date) -> list[str]:
    """What fell due long enough ago; nothing for which a link is good still."""
    last = today - timedelta(days=step.after + 1)
    found = [key for key, day in case.facts.due_days(case.of(step.kind)) if day <= last]
    if not found:
        return []
    with store.read() as unit:
        good = {it.instance for it in unit.links.links(case.id) if it.is_good(today)}
    return [key for key in found if machine_of(key) == step.kind and key not in good]


def _order(case: Case, step: AutomaticStep, key: str, today: date) -> Order | None:
    command = step.command(case, key, today)
    if command is None:
        return None
    version = case.instances[key].seen
    about = "\x1f".join((step.code, case.id, key, str(version)))
    return Order(
        id=f"automatic-{sha256(about.encode()).hexdigest()[:32]}",
        case=case.id,
        command=command,
        actor=worker_of(case.facts.organisation),
        office=Office.AUTOMATIC,
        on=(key,),
        expects={key: version},
    )


def _given(door: MediationService, step: AutomaticStep, order: Order, organisation: str, parked: list[Parked]) -> bool:
    """Whether an order went through; one that is refused is put aside."""
    enter_worker(door.store, organisation)
    try:
        door.submit(order)
    except TROUBLE:
        raise
    except MOVED:
        return False
    except MediationError as fault:
        parked.append(_parked(door, step, order.case, order.on[0], reason(fault)))
        return False
    return True


def reason(fault: MediationError) -> str:
    """Why an order was not carried out, without its name."""
    return "；".join(it.sentence for it in fault.refusals) if isinstance(fault, Refused) else fault.sentence


def worker_of(organisation: str) -> str:
    """As whom the worker acts in the cases of an organisation: nobody can sign in as it."""
    return f"automatic-{organisation}"


def enter_worker(store: Store, organisation: str) -> None:
    """Put the worker into the register where it is not there yet."""
    id = worker_of(organisation)
    with store.read() as unit:
        known = unit.register.actor(id)
    if known is None:
        offices = frozenset({Office.AUTOMATIC})
        with store.write() as unit:
            unit.register.put_actor(
                Actor(id=id, name=Office.AUTOMATIC.label, organisation=organisation, offices=offices)
            )


def _parked(door: MediationService, step: AutomaticStep, case: str, key: str, why: str) -> Parked:
    with door.store.read() as unit:
        return Parked(case=case, kind=step.code, instance=key, why=why, at=unit.now)
