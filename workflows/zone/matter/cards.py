"""Cards of the parts of a matter: what a page says of each. Reads facts, decides nothing."""

from __future__ import annotations

from dataclasses import replace

from mediation_engine.domain.formatting import day_words, money_words
from mediation_engine.domain.presentation import Card, CaseReading, Naming

from .facts import Filled, facts_of

NAMED = ("案件", "哪一项争议")
"""What the case behind an outcome is written down by: the link to it says more."""


def sheet(reading: CaseReading, key: str) -> Card:
    """What was filled in, field by field, as the kind calls them."""
    facts = facts_of(reading.case)
    fields = {it.code: it.label for it in (facts.kind.fields if facts.kind else ())}
    shown = [(fields.get(it.field, it.field), value) for it in facts.filled if (value := _value(reading, it))]
    own = [("接访日", day_words(facts.reception))] if facts.reception else []
    number = [(facts.kind.number if facts.kind else "编号", facts.number)] if facts.number else []
    how = facts.how
    ended = [("怎样办结", f"{how.label}{IN_TIME[facts.in_time]}")] if how else []
    grounds = dict(how.grounds) if how else {}
    ended += [("认定依据", grounds[facts.ground])] if facts.ground in grounds else []
    return reading.card(key, title=facts.kind.label if facts.kind else "", facts=[*number, *own, *shown, *ended])


IN_TIME = {True: "（按时）", False: "（超过期限）", None: ""}


def _value(reading: CaseReading, it: Filled) -> str:
    if it.words:
        return reading.said(it.words)
    if it.day:
        return day_words(it.day)
    if it.amount is not None:
        return money_words(it.amount)
    return str(it.number) if it.number else "是" if it.said else ""


def concerned(reading: CaseReading, key: str) -> Card:
    """As what somebody is in it."""
    facts = facts_of(reading.case)
    of = facts.concerned[key]
    card = reading.card(key, person=of.person)
    return replace(card, title=f"{facts.called(of.standing)}：{card.title}", line=of.kind.label)


def measure(reading: CaseReading, key: str) -> Card:
    """What was done, how, and when."""
    of = facts_of(reading.case).measures[key]
    title = " · ".join(filter(None, (of.made.words(), of.manner.label, f"{of.people}人" if of.people else "")))
    return reading.card(key, title=title, facts=reading.written(key))


def outcome(reading: CaseReading, key: str) -> Card:
    """The case that it led to, and how that stands."""
    of = facts_of(reading.case).outcomes[key]
    lost = f"没有找到案号是“{of.case}”的案件，或者它不归本室：请先“记录没有调成”，再重新并入" if of.is_lost else ""
    line = " · ".join(filter(None, (of.since.words(), lost)))
    written = [it for it in reading.written(key) if it[0] not in NAMED]
    return reading.card(key, facts=[("", line), *written], leads=reading.linked(of.case))


def outcome_called(of: Naming, key: str) -> str:
    """Which way it was taken."""
    outcome = facts_of(of.case).outcomes.get(key)
    return outcome.kind.label if outcome else ""


def rating(reading: CaseReading, key: str) -> Card:
    """How content somebody is, and when he said so."""
    of = facts_of(reading.case).ratings[key]
    return reading.card(key, title=f"{of.said.words()} · {of.content.label}", facts=reading.written(key))
