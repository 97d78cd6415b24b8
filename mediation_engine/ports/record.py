"""The port of the record, and the answer an order was given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from msgspec import Struct

from ..domain.line import StoredLine
from ..record.sealing import StoredText


class Answer(Struct, frozen=True, kw_only=True):
    """The kept answer to an order: which lines it wrote, and a digest of what was asked and by whom."""

    command_id: str
    case: str
    first: int
    last: int
    order_digest: bytes


class Record(Protocol):
    """The append-only lines, the answers kept with them, and the erasable texts beside them."""

    def lines(self, case: str, since: int = 0) -> list[StoredLine]:
        """The lines of a case as stored, from a version on, in order of version."""

    def last(self, case: str) -> StoredLine | None:
        """The newest line of a case."""

    def append(self, lines: Sequence[StoredLine]) -> None:
        """Add lines of one case.

        VersionClash where a version is taken or left out, or (command id, ordinal) taken; at the latest when the
        transaction ends.
        """

    def cases(self) -> list[str]:
        """Ids of all cases that have a line or a row in the list, in order of id."""

    def answer(self, command_id: str) -> Answer | None:
        """The answer kept for an order that has lines, in whichever case."""

    def answers(self, case: str) -> list[Answer]:
        """The answers kept for a case, in order of its lines."""

    def keep_answer(self, answer: Answer) -> None: ...

    def texts(self, case: str) -> dict[str, StoredText]:
        """The texts of a case by id, erased ones with words None."""

    def salts(self, case: str, ids: Iterable[str]) -> dict[str, bytes | None]:
        """The salts of those of a case's texts that are stored."""

    def put_texts(self, texts: Iterable[StoredText]) -> None: ...

    def erase_text(self, case: str, id: str) -> None:
        """Forget words and salt; label and id stay."""
