"""Draws pages of a PDF in a process of its own, which is ended when it takes too long: a small file can ask for years.

`python -m mediation_engine.exhibits.pdf_pages LONGEST FIRST COUNT` reads the PDF and writes, for each page, its length
in four bytes and a JPEG.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from ..errors import ExhibitUnfit
from .images import as_jpeg

SECONDS, SECONDS_A_PAGE = 15.0, 2.0
"""How long it may take, and how much longer with every page (policy)."""
BROKEN = "PDF 不完整或已损坏，请重新生成"
TOO_LONG = "PDF 的内容画得太久，可能有问题；请打印成新的 PDF 再交"


def drawn(content: bytes, longest: int, first: int, count: int, seconds: float = SECONDS) -> list[bytes]:
    """Pages as JPEGs of at most `longest` points. ExhibitUnfit where one cannot be drawn, or not in time."""
    call = [sys.executable, "-m", __name__, str(longest), str(first), str(count)]
    try:
        made = subprocess.run(call, input=content, capture_output=True, timeout=seconds + SECONDS_A_PAGE * count)
    except subprocess.TimeoutExpired as fault:
        raise ExhibitUnfit(why=TOO_LONG) from fault
    pages, at = [], 0
    while at < len(made.stdout):
        size = int.from_bytes(made.stdout[at : at + 4], "big")
        pages.append(made.stdout[at + 4 : at + 4 + size])
        at += 4 + size
    if made.returncode or len(pages) != count:
        raise ExhibitUnfit(why=BROKEN)
    return pages


def _page(page: Any, longest: int) -> bytes:
    width, height = page.get_size()
    scale = longest / max(width, height, 1)
    return as_jpeg(page.render(scale=min(scale, 4), may_draw_forms=False).to_pil(), longest)


def main(longest: int, first: int, count: int) -> None:
    """Read, draw, write."""
    import pypdfium2

    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    for number in range(first, first + count):
        page = _page(document[number], longest)
        sys.stdout.buffer.write(len(page).to_bytes(4, "big") + page)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
