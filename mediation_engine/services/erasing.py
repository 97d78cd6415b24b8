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
    anything is gone; RulesNotInForce where one of the cases is under rules that are not installed.
    """
    wanted = {}
    for row in people.known(actor, id).cases:
        case = door.case(row.case)
        if (keys := case.facts.files_of(id)) and (erasing := door.catalogue.in_force(case.rules).erasing):
            wanted[row.case] = keys, erasing(keys, ground, Text(basis), Text(reason))
    said = people.erase(actor, id, ground=ground, basis=basis, reason=reason)
    for name, (_, command) in wanted.items():
        new = new_id(door.randomness, 16)
        door.submit(Order(id=new, case=name, command=command, actor=actor.id, office=Office.LEAD))
    return said, sum(len(keys) for keys, _ in wanted.values())
