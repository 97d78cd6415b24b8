"""申请: sent by anybody, within limits; a receipt with a code by which whoever sent it asks how it stands.

The code follows from the case under the room's key: so it is the same when an application is sent twice, and can be
given out again at the window; the database has a digest of it alone. It shows how the application stands, and nothing
else: no order can be given by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta

from mediation_engine.domain.case import Case
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import DETAILS, Details
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.encryption.room_key import RoomKey
from mediation_engine.errors import MediationError
from mediation_engine.ids import Randomness, new_id
from mediation_engine.ports.accounts import Tries
from mediation_engine.ports.links import Link
from mediation_engine.ports.register import Entered, Person
from mediation_engine.ports.store import Store
from mediation_engine.services.exhibits import ExhibitService
from mediation_engine.services.mediation import MediationService
from mediation_engine.services.people import People
from workflows.facts import facts_of

from ..config import ApplicationSettings
from . import links
from .links import ABOUT, LETTERS, SECRET_BYTES, SHORT, LinkKind, LinkState, code_key, key_of, state_of
from .throttle import Allowance, TooManyTries, count, give_back, network_of, of_codes, spend, take_back

GOOD_FOR = timedelta(days=365)
"""So long a code shows how an application stands."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class CodeUnknown(MediationError):
    """没有查到。请照回执核对八位字母和数字再输；试得太多次的，过半小时再试。"""


def _stands(case: Case, _link: Link, _today: date) -> bool:
    return facts_of(case).submitted is not None


APPLICATION = LinkKind(code="application", label="申请回执", office=Office.APPLICANT, stands=_stands, has_code=True)


def code_of(key: RoomKey, case: str) -> str:
    """The code on the receipt of an application."""
    return "".join(LETTERS[byte % len(LETTERS)] for byte in key.index("application code", case)[:SHORT])


def shown(code: str) -> str:
    """A code in two halves, to be copied down."""
    return f"{code[: SHORT // 2]} {code[SHORT // 2 :]}"


# -- sent


@contextmanager
def counted(
    store: Store, settings: ApplicationSettings, key: RoomKey, case: str, address: str, browser: str, phone: str
) -> Iterator[None]:
    """Count an application against all limits, and send it. NothingLeft.

    What comes twice counts once, be it at the same moment; what could not be sent is given back. Behind one address
    there may be a whole factory; one browser or one telephone is one person's, or a few people's.
    """
    network, mark = network_of(address), f"applied:case:{case}"
    wanted = [
        Allowance(f"applied:hour:{network}", settings.address_an_hour, HOUR),
        Allowance(f"applied:day:{network}", settings.address_a_day, DAY),
        Allowance("applied:all", settings.all_a_day, DAY),
    ]
    if browser:
        wanted.append(Allowance(f"applied:browser:{_digest(key, browser)}", settings.browser_an_hour, HOUR))
    if phone:
        wanted.append(Allowance(f"applied:phone:{_digest(key, phone)}", settings.phone_a_day, DAY))
    with store.write(ABOUT) as unit:
        is_first = unit.accounts.tries(mark) is None and not unit.record.orders(case)
        if is_first:
            spend(unit, *wanted)
            unit.accounts.put_tries(Tries(key=mark, failed=1, last=unit.now))
    try:
        yield
    except MediationError:
        with suppress(MediationError), store.write(ABOUT) as unit:
            if is_first and not unit.record.orders(case):
                give_back(unit, *wanted)
                unit.accounts.forget_tries(mark)
        raise


def spend_on_upload(store: Store, settings: ApplicationSettings, address: str) -> None:
    """Count a long body that comes before anybody knows what is in it. NothingLeft."""
    with store.write(ABOUT) as unit:
        spend(unit, Allowance(f"applied:upload:{network_of(address)}", settings.address_an_hour, HOUR))


def _digest(key: RoomKey, text: str) -> str:
    return key.index("applied from", text).hex()


def entered_with(people: People, some: Iterable[tuple[Person, Details]]) -> list[Entered]:
    """Those who are named, to come into the register with the order; with what is known of them, sealed."""
    return [
        people.sealed(person, details)
        if details != DETAILS[person.kind]()
        else Entered(person=person, key=None, found=frozenset())
        for person, details in some
    ]


def send(
    door: MediationService,
    key: RoomKey,
    order: Order,
    entered: Sequence[Entered],
    *,
    exhibits: ExhibitService | None = None,
    contents: Sequence[bytes] = (),
) -> Link:
    """Carry out the order of an application, and keep what its code is known by: that link.

    Who applies comes among those who act in the transaction of the order: under his own name he gives this one.

    Raises ExhibitUnfit for a file that is not to be kept, and what the door raises.
    """
    applicant, organisation = entered[0].person, order.command.organisation  # type: ignore[attr-defined]
    acts = Actor(id=applicant.id, name=applicant.name, organisation=organisation, offices=frozenset({Office.APPLICANT}))
    entered = [replace(entered[0], acts=acts), *entered[1:]]
    if contents and exhibits is not None:
        receipt = exhibits.file(order, contents, entered)
    else:
        receipt = door.submit(order, entered=entered)
    return keep_code(door, key, receipt.case, applicant.id, order.actor)


def keep_code(door: MediationService, key: RoomKey, case: str, applicant: str, by: str) -> Link:
    """What the code of an application is known by; made once."""
    with door.store.write(ABOUT) as unit:
        unit.journal.by = by
        held = next((it for it in unit.links.links(case) if it.kind == APPLICATION.code), None)
        if held is not None:
            return held
        link = Link(
            id=new_id(door.randomness, 8),
            key=key_of(door.randomness(SECRET_BYTES).hex()),
            pin="",
            kind=APPLICATION.code,
            case=case,
            instance="party/1",
            person=applicant,
            issued_by=by,
            issued=unit.now,
            until=links.today(unit) + GOOD_FOR,
            code=code_key(key, code_of(key, case)),
            window=by != applicant,
        )
        unit.links.put_link(link)
        return link


# -- asked about


def come_in(store: Store, randomness: Randomness, key: RoomKey, typed: str, address: str) -> tuple[Link, str]:
    """The link with a code, and the secret of the browser that is in by it. CodeUnknown, whatever is wrong.

    The try is counted before it is judged, and forgotten if it was right.
    """
    counted, is_counted = of_codes(address), True
    with store.write(ABOUT) as unit:
        try:
            count(unit, counted)
        except TooManyTries:
            is_counted = False
        link = unit.links.link(code_key(key, typed))
        today = links.today(unit)
    if link is None or not is_counted or link.kind != APPLICATION.code:
        raise CodeUnknown
    if state_of(link, today) in (LinkState.REVOKED, LinkState.EXPIRED):
        raise CodeUnknown
    with store.write(ABOUT) as unit:
        take_back(unit, counted)
    return link, let_in(store, randomness, link)


def let_in(store: Store, randomness: Randomness, link: Link) -> str:
    """The secret of a browser that is in from now on."""
    session = randomness(SECRET_BYTES).hex()
    with store.write(ABOUT) as unit:
        held = unit.links.link(link.key) or link
        unit.links.put_link(links.with_session(held, session, unit.now))
    return session
