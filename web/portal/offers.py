"""What pages of a party offer and ask, page by page: tables that other pages add their own to.

An offer is a pair: what the link says, and its address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import url_for

from ..presenters.party_case import Owed, OwnCase, money, texts_waiting
from ..presenters.party_text import ANSWERABLE

Offer = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Something that is asked of him, and where he does it."""

    words: str
    address: str


def texts(own: OwnCase) -> Iterator[Asked]:
    """Texts that wait for his answer."""
    for key, called in texts_waiting(own, ANSWERABLE):
        yield Asked(words=f"请看{called}，看过答复", address=url_for("confirm.summary", text=key))


def late(own: OwnCase) -> Iterator[Asked]:
    """Money of his that is overdue."""
    for it in money(own):
        if it.is_mine and it.is_late:
            yield Asked(words=it.open_words, address=f"{url_for('own.money')}#{it.anchor}")


ASKERS: list[Callable[[OwnCase], Iterator[Asked]]] = [texts, late]
"""What is asked of him, in this order."""
ACTS: list[tuple[str, str]] = []
"""What he can do of his own: words, and the endpoint."""
MONEY_ACTS: list[Callable[[OwnCase, Owed], Iterator[Offer]]] = []
"""What he can do about a sum."""
DATA_ACTS: list[tuple[str, str]] = []
"""What he can do about what is known of him: words, and the endpoint."""


def asked(own: OwnCase) -> list[Asked]:
    """All that is asked of him."""
    return [it for asker in ASKERS for it in asker(own)]
