"""Self-check (自查): what a room looks at in its dossiers before a superior does, and how a rule is declared.

Declared with the content and decides nothing: no fingerprint covers it. What is found is for a person to look at, and
accuses nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from .case import Case
from .command import Command
from .labels import Labelled
from .line import Line
from .paper import DossierRule
from .presentation import CaseReading


class Weight(Labelled):
    """How much what is found weighs, the heaviest first."""

    HEAVY = "heavy", "重"
    MIDDLE = "middle", "中"
    LIGHT = "light", "轻"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """Where something is put right: by a step, by a correction of a line, or in the register."""

    step: str = ""
    """The step, by the name of its command."""
    on: tuple[str, ...] = ()
    """The instances it is given on."""
    given: Mapping[str, str] = field(default_factory=dict)
    """What its form is opened with, by field."""
    line: int = 0
    """The line (version) that is to be corrected."""
    person: str = ""
    """Whose particulars (id in the register) are to be filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A guard that a line broke when it was recorded: known since then."""

    line: int
    event: str
    """What the line says happened, in words."""
    command: str
    """By the name of its class."""
    instance: str
    code: str
    sentence: str
    """What the guard wants."""
    basis: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFinding:
    """Something in a case for a person to look at."""

    about: str = ""
    """What tells it from others of its rule in the case: an instance, a place, a line."""
    words: str
    mends: tuple[Mend, ...] = ()
    basis: str = ""
    """Where it is not that of the rule."""
    weight: Weight | None = None
    """Where it is not that of the rule."""


class CheckReading(CaseReading, Protocol):
    """What a case is checked by: no more of it than its reader may read. Its lines are those that stand."""

    @property
    def today(self) -> date: ...

    @property
    def dossier(self) -> Sequence[DossierRule]:
        """The places of its dossier."""

    @property
    def marks(self) -> Sequence[Mark]:
        """The guards that lines broke; none that could not be judged, or that were set aside with a reason."""

    @property
    def policy(self) -> Mapping[str, int]:
        """The thresholds of the room, by name."""

    @property
    def edits(self) -> Sequence[int]:
        """Lines (versions) that correct something and were recorded while the case was closed."""

    def steps(self, *commands: type[Command]) -> Sequence[Line]:
        """The lines of steps of some kinds, in order."""

    def telephones(self, key: str) -> Collection[bytes]:
        """The telephones of a party or of whoever acts in the case, each as something that tells no number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRule:
    """A declared rule of the self-check of one case."""

    code: str
    label: str
    tells: str
    """What it finds, in plain words."""
    basis: str
    head: Labelled
    """Under which head of a dossier inspection it falls."""
    weight: Weight
    finds: Callable[[CheckReading], Iterable[CheckFinding]]
    when: Callable[[Case], bool]
    """Of which cases it is asked."""
