"""What stands on a drawn paper, read back out of the file."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from docx import Document
from pypdf import PdfReader

from mediation_engine.adapters.papers.parts import CODE_SAYS
from mediation_engine.domain.paper import DAY, STRUCK, Entries, Grid, Paper, Paragraph, Signatures
from mediation_engine.papers.text import signature_rows


def flat(words: str) -> str:
    """Words without the spaces and lines that a page makes."""
    return re.sub(r"\s", "", words)


def lines_of(paper: Paper) -> Iterator[str]:
    """All that stands on a paper but what is repeated on each page."""
    yield from filter(None, (paper.host, *paper.letterhead, paper.title, paper.number))
    for block in paper.blocks:
        match block:
            case Paragraph():
                yield block.words
            case Entries():
                for row in block.rows:
                    for label, value in row:
                        yield from (label, value or STRUCK)
            case Grid():
                yield from block.head
                for cells in block.rows:
                    yield from (cell or STRUCK for cell in cells)
            case Signatures():
                yield from _signatures(block)


def _signatures(block: Signatures) -> Iterator[str]:
    for row in signature_rows(block):
        yield from filter(None, row)
    yield from filter(None, (block.seal, DAY if block.day else ""))


def put_in(paper: Paper) -> str:
    return flat("".join(lines_of(paper)))


def read_pdf(content: bytes, paper: Paper) -> tuple[str, int]:
    """All words of a PDF but what is repeated on each page; how many pages there are."""
    pages = [flat(page.extract_text()) for page in PdfReader(BytesIO(content)).pages]
    words, heads = "", [flat("".join(block.head)) for block in paper.blocks if isinstance(block, Grid)]
    for number, whole in enumerate(pages, 1):
        digest = f"校验码{paper.text_hash}" if paper.text_hash else ""
        foot = f"{flat(paper.case_number)}第{number}页共{len(pages)}页{digest}"
        assert foot in whole or not paper.numbered
        page = whole.replace(foot, "", 1)
        again = next((head for head in heads if head in words and page.startswith(head)), "")
        words += page.removeprefix(again)  # of a table that goes on
    return words.replace(CODE_SAYS, "", 1) if paper.check else words, len(pages)


def read_word_file(content: bytes) -> list[str]:
    """All words of a Word file in order, table by table and paragraph by paragraph."""
    document = Document(BytesIO(content))
    found: list[str] = []
    for part in document.iter_inner_content():
        if hasattr(part, "rows"):
            found += [cell.text for row in part.rows for cell in row.cells]
        else:
            found.append(part.text)
    return found


def relations_of(content: bytes) -> str:
    """Everything that a Word file says of what lies outside its parts."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist() if name.endswith(".rels"))
