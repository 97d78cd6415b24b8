"""The PIN once more before the last press, and what was then pressed, by the number of its order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from flask import request

from mediation_engine.domain.command import Command
from mediation_engine.domain.line import Line
from mediation_engine.errors import MediationError
from mediation_engine.ports.links import Link

from ..http.request_context import door, register, room_key
from ..security import links, party_links
from ..security.links import LinkShut
from ..security.typed import as_meant
from .entry import Gone

LONGEST_PIN = 20
ID = re.compile(r"[0-9A-Za-z]{10,64}")
"""How a form is numbered."""


class PinWrong(MediationError):
    """口令{more}不对。请核对后再输；输错五次就锁住，要请调解员重新发。"""


def number() -> str:
    """The number of the form, which that of its order is; empty where it is none of ours."""
    id = request.form.get("id", "")
    return id if ID.fullmatch(id) else ""


def pressed(lines: Iterable[Line], link: Link, command: type[Command], id: str) -> Iterator[Line]:
    """The lines of an order (id) by which this person did something in this capacity, if he did."""
    mine = (it for it in lines if id and it.command_id == id and it.actor == link.person)
    return (it for it in mine if it.capacity == link.instance and it.command in (None, command.name()))


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
