"""Exhibits on the console: filed, listed, taken out, carried with backups and exports, and checked there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ..support.files import pdf, photo
from .test_console import Console, case, nowhere, one_case, root, staffed

__all__ = ["case", "nowhere", "one_case", "root", "staffed"]


@pytest.fixture
def filed(case: Console) -> Console:
    """A photo for all, a paper for the party alone."""
    case("key", "make")
    for name, content in (("a.jpg", photo()), ("b.pdf", pdf())):
        (case.folder / name).write_bytes(content)
    add = ("exhibit", "add", "A1")
    case(*add, "a.jpg", "--kind", "身份证明", "--title", "身份证正面", "--party", "王某", "--as", "li")
    case(*add, "b.pdf", "--kind", "证据", "--readers", "host", "--title", "病历", "--as", "li")
    return case


def test_what_was_filed_is_listed_and_taken_out(filed: Console) -> None:
    said = filed("exhibit", "list", "A1", "--as", "li")
    assert "身份证正面" in said
    assert "a.jpg" not in said
    filed("exhibit", "get", "A1", "材料1", "-o", "out.jpg", "--as", "li")
    assert (filed.folder / "out.jpg").read_bytes() == photo()
    hidden = filed.json("exhibit", "list", "A1", "--as", "chen")
    assert [it["file"] is None for it in hidden] == [False, True]
    filed("exhibit", "get", "A1", "材料2", "-o", "no.pdf", "--as", "chen", code=5)


def test_what_is_wrong_with_it_is_told_at_once(filed: Console) -> None:
    said = filed("exhibit", "add", "A1", "a.jpg", "--kind", "身份证明", "--as", "li")
    assert "! 瑕疵：身份证明、授权材料应写明是谁的" in said


def test_a_file_that_is_not_taken_is_named(filed: Console) -> None:
    (filed.folder / "c.exe").write_bytes(b"MZ" + bytes(99))
    said = filed("exhibit", "add", "A1", "a.jpg", "c.exe", "--kind", "其他", "--as", "li", code=2)
    assert "c.exe" in said
    assert "这是程序，不收" in said


def test_nothing_is_filed_without_the_rooms_key(case: Console) -> None:
    (case.folder / "a.jpg").write_bytes(photo())
    said = case("exhibit", "add", "A1", "a.jpg", "--kind", "其他", "--as", "li", code=6)
    assert "mediation key make" in said


def test_a_backup_carries_them_and_audit_names_a_changed_one(filed: Console) -> None:
    (filed.folder / "away").mkdir()
    assert "材料：2 件" in filed("db", "backup", "away/b.db")
    assert "完整" in filed("audit", "--file", "away/b.db")
    assert "2 件，文件都在" in filed("db", "check")
    changed = sorted((filed.folder / "away" / "exhibits").iterdir())[0]
    changed.write_bytes(changed.read_bytes()[:-1] + b"x")
    assert "被换过或改动过" in filed("audit", "--file", "away/b.db", code=1)
    shutil.rmtree(filed.folder / "var" / "exhibits")
    assert "被换过或改动过" in filed("--db", "again.db", "db", "restore", "away/b.db", code=1)


def test_an_export_carries_what_its_reader_may_open_and_verify_py_checks_it(filed: Console) -> None:
    def verified() -> tuple[int, str]:
        said = subprocess.run([sys.executable, "verify.py", "out.jsonl"], capture_output=True, text=True, check=False)
        return said.returncode, said.stdout

    assert "材料 1 件" in filed("export", "A1", "-o", "out.jsonl", "--as", "chen")
    assert [it.what for it in filed.reads() if it.actor == "chen"] == ["export", "exhibit exhibit/1"]
    [carried] = (filed.folder / "out.exhibits").iterdir()
    assert carried.read_bytes() == photo()
    assert verified()[0] == 0
    assert filed("audit", "--file", "out.jsonl")
    for content in (photo("another"), None):
        carried.write_bytes(content) if content else carried.unlink()
        assert verified()[0] == 1
        assert "材料与记录不符" in filed("audit", "--file", "out.jsonl", code=1)


def test_the_sweep_leaves_what_is_young(filed: Console) -> None:
    lone = Path(filed.folder / "var" / "exhibits" / ("0" * 32))
    lone.write_bytes(b"x")
    assert filed.json("exhibit", "sweep") == {"swept": []}
