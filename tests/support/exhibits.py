"""Exhibits filed in a story, their bytes in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mediation_engine.adapters.blobs.folder import Folder
from mediation_engine.domain.fields import Text
from mediation_engine.domain.files import FileHeld, FileRef, files_in
from mediation_engine.domain.order import Order, Receipt
from mediation_engine.domain.roles import Office
from mediation_engine.encryption.room_key import RoomKey
from mediation_engine.ports.exhibits import ExhibitLimits, Handed, StoredExhibit
from mediation_engine.services.exhibits import ExhibitService, Shelf
from workflows.parts.exhibit import FileExhibit
from workflows.vocabulary import ExhibitKind

from .files import photo
from .story import Story

ROOM_KEY = RoomKey(b"k" * 32)


def made_up(number: int, media: str = "image/jpeg", size: int = 1000) -> FileRef:
    """A reference to a file that there is not, for records without bytes."""
    return FileHeld(id=f"{number:032x}", size=size, media=media, digest=f"{number:064x}").written()


def handed(command: Any, case: str = "A1") -> Handed:
    """What is handed in with a command: rows for its files, whose bytes nobody reads."""
    rows = [
        StoredExhibit(case=case, id=it.id, blob="0" * 32, sealed="", size=it.size, key=b"key", pepper=b"pepper")
        for it in files_in(command)
    ]
    return Handed(rows=rows)


class Shelved:
    """A story's way of exhibits to and from a folder."""

    def __init__(self, story: Story, folder: Path, **limits: int) -> None:
        self.story, self.folder = story, Folder(folder)
        self.service = ExhibitService(
            door=story.door, blobs=self.folder, room_key=ROOM_KEY, limits=ExhibitLimits(**limits)
        )
        self.shelf = Shelf(blobs=self.folder, room_key=ROOM_KEY)

    def order(self, **given: Any) -> Order:
        command = {"kind": ExhibitKind.EVIDENCE, "title": Text("欠条")} | given.pop("filled", {})
        return self.story.order(FileExhibit(**command), **given)

    def file(self, *contents: bytes, **filled: Any) -> Receipt:
        """File some bytes, or a photo."""
        return self.service.file(self.order(filled=filled), contents or (photo(),))

    def id(self, key: str) -> str:
        held = FileHeld.read(self.story.case.facts.files()[key])
        assert held
        return held.id

    def read(self, key: str, office: Office = Office.MEDIATOR) -> bytes:
        return self.service.content(self.story.view(office), self.id(key))[2]

    def names(self) -> list[str]:
        return sorted(name for name, _ in self.folder.names())
