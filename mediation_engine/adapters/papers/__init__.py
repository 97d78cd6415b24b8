"""Papers drawn: as PDF by typst, as Word file by python-docx."""

from __future__ import annotations

from collections.abc import Sequence

from mediation_engine.domain.paper import Paper
from mediation_engine.papers.fonts import FONTS

MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""Media types of the files there are of a paper, by the ending of their names."""


def drawn(paper: Paper, ending: str, fonts: Sequence[str] = FONTS) -> bytes:
    """A paper as a file; each way of drawing takes a while to read in.

    Raises:
        FontsMissing, PaperUnfit: as `pdf.pdf`.
    """
    if ending == "pdf":
        from .pdf import pdf

        return pdf(paper, fonts)
    from .word import docx

    return docx(paper)
