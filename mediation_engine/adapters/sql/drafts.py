"""Drafts in the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from ...ports.drafts import Draft
from . import schema as s
from .schema import moment_text
from .work import Work, replacing

_DRAFT = [column for column in s.drafts.columns if column.name != "sealed"]


class SqlDrafts:
    """See `ports.drafts.Drafts`."""

    def __init__(self, work: Work) -> None:
        self._db = work

    def of(self, owner: str) -> list[Draft]:
        c = s.drafts.c
        own = select(*_DRAFT).where(c.owner == owner).order_by(c.at.desc(), c.path, c.form)
        return [Draft(**row._mapping) for row in self._db.execute(own)]

    def sealed(self, draft: Draft) -> str:
        return self._db.execute(select(s.drafts.c.sealed).where(*_is(draft))).scalar() or ""

    def put(self, draft: Draft, sealed: str) -> None:
        it = draft
        values = (it.owner, it.path, it.form, moment_text(it.at), it.given, sealed)
        self._db.later(replacing(s.drafts), [values])

    def end(self, draft: Draft) -> None:
        self._db.execute(delete(s.drafts).where(*_is(draft)))

    def end_all(self, owner: str) -> None:
        self._db.execute(delete(s.drafts).where(s.drafts.c.owner == owner))

    def end_at(self, path: str) -> None:
        self._db.execute(delete(s.drafts).where(s.drafts.c.path == path))

    def end_older(self, at: datetime) -> None:
        self._db.execute(delete(s.drafts).where(s.drafts.c.at < at))


def _is(draft: Draft) -> tuple[ColumnElement[bool], ...]:
    """That a row is the one of a draft."""
    c = s.drafts.c
    return c.owner == draft.owner, c.path == draft.path, c.form == draft.form
