"""What somebody searches for, kept with the session and sealed: an address and what remembers it have its number."""

from __future__ import annotations

from flask import session

from ..security.totp import SeedUnreadable
from .request_context import reader, seals

KEPT = "searches"
MOST = 20
"""Of the latest searches; to go back further in a browser's history finds none."""
GONE = "这次查找已经过期，请重新填写要找的字"


def keep(words: str) -> str:
    """Keep words; the number they have in this session."""
    kept: dict[str, str] = dict(session.get(KEPT, {}))
    known = next((number for number in kept if words_of(number) == words), None)
    if known is not None:
        return known
    number = str(max(map(int, kept), default=0) + 1)
    kept[number] = seals().seal(_about(), words)
    session[KEPT] = dict(list(kept.items())[-MOST:])
    return number


def words_of(number: str) -> str | None:
    """The words that have a number; None where they are gone."""
    sealed = session.get(KEPT, {}).get(number)
    try:
        return seals().open(_about(), sealed) if sealed else None
    except SeedUnreadable:
        return None


def _about() -> str:
    return f"search {reader().actor.id}"
