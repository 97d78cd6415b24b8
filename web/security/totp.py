"""One-time codes and their seeds, which are kept sealed: the database alone makes no codes.

The key comes from the secret file. A seal is good for one account: put into the row of another it opens nothing.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyotp import TOTP, random_base32

from mediation_engine.errors import MediationError
from mediation_engine.ports.store import Store

from .passwords import ABOUT
from .throttle import count, of_signed_in, take_back
from .typed import as_meant

FORM = "s1:"
"""Before every sealed seed: another way of sealing gets another mark."""
NONCE = 12


class SeedUnreadable(MediationError):
    """动态口令现在无法核对：密钥文件换过，或账号记录被改动。请找管理员重设：mediation account totp 账号。"""


class Seals:
    """Seals and opens seeds with what stands in the secret file."""

    def __init__(self, secret: bytes) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"mediation_engine seeds of one-time codes")
        self._box = AESGCM(key.derive(secret))

    def seal(self, actor: str, seed: str) -> str:
        """A seed as it is kept for somebody."""
        nonce = secrets.token_bytes(NONCE)
        return FORM + b64encode(nonce + self._box.encrypt(nonce, seed.encode(), actor.encode())).decode()

    def open(self, actor: str, sealed: str) -> str:
        """Somebody's seed. SeedUnreadable where it was sealed by another secret, for another account, or not at all."""
        try:
            if not sealed.startswith(FORM):
                raise ValueError("not sealed")
            kept = b64decode(sealed.removeprefix(FORM), validate=True)
            return self._box.decrypt(kept[:NONCE], kept[NONCE:], actor.encode()).decode()
        except (ValueError, InvalidTag) as fault:
            raise SeedUnreadable from fault

    def opens(self, actor: str, sealed: str) -> bool:
        """Whether it can be opened."""
        try:
            self.open(actor, sealed)
        except SeedUnreadable:
            return False
        return True


def new_seed() -> str:
    """The seed of somebody's one-time codes."""
    return random_base32()


def keep_seed(store: Store, seals: Seals, actor: str, seed: str, code: str) -> bool:
    """From now on ask somebody for codes of this seed, if this is one. TooManyTries."""
    key = of_signed_in(actor)
    with store.write(ABOUT) as unit:
        count(unit, key)
    with store.write(ABOUT) as unit:
        step, held = step_of(seed, code, unit.now), unit.accounts.account(actor)
        if step is not None and held is not None:
            unit.journal.by = actor
            unit.accounts.put_account(replace(held, totp=seals.seal(actor, seed), totp_step=step))
            take_back(unit, key)
    return step is not None


def step_of(seed: str, code: str, now: datetime) -> int | None:
    """The half-minute a code is of: this one, the one before, the next; None where it is of none."""
    totp, step, meant = TOTP(seed), int(now.timestamp()) // 30, as_meant(code).encode(errors="replace")
    near = (step, step - 1, step + 1)
    return next((s for s in near if secrets.compare_digest(totp.generate_otp(s).encode(), meant)), None)
