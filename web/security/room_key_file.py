"""The file with the room's key: made once, readable by nobody else, never made anew by itself."""

from __future__ import annotations

from pathlib import Path

from mediation_engine.adapters.files import write_new, write_whole
from mediation_engine.encryption.room_key import RoomKey, from_paper, new_secret, read_secret
from mediation_engine.errors import ConfigFault, FileFault, why
from mediation_engine.ids import system_randomness

from .secret_file import check_private


def make_room_key(path: Path) -> RoomKey:
    """A new key in a file that is not there yet. FileFault."""
    return _put(path, new_secret(system_randomness))


def room_key_from_paper(path: Path, lines: list[str]) -> RoomKey:
    """The key in a file that is not there yet, from the digits of its paper copy. FileFault."""
    return _put(path, from_paper(lines))


def room_key_text(path: Path) -> bytes:
    """What stands in the file. ConfigFault where it cannot be had, or others can read it."""
    try:
        check_private(path)
        return path.read_bytes()
    except OSError as fault:
        raise ConfigFault(path=path, why=f"保密钥匙：{why(fault)}") from fault


def known_room_key(path: Path) -> RoomKey | None:
    """The key in a file; None where none was made yet. ConfigFault."""
    if not path.exists():
        return None
    try:
        return read_secret(room_key_text(path))
    except (ValueError, UnicodeDecodeError) as fault:
        raise ConfigFault(
            path=path, why="不是保密钥匙；请放回原来的文件，或用打印件恢复（mediation key enter）"
        ) from fault


def note_printed(path: Path, key: RoomKey) -> None:
    """Keep beside the key that a paper copy of it was made."""
    write_whole(_mark(path), key.fingerprint.encode())


def is_printed(path: Path) -> bool:
    """Whether a paper copy of the key that is there now was made. ConfigFault."""
    key = known_room_key(path)
    try:
        return key is not None and _mark(path).read_bytes() == key.fingerprint.encode()
    except OSError:
        return False


def _mark(path: Path) -> Path:
    return path.with_name(path.name + ".printed")


def _put(path: Path, content: bytes) -> RoomKey:
    try:
        if not write_new(path, content):
            raise FileFault(path=path, why="已经有这个文件，不会覆盖")
    except OSError as fault:
        raise FileFault(path=path, why=why(fault)) from fault
    return read_secret(content)
