"""Tokens of programs in the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping, select

from ...domain.roles import Office
from ...ports.tokens import Scope, Token
from . import schema as s
from .journal import SqlJournal
from .schema import content, moment_text
from .work import Work


class SqlTokens:
    """See `ports.tokens.Tokens`."""

    def __init__(self, work: Work, journal: SqlJournal) -> None:
        self._db, self._journal = work, journal

    def token(self, key: str) -> Token | None:
        row = self._db.execute(select(*content(s.tokens)).where(s.tokens.c.key == key)).first()
        return _read(row._mapping) if row else None

    def tokens(self) -> list[Token]:
        found = self._db.execute(select(*content(s.tokens)).order_by(s.tokens.c.made, s.tokens.c.id))
        return [_read(row._mapping) for row in found]

    def put_token(self, token: Token) -> None:
        self._journal.put(s.tokens, _stored(token))


def _read(row: RowMapping) -> Token:
    scopes = frozenset(Scope(code) for code in row["scopes"].split())  # type: ignore[call-arg]  # looked up by value
    return Token(**dict(row) | {"office": Office(row["office"]), "scopes": scopes})  # type: ignore[call-arg]


def _stored(token: Token) -> tuple[Any, ...]:
    """The columns, in their order, as a statement without SQLAlchemy takes them."""
    return (
        token.key,
        token.id,
        token.name,
        token.actor,
        token.office.value,
        " ".join(sorted(scope.value for scope in token.scopes)),
        moment_text(token.made),
        token.until.isoformat(),
        token.seen.isoformat() if token.seen else None,
        moment_text(token.ended) if token.ended else None,
    )
