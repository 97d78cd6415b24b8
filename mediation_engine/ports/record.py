"""The port of the record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from ..domain.recorded_order import StoredOrder
from ..record.sealing import StoredText


class Record(Protocol):
    """The append-only orders, and the erasable texts beside them."""

    def orders(self, case: str, since: int = 0) -> list[StoredOrder]:
        """The orders of a case as stored, in order; only those whose first line is `since` or later."""

    def last(self, case: str) -> StoredOrder | None:
        """The newest order of a case."""

    def append(self, order: StoredOrder) -> None:
        """Add an order.

        VersionClash where it does not follow on the last one of its case; at the latest when the transaction ends.
        """

    def cases(self) -> list[str]:
        """Ids of all cases that have an order or a row in the list, in order of id."""

    def texts(self, case: str) -> dict[str, StoredText]:
        """The texts of a case by id, erased ones with words None."""

    def salts(self, case: str, ids: Iterable[str]) -> dict[str, bytes | None]:
        """The salts of those of a case's texts that are stored."""

    def put_texts(self, texts: Iterable[StoredText]) -> None: ...

    def wordless(self) -> dict[str, list[str]]:
        """Ids of the texts whose words are gone, by case, in order."""

    def erase_text(self, case: str, id: str) -> None:
        """Forget words and salt; label and id stay. Nothing of them is to be left in the files of the database."""
