"""A paper as a Word file that Word, WPS and LibreOffice open. The same paper gives the same bytes.

Words go in as text and as nothing else: what looks like a field or a formula is shown as it was written.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from mediation_engine.domain.paper import Paper
from mediation_engine.papers.text import cleaned

from .parts import CODE_SAYS, blocks, code_png, made_at

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph as WordParagraph

FONT = "仿宋"
LATIN = "Times New Roman"
BODY, LARGE, TITLE, SMALL = 14, 18, 22, 9
"""In points."""
IN_ZIP = (1980, 1, 1, 0, 0, 0)


def docx(paper: Paper, font: str = FONT) -> bytes:
    """Draw it."""
    from docx import Document  # reading it in takes a while

    document, whole = Document(), cleaned(paper)
    size = LARGE if whole.large else BODY
    _set_up(document, whole, font, size)
    _head(document, whole, size)
    for block in blocks(whole):
        DRAWN[block["kind"]](document, block, size)
    _code(document, whole)
    out = BytesIO()
    document.save(out)
    return _same_bytes(out.getvalue())


def _set_up(document: Document, paper: Paper, font: str, size: int) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    for fonts in document.styles.element.iter(qn("w:rFonts")):  # a theme would win over what is named
        for theme in [name for name in fonts.attrib if str(name).lower().endswith("theme")]:
            del fonts.attrib[theme]
        fonts.set(qn("w:eastAsia"), font)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = Pt(size * 2)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(30), Mm(28)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    about = document.core_properties
    about.title, about.author, about.comments = paper.title, paper.host, ""
    about.created = about.modified = made_at(paper)
    about.last_modified_by, about.revision = paper.host, 1
    if paper.numbered:
        _foot(section.footer.paragraphs[0], paper)


def _foot(foot: WordParagraph, paper: Paper) -> None:
    """Number of the case, digest of the text, page x of y."""
    from docx.shared import Pt

    foot.add_run(f"{paper.case_number}　　第")
    _field(foot, "PAGE")
    foot.add_run("页　共")
    _field(foot, "NUMPAGES")
    foot.add_run(f"页　　校验码 {paper.text_hash}" if paper.text_hash else "页")
    for run in foot.runs:
        run.font.size = Pt(SMALL)


def _field(paragraph: WordParagraph, code: str) -> None:
    """A number that Word works out: of the page, of the pages."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind, words in (("begin", ""), ("", code), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = words
        paragraph.add_run()._r.append(element)


def _head(document: Document, paper: Paper, size: int) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.shared import Pt

    if paper.host:
        host = document.add_paragraph(paper.host)
        host.alignment = ALIGN.CENTER
    for line in paper.letterhead:
        under = document.add_paragraph()
        under.add_run(line).font.size = Pt(SMALL)
        under.paragraph_format.line_spacing = 1
        under.alignment = ALIGN.CENTER
    title = document.add_paragraph()
    title.alignment = ALIGN.CENTER
    title.paragraph_format.line_spacing = Pt(TITLE * 2)
    run = title.add_run(paper.title)
    run.bold, run.font.size = True, Pt(TITLE)
    if paper.number:
        number = document.add_paragraph(paper.number)
        number.alignment = ALIGN.RIGHT


def _paragraph(document: Document, block: dict[str, Any], size: int) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.shared import Pt

    written = document.add_paragraph()
    run = written.add_run(block["words"])
    run.bold = block["style"] == "head" or None
    if block["style"] == "body":
        written.paragraph_format.first_line_indent = Pt(size * 2)
    if block["style"] == "right":
        written.alignment = ALIGN.RIGHT
    written.paragraph_format.keep_with_next = block["sticky"] or block["style"] == "head" or None


def _entries(document: Document, block: dict[str, Any], size: int) -> None:
    """Each row is a table of its own, one below the other: they have other columns."""
    for row in block["rows"]:
        cells = [words for pair in row for words in pair]
        widths = [width for _ in row for width in (2, 7 / len(row))]
        _table(document, [cells], widths, size)
        _joined(document)
    document.add_paragraph()


def _joined(document: Document) -> None:
    """Between two tables a line that nobody sees: without one Word makes them one table."""
    from docx.shared import Pt

    line = document.add_paragraph()
    line.paragraph_format.line_spacing = Pt(1)
    line.paragraph_format.keep_with_next = True


def _grid(document: Document, block: dict[str, Any], size: int) -> None:
    from docx.oxml import OxmlElement

    table = _table(document, [list(block["head"]), *block["rows"]], block["widths"], size)
    for run in (run for cell in table.rows[0].cells for run in cell.paragraphs[0].runs):
        run.bold = True
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _table(document: Document, rows: Sequence[Sequence[str]], widths: Sequence[float], size: int) -> Any:
    from docx.oxml import OxmlElement
    from docx.shared import Mm, Pt

    table: Any = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    for words in rows:
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, width, said in zip(row.cells, widths, words, strict=True):
            cell.width = Mm(round(156 * width / sum(widths)))
            written = cell.paragraphs[0]
            written.paragraph_format.line_spacing = 1.2
            written.add_run(said).font.size = Pt(size - 3)
    return table


def _signatures(document: Document, block: dict[str, Any], size: int) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.oxml import OxmlElement

    rows = [*block["rows"], *(("", words) for words in (block["seal"], block["day"]) if words)]
    table = document.add_table(rows=0, cols=2)
    for number, (left, right) in enumerate(rows):
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, words in zip(row.cells, (left, right), strict=True):
            written = cell.paragraphs[0]
            written.add_run(words)
            written.paragraph_format.keep_with_next = number + 1 < len(rows)
        if number >= len(block["rows"]):
            row.cells[1].paragraphs[0].alignment = ALIGN.RIGHT


def _ruled(document: Document, block: dict[str, Any], size: int) -> None:
    _table(document, [[""]] * block["lines"], [1], size)


def _space(document: Document, block: dict[str, Any], size: int) -> None:
    for _ in range(block["lines"]):
        document.add_paragraph()


def _code(document: Document, paper: Paper) -> None:
    from docx.shared import Mm, Pt

    if not paper.check:
        return
    written = document.add_paragraph()
    written.paragraph_format.line_spacing = 1
    written.add_run().add_picture(BytesIO(code_png(paper)), width=Mm(24))
    written.add_run(f"　{CODE_SAYS}").font.size = Pt(SMALL)


DRAWN = {
    "paragraph": _paragraph,
    "entries": _entries,
    "grid": _grid,
    "signatures": _signatures,
    "ruled": _ruled,
    "space": _space,
}


def _same_bytes(made: bytes) -> bytes:
    """The same file without the times at which its parts were packed."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(made)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        for name in packed.namelist():
            again.writestr(zipfile.ZipInfo(name, IN_ZIP), packed.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
