"""What is shown of an exhibit: a picture made here, never the file itself."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import ExhibitUnfit
from . import documents, images, pdf_pages

AT_ONCE = 20
"""Pages of a PDF that are drawn by one process and held together."""
SMALL, LARGE = 320, 1600
"""Points on the longer side: on the case page, and by itself."""


def pages_of(content: bytes, media: str, longest: int, most: int) -> Iterator[bytes]:
    """All there is to see of an exhibit, page by page, each a JPEG; a picture is one page.

    ExhibitUnfit where one cannot be made, or there are more than `most`.
    """
    is_pdf = media == "application/pdf"
    count = documents.pages_in(content) if is_pdf else 1
    if count > most:
        raise ExhibitUnfit(why=f"有{count}页，这里最多再画{most}页")
    if not is_pdf:
        yield images.shown(content, media, longest)
        return
    for first in range(0, count, AT_ONCE):
        yield from pdf_pages.drawn(content, longest, first, min(AT_ONCE, count - first))


def preview(content: bytes, media: str, longest: int) -> bytes:
    """A JPEG. ExhibitUnfit where none can be made."""
    if media == "application/pdf":
        return documents.page_shown(content, longest)
    return images.shown(content, media, longest)
