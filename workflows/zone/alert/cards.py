"""Cards of the parts of an alert: what a page says of each. Reads facts, decides nothing."""

from __future__ import annotations

from dataclasses import replace

from mediation_engine.domain.presentation import Card, CaseReading

from .facts import facts_of

NAMED = ("案件", "哪一项争议")
"""What the case behind an outcome is written down by: the link to it says more."""


def involved(reading: CaseReading, key: str) -> Card:
    """As what somebody is in it."""
    of = facts_of(reading.case).involved[key]
    card = reading.card(key, person=of.person)
    return replace(card, title=f"{of.standing.label}：{card.title}", line=of.kind.label)


def deputy(reading: CaseReading, key: str) -> Card:
    """Who answers for it, and whose deputy he is."""
    of = facts_of(reading.case).deputies[key]
    card = reading.card(key)
    return replace(card, title=f"{of.line.label} {card.title}")


def contact(reading: CaseReading, key: str) -> Card:
    """Whom, how, and what came of it."""
    of = facts_of(reading.case).contacts[key]
    whom = reading.thing(of.whom) if of.whom else ""
    line = " · ".join(filter(None, (of.made.words(), whom, of.manner.label, of.result.label)))
    return reading.card(key, facts=[("", line), *reading.written(key)])


def outcome(reading: CaseReading, key: str) -> Card:
    """Which way, and the case that it led to."""
    of = facts_of(reading.case).outcomes[key]
    told = f"已反馈公安：{of.told.label}" if of.told else ""
    untold = "还没有反馈公安" if of.is_untold else ""
    line = " · ".join(filter(None, (of.kind.label, of.since.words(), untold or told)))
    written = [it for it in reading.written(key) if it[0] not in NAMED]
    return reading.card(key, facts=[("", line), *written], leads=reading.linked(of.case))


def feedback(reading: CaseReading, key: str) -> Card:
    """What was told, and when."""
    of = facts_of(reading.case).feedbacks[key]
    return reading.card(key, facts=[("", f"{of.told.words()} · {of.state.label}"), *reading.written(key)])
