"""How text files are written: UTF-8 with or without a mark, UTF-16 with one, GB 18030."""

from __future__ import annotations


def decoded(content: bytes) -> str | None:
    """The text in a file; None where it is none in any of these."""
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
