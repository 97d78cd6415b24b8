"""Checkpoints: the heads of all cases, to be kept where whoever can change the database cannot change them."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from ..audit import Head
from ..errors import FileFault

CHECKPOINT_FORMAT = "mediation-checkpoint/1"
MOST_LINES = 2**31 - 1
"""What every database takes for a number of a line."""


class _Checkpoint(msgspec.Struct):
    format: str
    cases: dict[
        Annotated[str, msgspec.Meta(pattern=r"^[^\x00]+$")],  # PostgreSQL takes no NUL, not even to look for
        tuple[Annotated[int, msgspec.Meta(ge=1, le=MOST_LINES)], str],
    ]


_checkpoint_reader = msgspec.json.Decoder(_Checkpoint)


def write_checkpoint(heads: dict[str, Head], made: str) -> bytes:
    """A checkpoint file: when it was made, and where every case stood."""
    cases = {case: [head.version, head.digest] for case, head in sorted(heads.items())}
    content: dict[str, Any] = {"format": CHECKPOINT_FORMAT, "made": made, "cases": cases}
    return msgspec.json.format(msgspec.json.encode(content), indent=1)


def read_checkpoint(raw: bytes, path: str) -> dict[str, Head]:
    """The heads in a checkpoint file; FileFault where it is none."""
    try:
        read = _checkpoint_reader.decode(raw)
        if read.format != CHECKPOINT_FORMAT:
            raise ValueError("another format")
    except (ValueError, RecursionError) as fault:  # msgspec's own are ValueErrors
        raise FileFault(path=path, why="不是存证点文件") from fault
    return {case: Head(version=version, digest=digest) for case, (version, digest) in read.cases.items()}
