"""Tries to sign in, counted in the database: with many servers as with one, and before they are judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from mediation_engine.errors import MediationError
from mediation_engine.ports.accounts import Tries
from mediation_engine.ports.store import Unit

FREE_TRIES = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=15), timedelta(hours=1)
ADDRESS_TRIES, ADDRESS_LOCK = 30, timedelta(minutes=10)
FORGET = timedelta(days=1)
ADDRESS = "address:"


class TooManyTries(MediationError):
    """连续输错次数过多，请 {minutes} 分钟后再试，或找管理员解锁。"""


def of_account(name: str) -> str:
    """What tries at a name are counted under: whatever was typed is not kept."""
    return f"account:{sha256(name.encode(errors='replace')).hexdigest()}"


def of_address(address: str) -> str:
    """What tries from an address are counted under."""
    return f"{ADDRESS}{address}"


def _free(key: str) -> int:
    """How many may fail before it is locked."""
    return ADDRESS_TRIES if key.startswith(ADDRESS) else FREE_TRIES


def _lock(key: str, failed: int) -> timedelta:
    """For how long it is locked: an account for longer with every try, an address always alike."""
    if key.startswith(ADDRESS):
        return ADDRESS_LOCK
    return min(FIRST_LOCK * int(2 ** min(failed - FREE_TRIES, 9)), LONGEST_LOCK)


def count(unit: Unit, key: str) -> None:
    """Count a try. TooManyTries where so many failed before that it is not even judged."""
    until = locked_until(unit, key)
    if until:
        raise TooManyTries(minutes=-(-int((until - unit.now).total_seconds()) // 60))
    held = unit.accounts.tries(key)
    failed = held.failed if held else 0
    if held and key.startswith(ADDRESS) and unit.now - held.last >= ADDRESS_LOCK:
        failed = 0  # many people may share an address: what was long ago was somebody else
    unit.accounts.put_tries(Tries(key=key, failed=failed + 1, last=unit.now))
    unit.accounts.forget_older_tries(unit.now - FORGET)


def locked_until(unit: Unit, key: str) -> datetime | None:
    """Until when an account or an address is locked, if it is."""
    held = unit.accounts.tries(key)
    if held is None or held.failed < _free(key):
        return None
    until = held.last + _lock(key, held.failed)
    return until if unit.now < until else None


def take_back(unit: Unit, account: str, address: str) -> None:
    """It was right: the account's count begins anew, the address's is one less."""
    unit.accounts.forget_tries(account)
    held = unit.accounts.tries(address)
    if held:
        unit.accounts.put_tries(replace(held, failed=max(held.failed - 1, 0)))
