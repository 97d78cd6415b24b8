"""走访链接: a link by which a grid worker without an account records one visit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from mediation_engine.domain.case import Case
from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Order, Receipt
from mediation_engine.domain.people import PersonDetails, Phone
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.encryption.room_key import RoomKey
from mediation_engine.errors import FormFaults, MediationError
from mediation_engine.input.identity_numbers import read_phone
from mediation_engine.ports.links import Link
from mediation_engine.ports.register import Entered, Person
from mediation_engine.services.mediation import MediationService
from mediation_engine.services.people import People
from workflows.facts import facts_of
from workflows.parts.states import VisitState

from . import links
from .links import Issued, LinkKind


class LinkUnfit(MediationError):
    """这次走访没有委托给谁，或已经不用去了，不能发链接。"""


def _stands(case: Case, link: Link, _today: date) -> bool:
    """Whether the visit is still to be made, and entrusted to whom the link was issued to."""
    visit = facts_of(case).visits.get(link.instance)
    return visit is not None and visit.entrusted == link.person and case.is_in(link.instance, VisitState.ENTRUSTED)


VISIT_LINK = LinkKind(code="visit", label="走访链接", office=Office.VISITOR, stands=_stands)
PHONE = "phone"
"""What a form calls the number of whom a visit is entrusted to."""


def with_phone(people: People, new: Sequence[Person], phone: str) -> list[Entered]:
    """People with the number that was typed for them; FormFaults under `phone` where it is none."""
    read = read_phone(phone)
    if read.fault or not read.number:
        raise FormFaults({PHONE: [read.fault or "请填写电话"]})
    details = PersonDetails(phones=(Phone(number=Text(read.number)),))
    return [people.sealed(person, details) for person in new]


def issue_for_visit(door: MediationService, key: RoomKey, by: Actor, case_id: str, visit: str, days: int) -> Issued:
    """A link for whom a visit is entrusted to, good until some days after the visit; the one before it is revoked.

    LinkUnfit; SteppedBack.
    """
    case = door.case(case_id)
    held = facts_of(case).visits.get(visit)
    if held is None or held.entrusted is None or not case.is_in(visit, VisitState.ENTRUSTED):
        raise LinkUnfit
    with door.store.write(links.ABOUT) as unit:
        unit.journal.by = by.id
        person = links.holder_in(unit, case, by, held.entrusted)
        if person is None:
            raise LinkUnfit
        last = max(held.due or links.today(unit), links.today(unit)) + timedelta(days=days)
        return links.issue(
            *(unit, door.randomness, key, VISIT_LINK),
            case=case_id,
            instance=visit,
            person=person,
            by=by,
            until=last,
        )


def withdraw(door: MediationService, order: Order) -> Receipt:
    """Take a visit back from whom it was entrusted to; the links for it are revoked."""
    receipt = door.submit(order)
    with door.store.read() as unit:
        standing = [it for it in unit.links.links(order.case) if it.instance in order.on and it.revoked is None]
    for link in standing:
        links.revoke(door.store, order.actor, link.id)
    return receipt
