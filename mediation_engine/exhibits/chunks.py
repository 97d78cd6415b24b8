"""The bytes of an exhibit, encrypted in chunks: each is bound to the exhibit, its number, and whether it is the last.

So none can be exchanged, left out or put elsewhere, and the end cannot be cut off.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from ..encryption.boxes import OVERHEAD, Place, opened, shut
from ..errors import BoxUnreadable
from ..ids import Randomness

CHUNK = 1 << 20
"""Bytes of a file in one chunk; fewer in the last."""


def encrypted(key: bytes, exhibit: str, content: bytes, randomness: Randomness) -> Iterator[bytes]:
    """The chunks of a file as they are kept."""
    last = max(0, (len(content) - 1) // CHUNK)
    view = memoryview(content)
    for number in range(last + 1):
        plain = bytes(view[number * CHUNK : (number + 1) * CHUNK])
        yield shut(key, plain, _place(exhibit, number, number == last), randomness)


def decrypted(key: bytes, exhibit: str, kept: BinaryIO) -> Iterator[bytes]:
    """The file again, chunk by chunk. BoxUnreadable at the first that is not what was kept."""
    number, box = 0, kept.read(CHUNK + OVERHEAD)
    if not box:
        raise BoxUnreadable
    while box:
        following = kept.read(CHUNK + OVERHEAD)
        yield opened(key, box, _place(exhibit, number, not following))
        number, box = number + 1, following


def _place(exhibit: str, number: int, is_last: bool) -> Place:
    return ("exhibit", exhibit, number, "last" if is_last else "more")
