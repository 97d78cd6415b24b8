"""Which words of a case its lines say were erased: words that are gone without such a line are missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..domain.command import Event
from ..domain.recorded_order import StoredOrder
from ..rules.catalogue import Catalogue
from .fold import DecodedLine, decoded_under, legible, workflow_of


def erased_by(lines: Iterable[DecodedLine]) -> dict[str, int]:
    """Ids of texts, each with the version of the first line that erased it."""
    found: dict[str, int] = {}
    for it in lines:
        for id in it.event.erases() if it.event is not None else ():
            found.setdefault(id, it.line.version)
    return found


def erases(line: DecodedLine) -> bool:
    """Whether a line is one that erases words, be it none."""
    return line.event is not None and type(line.event).erases is not Event.erases


def erased_in(catalogue: Catalogue, orders: Sequence[StoredOrder]) -> dict[str, int]:
    """The same of a case as stored, as far as it can be read."""
    lines = legible(orders)
    return erased_by(decoded_under(workflow_of(catalogue, lines), lines))
