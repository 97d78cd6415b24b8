"""An order as it lies in the record: the unit that is written, chained, and decided again.

What its lines share stands once. docs/record.md tells outsiders what the bytes mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Raw, Struct

from .line import Correction, Defect, Line, Provenance
from .occurred import UNREPORTED

NO_DATA = b"{}"
NOT_GIVEN = Raw(b"null")
"""What a line holds in place of a command that nobody gave."""


class RecordedLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is a line's own: which instance moved, and how."""

    instance: str
    event: str
    schema: int = 1
    source: str | None = None
    target: str
    data: Raw = Raw(NO_DATA)
    defects: tuple[Defect, ...] = ()
    follows: bool = False
    """Whether it is a consequence, which no actor ordered."""


class RecordedOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One order, and the lines it wrote. No names, no free words."""

    case: str
    first: int
    """The version of its first line."""
    id: str
    """Chosen by whoever gave it; unique within the case and the organisation."""
    organisation: str
    """Whose staff gave it."""
    asked: str
    """The digest of the order as it was asked, in hex: the same id with another order is no repetition."""
    command: str
    given: Raw = Raw(NO_DATA)
    """The command as it was filled in."""
    actor: str
    office: str
    substitution: str | None = None
    """By which substitution whoever gave it stood in for the lead; None where he held the office himself."""
    recorded: Annotated[datetime, Meta(tz=True)]
    """UTC; never earlier than the order before."""
    occurred: str = UNREPORTED.text
    """EDTF, which says how exactly it is known."""
    provenance: Provenance = Provenance.REPORTED
    field_provenance: Mapping[str, Provenance] = {}
    waives: Mapping[str, str] = {}
    """Sealed reasons for setting rules of policy aside, by guard."""
    capacity: str = ""
    """In which capacity a party's act was done: a ``capacity/n``, or the party's own key."""
    rules: str
    """Fingerprint of the rules in force."""
    lines: tuple[RecordedLine, ...]
    correction: Correction | None = None
    """Where it corrects another order."""

    @property
    def last(self) -> int:
        """The version of its last line."""
        return self.first + len(self.lines) - 1


class StoredOrder(Struct, frozen=True):
    """An order as a store keeps it: the keys the database guards, the canonical bytes, the chained digest."""

    case: str
    first: int
    count: int
    """How many lines it wrote."""
    command_id: str
    body: bytes
    digest: bytes

    @property
    def last(self) -> int:
        """The version of its last line."""
        return self.first + self.count - 1

    @property
    def is_fit(self) -> bool:
        """Whether everything is of the kind it should be: SQLite takes any value in any column."""
        words, numbers, raw = (self.case, self.command_id), (self.first, self.count), (self.body, self.digest)
        kinds = ((str, words), (int, numbers), (bytes, raw))
        return all(type(value) is kind for kind, values in kinds for value in values)


def lines_of(order: RecordedOrder) -> tuple[Line, ...]:
    """Its lines, each whole."""
    return tuple(
        Line(
            case=order.case,
            version=order.first + ordinal,
            instance=it.instance,
            event=it.event,
            schema=it.schema,
            command=None if it.follows else order.command,
            given=NOT_GIVEN if it.follows else order.given,
            source=it.source,
            target=it.target,
            data=it.data,
            defects=it.defects,
            provenance=order.provenance,
            field_provenance={} if it.follows else dict(order.field_provenance),
            actor=None if it.follows else order.actor,
            office=None if it.follows else order.office,
            substitution=None if it.follows else order.substitution,
            when=order.occurred,
            recorded=order.recorded,
            rules=order.rules,
            command_id=order.id,
            organisation=order.organisation,
            ordinal=ordinal,
            waives={} if it.follows else dict(order.waives),
            capacity="" if it.follows else order.capacity,
            correction=order.correction,
        )
        for ordinal, it in enumerate(order.lines)
    )


def line_in(line: Line) -> RecordedLine:
    """What is a line's own."""
    return RecordedLine(
        instance=line.instance,
        event=line.event,
        schema=line.schema,
        source=line.source,
        target=line.target,
        data=line.data,
        defects=line.defects,
        follows=line.command is None,
    )
