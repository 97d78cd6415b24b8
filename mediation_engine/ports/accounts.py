"""The port of accounts, sign-ins and counted tries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How one member of the staff proves who it is."""

    actor: str
    password: str
    """Hashed."""
    changed: datetime
    once_until: datetime | None = None
    """A password given out by somebody else is good for one sign-in until then, and must be changed there."""
    totp: str | None = None
    """The seed of its one-time codes, sealed by who keeps it."""
    totp_step: int = 0
    """The step of the last code used: none is used twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Somebody signed in on one device, until signed out."""

    key: str
    """A digest of the secret in the browser's cookie; the secret itself is kept nowhere."""
    actor: str
    began: datetime
    seen: datetime
    device: str
    kept: str
    """What the pages remember while it lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """How often in a row a sign-in failed, for an account or from an address."""

    key: str
    failed: int
    last: datetime


class Accounts(Protocol):
    """Who may come in, who is in, and who tried."""

    def account(self, actor: str) -> Account | None: ...

    def accounts(self) -> list[Account]: ...

    def put_account(self, account: Account) -> None:
        """Add or replace."""

    def sign_in(self, key: str) -> SignIn | None: ...

    def sign_ins(self, actor: str) -> list[SignIn]:
        """Where somebody is signed in, the latest first."""

    def begin(self, sign_in: SignIn) -> None: ...

    def go_on(self, key: str, *, seen: datetime, kept: str) -> None:
        """It is still in use; nothing where it has been ended meanwhile."""

    def end(self, key: str) -> None:
        """Nothing where it has been ended."""

    def end_all(self, actor: str, *, but: str = "") -> None:
        """End all of somebody's, or all but one."""

    def end_older(self, began: datetime) -> None:
        """End what began before a time."""

    def tries(self, key: str) -> Tries | None: ...

    def tries_of(self, beginning: str) -> list[Tries]:
        """Those whose keys begin so, in order of their keys."""

    def put_tries(self, tries: Tries) -> None:
        """Add or replace."""

    def forget_tries(self, *keys: str) -> None: ...

    def forget_older_tries(self, last: datetime) -> None:
        """Forget those whose last was before a time."""
