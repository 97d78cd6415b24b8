"""What of a meeting counts: that it was held, and whether its four things were fixed before."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.case import Case
from mediation_engine.domain.counting import Counted, Counting, Traits

from .facts import facts_of

FIXED, UNFIXED = "fixed", "unfixed"


def of_case(case: Case) -> Iterator[Counted]:
    """What counts as a meeting stands: one that was only called, or called off, is none."""
    facts = facts_of(case)
    if facts.held is not None:
        kind = UNFIXED if any(facts.unfixed()) else FIXED
        yield Counted(what="meeting", day=facts.held.last_day(), kind=kind, people=len(facts.came) or None)


def traits(case: Case) -> Traits:
    """Who called it."""
    return Traits(mediator=facts_of(case).convener or "")


MEETINGS = Counting(of_case=of_case, traits=traits)
