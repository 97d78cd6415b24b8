"""The port of links: what somebody without an account comes in with, for one thing of one case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

MOST_WRONG = 5
"""So many wrong PINs end a link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link, which says what it is for, and a PIN, which says who comes: both kept as digests alone."""

    id: str
    """What it is called by when it is listed or revoked."""
    key: str
    """A digest of what stands in the link."""
    pin: str
    """A slow hash of the PIN under a key of the room."""
    kind: str
    """What may be done through it, by code."""
    case: str
    instance: str
    """What of the case it is for."""
    person: str
    """The id in the register of whom it was issued to; orders given through it are given by this id."""
    issued_by: str
    issued: datetime
    until: date
    """The last day, in China, on which it is good."""
    revoked: datetime | None = None
    wrong: int = 0
    """How many wrong PINs were tried since the last right one."""
    opened: datetime | None = None
    """When the PIN was first right."""
    used: datetime | None = None
    """When something was last sent through it."""
    session: str | None = None
    """A digest of the secret of the browser that is in."""
    entered: datetime | None = None
    """When that browser came in."""
    seen: datetime | None = None
    """When it was last there."""
    code: str | None = None
    """Under a key of the room, a digest of what is typed where the link cannot be opened; None where nothing can."""
    texts: str | None = None
    """A digest of the texts it was issued over, of a kind that ends with them."""
    window: bool = False
    """Whether it is for a device of the room, at the window."""
    called: datetime | None = None
    """When whoever has it asked to be called."""
    phone: str | None = None
    """Under a key of the room, a digest of the telephone that something was last sent from."""

    @property
    def is_locked(self) -> bool:
        """Whether too many wrong PINs were tried."""
        return self.wrong >= MOST_WRONG

    def is_good(self, today: date) -> bool:
        """Whether somebody can come in by it on a day."""
        return self.revoked is None and not self.is_locked and today <= self.until


class Links(Protocol):
    """Links, by digest, by id, and by case."""

    def link(self, key: str) -> Link | None:
        """By the digest of what stands in it, or of what is typed instead."""

    def count_try(self, key: str, most: int) -> None:
        """Count a wrong PIN of the one with a digest, up to so many; where there is none, or it has no PIN, the same
        and nothing."""

    def calling(self) -> list[Link]:
        """Those whose holders have asked to be called, and that are not revoked."""

    def link_of_session(self, session: str) -> Link | None:
        """The one that a browser is in by."""

    def link_named(self, id: str) -> Link | None:
        """By what it is called."""

    def links(self, case: str) -> list[Link]:
        """Those of a case, the first issued first."""

    def put_link(self, link: Link) -> None:
        """Add or replace, by id. VersionClash where another has the same digest."""
