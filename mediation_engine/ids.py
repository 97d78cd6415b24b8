"""Ids and salts, from a source of randomness that is passed in."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from hashlib import sha256
from random import Random

Randomness = Callable[[int], bytes]
"""Gives n random bytes."""

system_randomness: Randomness = secrets.token_bytes

# Crockford's base 32: no I, L, O, U, so that an id read over the phone is not misheard.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def seeded_randomness(seed: int) -> Randomness:
    """Repeatable randomness, for tests and rehearsals only."""
    return Random(seed).randbytes


RESERVED = frozenset({"new"})
"""What stands in the address of a page where otherwise a case's id does: no case may be called so."""


def new_case_id(randomness: Randomness) -> str:
    """The id of a case to be opened."""
    return new_id(randomness, 10)


def new_id(randomness: Randomness, length: int = 10) -> str:
    """A short opaque id; 10 characters are 50 bits."""
    return "".join(ALPHABET[b % 32] for b in randomness(length))


def id_of(*about: str) -> str:
    """The id of what follows from something else: the same each time, and telling nothing of it."""
    digest = sha256("\x1f".join(about).encode()).digest()
    return new_id(lambda length: digest[:length])
