"""The rows of a case from its orders: folded one by one, since figures tell what was known when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ..domain.calendar import Calendar
from ..domain.case import Case
from ..domain.recorded_order import StoredOrder
from ..domain.workflow import Workflow
from ..errors import UNFIT, LineUnreadable
from ..read_models.counted import NONE, Rows, counted_after
from ..read_models.projections import Projection, project
from ..rules.catalogue import Catalogue
from .fold import DecodedLine, begun, decoded_standing, decoded_under, fold_decoded, read_lines, workflow_of


def after_order(
    before: Rows, workflow: Workflow | None, case: Case, lines: Sequence[DecodedLine], own: Sequence[DecodedLine]
) -> Rows:
    """What is counted of a case after its newest order: `own` are the lines of that, `lines` all there are.

    `lines` are looked at only where the order corrects another, or where nothing counted any more: then what earlier
    lines told counts again.
    """
    counted_nothing = (before or case.facts.closed_before) and all(row.until is not None for row in before)
    if counted_nothing or any(it.line.correction is not None for it in own):
        return counted_after(before, workflow, case, _from_the_first(workflow, case.id, lines), afresh=True)
    return counted_after(before, workflow, case, [(case, own)])


def _from_the_first(
    workflow: Workflow | None, case_id: str, lines: Sequence[DecodedLine]
) -> Iterator[tuple[Case, list[DecodedLine]]]:
    """The lines of each order as they stand now, with the case as that order leaves it: one case, folded on."""
    case = begun(case_id, workflow)
    for _, found in groupby(decoded_standing(workflow, lines), key=lambda it: it.line.first):
        own = list(found)
        yield fold_decoded(case, own), own


def counted_case(catalogue: Catalogue, case_id: str, stored: Sequence[StoredOrder]) -> tuple[Case, Rows]:
    """A case, and all that was ever counted of it. LineUnreadable."""
    workflow = workflow_of(catalogue, read_lines(stored[0])) if stored else None
    case, rows, lines = begun(case_id, workflow), NONE, list[DecodedLine]()
    for order in stored:
        own = decoded_under(workflow, read_lines(order))
        lines += own
        if any(it.line.correction is not None for it in own):
            case = fold_decoded(begun(case_id, workflow), decoded_standing(workflow, lines))
        else:
            fold_decoded(case, own)
        try:
            rows = after_order(rows, workflow, case, lines, own)
        except UNFIT as fault:
            raise LineUnreadable(case=case_id) from fault
    case.digest = stored[-1].digest if stored else case.digest
    return case, rows


def projected(
    catalogue: Catalogue, case_id: str, stored: Sequence[StoredOrder], calendar: Calendar
) -> Projection | None:
    """The rows of a case from its orders, by the calendar in force; None where none has opened it. LineUnreadable."""
    case, rows = counted_case(catalogue, case_id, stored)
    return project(catalogue.reading(case.workflow), case, calendar, rows) if case.opened else None
