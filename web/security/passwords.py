"""Passwords: hashed, judged, given out, changed."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import timedelta
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from mediation_engine.ports.accounts import Account
from mediation_engine.ports.store import Store, Unit

from .throttle import count, of_signed_in, take_back, unlock

HASHER = PasswordHasher()
"""argon2id as RFC 9106 has it for where memory is short: 64 MiB, three passes."""
AT_ONCE = BoundedSemaphore(4)
"""So many are hashed at a time: each takes 64 MiB."""
ABOUT = "accounts"

SHORTEST, LONGEST = 12, 128
COMMON = (
    *("password", "passwd", "admin", "root", "tiaojie", "mediation", "wufanghuizhen", "huizhen", "woaini", "iloveyou"),
    *("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwerty", "asdf", "zxcv", "abcdefg", "abc", "1qaz2wsx", "1q2w3e4r", "密码"),
)
"""What people take who do not want to think; something of one's own must be there besides."""
ONCE = timedelta(hours=24)
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of passwords given out on paper: nothing that is misread."""


def hashed(password: str) -> str:
    """A password as it is kept."""
    with AT_ONCE:
        return HASHER.hash(password)


def fits(account: Account | None, password: str) -> bool:
    """Whether a password is an account's. It takes as long where there is no account."""
    return verified(account.password if account else None, password)


def verified(kept: str | None, password: str) -> bool:
    """Whether it is what is kept as a hash; never where nothing is, and that takes as long."""
    with AT_ONCE:
        try:
            return HASHER.verify(_nobodys() if kept is None else kept, password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys() -> str:
    return HASHER.hash(secrets.token_hex())


def why_not(password: str, *known: str) -> str | None:
    """Why a password will not do; `known` are words anybody would guess for this account."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"密码应有{SHORTEST}到{LONGEST}个字，可以是一句话"
    plain = password.casefold()
    guessed = next((w for w in known if len(w) > 1 and w.casefold() in plain), None)
    if guessed:
        return f"密码中不要含有“{guessed}”"
    for word in COMMON:
        plain = plain.replace(word, "")
    if len(set(re.sub(r"[\d\W_]", "", plain))) < 4:
        return "这个密码太常见，容易被猜到，请换一个"
    return None


def given_out() -> str:
    """A password for one sign-in: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def give_password(unit: Unit, actor: str, password: str, *, once: bool = True) -> None:
    """Set somebody's password for him; all his sessions end. His one-time codes stay."""
    until = unit.now + ONCE if once else None
    held = unit.accounts.account(actor) or Account(actor=actor, password="", changed=unit.now)
    unit.accounts.put_account(replace(held, password=hashed(password), changed=unit.now, once_until=until))
    unit.accounts.end_all(actor)
    unlock(unit, actor)


def change_password(store: Store, actor: str, password: str, here: str) -> None:
    """Set one's own; all one's sessions end but the one of this key."""
    fresh = hashed(password)
    with store.write(ABOUT) as unit:
        held = unit.accounts.account(actor)
        assert held is not None
        unit.journal.by = actor
        unit.accounts.put_account(replace(held, password=fresh, changed=unit.now, once_until=None))
        unit.accounts.end_all(actor, but=here)


def confirm(store: Store, account: Account, password: str) -> bool:
    """Whether somebody who is in knows the password: a session left open is no leave to guess it. TooManyTries."""
    key = of_signed_in(account.actor)
    with store.write(ABOUT) as unit:
        count(unit, key)
    right = fits(account, password)
    if right:
        with store.write(ABOUT) as unit:
            take_back(unit, key)
    return right
