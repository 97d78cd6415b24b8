"""Corrections in a list: which step, by whom, why."""

from __future__ import annotations

from dataclasses import dataclass

from mediation_engine.domain.correcting import Correcting
from mediation_engine.domain.formatting import heading
from mediation_engine.read_models.projections import CorrectionRow
from mediation_engine.record.sealing import TextRef
from mediation_engine.services.case_view import CaseView

from .timeline import Change, changes


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCorrection:
    """One of them."""

    row: CorrectionRow
    names: str
    """Of the parties."""
    number: str | None
    what: str
    """What the corrected step wrote; empty where the record cannot be read."""
    who: str
    changes: tuple[Change, ...]
    """What reads otherwise since."""
    reason: str
    """Empty where the reader may not read it."""


def told(row: CorrectionRow, view: CaseView) -> ToldCorrection:
    """A correction in words, for whoever looks at the view of its case."""
    lines = {it.line.version: it for it in view.lines}
    old, new = lines.get(row.corrects), lines.get(row.version)
    given = new.given if new else None
    reason = TextRef.read(given.reason or "") if isinstance(given, Correcting) else None
    return ToldCorrection(
        row=row,
        names=heading(view.parties),
        number=view.case.facts.number,
        what=view.teller.what(old.line) if old and new else "",
        who=view.teller.line(new).who if new else view.actors.get(row.actor or "", row.actor or ""),
        changes=tuple(changes(view.teller, view.restated.get(row.version, ()))),
        reason=view.words.get(reason.id, "") if reason else "",
    )
