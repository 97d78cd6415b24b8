"""What a step would write, before it is written."""

from __future__ import annotations

from collections.abc import Sequence

from mediation_engine.descriptions.lines import Told
from mediation_engine.domain.line import Line
from mediation_engine.services.case_view import CaseView


def told_ahead(view: CaseView) -> list[tuple[Line, Told]]:
    """The lines of a preview in words."""
    return [(it.line, view.teller.line(it)) for it in view.lines]


def told_since(view: CaseView, since: Sequence[Line]) -> list[tuple[Line, Told]]:
    """What others have done meanwhile, in words."""
    versions = {line.version for line in since}
    return [(it.line, view.teller.line(it)) for it in view.lines if it.line.version in versions]
