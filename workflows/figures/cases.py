"""What of a mediated dispute counts: acceptance, closing, agreements, performance, confirmation, visits, attendance."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Event
from mediation_engine.domain.counting import Counted, Counting, Traits
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line, Provenance
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Level, is_above

from ..facts import MONEY, OUTLIVING, MediationFacts, Obligation, facts_of
from ..parts.block import Contact, TalkRecorded
from ..parts.levels import levels, raised_at
from ..parts.queries import STRENGTHENING, binds, obligations_of
from ..parts.risk import RiskEased
from ..parts.session import SessionHeld
from ..parts.states import AgreementState, ObligationState, ProceedingState, VisitState
from ..parts.visit import QualityAsked, VisitMade, Way
from ..phases.challenge import ClosedAsDecided, ClosedAsSettledThere
from ..phases.endings import ApplicationWithdrawn, MediationTerminated
from ..phases.follow_up import ClosedAsPerformed, ClosedNamingRemainder
from ..vocabulary import Danger, Presence, Satisfaction, Side, VisitKind


class Ending(Labelled):
    """How an accepted case came to its first closing, as figures tell it."""

    SETTLED = "settled", "调解成功"
    FAILED = "failed", "调解不成"
    WITHDRAWN = "withdrawn", "撤回申请"
    DECIDED = "decided", "以裁判结果结案"


class Where(Labelled):
    """At which level a case was settled (矛盾不上交)."""

    THERE = "there", "在提出的那一级化解"
    ABOVE = "above", "到上面才化解"
    UNTOLD = "untold", "没有写明哪一级"


class Kept(Labelled):
    """How an agreement that has fallen due stands."""

    OF_ITSELF = "of_itself", "自动履行"
    URGED = "urged", "督促后履行"
    OPEN = "open", "尚未履行完毕"


class Punctual(Labelled):
    """Whether something was done by its day."""

    IN_TIME = "in_time", "按期"
    LATE = "late", "逾期"
    UNTOLD = "untold", "说不清哪天做的"
    OPEN = "open", "还没有做"


class Activity(Labelled):
    """At what people were there."""

    SESSION = "session", "会议"
    TALK = "talk", "单独沟通"
    VISIT = "visit", "走访"


ENDINGS: dict[type[Event[Any]], Ending] = {
    ClosedAsPerformed: Ending.SETTLED,
    ClosedNamingRemainder: Ending.SETTLED,
    MediationTerminated: Ending.FAILED,
    ApplicationWithdrawn: Ending.WITHDRAWN,
    ClosedAsDecided: Ending.DECIDED,
    ClosedAsSettledThere: Ending.DECIDED,
}
AVERTED = "averted_"
"""How kinds of things (codes) begin that tell what a dispute did not come to."""
NO_CASES = frozenset({"mistaken", "duplicate"})
"""Ends (codes) of what should not have been registered: it counts in no figure."""
TALKS_IN_PERSON = (Contact.IN_PERSON, Contact.VISIT)
"""What is told during a session is of that; a call is nobody going anywhere."""


def counts(case: Case) -> bool:
    """Whether a case counts: it was not registered by mistake."""
    return NO_CASES.isdisjoint((case.facts.closed, case.facts.closed_before))


def traits(case: Case) -> Traits:
    """By what the figures of a case are told apart: as it stands."""
    facts = facts_of(case)
    return Traits(
        dispute=facts.dispute.value if facts.dispute else "",
        source=facts.source.value if facts.source else "",
        mediator=facts.lead_mediator() or "",
        level=level.value if (level := raised_at(case)) else "",
    )


def heads(facts: MediationFacts, sides: Collection[Side] = tuple(Side)) -> int | None:
    """How many people are parties on some sides: a group by its head-count, those on its roster or that of some of it
    not once more; None where it has none."""
    groups = {key for key, it in facts.parties.items() if it.kind is PartyKind.GROUP}
    some = {key for key, it in facts.cohorts.items() if it.party in groups}
    own = (it for it in facts.parties.values() if it.side in sides)
    counted = [it.count for it in own if it.group is None and it.cohort not in some]
    return None if None in counted else sum(n for n in counted if n is not None)


def in_effect(case: Case) -> list[str]:
    """The agreements that took effect, and bind or were performed."""
    return [k for k, a in facts_of(case).agreements.items() if a.effective is not None and binds(case, k)]


def form_of(case: Case) -> str:
    """The form of what a case was settled by: written where any of it is on paper."""
    forms = {a.form.value for k in in_effect(case) if (a := facts_of(case).agreements[k]).form is not None}
    return "written" if "written" in forms else next(iter(forms), "")


def of_case(case: Case) -> Iterator[Counted]:
    """What counts as a case stands."""
    facts = facts_of(case)
    if facts.accepted is None:
        return
    source = facts.source.value if facts.source else ""
    yield Counted(
        what="accepted", day=_day(facts.accepted), kind=source, amount=facts.amount_claimed, people=heads(facts)
    )
    yield from _agreements(case)
    yield from _confirmations(case)
    yield from _visits(case)


def _agreements(case: Case) -> Iterator[Counted]:
    facts, own = facts_of(case), in_effect(case)
    days = [day for k in own if (day := _day(facts.agreements[k].effective)) is not None]
    if own:
        day = min(days, default=None)
        where, people = _where(*levels(case)).value, heads(facts)
        yield Counted(what="settled", day=day, kind=where, form=form_of(case), people=people)
    for key in own:
        agreement, day = facts.agreements[key], _day(facts.agreements[key].effective)
        form = agreement.form.value if agreement.form else ""
        yield Counted(what="agreement", key=key, day=day, kind=form, form=form, amount=agreement.total)
        yield Counted(what="performed", key=key, day=day, form=form, amount=_performed(case, key))
        owed = [facts.obligations[k] for k in obligations_of(case, key)]
        owed = [it for it in owed if it.kind not in OUTLIVING]
        last = _last_due(owed)
        if last is not None:
            yield Counted(what="due", key=key, day=last, kind=_kept(case, key, owed).value, form=form)


def _where(raised: Level | None, settled: Level | None) -> Where:
    """Whether a case was settled where it was raised; enterprises and villages are at one height."""
    if raised is None or settled is None:
        return Where.UNTOLD
    return Where.ABOVE if is_above(settled, raised) else Where.THERE


def _last_due(owed: list[Obligation]) -> date | None:
    """The day by which all of an agreement is to be performed; None where not all of it has a day."""
    days = [it.due for it in owed]
    return max((day for day in days if day is not None), default=None) if None not in days else None


def _kept(case: Case, agreement: str, owed: list[Obligation]) -> Kept:
    """How an agreement that has fallen due stands."""
    if not case.is_in(agreement, AgreementState.PERFORMED):
        return Kept.OPEN
    return Kept.URGED if any(it.urgings for it in owed) else Kept.OF_ITSELF


def _performed(case: Case, agreement: str) -> int | None:
    """The sums of the duties of an agreement that are performed; money through a custodian once, on its last leg."""
    if case.is_in(agreement, AgreementState.PERFORMED):
        return facts_of(case).agreements[agreement].total
    owed = facts_of(case).obligations
    done = (owed[k] for k in obligations_of(case, agreement) if case.is_in(k, ObligationState.PERFORMED))
    return sum(it.amount or 0 for it in done if it.kind in MONEY and not it.into_custody)


def _confirmations(case: Case) -> Iterator[Counted]:
    for key, it in facts_of(case).proceedings.items():
        if it.kind in STRENGTHENING:
            yield Counted(what="confirmation_asked", key=key, day=_day(it.filed), kind=it.kind.value)
            if case.is_in(key, ProceedingState.CONFIRMED, ProceedingState.OBJECTED):
                yield Counted(what="confirmed", key=key, day=_day(it.decided), kind=it.kind.value)


def _visits(case: Case) -> Iterator[Counted]:
    for key, visit in facts_of(case).visits.items():
        if case.is_in(key, VisitState.CANCELLED):
            continue
        made = _day(visit.made)
        if visit.due is not None and visit.kind is VisitKind.FOLLOW_UP:
            yield Counted(what="visit_due", key=key, day=visit.due, kind=_punctual(visit.made, visit.due).value)
        if visit.made is not None:
            what = "visit" if visit.kind is VisitKind.FOLLOW_UP else "quality_visit"
            yield Counted(what=what, key=key, day=made)
            if visit.satisfied is not Satisfaction.NOT_ASKED:
                yield Counted(what="answered", key=key, day=made, kind=visit.satisfied.value)


def _punctual(made: Occurred | None, due: date) -> Punctual:
    if made is None:
        return Punctual.OPEN
    return {True: Punctual.IN_TIME, False: Punctual.LATE, None: Punctual.UNTOLD}[made.is_by(due)]


def of_line(case: Case, line: Line, event: Event[Any]) -> Iterator[Counted]:
    """What a line adds for good: a closing, a risk that is over, who was there."""
    ending = ENDINGS.get(type(event))
    if ending is not None:
        yield from _closing(case, line, ending)
    elif isinstance(event, RiskEased):
        yield from _eased(case, line)
    elif line.provenance is not Provenance.ASSUMED:
        yield from _attendance(line, event)


def _eased(case: Case, line: Line) -> Iterator[Counted]:
    """A risk that is over, by the grade of its case; what might have come of it is told once of a case."""
    grade, risk = facts_of(case).grade, facts_of(case).risks.get(line.instance)
    yield Counted(what="risk_eased", day=_day(line.occurred), kind=grade.value if grade else "")
    if risk is not None and risk.danger is not None:
        yield Counted(what=f"{AVERTED}{risk.danger.value}", day=_day(line.occurred))


def _closing(case: Case, line: Line, ending: Ending) -> Iterator[Counted]:
    facts, day = facts_of(case), _day(line.occurred)
    if facts.accepted is None:
        return
    accepted = _day(facts.accepted)
    days = (day - accepted).days if day and accepted else None
    form = form_of(case) if ending is Ending.SETTLED else ""
    yield Counted(what="closed", day=day, kind=ending.value, form=form, amount=days, people=heads(facts))
    yield Counted(what="graded", day=day, kind=facts.grade.value if facts.grade else "", form=form)


def _attendance(line: Line, event: Event[Any]) -> Iterator[Counted]:
    """Everybody who was there, and one of the room's own; several sessions reported together as often as they were."""
    g = event.given
    if isinstance(event, SessionHeld):
        present = sum(it.presence is Presence.PRESENT for it in g.attendance)
        there = len(g.attended) + present + len(g.guests)
        people = None if g.times is None else (there + 1) * g.times
        yield Counted(what="attendance", day=_day(line.occurred), kind=Activity.SESSION.value, people=people)
    elif isinstance(event, TalkRecorded) and g.manner in TALKS_IN_PERSON:
        # Who was there besides has a line of its own, in the same order.
        people = 1 if line.ordinal else 2
        yield Counted(what="attendance", day=_day(line.occurred), kind=Activity.TALK.value, people=people)
    elif isinstance(event, VisitMade | QualityAsked) and g.manner is Way.IN_PERSON:
        met = max(1, sum(1 for key in (g.party, *getattr(g, "also", ())) if key))
        yield Counted(what="attendance", day=_day(line.occurred), kind=Activity.VISIT.value, people=met + 1)


def _day(occurred: Occurred | None) -> date | None:
    """The day something counts on: the last it names; a month or a year by its first. None where nobody says."""
    return occurred.last_day() if occurred else None


CASES = Counting(
    of_case=of_case,
    of_line=of_line,
    once=frozenset({"closed", "graded", *(f"{AVERTED}{it.value}" for it in Danger)}),
    traits=traits,
    counts=counts,
)
