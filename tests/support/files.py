"""Files made by code, good and bad: photos, papers, recordings, and what only looks like them."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from PIL import Image, ImageDraw

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
HIDDEN = b"SECRET-EXIF"
"""Stands in the EXIF of every photo."""


def photo(words: str = "photo", size: tuple[int, int] = (640, 480), kind: str = "JPEG", mode: str = "RGB") -> bytes:
    """A picture with words on it, and with a description and a place that are nobody's business."""
    image = Image.new("RGB", size, "#dfe8ee")
    ImageDraw.Draw(image).text((20, 20), words, fill="black")
    hidden, out = Image.Exif(), BytesIO()
    hidden[0x010E] = HIDDEN.decode()
    hidden.get_ifd(0x8825)[2] = (28.0, 53.0, 0.0)
    image.convert(mode).save(out, kind, **({} if mode == "P" else {"exif": hidden}))
    return out.getvalue()


@cache
def heic() -> bytes:
    """Sixteen points by sixteen, made once with libheif's own encoder, which is not part of what we use."""
    return base64.b64decode(HEIC)


def pdf(*, objects: Mapping[int, str] | None = None, catalog: str = "", page: str = "", trailer: str = "") -> bytes:
    """One page with a line on it; more may be said in its catalog, on its page, in objects of their own."""
    drawn = "BT /F1 24 Tf 40 100 Td (paper) Tj ET"
    bodies = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        2: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R "
        f"/Resources << /Font << /F1 5 0 R >> >> {page} >>",
        4: f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        5: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        **(objects or {}),
    }
    out, places = bytearray(b"%PDF-1.4\n"), {}
    for number, body in sorted(bodies.items()):
        places[number] = len(out)
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start, count = len(out), max(bodies) + 1
    out += f"xref\n0 {count}\n0000000000 65535 f \n".encode()
    for number in range(1, count):
        out += f"{places[number]:010} 00000 n \n".encode() if number in places else b"0000000000 65535 f \n"
    out += f"trailer\n<< /Size {count} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def locked_pdf() -> bytes:
    """One that asks for a password."""
    from pypdf import PdfReader, PdfWriter

    writer, out = PdfWriter(PdfReader(BytesIO(pdf()))), BytesIO()
    writer.encrypt("1234", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def office(main: str = WORD, parts: Mapping[str, bytes] | None = None, types: str = "") -> bytes:
    """Word, or Excel; with more parts."""
    part = "word/document.xml" if main == WORD else "xl/workbook.xml"
    said = f'<?xml version="1.0"?><Types><Override PartName="/{part}" ContentType="{main}"/>{types}</Types>'
    return archive({"[Content_Types].xml": said.encode(), part: b"<x>paper</x>", **(parts or {})})


def archive(parts: Mapping[str, bytes], *, link: str = "") -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name, content in parts.items():
            member = ZipInfo(name)
            member.compress_type = ZIP_DEFLATED
            member.external_attr = (0o120777 if name == link else 0o600) << 16
            made.writestr(member, content)
    return out.getvalue()


def mp3(frames: int = 20, *, label: bool = True) -> bytes:
    """Silence at 128 kbit a second."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    return (b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10) if label else b"") + frame * frames


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def mp4(brand: bytes = b"isom") -> bytes:
    return box(b"ftyp", brand + bytes(4) + brand) + box(b"moov", box(b"mvhd", bytes(100))) + box(b"mdat", bytes(500))


def png_of(width: int, height: int) -> bytes:
    """A head that announces so many points, and hardly anything behind it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


HEIC = (
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAXxtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ACJpbG9jAAAAAERAAAEAAQAAAAABoAABAAAAAAAAACMAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRt"
    "AAAAAAABAAAA/GlwcnAAAADcaXBjbwAAAHVodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQApQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqrprm4CGgwIAAAAyAAAADAIRiAAEABkQBwXPBiQAAABNjb2xybmNs"
    "eAABAA0ABoAAAAAUaXNwZQAAAAAAAABAAAAAQAAAAChjbGFwAAAAEAAAAAEAAAAQAAAAAf///9AAAAAC////0AAAAAIAAAAQcGl4"
    "aQAAAAADCAgIAAAAGGlwbWEAAAAAAAAAAQABBYECAwWEAAAAK21kYXQAAAAfKAGvBBISjOD46cJjjyj98+d12qsr40mfd7EYkqn/"
    "oA=="
)
