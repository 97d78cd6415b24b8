"""The file with the secret: made once, whole; nobody else's to read or change; not to be guessed."""

from __future__ import annotations

import os
import secrets
import stat
import zlib
from pathlib import Path

from mediation_engine.adapters.files import write_new
from mediation_engine.errors import ConfigFault, why

SHORTEST = 32
LEAST_PACKED = 36
"""Bytes a secret comes to when it is packed. One letter, one word, one row of digits again and again comes to fewer."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def secret_in(path: Path) -> bytes:
    """The secret in a file; a new one where there is none. ConfigFault where it cannot be had, or is none."""
    try:
        if not path.exists():
            write_new(path, secrets.token_hex(32).encode())
        check_private(path)
        found = path.read_bytes().strip()
    except OSError as fault:
        raise ConfigFault(path=path, why=f"密钥文件：{why(fault)}") from fault
    if len(found) < SHORTEST:
        raise ConfigFault(path=path, why=f"密钥至少要有{SHORTEST}个字；删去这个文件，会自动产生一份")
    if len(zlib.compress(found, 9)) < LEAST_PACKED:
        raise ConfigFault(path=path, why="密钥太简单，容易被猜到；删去这个文件，会自动产生一份")
    return found


def check_private(path: Path) -> None:
    """ConfigFault where others can read or change a secret. Windows keeps that elsewhere."""
    if os.name != "posix":
        return
    found, folder = path.stat(), path.resolve().parent.stat()
    if found.st_uid not in (os.geteuid(), 0):
        raise ConfigFault(path=path, why="密钥文件属于别的用户；请改为运行本程序的用户所有（chown）")
    if found.st_mode & OTHERS:
        raise ConfigFault(
            path=path,
            why=f"密钥文件别的用户也能看到或改动；请运行 chmod 600 {path}，若可能已被人看过，删去它，会自动产生一份",
        )
    if folder.st_mode & stat.S_IWOTH and not folder.st_mode & stat.S_ISVTX:
        raise ConfigFault(path=path, why=f"密钥文件所在的文件夹谁都能改动；请运行 chmod o-w {path.parent}")
