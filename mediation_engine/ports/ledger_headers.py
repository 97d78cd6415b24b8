"""The port of ledger headers: what the columns of a room's own ledger are called. No record: nothing covers it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class LedgerHeaders(Protocol):
    """Which column a header means, as somebody of an organisation has said; empty for one that is not read."""

    def of(self, organisation: str) -> dict[str, str]:
        """The column by header."""

    def keep(self, organisation: str, columns: Mapping[str, str]) -> None:
        """Add or replace, header by header."""
