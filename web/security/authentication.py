"""Sign-in: the try is counted, checked, and taken back where it was right.

The answer is the same, in the same time, whether there is no such account or the password is wrong; a name nobody has
is locked out like any other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mediation_engine.domain.roles import Actor, offices_of
from mediation_engine.errors import MediationError
from mediation_engine.ports.accounts import Account
from mediation_engine.ports.store import Store, Unit

from .age import has_been
from .passwords import ABOUT, HASHER, fits, hashed
from .throttle import count, of_sign_in, take_back
from .totp import Seals, step_of


class WrongPassword(MediationError):
    """账号、密码或动态口令不对。请核对后再试；忘记密码请找管理员。"""


def come_in(store: Store, seals: Seals, name: str, password: str, code: str, address: str, device: str = "") -> Actor:
    """Who it is. WrongPassword, TooManyTries; SeedUnreadable, which only who knows the password is told.

    The try is counted before it is judged, and taken back if it was right: however many guess at once, on however
    many servers, none is judged uncounted.
    """
    keys = of_sign_in(name, address, device)
    with store.write(ABOUT) as unit:
        count(unit, *keys)
        account, actor = unit.accounts.account(name), unit.register.actor(name)
    right = fits(account, password)
    with store.write(ABOUT) as unit:
        if not right or account is None or not _may_come(unit, seals, actor, account, code):
            raise WrongPassword
        take_back(unit, *keys)
    if HASHER.check_needs_rehash(account.password):
        _hash_again(store, account, password)
    assert actor is not None
    return actor


def _may_come(unit: Unit, seals: Seals, actor: Actor | None, account: Account, code: str) -> bool:
    held = unit.accounts.account(account.actor)  # as it is now: another may have used this very code
    if actor is None or not actor.active or not offices_of(actor):
        return False
    if held is None or held.password != account.password or _has_run_out(held, unit.now):
        return False
    if held.totp is None:
        return True
    step = step_of(seals.open(held.actor, held.totp), code, unit.now)
    if step is None or step <= held.totp_step:
        return False
    unit.accounts.put_account(replace(held, totp_step=step))
    return True


def _has_run_out(account: Account, now: datetime) -> bool:
    """Whether its password was good once and is no more; also where the clock was put back since it was given out."""
    return account.once_until is not None and not (has_been(account.changed, now) and now < account.once_until)


def _hash_again(store: Store, account: Account, password: str) -> None:
    """Keep a password as newer settings have it."""
    fresh = hashed(password)
    with store.write(ABOUT) as unit:
        held = unit.accounts.account(account.actor)
        if held and held.password == account.password:
            unit.journal.by = account.actor
            unit.accounts.put_account(replace(held, password=fresh))
