"""What was typed from paper or from hearing: a PIN, a code, the end of a number."""

from __future__ import annotations

from unicodedata import normalize


def as_meant(typed: str) -> str:
    """What was typed as it was meant: a Chinese keyboard writes wide digits and letters, and people leave blanks."""
    return "".join(normalize("NFKC", typed).split())
