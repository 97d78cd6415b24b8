"""What a step would write, before it is written."""

from __future__ import annotations

from collections.abc import Sequence

from mediation_engine.descriptions.changes import ChangeTeller, ToldChange, changes
from mediation_engine.descriptions.lines import Told
from mediation_engine.domain.fields import fields_of
from mediation_engine.domain.line import Line
from mediation_engine.services.case_view import CaseView

from .step_form import Step


def told_ahead(view: CaseView) -> list[tuple[Line, Told]]:
    """The lines of a preview in words."""
    return [(it.line, view.teller.line(it)) for it in view.lines]


def told_difference(step: Step, view: CaseView) -> list[ToldChange]:
    """What is otherwise in what a step changes, where it began with what there was: was, and is."""
    chosen = step.targets.chosen
    if len(chosen) != 1 or step.kind.drawn_from(step.case, chosen[0]) is None:
        return []
    named = {spec.name for spec in fields_of(step.kind)}
    found = (it for it in changes(step.case, view.case) if it.key == chosen[0])
    teller = ChangeTeller(view.teller)
    told = (one for it in found if it.field.rpartition(".")[2] in named for one in teller.told_apart(it))
    return [one for one in told if one.before != one.after]  # the same words, sealed anew, are the same


def told_since(view: CaseView, since: Sequence[Line]) -> list[tuple[Line, Told]]:
    """What others have done meanwhile, in words."""
    versions = {line.version for line in since}
    return [(it.line, view.teller.line(it)) for it in view.lines if it.line.version in versions]
