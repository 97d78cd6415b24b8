"""What is taken and what is refused: by what is in a file, in words, quickly, whatever it is called."""

from __future__ import annotations

import re
import resource
import time
from collections.abc import Callable

import pytest

from mediation_engine.errors import ExhibitUnfit
from mediation_engine.exhibits.kinds import examined

from ...support import files as f

DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JPEG, PNG, PDF, DOCX = f.photo(), f.photo(kind="PNG"), f.pdf(), f.office()
ZIP = f.archive({"a.txt": b"a"})
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
RELATION = b'<A><Relationship Type="http://x/attachedTemplate" Target="http://x" TargetMode="External"/></A>'
MACROS = '<Default ContentType="application/vnd.ms-word.document.macroEnabled"/>'
SCRIPT, SPEC = "/OpenAction << /S /JavaScript /JS (x) >>", {6: "<< /Type /Filespec /EF << /F 4 0 R >> >>"}
DEEP = "[" * 200 + "]" * 200


def relations(content: bytes) -> bytes:
    return f.office(parts={"word/_rels/document.xml.rels": content})


GOOD: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a photo": ("image/jpeg", lambda: JPEG),
    "a grey photo": ("image/jpeg", lambda: f.photo(mode="L")),
    "a photo with a second one behind it, as telephones make them": ("image/jpeg", lambda: JPEG + JPEG),
    "a photo with zeros behind it": ("image/jpeg", lambda: JPEG + bytes(200)),
    "a png": ("image/png", lambda: PNG),
    "a clear png": ("image/png", lambda: f.photo(kind="PNG", mode="RGBA")),
    "a png with few colours": ("image/png", lambda: f.photo(kind="PNG", mode="P")),
    "a heic": ("image/heic", f.heic),
    "a pdf": ("application/pdf", lambda: PDF),
    "a pdf with a link": (
        "application/pdf",
        lambda: f.pdf(page="/Annots [<< /Subtype /Link /A << /S /URI /URI (x) >> >>]"),
    ),
    "word": (
        DOCUMENT,
        lambda: DOCX,
    ),
    "word with a link": (
        DOCUMENT,
        lambda: relations(RELATION.replace(b"attachedTemplate", b"hyperlink")),
    ),
    "excel": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", lambda: f.office(f.EXCEL)),
    "a recording": ("audio/mpeg", f.mp3),
    "a recording without a label": ("audio/mpeg", lambda: f.mp3(label=False)),
    "a recording with an old label": ("audio/mpeg", lambda: f.mp3() + b"TAG" + bytes(125)),
    "a recording of a telephone": ("audio/mp4", lambda: f.mp4(b"M4A ")),
    "a film": ("video/mp4", f.mp4),
}

BAD: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "zeros": lambda: bytes(1000),
    "words": lambda: "欠条：今借到一万二".encode(),
    "noise": lambda: bytes(range(1, 256)) * 4,
    "svg": lambda: SVG,
    "svg with blanks before it": lambda: b"\n\n  " + SVG,
    "svg without a head": lambda: SVG.partition(b"?>")[2],
    "html": lambda: HTML,
    "html with a mark before it": lambda: b"\xef\xbb\xbf" + HTML,
    "xml": lambda: b"<?xml version='1.0'?><a/>",
    "a windows program": lambda: b"MZ\x90\x00" + bytes(500),
    "a linux program": lambda: b"\x7fELF" + bytes(500),
    "a mac program": lambda: b"\xcf\xfa\xed\xfe" + bytes(500),
    "a java class": lambda: b"\xca\xfe\xba\xbe" + bytes(500),
    "a script": lambda: b"#!/bin/sh\nrm -rf /\n",
    "a batch file": lambda: b"@echo off\r\ndel *.*\r\n",
    "a gif": lambda: f.photo(kind="GIF", mode="P"),
    "a bmp": lambda: f.photo(kind="BMP"),
    "a tiff": lambda: f.photo(kind="TIFF"),
    "a webp": lambda: f.photo(kind="WEBP"),
    "a rar": lambda: b"Rar!\x1a\x07\x01\x00" + bytes(100),
    "a 7z": lambda: b"7z\xbc\xaf\x27\x1c" + bytes(100),
    "a gzip": lambda: b"\x1f\x8b\x08" + bytes(100),
    "a zip": lambda: ZIP,
    "a jar": lambda: f.archive({"META-INF/MANIFEST.MF": b"x", "A.class": b"\xca\xfe\xba\xbe"}),
    "old word": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000),
    "rtf": lambda: b"{\\rtf1 hello}",
    # photos
    "a photo cut off": lambda: JPEG[: len(JPEG) // 2],
    "a photo without its end": lambda: JPEG[:-2],
    "a photo of its head alone": lambda: JPEG[:20],
    "a photo with noise in its middle": lambda: JPEG[:600] + b"\xff\xc4\x00\x02" + JPEG[700:],
    "a photo that is also a zip": lambda: JPEG + ZIP,
    "a photo that is also a page": lambda: JPEG + HTML,
    "a photo that is also a pdf": lambda: JPEG + PDF,
    "a photo that is also a film": lambda: JPEG + f.mp4(),
    "a photo that is also a program": lambda: JPEG + b"MZ\x90\x00" + bytes(500),
    "a png cut off": lambda: PNG[: len(PNG) // 2],
    "a png without its end": lambda: PNG[:-12],
    "a png with a bit turned": lambda: PNG[:-30] + bytes([PNG[-30] ^ 1]) + PNG[-29:],
    "a png that is also a zip": lambda: PNG + ZIP,
    "a flood of points": lambda: f.png_of(60_000, 60_000),
    "a few too many points": lambda: f.png_of(10_000, 5_001),
    "a png of no points": lambda: f.png_of(0, 10),
    "a heic cut off": lambda: f.heic()[:-40],
    "a heic that is also a zip": lambda: f.heic() + ZIP,
    "a heic of its head alone": lambda: f.box(b"ftyp", b"heic" + bytes(4) + b"mif1"),
    # papers
    "a pdf cut off": lambda: PDF[: len(PDF) // 2],
    "a pdf of its head alone": lambda: b"%PDF-1.7\n%%EOF",
    "a pdf that is also a zip": lambda: PDF + ZIP,
    "a pdf that is also a page": lambda: PDF + HTML,
    "a pdf with a zip in it": lambda: PDF[:9] + b"%" + ZIP.replace(b"\n", b" ") + b"\n" + PDF[9:],
    "a pdf with blanks before it": lambda: b"junk\n" + PDF,
    "a pdf with a password": f.locked_pdf,
    "a pdf that runs a script when opened": lambda: f.pdf(catalog=SCRIPT),
    "a pdf with a script in a list of names": lambda: f.pdf(
        catalog="/Names << /JavaScript << /Names [(a) 6 0 R] >> >>", objects={6: "<< /S /JavaScript /JS (x) >>"}
    ),
    "a pdf with a script nothing leads to": lambda: f.pdf(objects={6: "<< /S /JavaScript /JS (x) >>"}),
    "a pdf with a script under a name written otherwise": lambda: f.pdf(catalog=SCRIPT.replace("aS", "a#53")),
    "a pdf that starts a program": lambda: f.pdf(page="/AA << /O << /S /Launch /F (cmd.exe) >> >>"),
    "a pdf that sends what is filled in": lambda: f.pdf(page="/AA << /O << /S /SubmitForm /F (http://x) >> >>"),
    "a pdf with a file in it": lambda: f.pdf(
        catalog="/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>", objects=SPEC
    ),
    "a pdf with a form of another kind": lambda: f.pdf(catalog="/AcroForm << /XFA (x) >>"),
    "a pdf with a film": lambda: f.pdf(page="/Annots [<< /Subtype /RichMedia /RichMediaContent << >> >>]"),
    "a pdf without pages": lambda: f.pdf(objects={2: "<< /Type /Pages /Kids [] /Count 0 >>"}),
    "a pdf that leads to itself": lambda: f.pdf(objects={2: "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"}),
    "a pdf nested on purpose": lambda: f.pdf(catalog=f"/Deep {DEEP}"),
    "word cut off": lambda: DOCX[: len(DOCX) // 2],
    "word that is also a page": lambda: DOCX + HTML,
    "word behind something else": lambda: b"PK\x03\x04junk" + DOCX,
    "word with a comment behind it": lambda: DOCX[:-2] + b"\x05\x00<xss>",
    "word with macros": lambda: f.office(parts={"word/vbaProject.bin": b"x"}),
    "word that says it has macros": lambda: f.office(types=MACROS),
    "excel with macros": lambda: f.office(f.EXCEL, parts={"xl/vbaProject.bin": b"x"}),
    "word with a program in it": lambda: f.office(parts={"word/embeddings/oleObject1.bin": b"x"}),
    "word that fetches its template": lambda: relations(RELATION),
    "word that unpacks without end": lambda: f.office(parts={"word/media/a.bin": bytes(50_000_000)}),
    "word of very many parts": lambda: f.office(parts={f"word/{n}.xml": b"x" for n in range(200)}),
    "word that leads out of its folder": lambda: f.office(parts={"../../etc/passwd": b"x"}),
    "word that leads out the other way": lambda: f.office(parts={"..\\..\\a": b"x"}),
    "word that leads to the root": lambda: f.office(parts={"/etc/passwd": b"x"}),
    "word with a link to elsewhere": lambda: f.archive(
        {"[Content_Types].xml": f.WORD.encode(), "word/document.xml": b"x", "a": b"/etc/passwd"}, link="a"
    ),
    "word with a part twice": lambda: f.office(parts={"Word/Document.xml": b"x"}),
    "word that lies about its size": lambda: lying(f.office(parts={"word/a.xml": b"abc" * 1000})),
    # recordings
    "a recording cut off": lambda: f.mp3()[:-200],
    "a recording of a moment": lambda: f.mp3(2),
    "a label alone": lambda: b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(500),
    "a recording with something in it": lambda: f.mp3() + ZIP,
    "a recording with a page in it": lambda: f.mp3(4) + HTML + f.mp3(4, label=False),
    "a film cut off": lambda: f.mp4()[:-20],
    "a film without pictures": lambda: f.box(b"ftyp", b"isom" + bytes(4)),
    "a film that is also a zip": lambda: f.mp4() + ZIP,
}  # fmt: skip


def lying(content: bytes) -> bytes:
    """The same, but it says of what is packed that it is a tenth as long."""
    return content.replace((3000).to_bytes(4, "little"), (300).to_bytes(4, "little"))


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_taken_as_what_it_is(name: str) -> None:
    media, made = GOOD[name]
    assert examined(made()) == media


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_words_and_soon(name: str) -> None:
    content = BAD[name]()
    begun = time.process_time()
    with pytest.raises(ExhibitUnfit) as refused:
        examined(content)
    assert time.process_time() - begun < 1
    why = refused.value.about["why"]
    assert re.fullmatch(r"[\u4e00-\u9fff，。、；（）A-Za-z0-9 ]+", why), why
    assert re.search("请|只收|不收", why), why


def test_there_are_sixty_bad_files_and_more() -> None:
    assert len(BAD) >= 60


def test_a_flood_of_points_takes_no_memory() -> None:
    content = f.png_of(60_000, 60_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ExhibitUnfit):
        examined(content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_what_unpacks_without_end_is_given_up_early() -> None:
    bomb = f.office(parts={"word/media/a.bin": bytes(200_000_000)})
    assert len(bomb) < 300_000
    begun = time.process_time()
    with pytest.raises(ExhibitUnfit, match="展开后太大"):
        examined(bomb)
    assert time.process_time() - begun < 1
