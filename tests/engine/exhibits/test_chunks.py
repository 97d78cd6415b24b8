"""Encrypted in chunks: each is good in its own place only, and no end can be cut off."""

from __future__ import annotations

from io import BytesIO

import pytest

from mediation_engine.encryption.boxes import OVERHEAD
from mediation_engine.errors import BoxUnreadable
from mediation_engine.exhibits.chunks import CHUNK, decrypted, encrypted
from mediation_engine.ids import seeded_randomness

KEY, WHOLE = b"k" * 32, CHUNK + OVERHEAD


def kept(content: bytes, exhibit: str = "e") -> list[bytes]:
    return [*encrypted(KEY, exhibit, content, seeded_randomness(1))]


def read(parts: list[bytes], exhibit: str = "e") -> bytes:
    return b"".join(decrypted(KEY, exhibit, BytesIO(b"".join(parts))))


@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_kept_is_read_again(size: int) -> None:
    content = (bytes(range(251)) * (size // 251 + 1))[:size]
    parts = kept(content)
    assert len(parts) == (size - 1) // CHUNK + 1
    assert content[:50] not in b"".join(parts)
    assert read(parts) == content


THREE = kept(b"a" * (2 * CHUNK + 5))
ALTERED = {
    "swapped": [THREE[1], THREE[0], THREE[2]],
    "one left out": [THREE[0], THREE[2]],
    "the first left out": THREE[1:],
    "the last cut off": THREE[:2],
    "the last cut short": [*THREE[:2], THREE[2][:-1]],
    "one twice": [THREE[0], THREE[0], THREE[1], THREE[2]],
    "something behind it": [*THREE, b"x"],
    "another file's last behind it": [*THREE, *kept(b"b")],
    "a bit turned": [THREE[0], THREE[1][:99] + bytes([THREE[1][99] ^ 1]) + THREE[1][100:], THREE[2]],
    "nothing": [],
}


@pytest.mark.parametrize("how", ALTERED)
def test_whatever_is_altered_is_not_read(how: str) -> None:
    with pytest.raises(BoxUnreadable):
        read(ALTERED[how])


def test_one_exhibit_is_not_read_as_another() -> None:
    with pytest.raises(BoxUnreadable):
        read(THREE, "f")
