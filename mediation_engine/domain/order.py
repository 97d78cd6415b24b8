"""An order: one command, by one actor, for one case; perhaps over many instances, always in one commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .command import Command
from .fields import Text
from .line import Line, Provenance
from .occurred import Occurred
from .roles import Office

ABSENT = 0
"""The version of an instance that was not there when an order's author looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody asks the door to do. The same id again gets the same answer."""

    id: str
    """Unique within its case and the organisation that gives it."""
    case: str
    command: Command
    actor: str
    office: Office
    on: tuple[str, ...] = ()
    """Instances it concerns; empty for the current phase, or to bring a new instance into being."""
    expects: Mapping[str, int] = field(default_factory=dict)
    """The version of each instance as its author saw it, `ABSENT` where it was not there; a moved one makes the order
    stale."""
    occurred: Occurred | None = None
    """When it happened; None for now."""
    provenance: Provenance = Provenance.REPORTED
    field_provenance: Mapping[str, Provenance] = field(default_factory=dict)
    waives: Mapping[str, Text] = field(default_factory=dict)
    """Guards of policy (by code) that the lead sets aside for this order, each with a reason; never of law."""
    instead: Command | None = None
    """For a correction: the command as it should have been. `on`, `occurred`, `provenance` and `waives` are then of
    this one."""
    unchanged: frozenset[str] = frozenset()
    """For a correction: places of words in the command that stay as they were sealed, such as ``terms.0.text``."""
    capacity: str = ""
    """Who does a party's act: a ``capacity/n``, or the party's own key; empty for the party itself, or where it is no
    party's act. For a correction it is of what should have been ordered."""
    organisation: str = ""
    """Whose staff gives it: the door fills it in."""
    substitution: str | None = None
    """By which substitution its author stands in for the lead, where he is none himself: the door fills it in."""
    workflow: str = ""
    """By which workflow a new case is opened; empty for a case that has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer to an order: the lines it wrote."""

    command_id: str
    case: str
    first: int
    """Case version of its first line."""
    last: int
    lines: tuple[Line, ...]
