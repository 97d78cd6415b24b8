"""An order: one command, by one actor, for one case; perhaps over many instances, always in one commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .command import Command
from .fields import Text
from .line import Line, Provenance
from .occurred import Occurred
from .roles import Office, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody asks the door to do. The same id again gets the same answer."""

    id: str
    case: str
    command: Command
    actor: str
    office: Office
    on: tuple[str, ...] = ()
    """Instances it concerns; empty for the current phase, or to bring a new instance into being."""
    expects: Mapping[str, int] = field(default_factory=dict)
    """The version of each instance as its author saw it; a moved one makes the order stale."""
    occurred: Occurred | None = None
    """When it happened; None for now."""
    provenance: Provenance = Provenance.REPORTED
    field_provenance: Mapping[str, Provenance] = field(default_factory=dict)
    waives: Mapping[str, Text] = field(default_factory=dict)
    """Guards of policy (by code) that the lead sets aside for this order, each with a reason; never of law."""
    workflow: str = ""
    """By which workflow a new case is opened; empty for a case that has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What a decision needs from outside the case; whatever of it decides is copied onto the events."""

    now: datetime
    rules: str
    """The workflow's name and the fingerprint of its rules, ``fast_track_2026:1a2b…``."""
    roles: tuple[Role, ...]
    """The roles installed: what they need is recorded at opening."""
    visit_days: tuple[int, ...]
    """The visiting policy in force, recorded at opening."""
    host_kind: Callable[[str], str]
    """The legal nature of an organisation (id), as the register has it."""
    case_number: Callable[[str, str], str]
    """The next case number of an organisation (id) on a track (code)."""
    hash_of: Callable[[object], str]
    """A digest of a sealed command: what a confirmation is bound to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer to an order, kept with it: the lines it wrote."""

    command_id: str
    case: str
    first: int
    """Case version of its first line."""
    last: int
    lines: tuple[Line, ...]
