"""Files the program writes: its owner's alone, and whole or as they were."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mediation_engine.adapters import files
from mediation_engine.adapters.files import write_new, write_whole

from ..support.apart import ROOT


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_what_was_there_stays_until_all_of_the_new_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a" / "b"
    write_whole(path, b"old")
    with monkeypatch.context() as patch:
        patch.setattr(files, "sync", full)
        with pytest.raises(OSError, match="No space"):
            write_whole(path, b"new")
    assert (path.read_bytes(), os.listdir(path.parent)) == (b"old", ["b"])
    write_whole(path, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o600)


def test_a_link_stays_one_and_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_whole(tmp_path / "link", b"x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"x"
    write_whole(Path("/dev/null"), b"x")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_what_is_to_be_new_is_written_over_nothing(tmp_path: Path) -> None:
    assert write_new(tmp_path / "a", b"first")
    assert not write_new(tmp_path / "a", b"second")
    assert ((tmp_path / "a").read_bytes(), os.listdir(tmp_path)) == (b"first", ["a"])


PROGRAM = "import os; os.umask(0); from web.console import start; start()"
ALL = [
    ["init"],
    ["case", "new", "--as", "li", "--applicant", "王某", "--respondent", "某厂:单位", "--id", "A1",
     "--set", "调解程序=people_mediation", "--set", "纠纷类型=合同", "--set", "简要情况=欠货款"],
    ["export", "A1", "--as", "chen", "-o", "out/A1.jsonl"],
    ["checkpoint", "-o", "out/heads.json"],
    ["db", "backup", "backups/one.db", "--checkpoint", "away/one.json"],
    ["--db", "again/m.db", "db", "restore", "backups/one.db"],
    ["workflow", "draw", "-o", "drawn"],
]  # fmt: skip


@pytest.mark.wall_clock
def test_whatever_the_program_makes_nobody_else_reads(tmp_path: Path) -> None:
    """Also where the one who runs it lets everybody read everything."""
    environment = os.environ | {"MEDIATION_DB": "var/m.db", "PYTHONPATH": f"{os.environ['PYTHONPATH']}:{ROOT}"}
    for words in ALL:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, *words], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr + done.stdout
    made = [*tmp_path.rglob("*")]
    assert {"m.db", "A1.jsonl", "heads.json", "one.db", "one.db.sha256", "one.json", "m.db.backup.json"} <= {
        path.name for path in made
    }
    assert {path: oct(path.stat().st_mode) for path in made if path.stat().st_mode & 0o077} == {}
