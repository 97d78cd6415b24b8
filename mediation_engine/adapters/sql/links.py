"""Links in the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from ...ports.links import Link
from . import schema as s
from .journal import SqlJournal
from .schema import content, moment_text
from .work import Work


class SqlLinks:
    """See `ports.links.Links`."""

    def __init__(self, work: Work, journal: SqlJournal) -> None:
        self._db, self._journal = work, journal

    def link(self, key: str) -> Link | None:
        return self._one(_opens(key))

    def count_try(self, key: str, most: int) -> None:
        c = s.links.c
        has_tries = (c.wrong < most, c.pin != "")
        self._db.execute(update(s.links).where(_opens(key), *has_tries).values(wrong=c.wrong + 1))

    def calling(self) -> list[Link]:
        c = s.links.c
        found = select(*content(s.links)).where(c.called.is_not(None), c.revoked.is_(None)).order_by(c.called, c.id)
        return [Link(**dict(row._mapping)) for row in self._db.execute(found)]

    def link_of_session(self, session: str) -> Link | None:
        return self._one(s.links.c.session == session)

    def link_named(self, id: str) -> Link | None:
        return self._one(s.links.c.id == id)

    def links(self, case: str) -> list[Link]:
        c = s.links.c
        found = self._db.execute(select(*content(s.links)).where(c.case == case).order_by(c.issued, c.id))
        return [Link(**dict(row._mapping)) for row in found]

    def put_link(self, link: Link) -> None:
        self._journal.put(s.links, _stored(link))

    def _one(self, which: ColumnElement[bool]) -> Link | None:
        row = self._db.execute(select(*content(s.links)).where(which)).first()
        return Link(**dict(row._mapping)) if row else None


def _opens(key: str) -> ColumnElement[bool]:
    return or_(s.links.c.key == key, s.links.c.code == key)


def _stored(it: Link) -> tuple[Any, ...]:
    """The columns, in their order, as a statement without SQLAlchemy takes them."""
    return (
        *(it.id, it.key, it.pin, it.kind, it.case, it.instance, it.person, it.issued_by),
        *(moment_text(it.issued), it.until.isoformat(), _moment(it.revoked), it.wrong),
        *(_moment(it.opened), _moment(it.used), it.session, _moment(it.entered), _moment(it.seen)),
        *(it.code, it.texts, it.window, _moment(it.called), it.phone),
    )


def _moment(moment: datetime | None) -> str | None:
    return moment_text(moment) if moment else None
