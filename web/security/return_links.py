"""月报链接: a link by which the committee of an enterprise reports its months, for itself alone."""

from __future__ import annotations

from datetime import date, timedelta

from mediation_engine.domain.case import Case
from mediation_engine.domain.roles import Actor, Level, Office, Organisation
from mediation_engine.encryption.room_key import RoomKey
from mediation_engine.errors import MediationError, OutsideOwnRemit
from mediation_engine.ports.links import Link
from mediation_engine.ports.register import ERASED
from mediation_engine.ports.store import Unit
from mediation_engine.services.authorization import is_within
from mediation_engine.services.mediation import MediationService

from . import links
from .links import Issued, LinkKind

DAYS = 400
"""A link is good for a year and the month after it (policy): a committee keeps it beside its papers."""


class NoContact(MediationError):
    """“{name}”还没有写联系人，或者不是企业的调委会，不能发月报链接。"""


def _stands(_case: Case, _link: Link, _today: date) -> bool:
    """No case bears it out: it is an organisation's."""
    return True


RETURN_LINK = LinkKind(code="return", label="月报链接", office=Office.COMMITTEE, stands=_stands, has_code=True)


def issue_for_return(door: MediationService, key: RoomKey, by: Actor, organisation: str) -> Issued:
    """A link for the contact of a committee; the one before it is revoked. NoContact, OutsideOwnRemit."""
    with door.store.write(links.ABOUT) as unit:
        held = unit.register.organisation(organisation)
        if held is None or not is_within(unit.register, held.id, by.organisation):
            raise OutsideOwnRemit(actor=by.name)
        person = unit.register.person(held.contact) if held.contact and _reports(held, unit) else None
        if person is None or person.name == ERASED:
            raise NoContact(name=held.name)
        unit.journal.by = by.id
        return links.issue(
            unit,
            door.randomness,
            key,
            RETURN_LINK,
            case="",
            instance=held.id,
            person=person,
            by=by,
            until=links.today(unit) + timedelta(days=DAYS),
            organisation=held.id,
        )


def _reports(held: Organisation, unit: Unit) -> bool:
    return held.level is Level.ENTERPRISE and held.is_active(links.today(unit))


def committee_of(unit: Unit, link: Link) -> Organisation | None:
    """The committee a link is for; None where somebody else answers for it now. One that is dissolved still reports the
    months in which it was there."""
    held = unit.register.organisation(link.instance)
    if held is None or held.contact != link.person:
        return None
    return held
