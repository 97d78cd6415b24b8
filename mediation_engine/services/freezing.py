"""上报: the figures of a period are frozen as they are sent upwards; what comes later is a report of its own (补报)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import msgspec

from ..domain.formatting import CHINA
from ..domain.guard import Refusal
from ..domain.roles import Actor
from ..errors import GuardRefused
from ..ports.reports import FrozenReport
from ..ports.store import Store, Unit
from .authorization import lead_himself
from .figures import Asked, Period

ABOUT = "reports"
Content = Callable[[Unit, Asked], Sequence[dict[str, Any]]]
"""What stands in a report: rows with `code`, `label`, `value`, and what they mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A figure of a frozen report, beside what it was in the one before and what it is now."""

    code: str
    label: str
    unit: str
    counts: str
    value: int
    before: int | None
    """In the report that it adds to; None where there is none, or it did not stand there."""
    now: int | None
    """None where it is no figure any more."""


def freeze(store: Store, lead: Actor, asked: Callable[[Unit], Asked], content: Content) -> FrozenReport:
    """Freeze the figures of a period as they are now known. OfficeNotHeld unless he himself is the lead.

    GuardRefused where the period has not begun, or nothing is otherwise than in the last report of it.
    """
    with store.write(ABOUT) as unit:
        lead_himself(unit, lead.id)
        it = asked(unit)
        earlier = [
            report
            for report in unit.reports.reports([lead.organisation])
            if (report.period, report.forms) == (it.period.code, it.forms)
        ]
        if earlier:  # the clock may have been set back: a later report knows no less
            it = replace(it, known=max(it.known, earlier[-1].at))
        rows = content(unit, it)
        if refusals := [*_against(unit, it.period, earlier, rows)]:
            raise GuardRefused(refusals, command="FreezeReport")
        body = msgspec.json.encode(rows).decode()
        report = FrozenReport(
            id=_id(lead.organisation, it, len(earlier) + 1),
            organisation=lead.organisation,
            period=it.period.code,
            forms=it.forms,
            body=body,
            digest=digest_of(body),
            by=lead.id,
            at=it.known,
            after=earlier[-1].id if earlier else None,
        )
        unit.journal.by = lead.id
        unit.reports.put_report(report)
        return report


def _id(organisation: str, asked: Asked, number: int) -> str:
    """By whom, of which period, the how-manieth: xige-2026-11-1."""
    return f"{organisation}-{asked.period.code}{'' if asked.forms else '-written'}-{number}"


def _against(
    unit: Unit, period: Period, earlier: Sequence[FrozenReport], rows: Sequence[dict[str, Any]]
) -> list[Refusal]:
    if period.first > unit.now.astimezone(CHINA).date():
        return [Refusal("not_begun", f"{period.words}还没有开始，没有可以上报的")]
    if unit.views.uncounted(1):
        return [Refusal("uncounted", "刚刚又有新的记录，还没有数进去，请再按一次")]
    if earlier and values_in(earlier[-1]) == {row["code"]: row["value"] for row in rows}:
        return [Refusal("nothing_new", f"{period.words}已经上报过，数字没有变，不用补报")]
    return []


def digest_of(body: str) -> str:
    """What a report is known by, in hex."""
    return sha256(body.encode()).hexdigest()


def is_whole(report: FrozenReport) -> bool:
    """Whether what a report says is what its digest was made of."""
    return digest_of(report.body) == report.digest


def rows_in(report: FrozenReport) -> list[dict[str, Any]]:
    """What stands in a report; nothing where it cannot be read any more."""
    try:
        rows = msgspec.json.decode(report.body)
    except msgspec.DecodeError:
        return []
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def values_in(report: FrozenReport) -> dict[str, int]:
    """Its figures by code."""
    return {row["code"]: row["value"] for row in rows_in(report)}


def compared(report: FrozenReport, before: FrozenReport | None, now: Sequence[dict[str, Any]]) -> list[Row]:
    """A report beside the one that it adds to, and beside what its figures are now."""
    was, is_ = values_in(before) if before else {}, {row["code"]: row["value"] for row in now}
    return [
        Row(
            code=row["code"],
            label=row["label"],
            unit=row["unit"],
            counts=row["counts"],
            value=row["value"],
            before=was.get(row["code"]),
            now=is_.get(row["code"]),
        )
        for row in rows_in(report)
    ]
