"""The tabs of a case: what stands under each, as the parts declare it; the first and the last are the same for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mediation_engine.domain.presentation import Section

from .case_details import Casework

OVERVIEW, RECORD = "overview", "record"


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
    sections = work.sections()
    labels = {tab.value: tab.label for machine in work.shown() if (tab := machine.shown.tab)}
    order = [*dict.fromkeys(member.value for it in sections if it.tab for member in type(it.tab))]
    middle = [
        Tab(code=code, label=labels[code], count=sum(len(it.cards) for it in own), sections=own)
        for code in order
        if (own := [it for it in sections if it.tab and it.tab.value == code])
    ]
    first = [it for it in sections if it.tab is None]
    return [
        Tab(code=OVERVIEW, label="概况", count=0, sections=first),
        *(_with(tab, papers) if tab.code == PAPERS else tab for tab in middle),
        Tab(code=RECORD, label="经过", count=lines),
    ]


PAPERS = "papers"
"""The tab under which papers can be made."""


def _with(tab: Tab, papers: int) -> Tab:
    return Tab(code=tab.code, label=tab.label, count=tab.count + papers, sections=tab.sections)
