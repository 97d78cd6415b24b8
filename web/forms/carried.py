"""A file between the look and the taking: with the browser, sealed. Nothing of it can be read there or altered."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from mediation_engine.encryption.boxes import KEY, OVERHEAD, Place, new_key, opened, shut
from mediation_engine.encryption.room_key import RoomKey
from mediation_engine.errors import BoxUnreadable
from mediation_engine.ids import Randomness


def carried(content: bytes, key: RoomKey, place: Place, randomness: Randomness) -> str:
    """What the browser holds until somebody presses."""
    own = new_key(randomness)
    box = shut(own, zlib.compress(content), place, randomness)
    return urlsafe_b64encode(key.wrap(own, place, randomness) + box).decode()


def brought_back(held: str, key: RoomKey, place: Place) -> bytes:
    """The same again. BoxUnreadable where it was altered, or belongs to another case, person or form."""
    try:
        sealed = urlsafe_b64decode(held.encode("ascii"))
    except (Error, ValueError) as fault:
        raise BoxUnreadable from fault
    own = key.unwrap(sealed[: KEY + OVERHEAD], place)
    return zlib.decompress(opened(own, sealed[KEY + OVERHEAD :], place))
