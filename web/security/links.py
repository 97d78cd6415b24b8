"""Links: what somebody without an account comes in with, for one thing of one case.

The link says what it is for, the PIN who comes: six digits, told in person or by voice and shown once. The database has
digests of both, that of the PIN slow and under the room's key, since six digits are soon tried. Five wrong ones end it.
To look at the link uses nothing up, shows nothing, and tells nobody whether there is one. What it is for and to whom it
was issued are data: a kind says what may be done, and whether the case still bears it out.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from mediation_engine.domain.case import Case
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.encryption.room_key import RoomKey
from mediation_engine.errors import MediationError, SteppedBack
from mediation_engine.ids import Randomness, new_id
from mediation_engine.ports.links import MOST_WRONG, Link
from mediation_engine.ports.register import ERASED, Person
from mediation_engine.ports.store import Store, Unit

from .age import has_been
from .passwords import hashed, verified
from .throttle import TooManyTries, count, of_links, take_back
from .typed import as_meant

ABOUT = "links"
SECRET_BYTES = 32
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What short codes are made of: nothing that is taken for something else."""
SHORT = 8
DIGITS = 6
IDLE, LONGEST = timedelta(minutes=15), timedelta(minutes=30)
"""How long a browser that came in by a link may be away, and stay."""


class LinkShut(MediationError):
    """口令不对，或者这个链接已经用完、撤销、到期，或输错太多次锁住了。"""


class LinkNotFound(MediationError):
    """没有链接“{link}”；编号见 mediation access list 案件。"""


class LinkState(Labelled):
    """How a link stands, for the mediators of the case."""

    UNOPENED = "unopened", "未打开"
    OPENED = "opened", "已打开"
    USED = "used", "已使用"
    LOCKED = "locked", "输错口令锁住"
    EXPIRED = "expired", "已过期"
    REVOKED = "revoked", "已撤销"


DEAD = frozenset({LinkState.LOCKED, LinkState.EXPIRED, LinkState.REVOKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkKind:
    """What a link is for."""

    code: str
    label: str
    office: Office
    """Under which orders are given through it."""
    stands: Callable[[Case, Link, date], bool]
    """Whether the case still bears it out on a day."""
    has_code: bool = False
    """Whether it may be typed as a short code, where it cannot be opened, as in WeChat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A link as it was issued: what stands in it, the short code and the PIN are shown now, and never again."""

    link: Link
    secret: str
    pin: str
    code: str = ""


def state_of(link: Link, today: date) -> LinkState:
    """How a link stands."""
    if link.revoked is not None:
        return LinkState.REVOKED
    if link.is_locked:
        return LinkState.LOCKED
    if today > link.until:
        return LinkState.EXPIRED
    return LinkState.USED if link.used else LinkState.OPENED if link.opened else LinkState.UNOPENED


def key_of(secret: str) -> str:
    """What a secret is known by in the database. It is random: no salt is needed, nor slowness."""
    return sha256(secret.encode(errors="replace")).hexdigest()


def code_key(key: RoomKey, typed: str) -> str:
    """What a short code is known by in the database: without the room's key the few there are cannot be tried."""
    return key.index("link code", "".join(letter for letter in as_meant(typed).upper() if letter in LETTERS)).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedLink:
    """A link that was issued, to whom, and how it stands."""

    link: Link
    name: str
    """Of the person; empty where the register does not have it."""
    state: LinkState
    stands: bool
    """Whether the case still bears it out."""


def issued_in(store: Store, kind: LinkKind, case: Case, instance: str = "") -> list[IssuedLink]:
    """The links of a kind issued in a case, or for one instance of it, the latest first."""
    with store.read() as unit:
        day = today(unit)
        held = [it for it in reversed(unit.links.links(case.id)) if it.kind == kind.code]
        people = unit.register.people([it.person for it in held])
    return [
        IssuedLink(
            link=it,
            name=people[it.person].name if it.person in people else "",
            state=state_of(it, day),
            stands=kind.stands(case, it, day),
        )
        for it in held
        if instance in ("", it.instance)
    ]


def holder_in(unit: Unit, case: Case, by: Actor, id: str) -> Person | None:
    """To whom a link can be issued, by id in the register; None for nobody and for who was erased.

    SteppedBack where who is to issue it has withdrawn from the case.
    """
    if case.facts.has_stepped_back(by.id):
        raise SteppedBack
    person = unit.register.person(id)
    return None if person is None or person.name == ERASED else person


def issue(
    unit: Unit,
    randomness: Randomness,
    key: RoomKey,
    kind: LinkKind,
    *,
    case: str,
    instance: str,
    person: Person,
    by: Actor,
    until: date,
    texts: str | None = None,
    window: bool = False,
    organisation: str = "",
) -> Issued:
    """A new link; those issued before for the same are revoked, and who it is for can give orders from now on, as one
    of an organisation: that of who issues it, where no other is named."""
    for link in unit.links.links(case):
        if (link.kind, link.instance) == (kind.code, instance) and link.revoked is None:
            unit.links.put_link(replace(link, revoked=unit.now, session=None))
    known = unit.register.actor(person.id)
    offices = (known.offices if known else frozenset()) | {kind.office}
    host = organisation or by.organisation
    unit.register.put_actor(Actor(id=person.id, name=person.name, organisation=host, offices=offices))
    secret, id = urlsafe_b64encode(randomness(SECRET_BYTES)).decode().rstrip("="), new_id(randomness, 8)
    code = "".join(LETTERS[byte % len(LETTERS)] for byte in randomness(SHORT)) if kind.has_code else ""
    pin = f"{int.from_bytes(randomness(8)) % 10**DIGITS:0{DIGITS}d}"
    link = Link(
        id=id,
        key=key_of(secret),
        pin=hashed(_peppered(key, id, pin)),
        kind=kind.code,
        case=case,
        instance=instance,
        person=person.id,
        issued_by=by.id,
        issued=unit.now,
        until=until,
        code=code_key(key, code) if code else None,
        texts=texts,
        window=window,
    )
    unit.links.put_link(link)
    return Issued(link=link, secret=secret, pin=pin, code=code)


def come_in(store: Store, randomness: Randomness, key: RoomKey, opens: str, pin: str, address: str) -> tuple[Link, str]:
    """The link with a digest, and the secret of the browser that is in by it from now on. LinkShut, whatever is wrong.

    The try is counted before it is judged, and forgotten if it was right; the same is done where there is no link.
    What others type at the same address keeps out nobody who has a link: its own five tries bound it. Of what there is
    not so many are hashed, so that a flood of them takes the time of nobody else.
    """
    counted, within = of_links(address), True
    with store.write(ABOUT) as unit:
        try:
            count(unit, counted)
        except TooManyTries:
            within = False
        link = _counted(unit, opens)
    if link is None and not within:
        raise LinkShut
    link = _judged(key, link, pin)
    session = randomness(SECRET_BYTES).hex()
    with store.write(ABOUT) as unit:
        held = _held(unit, link)  # as it is now: it may have been revoked
        entered = with_session(replace(held, wrong=0), session, unit.now)
        unit.links.put_link(entered)
        if within:
            take_back(unit, counted)
    return entered, session


def with_session(link: Link, session: str, now: datetime) -> Link:
    """A link by which a browser is in from now on; one that was in before is not any more."""
    return replace(link, opened=link.opened or now, session=key_of(session), entered=now, seen=now)


def check_pin(store: Store, key: RoomKey, link: Link, pin: str, *, also: bool = True) -> None:
    """Ask for the PIN once more of a browser that is in; `also` is whether what else was asked is right. LinkShut.

    Wrong ones count as those at the door do, on the link alone: whoever is in has had a right one.
    """
    with store.write(ABOUT) as unit:
        found = _counted(unit, link.key)
    right = _judged(key, found, pin)
    if not also:
        raise LinkShut
    with store.write(ABOUT) as unit:
        unit.links.put_link(replace(_held(unit, right), wrong=0))


def _counted(unit: Unit, opens: str) -> Link | None:
    """The link with a digest that a PIN can be tried at, with the try counted; the same is done where there is none."""
    link = unit.links.link(opens)
    unit.links.count_try(opens, MOST_WRONG)
    return link if link is not None and link.pin and link.is_good(today(unit)) else None


def _judged(key: RoomKey, link: Link | None, pin: str) -> Link:
    """The link, if the PIN is right. LinkShut whatever is wrong, after the same work."""
    if not verified(link.pin if link else None, _peppered(key, link.id if link else "", as_meant(pin))) or link is None:
        raise LinkShut
    return link


def _held(unit: Unit, link: Link) -> Link:
    """A link as it is now. LinkShut where it was revoked meanwhile."""
    held = unit.links.link(link.key)
    if held is None or held.revoked is not None:
        raise LinkShut
    return held


def ask_for_call(store: Store, opens: str) -> None:
    """Note that whoever has a link with a digest asks to be called; nothing where there is none."""
    with store.write(ABOUT) as unit:
        found = unit.links.link(opens)
        if found is not None and found.revoked is None:
            unit.links.put_link(replace(found, called=unit.now))


def leave(store: Store, link: Link) -> None:
    """End the session of the browser that is in."""
    with store.write(ABOUT) as unit:
        held = unit.links.link(link.key)
        if held is not None:
            unit.links.put_link(replace(held, session=None))


def entered(unit: Unit, session: str) -> Link | None:
    """By which link a browser is in, as long as it is, and the link is good."""
    link = unit.links.link_of_session(key_of(session)) if session else None
    if link is None or state_of(link, today(unit)) in DEAD:
        return None
    return link if _is_fresh(link.seen, unit.now, IDLE) and _is_fresh(link.entered, unit.now, LONGEST) else None


def _is_fresh(moment: datetime | None, now: datetime, than: timedelta) -> bool:
    return moment is not None and has_been(moment, now) and now - moment < than


def stay(store: Store, link: Link, *, used: bool = False, phone: str | None = None) -> None:
    """Note that the browser that is in is still there, or has sent something, from which telephone."""
    with store.write(ABOUT) as unit:
        held = unit.links.link(link.key)
        if held is not None:
            unit.links.put_link(
                replace(held, seen=unit.now, used=unit.now if used else held.used, phone=phone or held.phone)
            )


def revoke(store: Store, by: str, id: str) -> Link:
    """End a link; once ended, always ended. LinkNotFound."""
    with store.write(ABOUT) as unit:
        unit.journal.by = by
        held = unit.links.link_named(id)
        if held is None:
            raise LinkNotFound(link=id)
        ended = replace(held, revoked=held.revoked or unit.now, session=None)
        unit.links.put_link(ended)
    return ended


def today(unit: Unit) -> date:
    """The day in China."""
    return unit.now.astimezone(CHINA).date()


def _peppered(key: RoomKey, id: str, pin: str) -> str:
    """A PIN as it is hashed: without the room's key the database is of no use for trying it."""
    return key.index("link pin", f"{id}\n{pin}").hex()
