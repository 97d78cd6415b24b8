"""Corrections in a list: which step, by whom, why."""

from __future__ import annotations

from dataclasses import dataclass

from mediation_engine.domain.correcting import Correcting
from mediation_engine.domain.fields import fields_of
from mediation_engine.domain.formatting import heading
from mediation_engine.domain.presentation import HIDDEN
from mediation_engine.read_models.projections import CorrectionRow
from mediation_engine.services.case_view import CaseView

from .timeline import Change, changes

REASON = next(spec.label for spec in fields_of(Correcting) if spec.name == "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCorrection:
    """One of them."""

    row: CorrectionRow
    names: str
    """Of the parties."""
    number: str | None
    what: str
    """What the corrected step wrote."""
    who: str
    changes: tuple[Change, ...]
    """What reads otherwise since."""
    reason: str
    """Empty where the reader may not read it, or nothing of it can be read."""


def told(row: CorrectionRow, view: CaseView) -> ToldCorrection:
    """A correction in words, for whoever looks at the view of its case."""
    lines = {
        it.line.version: view.teller.line(it) for it in view.lines if it.line.version in (row.corrects, row.version)
    }
    old, new = lines.get(row.corrects), lines.get(row.version)
    return ToldCorrection(
        row=row,
        names=heading(view.parties),
        number=view.case.facts.number,
        what=old.what if old else "",
        who=new.who if new else view.actors.get(row.actor or "", row.actor or ""),
        changes=tuple(changes(view.teller, view.restated.get(row.version, ()))),
        reason="" if (said := dict(new.details).get(REASON, "") if new else "") == HIDDEN else said,
    )
