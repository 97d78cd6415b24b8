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


HEAD = ("姓名", "身份证号", "电话", "开户行", "银行账号", "月份", "金额", "备注")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁"
GIVEN = "建国明华丽芳伟强敏静军杰娟涛超"


def workers(count: int = 63) -> list[list[Any]]:
    """A row for each of so many made-up workers, all sound; they claim 1,001.00, 1,002.00 and so on."""
    return [
        [
            SURNAMES[n % len(SURNAMES)] + GIVEN[n % len(GIVEN)] + (GIVEN[n // 7 % len(GIVEN)] if n % 2 else ""),
            resident(n),
            f"138{n:08d}",
            "中国银行永康支行",
            card(n),
            "2026年8月—10月",
            1001 + n,
            "",
        ]
        for n in range(count)
    ]


def card(number: int) -> str:
    """A sound number of a bank card: the same for the same number."""
    from stdnum import luhn

    body = f"622202011112{number:06d}"
    return body + luhn.calc_check_digit(body)
