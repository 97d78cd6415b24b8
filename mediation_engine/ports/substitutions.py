"""The port of those who stand in for the lead."""

from __future__ import annotations

from typing import Protocol

from ..domain.roles import Substitution


class Substitutions(Protocol):
    """Who stands in for the lead, when, and for which acts."""

    def substitutions(self) -> list[Substitution]:
        """All that there ever were, the first to begin first."""

    def put_substitution(self, substitution: Substitution) -> None:
        """Add or replace."""
