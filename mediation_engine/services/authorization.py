"""May this person: offices held, the organisation's reach. Asked by the door.

For whom a representative may act is a rule, decided with the order: `Workflow.authority`.
"""

from __future__ import annotations

from ..domain.case import Case
from ..domain.formatting import CHINA
from ..domain.guard import Refusal
from ..domain.machine import T
from ..domain.order import Order
from ..domain.roles import OWN_ONLY, Actor, LeadAct, Office, Substitution, offices_of, standing_for
from ..domain.workflow import Workflow
from ..errors import ActorNotFound, CommandNotAllowed, OfficeNotHeld, OutsideOwnRemit
from ..ports.register import Person, Register
from ..ports.store import Unit

READERS = frozenset({Office.MEDIATOR, Office.LEAD, Office.AUDITOR})
"""Offices that may look at whole cases; what was said in private is kept from the auditor besides."""


def acting(
    unit: Unit, actor: Actor | None, order: Order, workflow: Workflow | None, case: Case
) -> tuple[Actor, str | None]:
    """Who gives the order, holding the office it is given under, and the substitution by which it is held, if any.

    ActorNotFound, OfficeNotHeld; CommandNotAllowed where a substitution stands and does not cover the act.
    """
    known = _active(actor, order.actor)
    if order.office in known.offices:
        return known, None
    standing = _held_by(unit, known) if order.office is Office.LEAD else []
    if not standing:
        raise OfficeNotHeld(actor=known.name, office=order.office.label)
    covering = [s for s in standing if _covers(s, order, workflow, case)]
    if not covering:
        acts = "、".join(act.label for act in LeadAct if any(act in s.acts for s in standing))
        sentence = f"代行的职务只有：{acts}；这一步请以调解员办理，或由室主任本人办理"
        raise CommandNotAllowed([Refusal("not_covered", sentence)], command=order.command.name())
    return known, covering[0].id


def _covers(substitution: Substitution, order: Order, workflow: Workflow | None, case: Case) -> bool:
    """Whether it covers a command, and the setting aside of rules where there is any.

    A step that every mediator may take is the substitute's own; setting a rule aside for it is the lead's.
    """
    if order.waives and LeadAct.WAIVE not in substitution.acts:
        return False
    if acts := order.command.acts_in(case):
        return not acts.isdisjoint(substitution.acts)
    machines = workflow.machines.values() if workflow else ()
    rows = (r for m in machines for r in m.rows if isinstance(r, T) and r.command is type(order.command))
    return bool(order.waives) and any(Office.MEDIATOR in row.by for row in rows)


def holding(unit: Unit, actor_id: str, office: Office) -> Actor:
    """An active actor who holds an office, be it in the place of the lead. ActorNotFound, OfficeNotHeld."""
    known = _active(unit.register.actor(actor_id), actor_id)
    if office not in known.offices and not (office is Office.LEAD and substitutions_of(unit, known)):
        raise OfficeNotHeld(actor=known.name, office=office.label)
    return known


def lead_himself(unit: Unit, actor_id: str) -> Actor:
    """The lead, for what is no order: nobody does that in his place. ActorNotFound, OfficeNotHeld."""
    known = _active(unit.register.actor(actor_id), actor_id)
    if Office.LEAD not in known.offices:
        raise OfficeNotHeld(actor=known.name, office=Office.LEAD.label)
    return known


def substitutions_of(unit: Unit, actor: Actor) -> list[Substitution]:
    """By which somebody stands in for the lead today."""
    return [it for it in _held_by(unit, actor) if it.is_at_desk]


def may_accept_small(unit: Unit, actor: Actor) -> bool:
    """Whether somebody may accept small disputes today: the lead, and to whom the lead has given that."""
    acts = {act for it in _held_by(unit, actor) for act in it.acts}
    return Office.LEAD in actor.offices or not acts.isdisjoint({LeadAct.ACCEPT, LeadAct.ACCEPT_SMALL})


def _held_by(unit: Unit, actor: Actor) -> list[Substitution]:
    """Those that somebody holds today."""
    if Office.LEAD in actor.offices or Office.MEDIATOR not in actor.offices:
        return []
    return standing_for(unit.substitutions.substitutions(), actor, unit.now.astimezone(CHINA).date())


def offices_today(unit: Unit, actor: Actor) -> list[Office]:
    """The offices somebody may act under today: his own, and that of the lead while he stands in."""
    held = offices_of(actor)
    return [*held, Office.LEAD] if substitutions_of(unit, actor) else held


def _active(actor: Actor | None, actor_id: str) -> Actor:
    if actor is None or not actor.active:
        raise ActorNotFound(actor=actor_id)
    return actor


LOOKERS = READERS | OWN_ONLY
"""Offices that may look at a case at all: at each of their organisation, or at those that are their own."""


def check_remit(register: Register, actor: Actor, case: Case, order: Order) -> None:
    """Staff act for their organisation and those below it, some only in their own; OutsideOwnRemit otherwise."""
    organisation = case.facts.organisation or getattr(order.command, "organisation", actor.organisation)
    if order.office is not Office.REPRESENTATIVE and not is_within(register, organisation, actor.organisation):
        raise OutsideOwnRemit(actor=actor.name)
    if case.version:
        check_concerned(actor, order.office, case)


def check_concerned(actor: Actor, office: Office, case: Case) -> None:
    """OutsideOwnRemit where an office sees only what is its own, and a case is not."""
    if office in OWN_ONLY and not case.facts.concerns(actor.id):
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
