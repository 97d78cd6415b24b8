"""The port of the journal: what binds the rows beside the record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ..record.journal import Chain, SideRow, StoredEntry


class Journal(Protocol):
    """The chains over the covered tables. The ports that write a covered row write its entry too.

    Entries are chained when the transaction ends: until then nobody else has to wait for it.
    """

    by: str | None
    """Who acts in this transaction, where that is known: it stands in the entries."""

    def last(self, chain: Chain) -> StoredEntry | None:
        """The newest entry of a chain."""

    def entry(self, chain: Chain, serial: int) -> StoredEntry | None:
        """One entry of a chain."""

    def entries(self, chain: Chain) -> Iterator[StoredEntry]:
        """The entries of a chain as stored, in order."""

    def rows(self, chain: Chain) -> Iterator[SideRow]:
        """The rows a chain covers, as stored."""
