"""The PIN once more before the last press, and what was then pressed, by the number of its order."""

from __future__ import annotations

from flask import request

from mediation_engine.errors import MediationError
from mediation_engine.ports.links import Link

from ..http.request_context import door, register, room_key
from ..security import links, party_links
from ..security.links import LinkShut
from ..security.typed import as_meant
from .entry import Gone

LONGEST_PIN = 20


class PinWrong(MediationError):
    """口令{more}不对。请核对后再输；输错五次就锁住，要请调解员重新发。"""


def asks_four(link: Link) -> bool:
    """Whether the last characters of the number are asked for beside the PIN."""
    return bool(party_links.last_four(door(), register(), link))


def check_pin(link: Link) -> None:
    """Ask for the PIN, and the last four where the register has them. PinWrong; Gone after one try too many."""
    form, four = request.form, party_links.last_four(door(), register(), link)
    try:
        is_right = not four or as_meant(form.get("four", "")[:LONGEST_PIN]).upper() == four
        links.check_pin(door().store, room_key(), link, form.get("pin", "")[:LONGEST_PIN], also=is_right)
    except LinkShut:
        with door().store.read() as unit:
            held = unit.links.link(link.key)
            if held is None or links.state_of(held, links.today(unit)) in links.DEAD:
                raise Gone from None
        raise PinWrong(more="或证件后四位" if four else "") from None
