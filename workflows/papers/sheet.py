"""What every paper has: who issues it, and the number of its case."""

from __future__ import annotations

from datetime import date
from typing import Any

from mediation_engine.domain.paper import Block, Paper, PaperReading


def room_paper(reading: PaperReading, *, title: str, day: date, blocks: tuple[Block, ...], **more: Any) -> Paper:
    """A paper that the room issues, under its name and the number of the case; `more` are other fields of `Paper`."""
    number = reading.case.facts.number or ""
    usual = {"host": reading.host.name, "number": number, "case_number": number}
    return Paper(title=title, day=day, blocks=blocks, **usual | more)


def party_paper(reading: PaperReading, *, title: str, day: date, blocks: tuple[Block, ...], **more: Any) -> Paper:
    """The same where a party issues it."""
    return room_paper(reading, title=title, day=day, blocks=blocks, **{"host": ""} | more)
