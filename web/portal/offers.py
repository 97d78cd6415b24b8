"""What is asked of a party and what it can do, beside what it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import url_for

from ..presenters.party_case import OwnCase, money, texts_waiting
from ..presenters.party_text import ANSWERABLE
from . import acts
from .entry import Visitor


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


def asked(own: OwnCase, who: Visitor) -> list[Asked]:
    """All that is asked of him: what waits for his word comes last."""
    waits = (Asked(words=words, address=address) for words, address in acts.asked(who))
    return [*(it for asker in ASKERS for it in asker(own)), *waits]
