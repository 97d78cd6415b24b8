"""Ledger headers in the database."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from . import schema as s
from .work import Work, replacing


class SqlLedgerHeaders:
    """See `ports.ledger_headers.LedgerHeaders`."""

    def __init__(self, work: Work) -> None:
        self._db = work

    def of(self, organisation: str) -> dict[str, str]:
        c = s.ledger_headers.c
        own = select(c.header, c.column).where(c.organisation == organisation).order_by(c.header)
        return {row.header: row.column for row in self._db.execute(own)}

    def keep(self, organisation: str, columns: Mapping[str, str]) -> None:
        rows = [(organisation, header, column) for header, column in columns.items()]
        self._db.later(replacing(s.ledger_headers), rows)
