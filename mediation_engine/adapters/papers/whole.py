"""A dossier as one PDF/A-2b: cover, index with the true numbers of pages, everything in order, back.

Every part is made by itself and joined to the others; pictures wait in a file on the disk, encrypted under a key that
is written nowhere, so that a thousand of them take no more memory than one. The same dossier gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from io import SEEK_END, BytesIO
from tempfile import TemporaryFile
from typing import IO, Any

from PIL import Image
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
)

from mediation_engine.domain.paper import Binding, IndexRow, Paper
from mediation_engine.encryption.boxes import new_key, opened, shut
from mediation_engine.errors import ExhibitDamaged, ExhibitNotFound, ExhibitUnfit, PaperUnfit
from mediation_engine.ids import system_randomness
from mediation_engine.papers.fonts import FONTS
from mediation_engine.papers.text import clean

from .pdf import compiled, pdf

MM = 72 / 25.4
BOX = (20 * MM, 20 * MM, 195 * MM, 279 * MM)
"""Where a picture stands on its page, in points from below: left, lower, right, upper."""
LONGEST = 1500
"""Dots of a picture's longer side: 147 an inch where it is as long as the box. A photo of 12 megapixels is unpacked at
half its size for that, which is four times as fast."""
COARSEST = 96
"""Dots an inch, at least: a small picture is not blown up."""
PAGES_OF_ONE, PAGES_TOGETHER = 300, 3000
"""So many pages of exhibits are drawn; of what has more it is said where to find it."""
ELSEWHERE = "见电子文件"
UNTAGGED = ("/StructTreeRoot", "/MarkInfo")
COUNT = re.compile(rb"(<xmpTPg:NPages>)\d+(</xmpTPg:NPages>)")

Pictures = Callable[[int], Iterable[bytes]]
"""Pages of an exhibit, each a JPEG in RGB; no more than so many. ExhibitUnfit, ExhibitDamaged, ExhibitNotFound."""


Bindings = Callable[[Sequence[IndexRow]], Mapping[Binding, Paper]]
"""Cover, index and back of a dossier in which that lies."""
GETA = "〓"
"""Stands for a character that cannot be set, as printers have always done."""
REPLACED = f"名称里显示不了的字写作{GETA}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Something that lies in a dossier: a paper, the pages of an exhibit, or only its name."""

    title: str
    remark: str = ""
    paper: Paper | None = None
    pictures: Pictures | None = None


@dataclass(slots=True)
class _Picture:
    """A picture that waits on the disk."""

    at: int
    size: int
    """Of its box there, in bytes."""
    width: int
    height: int


@dataclass(slots=True)
class _Spool:
    """Where pictures wait: a file without a name, and what opens it."""

    file: IO[bytes]
    key: bytes = field(default_factory=lambda: new_key(system_randomness))

    def put(self, content: bytes) -> _Picture:
        with Image.open(BytesIO(content)) as image:
            width, height = image.size
        at = self.file.seek(0, SEEK_END)
        size = self.file.write(shut(self.key, content, ("picture", at), system_randomness))
        return _Picture(at, size, width, height)

    def get(self, picture: _Picture) -> bytes:
        self.file.seek(picture.at)
        return opened(self.key, self.file.read(picture.size), ("picture", picture.at))


@dataclass(slots=True)
class _Parts:
    """All that is joined, in order: pages of papers, and pictures with what stands on their pages."""

    spool: _Spool
    pages: list[PageObject | _Picture] = field(default_factory=list)
    frames: list[tuple[int, str]] = field(default_factory=list)
    rows: list[IndexRow] = field(default_factory=list)
    seen: Any = field(default_factory=sha256)
    """The digest of all of it."""

    @property
    def folio(self) -> int:
        """The number of the next page."""
        return len(self.pages) + 1


def bound(
    sheets: Iterable[Sheet],
    binding: Bindings,
    out: IO[bytes],
    fonts: Sequence[str] = FONTS,
) -> Sequence[IndexRow]:
    """Write the dossier of some sheets into a file; its index.

    Raises:
        FontsMissing, PaperUnfit: as `pdf.pdf`.
    """
    with TemporaryFile() as file:
        parts = _Parts(_Spool(file))
        for sheet in sheets:
            parts.rows.append(_laid(parts, sheet, fonts))
        drawn, frames = _bindings(parts, binding, fonts)
        _join(parts, drawn, frames).write(out)
    return parts.rows


def _bindings(parts: _Parts, binding: Bindings, fonts: Sequence[str]) -> tuple[Mapping[Binding, bytes], bytes | None]:
    """What holds it together, and the pages of the pictures without them.

    What an exhibit is called somebody typed on a telephone: of that a character that no font has is replaced, and that
    is said. Elsewhere it is a fault as on every paper.
    """
    while True:
        try:
            around = binding(parts.rows)
            drawn = {part: pdf(paper, fonts) for part, paper in around.items()}
            return drawn, _frames(parts.frames, around[Binding.COVER], fonts)
        except PaperUnfit as fault:
            lacking = fault.about["lacking"]
            if not lacking or not any(lacking in row.title for row in parts.rows):
                raise
            parts.rows = [_without(row, lacking) for row in parts.rows]
            parts.frames = [(number, title.replace(lacking, GETA)) for number, title in parts.frames]


def _without(row: IndexRow, lacking: str) -> IndexRow:
    if lacking not in row.title:
        return row
    said = row.remark if REPLACED in row.remark else "；".join(filter(None, (row.remark, REPLACED)))
    return replace(row, title=row.title.replace(lacking, GETA), remark=said)


def _laid(parts: _Parts, sheet: Sheet, fonts: Sequence[str]) -> IndexRow:
    """Lay a sheet upon the others; its row in the index."""
    first, remark = parts.folio, sheet.remark
    if sheet.paper is not None:
        content = pdf(sheet.paper, fonts, first)
        parts.seen.update(content)
        parts.pages += PdfReader(BytesIO(content)).pages
    elif sheet.pictures is not None:
        try:
            _draw(parts, sheet.title, sheet.pictures)
        except (ExhibitUnfit, ExhibitDamaged, ExhibitNotFound) as fault:
            remark = "；".join(filter(None, (remark, f"画不出来：{fault.about.get('why', '文件不在')}，{ELSEWHERE}")))
    pages = parts.folio - first
    return IndexRow(title=clean(sheet.title), first=first if pages else 0, pages=pages, remark=remark)


def _draw(parts: _Parts, title: str, pictures: Pictures) -> None:
    """Put the pages of an exhibit onto the disk: all of them or none."""
    drawn = list[_Picture]()
    for content in pictures(min(PAGES_OF_ONE, PAGES_TOGETHER - len(parts.frames))):
        drawn.append(parts.spool.put(content))
        parts.seen.update(content)
    parts.frames += ((parts.folio + n, clean(title)) for n in range(len(drawn)))
    parts.pages += drawn


def _frames(frames: Sequence[tuple[int, str]], cover: Paper, fonts: Sequence[str]) -> bytes | None:
    """The pages of the pictures without them; None where there are none."""
    if not frames:
        return None
    given = {"title": cover.title, "frames": frames}
    return compiled("frames.typ", given, cover, fonts)


def _join(parts: _Parts, drawn: Mapping[Binding, bytes], frames: bytes | None) -> PdfWriter:
    """All of it in one file, as its cover says what it is."""
    writer = PdfWriter(clone_from=BytesIO(drawn[Binding.COVER]))
    numbered = iter(PdfReader(BytesIO(frames)).pages) if frames else iter(())
    front = _added(writer, PdfReader(BytesIO(drawn[Binding.INDEX])).pages)
    for part in parts.pages:
        if isinstance(part, _Picture):
            _hang(writer, writer.add_page(next(numbered)), part, parts.spool)
        else:
            writer.add_page(part)
    _added(writer, PdfReader(BytesIO(drawn[Binding.BACK])).pages)
    before = len(front) + 1
    for row in parts.rows:
        if row.pages:
            writer.add_outline_item(row.title, before + row.first - 1)
    for content in (*drawn.values(), frames or b""):
        parts.seen.update(content)
    _named(writer, parts.seen.digest()[:16])
    return writer


def _added(writer: PdfWriter, pages: Iterable[PageObject]) -> list[PageObject]:
    return [writer.add_page(page) for page in pages]


def _hang(writer: PdfWriter, page: PageObject, picture: _Picture, spool: _Spool) -> None:
    """Draw a picture onto its page: in the middle of the box, as large as fits."""
    left, lower, right, upper = BOX
    scale = min((right - left) / picture.width, (upper - lower) / picture.height, 72 / COARSEST)
    width, height = picture.width * scale, picture.height * scale
    x, y = (left + right - width) / 2, (lower + upper - height) / 2
    drawn = DecodedStreamObject()
    drawn.set_data(f"q {width:.3f} 0 0 {height:.3f} {x:.3f} {y:.3f} cm /Picture Do Q\n".encode())
    shared: Any = page["/Resources"]
    resources = DictionaryObject(shared.get_object())
    image = writer._add_object(_Spooled(picture, spool))
    resources[NameObject("/XObject")] = DictionaryObject({NameObject("/Picture"): image})
    page[NameObject("/Resources")] = resources
    page[NameObject("/Contents")] = ArrayObject([writer._add_object(drawn), page.raw_get("/Contents")])


class _Spooled(StreamObject):
    """A picture whose bytes are read from the disk when the file is written."""

    def __init__(self, picture: _Picture, spool: _Spool) -> None:
        super().__init__()
        self._picture, self._spool = picture, spool
        names = {"/Type": "/XObject", "/Subtype": "/Image", "/ColorSpace": "/DeviceRGB", "/Filter": "/DCTDecode"}
        numbers = {"/Width": picture.width, "/Height": picture.height, "/BitsPerComponent": 8}
        self.update({NameObject(key): NameObject(value) for key, value in names.items()})
        self.update({NameObject(key): NumberObject(value) for key, value in numbers.items()})

    def write_to_stream(self, stream: Any, encryption_key: Any = None) -> None:
        self._data = self._spool.get(self._picture)
        super().write_to_stream(stream)
        self._data = b""


def _named(writer: PdfWriter, digest: bytes) -> None:
    """What the file says of itself: how many pages, which file it is; no tags, since pictures have none."""
    for name in UNTAGGED:
        writer.root_object.pop(name, None)
    for page in writer.pages:
        page.pop("/StructParents", None)
    about: Any = writer.root_object["/Metadata"].get_object()
    about.set_data(COUNT.sub(rf"\g<1>{len(writer.pages)}\g<2>".encode(), about.get_data()))
    writer._ID = ArrayObject((ByteStringObject(digest), ByteStringObject(digest)))
