"""Cards of the parts of a matter: what a page says of each. Reads facts, decides nothing."""

from __future__ import annotations

from dataclasses import replace

from mediation_engine.domain.presentation import Card, CaseReading

from .facts import facts_of


def concerned(reading: CaseReading, key: str) -> Card:
    """As what somebody is in it."""
    facts = facts_of(reading.case)
    of = facts.concerned[key]
    card = reading.card(key, person=of.person)
    return replace(card, title=f"{facts.called(of.standing)}：{card.title}", line=of.kind.label)


def measure(reading: CaseReading, key: str) -> Card:
    """What was done, how, and when."""
    of = facts_of(reading.case).measures[key]
    line = " · ".join(filter(None, (of.made.words(), of.manner.label, f"{of.people}人" if of.people else "")))
    return reading.card(key, facts=[("", line), *reading.written(key)])


def outcome(reading: CaseReading, key: str) -> Card:
    """The case that it led to, and how that stands."""
    of = facts_of(reading.case).outcomes[key]
    return reading.card(key, facts=[("", f"{of.kind.label} · {of.since.words()}"), *reading.written(key)])


def rating(reading: CaseReading, key: str) -> Card:
    """How content somebody is, and when he said so."""
    of = facts_of(reading.case).ratings[key]
    return reading.card(key, facts=[("", f"{of.said.words()} · {of.content.label}"), *reading.written(key)])
