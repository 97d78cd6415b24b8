"""One throttle for whatever can be guessed, such as passwords, codes, tokens; and for what anybody may send.

Tries are counted in the database, with many servers as with one, and before they are judged. Whoever guesses must not
lock out those who know:

- in a browser where somebody has signed in before, only the tries of that browser count for that account;
- in any other, those for this account from this address; more of them, for this account from everywhere; and, slower
  but without end, those from this address. So a bad neighbour costs a new browser a little patience, a known one none.

What anybody may send has allowances, regained evenly: much from one address, behind which a whole factory may be,
little from one browser or telephone number. An address is that of a household or a room: see `network_of`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256
from ipaddress import AddressValueError, IPv6Address, IPv6Network

from mediation_engine.errors import MediationError
from mediation_engine.ports.accounts import Tries
from mediation_engine.ports.store import Unit

from .age import has_been

FORGET = timedelta(days=1)


class TooManyTries(MediationError):
    """连续输错次数过多，请 {minutes} 分钟后再试，或找管理员解锁。"""

    def __init__(self, wait: timedelta) -> None:
        self.seconds = -(-wait // timedelta(seconds=1))
        super().__init__(minutes=-(-wait // timedelta(minutes=1)))


@dataclass(frozen=True, slots=True)
class Bound:
    """So many may fail; then there is a lock, longer with every one that fails after it."""

    free: int
    first: timedelta
    longest: timedelta
    regained: timedelta | None = None
    """After how long one more is free again, where it is not all at once when they are forgotten."""
    forgotten: timedelta = FORGET


QUARTER, HOUR, TEN_MINUTES = timedelta(minutes=15), timedelta(hours=1), timedelta(minutes=10)
HALF_A_MINUTE = timedelta(seconds=30)


class Kind(Enum):
    """What tries are counted under."""

    DEVICE = "device"
    """An account, in a browser where it has been signed in to before."""
    NEW_DEVICE = "new device"
    """An account, from one address, in other browsers."""
    ACCOUNT = "account"
    """An account, from all addresses, in other browsers."""
    ADDRESS = "address"
    """All accounts, from one address, in other browsers."""
    SIGNED_IN = "signed in"
    """One's own password, or first code, asked of somebody who is in."""
    TOKEN = "token"
    """Tokens that are none, from one address; a good one is never kept out."""
    CODE = "code"
    """Codes of receipts, from one address."""
    LINK = "link"
    """Links and PINs, from one address; a link that is good is never kept out."""


BOUNDS = {
    Kind.DEVICE: Bound(5, QUARTER, HOUR),
    Kind.NEW_DEVICE: Bound(5, QUARTER, HOUR),
    Kind.ACCOUNT: Bound(20, QUARTER, HOUR),
    Kind.ADDRESS: Bound(60, HALF_A_MINUTE, HALF_A_MINUTE, regained=HALF_A_MINUTE),
    Kind.SIGNED_IN: Bound(5, QUARTER, HOUR),
    Kind.TOKEN: Bound(30, TEN_MINUTES, TEN_MINUTES, forgotten=TEN_MINUTES),
    Kind.CODE: Bound(60, HALF_A_MINUTE, HALF_A_MINUTE, regained=HALF_A_MINUTE),
    Kind.LINK: Bound(60, HALF_A_MINUTE, HALF_A_MINUTE, regained=HALF_A_MINUTE),
}
SHARED = frozenset({Kind.ACCOUNT, Kind.ADDRESS, Kind.CODE, Kind.LINK})
"""Others count there, too: who was right takes back only what he added."""


@dataclass(frozen=True, slots=True)
class Key:
    """Something that tries are counted under."""

    kind: Kind
    text: str


HOUSEHOLD = 64
"""So many bits of an address of IPv6 are those of a household; the rest any device in it chooses for itself."""


def network_of(address: str) -> str:
    """What tries from an address are counted under: of IPv6 the household, and of IPv4 the address however written."""
    try:
        found = IPv6Address(address.partition("%")[0])
    except AddressValueError:
        return address
    return str(found.ipv4_mapped or IPv6Network((int(found), HOUSEHOLD), strict=False))


def of_sign_in(name: str, address: str, device: str = "") -> tuple[Key, ...]:
    """What a sign-in is counted under; `device` is the id of a browser where this account has been signed in to."""
    account = _account(name)
    if device:
        return (Key(Kind.DEVICE, f"{account}:device:{device}"),)
    network = network_of(address)
    return (
        Key(Kind.NEW_DEVICE, f"{account}:from:{network}"),
        Key(Kind.ACCOUNT, account),
        Key(Kind.ADDRESS, f"address:{network}"),
    )


def of_signed_in(name: str) -> Key:
    """What is counted of somebody who is in."""
    return Key(Kind.SIGNED_IN, f"{_account(name)}:in")


def of_tokens(address: str) -> Key:
    """What tokens from an address are counted under."""
    return Key(Kind.TOKEN, f"token:{network_of(address)}")


def of_codes(address: str) -> Key:
    """What codes of receipts from an address are counted under."""
    return Key(Kind.CODE, f"receipt code:{network_of(address)}")


def of_links(address: str) -> Key:
    """What links and PINs from an address are counted under."""
    return Key(Kind.LINK, f"link:{network_of(address)}")


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many of something may be sent in some time; what was sent is regained one by one, evenly."""

    key: str
    """What it is counted under."""
    most: int
    per: timedelta

    @property
    def each(self) -> timedelta:
        """After how long one more may be sent."""
        return self.per / self.most


class NothingLeft(MediationError):
    """现在收到的太多，{minutes} 分钟后再试。"""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(minutes=-(-wait // timedelta(minutes=1)))


def spend(unit: Unit, *allowances: Allowance) -> None:
    """Count one thing sent under each of some allowances. NothingLeft, and nothing counted, where one is used up."""
    now, counted = unit.now, list[Tries]()
    for it in allowances:
        used, since = _used(it, unit.accounts.tries(it.key), now)
        if used >= it.most:
            raise NothingLeft(since + it.each - now)
        counted.append(Tries(key=it.key, failed=used + 1, last=since))
    for tries in counted:
        unit.accounts.put_tries(tries)
    unit.accounts.forget_older_tries(now - FORGET)


def give_back(unit: Unit, *allowances: Allowance) -> None:
    """It was not sent after all: one thing less is counted under each of some allowances."""
    for it in allowances:
        used, since = _used(it, unit.accounts.tries(it.key), unit.now)
        if used:
            unit.accounts.put_tries(Tries(key=it.key, failed=used - 1, last=since))


def _used(allowance: Allowance, tries: Tries | None, now: datetime) -> tuple[int, datetime]:
    """How much of it is used, and since when the next one is regained; nothing where the clock was put back since."""
    if tries is None or not has_been(tries.last, now):
        return 0, now
    regained = max((now - tries.last) // allowance.each, 0)
    return (0, now) if regained >= tries.failed else (tries.failed - regained, tries.last + regained * allowance.each)


def _account(name: str) -> str:
    """How all keys of an account begin: whatever was typed as a name is not kept."""
    return f"account:{sha256(name.encode(errors='replace')).hexdigest()}"


def count(unit: Unit, *keys: Key) -> None:
    """Count a try under each key. TooManyTries where so many failed before that it is not even judged."""
    now = unit.now
    counted = [(key, unit.accounts.tries(key.text)) for key in keys]
    until = max((_locked_until(BOUNDS[key.kind], tries, now) or now for key, tries in counted), default=now)
    if until > now:
        raise TooManyTries(until - now)
    for key, tries in counted:
        failed = _failed(BOUNDS[key.kind], tries, now)
        unit.accounts.put_tries(Tries(key=key.text, failed=failed + 1, last=now))
    unit.accounts.forget_older_tries(now - FORGET)


def take_back(unit: Unit, *keys: Key) -> None:
    """It was right: what is one's own begins anew, what is shared is one less."""
    for key in keys:
        tries = unit.accounts.tries(key.text)
        if key.kind not in SHARED:
            unit.accounts.forget_tries(key.text)
        elif tries:
            unit.accounts.put_tries(replace(tries, failed=max(tries.failed - 1, 0)))


def unlock(unit: Unit, name: str) -> None:
    """Forget all that was counted of an account."""
    unit.accounts.forget_tries(*(tries.key for tries in unit.accounts.tries_of(_account(name))))


def locked_until(unit: Unit, name: str) -> datetime | None:
    """Until when an account is locked in some browser, if it is."""
    kinds = {"": Kind.ACCOUNT, "from": Kind.NEW_DEVICE, "device": Kind.DEVICE, "in": Kind.SIGNED_IN}
    account = _account(name)
    ends = []
    for tries in unit.accounts.tries_of(account):
        kind = kinds[tries.key.removeprefix(account).lstrip(":").partition(":")[0]]
        ends.append(_locked_until(BOUNDS[kind], tries, unit.now))
    return max((end for end in ends if end), default=None)


def _failed(bound: Bound, tries: Tries | None, now: datetime) -> int:
    """How many failed that still count; none where the clock was put back since."""
    if tries is None or not has_been(tries.last, now) or now - tries.last >= bound.forgotten:
        return 0
    regained = max((now - tries.last) // bound.regained, 0) if bound.regained else 0
    return max(tries.failed - regained, 0)


def _locked_until(bound: Bound, tries: Tries | None, now: datetime) -> datetime | None:
    failed = _failed(bound, tries, now)
    if tries is None or failed < bound.free:
        return None
    lock = min(bound.first * int(2 ** min(failed - bound.free, 9)), bound.longest)
    return tries.last + lock if now < tries.last + lock else None
