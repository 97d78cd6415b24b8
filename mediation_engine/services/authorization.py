"""May this person: offices held, the organisation's reach. Asked by the door.

For whom a representative may act is a rule, decided with the order: `Workflow.authority`.
"""

from __future__ import annotations

from ..domain.case import Case
from ..domain.order import Order
from ..domain.roles import Actor, Office
from ..errors import ActorNotFound, OfficeNotHeld, OutsideOwnRemit
from ..ports.register import Person, Register

READERS = frozenset({Office.MEDIATOR, Office.LEAD, Office.AUDITOR})
"""Offices that may look at whole cases; what was said in private is kept from the auditor besides."""


def acting(actor: Actor | None, order: Order) -> Actor:
    """Who gives the order, holding the office it is given under. ActorNotFound, OfficeNotHeld."""
    return _holding(actor, order.actor, order.office)


def holding(register: Register, actor_id: str, office: Office) -> Actor:
    """An active actor who holds an office. ActorNotFound, OfficeNotHeld."""
    return _holding(register.actor(actor_id), actor_id, office)


def _holding(actor: Actor | None, actor_id: str, office: Office) -> Actor:
    if actor is None or not actor.active:
        raise ActorNotFound(actor=actor_id)
    if office not in actor.offices:
        raise OfficeNotHeld(actor=actor.name, office=office.label)
    return actor


def check_remit(register: Register, actor: Actor, case: Case, order: Order) -> None:
    """Staff act for their organisation and those below it; OutsideOwnRemit otherwise."""
    organisation = case.facts.organisation or getattr(order.command, "organisation", actor.organisation)
    if order.office is not Office.REPRESENTATIVE and not is_within(register, organisation, actor.organisation):
        raise OutsideOwnRemit(actor=actor.name)


def check_own(register: Register, actor: Actor, person: Person) -> None:
    """Staff know the people of their organisation and those below it. OutsideOwnRemit otherwise."""
    if not person.organisation or not is_within(register, person.organisation, actor.organisation):
        raise OutsideOwnRemit(actor=actor.name)


def reach(register: Register, ancestor: str) -> frozenset[str]:
    """An organisation and all below it."""
    organisations = register.organisations()
    below, found = {ancestor}, {ancestor}
    while below:
        below = {o.id for o in organisations if o.parent in below} - found
        found |= below
    return frozenset(found)


def is_within(register: Register, organisation: str, ancestor: str) -> bool:
    """Whether an organisation is another or lies below it in the tree."""
    seen: set[str] = set()
    current: str | None = organisation
    while current and current not in seen:
        if current == ancestor:
            return True
        seen.add(current)
        held = register.organisation(current)
        current = held.parent if held else None
    return False
