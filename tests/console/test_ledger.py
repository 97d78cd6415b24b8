"""`mediation ledger`: a ledger is checked, then taken; the second time nothing is new."""

from __future__ import annotations

import pytest

from ..support import ledgers
from ..support.sheets import xlsx
from .test_console import Console, nowhere, room, root, staffed

__all__ = ["nowhere", "room", "root", "staffed"]


@pytest.fixture
def desk(room: Console) -> Console:
    """A room without a case, and its key."""
    room("key", "make")
    return room


def put(desk: Console, name: str, content: bytes) -> str:
    (desk.folder / name).write_bytes(content)
    return name


def test_twenty_faults_are_printed_nothing_is_taken_then_all_once(desk: Console) -> None:
    sound = ledgers.rows(300)
    bad = put(desk, "bad.xlsx", xlsx([ledgers.TITLE, ledgers.HEAD, *ledgers.spoilt(sound)]))
    found = desk.json("ledger", "check", bad, "--write", "faults.xlsx", "--as", "wang", code=2)["faults"]
    assert [(it["row"], it["label"]) for it in found] == [(row, label) for row, label, _ in ledgers.expected()]
    assert (desk.folder / "faults.xlsx").exists()
    said = desk("ledger", "take", bad, "--as", "wang", code=2)
    assert "第5行“受理时间”：“2026年13月3日”不是有效日期" in said
    assert desk.json("case", "list", "--as", "wang") == []

    good = put(desk, "good.xlsx", xlsx([ledgers.TITLE, ledgers.HEAD, *sound]))
    assert "新的 300 件" in desk("ledger", "check", good, "--as", "wang")
    assert desk.json("case", "list", "--as", "wang") == []
    told = desk.json("ledger", "take", good, "--as", "wang")
    assert (told["new"], told["there"], told["others"]) == (300, 0, [])
    again = desk.json("ledger", "take", good, "--as", "wang")
    assert (again["new"], again["there"], again["cases"]) == (0, 300, [])
    desk("audit", "--all")


def test_columns_are_named_by_options_and_remembered(desk: Console) -> None:
    head = ["流水", "哪天来的", *ledgers.HEAD[2:]]
    file = put(desk, "own.xlsx", xlsx([head, *ledgers.rows(2)]))
    assert "还没有说哪一列是“编号”、“受理日期”" in desk("ledger", "check", file, "--as", "wang", code=2)
    named = ("--map", "流水=编号", "--map", "哪天来的=受理日期")
    assert desk.json("ledger", "take", file, *named, "--as", "wang")["new"] == 2
    assert desk.json("ledger", "take", file, "--as", "wang")["there"] == 2


def test_an_option_that_names_no_column_says_which_there_are(desk: Console) -> None:
    file = put(desk, "l.xlsx", xlsx([ledgers.HEAD, *ledgers.rows(1)]))
    assert "表里没有列“序”" in desk("ledger", "check", file, "--map", "序=编号", "--as", "wang", code=2)
    assert "没有栏目“号”；有：编号" in desk("ledger", "check", file, "--map", "序号=号", "--as", "wang", code=2)
    assert "应写成 列名=栏目" in desk("ledger", "check", file, "--map", "序号", "--as", "wang", code=2)
    assert "没有工作表“九月”" in desk("ledger", "check", file, "--sheet", "九月", "--as", "wang", code=2)


def test_only_a_lead_takes_a_ledger_and_a_template_can_be_had(desk: Console) -> None:
    file = put(desk, "l.xlsx", xlsx([ledgers.HEAD, *ledgers.rows(1)]))
    assert "室主任" in desk("ledger", "take", file, "--as", "li", code=3)
    desk("ledger", "template", "empty.xlsx")
    assert "没有内容" in desk("ledger", "check", "empty.xlsx", "--as", "wang", code=6)
    assert "不存在" in desk("ledger", "check", "none.xlsx", "--as", "wang", code=6)
