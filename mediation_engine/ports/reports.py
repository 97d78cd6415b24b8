"""The port of frozen reports (上报表): the figures of a period as they were sent upwards, and what was added later."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenReport:
    """The figures of a period as they were known when somebody froze them."""

    id: str
    organisation: str
    period: str
    """Its code, such as 2026-11."""
    forms: bool
    """Whether what rests on an oral agreement counts."""
    body: str
    """The figures with what they mean, as JSON."""
    digest: str
    """Of the body, in hex: it is printed on the report."""
    by: str
    """Who froze it (id of a member of staff)."""
    at: datetime
    """As known at this moment."""
    after: str | None = None
    """The report (id) of the same period that it adds to (补报); None for the first."""


class Reports(Protocol):
    """All frozen reports. None is ever changed: a later one adds to it."""

    def reports(self, organisations: Collection[str]) -> list[FrozenReport]:
        """Those of some organisations, the first first."""

    def put_report(self, report: FrozenReport) -> None:
        """Add one; VersionClash where there is one of its id, at the latest when the transaction ends."""
