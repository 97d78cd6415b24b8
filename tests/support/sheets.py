"""Sheets as people make them with Excel: cells, merges, hidden rows, formulas nobody has worked out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook


def xlsx(rows: Iterable[Sequence[Any]], change: Callable[[Any], Any] = lambda sheet: None, more: int = 0) -> bytes:
    """A workbook whose first sheet has some rows; `change` does the rest to it, `more` empty sheets stand before it."""
    book = Workbook()
    for n in range(more):
        book.create_sheet(f"空{n}", 0)
    sheet = book.worksheets[more]
    for row in rows:
        sheet.append(list(row))
    change(sheet)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def resident(number: int, birth: str = "19850307") -> str:
    """A sound number of a resident identity card: the same for the same number."""
    from stdnum.cn import ric

    body = f"330784{birth}{number:03d}"
    return body + ric.calc_check_digit(body + "0")
