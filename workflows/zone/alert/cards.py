"""Cards of the parts of an alert: what a page says of each. Reads facts, decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mediation_engine.domain.presentation import Card, CaseReading, Naming

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
    """What was said; whom, how and what came of it stand in its line."""
    said = [it for it in reading.written(key) if it[0] == "情况"]
    return reading.card(key, facts=said)


def contact_summary(reading: CaseReading, key: str) -> Iterable[str]:
    """Whom, how, and what came of it."""
    of = facts_of(reading.case).contacts[key]
    whom = reading.thing(of.whom) if of.whom else ""
    yield from filter(None, (whom, f"{of.manner.label}，{of.result.label}", of.made.words()))


def outcome(reading: CaseReading, key: str) -> Card:
    """Which way, and the case that it led to."""
    of = facts_of(reading.case).outcomes[key]
    told = f"已反馈公安：{of.told.label}" if of.told else ""
    untold = "还没有反馈公安" if of.is_untold else ""
    lost = f"没有找到案号是“{of.case}”的案件，或者它不归本室：请先“记录没有调成”，再重新并入" if of.is_lost else ""
    line = " · ".join(filter(None, (of.since.words(), untold or told, lost)))
    written = [it for it in reading.written(key) if it[0] not in NAMED]
    return reading.card(key, facts=[("", line), *written], leads=reading.linked(of.case))


def outcome_called(of: Naming, key: str) -> str:
    """Which way it was taken."""
    outcome = facts_of(of.case).outcomes.get(key)
    return outcome.kind.label if outcome else ""


def feedback(reading: CaseReading, key: str) -> Card:
    """About what."""
    of = facts_of(reading.case).feedbacks[key]
    return reading.card(key, title=reading.thing(of.outcome), facts=reading.written(key))


def feedback_summary(reading: CaseReading, key: str) -> Iterable[str]:
    """What was told, and when."""
    of = facts_of(reading.case).feedbacks[key]
    yield from (of.state.label, of.told.words())
