"""Recordings: sound and film, followed piece by piece to their end."""

from __future__ import annotations

from ..errors import ExhibitUnfit
from .images import end_of_boxes

BROKEN = "录音或录像不完整，请重新选择"
TWO_IN_ONE = "录音里还夹着别的内容，不收"
RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Samples a second, by MPEG's version."""
FAST = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
SLOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
"""Kilobits a second of layer III, of version 1 and of the others."""
FEWEST = 3
"""Frames: fewer may be there by chance."""


def check_mp4(content: bytes) -> None:
    """The boxes of the file, to its very end."""
    end = end_of_boxes(content, {b"ftyp", b"moov", b"mdat"})
    if end is None or end != len(content):
        raise ExhibitUnfit(why=BROKEN)


def check_mp3(content: bytes) -> None:
    """Frame by frame, between the labels at both ends."""
    at, frames = _after_label(content), 0
    end = len(content) - 128 if content[-128:-125] == b"TAG" else len(content)
    while at < end and content[at]:
        length = _frame(content[at : at + 4])
        if length is None:
            raise ExhibitUnfit(why=TWO_IN_ONE if frames >= FEWEST else BROKEN)
        at, frames = at + length, frames + 1
    if frames < FEWEST or at > end or content[at:end].strip(b"\x00"):
        raise ExhibitUnfit(why=BROKEN)


def _after_label(content: bytes) -> int:
    """Where the sound begins: what it is called may stand before it."""
    if not content.startswith(b"ID3") or len(content) < 10:
        return 0
    size = 0
    for part in content[6:10]:
        size = size << 7 | part & 0x7F
    at = 10 + size
    while at < len(content) and not content[at]:
        at += 1
    return at


def _frame(head: bytes) -> int | None:
    """How long a frame is that begins so; None where none does."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer, rate = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 2 & 3
    bits = head[2] >> 4
    if version not in RATES or layer != 1 or rate == 3 or not 0 < bits < 15:
        return None
    kilobits, factor = (FAST[bits], 144) if version == 3 else (SLOW[bits], 72)
    return factor * kilobits * 1000 // RATES[version][rate] + (head[2] >> 1 & 1)
