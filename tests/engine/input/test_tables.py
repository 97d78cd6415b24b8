"""Tables from files: read in whatever form people bring them, every fault by row and column, and nothing guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediation_engine.errors import TableUnfit
from mediation_engine.input.tables import (
    LOST,
    NO_VALUE,
    Column,
    Kind,
    Layout,
    TableRead,
    civil_day,
    read_table,
    sum_of_money,
    words,
    write_table,
)

from ...support.sheets import xlsx

pytestmark = pytest.mark.quick

LAYOUT = Layout(
    title="名单",
    columns=(
        Column(name="name", label="姓名", read=words(10), required=True, example="王某"),
        Column(name="account", label="银行账号", read=words(30), kind=Kind.NUMBER, also=("卡号",)),
        Column(name="months", label="月份", read=words(20)),
        Column(name="sum", label="金额", read=sum_of_money, kind=Kind.MONEY, required=True, also=("金额(元)",)),
        Column(name="due", label="期限", read=civil_day, kind=Kind.DAY),
    ),
)
HEADER = ("姓名", "银行账号", "月份", "金额", "期限")


def read(*rows: Sequence[Any], change: Callable[[Any], Any] = lambda sheet: None, header: Any = HEADER) -> TableRead:
    return read_table(xlsx([header, *rows], change), LAYOUT)


def said(*rows: Sequence[Any], **given: Any) -> list[str]:
    return [str(fault) for fault in read(*rows, **given).faults]


def test_what_excel_makes_of_numbers_days_and_months_is_read_as_it_was_meant() -> None:
    found = read(("王某", "6222020111122220000", date(2026, 8, 1), 12345.6, date(2026, 12, 31)))
    assert found.faults == ()
    assert found.rows[0].values == {
        "name": "王某",
        "account": "6222020111122220000",
        "months": "2026年8月",
        "sum": 1_234_560,
        "due": date(2026, 12, 31),
    }
    assert read(("王某", 622202, "8月—10月", 0.1 + 0.2, "2026年12月31日")).rows[0].values["sum"] == 30
    assert read(("王某", 13812345678, "", "1.2万", None)).rows[0].values["account"] == "13812345678"


def test_headers_stand_in_any_order_below_a_title_in_any_width() -> None:
    rows = [("某厂工资名单",), (), ("序号", " 金 额（元） ", "姓　名"), (1, 5, "王某"), (2, 6, "李某"), ("合 计", 11)]
    found = read_table(xlsx(rows), LAYOUT)
    assert [(row.number, row.values["name"], row.values["sum"]) for row in found.rows] == [
        (4, "王某", 500),
        (5, "李某", 600),
    ]
    assert found.notes == ("这几列用不上，没有读：序号",)


def hide(sheet: Any) -> None:
    sheet.row_dimensions[2].hidden = True


NO_DAY = "不是有效日期，没有这一天，请核对"


@pytest.mark.parametrize(
    ("row", "change", "expected"),
    [
        ((None, "1", "", 5), None, "第2行“姓名”：要填"),
        (("王某", 6222020111122220000, "", 5), None, f"第2行“银行账号”：{LOST}"),
        (("王某", "6.22202E+18", "", 5), None, f"第2行“银行账号”：{LOST}"),
        (("王某", date(2026, 1, 1), "", 5), None, "第2行“银行账号”：这一格成了日期，请把这一列设为文本再填"),
        (("王某", "", "", "五百"), None, "第2行“金额”：“五百”不是金额，应写成 12345.60 或 1.2万"),
        (("王某", "", "", -5), None, "第2行“金额”：金额不能是负数"),
        (("王某", "", "", 5.001), None, "第2行“金额”：金额最多到分"),
        (("王某", "", "", "#REF!"), None, "第2行“金额”：这一格的公式有误（#REF!），请改正"),
        (("王某", "", "", "=1+1"), None, f"第2行“金额”：{NO_VALUE}"),
        (("王某", "", True, 5), None, "第2行“月份”：应填文字或数字"),
        (("王某", "", "长" * 21, 5), None, "第2行“月份”：不能超过20个字"),
        (("王某", "", "", 5, "2026-02-30"), None, f"第2行“期限”：“2026-02-30”{NO_DAY}"),
        (("王某", "", "", 5), hide, "第2行：这一行是隐藏的或被筛选掉了，请显示出来，看过再交"),
        (("王某", "", "", 5), lambda s: s.merge_cells("B2:C2"), "第2行：有合并的单元格，请取消合并，每一行单独填"),
        (("王某", "", "", 5), lambda s: s.merge_cells("A2:A4"), "第2行：有合并的单元格，请取消合并，每一行单独填"),
        (
            ("王某", "", "", 5),
            lambda s: s.append(("合计", "", "", 6)),
            "第3行“金额”：合计写的是 ￥6.00，各行加起来是 ￥5.00，请核对",
        ),
        (
            ("王某", "", "", 5),
            lambda s: [s.append(("合计", "", "", 5)), s.append(("李某", "", "", 6))],
            "第4行：写在合计下面，请移到合计上面，或删去",
        ),
    ],
)
def test_every_fault_is_named_by_row_and_column(row: Any, change: Any, expected: str) -> None:
    assert said(row, change=change or (lambda sheet: None)) == [expected]


def test_all_faults_are_named_at_once_in_the_order_of_the_rows() -> None:
    faults = said(("", "", "", "x"), ("李某", "", "", 5), ("赵某", 1e18, "", ""), header=(*HEADER, "姓名"))
    assert [fault.partition("：")[0] for fault in faults] == [
        *("表头“姓名”", "第2行“姓名”", "第2行“金额”"),
        *("第4行“银行账号”", "第4行“金额”"),
    ]


def test_a_column_that_is_missing_is_named_and_so_is_what_is_no_table() -> None:
    rows = [("姓名", "月份"), ("王某", "8月")]
    assert "表头“金额”：没有这一列，请补上" in map(str, read_table(xlsx(rows), LAYOUT).faults)
    with pytest.raises(TableUnfit, match="没有找到表头：要有一行写着“姓名”、“金额”"):
        read_table(xlsx([("甲", "乙")]), LAYOUT)


def test_rows_that_say_nothing_are_left_out_and_a_signature_below_the_total_is_a_note() -> None:
    found = read(("王某", "", "", 5), (), ("", " ", "", None), ("合计", "", "", 5), ("制表：张三",))
    assert [row.number for row in found.rows] == [2]
    assert found.notes == ("合计下面的第6行没有读",)


def test_the_first_sheet_that_can_be_seen_and_has_the_headers_is_read() -> None:
    content = xlsx([HEADER, ("王某", "", "", 5)], more=2)
    assert len(read_table(content, LAYOUT).rows) == 1

    def veil(sheet: Any) -> None:
        sheet.parent.create_sheet("别的")
        sheet.sheet_state = "hidden"

    with pytest.raises(TableUnfit, match="没有找到表头"):
        read_table(xlsx([HEADER, ("王某", "", "", 5)], veil), LAYOUT)


TEXT = '姓名,银行账号,金额\r\n王某,="6222020111122220000","12,345.60"\r\n合计,,12345.6\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_files_are_read_in_every_encoding_and_with_every_separator(encoding: str, delimiter: str) -> None:
    text = TEXT if delimiter == "," else TEXT.replace("12,345.60", "12345.60").replace(",", delimiter)
    found = read_table(text.encode(encoding), LAYOUT)
    assert found.faults == ()
    assert found.rows[0].values == {"name": "王某", "account": "6222020111122220000", "sum": 1_234_560}


def bomb() -> bytes:
    kept = BytesIO()
    whole = xlsx([HEADER])
    with ZipFile(BytesIO(whole)) as old, ZipFile(kept, "w", ZIP_DEFLATED) as new:
        for member in old.infolist():
            more = b"<!--" + b"0" * (30 << 20) + b"-->" if member.filename.endswith("sheet1.xml") else b""
            new.writestr(member.filename, old.read(member) + more)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (lambda: b"", "空的"),
        (lambda: b"\xd0\xcf\x11\xe0" + b"0" * 600, "旧版的 .xls"),
        (lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "加了密码"),
        (lambda: b"<html><table><tr><td>", "其实是网页"),
        (lambda: b"%PDF-1.7", "不是表格"),
        (lambda: b"\xff\xd8\xff\xe0\x00\x10", "不是表格"),
        (lambda: xlsx([HEADER])[:-40], "Excel 文件不完整"),
        (bomb, "展开后太大"),
        (lambda: b"0" * ((5 << 20) + 1), "文件太大"),
        (lambda: '姓名,金额\n"王某,5\n'.encode(), "引号不成对"),
        (lambda: xlsx([HEADER, *[("王某", "", "", 5)] * 1001]), "最多 1000 行"),
        (lambda: xlsx([HEADER, *[("王某", "", "", 5)] * 9000]), "最多 1000 行"),
        (lambda: xlsx([HEADER]), "没有内容"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(content: Callable[[], bytes], why: str) -> None:
    with pytest.raises(TableUnfit, match=why):
        read_table(content(), LAYOUT)


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.text("王李赵=+-@1", min_size=1, max_size=10).filter(lambda s: s[:2] not in ('="', "'")),
            "account": st.text("0123456789", max_size=30),
            "sum": st.integers(1, 10**9).map(lambda fen: f"{fen // 100}.{fen % 100:02d}"),
            "due": st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(str),
        }
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_what_is_written_into_an_empty_table_is_read_again(rows: list[dict[str, str]]) -> None:
    found = read_table(write_table(LAYOUT, rows), LAYOUT)
    assert found.faults == ()
    for row, again in zip(rows, found.rows, strict=True):
        assert again.values["name"] == row["name"]
        assert again.values["account"] == (row["account"] or None)
        assert again.values["sum"] == sum_of_money(row["sum"])
        assert str(again.values["due"]) == row["due"]


def test_in_an_empty_table_long_numbers_are_text_and_the_example_is_on_another_sheet() -> None:
    from openpyxl import load_workbook

    empty = write_table(LAYOUT)
    book = load_workbook(BytesIO(empty))
    assert [sheet.title for sheet in book.worksheets] == ["名单", "怎样填"]
    assert book.worksheets[0].column_dimensions["B"].number_format == "@"
    with pytest.raises(TableUnfit, match="没有内容"):
        read_table(empty, LAYOUT)


def test_a_table_says_nothing_of_when_it_was_written_and_what_looks_like_a_time_stays() -> None:
    typed = "2026-11-30T08:00:00Z"
    with ZipFile(BytesIO(write_table(LAYOUT, [{"name": typed}]))) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert set(re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z", parts.read("docProps/core.xml"))) == {
            b"1980-01-01T00:00:00Z"
        }
        assert any(typed.encode() in parts.read(part) for part in parts.namelist() if part != "docProps/core.xml")


def in_the_sheet(*rows: Sequence[Any], old: str, new: str) -> bytes:
    """A workbook whose first sheet says something else about itself."""
    kept = BytesIO()
    with ZipFile(BytesIO(xlsx([HEADER, *rows]))) as whole, ZipFile(kept, "w", ZIP_DEFLATED) as changed:
        for name in whole.namelist():
            content = whole.read(name)
            if name.endswith("sheet1.xml"):
                content = re.sub(old, new, content.decode()).encode()
            changed.writestr(name, content)
    return kept.getvalue()


@pytest.mark.parametrize("said", ["A1", "A1:D2", "A1:D1048576", "A1:D9999999999"])
def test_whatever_a_sheet_says_of_its_size_all_of_it_is_read(said: str) -> None:
    rows = [("王某", "", "", 5), ("李某", "", "", 6), ("张某", "", "", 7)]
    content = in_the_sheet(*rows, old=r'<dimension ref="[^"]*"', new=f'<dimension ref="{said}"')
    assert len(read_table(content, LAYOUT).rows) == 3


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ('<row r="9999999999"><c r="A9999999999" t="str"><v>王某</v></c></row>', "离表太远"),
        ('<row r="1048576"><c r="A1048576" t="str"><v>王某</v></c></row>', "离表太远"),
        ('<row r="1"><c r="A1" t="str"><v>王某</v></c></row>', "已损坏"),
    ],
)
def test_rows_out_of_order_or_far_below_are_not_waited_for(row: str, why: str) -> None:
    content = in_the_sheet(("王某", "", "", 5), old="</sheetData>", new=f"{row}</sheetData>")
    with pytest.raises(TableUnfit, match=why):
        read_table(content, LAYOUT)


def test_an_empty_row_far_below_is_nothing() -> None:
    far = '<row r="1048576"></row></sheetData>'
    assert len(read_table(in_the_sheet(("王某", "", "", 5), old="</sheetData>", new=far), LAYOUT).rows) == 1


def test_two_sheets_with_people_on_them_are_not_read_as_one() -> None:
    def twice(sheet: Any) -> None:
        sheet.parent.copy_worksheet(sheet).title = "二车间"

    with pytest.raises(TableUnfit, match="二车间"):
        read_table(xlsx([HEADER, ("王某", "", "", 5)], twice), LAYOUT)
