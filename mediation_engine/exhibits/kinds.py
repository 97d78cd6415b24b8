"""Which kind of file it is, and whether it is whole and harmless: by what is in it, never by its name.

What is not on the list is refused in words, and so is a file that could be read as two kinds.
"""

from __future__ import annotations

from collections.abc import Callable

from ..domain.files import OFFICE
from ..errors import ExhibitUnfit
from . import documents, images, sounds

Check = Callable[[bytes], None]
"""Raises ExhibitUnfit where a file of its kind is not whole, or hides something."""

DOCX, XLSX = f"{OFFICE}wordprocessingml.document", f"{OFFICE}spreadsheetml.sheet"
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx"})
SOUND_BRANDS = frozenset({b"M4A ", b"M4B "})

REFUSED: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!"), "这是程序，不收"),
    ((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"ustar"), "不收压缩包，请把里面的文件一件一件交"),
    ((b"\xd0\xcf\x11\xe0",), "这是旧版的 Word、Excel 或 WPS 文件，请另存为 docx、xlsx 或 PDF 再交"),
    ((b"GIF8", b"BM", b"II*\x00", b"MM\x00*"), "不收这种图片，请另存为 JPG 或 PNG 再交"),
    ((b"{\\rtf",), "请另存为 docx 或 PDF 再交"),
)
"""Kinds that are refused, by their first bytes, each with what to do instead."""
ACCEPTED = "只收照片（JPG、PNG、HEIC）、PDF、Word（docx）、Excel（xlsx）、录音（MP3、M4A）和录像（MP4）"


def examined(content: bytes) -> str:
    """The media type of a file that may be kept. ExhibitUnfit says why one may not."""
    if not content:
        raise ExhibitUnfit(why="它是空的，请重新选择")
    media = _media(content)
    _CHECKS[media](content)
    return media


def _media(content: bytes) -> str:
    """By its first bytes. ExhibitUnfit."""
    head = content[:4096]
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"PK\x03\x04"):
        return documents.office_media(content)
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return "image/heic" if brand in HEIF_BRANDS else "audio/mp4" if brand in SOUND_BRANDS else "video/mp4"
    if head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1] & 0xE0 == 0xE0):
        return "audio/mpeg"
    raise ExhibitUnfit(why=_why_refused(head))


def _why_refused(head: bytes) -> str:
    for signs, words in REFUSED:
        if head.startswith(signs):
            return words
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "不收这种图片，请另存为 JPG 或 PNG 再交"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in text:
        return "不收 SVG 图，请另存为 JPG 或 PNG 再交"
    if text.startswith(b"<") or b"<html" in text or b"<script" in text:
        return "不收网页，请打印成 PDF 或截成图片再交"
    return ACCEPTED


_CHECKS: dict[str, Check] = {
    "image/jpeg": images.check_jpeg,
    "image/png": images.check_png,
    "image/heic": images.check_heic,
    "application/pdf": documents.check_pdf,
    DOCX: documents.check_office,
    XLSX: documents.check_office,
    "audio/mpeg": sounds.check_mp3,
    "audio/mp4": sounds.check_mp4,
    "video/mp4": sounds.check_mp4,
}
