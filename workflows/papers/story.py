"""What happened, as it was taken down when the case was opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mediation_engine.domain.formatting import heading, sum_words
from mediation_engine.domain.paper import Block, PaperReading, Paragraph, Ruled

from ..facts import facts_of
from ..phases.intake import RegisterCase, SubmitApplication


def registration(reading: PaperReading) -> RegisterCase | None:
    """The order that registered the case, as far as it may be read."""
    return next((c for c in reading.commands("intake/1") if isinstance(c, RegisterCase)), None)


def story(reading: PaperReading) -> Iterator[Paragraph]:
    """What was taken down at the registration, else what the application says; else between whom it is about what."""
    opened = registration(reading)
    applied = next((c for c in reading.commands("intake/1") if isinstance(c, SubmitApplication)), None)
    words = (opened and opened.matter) or (applied and applied.words)
    written = [*paragraphs(reading.said(words))] if words else []
    yield from written or [Paragraph(f"{between(reading)}。")]


def between(reading: PaperReading) -> str:
    """王某与某厂拖欠劳动报酬纠纷"""
    facts = facts_of(reading.case)
    sides = [heading([reading.thing(key) for key in keys]) for _, keys in facts.sides()[:2]]
    return f"{'与'.join(sides)}{facts.dispute.label if facts.dispute else ''}纠纷"


def matters(reading: PaperReading, issues: Sequence[str]) -> Iterator[Paragraph]:
    """What is in dispute, and what is asked for."""
    facts = facts_of(reading.case)
    for key in issues:
        issue = facts.issues[key]
        parts = [reading.said(issue.matter).strip().rstrip("。；")] if issue.matter else []
        if issue.amount_claimed is not None:
            parts.append(f"请求金额{sum_words(issue.amount_claimed)}")
        if parts:
            yield Paragraph(f"{reading.numbered(key)}：{'，'.join(parts)}。")


def or_ruled(written: Iterable[Paragraph], lines: int) -> Sequence[Block]:
    """What is written; where nothing is, lines to write it by hand."""
    return [*written] or [Ruled(lines)]


def paragraphs(words: str) -> Iterator[Paragraph]:
    """Words with each of their own lines a paragraph."""
    return (Paragraph(line) for line in (one.strip() for one in words.splitlines()) if line)
