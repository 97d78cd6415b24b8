"""The tabs of a case: what stands under each, as the parts declare it; the first and the last are the same for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.presentation import Section
from mediation_engine.domain.workflow import Workflow

from .case_details import Casework

OVERVIEW, RECORD = "overview", "record"
PAPERS = "papers"
"""The tab under which papers can be made, where the parts of a case have tabs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One of them."""

    code: str
    label: str
    count: int
    """How many things stand under it; 0 for none that are counted."""
    sections: Sequence[Section] = ()


def tabs(work: Casework, papers: int, lines: int) -> list[Tab]:
    """All that there is something under; `papers` and `lines` are how many papers and lines the reader is shown."""
    sections, besides = work.sections(), {PAPERS: papers}
    middle = [
        Tab(code=tab.value, label=tab.label, count=_count(own) + besides.get(tab.value, 0), sections=own)
        for tab in _members(work.workflow)
        if (own := [it for it in sections if it.tab is tab]) or besides.get(tab.value)
    ]
    first = [it for it in sections if it.tab is None]
    return [
        Tab(code=OVERVIEW, label="概况", count=0, sections=first),
        *middle,
        Tab(code=RECORD, label="经过", count=lines),
    ]


def papers_tab(workflow: Workflow | None) -> str:
    """The tab under which the papers of a case stand: the first one, where its parts have no tab for them."""
    return PAPERS if PAPERS in {it.value for it in _members(workflow)} else OVERVIEW


def _members(workflow: Workflow | None) -> Iterable[Labelled]:
    """All tabs that the parts of a workflow are of, in order."""
    tabs = (it.shown.tab for it in workflow.parts) if workflow else ()
    return dict.fromkeys(member for tab in tabs if tab for member in type(tab))


def _count(sections: Sequence[Section]) -> int:
    return sum(len(it.cards) for it in sections)
