"""The room's key: wraps the keys of people and exhibits, and finds a number again without showing it."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ..ids import Randomness
from .boxes import KEY, Place, opened, shut

INDEX = 16
"""Bytes of a blind index."""
GROUP = 4
WIDTH = 16
"""Digits of the key in a line of the paper copy; two more check them."""
LINES = KEY * 2 // WIDTH
"""Lines of a paper copy."""


class RoomKey:
    """What the key in the file does. Never printed, never part of an error."""

    __slots__ = ("_index", "_wrap", "fingerprint")

    def __init__(self, secret: bytes) -> None:
        """`secret` is KEY bytes."""
        if len(secret) != KEY:
            raise ValueError("no room key")
        self._wrap = _derived(secret, b"wrap")
        self._index = _derived(secret, b"index")
        self.fingerprint = _derived(secret, b"fingerprint")[:4].hex()
        """Tells keys apart and gives nothing away."""

    def wrap(self, key: bytes, place: Place, randomness: Randomness) -> bytes:
        """A key of somebody or something, as it is kept."""
        return shut(self._wrap, key, place, randomness)

    def unwrap(self, wrapped: bytes, place: Place) -> bytes:
        """The key again. BoxUnreadable where it was wrapped by another room's key, for another place, or altered."""
        return opened(self._wrap, wrapped, place)

    def index(self, kind: str, value: str) -> bytes:
        """By what a value of a kind is found: the same for the same value, and nothing can be made of it without
        the key. Whoever asks brings the value into one form first."""
        return hmac.new(self._index, f"{kind}\n{value}".encode(), hashlib.sha256).digest()[:INDEX]


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=b"mediation_engine room key: " + purpose).derive(secret)


def new_secret(randomness: Randomness) -> bytes:
    """What is kept in the file: hexadecimal digits and a line feed."""
    return randomness(KEY).hex().encode() + b"\n"


def read_secret(kept: bytes) -> RoomKey:
    """The key in such a file; ValueError where it is none."""
    return RoomKey(bytes.fromhex(kept.decode("ascii").strip()))


def paper_copy(kept: bytes) -> list[str]:
    """The key in lines to be printed, each ending with a check, so that one can be told which was misread."""
    digits = kept.decode("ascii").strip()
    rows = [digits[n : n + WIDTH] for n in range(0, len(digits), WIDTH)]
    return [" ".join([*_groups(row), _check(number, row)]) for number, row in enumerate(rows, start=1)]


def digits_in(number: int, typed: str) -> str | None:
    """The digits of a line of the paper copy, counted from 1; None where they do not fit their check."""
    row = re.sub(r"\s", "", typed).lower()
    sound = re.fullmatch(r"[0-9a-f]+", row) and len(row) == WIDTH + 2 and _check(number, row[:-2]) == row[-2:]
    return row[:-2] if sound else None


def from_paper(lines: Sequence[str]) -> bytes:
    """The file's content from the digits of all lines; ValueError where they are not so many."""
    digits = "".join(lines)
    if len(digits) != KEY * 2:
        raise ValueError("no room key")
    return bytes.fromhex(digits).hex().encode() + b"\n"


def _groups(row: str) -> Iterator[str]:
    return (row[n : n + GROUP] for n in range(0, len(row), GROUP))


def _check(number: int, row: str) -> str:
    return hashlib.sha256(f"{number} {row}".encode()).hexdigest()[:2]
