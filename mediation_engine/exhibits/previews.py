"""What is shown of an exhibit: a picture made here, never the file itself."""

from __future__ import annotations

from . import documents, images

SMALL, LARGE = 320, 1600
"""Points on the longer side: on the case page, and by itself."""


def preview(content: bytes, media: str, longest: int) -> bytes:
    """A JPEG. ExhibitUnfit where none can be made."""
    if media == "application/pdf":
        return documents.page_shown(content, longest)
    return images.shown(content, media, longest)
