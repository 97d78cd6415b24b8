"""A case and its exhibits as one zip that is made while it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

from mediation_engine.export.bundle import bundle
from mediation_engine.export.case_file import VERIFIER

PART = bytes(2**20)


def test_no_exhibit_is_held_whole() -> None:
    read: list[int] = []

    def parts() -> Iterator[bytes]:
        for n in range(20):
            read.append(n)
            yield PART

    sent, largest, ahead = BytesIO(), 0, 0
    for chunk in bundle("A1", [b"{}"], [("1.jpg", parts())]):
        sent.write(chunk)
        largest, ahead = max(largest, len(chunk)), max(ahead, len(read) * len(PART) - sent.tell())
    assert largest < 2 * len(PART) and ahead < len(PART)
    with ZipFile(sent) as zip:
        assert zip.namelist() == ["A1.jsonl", VERIFIER.name, "A1.exhibits/1.jpg"]
        assert (zip.testzip(), zip.read("A1.jsonl"), zip.getinfo("A1.exhibits/1.jpg").file_size) == (
            None,
            b"{}\n",
            20 * len(PART),
        )
