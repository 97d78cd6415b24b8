"""A case and its exhibits as one file to take away: a zip that is made while it is sent, so nothing is held whole.

What is in it lies there as the console writes it into a folder: the record, the exhibits in the folder beside it, and
the program that checks them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from .case_file import VERIFIER

Kept = tuple[str, Iterable[bytes]]
"""The name of an exhibit's file, and its bytes part by part."""


class _Passing:
    """What is written to it, until it is taken on."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, part: bytes) -> int:
        self._waiting.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """There is nothing behind it."""

    def taken(self) -> bytes:
        parts, self._waiting = self._waiting, []
        return b"".join(parts)


def bundle(name: str, lines: Iterable[bytes], exhibits: Iterable[Kept]) -> Iterator[bytes]:
    """The bytes of the zip; `name` is that of the record, without its ending."""
    files: list[Kept] = [(f"{name}.jsonl", (line + b"\n" for line in lines)), (VERIFIER.name, [VERIFIER.read_bytes()])]
    yield from zipped((*files, *((f"{name}.exhibits/{own}", parts) for own, parts in exhibits)))


def zipped(files: Iterable[Kept]) -> Iterator[bytes]:
    """The bytes of a zip of some files; each is asked for when the one before has gone."""
    passing = _Passing()
    with ZipFile(passing, "w", ZIP_STORED) as zip:  # type: ignore[call-overload]  # it asks for no more than to write
        for file, parts in files:
            entry = ZipInfo(file)
            entry.external_attr = 0o600 << 16
            with zip.open(entry, "w", force_zip64=True) as opened:
                for part in parts:
                    opened.write(part)
                    yield passing.taken()
            yield passing.taken()
    yield passing.taken()
