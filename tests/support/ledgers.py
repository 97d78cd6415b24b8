"""A room's own ledger as rooms write it: made-up rows, all sound, and the same with twenty of them wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from .sheets import GIVEN, SURNAMES, resident

HEAD = (
    *("序号", "受理时间", "申请人", "申请人身份证号", "申请人电话", "被申请人", "纠纷类别", "简要案情"),
    *("涉案金额（元）", "调解员", "调解结果", "调解日期", "协议形式", "协议金额", "协议履行情况", "履行时间"),
    *("结案日期", "备注"),
)
PLACE = {label: place for place, label in enumerate(HEAD)}
TITLE = ("某调解室二〇二六年调解案件登记台账",)
SORTS = ("邻里纠纷", "合同", "拖欠农民工工资纠纷", "损害赔偿", "婚姻家庭", "道路交通事故")


def rows(count: int) -> list[list[Any]]:
    """So many rows: of five one performed and closed, one performed, one in part, one failed, one going on."""
    return [_row(n) for n in range(1, count + 1)]


def _row(n: int) -> list[Any]:
    day = date(2026, 1, 5) + timedelta(days=n % 280)
    name = SURNAMES[n % 20] + GIVEN[n % len(GIVEN)] + GIVEN[n // 5 % len(GIVEN)]
    against = f"{SURNAMES[n // 3 % 20]}{GIVEN[n // 7 % len(GIVEN)]}五金厂" if n % 3 else f"{SURNAMES[n // 2 % 20]}某{n}"
    begun = [f"2026-{n}", day, name, resident(n) if n % 4 == 0 else "", f"138{n:08d}" if n % 2 else "", against]
    begun += [SORTS[n % len(SORTS)], f"双方因第{n}号事由发生争执，请求调解", 1000 + n, "李调解" if n % 3 else "老周"]
    if n % 5 == 3:
        return [*begun, "调解不成", day + timedelta(days=9), "", "", "", "", "", "已告知起诉"]
    if n % 5 == 4:
        return [*begun, "调解中", "", "", "", "", "", "", ""]
    settled = day + timedelta(days=3)
    said = [*begun, "调解成功", settled, "口头" if n % 2 else "书面", 800 + n]
    if n % 5 == 2:
        return [*said, "部分履行", settled + timedelta(days=2), "", ""]
    return [*said, "全部履行", settled + timedelta(days=2), settled + timedelta(days=4) if n % 5 else "", ""]


WRONG: Sequence[tuple[int, str, Any, str]] = (
    (3, "受理时间", "2026年13月3日", "“2026年13月3日”不是有效日期，没有这一天，请核对"),
    (8, "申请人", "", "要填"),
    (15, "申请人电话", "1380000", "手机号码应为11位，现在是7位"),
    (24, "申请人身份证号", resident(24)[:-1] + ("1" if resident(24)[-1] != "1" else "2"), "最后一位校验不符"),
    (31, "纠纷类别", "打架斗殴", "“打架斗殴”认不出，请写成其中一个：拖欠劳动报酬"),
    (40, "涉案金额（元）", "三万左右", "“三万左右”不是金额，应写成 12345.60 或 1.2万"),
    (52, "调解结果", "好", "“好”认不出，请写成其中一个：调解成功、调解不成"),
    (61, "序号", "2026-60", "与第62行相同，一件案件只能有一行"),
    (76, "调解日期", date(2025, 1, 1), "早于“受理时间”的2026年3月22日"),
    (81, "结案日期", date(2026, 12, 31), "还没有到"),
    (98, "协议金额", 500, "“调解结果”是“调解不成”，这里不该有内容"),
    (109, "结案日期", date(2026, 6, 1), "“调解结果”是“调解中”，不该有结案日期"),
    (120, "协议形式", "电子", "“电子”认不出，请写成其中一个：书面、口头"),
    (135, "协议履行情况", "差不多", "“差不多”认不出，请写成其中一个：全部履行"),
    (150, "申请人", "王某、王某", "“王某”写了两次"),
    (171, "申请人", "王某（男，45岁）", "姓名后面括号里的话请删去"),
    (196, "申请人身份证号", f"{resident(1)}、{resident(2)}", "有1位当事人，这里写了2个"),
    (222, "受理时间", 46329, "是 Excel 内部的日期数字"),
    (251, "序号", "", "要填"),
    (300, "协议金额", "-5", "金额不能是负数"),
)
"""The row of the data from 1, the column, what stands there, and what is to be said of it."""
FIRST_ROW = 3
"""Below the title and the headers."""


def spoilt(sound: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The same rows, twenty of them wrong."""
    made = [list(row) for row in sound]
    for n, label, said, _ in WRONG:
        made[n - 1][PLACE[label]] = said
    return made


def expected() -> list[tuple[int, str, str]]:
    """Where something is said to be wrong, and what: row of the file, column, how the sentence begins or goes on."""
    return [(n + FIRST_ROW - 1, label, sentence) for n, label, _, sentence in WRONG]
