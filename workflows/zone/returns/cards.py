"""Cards of the parts of a return: what a page says of each. Reads facts, decides nothing."""

from __future__ import annotations

from dataclasses import replace

from mediation_engine.domain.formatting import sum_words
from mediation_engine.domain.presentation import Card, CaseReading

from ...parts.tie import TIE, TOLD, UNTOLD
from .facts import facts_of


def statement(reading: CaseReading, key: str) -> Card:
    """What was stated, by whom, when."""
    of = facts_of(reading.case).statements[key]
    what = "本月无新纠纷" if of.nothing else "登记了本月的纠纷"
    late = "补报" if of.late else ""
    line = " · ".join(filter(None, (what, f"{reading.said(of.signer)}签名", of.filed.words(), of.manner.label, late)))
    return reading.card(key, facts=[("", line)])


def entry_line(reading: CaseReading, key: str) -> tuple[str, ...]:
    """About what, how many, how much, what came of it."""
    of = facts_of(reading.case).entries[key]
    people = f"{of.people}人" if of.people > 1 else ""
    amount = sum_words(of.amount) if of.amount else ""
    news = f"调解室：{of.news.label}" if of.news else ""
    return (" · ".join(filter(None, (of.about.label, people, amount, of.result.label, news))),)


def entry(reading: CaseReading, key: str) -> Card:
    """Who with whom, what happened; and the tie of who mediates it to the employer."""
    of = facts_of(reading.case).entries[key]
    told = TOLD if of.told else UNTOLD
    words = [("", reading.said(of.words))] if of.words else []
    card = reading.card(key, person=of.worker, leads=reading.linked(of.case))
    title = f"{reading.name(of.worker) or '某人'} 与 {reading.name(of.other) or '某单位'}"
    return replace(card, title=title, facts=[*words, ("利害关系", f"{TIE}；{told}")])
