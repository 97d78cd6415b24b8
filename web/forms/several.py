"""The same step for several at once: an order for each, as though it had been given on a form of its own."""

from __future__ import annotations

from dataclasses import replace

from mediation_engine.domain.order import Order

from .companions import LONGEST_ID, Given
from .step_form import Step, order_of


def for_several(step: Step, given: Given, actor: str) -> Given:
    """What a form comes to, with an order for each of the others that are ticked. FormFaults."""
    others = [*step.for_others()]
    orders = [_order_for(it, actor) for it in others]
    first, *beside = given.orders
    by_first, *by_beside = given.by
    return replace(given, orders=(first, *orders, *beside), by=(by_first, *others, *by_beside))


def _order_for(step: Step, actor: str) -> Order:
    """The order for one; sent again, it has the same id."""
    order, _ = order_of(step, actor)
    return replace(order, id=f"{order.id[:LONGEST_ID]}.{step.typed[step.whom].replace('/', '-')}"[:64])
