"""`mediation case batch`: the bank's table is checked whole, then recorded whole; the table for the bank is made."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from openpyxl import load_workbook

from web.presenters.batch_sheet import LAYOUT

from ..support.sheets import xlsx
from .test_console import REGISTER, Console, nowhere, root

__all__ = ["nowhere", "root"]

HEADER = ("编号", "姓名", "账号", "金额", "结果", "原因")
Rows = Sequence[Sequence[Any]]


@pytest.fixture
def owed(nowhere: Console) -> Console:
    """A firm owes three workers, two of one name."""
    nowhere("init")
    workers = ("张工", "李工", "张工")
    named = [word for name in workers for word in ("--applicant", name)]
    nowhere("case", "new", "--id", "A1", "--as", "li", *REGISTER, *named, "--respondent", "某劳务公司:单位")
    nowhere("case", "do", "A1", "受理", "--as", "wang")
    terms = [
        {
            "内容": "工资",
            "种类": "付款",
            "付款方（义务人）": "party/4",
            "收款方（权利人）": f"party/{n}",
            "金额": "8600",
        }
        for n in (1, 2, 3)
    ]
    nowhere("case", "do", "A1", "记录谈妥", "--as", "li", "--set", f"协议条款={json.dumps(terms, ensure_ascii=False)}")
    nowhere("case", "do", "A1", "按口头协议生效", "--on", "协议1", "--as", "li")
    return nowhere


def batch(console: Console, rows: Rows, *more: str, code: int = 0) -> str:
    """Give the bank's table."""
    file = console.folder / "回单.xlsx"
    file.write_bytes(xlsx([HEADER, *rows]))
    return console("case", "batch", "A1", "协议1", str(file), *more, "--as", "li", code=code)


def states(console: Console, machine: str) -> list[str]:
    found = console.json("case", "show", "A1", "--as", "li")["states"]
    return [state for key, state in found.items() if key.startswith(f"{machine}/")]


FIRST = (
    ("协议义务1", "张工", "6228480000000000018", 8600, "成功", ""),
    ("", "李工", "6228480000000000026", 8600, "退汇", "收款人账号不存在"),
    ("协议义务3", "张工", "", "8,600.00", "交易成功", "处理成功"),
)


def test_one_comes_back_and_arrives_with_the_next_table(owed: Console) -> None:
    assert "尚未写入" in batch(owed, FIRST, "--dry-run")
    assert states(owed, "payment") == []
    once = ("--date", "2026-11-23", "--command-id", "once-1")
    told = batch(owed, FIRST, *once)
    assert batch(owed, FIRST, *once) == told
    assert states(owed, "payment") == ["recorded", "returned", "recorded"]
    assert states(owed, "obligation") == ["performed", "pending", "performed"]
    shown = owed("case", "show", "A1", "--as", "li")
    assert "退汇（账号错误），请更正后重新付款" in shown
    assert "6228" not in owed("case", "history", "A1", "--as", "li")
    again = "退汇待重发1笔，共 ￥8,600.00：办理“记录重新付款成功” --on 付款2"
    assert again in owed("case", "missing", "A1", "--as", "li")
    batch(owed, [("", "李工", "", 8600, "成功", "")])
    assert states(owed, "agreement") == ["performed"]
    owed("audit", "--all")


def test_an_account_that_is_not_as_in_the_register_is_told_by_its_row_and_bars_nothing(owed: Console) -> None:
    owed("key", "make")
    for n, account in ((1, FIRST[0][2]), (2, "6228480000000000117")):
        key = owed.json("case", "show", "A1", "--as", "li")["facts"]["parties"][f"party/{n}"]["person"]
        owed("person", "set", key, "--as", "li", "--set", f"银行账号={account}")
    told = batch(owed, FIRST, "--dry-run").replace("\n", "")
    assert re.findall("第.行“账号”：与名册里(.工)的银行账号不同（名册里是 (.*?)，表里是 (.*?)）", told) == [
        ("李工", "***************0117", "***************0026")
    ]
    assert "6228" not in told
    starred = [
        (*row[:2], typed, *row[3:]) for row, typed in zip(FIRST, ("6228***********0018", "6228****9"), strict=False)
    ]
    assert batch(owed, starred, "--dry-run").replace("\n", "").count("的银行账号不同") == 1
    assert {"accounts 2", "person"} <= {what for (what,) in owed.raw("SELECT what FROM reads")}
    batch(owed, FIRST)
    assert states(owed, "payment") == ["recorded", "returned", "recorded"]


def test_the_first_can_be_paid_again_as_it_is(owed: Console) -> None:
    batch(owed, FIRST)
    owed("case", "do", "A1", "记录重新付款成功", "--on", "付款2", "--as", "li")
    assert states(owed, "payment") == ["recorded"] * 3
    assert states(owed, "agreement") == ["performed"]


FAULTS: dict[str, tuple[Rows, str]] = {
    "nobody of that name": ([("", "王工", "", 8600, "成功", "")], "第2行“姓名”：这份协议没有还没付清给王工的款"),
    "two of that name": (
        [("", "张工", "", 8600, "成功", "")],
        "第2行“姓名”：叫张工的有2项还没付清（协议义务1、协议义务3）",
    ),
    "a number of nothing": (
        [("协议义务9", "张工", "", 8600, "成功", "")],
        "第2行“编号”：这份协议没有还没付清的“协议义务9”",
    ),
    "somebody else's number": ([("协议义务2", "张工", "", 8600, "成功", "")], "第2行“姓名”：协议义务2是付给李工的"),
    "another sum": ([("", "李工", "", 8000, "成功", "")], "第2行“金额”：还没付清的是 ￥8,600.00"),
    "no sum": ([("", "李工", "", "", "成功", "")], "第2行“金额”：要填"),
    "no result": ([("", "李工", "", 8600, "", "")], "第2行“结果”：要填"),
    "another result": ([("", "李工", "", 8600, "处理中", "")], "第2行“结果”：应写“成功”或“退汇”"),
    "no reason": ([("", "李工", "", 8600, "退汇", "")], "第2行“原因”：退汇的要写原因"),
    "no reason but that it is another": ([("", "李工", "", 8600, "退汇", "其他")], "第2行“原因”：请写明是什么原因"),
    "twice": ([("", "李工", "", 8600, "成功", ""), ("", "李工", "", 8600, "成功", "")], "第3行“姓名”：和第2行是同一笔"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_told_by_row_and_column_and_nothing_is_taken(owed: Console, case: str) -> None:
    rows, words = FAULTS[case]
    told = batch(owed, [*rows, FIRST[0]], code=2)
    assert words in told.replace("\n", "")
    assert states(owed, "payment") == []


def test_all_faults_are_told_at_once(owed: Console) -> None:
    told = batch(owed, [rows[0] for rows, _ in FAULTS.values()], code=2)
    assert told.count("✗") >= len(FAULTS) - 1


def test_what_banks_say_is_taken_for_the_usual_reason_where_it_is_clear(owed: Console) -> None:
    said = {"户名不符": "户名不符", "账户已销户": "账户冻结或销户", "账号户名不符": "其他", "系统超时": "其他"}
    for words, label in said.items():
        told = batch(owed, [("", "李工", "", 8600, "退汇", words)], "--dry-run")
        assert f"退汇原因：{label}" in told.replace("\n", "").replace(" ", ""), words


def test_what_is_paid_up_is_not_paid_by_the_same_table_again(owed: Console) -> None:
    batch(owed, FIRST)
    assert "第2行“编号”：这份协议没有还没付清的“协议义务1”" in batch(owed, FIRST, code=2).replace("\n", "")
    assert states(owed, "payment") == ["recorded", "returned", "recorded"]


def test_the_table_for_the_bank_has_names_and_what_is_owed(owed: Console) -> None:
    file = owed.folder / "代发.xlsx"
    asked = ("case", "batch", "A1", "协议1", "--template", str(file), "--as", "li")
    assert "3 行" in owed(*asked)
    sheet = load_workbook(file).worksheets[0]
    rows = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == [column.label for column in LAYOUT.columns]
    assert rows[1:3] == [["协议义务1", "张工", "", "8600.00", "", ""], ["协议义务2", "李工", "", "8600.00", "", ""]]
    filled = [[*row[:4], "成功", ""] for row in rows[1:]]
    batch(owed, filled, "--payer", "某劳务公司", "--note", "回单 20261123")
    assert states(owed, "agreement") == ["performed"]


def test_either_a_table_is_given_or_one_is_wanted(owed: Console) -> None:
    assert "请写银行的结果表" in owed("case", "batch", "A1", "协议1", "--as", "li", code=2)
    assert "文件或目录不存在" in owed("case", "batch", "A1", "协议1", "没有.xlsx", "--as", "li", code=6)
