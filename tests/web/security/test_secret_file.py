"""The file with the secret: made whole or not at all, nobody else's, not to be guessed."""

from __future__ import annotations

import errno
import os
import secrets
import stat
import string
from base64 import urlsafe_b64encode
from pathlib import Path
from random import Random

import pytest

from mediation_engine.adapters import files
from mediation_engine.errors import ConfigFault
from web.security.secret_file import secret_in

from ...support.together import together


def private(path: Path, content: str, mode: int = 0o600) -> Path:
    path.write_text(content)
    path.chmod(mode)
    return path


def test_it_is_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret"
    made = secret_in(path)
    assert len(made) == 64
    assert secret_in(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["secret"]


def test_of_many_who_make_it_at_once_all_have_the_same(tmp_path: Path) -> None:
    assert len(set(together([lambda: secret_in(tmp_path / "secret")] * 8))) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize("fails", ["write_bytes", "sync", "link"])
def test_a_full_disk_leaves_none_and_the_next_time_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "secret"
    with monkeypatch.context() as patch:
        patch.setattr(*{"write_bytes": (Path, fails), "sync": (files, fails), "link": (os, fails)}[fails], full)
        with pytest.raises(ConfigFault, match="磁盘空间不足"):
            secret_in(path)
    assert os.listdir(tmp_path) == []
    assert len(secret_in(path)) == 64


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "至少要有32个字"),
        ("x" * 31, "至少要有32个字"),
        ("x" * 1000, "太简单"),
        ("password" * 8, "太简单"),
        (string.digits * 6, "太简单"),
        ("0123456789abcdef" * 4, "太简单"),
    ],
)
def test_one_that_can_be_guessed_is_refused(tmp_path: Path, content: str, why: str) -> None:
    with pytest.raises(ConfigFault, match=why):
        secret_in(private(tmp_path / "secret", content))


@pytest.mark.parametrize("size", [16, 24, 32, 64])
def test_one_made_at_random_by_another_program_is_taken(tmp_path: Path, size: int) -> None:
    random = Random(size)
    for n in range(200):
        url_safe = urlsafe_b64encode(random.randbytes(max(size, 24))).decode().strip("=")
        for made in (random.randbytes(size).hex(), url_safe):
            assert secret_in(private(tmp_path / f"secret{n % 2}", made)) == made.encode()


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o604, 0o602, 0o666, 0o777])
def test_one_that_others_can_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(ConfigFault, match="chmod 600"):
        secret_in(private(tmp_path / "secret", secrets.token_hex(32), mode))


def test_a_folder_in_which_anybody_could_put_another_in_its_place_is_refused(tmp_path: Path) -> None:
    secret_in(tmp_path / "secret")
    tmp_path.chmod(0o777)
    with pytest.raises(ConfigFault, match="谁都能改动"):
        secret_in(tmp_path / "secret")
    tmp_path.chmod(0o1777)
    assert secret_in(tmp_path / "secret")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_one_of_another_user_is_refused(tmp_path: Path) -> None:
    path = private(tmp_path / "secret", secrets.token_hex(32))
    os.chown(path, 12345, 12345)
    with pytest.raises(ConfigFault, match="属于别的用户"):
        secret_in(path)
