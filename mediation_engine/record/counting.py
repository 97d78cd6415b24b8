"""The rows of a case from its orders: folded one by one, since figures tell what was known when."""

from __future__ import annotations

from collections.abc import Sequence

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

    `lines` are looked at only where the order corrects another.
    """
    if any(it.line.correction is not None for it in own):
        return counted_after(before, workflow, case, decoded_standing(workflow, lines), afresh=True)
    return counted_after(before, workflow, case, own)


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
