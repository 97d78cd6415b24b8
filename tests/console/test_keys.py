"""The room's key on the console: made once, printed, typed again from the paper copy, never shown otherwise."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from .test_accounts import Mediation, mediation

__all__ = ["mediation"]

KEY = Path("var/room.key")


def typed(monkeypatch: pytest.MonkeyPatch, lines: list[str]) -> None:
    answers = iter(lines)
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(answers))


def test_keys_are_made_once_and_read_by_nobody_else(mediation: Mediation) -> None:
    assert "已产生保密钥匙" in mediation("key", "make")
    made = KEY.read_bytes()
    assert stat.S_IMODE(KEY.stat().st_mode) == 0o600
    assert "没有改动" in mediation("key", "make")
    assert KEY.read_bytes() == made


def test_a_key_others_can_read_is_refused(mediation: Mediation) -> None:
    mediation("key", "make")
    KEY.chmod(0o644)
    assert "chmod 600" in mediation("key", "print", code=6)


def test_what_is_printed_brings_the_key_back(mediation: Mediation, monkeypatch: pytest.MonkeyPatch) -> None:
    mediation("key", "make")
    lines = re.findall(r"第\d行　(.+)", mediation("key", "print"))
    made = KEY.read_bytes()
    assert "已经有这个文件" in entered(mediation, monkeypatch, lines, code=6)
    KEY.unlink()
    assert "已恢复保密钥匙" in entered(mediation, monkeypatch, lines)
    assert KEY.read_bytes() == made


def entered(mediation: Mediation, monkeypatch: pytest.MonkeyPatch, lines: list[str], code: int = 0) -> str:
    typed(monkeypatch, lines)
    return mediation("key", "enter", code=code)


def test_a_line_misread_is_told_by_its_number(mediation: Mediation, monkeypatch: pytest.MonkeyPatch) -> None:
    mediation("key", "make")
    lines = re.findall(r"第\d行　(.+)", mediation("key", "print"))
    KEY.unlink()
    lines[2] = lines[1]
    assert "第3行" in entered(mediation, monkeypatch, lines, code=2)
    assert not KEY.exists()


def test_without_a_key_there_is_nothing_to_print(mediation: Mediation) -> None:
    assert "mediation key make" in mediation("key", "print", code=6)


def test_no_key_is_told_in_an_error_or_made_anew_in_silence(mediation: Mediation) -> None:
    mediation("key", "make")
    KEY.write_text("not a key")
    told = mediation("key", "print", code=6)
    assert "不是保密钥匙" in told
    assert "不是保密钥匙" in mediation("key", "make", code=6)
    assert KEY.read_text() == "not a key"
