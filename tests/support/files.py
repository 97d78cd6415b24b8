"""Files made by code, good and bad: photos, papers, recordings, and what only looks like them."""

from __future__ import annotations

from io import BytesIO

import pi_heif  # noqa: F401  # registers nothing by itself
from PIL import Image, ImageDraw

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def photo(words: str = "photo", size: tuple[int, int] = (640, 480), kind: str = "JPEG") -> bytes:
    """A picture with words on it, and with a description and a place that are nobody's business."""
    image = Image.new("RGB", size, "#dfe8ee")
    ImageDraw.Draw(image).text((20, 20), words, fill="black")
    hidden, out = Image.Exif(), BytesIO()
    hidden[0x010E] = "SECRET-EXIF"
    hidden.get_ifd(0x8825)[2] = (28.0, 53.0, 0.0)
    image.save(out, kind, exif=hidden)
    return out.getvalue()
