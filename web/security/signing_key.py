"""The key that signs checkpoints: a file outside the database, readable by nobody else."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mediation_engine.adapters.sql.files import new_files
from mediation_engine.errors import ConfigFault, why
from mediation_engine.export.signing import new_key, read_key


def make_key(path: Path) -> Ed25519PrivateKey:
    """A new key in a file that is not there yet. FileFault."""
    with new_files(path) as [part]:
        part.write_bytes(new_key())
    return key_in(path)


def key_in(path: Path) -> Ed25519PrivateKey:
    """The key in a file. ConfigFault where there is none, or others can read it."""
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigFault(path=path, why=f"签名密钥别人也能读写，请运行 chmod 600 {path}")
        return read_key(path.read_bytes())
    except OSError as fault:
        raise ConfigFault(path=path, why=why(fault)) from fault
    except (ValueError, TypeError) as fault:
        raise ConfigFault(path=path, why="不是签名密钥；请放回原来的文件") from fault


def known_key(path: Path) -> Ed25519PrivateKey | None:
    """The same; None where none was made yet."""
    return key_in(path) if path.exists() else None
