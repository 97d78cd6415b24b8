"""What of a monthly return counts: that a committee reported its month, and what."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.case import Case
from mediation_engine.domain.counting import Counted, Counting, Traits
from mediation_engine.domain.month import Month

from .facts import facts_of
from .vocabulary import Reported


def of_case(case: Case) -> Iterator[Counted]:
    """What counts as a return stands: in its month, whenever it was reported."""
    facts, month = facts_of(case), Month.read(facts_of(case).month)
    if month is None or facts.reported is Reported.MISSING:
        return
    yield Counted(what="return", day=month.last, kind=facts.reported.value)
    if facts.was_late:
        yield Counted(what="return_late", day=month.last)
    for key, entry in facts.standing().items():
        yield Counted(what="small_dispute", key=key, day=month.last, kind=entry.result.value, amount=entry.amount)


def traits(case: Case) -> Traits:
    """Nothing tells them apart but the committee."""
    return Traits()


RETURNS = Counting(of_case=of_case, traits=traits)
