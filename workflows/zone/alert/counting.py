"""What of an alert counts: that it was pushed and what came of it, whether it was signed for and taken up in time; who
went out for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Event
from mediation_engine.domain.counting import Counted, Counting, Traits
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line, Provenance
from mediation_engine.domain.occurred import Occurred

from ..vocabulary import OutcomeKind, OutcomeState
from .contact import ContactMade
from .facts import AlertFacts, facts_of
from .vocabulary import ContactManner, ContactResult

RESOLVED = frozenset({OutcomeState.SETTLED, OutcomeState.AGREED, OutcomeState.PERFORMED})
"""How an outcome stands where the quarrel is over."""
MOST_DAYS = 99
"""Later than this nobody asks how much later."""


class Result(Labelled):
    """What came of an alert, as figures tell it."""

    ON_THE_SPOT = "on_the_spot", "当场化解"
    IN_CASE = "in_case", "转调解后化解"
    CONVERTED = "converted", "转调解，还没有化解"
    RETURNED = "returned", "退回公安"
    OPEN = "open", "还没有结果"


def of_case(case: Case) -> Iterator[Counted]:
    """What counts as an alert stands."""
    facts = facts_of(case)
    if facts.pushed is None:
        return
    day, result = facts.pushed.last_day(), _result(facts)
    yield Counted(what="alert", day=day, kind=result.value)
    if result is not Result.RETURNED:
        yield Counted(what="alert_signed", day=day, kind=_signed(facts))
        yield Counted(what="alert_contacted", day=day, kind=_days_to_contact(facts, day))
    settled = [it.made for it in facts.outcomes.values() if it.kind is OutcomeKind.ON_THE_SPOT]
    if settled:
        yield Counted(what="alert_settled", day=settled[0].last_day())
    for person in sorted({it.person for it in facts.involved.values()}):
        yield Counted(what="alert_person", key=person, day=day, kind=facts.pushed.text)


def _result(facts: AlertFacts) -> Result:
    outcomes = facts.outcomes.values()
    if any(it.kind is OutcomeKind.ON_THE_SPOT for it in outcomes):
        return Result.ON_THE_SPOT
    if outcomes:
        return Result.IN_CASE if all(it.state in RESOLVED for it in outcomes) else Result.CONVERTED
    return Result.RETURNED if facts.returned is not None else Result.OPEN


def _signed(facts: AlertFacts) -> str:
    """Whether it was signed for by when it should be, to the day where the minute is not known; nothing where that
    cannot be told."""
    if facts.signed is None:
        return "open"
    by = Occurred(facts.sign_by or "..")
    if by.day is None or by.is_before(facts.signed):
        return "late" if by.day else ""
    return "in_time" if facts.signed.is_by(by.day) else ""


def _days_to_contact(facts: AlertFacts, pushed: date | None) -> str:
    """After how many days somebody was first looked for or spoken to, or it was taken some way."""
    made = [*(it.made for it in facts.contacts.values()), *(it.made for it in facts.outcomes.values())]
    days = [day for it in made if (day := it.last_day()) is not None]
    if not made:
        return "open"
    return str(min(max((min(days) - pushed).days, 0), MOST_DAYS)) if days and pushed else ""


def of_line(_case: Case, line: Line, event: Event[Any]) -> Iterator[Counted]:
    """Who went out for it: one of the room's own, and whom he met; what is only assumed is nobody going anywhere."""
    if not isinstance(event, ContactMade) or line.provenance is Provenance.ASSUMED:
        return
    if event.given.manner is ContactManner.VISIT:
        people = 1 if event.given.result is ContactResult.NOT_MET else 2
        yield Counted(what="alert_attendance", day=line.occurred.last_day(), people=people)


def traits(case: Case) -> Traits:
    """By what the figures of alerts are told apart."""
    facts = facts_of(case)
    return Traits(district=facts.district, mediator=facts.signed_by or "")


ALERTS = Counting(of_case=of_case, of_line=of_line, traits=traits)
