"""A dossier as a folder (电子卷): an index that Excel opens, what archives ask of it, all files, their digests.

What is said of it stands in XML, since that is what archives take such data in (DA/T 46, DA/T 48); of its elements
电子档案管理办法 asks for: 题名, 编号, 责任者, 日期, 机构, 保管期限, 密级.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from xml.etree import ElementTree

from ..papers.text import clean
from .bundle import Kept

INDEX, ABOUT, MANIFEST = "index.csv", "metadata.xml", "manifest.sha256"
HEAD = ("序号", "文书名称", "卷内位置", "文件", "备注")
_UNFIT = re.compile(r'[\\/:*?"<>|\s]+')
LONGEST = 60
"""Characters of a name, without number and ending: at most 180 bytes, and the folder's name before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of the index."""

    title: str
    place: str
    file: str = ""
    """The name of its file in the folder; empty where there is none."""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an archive asks of a dossier."""

    title: str
    number: str
    responsible: str
    since: str
    until: str
    """First and last day, ISO 8601; empty where there is none."""
    organisation: str
    retention: str
    ends: str
    """The last day it is kept; empty where it is kept for good or not closed."""
    secrecy: str


def safe(words: str) -> str:
    """Words as the name of a file anywhere: no separators, no dot or blank at an end, not too long."""
    plain = _UNFIT.sub("_", clean(words)).strip("._ ")
    return plain[:LONGEST].rstrip("._ ") or "无题"


def index_csv(entries: Sequence[Entry]) -> bytes:
    """The index, as Excel reads it without asking; what looks like a formula is text."""
    out = StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(HEAD)
    rows.writerows(map(_plain, (str(n), it.title, it.place, it.file, it.remark)) for n, it in enumerate(entries, 1))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _plain(cell: str) -> str:
    words = clean(cell)
    return f"'{words}" if words.lstrip()[:1] in tuple("=+-@＝＋－＠") else words


def about_xml(about: About, entries: Sequence[Entry]) -> bytes:
    """What an archive asks of it, and of everything in it."""
    root = ElementTree.Element("案卷")
    for label, words in (
        *(("题名", about.title), ("编号", about.number), ("责任者", about.responsible), ("起始日期", about.since)),
        *(("截止日期", about.until), ("机构", about.organisation), ("保管期限", about.retention)),
        *(("保管期满日期", about.ends), ("密级", about.secrecy)),
    ):
        ElementTree.SubElement(root, label).text = clean(words)
    for number, it in enumerate(entries, 1):
        one = ElementTree.SubElement(root, "件", {"序号": str(number)})
        for label, words in (("题名", it.title), ("卷内位置", it.place), ("文件", it.file), ("备注", it.remark)):
            ElementTree.SubElement(one, label).text = clean(words)
    ElementTree.indent(root)
    made: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def folder(name: str, files: Iterable[Kept]) -> Iterator[Kept]:
    """The files in a folder of that name, and last their digests as `sha256sum -c` reads them from within it."""
    digests = list[str]()
    for own, parts in files:
        seen = sha256()
        yield f"{name}/{own}", _passing(parts, seen.update)
        digests.append(f"{seen.hexdigest()}  {own}\n")
    yield f"{name}/{MANIFEST}", ["".join(digests).encode()]


def _passing(parts: Iterable[bytes], see: Callable[[bytes], None]) -> Iterator[bytes]:
    for part in parts:
        see(part)
        yield part
