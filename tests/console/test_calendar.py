"""`mediation calendar …`: a year, a period, and the yearly notice."""

from __future__ import annotations

import pytest

from ..support.notices import OF_2027, published
from .test_console import Console, nowhere, room, root, staffed

__all__ = ["nowhere", "room", "root", "staffed"]


def given(room: Console, text: str = OF_2027, encoding: str = "utf-8") -> str:
    (room.folder / "通知.txt").write_bytes(text.encode(encoding))
    return "通知.txt"


class TestCount:
    def test_an_official_year_gives_one_day_and_why_it_moved(self, room: Console) -> None:
        told = room("calendar", "count", "2026-09-01", "--days", "30")
        assert "从2026年9月1日（周二）起30日，当天不计入" in told
        assert "到2026年10月8日（周四）为止" in told
        assert "2026年10月1日（周四）是休息日（国庆节）" in told

    def test_a_provisional_year_gives_three_and_says_so(self, room: Console) -> None:
        told = room("calendar", "count", "2027-01-22", "--days", "15")
        for words in ("暂定，待国务院办公厅通知", "2027年2月6日", "2027年2月11日", "2027年2月15日", "2027年2月1日"):
            assert words in told

    def test_for_programs(self, room: Console) -> None:
        assert room.json("calendar", "count", "2027-01-31", "--months", "1") == {
            "start": "2027-01-31",
            "number": 1,
            "unit": "months",
            "raw": "2027-02-28",
            "expected": "2027-03-01",
            "latest": "2027-03-09",
            "duty": "2027-02-26",
            "provisional": True,
            "names": [],
            "why": "2027年2月28日（周日）是休息日（周末），顺延到休息结束后的第一个工作日",
        }

    def test_working_days_are_called_so_and_years_are_counted(self, room: Console) -> None:
        assert "中间的周末、中秋节不算" in room("calendar", "count", "2026-09-22", "--workdays", "5")
        assert "到2026年2月28日（周六）为止" in room("calendar", "count", "2024-02-29", "--years", "2")

    @pytest.mark.parametrize(
        ("words", "code", "said"),
        [
            (["2026-09-01"], 2, "请写明一个期限"),
            (["2026-09-01", "--days", "3", "--months", "1"], 2, "四样里只写一样"),
            (["2026-09-01", "--days", "0"], 2, "--days"),
            (["2026-09-31", "--days", "3"], 2, "不是日期"),
            (["明天", "--days", "3"], 2, "不是日期"),
            (["2031-12-20", "--days", "30"], 5, "没有2032年的放假安排"),
            (["2026-09-01", "--years", "99999999"], 5, "的放假安排"),
        ],
    )
    def test_what_cannot_be_counted_is_said(self, room: Console, words: list[str], code: int, said: str) -> None:
        assert said in room("calendar", "count", *words, code=code)


class TestShow:
    def test_a_year_and_where_it_is_from(self, room: Console) -> None:
        told = room("calendar", "show", "2026")
        assert "2026年　官方" in told
        assert "国办发明电〔2025〕7号，2025年11月4日；随程序提供" in told
        assert "2月16日（周一）至2月19日（周四）" in told
        assert "暂定，待国务院办公厅通知" in room("calendar", "show", "2027")

    def test_a_year_that_nobody_knows(self, room: Console) -> None:
        assert "没有2032年的放假安排" in room("calendar", "show", "2032", code=5)


class TestImport:
    def test_it_can_be_looked_at_first(self, room: Console) -> None:
        assert "核对无误，与现在的日历有10处不同。还没有导入。" in room("calendar", "import", given(room), "--dry-run")
        assert room.json("calendar", "show", "2027")["status"] == "provisional"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_it_is_taken_by_the_lead_once(self, room: Console, encoding: str) -> None:
        file = given(room, encoding=encoding)
        assert "已导入，2027年的日历从现在起按这份通知" in room("calendar", "import", file, "--as", "wang")
        assert "已经导入过" in room("calendar", "import", file, "--as", "wang")
        told = room("calendar", "show", "2027")
        assert "2027年　官方" in told
        assert "王主任于2026-11-23" in told
        assert "到2027年2月15日（周一）为止" in room("calendar", "count", "2027-01-22", "--days", "15")
        assert "工作日历　✓ 完整" in room("audit", "--all")

    def test_another_text_is_taken_on_request_and_both_stay(self, room: Console) -> None:
        room("calendar", "import", given(room), "--as", "wang")
        other = given(room, OF_2027.replace("99号", "100号"))
        assert "已有官方的放假安排（国办发明电〔2026〕99号）" in room(
            "calendar", "import", other, "--as", "wang", code=3
        )
        assert "已导入" in room("calendar", "import", other, "--replace", "--as", "wang")
        assert "以前导入过：国办发明电〔2026〕99号" in room("calendar", "show", "2027")

    def test_faults_stand_one_under_the_other(self, room: Console) -> None:
        file = given(room, published(2026).replace("共9天", "共8天").replace("5月9日（周六）", "5月9日（周五）"))
        told = room("calendar", "import", file, "--as", "wang", code=2)
        assert "✗ 第11行：写的是共8天" in told
        assert "✗ 第15行：5月9日写的是星期五，实际是星期六" in told

    def test_others_may_not(self, room: Console) -> None:
        assert "管理员或室主任" in room("calendar", "import", given(room), "--as", "chen", code=3)

    def test_a_file_that_is_not_there_or_no_text(self, room: Console) -> None:
        assert "文件或目录不存在" in room("calendar", "import", "没有.txt", code=6)
        (room.folder / "x.txt").write_bytes(b"\x7fELF\x00")
        assert "不是文本文件" in room("calendar", "import", "x.txt", "--as", "wang", code=2)
