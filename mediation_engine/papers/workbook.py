"""A workbook as a file: words stay words, and what is of one day is the same file whenever it is made."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from openpyxl import Workbook


ABOUT = "docProps/core.xml"
"""Where a workbook says when it was made."""
UNDATED = date(1980, 1, 1)
"""Of what is of no day: the first that an archive can say."""


def saved(book: Workbook, day: date = UNDATED) -> bytes:
    """An XLSX file as of a day."""
    for cell in (cell for page in book.worksheets for row in page.iter_rows() for cell in row):
        if cell.data_type == "f":
            cell.data_type = "s"  # a name may begin as a formula does
    kept = BytesIO()
    book.save(kept)
    return _of_a_day(kept.getvalue(), day)


def _of_a_day(raw: bytes, day: date) -> bytes:
    """The same file whenever it is made: what it says of when that was is the day it is of."""
    made = BytesIO()
    with ZipFile(BytesIO(raw)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == ABOUT:
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", f"{day}T00:00:00Z".encode(), content)
            new.writestr(ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0)), content, ZIP_DEFLATED)
    return made.getvalue()
