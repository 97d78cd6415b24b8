"""What a party has done by itself, and what has become of it since: as it may read that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mediation_engine.domain.roles import Office
from mediation_engine.record.fold import DecodedLine
from workflows.facts import facts_of

from .party_case import OwnCase
from .party_text import receipt_code

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the room did about it."""

    what: str
    when: str
    details: Pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Something that was done by telephone."""

    what: str
    when: str
    details: Pairs
    code: str
    """Of the receipt."""
    answers: Sequence[Answer]


def sent(own: OwnCase) -> list[Sent]:
    """All that was done for his parties by telephone, the latest first."""
    lines = [it for it in own.view.lines if it.line.command]
    return [_sent(own, it, lines) for it in reversed(lines) if _is_own(own, it)]


def details_of(own: OwnCase, version: int) -> Pairs:
    """What was said with a line of his own."""
    return next((own.view.teller.line(it).details for it in own.view.lines if it.line.version == version), ())


def _is_own(own: OwnCase, it: DecodedLine) -> bool:
    if it.line.office != Office.REPRESENTATIVE.value:
        return False
    capacity = facts_of(own.case).capacities.get(it.line.capacity)
    return bool(own.own_of(capacity.principals if capacity else (it.line.capacity,)))


def _sent(own: OwnCase, it: DecodedLine, lines: Sequence[DecodedLine]) -> Sent:
    told = own.view.teller.line(it)
    return Sent(
        what=told.what,
        when=it.line.occurred.words(),
        details=told.details,
        code=receipt_code(it.line),
        answers=[*_answers(own, it, lines)],
    )


def _answers(own: OwnCase, it: DecodedLine, lines: Sequence[DecodedLine]) -> Iterator[Answer]:
    for later in lines:
        is_same = later.line.instance == it.line.instance and later.line.version > it.line.version
        if is_same and later.line.office != Office.REPRESENTATIVE.value:
            told = own.view.teller.line(later)
            yield Answer(what=told.what, when=later.line.occurred.words(), details=told.details)
