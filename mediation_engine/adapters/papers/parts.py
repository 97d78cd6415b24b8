"""What both ways of drawing a paper have in common: it as plain data, and the code to be photographed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from io import BytesIO
from typing import Any

from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.paper import (
    DAY,
    STRUCK,
    Block,
    Entries,
    Grid,
    Paper,
    Paragraph,
    Ruled,
    Signatures,
    Space,
)
from mediation_engine.papers.text import cleaned, signature_rows

CODE_SAYS = "扫码核对现行文本"
KEPT_TOGETHER = 2
"""So many paragraphs stay on the page of the signatures that follow: none stands alone."""


def made_at(paper: Paper) -> datetime:
    """When a file of it says that it was made: at the beginning of its day."""
    return datetime.combine(paper.day, time(), CHINA)


def code_svg(paper: Paper) -> str:
    """The address where the text is checked, as a code to be photographed; empty where there is none."""
    return _code(paper, kind="svg", xmldecl=False, svgclass=None, lineclass=None).decode() if paper.check else ""


def code_png(paper: Paper) -> bytes:
    """The same as a picture of dots."""
    return _code(paper, kind="png", scale=8)


def _code(paper: Paper, **how: Any) -> bytes:
    import segno  # reading it in takes a while, and most papers have none

    out = BytesIO()
    segno.make(paper.check, error="m").save(out, border=1, **how)
    return out.getvalue()


def data_of(paper: Paper) -> dict[str, Any]:
    """A paper as plain data, its words clean: what it is drawn from."""
    whole = cleaned(paper)
    return {
        "title": whole.title,
        "day": whole.day.isoformat(),
        "host": whole.host,
        "letterhead": list(whole.letterhead),
        "number": whole.number,
        "case_number": whole.case_number,
        "text_hash": whole.text_hash,
        "check": whole.check,
        "large": whole.large,
        "numbered": whole.numbered,
        "blocks": blocks(whole),
    }


def blocks(paper: Paper) -> list[dict[str, Any]]:
    """The blocks as plain data, in order."""
    together = set(_kept_together(paper))
    return [_block(block) | {"sticky": n in together} for n, block in enumerate(paper.blocks)]


def _kept_together(paper: Paper) -> Iterator[int]:
    """Numbers of the paragraphs that stay with the signatures after them."""
    for number, block in enumerate(paper.blocks):
        if isinstance(block, Signatures):
            for before in range(max(0, number - KEPT_TOGETHER), number):
                if isinstance(paper.blocks[before], Paragraph):
                    yield before


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {"kind": "paragraph", "words": block.words, "style": block.style.code}
        case Entries():
            return {
                "kind": "entries",
                "rows": [[(label, value or STRUCK) for label, value in row] for row in block.rows],
            }
        case Grid():
            rows = [[cell or STRUCK for cell in row] for row in block.rows]
            return {"kind": "grid", "head": block.head, "rows": rows, "widths": block.widths or (1,) * len(block.head)}
        case Signatures():
            day = DAY if block.day else ""
            return {"kind": "signatures", "rows": signature_rows(block), "seal": block.seal, "day": day}
        case Ruled():
            return {"kind": "ruled", "lines": block.lines}
        case Space():
            return {"kind": "space", "lines": block.lines}
