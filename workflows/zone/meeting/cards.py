"""Cards of the parts of a meeting: what a page says of each. Reads facts, decides nothing."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.presentation import Card, CaseReading, Naming, Pair

from .facts import facts_of
from .vocabulary import AttendeeState, Four

UNFIXED = "没有定"


def sheet(reading: CaseReading, key: str) -> Card:
    """The four things that are fixed of it, or which are not; what it came to."""
    return reading.card(key, title=reading.case.facts.number or "", facts=[*_four(reading), *_minutes(reading)])


def _four(reading: CaseReading) -> Iterator[Pair]:
    facts = facts_of(reading.case)
    missing = {it.label: UNFIXED for it in facts.unfixed()}
    about = reading.said(facts.about) if facts.about else ""
    place = reading.said(facts.place) if facts.place else ""
    theme = facts.theme.label if facts.theme else ""
    fixed = {
        Four.THEME.label: "：".join(filter(None, (theme, about))),
        Four.TIME.label: " · ".join(filter(None, (facts.when, place))),
        Four.PEOPLE.label: f"{len(facts.attendees)}人",
        Four.PLAN.label: reading.said(facts.plan) if facts.plan else "",
    }
    yield from (fixed | missing).items()
    if facts.told is None and facts.closed is None:
        yield "通知", "还没有通知任何人，四定齐了自动通知"


def _minutes(reading: CaseReading) -> Iterator[Pair]:
    facts = facts_of(reading.case)
    if facts.held is None:
        return
    came = sum(reading.case.is_in(key, AttendeeState.CAME) for key in facts.attendees)
    besides = reading.said(facts.besides) if facts.besides else ""
    yield "开会", " · ".join(filter(None, (facts.held.words(), f"应到{len(facts.attendees)}人，到{came}人", besides)))
    if facts.minutes:
        yield "会议纪要", reading.said(facts.minutes)


def attendee(reading: CaseReading, key: str) -> Card:
    """Who is to come: by name, by what sends him, or by his post."""
    return reading.card(key, person=facts_of(reading.case).attendees[key].person)


def attendee_line(reading: CaseReading, key: str) -> tuple[str, ...]:
    """For whom, and as what; as long as the meeting is to come, how he is told of it."""
    facts = facts_of(reading.case)
    way = "通知开会时发消息" if facts.attendees[key].staff else "没有账号，请另外通知"
    return (*attendee_as(reading, key), *([way] if facts.closed is None else []))


def attendee_as(reading: CaseReading, key: str) -> tuple[str, ...]:
    """For whom, and as what; but what he is called by."""
    of, called = facts_of(reading.case).attendees[key], reading.thing(key)
    return tuple(it for it in (of.body_name, of.post) if it and it != called)


def attendee_called(of: Naming, key: str) -> str:
    """Of whom no name is known: what sends him, or his post."""
    found = facts_of(of.case).attendees.get(key)
    return (found.body_name or found.post or "") if found else ""


def topic(reading: CaseReading, key: str) -> Card:
    """What is spoken of, and the way there."""
    of = facts_of(reading.case).topics[key]
    words, leads = reading.said(of.words) if of.words else "", reading.linked(of.about)
    title = words or (leads[1] if leads else reading.numbered(key))
    return reading.card(key, title=title, leads=leads)
