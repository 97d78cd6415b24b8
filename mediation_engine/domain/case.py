"""A case as the fold of its lines: the state of every machine instance, and the facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from msgspec import Struct

from .facts import CaseFacts
from .labels import Labelled
from .line import GENESIS
from .marks import Marked
from .occurred import UNREPORTED, Occurred
from .roles import Office


def machine_of(key: str) -> str:
    """The machine an instance key belongs to: ``session`` for ``session/2``."""
    return key.partition("/")[0]


@lru_cache(maxsize=1024)
def _keys(machine: str, count: int) -> tuple[str, ...]:
    return tuple(f"{machine}/{n}" for n in range(1, count + 1))


class Instance(Struct, frozen=True):
    """Where one machine instance stands: its state's code and the case version of its last line that stands."""

    state: str
    version: int
    corrected: int = 0
    """The case version of the last correction by which it reads otherwise; 0 where there is none."""

    @property
    def seen(self) -> int:
        """What whoever acts on it must have seen: its last line, or the correction after it."""
        return max(self.version, self.corrected)


class Corrected(Struct, frozen=True, kw_only=True):
    """That an order was corrected."""

    order: int
    """The version of its first line."""
    struck: bool
    """Whether nothing took its place."""
    actor: str | None
    recorded: datetime


@dataclass(slots=True)
class Case:
    """One case. Built by `fold.fold`; a value to everybody else."""

    id: str
    workflow: str = ""
    version: int = 0
    digest: bytes = GENESIS
    """Of the last order."""
    phase: str = ""
    """The current phase's instance key, such as ``mediation/1``."""
    opened: datetime | None = None
    recorded: datetime | None = None
    """When the last line was recorded."""
    rules: str = ""
    instances: dict[str, Instance] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    """How many instances each machine has had."""
    gaps: set[str] = field(default_factory=set)
    """Machines that had instances by mistake: their numbers are not used again."""
    orders: dict[tuple[str, str], int] = field(default_factory=dict)
    """The version of the first line of each order, by the organisation that gave it and its id; in order."""
    corrections: dict[int, Corrected] = field(default_factory=dict)
    """What was corrected, by the version of the line that says so; in order."""
    marks: dict[int, Marked] = field(default_factory=dict)
    """What lines that stand are marked with, by version; in order."""
    facts: CaseFacts = field(default_factory=CaseFacts)
    """Of the workflow's own class; bare where the workflow is not installed."""

    def copy(self) -> Case:
        """An independent copy, to try an order on."""
        return Case(
            self.id,
            self.workflow,
            self.version,
            self.digest,
            self.phase,
            self.opened,
            self.recorded,
            self.rules,
            dict(self.instances),
            dict(self.counts),
            set(self.gaps),
            dict(self.orders),
            dict(self.corrections),
            dict(self.marks),
            self.facts.copy(),
        )

    @property
    def newest(self) -> int:
        """The version of the first line of its last order; 0 where it has none."""
        return next(reversed(self.orders.values()), 0)

    def state(self, key: str) -> str | None:
        """The state code of an instance; None where there is no such instance."""
        instance = self.instances.get(key)
        return instance.state if instance else None

    def is_in(self, key: str, *states: Labelled) -> bool:
        """Whether the instance exists and is in one of `states` (of its own machine)."""
        now = self.state(key)
        for state in states:  # noqa: SIM110  (asked many times an order; `any` costs twice as much)
            if state.code == now:
                return True
        return False

    def of(self, machine: str) -> tuple[str, ...]:
        """All instances of a machine, oldest first; none that a mistake had made."""
        keys = _keys(machine, self.counts.get(machine, 0))
        return tuple(key for key in keys if key in self.instances) if machine in self.gaps else keys

    def next_key(self, machine: str) -> str:
        """The key the machine's next new instance will have."""
        return f"{machine}/{self.counts.get(machine, 0) + 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All a guard may look at: the fold, and the order (None while nobody has filled in the form yet)."""

    case: Case
    key: str | None
    """The instance concerned; None where a new one would come into being."""
    given: object | None
    today: date
    on: tuple[str, ...] = ()
    """All instances that the order is given on, in order; empty while nobody gives one, and for a new one."""
    occurred: Occurred = UNREPORTED
    capacity: str = ""
    """In which capacity a party's act is done: a ``capacity/n``, or the party's own key; empty for the party itself."""
    actor: str = ""
    """Who gives the order; empty while nobody does."""
    office: Office | None = None
    """The office it is given under."""

    @property
    def facts(self) -> CaseFacts:
        return self.case.facts
