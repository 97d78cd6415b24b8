"""What is asked of a party and what it can do, beside what it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import url_for

from workflows.parts.states import ConfirmationState
from workflows.vocabulary import OnlineMeaning

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


def to_sign(own: OwnCase) -> Iterator[Asked]:
    """Texts he has agreed to by telephone, which is no signature."""
    for key, called in texts_waiting(own, {ConfirmationState.ONLINE}):
        if any(it.agreement == key and it.online is OnlineMeaning.UNSIGNED for it in own.mine(key)):
            address = url_for("confirm.receipt", text=key)
            yield Asked(words=f"{called}您已经同意，还要到调解室在纸上签字", address=address)


def late(own: OwnCase) -> Iterator[Asked]:
    """Money of his that is overdue."""
    for it in money(own):
        if it.is_mine and it.is_late:
            yield Asked(words=it.open_words, address=f"{url_for('own.money')}#{it.anchor}")


ASKERS: list[Callable[[OwnCase], Iterator[Asked]]] = [texts, to_sign, late]
"""What is asked of him, in this order."""


def asked(own: OwnCase, who: Visitor) -> list[Asked]:
    """All that is asked of him: what waits for his word comes last."""
    waits = (Asked(words=words, address=address) for words, address in acts.asked(who))
    return [*(it for asker in ASKERS for it in asker(own)), *waits]
