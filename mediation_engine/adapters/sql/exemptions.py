"""What was set aside of what self-checks find, in the database."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from ...ports.exemptions import Exemption
from . import schema as s
from .journal import SqlJournal
from .schema import content, moment_text
from .work import Work, inserting

_PUT = inserting(s.exemptions)


class SqlExemptions:
    """See `ports.exemptions.Exemptions`."""

    def __init__(self, work: Work, journal: SqlJournal) -> None:
        self._db, self._journal = work, journal

    def exemptions(self, cases: Collection[str] | None = None) -> list[Exemption]:
        c = s.exemptions.c
        asked = select(*content(s.exemptions)).order_by(c.at, c.id)
        if cases is not None:
            asked = asked.where(c.case.in_(sorted(cases)))
        return [Exemption(**row._mapping) for row in self._db.execute(asked)]

    def put_exemption(self, exemption: Exemption) -> None:
        it = exemption
        values = (it.id, it.case, it.rule, it.about, it.reason, it.by, it.office, moment_text(it.at), it.ends)
        row = self._journal.bind(s.exemptions, values)
        self._db.later(_PUT, [(*values, row.salt)])
