"""Whether a text that somebody has on paper is the current one of an agreement."""

from __future__ import annotations

from dataclasses import dataclass

from mediation_engine.services.case_view import CaseView
from workflows.facts import MediationFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class TextStatus:
    """What is said of a text to whoever has it in hand; no names."""

    is_current: bool
    number: str
    """Of the case."""
    agreement: str
    state: str
    """Of the agreement, in words."""
    version: int
    """Of the current text."""
    drafted: str
    """When the current text was made."""


def status_of(view: CaseView, key: str, text_hash: str) -> TextStatus | None:
    """None where there never was such a text: then it is not said either whether there is such a case."""
    facts = view.case.facts
    if not isinstance(facts, MediationFacts) or key not in facts.agreements:
        return None
    known = {getattr(it.event, "text_hash", None) for it in view.lines if it.line.instance == key}
    if text_hash not in known - {None}:
        return None
    of = facts.agreements[key]
    return TextStatus(
        is_current=of.text_hash == text_hash,
        number=facts.number or "",
        agreement=view.teller.numbered(key),
        state=view.teller.state(key, view.case.state(key)),
        version=of.text_version,
        drafted=of.drafted.words() if of.drafted else "",
    )
