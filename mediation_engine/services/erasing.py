"""Somebody is erased: from the register, and with what lies in cases and is only theirs."""

from __future__ import annotations

from ..domain.erasing import ErasureGround
from ..domain.fields import Text
from ..domain.order import Order
from ..domain.roles import Actor, Office
from ..ids import new_id
from ..ports.register import Erasure
from .mediation import MediationService
from .people import People


def erase_person(
    door: MediationService, people: People, actor: Actor, id: str, *, ground: ErasureGround, basis: str, reason: str
) -> tuple[Erasure, int]:
    """Erase somebody, and their files case by case, each by an order; how many files those were.

    Who is erased already stays so: where it was broken off, the rest follows. Refuses as `People.erase` does, before
    anything is gone.
    """
    cases = [row.case for row in people.known(actor, id).cases]
    said = people.erase(actor, id, ground=ground, basis=basis, reason=reason)
    files = 0
    for name in cases:
        case = door.case(name)
        keys, erasing = case.facts.files_of(id), door.catalogue.in_force(case.rules).erasing
        if keys and erasing is not None:
            command = erasing(keys, ground, Text(basis), Text(reason))
            order = Order(
                id=new_id(door.randomness, 16), case=name, command=command, actor=actor.id, office=Office.LEAD
            )
            door.submit(order)
            files += len(keys)
    return said, files
