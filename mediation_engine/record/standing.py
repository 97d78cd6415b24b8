"""The lines as they stand after corrections: nothing is rewritten, what was corrected is read otherwise."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from ..domain.line import Correction, Instead, Line
from ..domain.recorded_order import NOT_GIVEN


def standing(lines: Iterable[Line]) -> list[Line]:
    """Lines in order, each correction among them carried out; a line that stands no more is marked `void`.

    A line keeps its place, its moment of recording and its actor. Where several corrections speak of one line, the
    newest counts.
    """
    stands: dict[int, list[Line]] = {}
    for line in lines:
        if line.correction is not None:
            correct(stands, line.correction)
        stands.setdefault(line.version, []).append(line)
    return [line for version in stands for line in stands[version]]


def correct(stands: dict[int, list[Line]], correction: Correction) -> None:
    """Carry out a correction on lines by their version, in place. What speaks of no line is passed over."""
    for version in correction.void:
        stands[version] = [structs.replace(line, void=True) for line in stands.get(version, ())[:1]]
    fresh: dict[int, list[Line]] = {}
    for it in correction.instead:
        if stands.get(it.at):
            given = stands[correction.corrects][0] if stands[it.at][0].first == correction.corrects else None
            fresh.setdefault(it.at, []).append(_reads(stands[it.at][0], it, correction, given))
    stands.update(fresh)


def _reads(old: Line, it: Instead, correction: Correction, given: Line | None) -> Line:
    """How a line reads now; `given` is the line that was ordered, where it is of the order that is corrected.

    What the lines of an order share changes in that order only.
    """
    own = structs.asdict(it)
    own.pop("at")
    follows = own.pop("follows")
    line = structs.replace(old, void=False, **own)
    if given is None:
        return line
    return structs.replace(
        line,
        command=None if follows else given.command,
        actor=None if follows else given.actor,
        office=None if follows else given.office,
        given=NOT_GIVEN if follows else correction.given,
        when=correction.occurred,
        provenance=correction.provenance,
        field_provenance={} if follows else correction.field_provenance,
        waives={} if follows else correction.waives,
        capacity="" if follows else correction.capacity,
    )
