"""The orders by which a colleague's cases are handed over."""

from __future__ import annotations

from collections.abc import Callable

from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Office
from mediation_engine.services.handover import Led
from workflows.parts.assignment import HandOverAssignment


def ordering(to: str, note: str, actor: str, office: Office) -> Callable[[Led], Order]:
    """What makes the order of each case: repeated it is the same order, and has the same answer."""

    def order(led: Led) -> Order:
        return Order(
            id=f"handover:{led.key.replace('/', '-')}:{to}"[:64],
            case=led.case,
            command=HandOverAssignment(to=to, note=Text(note) if note else None),
            actor=actor,
            office=office,
            on=(led.key,),
            expects={led.key: led.seen},
        )

    return order
