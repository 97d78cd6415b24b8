"""The exhibits of a case, as its reader may know of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mediation_engine.domain.files import FileHeld, takes_files
from mediation_engine.services.case_view import CaseView

from .case_details import Casework


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One of them."""

    key: str
    name: str
    state: str
    state_label: str
    title: str
    about: tuple[str, ...]
    """What it is, whose, and what it belongs to, in words."""
    file: FileHeld | None
    """None where it cannot be opened: erased, or not for this reader."""


def listed(view: CaseView) -> Iterator[Listed]:
    """All there are, in order of filing."""
    work = Casework(view=view)
    for machine in view.workflow.parts if view.workflow else ():
        if not any(map(takes_files, machine.commands)) or machine.shown.card is None:
            continue
        for key in view.case.of(machine.name):
            card = machine.shown.card(work, key)
            yield Listed(
                key=key,
                name=view.teller.numbered(key),
                state=view.case.state(key) or "",
                state_label=card.state,
                title=card.title,
                about=tuple(f"{label} {words}".strip() for label, words in card.facts),
                file=FileHeld.read(view.case.facts.files().get(key, "")),
            )
