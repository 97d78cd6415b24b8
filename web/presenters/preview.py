"""What an order would do, before it is given: the lines it would write, and what it changes in what there was."""

from __future__ import annotations

from collections.abc import Sequence

from mediation_engine.descriptions.changes import ChangeTeller, ToldChange, changes
from mediation_engine.descriptions.lines import Told
from mediation_engine.domain.fields import fields_of
from mediation_engine.domain.line import Line
from mediation_engine.domain.order import Order
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import Preview


def told_ahead(view: CaseView) -> list[tuple[Line, Told]]:
    """The lines of a preview in words."""
    return [(it.line, view.teller.line(it)) for it in view.lines]


def told_difference(order: Order, preview: Preview) -> list[ToldChange]:
    """What is otherwise in what an order changes, where its command is drawn from what there is: was, and is."""
    before, view, kind = preview.before, preview.view, type(order.command)
    if before is None or view is None or len(order.on) != 1 or kind.drawn_from(before, order.on[0]) is None:
        return []
    named = {spec.name for spec in fields_of(kind)}
    found = (it for it in changes(before, view.case) if it.key == order.on[0])
    teller = ChangeTeller(view.teller)
    told = (one for it in found if it.field.rpartition(".")[2] in named for one in teller.told_apart(it))
    return [one for one in told if one.before != one.after]  # the same words, sealed anew, are the same


def told_since(view: CaseView, since: Sequence[Line]) -> list[tuple[Line, Told]]:
    """What others have done meanwhile, in words."""
    versions = {line.version for line in since}
    return [(it.line, view.teller.line(it)) for it in view.lines if it.line.version in versions]
