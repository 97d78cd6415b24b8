"""Tables that people fill in elsewhere and bring as a file: read with every fault named by row and column, and written
empty to be filled in. Nothing is guessed: what cannot be read as it stands is named, and then nothing is taken.

XLSX as Excel and WPS save it, CSV in UTF-8 or GB 18030. Headers may stand in any order, below a title.
"""

from __future__ import annotations

import csv
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from io import BytesIO, StringIO
from itertools import islice
from typing import Any
from xml.etree.ElementTree import iterparse
from zipfile import BadZipFile, ZipFile

from ..domain.formatting import money_words
from ..errors import ExhibitUnfit, TableUnfit
from ..papers.workbook import saved
from .characters import UNPRINTABLE
from .command_schema import day_typed, read_sum, trimmed
from .encodings import decoded

MOST_ROWS = 1000
LARGEST = 5 << 20
"""Bytes of a file: a thousand rows are a tenth of a megabyte."""
MOST_INFLATED = 20 << 20
MOST_COLUMNS = 200
HEADER_WITHIN = 30
"""So far down the headers may stand."""
DIGITS_KEPT = 15
"""Excel keeps no more digits of a number: of a longer one the last are gone."""

OLD = "这是旧版的 .xls 文件，请用 Excel 或 WPS 打开，另存为 .xlsx 再交"
LOCKED = "文件加了密码，请去掉密码再交"
A_PAGE = "这其实是网页，请用 Excel 或 WPS 打开，另存为 .xlsx 再交"
NO_TABLE = "这不是表格，请交 Excel（.xlsx）或 CSV 文件"
BROKEN = "文件不完整或已损坏，请重新保存再交"
EMPTY = "它是空的，请重新选择"
TOO_LARGE = "文件太大，请只留要交的这张表，去掉图片再交"
TOO_MANY = "一张表最多 {most} 行，请分成几张交"
SEVERAL = "几张工作表都有内容：{sheets}。请合成一张，或只留要交的一张"
TOO_FAR = "第{row}行还有内容，离表太远，请删去多余的行再交"
NO_HEADER = "没有找到表头：要有一行写着{labels}"
LOST = "后几位已经丢了：Excel 把它当成了数字。把这一列设为文本，照原件再填一遍"
LINKED = "它链接着别的文件或网址，请断开链接、只留数值（或另存为 CSV）再交"
NO_VALUE = "这一格是公式，还没有算出结果。请用 Excel 或 WPS 打开，保存一次再交，或直接填数"
A_FAULT = "这一格的公式有误（{shown}），请改正"
MERGED = "有合并的单元格，请取消合并，每一行单独填"
HIDDEN = "这一行是隐藏的或被筛选掉了，请显示出来，看过再交"
WANTED = "要填"
A_DAY = "这一格成了日期，请把这一列设为文本再填"
BELOW = "写在合计下面，请移到合计上面，或删去"

TOTALS = frozenset({"合计", "总计", "总合计", "合计:", "总计:"})
FAULTS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+")
_ENDS_IN_NOUGHTS = re.compile(r"[0-9]{13,}000")
_QUOTED = re.compile(r'="(.*)"|\'(.*)', re.DOTALL)


class CellFault(Exception):
    """What is wrong with a cell, in words."""


class Kind(Enum):
    """What stands in a column: it tells what becomes of numbers and days as Excel has them."""

    WORDS = "words"
    NUMBER = "number"
    """A long number that nobody reckons with: kept as text."""
    MONEY = "money"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column as it is declared."""

    name: str
    label: str
    """What its header says."""
    read: Callable[[str], Any]
    """What was typed to what is meant; CellFault."""
    kind: Kind = Kind.WORDS
    required: bool = False
    also: tuple[str, ...] = ()
    """Other headers that mean the same."""
    help: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a table is called and the columns it has."""

    title: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFault:
    """What is wrong, and where."""

    row: int
    """As the file counts its rows; 0 for none of them."""
    label: str
    """Of the column; empty for the whole row."""
    sentence: str

    def __str__(self) -> str:
        place = f"第{self.row}行" if self.row else "表头"
        return f"{place}“{self.label}”：{self.sentence}" if self.label else f"{place}：{self.sentence}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row that was read: what is not filled in, or is wrong, is None."""

    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRead:
    """All that was found in a file; with any fault nothing of it is to be taken."""

    rows: tuple[Row, ...]
    faults: tuple[TableFault, ...]
    notes: tuple[str, ...]
    """What was not read, and why."""


@dataclass(frozen=True, slots=True)
class _Grid:
    """A sheet as it was typed, with what is odd about it."""

    rows: tuple[tuple[int, tuple[Any, ...]], ...]
    """Rows in which something stands, by their number in the file."""
    hidden: frozenset[int] = frozenset()
    merged: frozenset[int] = frozenset()
    """Rows that share a cell with another, or have one over several columns."""
    without_value: frozenset[tuple[int, int]] = frozenset()
    """(row, column from 0) of formulas nobody has worked out."""


# -- what is in the cells of a column


def words(longest: int) -> Callable[[str], str]:
    """Words on one line."""

    def read(typed: str) -> str:
        said = re.sub(r"\s*\n\s*", " ", typed)
        if UNPRINTABLE.search(said):
            raise CellFault("含有不可显示的字符")
        if len(said) > longest:
            raise CellFault(f"不能超过{longest}个字")
        return said

    return read


def sum_of_money(typed: str) -> int:
    """A sum in 分."""
    found = read_sum(typed)
    if found.fen is None:
        raise CellFault(found.fault)
    return found.fen


def civil_day(typed: str) -> date:
    """A day."""
    found = day_typed(typed)
    if found.day is None:
        raise CellFault(found.fault)
    return found.day


# -- reading


def read_table(content: bytes, layout: Layout, *, most: int = MOST_ROWS) -> TableRead:
    """What stands in a file, by the columns that are declared. TableUnfit where it is no table that can be read."""
    labels = "、".join(f"“{column.label}”" for column in layout.columns if column.required)
    notes: list[str] = []
    found = [(t, grid, at) for t, grid in _grids(content, most, notes) if (at := _header(grid, layout)) is not None]
    if not found:
        raise TableUnfit(why=NO_HEADER.format(labels=labels))
    (title, grid, at), *others = found
    if also := [t for t, more, below in others if any(number > below for number, _ in more.rows)]:
        raise TableUnfit(why=SEVERAL.format(sheets="、".join(f"“{it}”" for it in (title, *also))))
    return _Reading(layout, grid, at, notes, title, dict(grid.rows)[at]).read(most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet whose headers are its owner's: which column means what is for a person to say."""

    title: str
    headers: tuple[str, ...]
    """What the row with the headers says, place by place; a second of the same says so, an empty one is empty."""
    notes: tuple[str, ...]
    header: int
    grid: _Grid

    def read(self, layout: Layout, most: int) -> TableRead:
        """The rows, by columns labelled as the headers are."""
        return _Reading(layout, self.grid, self.header, [*self.notes], self.title, self.headers).read(most)

    @property
    def samples(self) -> tuple[str, ...]:
        """What the first row that has something in a column has there, place by place."""
        below = [cells for number, cells in self.grid.rows if number > self.header][:HEADER_WITHIN]
        return tuple(
            next((_shown(row[place]) for row in below if place < len(row) and not _is_empty(row[place])), "")
            for place, _ in enumerate(self.headers)
        )


def sheets_in(content: bytes, layout: Layout, *, most: int = MOST_ROWS) -> list[Sheet]:
    """The sheets of a file with something below headers that are known; where there are none, below what may be some.

    TableUnfit where there is nothing below either.
    """
    notes: list[str] = []
    grids = [*_grids(content, most, notes)]
    known = [(title, grid, at) for title, grid in grids if (at := _header(grid, layout)) is not None]
    found = known or [(title, grid, at) for title, grid in grids if (at := _first_of_words(grid)) is not None]
    if not found:
        raise TableUnfit(why="没有找到表头：要有一行写着各列的名称，下面一行一件")
    filled = [(title, grid, at) for title, grid, at in found if any(number > at for number, _ in grid.rows)]
    if not filled:
        raise TableUnfit(why="表头下面没有内容")
    return [
        Sheet(title=title, headers=_apart(dict(grid.rows)[at]), notes=tuple(notes), header=at, grid=grid)
        for title, grid, at in filled
    ]


def _first_of_words(grid: _Grid) -> int | None:
    """The number of the first row that may be one of headers: three cells or more, all of them words."""
    for number, cells in islice(grid.rows, HEADER_WITHIN):
        filled = [cell for cell in cells if not _is_empty(cell)]
        if len(filled) >= 3 and all(isinstance(cell, str) for cell in filled):
            return number
    return None


def _apart(cells: tuple[Any, ...]) -> tuple[str, ...]:
    """Headers on one line, each told from another of the same words before it."""
    seen: dict[str, int] = {}
    headers: list[str] = []
    for cell in cells:
        said = re.sub(r"\s+", " ", UNPRINTABLE.sub("", trimmed("" if cell is None else str(cell))))[:40]
        seen[_plain(said)] = again = seen.get(_plain(said), 0) + 1
        headers.append(f"{said}（第{again}个）" if said and again > 1 else said)
    return tuple(headers)


def _shown(cell: Any) -> str:
    """A cell as an example of what stands in its column."""
    said = cell.strftime("%Y-%m-%d") if isinstance(cell, date) else re.sub(r"\s+", " ", UNPRINTABLE.sub("", str(cell)))
    return said if len(said) <= 20 else f"{said[:20]}…"


def _grids(content: bytes, most: int, notes: list[str]) -> Iterator[tuple[str, _Grid]]:
    """The sheets of a file, one after another, each with its title."""
    if not content:
        raise TableUnfit(why=EMPTY)
    if len(content) > LARGEST:
        raise TableUnfit(why=TOO_LARGE)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableUnfit(why=LOCKED if "EncryptedPackage".encode("utf-16-le") in content else OLD)
    if content.startswith(b"PK"):
        yield from _workbook(content, most, notes)
    else:
        yield "", _csv(content, most)


class _Reading:
    """One sheet on the way from cells to rows."""

    def __init__(
        self, layout: Layout, grid: _Grid, header: int, notes: list[str], title: str, headers: Sequence[Any]
    ) -> None:
        self.layout, self.grid, self.header, self.notes, self.headers = layout, grid, header, notes, headers
        self.faults: list[TableFault] = []
        self.rows: list[Row] = []
        self.total_at = 0
        """The number of the row with the total; 0 before it."""
        self.title = title

    def read(self, most: int) -> TableRead:
        self.places = self._places()
        for number, cells in self.grid.rows:
            if number > self.header:
                self._row(number, cells)
        if len(self.rows) > most:
            raise TableUnfit(why=TOO_MANY.format(most=most))
        if not self.rows and not self.faults:
            raise TableUnfit(why="表头下面没有内容")
        self.faults.sort(key=lambda it: it.row)
        return TableRead(rows=tuple(self.rows), faults=tuple(self.faults), notes=tuple(self.notes))

    def _places(self) -> dict[Column, int]:
        """Where each column stands; a column that is missing or there twice is a fault, an unknown one a note."""
        found: dict[Column, list[int]] = {}
        unknown: list[str] = []
        for place, cell in enumerate(self.headers):
            column = _column(self.layout, cell)
            if column is not None:
                found.setdefault(column, []).append(place)
            elif said := trimmed(str(cell or "")):
                unknown.append(said[:20])
        for column in self.layout.columns:
            if column not in found and column.required:
                self._wrong(0, column.label, "没有这一列，请补上")
            if len(found.get(column, ())) > 1:
                self._wrong(0, column.label, "这一列有两列，请只留一列")
        if unknown:
            self.notes.append(f"这几列用不上，没有读：{'、'.join(unknown)}")
        return {column: places[0] for column, places in found.items()}

    def _row(self, number: int, cells: tuple[Any, ...]) -> None:
        typed = {column: cells[place] for column, place in self.places.items() if place < len(cells)}
        first = next((_plain(cell) for cell in cells if not _is_empty(cell)), "")
        if first in TOTALS:
            self.total_at = self.total_at or number
            self._total(number, typed)
            return
        filled = [c for c, cell in typed.items() if not _is_empty(cell) or self._lacks_value(number, c)]
        if not filled:
            return
        if self.total_at:
            if all(c in filled for c in self.layout.columns if c.required and c in self.places):
                self._wrong(number, "", BELOW)
            else:
                self.notes.append(f"合计下面的第{number}行没有读")
            return
        if number in self.grid.hidden:
            self._wrong(number, "", HIDDEN)
        if number in self.grid.merged:
            self._wrong(number, "", MERGED)
        self.rows.append(Row(number=number, values={c.name: self._cell(number, c, typed.get(c)) for c in self.places}))

    def _cell(self, number: int, column: Column, cell: Any) -> Any:
        try:
            if self._lacks_value(number, column):
                raise CellFault(NO_VALUE)
            typed = _typed(cell, column.kind)
            if not typed:
                if column.required:
                    raise CellFault(WANTED)
                return None
            return _read(column, typed)
        except CellFault as fault:
            self._wrong(number, column.label, str(fault))
            return None

    def _lacks_value(self, number: int, column: Column) -> bool:
        return (number, self.places[column]) in self.grid.without_value

    def _total(self, number: int, typed: Mapping[Column, Any]) -> None:
        """Hold what is written as the total against the sum of the rows, where that is known."""
        for column, cell in typed.items():
            if column.kind is not Kind.MONEY or (_is_empty(cell) and not self._lacks_value(number, column)):
                continue
            said = self._cell(number, column, cell)
            sums = [row.values[column.name] for row in self.rows]
            if said is None or None in sums or any(f.label == column.label and f.row < number for f in self.faults):
                continue
            if said != sum(sums):
                told = f"合计写的是 {money_words(said)}，各行加起来是 {money_words(sum(sums))}，请核对"
                self._wrong(number, column.label, told)

    def _wrong(self, row: int, label: str, sentence: str) -> None:
        self.faults.append(TableFault(row=row, label=label, sentence=sentence))


def _read(column: Column, typed: str) -> Any:
    """What is meant by a cell. A long number that ends in noughts and is no number has lost its end."""
    try:
        return column.read(typed)
    except CellFault:
        if column.kind is Kind.NUMBER and _ENDS_IN_NOUGHTS.fullmatch(typed):
            raise CellFault(LOST) from None
        raise


def _header(grid: _Grid, layout: Layout) -> int | None:
    """The number of the row with the headers: the first with all that are required, else the one with most of them."""
    counts: list[tuple[int, int]] = []
    for number, cells in islice(grid.rows, HEADER_WITHIN):
        named = {column for cell in cells if (column := _column(layout, cell))}
        if all(column in named for column in layout.columns if column.required):
            return number
        counts.append((len(named), -number))
    best = max(counts, default=(0, 0))
    return -best[1] if best[0] >= 2 else None


def _column(layout: Layout, cell: Any) -> Column | None:
    said = _plain(cell)
    return next((c for c in layout.columns if said and said in map(_plain, (c.label, *c.also))), None)


def _plain(cell: Any) -> str:
    """As headers are compared: in ordinary width, without blanks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", cell)) if isinstance(cell, str) else ""


def _is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not trimmed(cell))


def _typed(cell: Any, kind: Kind) -> str:
    """A cell as somebody would have typed it; CellFault where that cannot be told any more."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _said(cell, kind)
    if isinstance(cell, bool):
        raise CellFault("应填文字或数字")
    if isinstance(cell, int | float):
        if kind is Kind.NUMBER and abs(cell) >= 10**DIGITS_KEPT:
            raise CellFault(LOST)
        return format(Decimal(format(cell, f".{DIGITS_KEPT}g") if isinstance(cell, float) else cell), "f")
    if isinstance(cell, datetime | date):
        return _of_day(cell, kind)
    raise CellFault("应填文字或数字")


def _said(cell: str, kind: Kind) -> str:
    typed = trimmed(cell)
    if typed in FAULTS:
        raise CellFault(A_FAULT.format(shown=typed))
    if quoted := _QUOTED.fullmatch(typed):  # how some programs keep a number from being taken for one
        typed = trimmed(quoted[1] or quoted[2] or "")
    if kind is Kind.NUMBER and _SCIENTIFIC.fullmatch(typed):
        raise CellFault(LOST)
    return typed


def _of_day(cell: date, kind: Kind) -> str:
    """Excel makes a day of what looks like one: 2026年8月 becomes the first of August."""
    if kind is Kind.DAY:
        return cell.strftime("%Y-%m-%d")
    if kind is not Kind.WORDS:
        raise CellFault(A_DAY)
    return f"{cell.year}年{cell.month}月" + (f"{cell.day}日" if cell.day != 1 else "")


# -- files


def _csv(content: bytes, most: int) -> _Grid:
    text = _decoded(content)
    head = text[:4096]
    if re.match(r"\s*<(?:!doctype|html|table|\?xml|meta|style)", head, re.IGNORECASE):
        raise TableUnfit(why=A_PAGE)
    if "\x00" in text or head.startswith("%PDF-"):
        raise TableUnfit(why=NO_TABLE)
    delimiter = max(",\t;", key=head.count)
    try:
        lines = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return _Grid(_some(enumerate(map(tuple, lines), 1), most))
    except csv.Error as fault:
        raise TableUnfit(why="引号不成对，或有一格太长，请用 Excel 打开，另存为 .xlsx 再交") from fault


def _decoded(content: bytes) -> str:
    text = decoded(content)
    if text is None:
        raise TableUnfit(why=NO_TABLE)
    return text


def _some(rows: Iterable[tuple[int, tuple[Any, ...]]], most: int) -> tuple[tuple[int, tuple[Any, ...]], ...]:
    """The rows in which something stands; TableUnfit where there are too many."""
    found = tuple(islice(((n, row) for n, row in rows if not all(map(_is_empty, row))), 2 * most + HEADER_WITHIN))
    if len(found) == 2 * most + HEADER_WITHIN:
        raise TableUnfit(why=TOO_MANY.format(most=most))
    return found


def _workbook(content: bytes, most: int, notes: list[str]) -> Iterator[tuple[str, _Grid]]:
    """The sheets that can be seen, in their order; openpyxl takes a while to read in."""
    _check_archive(content)
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what it cannot keep of a file is nothing to us
            book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
            sheets: list[Any] = book.worksheets
            for sheet in sheets:
                if sheet.sheet_state != "visible":
                    notes.append(f"“{sheet.title}”是隐藏的，没有读")
                    continue
                last, *odd = _oddities(content, sheet._worksheet_path)
                sheet.reset_dimensions()  # what the file says of its size need not be true
                cells = sheet.iter_rows(max_row=last, max_col=MOST_COLUMNS, values_only=True) if last else ()
                yield sheet.title, _Grid(_some(enumerate(cells, 1), most), *odd)
    except (
        BadZipFile,
        SyntaxError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OverflowError,
    ) as fault:
        raise TableUnfit(why=BROKEN) from fault


def _check_archive(content: bytes) -> None:
    from ..exhibits import documents, kinds

    try:
        if documents.office_media(content) != kinds.XLSX:
            raise TableUnfit(why=NO_TABLE)
        documents.check_office(content, MOST_INFLATED)
    except ExhibitUnfit as fault:
        is_linked = fault.about.get("why") == documents.OFFICE_FETCHES
        raise TableUnfit(**(fault.about | ({"why": LINKED} if is_linked else {}))) from fault


def _oddities(content: bytes, part: str) -> tuple[Any, ...]:
    """The last row with something in it; hidden rows, rows with merged cells, formulas without a value: what the
    library says nothing of. TableUnfit where rows are out of order, or something stands far below the table."""
    from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

    hidden, merged, without = set[int](), set[int](), set[tuple[int, int]]()
    row = last = 0
    with ZipFile(BytesIO(content)) as archive, archive.open(part) as sheet:
        for event, element in iterparse(sheet, ("start", "end")):
            tag = element.tag.rpartition("}")[2]
            if event == "start":
                if tag == "row":
                    before, row = row, int(element.get("r") or row + 1)
                    if row <= before:
                        raise TableUnfit(why=BROKEN)
            elif tag == "c":
                parts = {child.tag.rpartition("}")[2]: child.text for child in element}
                last = row if parts else last
                if last > 10 * MOST_ROWS:
                    raise TableUnfit(why=TOO_FAR.format(row=last))
                if "f" in parts and not parts.get("v") and (place := element.get("r")):
                    at, column = coordinate_to_tuple(place)
                    without.add((at, column - 1))
            elif tag == "row":
                if element.get("hidden") in ("1", "true"):
                    hidden.add(row)
                element.clear()
            elif tag == "mergeCell":
                _, first, _, end = range_boundaries(element.get("ref") or "A1")
                merged.update(range(first or 1, min(end or 1, (first or 1) + 10 * MOST_ROWS) + 1))
    return last, frozenset(hidden), frozenset(merged), frozenset(without)


# -- writing


def write_table(layout: Layout, rows: Sequence[Mapping[str, str]] = ()) -> bytes:
    """The table as an XLSX file, empty or filled in; columns of long numbers are text. How to fill it in stands on a
    sheet of its own, so that no example is ever handed in. The same rows give the same bytes."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet, told = book.worksheets[0], book.create_sheet("怎样填")
    sheet.title, sheet.freeze_panes = layout.title, "A2"
    for n, column in enumerate(layout.columns, 1):
        sheet.column_dimensions[get_column_letter(n)].width = 24 if column.kind is Kind.NUMBER else 14
        _put(sheet, 1, n, column.label).font = Font(bold=True)
        if column.kind is Kind.NUMBER:
            sheet.column_dimensions[get_column_letter(n)].number_format = "@"
        for at, row in enumerate(rows, 2):
            _put(sheet, at, n, row.get(column.name, ""), text=column.kind is Kind.NUMBER)
    for n, label in enumerate(("列", "必填", "怎样填", "例子"), 1):
        _put(told, 1, n, label).font = Font(bold=True)
        told.column_dimensions[get_column_letter(n)].width = (14, 8, 50, 28)[n - 1]
    for at, column in enumerate(layout.columns, 2):
        for n, said in enumerate((column.label, "是" if column.required else "", column.help), 1):
            _put(told, at, n, said)
        _put(told, at, 4, column.example, text=True).font = Font(color="808080")
    return saved(book)


def write_csv(layout: Layout, rows: Sequence[Mapping[str, str]] = ()) -> bytes:
    """The table as a CSV file that Excel and WPS open; what would be taken for a formula is written as words."""
    out = StringIO()
    lines = csv.writer(out)
    lines.writerow([column.label for column in layout.columns])
    for row in rows:
        lines.writerow([_quoted(row.get(column.name, "")) for column in layout.columns])
    return out.getvalue().encode("utf-8-sig")


def _quoted(words: str) -> str:
    return f"'{words}" if words.startswith(("=", "+", "-", "@", "\t", "'")) else words


def _put(sheet: Any, row: int, column: int, words: str, *, text: bool = False) -> Any:
    """Put words into a cell, as words whatever they look like."""
    cell = sheet.cell(row, column, words or None)
    if words:
        cell.data_type = "s"
    if text:
        cell.number_format = "@"
    return cell
