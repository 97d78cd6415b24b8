"""Checkpoints: the heads of all cases and chains, to be kept where whoever can change the database cannot change them.

They are signed by a key that lies outside the database, so that a made-up one is told from one of ours. What is signed
is canonical JSON of all but the signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Meta, Struct, structs

from ..audit import Checkpoint, Head, Standing
from ..errors import FileFault
from ..record.codec import canonical
from .signing import is_signed, public_half, signature

CHECKPOINT_FORMAT = "mediation-checkpoint/2"
UNSIGNED_FORMAT = "mediation-checkpoint/1"
"""Of checkpoints from before there were signatures: cases and nothing else."""
MOST_LINES = 2**31 - 1
"""What every database takes for a number of a line."""
NOT_OURS = "不是本室的存证点：签名不符，没有拿来核对"

_Id = Annotated[str, Meta(pattern=r"^[^\x00]+$")]  # PostgreSQL takes no NUL, not even to look for
_Heads = dict[_Id, tuple[Annotated[int, Meta(ge=1, le=MOST_LINES)], str]]


class _File(Struct, kw_only=True):
    format: str
    made: str = ""
    cases: _Heads
    chains: _Heads = {}
    erased: dict[_Id, tuple[_Id, ...]] = {}
    people: tuple[_Id, ...] = ()
    key: str = ""
    """The public half of the key it is signed with; it proves nothing, but tells which one to look for."""
    signature: str = ""


_reader = msgspec.json.Decoder(_File)


def write_checkpoint(held: Checkpoint, made: str, key: Ed25519PrivateKey | None = None) -> bytes:
    """A checkpoint file: when it was made, where everything stood, which words had been erased; signed, with a key."""
    file = _File(
        format=CHECKPOINT_FORMAT,
        made=made,
        cases=_written(held.cases),
        chains=_written(held.chains),
        erased=dict(sorted(held.erased.items())),
        people=held.people,
        key=public_half(key) if key else "",
    )
    if key:
        file.signature = signature(key, _signed(file))
    return msgspec.json.format(msgspec.json.encode(file), indent=1)


def _written(heads: Mapping[str, Head]) -> _Heads:
    return {name: (head.version, head.digest) for name, head in sorted(heads.items())}


def _signed(file: _File) -> bytes:
    return canonical(structs.replace(file, signature=""))


def read_checkpoint(raw: bytes, path: str, public: str | None = None) -> Checkpoint:
    """What a checkpoint file says; `public` is the public half of our key, where it is known.

    FileFault where it is no checkpoint, or is signed by another key than ours.
    """
    try:
        file = _reader.decode(raw)
        if file.format not in (CHECKPOINT_FORMAT, UNSIGNED_FORMAT):
            raise ValueError("another format")
    except (ValueError, RecursionError) as fault:  # msgspec's own are ValueErrors
        raise FileFault(path=path, why="不是存证点文件") from fault
    if file.signature and public and not is_signed(public, _signed(file), file.signature):
        raise FileFault(path=path, why=NOT_OURS)
    standing = Standing.UNSIGNED if not file.signature else Standing.OURS if public else Standing.UNKNOWN
    return Checkpoint(
        cases=_read(file.cases), chains=_read(file.chains), erased=file.erased, people=file.people, standing=standing
    )


def _read(heads: _Heads) -> dict[str, Head]:
    return {name: Head(version=version, digest=digest) for name, (version, digest) in heads.items()}
