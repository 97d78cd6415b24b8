"""Pictures: whole, not too large before they are unpacked; what is shown is made anew, without EXIF or place."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Semaphore

import pi_heif
from PIL import Image, ImageOps

from ..errors import ExhibitUnfit

MOST_PIXELS = 50_000_000
BROKEN = "图片不完整或已损坏，请重新拍一张"
TOO_LARGE = "图片的尺寸太大（超过五千万像素），请缩小后再交"
TWO_IN_ONE = "图片后面还附着别的内容（如动态照片），请在相册里另存为普通照片再交"
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/heic": "HEIF"}
_AT_ONCE = Semaphore(2)
"""Unpacked, a picture can take 150 MB: no more than two at a time."""

pi_heif.register_heif_opener(thumbnails=False)


def check_jpeg(content: bytes) -> None:
    _check_end(content, _end_of_jpegs(content))
    _check(content, "JPEG")


def check_png(content: bytes) -> None:
    _check_end(content, _end_of_png(content))
    with _opened(content, "PNG") as image:
        try:
            image.verify()
        except (OSError, ValueError, SyntaxError) as fault:
            raise ExhibitUnfit(why=BROKEN) from fault
    _check(content, "PNG")


def check_heic(content: bytes) -> None:
    _check_end(content, end_of_boxes(content, {b"ftyp", b"meta"}))
    _check(content, "HEIF")


def shown(content: bytes, media: str, longest: int) -> bytes:
    """A picture as it is shown: upright, no longer than that on a side, a JPEG of nothing but what is seen.

    ExhibitUnfit where it cannot be unpacked.
    """
    with _AT_ONCE, _opened(content, FORMATS[media]) as image:
        try:
            return as_jpeg(image, longest)
        except (OSError, ValueError, SyntaxError) as fault:
            raise ExhibitUnfit(why=BROKEN) from fault


def as_jpeg(image: Image.Image, longest: int) -> bytes:
    """An opened picture, as above."""
    image.draft("RGB", (longest, longest))  # a JPEG is unpacked no larger than it has to be
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((longest, longest))
    plain = Image.new("RGB", upright.size, "white")  # nothing but points goes over: no EXIF, no profile, no comment
    plain.paste(upright, mask=upright.convert("RGBA").getchannel("A") if _is_clear(upright) else None)
    out = BytesIO()
    plain.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def _is_clear(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _check(content: bytes, kind: str) -> None:
    """Unpack it once, as small as that can be done: one that was cut off shows there."""
    with _AT_ONCE, _opened(content, kind) as image:
        try:
            image.draft("RGB", (64, 64))
            image.load()
        except (OSError, ValueError, SyntaxError) as fault:
            raise ExhibitUnfit(why=BROKEN) from fault


@contextmanager
def _opened(content: bytes, kind: str) -> Iterator[Image.Image]:
    """A picture whose size is known and fits; not unpacked. Only the one kind is tried."""
    try:
        with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
            image = Image.open(BytesIO(content), formats=(kind,))
    except Image.DecompressionBombError as fault:
        raise ExhibitUnfit(why=TOO_LARGE) from fault
    except (OSError, ValueError, SyntaxError, RuntimeError) as fault:
        raise ExhibitUnfit(why=BROKEN) from fault
    with image:
        if image.width * image.height > MOST_PIXELS:
            raise ExhibitUnfit(why=TOO_LARGE)
        yield image


def _check_end(content: bytes, end: int | None) -> None:
    if end is None:
        raise ExhibitUnfit(why=BROKEN)
    if content[end:].strip(b"\x00"):
        raise ExhibitUnfit(why=TWO_IN_ONE)


def _end_of_jpegs(content: bytes) -> int | None:
    """Where the last of the pictures ends that follow each other in a file: telephones put a second one behind it."""
    end = _end_of_jpeg(content, 0)
    while end is not None and content.startswith(b"\xff\xd8\xff", end):
        end = _end_of_jpeg(content, end)
    return end


def _end_of_jpeg(content: bytes, at: int) -> int | None:
    """Where a picture that begins at a place ends; None where it does not."""
    at += 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker == 0xDA:
            at = _end_of_scan(content, at + 2 + int.from_bytes(content[at + 2 : at + 4]))
        elif marker == 0xD9:
            return at + 2
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return at + 2 if content[at : at + 2] == b"\xff\xd9" else None


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker stands that is more than a part of the picture's own bytes."""
    while (at := content.find(b"\xff", at)) != -1:
        following = content[at + 1 : at + 2]
        if following and following != b"\x00" and not 0xD0 <= following[0] <= 0xD7 and following != b"\xff":
            return at
        at += 1 if following == b"\xff" else 2
    return len(content)


def _end_of_png(content: bytes) -> int | None:
    at = 8
    while at + 12 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        at += 12 + length
        if kind == b"IEND":
            return at
    return None


def end_of_boxes(content: bytes, wanted: set[bytes]) -> int | None:
    """Where the boxes of an MPEG-4 file end; None where one is cut off, or one that is wanted is not there."""
    at, seen = 0, set[bytes]()
    while at + 8 <= len(content):
        size, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        if not all(0x20 <= byte < 0x7F or byte == 0xA9 for byte in kind):
            break
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16])
        size = len(content) - at if size == 0 else size
        if size < 8 or at + size > len(content):
            return None
        seen.add(kind)
        at += size
    return at if wanted <= seen else None
