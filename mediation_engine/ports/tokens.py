"""The port of the tokens of programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from ..domain.labels import Labelled
from ..domain.roles import Office


class Scope(Labelled):
    """What a program may do that shows a token."""

    READ = "read", "查看案件"
    WRITE = "write", "办理案件"
    AUDIT = "audit", "校验记录"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a program shows instead of signing in: it acts for one member of the staff, under one office."""

    key: str
    """A digest of the token; the token itself is kept nowhere."""
    id: str
    """What it is called by when it is listed or ended."""
    name: str
    """What it is for."""
    actor: str
    office: Office
    scopes: frozenset[Scope]
    made: datetime
    until: date
    """The last day, in China, on which it is good."""
    seen: date | None = None
    """The last day it was used."""
    ended: datetime | None = None


class Tokens(Protocol):
    """What programs come in with."""

    def token(self, key: str) -> Token | None: ...

    def tokens(self) -> list[Token]:
        """All, in order of when they were made."""

    def put_token(self, token: Token) -> None:
        """Add or replace."""
