"""Papers: PDF, Word, Excel. What runs by itself, is locked, or unpacks without end is refused."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Lock
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from ..domain.files import OFFICE
from ..errors import ExhibitUnfit
from . import pdf_pages

PDF_BROKEN = pdf_pages.BROKEN
PDF_LOCKED = "PDF 加了密码或限制，请去掉密码，或打印成新的 PDF 再交"
PDF_RUNS = "PDF 里有会自己运行或打开别的文件的内容，请打印成新的 PDF 再交"
PDF_LARGE = "PDF 内容太多，请分成几份再交"
TWO_IN_ONE = "文件里还夹着另一种文件，不收；请重新生成一份再交"
OFFICE_BROKEN = "Word 或 Excel 文件不完整，请重新保存"
OFFICE_LOCKED = "文件加了密码，请去掉密码再交"
OFFICE_MACROS = "文件里有宏或嵌入的程序，请另存为不带宏的 docx 或 xlsx 再交"
OFFICE_FETCHES = "文件会到别处去取内容，请另存为 PDF 再交"
OFFICE_BOMB = "文件展开后太大，不收"
OTHER_ZIP = "不收压缩包，请把里面的文件一件一件交"

MOST_OBJECTS = 200_000
DEEPEST = 50
RUNNING = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/Movie", "/Sound"})
"""Actions of a PDF that do more than show another page."""
CARRYING = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/RichMediaContent", "/XFA"})
"""Entries of a PDF that hold programs or other files."""

MOST_MEMBERS = 200
MOST_INFLATED = 100 * (1 << 20)
MOST_RATIO = 100
_PIECE = 1 << 16
MAIN = {
    f"{OFFICE}wordprocessingml.document": b"wordprocessingml.document.main+xml",
    f"{OFFICE}spreadsheetml.sheet": b"spreadsheetml.sheet.main+xml",
}
_FETCHED = re.compile(rb"<Relationship\b[^>]*>")
_PDF = Lock()
"""pdfium does one thing at a time."""


# -- PDF


def check_pdf(content: bytes) -> None:
    """Nothing behind its end, no password, nothing that runs."""
    _check_pdf_end(content)
    import pypdf  # only where there is a PDF: it takes a while to read in
    from pypdf.errors import PyPdfError

    try:
        reader = pypdf.PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise ExhibitUnfit(why=PDF_LOCKED)
        if not reader.pages:
            raise ExhibitUnfit(why=PDF_BROKEN)
        _check_objects(reader)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError, IndexError) as fault:
        raise ExhibitUnfit(why=PDF_BROKEN) from fault
    page_shown(content, 64)


def _check_pdf_end(content: bytes) -> None:
    end = content.rfind(b"%%EOF")
    if end == -1:
        raise ExhibitUnfit(why=PDF_BROKEN)
    if content[end + 5 :].strip(b"\r\n\t \x00"):
        raise ExhibitUnfit(why=TWO_IN_ONE)
    if b"PK\x05\x06" in content[-70_000:]:
        raise ExhibitUnfit(why=TWO_IN_ONE)


def _check_objects(reader: Any) -> None:
    """Every object, whether anything leads to it or not."""
    numbers = {(n, g) for g, places in reader.xref.items() for n in places} | {(n, 0) for n in reader.xref_objStm}
    if len(numbers) > MOST_OBJECTS:
        raise ExhibitUnfit(why=PDF_LARGE)
    from pypdf.generic import IndirectObject

    for number, generation in sorted(numbers):
        _check_object(reader.get_object(IndirectObject(number, generation, reader)), 0)
    _check_object(reader.trailer, 0)


def _check_object(held: Any, depth: int) -> None:
    """What is written in an object itself; what it refers to is looked at where that is written."""
    if depth > DEEPEST:
        raise ExhibitUnfit(why=PDF_BROKEN)
    if isinstance(held, dict):
        raw = dict(dict.items(held))
        if CARRYING & raw.keys() or raw.get("/S") in RUNNING or raw.get("/Type") == "/EmbeddedFile":
            raise ExhibitUnfit(why=PDF_RUNS)
        for one in raw.values():
            _check_object(one, depth + 1)
    elif isinstance(held, list):
        for one in list.__iter__(held):
            _check_object(one, depth + 1)


def page_shown(content: bytes, longest: int, number: int = 0) -> bytes:
    """A page as a JPEG, the first unless said otherwise. ExhibitUnfit where it cannot be drawn, or not in time."""
    [page] = pdf_pages.drawn(content, longest, number, 1)
    return page


def pages_in(content: bytes) -> int:
    """How many pages there are. ExhibitUnfit."""
    with _opened(content) as document:
        return len(document)


@contextmanager
def _opened(content: bytes) -> Iterator[Any]:
    """A PDF while it is open, alone. ExhibitUnfit where something in it cannot be read."""
    import pypdfium2

    with _PDF:
        try:
            document = pypdfium2.PdfDocument(content)
            try:
                yield document
            finally:
                document.close()
        except (pypdfium2.PdfiumError, IndexError, ValueError, MemoryError) as fault:
            raise ExhibitUnfit(why=PDF_BROKEN) from fault


# -- Word and Excel


def office_media(content: bytes) -> str:
    """Word or Excel, by the types it says its parts have. ExhibitUnfit."""
    with _zip(content) as archive:
        _check_members(archive.infolist())
        if "[Content_Types].xml" not in archive.namelist():
            raise ExhibitUnfit(why=OTHER_ZIP)
        budget = _Budget(len(content))
        types = b"".join(budget.inflated(archive, archive.getinfo("[Content_Types].xml")))
    if b"macroEnabled" in types or b"vbaProject" in types or b"activeX" in types:
        raise ExhibitUnfit(why=OFFICE_MACROS)
    for media, main in MAIN.items():
        if main in types:
            return media
    raise ExhibitUnfit(why=OTHER_ZIP)


def check_office(content: bytes, most: int = MOST_INFLATED) -> None:
    """Its parts, one by one, counted while they are unpacked: what they say of their size may be a lie."""
    with _zip(content) as archive:
        budget = _Budget(len(content), most)
        for member in archive.infolist():
            name = member.filename.lower()
            is_relations = name.endswith(".rels")
            if name.endswith(("vbaproject.bin", "vbadata.xml")) or re.search(r"oleobject[^/]*\.bin$|/activex/", name):
                raise ExhibitUnfit(why=OFFICE_MACROS)
            kept = [piece if is_relations else b"" for piece in budget.inflated(archive, member)]
            _check_relations(b"".join(kept))


def _check_relations(content: bytes) -> None:
    for relation in _FETCHED.findall(content):
        if b"External" in relation and b"/hyperlink" not in relation:
            raise ExhibitUnfit(why=OFFICE_FETCHES)


def _zip(content: bytes) -> ZipFile:
    """An archive that begins and ends where the file does."""
    end = content.rfind(b"PK\x05\x06")
    try:
        archive = ZipFile(BytesIO(content))
    except (BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise ExhibitUnfit(why=OFFICE_BROKEN) from fault
    places = [member.header_offset for member in archive.infolist()]
    if not places:
        raise ExhibitUnfit(why=OFFICE_BROKEN)
    if min(places) or len(content) != end + 22:
        raise ExhibitUnfit(why=TWO_IN_ONE)
    return archive


def _check_members(members: list[ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise ExhibitUnfit(why=OFFICE_BOMB)
    names = [member.filename for member in members]
    if len({name.lower() for name in names}) < len(names):
        raise ExhibitUnfit(why=OFFICE_BROKEN)
    for member in members:
        name = member.filename.replace("\\", "/")
        is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
        if is_link or name.startswith("/") or ".." in name.split("/") or re.match("[A-Za-z]:", name) or "\x00" in name:
            raise ExhibitUnfit(why=OFFICE_BROKEN)
        if member.flag_bits & 1:
            raise ExhibitUnfit(why=OFFICE_LOCKED)


class _Budget:
    """How much may still be unpacked of one file."""

    def __init__(self, size: int, most: int = MOST_INFLATED) -> None:
        self.left = min(most, MOST_RATIO * size)

    def inflated(self, archive: ZipFile, member: ZipInfo) -> Iterator[bytes]:
        """A part, piece by piece. ExhibitUnfit where there is more than may be, or it is damaged."""
        try:
            with archive.open(member) as part:
                while piece := part.read(_PIECE):
                    self.left -= len(piece)
                    if self.left < 0:
                        raise ExhibitUnfit(why=OFFICE_BOMB)
                    yield piece
        except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as fault:
            raise ExhibitUnfit(why=OFFICE_BROKEN) from fault
