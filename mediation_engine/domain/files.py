"""Files that an order hands in: what stands in the record in place of each, and which kinds there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NewType

from .fields import fields_of

FileRef = NewType("FileRef", str)
"""``exhibit:ID:SIZE;MEDIA:DIGEST``: never a name of a file."""


@dataclass(frozen=True, slots=True)
class Media:
    """A kind of file that is taken."""

    ending: str
    label: str
    is_shown: bool = False
    """Whether there is a picture of it."""


OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA = {
    "image/jpeg": Media("jpg", "图片", True),
    "image/png": Media("png", "图片", True),
    "image/heic": Media("heic", "图片", True),
    "application/pdf": Media("pdf", "PDF", True),
    f"{OFFICE}wordprocessingml.document": Media("docx", "Word 文档"),
    f"{OFFICE}spreadsheetml.sheet": Media("xlsx", "Excel 表格"),
    "audio/mpeg": Media("mp3", "录音"),
    "audio/mp4": Media("m4a", "录音"),
    "video/mp4": Media("mp4", "录像"),
}
"""All kinds that are taken, by media type."""
_FORM = re.compile(r"exhibit:([0-9a-f]{32}):([1-9][0-9]{0,14});([a-z0-9.+-]+/[a-z0-9.+-]+):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class FileHeld:
    """What a line holds in place of a file."""

    id: str
    size: int
    media: str
    digest: str
    """HMAC-SHA-256 over the bytes, keyed by their own salt, in hex."""

    @classmethod
    def read(cls, held: str) -> FileHeld | None:
        """The reference in a field or anywhere; None where it is not one."""
        parts = _FORM.fullmatch(held)
        return cls(parts[1], int(parts[2]), parts[3], parts[4]) if parts else None

    def written(self) -> FileRef:
        return FileRef(f"exhibit:{self.id}:{self.label}:{self.digest}")

    @property
    def label(self) -> str:
        """What stands in the place where words have who may read them."""
        return f"{self.size};{self.media}"

    @property
    def words(self) -> str:
        """What it is, for people."""
        kind = MEDIA.get(self.media)
        return f"{kind.label if kind else self.media}，{size_words(self.size)}"

    @property
    def is_shown(self) -> bool:
        """Whether a picture can be made of it."""
        return self.media in MEDIA and MEDIA[self.media].is_shown

    @property
    def ending(self) -> str:
        """What a file's name ends with."""
        kind = MEDIA.get(self.media)
        return kind.ending if kind else "bin"


def size_words(size: int) -> str:
    """A number of bytes for people."""
    for unit, name in ((1 << 20, "MB"), (1 << 10, "KB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} 字节"


def takes_files(command: type) -> bool:
    """Whether files are handed in with a command."""
    return any(spec.kind == "files" for spec in fields_of(command))


def files_in(command: Any) -> Iterator[FileHeld]:
    """The files that a command hands in."""
    for spec in fields_of(type(command)) if command is not None else ():
        held = getattr(command, spec.name) if spec.kind == "files" else ()
        for one in held if isinstance(held, tuple) else ():
            ref = FileHeld.read(one)
            if ref is not None:
                yield ref
