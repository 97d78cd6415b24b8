"""One line of the record, as a value. What the lines of one order share is stored once: see `recorded_order`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from msgspec import Raw, Struct, field

from .labels import Labelled
from .occurred import UNREPORTED, Occurred

GENESIS = bytes(32)
"""What the first line of every case is chained to."""


class Provenance(Labelled):
    """Where a line or a field comes from (lessons §1)."""

    REPORTED = "reported", "已报告"
    INFERRED = "inferred", "推断"
    ASSUMED = "assumed", "假定"
    UNREPORTED = "unreported", "不清楚"


@dataclass(frozen=True, slots=True)
class Defect:
    """A guard that a recorded line breaks, or that could not be judged: known from the first day, shown by audit."""

    code: str
    basis: str
    unjudged: bool = False
    waived: str | None = None
    """The sealed reason, where the lead set a rule of policy aside."""
    about: tuple[str, ...] = ()
    """Instances it is about, such as the parties who were not told their rights."""
    since: str = ""
    """When that happened which it should not come before, in EDTF."""


class Instead(Struct, frozen=True, kw_only=True):
    """How a line reads since a correction: what is a line's own, and which line it is."""

    at: int
    """The version it stands for; what arises only since then stands for the last line of its order."""
    instance: str
    event: str
    schema: int = 1
    source: str | None = None
    target: str
    data: Raw = Raw(b"{}")
    defects: tuple[Defect, ...] = ()
    follows: bool = False
    """Whether it is a consequence, which no actor ordered."""


class Correction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an order says that corrects another: which lines stand no more, and how others read now."""

    corrects: int
    """The version of the first line of the order."""
    given: Raw = Raw(b"null")
    """The command as it should have been; null where the order should never have been given."""
    occurred: str = UNREPORTED.text
    provenance: Provenance = Provenance.REPORTED
    field_provenance: dict[str, Provenance] = {}
    waives: dict[str, str] = {}
    capacity: str = ""
    void: tuple[int, ...] = ()
    """Versions of lines that stand no more. Their numbers stay, and those of the instances they made."""
    instead: tuple[Instead, ...] = ()
    """In order of `at`. What is not named reads as before."""
    moved: tuple[str, ...] = ()
    """Instances that are otherwise since: whoever looked at them before has to look again."""

    @property
    def strikes(self) -> bool:
        """Whether nothing takes the place of the order."""
        return bytes(self.given) == b"null"


class Line(Struct, frozen=True, kw_only=True):
    """What happened, to which machine instance, by whom, when, under which rules. No names, no free words.

    The one value that is made by the hundred thousand, in every replay: hence a struct, read in one go from its bytes.
    """

    case: str
    version: int
    """Gapless from 1 within the case."""
    instance: str
    event: str
    schema: int = 1
    command: str | None = None
    """None for a consequence, which no actor ordered."""
    given: Raw = Raw(b"null")
    """The command as it was filled in, as canonical JSON; null for a consequence."""
    source: str | None = None
    """None where the line brings the instance into being."""
    target: str = ""
    data: Raw = Raw(b"{}")
    """What the event holds beside the command, as canonical JSON."""
    defects: tuple[Defect, ...] = ()
    provenance: Provenance = Provenance.REPORTED
    field_provenance: dict[str, Provenance] = {}
    """Only fields whose provenance differs from the line's."""
    actor: str | None = None
    office: str | None = None
    substitution: str | None = None
    """By which substitution the actor stood in for the lead."""
    when: str = field(name="occurred", default=UNREPORTED.text)
    """`occurred` as it is stored."""
    recorded: datetime
    """UTC; never earlier than the line before."""
    rules: str
    """Fingerprint of the rules in force."""
    command_id: str
    organisation: str = ""
    """Whose staff gave the order: its id is theirs, and means nothing to another organisation."""
    ordinal: int
    """Place among the lines of one order, from 0."""
    waives: dict[str, str] = {}
    """Sealed reasons for setting rules of policy aside, by guard."""
    capacity: str = ""
    """In which capacity a party's act was done: a ``capacity/n``, or the party's own key."""
    correction: Correction | None = None
    """Where its order corrects another."""
    void: bool = False
    """Never stored: whether a later order says that it should not have been written."""

    @property
    def occurred(self) -> Occurred:
        """When it happened, as precisely as that is known."""
        return Occurred(self.when)

    @property
    def first(self) -> int:
        """The version of the first line of the same order."""
        return self.version - self.ordinal
