"""Those who stand in for the lead, in the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping, select

from ...domain.roles import LeadAct, Substitution
from . import schema as s
from .journal import SqlJournal
from .schema import content, moment_text
from .work import Work


class SqlSubstitutions:
    """See `ports.substitutions.Substitutions`."""

    def __init__(self, work: Work, journal: SqlJournal) -> None:
        self._db, self._journal = work, journal

    def substitutions(self) -> list[Substitution]:
        c = s.substitutions.c
        found = self._db.execute(select(*content(s.substitutions)).order_by(c.first, c.id))
        return [_read(row._mapping) for row in found]

    def put_substitution(self, substitution: Substitution) -> None:
        self._journal.put(s.substitutions, _stored(substitution))


def _read(row: RowMapping) -> Substitution:
    acts = frozenset(act for act in LeadAct if act.code in row["acts"].split())
    return Substitution(**dict(row) | {"acts": acts})


def _stored(it: Substitution) -> tuple[Any, ...]:
    """The columns, in their order, as a statement without SQLAlchemy takes them."""
    return (
        it.id,
        it.organisation,
        it.actor,
        " ".join(sorted(act.code for act in it.acts)),
        it.first.isoformat(),
        it.last.isoformat(),
        it.named_by,
        moment_text(it.ended) if it.ended else None,
    )
