"""当事人链接: a link, a short code and a PIN by which somebody confirms for a party, on a telephone or at the window.

Issued to whoever may settle for it: the party itself, or in a capacity. It ends by itself with that, with the text it
was issued over, and with the talks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from hashlib import sha256

from mediation_engine.domain.case import Case
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.people import PartyKind, PersonDetails
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.encryption.room_key import RoomKey
from mediation_engine.errors import BoxUnreadable, MediationError
from mediation_engine.ports.links import Link
from mediation_engine.ports.register import ERASED
from mediation_engine.services.mediation import MediationService
from mediation_engine.services.people import People
from workflows.facts import facts_of
from workflows.parts.authority import covers
from workflows.parts.confirmation import ConfirmOnline
from workflows.parts.states import CapacityState, ConfirmationState, PartyState

from . import links
from .links import Issued, LinkKind

LAST = 4
"""So many characters of the number of an identity card are asked for."""
WITHIN = timedelta(days=1)
"""Two parties who confirm on one telephone within this time share it."""


class PartyLinkUnfit(MediationError):
    """不能发给“{who}”：要是能自己签字的当事人本人，或者权限包括和解、还有效的代理人、代表；没有登记的请先登记代理与代表。"""


def principals(case: Case, instance: str) -> tuple[str, ...]:
    """The parties that a link is for: of a capacity, or the party itself; none where there is neither."""
    facts = facts_of(case)
    if instance in facts.parties:
        return (instance,)
    return facts.capacities[instance].principals if instance in facts.capacities else ()


def holder(case: Case, instance: str) -> str:
    """Who it is for: an id in the register."""
    facts = facts_of(case)
    return facts.parties[instance].person if instance in facts.parties else facts.capacities[instance].person


def texts_of(case: Case, instance: str) -> dict[str, tuple[str, ...]]:
    """The texts put to those parties that stand: by agreement, their confirmations."""
    own, found = principals(case, instance), dict[str, tuple[str, ...]]()
    for key, held in facts_of(case).confirmations.items():
        if held.party in own and not case.is_in(key, ConfirmationState.VOID):
            found[held.agreement] = (*found.get(held.agreement, ()), key)
    return found


def digest_of(case: Case, instance: str) -> str:
    """A digest of those texts: another as soon as one of them is changed."""
    held = facts_of(case).confirmations
    texts = sorted({held[key].text_hash for keys in texts_of(case, instance).values() for key in keys})
    return sha256("\n".join(texts).encode()).hexdigest()


def may_confirm(case: Case, instance: str, today: date) -> bool:
    """Whether who acts in a capacity, or a party itself, may settle on a day, with the case still open."""
    facts = facts_of(case)
    if facts.closed is not None or not principals(case, instance):
        return False
    if instance in facts.parties:
        fit = facts.parties[instance].kind is PartyKind.PERSON and not case.is_in(instance, PartyState.LEFT)
    else:
        fit = case.is_in(instance, CapacityState.STANDING)
    return fit and covers(case, instance, "", ConfirmOnline.name(), Occurred(today.isoformat())) is True


def able(case: Case, today: date) -> Iterator[str]:
    """To whom links can be issued: parties that act for themselves, and capacities."""
    facts = facts_of(case)
    return (key for key in (*facts.parties, *facts.capacities) if may_confirm(case, key, today))


def _stands(case: Case, link: Link, today: date) -> bool:
    fit = may_confirm(case, link.instance, today) and holder(case, link.instance) == link.person
    return fit and digest_of(case, link.instance) == link.texts


PARTY_LINK = LinkKind(code="party", label="当事人链接", office=Office.REPRESENTATIVE, stands=_stands, has_code=True)


def issue_for_party(
    door: MediationService, key: RoomKey, by: Actor, case_id: str, instance: str, days: int, *, window: bool = False
) -> Issued:
    """A link for somebody who may confirm, good for some days; those before it are revoked. PartyLinkUnfit,
    SteppedBack."""
    case = door.case(case_id)
    with door.store.write(links.ABOUT) as unit:
        unit.journal.by = by.id
        day = links.today(unit)
        fit = may_confirm(case, instance, day)
        person = links.holder_in(unit, case, by, holder(case, instance)) if fit else None
        if person is None:
            raise PartyLinkUnfit(who=instance)
        return links.issue(
            *(unit, door.randomness, key, PARTY_LINK),
            case=case_id,
            instance=instance,
            person=person,
            by=by,
            until=day + timedelta(days=0 if window else days),
            texts=digest_of(case, instance),
            window=window,
        )


def last_four(door: MediationService, people: People, link: Link) -> str:
    """The last characters of the number of whoever has a link, where the register has one; else nothing."""
    with door.store.read() as unit, suppress(BoxUnreadable):
        person = unit.register.person(link.person)
        details = people.details(unit, person) if person is not None and person.name != ERASED else None
        if isinstance(details, PersonDetails) and details.number:
            return details.number[-LAST:].upper()
    return ""


def phone_key(key: RoomKey, mark: str) -> str:
    """What a telephone is known by: nothing of it can be made out without the room's key."""
    return key.index("telephone", mark).hex()


def is_shared(door: MediationService, case: Case, link: Link, phone: str) -> bool:
    """Whether another party has sent something from the same telephone within a day; never on the room's own device."""
    if link.window:
        return False
    own = set(principals(case, link.instance))
    with door.store.read() as unit:
        others = [it for it in unit.links.links(case.id) if it.kind == PARTY_LINK.code and it.phone == phone]
        since = unit.now - WITHIN
    return any(own.isdisjoint(principals(case, it.instance)) and it.used and it.used > since for it in others)
