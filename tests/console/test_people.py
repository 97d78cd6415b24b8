"""`mediation person …`: found, filled in, shown masked, whole for a reason, erased by the lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from web.config import Settings
from web.console import demo
from web.console.cli_context import Desk
from web.security.room_key_file import known_room_key

from .test_console import PARTIES, REGISTER, Console, nowhere, root

__all__ = ["nowhere", "root"]

NUMBER, PHONE = "330784199003071238", "13812345678"
FILLED = (
    *("--set", f"证件号码={NUMBER}", "--set", f'电话=[{{"号码": "{PHONE}", "哪个电话": "本人"}}]'),
    *("--set", "曾用名=王小二"),
)


@pytest.fixture
def room(nowhere: Console) -> Console:
    """A room with a case; the key is printed."""
    nowhere("init")
    nowhere("key", "print")
    nowhere("case", "new", "--id", "A1", "--as", "li", *REGISTER, *PARTIES)
    return nowhere


@pytest.fixture
def filled(room: Console) -> Console:
    assert "第2版" in room("person", "set", "王某", "--as", "li", *FILLED)
    return room


def test_somebody_is_found_by_name_number_and_telephone(filled: Console) -> None:
    for words in ("王", "王小二", "wm", PHONE, NUMBER):
        assert "王某" in filled("person", "find", words, "--as", "li"), words
    assert "没有找到" in filled("person", "find", PHONE[:-1], "--as", "li")


def test_a_telephone_alone_needs_no_brackets(room: Console) -> None:
    room("person", "set", "王某", "--as", "li", "--set", f"电话={PHONE}、13912345678", "--set", "不识字=是")
    shown = room("person", "show", "王某", "--as", "wang", "--whole", "电话")
    assert PHONE in shown
    assert "13912345678" in shown
    assert "文书要念给他听" in shown


def test_it_is_shown_masked_and_whole_for_a_reason(filled: Console) -> None:
    shown = filled("person", "show", "王某", "--as", "li")
    assert "138****5678" in shown
    assert PHONE not in shown
    assert "联系当事人" in filled("person", "show", "王某", "--as", "li", "--whole", "电话", code=2)
    whole = ("person", "show", "王某", "--whole", "电话")
    assert PHONE in filled(*whole, "--as", "li", "--why", "联系当事人")
    assert PHONE in filled(*whole, "--as", "wang")
    assert "没有“民族”这一项" in filled("person", "show", "王某", "--as", "wang", "--whole", "民族", code=2)
    assert filled.json("person", "show", "王某", "--as", "li")["masked"] == ["number", "birth", "phones"]


def test_what_is_not_set_stays_and_what_is_set_empty_goes(filled: Console) -> None:
    filled("person", "set", "王小二", "--as", "li", "--set", "住址=永康市芝英镇某村", "--set", "曾用名=")
    shown = filled("person", "show", "王某", "--as", "li")
    assert "3307**********1238" in shown
    assert "永康市芝英镇****" in shown
    assert "王小二" not in shown
    assert "没有改动" in filled("person", "set", "王某", "--as", "li", "--set", "住址=永康市芝英镇某村")


@pytest.mark.parametrize(
    ("pair", "told"),
    [
        ("证件号码=330784199003071234", "证件号码：最后一位校验不符"),
        ('电话=[{"号码": "138"}]', "电话第1行号码：手机号码应为11位"),
        ("出生日期=1991-01-01", "出生日期：与身份证号上的"),
        ("体重=80", "没有这一项"),
        ("姓名=", "姓名或名称应有"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_changed(filled: Console, pair: str, told: str) -> None:
    assert told in filled("person", "set", "王某", "--as", "li", "--set", pair, code=2)
    assert filled.json("person", "show", "王某", "--as", "li")["version"] == 2


def test_who_has_no_business_there_sees_nothing(filled: Console) -> None:
    for words in (("find", "王"), ("show", "王某"), ("set", "王某", "--set", "民族=汉")):
        assert "职务" in filled("person", *words, "--as", "chen", code=3)
    assert "没有“赵六”" in filled("person", "show", "赵六", "--as", "li", code=5)


def test_the_lead_erases_and_an_old_backup_is_put_right(filled: Console) -> None:
    filled("db", "backup", "old.db")
    erase = ("person", "erase", "王某", "--reason", "本人申请", "--basis", "个人信息保护法第47条", "--as")
    assert "在办案件" in filled(*erase, "wang", code=3)
    filled.do("按误登记结案", "--set", "怎么登错的=登错了", by="wang")
    assert "室主任" in filled(*erase, "li", code=3)
    id = filled.json("person", "find", "王", "--as", "li")[0]["id"]
    assert "已依法删除" in filled(*erase, "wang")
    assert "找不回来" in filled("person", "show", id, "--as", "li")
    assert "已依法删除" in filled("case", "show", "A1", "--as", "li")
    filled("text", "erasures", "-o", "erased.txt")
    restored = ("--db", "again.db", "db", "restore", "old.db", "--erasures", "erased.txt")
    assert f"mediation person erase {id}" in filled(*restored, code=1)
    assert "没有找到" in filled("--db", "again.db", "person", "find", PHONE, "--as", "li")


def test_check_says_whether_the_key_opens_what_there_is(filled: Console) -> None:
    key = filled.folder / "var" / "room.key"
    assert "资料都打得开；有打印件" in filled("db", "check", "--quick")
    kept = key.read_bytes()
    key.unlink()
    assert "1 人的资料打不开" in filled("db", "check", "--quick", code=1)
    filled("key", "make")
    assert "资料打不开" in filled("db", "check", "--quick", code=1)
    key.write_bytes(kept)
    filled.raw("DELETE FROM people_index")
    assert "查不到" in filled("db", "check", "--quick", code=1)
    assert re.search("有 1 人.*已重建", filled("rebuild"))
    assert "资料都打得开" in filled("db", "check", "--quick")


def test_without_a_key_it_is_said_what_to_do(room: Console) -> None:
    (room.folder / "var" / "room.key").unlink()
    assert "mediation key make" in room("person", "find", "王", "--as", "li", code=6)


def test_the_demo_has_a_key_of_its_own(nowhere: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere("init")
    served: list[Settings] = []
    monkeypatch.setattr(demo, "pages", lambda _, settings: served.append(settings))
    with demo_desk(nowhere) as desk:
        demo._serve(desk)
        demo._serve(desk)
    assert [known_room_key(settings.room_key) is not None for settings in served] == [True, True]
    assert {settings.room_key for settings in served} == {Path("var/demo.room.key")}
    assert served[0].exhibits.folder != Settings().exhibits.folder


@contextmanager
def demo_desk(console: Console) -> Iterator[Desk]:
    desk = Desk(str(console.database), None, clock=console.clock)
    yield desk
    desk.close()
