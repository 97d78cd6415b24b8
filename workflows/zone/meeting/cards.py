"""Cards of the parts of a meeting: what a page says of each. Reads facts, decides nothing."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.formatting import day_words
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
    of = facts_of(reading.case).attendees[key]
    named = of.staff or of.person or of.body_name
    return reading.card(key, title=reading.thing(key) if named else _post(reading, key), person=of.person)


def attendee_line(reading: CaseReading, key: str) -> tuple[str, ...]:
    """For whom, and as what."""
    of = facts_of(reading.case).attendees[key]
    body = of.body_name if of.staff or of.person else ""
    post = _post(reading, key) if of.staff or of.person or of.body_name else ""
    return tuple(filter(None, (body, post)))


def _post(reading: CaseReading, key: str) -> str:
    of = facts_of(reading.case).attendees[key]
    return reading.said(of.post) if of.post else ""


def attendee_called(of: Naming, key: str) -> str:
    """Of whom no name is known: whom an organisation sends."""
    found = facts_of(of.case).attendees.get(key)
    return found.body_name if found else ""


def topic(reading: CaseReading, key: str) -> Card:
    """What is spoken of, and the way there."""
    of = facts_of(reading.case).topics[key]
    words, leads = reading.said(of.words) if of.words else "", reading.linked(of.about)
    title = words or (leads[1] if leads else reading.numbered(key))
    return reading.card(key, title=title, leads=leads)


def task(reading: CaseReading, key: str) -> Card:
    """What is to be done, and the matter that it became."""
    of = facts_of(reading.case).tasks[key]
    return reading.card(key, title=reading.said(of.words), leads=reading.linked(of.matter))


def task_line(reading: CaseReading, key: str) -> tuple[str, ...]:
    """Who is to do it, by when."""
    of = facts_of(reading.case).tasks[key]
    who = reading.thing(key) if of.staff else reading.said(of.body) if of.body else ""
    return (f"责任人：{who}", f"期限：{day_words(of.due)}")


def task_called(of: Naming, key: str) -> str:
    """By when it is to be done."""
    found = facts_of(of.case).tasks.get(key)
    return f"任务，{day_words(found.due)}以前" if found else ""
