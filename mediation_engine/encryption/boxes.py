"""Boxes: bytes encrypted with AES-256-GCM, each good for one place only: moved elsewhere it opens nothing."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ..errors import BoxUnreadable
from ..ids import Randomness

KEY = 32
"""Bytes of a key."""
NONCE = 12
TAG = 16
FORM = b"\x01"
"""Before every box: another way of encrypting gets another mark."""
OVERHEAD = len(FORM) + NONCE + TAG
"""Bytes by which a box is longer than what is in it."""

Place = tuple[str | int, ...]
"""Where a box belongs, such as table, row and column."""


def new_key(randomness: Randomness) -> bytes:
    """A key for one person or one exhibit."""
    return randomness(KEY)


def shut(key: bytes, plain: bytes, place: Place, randomness: Randomness) -> bytes:
    """A box for a place."""
    nonce = randomness(NONCE)
    return FORM + nonce + AESGCM(key).encrypt(nonce, plain, _bound(place))


def opened(key: bytes, box: bytes, place: Place) -> bytes:
    """What is in a box. BoxUnreadable where it was shut with another key, for another place, or altered."""
    try:
        if not box.startswith(FORM) or len(box) < OVERHEAD:
            raise ValueError("no box")
        nonce, rest = box[len(FORM) : len(FORM) + NONCE], box[len(FORM) + NONCE :]
        return AESGCM(key).decrypt(nonce, rest, _bound(place))
    except (ValueError, InvalidTag) as fault:
        raise BoxUnreadable from fault


def _bound(place: Place) -> bytes:
    """A place as bytes, no two places the same."""
    return b"".join(f"{len(part)}:{part}".encode() for part in map(str, place))
