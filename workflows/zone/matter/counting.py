"""What of a matter counts: that it came, and how it first ended: at once, done, or not; by its day, or late."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.case import Case
from mediation_engine.domain.counting import Counted, Counting, Traits

from .facts import facts_of


def of_case(case: Case) -> Iterator[Counted]:
    """What counts as a matter stands; its kind stands in what it came to. Taken up again it has not ended."""
    facts = facts_of(case)
    if facts.came is None or facts.kind is None:
        return
    kind = facts.kind.code
    yield Counted(what="matter", day=facts.came.last_day(), kind=kind)
    how = facts.how
    if how is None or facts.first_ended is None or facts.closed is None:
        return
    came_to = "not_done" if not how.done else "at_once" if how.at_once else "done"
    day = facts.first_ended.last_day()
    yield Counted(what="matter_ended", day=day, kind=f"{kind}.{came_to}")
    if facts.deadline is not None:
        punctual = {True: "in_time", False: "late", None: "untold"}[facts.first_ended.is_by(facts.deadline)]
        yield Counted(what="matter_promised", day=day, kind=f"{kind}.{punctual}")


def traits(case: Case) -> Traits:
    """By what the figures of matters are told apart."""
    facts = facts_of(case)
    return Traits(district=facts.district, mediator=facts.handler or "")


MATTERS = Counting(of_case=of_case, traits=traits)
