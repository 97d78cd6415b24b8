"""`mediation organisation`: the directory is written to a file and brought back; with one fault nothing is taken."""

from __future__ import annotations

import pytest

from mediation_engine.input.directory import layout
from workflows.facts import HOST_KINDS

from ..support.sheets import xlsx
from .test_console import Console, nowhere, room, root, staffed

__all__ = ["nowhere", "room", "root", "staffed"]

HEAD = [column.label for column in layout(HOST_KINDS).columns]
CUP = ["cups", "某杯业调委会", "某杯", "企事业单位人民调解委员会", "企业", "room", "", "", "", ""]


@pytest.mark.parametrize("name", ["all.xlsx", "all.csv"])
def test_what_is_exported_is_imported_again_without_a_change(room: Console, name: str) -> None:
    assert "已写出" in room("organisation", "export", name, "--as", "wang")
    told = room.json("organisation", "import", name, "--as", "wang")
    assert (told["taken"], told["counts"]["new"], told["counts"]["changed"]) == (True, 0, 0)


def test_faults_are_printed_by_row_and_column_and_nothing_is_taken(room: Console) -> None:
    top = room.json("organisation", "import", _kept(room), "--as", "wang")["counts"]["same"]
    (room.folder / "bad.xlsx").write_bytes(xlsx([HEAD, CUP, [*CUP[:3], "派出所", *CUP[4:]]]))
    said = room("organisation", "import", "bad.xlsx", "--as", "wang", code=2)
    assert "第3行“性质”：没有“派出所”" in said
    assert room.json("organisation", "import", _kept(room), "--as", "wang")["counts"]["same"] == top


def test_a_dry_run_takes_nothing(room: Console) -> None:
    room("organisation", "export", "all.csv", "--as", "wang")
    own = (room.folder / "all.csv").read_text(encoding="utf-8-sig").splitlines()[1].split(",")[0]
    (room.folder / "new.xlsx").write_bytes(xlsx([HEAD, [*CUP[:5], own, *CUP[6:]]]))
    assert "新登记 1 个" in room("organisation", "import", "new.xlsx", "--dry-run", "--as", "wang")
    for new in (1, 0):
        assert room.json("organisation", "import", "new.xlsx", "--as", "wang")["counts"]["new"] == new


def test_a_mediator_does_not_keep_the_directory(room: Console) -> None:
    assert "室主任或管理员" in room("organisation", "export", "all.xlsx", "--as", "li", code=3)


def _kept(room: Console) -> str:
    room("organisation", "export", "all.xlsx", "--as", "wang")
    return "all.xlsx"
