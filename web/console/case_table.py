"""A table of cases with the figures that tell how each went."""

from __future__ import annotations

from datetime import date

from rich.table import Table

from mediation_engine.domain.case import Case
from mediation_engine.domain.formatting import money_words
from mediation_engine.domain.line import Line, Provenance
from mediation_engine.read_models.projections import case_row
from workflows.facts import facts_of

from ..presenters.naming import standing
from . import output
from .cli_context import Desk

KINDS = (Provenance.REPORTED, Provenance.INFERRED, Provenance.ASSUMED)


def cases(desk: Desk, named: list[tuple[str, str]], title: str) -> Table:
    """A row a case: what it is, where it stands, what is known of it and what is only assumed."""
    heads = ("案件", "纠纷·程序", "等级", "现在", "会议", "步骤", "瑕疵", "协议金额", "未了", "天数")
    table = output.grid(*heads, title=f"{title}（步骤：报道/推断/假定）")
    for case_id, dispute in named:
        case, lines = desk.service.case(case_id), desk.service.history(case_id)
        table.add_row(case_id, *_figures(desk, dispute, case, lines))
    return table


def _figures(desk: Desk, dispute: str, case: Case, lines: list[Line]) -> list[str]:
    workflow = desk.service.catalogue.in_force(case.rules)
    row = case_row(workflow, case, workflow.open_parts(case))
    track = workflow.track(row.track or "")
    ordered = [line.provenance for line in lines if line.command]
    lasted, grade = days(lines), facts_of(case).grade
    return [
        f"{dispute}\n{track.label if track else row.track or '—'}",
        grade.label if grade else "—",
        standing(workflow, row.phase, row.state).replace("·", "\n"),
        str(row.rounds),
        "/".join(str(ordered.count(kind)) for kind in KINDS),
        str(sum(1 for line in lines for d in line.defects if not d.unjudged)),
        money_words(row.agreed) if row.agreed is not None else "—",
        str(row.open_parts),
        "—" if lasted is None else str(lasted),
    ]


def days(lines: list[Line]) -> int | None:
    """Days from the registration to the last agreement reached; None where either day is not reported."""
    said = [line for line in lines if line.command and line.provenance is not Provenance.ASSUMED]
    start: date | None = said[0].occurred.day if said and said[0].version == 1 else None
    ends = [line.occurred.day for line in said if line.event in ("AgreementReached", "AgreementDrafted")]
    return (ends[-1] - start).days if start and ends and ends[-1] else None
