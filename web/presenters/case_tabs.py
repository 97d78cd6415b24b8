"""The tabs of a case: what stands under each, as the parts declare it; the first and the last are the same for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mediation_engine.domain.presentation import Section

from .case_details import Casework

OVERVIEW, RECORD = "overview", "record"
PAPERS = "papers"
"""The tab under which papers can be made."""


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
        for tab in dict.fromkeys(member for it in sections if it.tab for member in type(it.tab))
        if (own := [it for it in sections if it.tab is tab]) or besides.get(tab.value)
    ]
    first = [it for it in sections if it.tab is None]
    return [
        Tab(code=OVERVIEW, label="概况", count=0, sections=first),
        *middle,
        Tab(code=RECORD, label="经过", count=lines),
    ]


def _count(sections: Sequence[Section]) -> int:
    return sum(len(it.cards) for it in sections)
