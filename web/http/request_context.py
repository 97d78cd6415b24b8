"""What every page reaches for: the door, the settings, who reads."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app, g, request

from mediation_engine.adapters.blobs.folder import Folder
from mediation_engine.encryption.room_key import RoomKey
from mediation_engine.errors import RoomKeyMissing
from mediation_engine.services.exhibits import ExhibitService, Shelf
from mediation_engine.services.jottings import Jottings
from mediation_engine.services.mediation import MediationService
from mediation_engine.services.people import People

from ..config import Settings
from ..security.sessions import Reader
from ..security.totp import Seals


def door() -> MediationService:
    """The door of this application."""
    found: MediationService = current_app.extensions["door"]
    return found


def settings() -> Settings:
    """What this application runs with."""
    found: Settings = current_app.extensions["settings"]
    return found


def seals() -> Seals:
    """What seals the seeds of one-time codes."""
    found: Seals = current_app.extensions["seals"]
    return found


def key() -> Ed25519PrivateKey | None:
    """What signs checkpoints; None where it was not made yet."""
    found: Ed25519PrivateKey | None = current_app.extensions["key"]
    return found


def room_key() -> RoomKey:
    """What numbers, addresses and exhibits are encrypted with. RoomKeyMissing where it was not made yet."""
    found: RoomKey | None = current_app.extensions["room_key"]
    if found is None:
        raise RoomKeyMissing
    return found


def register() -> People:
    """The register, to whoever asks. RoomKeyMissing."""
    return People(door().store, room_key(), door().randomness)


def exhibits() -> ExhibitService:
    """The way of exhibits to and from their folder. RoomKeyMissing."""
    kept = settings().exhibits
    return ExhibitService(door=door(), blobs=Folder(kept.folder), room_key=room_key(), limits=kept.limits)


def jottings() -> Jottings:
    """The way of jottings to and from where they are kept. RoomKeyMissing."""
    kept = settings().exhibits
    return Jottings(
        store=door().store,
        blobs=Folder(kept.folder),
        room_key=room_key(),
        randomness=door().randomness,
        limits=kept.limits,
    )


def shelf() -> Shelf:
    """Where exhibits lie, and what opens them; without the room's key it is only seen whether they are as they were."""
    key: RoomKey | None = current_app.extensions["room_key"]
    return Shelf(blobs=Folder(settings().exhibits.folder), room_key=key)


def skipped() -> int:
    """How many rows of a list the reader has seen; 0 where the address does not say so in digits."""
    asked = request.args.get("skip", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0


def reader() -> Reader:
    """Who is signed in, and under which office."""
    found: Reader = g.reader
    return found
