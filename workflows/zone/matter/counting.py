"""What of a matter counts: that it came, how it stands by its day, and how it first ended: at once, done, or not; how
content people were with it; who went out for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Event
from mediation_engine.domain.counting import Counted, Counting, Traits
from mediation_engine.domain.line import Line, Provenance

from .facts import MatterFacts, facts_of
from .measure import MeasureRecorded
from .vocabulary import Manner

IN_PERSON = (Manner.VISIT, Manner.MEETING)
"""What somebody surely goes out for; something else, where it says how many did; a call is nobody going anywhere."""
PUNCTUAL = {True: "in_time", False: "late", None: "untold"}


def of_case(case: Case) -> Iterator[Counted]:
    """What counts as a matter stands; its kind stands in what it came to. Taken up again it has not ended."""
    facts = facts_of(case)
    if facts.came is None or facts.kind is None:
        return
    kind = facts.kind.code
    yield Counted(what="matter", day=facts.came.last_day(), kind=kind)
    for key, it in facts.ratings.items():
        yield Counted(what="matter_answered", key=key, day=it.said.last_day(), kind=f"{kind}.{it.content.value}")
    if facts.deadline is not None:
        yield Counted(what="matter_due", day=facts.deadline, kind=f"{kind}.{_by_its_day(facts)}")
    how = facts.how
    if how is None or facts.first_ended is None or facts.closed is None:
        return
    came_to = "not_done" if not how.done else "at_once" if how.at_once else "done"
    day = facts.first_ended.last_day()
    yield Counted(what="matter_ended", day=day, kind=f"{kind}.{came_to}")
    if facts.deadline is not None:
        punctual = PUNCTUAL[facts.first_ended.is_by(facts.deadline)]
        yield Counted(what="matter_promised", day=day, kind=f"{kind}.{punctual}")


def of_line(_case: Case, line: Line, event: Event[Any]) -> Iterator[Counted]:
    """Who went out for it, as many as are told; what is only assumed is nobody going anywhere."""
    if not isinstance(event, MeasureRecorded) or line.provenance is Provenance.ASSUMED:
        return
    manner, people = event.given.manner, event.given.people
    if manner in IN_PERSON or (people and manner is not Manner.CALL):
        yield Counted(what="matter_attendance", day=line.occurred.last_day(), people=people)


def _by_its_day(facts: MatterFacts) -> str:
    """Whether it was done by the day that was set for it, late, not yet, or is not to be done any more."""
    if facts.how is None or facts.first_ended is None or facts.closed is None or facts.deadline is None:
        return "open"
    return PUNCTUAL[facts.first_ended.is_by(facts.deadline)] if facts.how.done else "dropped"


def traits(case: Case) -> Traits:
    """By what the figures of matters are told apart."""
    facts = facts_of(case)
    return Traits(district=facts.district, mediator=facts.handler or "")


MATTERS = Counting(of_case=of_case, of_line=of_line, traits=traits)
