"""The sheet of one visit in words: whom, where, when; what was found before; what is due and paid."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from mediation_engine.domain.formatting import day_words, money_words
from mediation_engine.domain.masking import MASKS
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.people import Details
from mediation_engine.domain.presentation import Pair
from mediation_engine.domain.roles import Office
from mediation_engine.services.case_view import CaseView
from workflows.facts import facts_of
from workflows.parts.cards import UNREACHED
from workflows.parts.ledger import paid_on
from workflows.parts.states import VISIT_AHEAD, VisitState
from workflows.parts.visit import RecordQualityVisit, RecordVisit
from workflows.vocabulary import DayPart, VisitKind

from .case_details import Casework

MOST_EARLIER = 3
MOST_DUTIES = 4
TOLD_OF_EARLIER = ("方式", "情况", "对调解是否满意", "情绪或行为有反常", "有新的矛盾苗头", "回访情况", "原话和意见")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """One way of reaching somebody: a number to call, or an address; masked until it is asked for."""

    person: str
    """The id in the register."""
    field: str
    """phones | address"""
    name: str
    label: str
    masked: str
    whole: tuple[str, ...] = ()
    """The numbers, or the address, once asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A visit before this one, and what was found."""

    name: str
    day: str
    facts: list[Pair]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTold:
    """One visit, in words."""

    name: str
    kind: str
    whom: str
    place: str
    when: str
    visitor: str
    state: str
    is_open: bool
    attempts: int
    entrusted: str
    """Who goes in the mediator's place; empty where nobody does."""
    earlier: list[Earlier]
    duties: list[str]
    more_duties: int
    photos: int

    @property
    def nobody_words(self) -> str:
        """What it means to say once more that nobody was met."""
        if self.attempts + 1 < UNREACHED:
            before = f"已有{self.attempts}次没有见到人；" if self.attempts else ""
            return f"{before}满{UNREACHED}次的，请室主任决定换人、换时间，或向邻居、单位了解。"
        if self.attempts + 1 == UNREACHED:
            return f"已有{self.attempts}次没有见到人；再记就满{UNREACHED}次，转请室主任决定。"
        return f"已有{self.attempts}次没有见到人，已请室主任决定。"


def told_visit(view: CaseView, key: str, party: str | None) -> VisitTold:
    """A visit of the case in words; `party` is whom it is about by now."""
    work, visit = Casework(view=view), facts_of(view.case).visits[key]
    duties = list(_duties(work, visit.agreement, party))
    part = "" if visit.part is DayPart.ANY else visit.part.label
    visitor = visit.visitor or view.case.facts.lead_mediator() or Office.MEDIATOR.label
    return VisitTold(
        name=work.numbered(key),
        kind="质量回访" if visit.kind is VisitKind.QUALITY else "走访",
        whom=work.thing(party) if party else "",
        place=work.said(visit.place) if visit.place else "",
        when=f"{day_words(visit.due)}{part}" if visit.due else "日期没有写明",
        visitor=view.actors.get(visitor, visitor),
        state=work.state(key),
        is_open=view.case.is_in(key, *VISIT_AHEAD, VisitState.TO_BE_ASKED),
        attempts=visit.attempts,
        entrusted=view.people.get(visit.entrusted, visit.entrusted) if visit.entrusted else "",
        earlier=list(_earlier(work, key, party))[:MOST_EARLIER],
        duties=duties[:MOST_DUTIES],
        more_duties=max(0, len(duties) - MOST_DUTIES),
        photos=sum(key in exhibit.about for exhibit in facts_of(view.case).exhibits.values()),
    )


def _earlier(work: Casework, key: str, party: str | None) -> Iterator[Earlier]:
    """Visits to the same party that were made, the latest first."""
    visits = facts_of(work.case).visits
    for other, visit in reversed(visits.items()):
        if other == key or visit.made is None or (party is not None and party not in (visit.party, *visit.also)):
            continue
        made = [it for it in work.commands(other) if isinstance(it, RecordVisit | RecordQualityVisit)]
        said = dict(work.details(made[-1])) if made else {}
        facts = [(label, said[label]) for label in TOLD_OF_EARLIER if label in said]
        yield Earlier(name=work.numbered(other), day=visit.made.words(), facts=facts)


def _duties(work: Casework, agreement: str | None, party: str | None) -> Iterator[str]:
    """What is owed by or to a party, and how much of it is paid."""
    for key, owed in facts_of(work.case).obligations.items():
        concerns = party is None or party in (owed.payer, owed.payee)
        if not concerns or (agreement is not None and owed.agreement not in (agreement, None)):
            continue
        paid = paid_on(work.case, key)
        told = [
            owed.kind.label,
            money_words(owed.amount) if owed.amount is not None else "",
            f"期限{day_words(owed.due)}" if owed.due else "",
            f"已付{money_words(paid)}" if paid else "",
            work.state(key),
        ]
        yield "，".join(filter(None, told))


# -- what a visitor learns


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Whom to see, where and when, and nothing else of the case."""

    whom: str
    place: str
    when: str
    version: int
    """Of the visit, as it is shown."""


def sent_to(view: CaseView, key: str) -> Sent:
    """What a visitor learns of a visit; the view is a mediator's, and nothing else of it goes out."""
    told = told_visit(view, key, facts_of(view.case).visits[key].party)
    return Sent(whom=told.whom, place=told.place, when=told.when, version=view.case.instances[key].seen)


# -- who can be called


def reachable(view: CaseView, party: str | None) -> dict[str, str]:
    """Whom one calls about a party, by id: itself, then those who act for it today; names beside."""
    facts = facts_of(view.case)
    if party is None or party not in facts.parties:
        return {}
    standing = (c for c in facts.capacities.values() if party in c.principals)
    today = Occurred(view.today.isoformat())
    acting = [c.person for c in standing if c.stands(today)]
    return {id: view.people.get(id, "") for id in (facts.parties[party].person, *acting)}


def ways(
    people: Mapping[str, str], known: Mapping[str, Details], whole: Collection[tuple[str, str]], *, place: str
) -> list[Reach]:
    """The numbers of some people, and addresses where no place is known; whole where (id, field) was asked for."""
    fields = {"phones": "电话"} if place else {"phones": "电话", "address": "住址"}
    return [
        Reach(
            person=id,
            field=name,
            name=people[id],
            label=label,
            masked=MASKS[name](details),
            whole=_whole(details, name) if (id, name) in whole else (),
        )
        for id, details in known.items()
        for name, label in fields.items()
        if getattr(details, name, None)
    ]


def _whole(details: Details, name: str) -> tuple[str, ...]:
    if name == "phones":
        return tuple(str(phone.number) for phone in details.phones)
    return (str(getattr(details, name)),)
