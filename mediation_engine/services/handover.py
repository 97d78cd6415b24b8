"""All open cases of a colleague handed over at once: an order a case, each with what came of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from ..domain.order import Order
from ..errors import MediationError
from ..ports.views import Wanted
from .mediation import MediationService

MOST = 200
"""So many cases are handed over at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Led:
    """A case that somebody leads, as it was looked at."""

    case: str
    key: str
    """The instance by which he leads it."""
    seen: int
    """The version of that instance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of handing one case over."""

    case: str
    why_not: str = ""
    """Why it stays as it was; empty where it was handed over."""


def led_by(
    service: MediationService, staff: str, organisations: Collection[str], *, after: str = "", most: int = MOST
) -> list[Led]:
    """The open cases of some organisations that a member of staff (id) leads, by id, from the one after `after`."""
    wanted = Wanted(organisations=organisations, closed=False, mediator=staff)
    with service.store.read() as unit:
        rows = unit.views.search(wanted, after=after, most=most)
    return [led for row in rows if (led := _led(service, row.case, staff))]


def _led(service: MediationService, case_id: str, staff: str) -> Led | None:
    case = service.case(case_id)
    key = case.facts.leading()
    if key is None or case.facts.lead_mediator() != staff:  # the list may be older than the case
        return None
    return Led(case=case_id, key=key, seen=case.instances[key].seen)


def hand_over(service: MediationService, cases: Iterable[Led], order: Callable[[Led], Order]) -> Iterator[Outcome]:
    """Give the order of each case. What fails in one is told, and the others go on."""
    for led in cases:
        try:
            service.submit(order(led))
            yield Outcome(case=led.case)
        except MediationError as fault:
            yield Outcome(case=led.case, why_not=fault.sentence)
