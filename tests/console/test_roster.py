"""`mediation case roster` and `case sign`: a table of people into a case, the terms that pay them, their sheet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mediation_engine.input.roster import layout, read_roster
from mediation_engine.input.tables import read_table

from ..support.files import photo
from ..support.sheets import HEAD, workers, xlsx
from ..support.story import NOW
from .test_console import Console, case, nowhere, one_case, root, staffed

__all__ = ["case", "nowhere", "one_case", "root", "staffed"]

ROSTER = ("case", "roster", "A1")


@pytest.fixture
def room(case: Console) -> Console:
    """A case, the room's key, and a roster of three."""
    case("key", "make")
    (case.folder / "r.xlsx").write_bytes(xlsx([HEAD, *workers(3)]))
    return case


def parties(room: Console) -> dict[str, str]:
    states: dict[str, str] = room.json("case", "show", "A1", "--as", "li")["states"]
    return {key: state for key, state in states.items() if key.startswith("party/")}


def test_a_roster_is_looked_at_then_taken_once(room: Console) -> None:
    before = parties(room)
    said = room(*ROSTER, "r.xlsx", "--dry-run", "--as", "li")
    assert "读到 3 人，共 ￥3,006.00；还没有录入" in said
    assert str(workers(1)[0][1]) not in said
    assert parties(room) == before
    once = ("--command-id", "once-1", "--as", "li")
    told = room.json(*ROSTER, "r.xlsx", *once)
    assert len(told["parties"]) == 3
    assert room.json(*ROSTER, "r.xlsx", *once) == told
    assert len(parties(room)) == len(before) + 3
    room(*ROSTER, "r.xlsx", "--as", "li", code=2)
    assert len(parties(room)) == len(before) + 3


def test_every_fault_is_printed_and_nothing_is_taken(room: Console) -> None:
    before, rows = parties(room), workers(3)
    rows[1][1], rows[2][6] = "123", "许多"
    (room.folder / "bad.xlsx").write_bytes(xlsx([HEAD, *rows]))
    said = room(*ROSTER, "bad.xlsx", "--as", "li", code=2)
    assert "第3行“身份证号”：应为18位" in said
    assert "第4行“金额”：“许多”不是金额" in said
    assert parties(room) == before
    faults = room.json(*ROSTER, "bad.xlsx", "--dry-run", "--as", "li", code=2)["faults"]
    assert [(it["row"], it["label"]) for it in faults] == [(3, "身份证号"), (4, "金额")]


def test_somebody_known_is_offered_and_used_only_where_one_says_so(room: Console) -> None:
    room(*ROSTER, "r.xlsx", "--as", "li")
    room(
        "case",
        "new",
        "--id",
        "B1",
        "--as",
        "li",
        "--applicant",
        "赵某",
        "--set",
        "调解程序=人民调解",
        "--set",
        "纠纷类型=合同",
    )
    said = room("case", "roster", "B1", "r.xlsx", "--dry-run", "--as", "li")
    assert said.count("可能是同一人") == 3
    room("case", "roster", "B1", "r.xlsx", "--same", "2,9", "--as", "li", code=2)
    same = ("case", "roster", "B1", "r.xlsx", "--same", "2", "--command-id", "once-2", "--as", "li")
    told = room.json(*same)
    assert room.json(*same) == told
    assert "已用于另一项操作" in room(*("3" if word == "2" else word for word in same), code=2)
    known, other = (room.json("case", "show", c, "--as", "li")["facts"]["parties"] for c in ("A1", "B1"))
    there = {it["person"] for it in known.values()}
    assert [it["person"] in there for it in list(other.values())[-3:]] == [True, False, False]


def test_an_empty_roster_is_written_and_is_one(room: Console) -> None:
    room(*ROSTER, "--template", "empty.xlsx", "--as", "li")
    filled = Path(room.folder / "empty.xlsx")
    assert filled.exists()
    assert read_roster(xlsx([HEAD, *workers(2)]), NOW.date()).total == 200_300
    with pytest.raises(Exception, match="没有内容"):
        read_table(filled.read_bytes(), layout(NOW.date()))


def test_the_terms_by_the_roster_are_taken_by_a_step_and_signed_on_one_sheet(room: Console) -> None:
    room(*ROSTER, "r.xlsx", "--as", "li")
    terms = room(*ROSTER, "--terms", "--payer", "某五金厂", "--due", "2026-12-31", "--as", "li")
    assert [it["金额"] for it in json.loads(terms)] == ["1,001.00", "1,002.00", "1,003.00"]
    names = [row[0] for row in workers(3)]
    room(
        "case",
        "do",
        "A1",
        "拟定协议书",
        "--as",
        "li",
        "--set",
        f"协议条款={terms}",
        "--set",
        f"签署的当事人=某五金厂、{'、'.join(names)}",
    )
    (room.folder / "s.jpg").write_bytes(photo())
    room("exhibit", "add", "A1", "s.jpg", "--kind", "协议书签署件", "--as", "li")
    sign = ("case", "sign", "A1", "协议1", "--sheet", "材料1", "--manner", "签名", "--checked", "--as", "li")
    room(*sign, "--except", "某某", code=2)
    once = (*sign, "--except", names[2], "--command-id", "once-3")
    told = room.json(*once)
    assert [line["event"] for line in told["lines"]] == ["AgreementConfirmed"] * 2
    assert room.json(*once) == told
    assert "没有等待签署的个人" in room(*sign, "--except", names[2], code=2)
    room("case", "do", "A1", "分出未到场的人", "--on", "协议1", "--set", f"哪些人没有签={names[2]}", "--as", "li")
    assert room.json("case", "show", "A1", "--as", "li")["states"]["agreement/2"] == "reached"
