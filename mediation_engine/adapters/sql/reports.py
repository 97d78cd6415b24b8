"""Frozen reports in the database."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from ...ports.reports import FrozenReport
from . import schema as s
from .journal import SqlJournal
from .schema import content, moment_text
from .work import Work, inserting

_PUT = inserting(s.frozen_reports)


class SqlReports:
    """See `ports.reports.Reports`."""

    def __init__(self, work: Work, journal: SqlJournal) -> None:
        self._db, self._journal = work, journal

    def reports(self, organisations: Collection[str]) -> list[FrozenReport]:
        c = s.frozen_reports.c
        own = select(*content(s.frozen_reports)).where(c.organisation.in_(sorted(organisations)))
        return [FrozenReport(**row._mapping) for row in self._db.execute(own.order_by(c.at, c.id))]

    def put_report(self, report: FrozenReport) -> None:
        it = report
        values = (it.id, it.organisation, it.period, it.forms, it.body, it.digest, it.by, moment_text(it.at), it.after)
        row = self._journal.bind(s.frozen_reports, values)
        self._db.later(_PUT, [(*values, row.salt)])
