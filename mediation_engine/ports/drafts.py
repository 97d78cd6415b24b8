"""The port of drafts: what somebody has typed into a form and not given yet. No record: nothing covers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One form of one member of the staff. What was typed is read apart: `Drafts.sealed`."""

    owner: str
    path: str
    """Where the form is opened."""
    form: str
    """The id of the form, by which it is the same on every device; empty where there is one form at the path."""
    at: datetime
    """When it was kept last, or given."""
    given: bool = False
    """Whether the form was given: what arrives of it late is kept no more."""


class Drafts(Protocol):
    """Who has typed what: one draft a person and form."""

    def of(self, owner: str) -> list[Draft]:
        """Those of one person, the latest first; what was given among them."""

    def sealed(self, draft: Draft) -> str:
        """What was typed, sealed for its owner; empty where there is none."""

    def put(self, draft: Draft, sealed: str) -> None:
        """Add or replace."""

    def end(self, draft: Draft) -> None:
        """Nothing where there is none."""

    def end_all(self, owner: str) -> None:
        """End all of somebody's."""

    def end_at(self, path: str) -> None:
        """End all at one path, of all people."""

    def end_older(self, at: datetime) -> None:
        """End what was kept last before a time."""
