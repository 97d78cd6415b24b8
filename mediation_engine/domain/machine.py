"""A machine is a table of rows; declaring it checks the graph and names what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from .case import Case
from .command import Command, Event
from .guard import Guard
from .labels import Labelled
from .presentation import Presentation
from .roles import Office

State = Labelled


class DeclarationFault(Exception):
    """A table that cannot be right; the message names the machine and every row at fault."""


@dataclass(frozen=True, slots=True)
class T:
    """One edge somebody commands. `source` None brings a new instance into being."""

    source: State | None
    command: type[Command]
    target: State
    by: frozenset[Office]
    only_if: tuple[Guard, ...]
    """Gates: an unmet one refuses the order."""
    records: type[Event[Any]]
    basis: str
    marks: tuple[Guard, ...] = ()
    """Marks: an unmet one is written on the line as a defect and refuses nothing (lessons §1)."""


@dataclass(frozen=True, slots=True)
class Follows:
    """An edge nobody commands: an existing instance moves when `when` gives an event for it."""

    source: State
    target: State
    when: Callable[[Case, str], Event[Any] | None]
    records: type[Event[Any]]
    basis: str


@dataclass(frozen=True, slots=True)
class Spawns:
    """An edge nobody commands: `when` gives one event for each new instance that has to come into being."""

    target: State
    when: Callable[[Case], Iterable[Event[Any]]]
    records: type[Event[Any]]
    basis: str
    source: None = None


Row = T | Follows | Spawns

PART = frozenset({"open"})
"""Where a small machine is alive by default: while the case is not closed."""
ALWAYS = frozenset({"open", "closed"})


@dataclass(frozen=True, kw_only=True, eq=False)
class Machine:
    """A declared machine. Make one with `Machine.declare`."""

    name: str
    label: str
    states: type[State]
    rows: tuple[Row, ...]
    initial: State | None
    final: frozenset[State]
    resting: frozenset[State]
    """States with a way on in which nothing waits: a case may close over them."""
    alive: frozenset[str]
    """Phases it is alive in, by name; or ``open`` for every phase, ``closed`` for after the end too."""
    outlives: bool = False
    """Whether what is open in it may stay so when a case is closed, and is done afterwards."""
    shown: Presentation = Presentation()
    """What pages need to know of it; decides nothing."""

    @classmethod
    def declare(
        cls,
        name: str,
        label: str,
        states: type[State],
        rows: tuple[Row, ...],
        *,
        initial: State | None = None,
        final: Iterable[State] = (),
        resting: Iterable[State] = (),
        alive: Iterable[str] = PART,
        outlives: bool = False,
        shown: Presentation | None = None,
    ) -> Machine:
        """Check the table and return it; DeclarationFault names every culprit.

        A phase has `initial`, entered by handoff; the first phase and every small machine begin by a row from None.
        """
        machine = cls(
            name=name,
            label=label,
            states=states,
            rows=rows,
            initial=initial,
            final=frozenset(final),
            resting=frozenset(resting),
            alive=frozenset(alive),
            outlives=outlives,
            shown=shown or Presentation(),
        )
        faults = [fault for check in _CHECKS for fault in check(machine)]
        if faults:
            raise DeclarationFault(f"machine {name}: " + "; ".join(faults))
        return machine

    def amended(
        self,
        *,
        guards: Mapping[str, Guard] | None = None,
        conditions: Mapping[str, Callable[..., Any]] | None = None,
        rows: Mapping[tuple[State | None, type[Command]], T | None] | None = None,
        more: Iterable[Row] = (),
    ) -> Machine:
        """This machine with some of its table changed, checked as any that is declared.

        Args:
            guards: guards by the codes of those whose place they take, wherever these stand.
            conditions: the same for rows that nobody commands, by the names of their conditions.
            rows: rows by source and command; None takes one out.
            more: rows to come after all others.

        Raises:
            DeclarationFault: what is to be changed is not there; or the table then cannot be right.
        """
        change = _Change(guards or {}, conditions or {}, rows or {})
        missing = list(change.missing(self.rows))
        if missing:
            raise DeclarationFault(f"machine {self.name}: nothing to amend: {', '.join(missing)}")
        return Machine.declare(
            self.name,
            self.label,
            self.states,
            (*change.made(self.rows), *more),
            initial=self.initial,
            final=self.final,
            resting=self.resting,
            alive=self.alive,
            outlives=self.outlives,
            shown=self.shown,
        )

    @cached_property
    def commanded(self) -> dict[tuple[str | None, type[Command]], T]:
        """Rows by (state code, command)."""
        return {(_code(r.source), r.command): r for r in self.rows if isinstance(r, T)}

    @cached_property
    def following(self) -> dict[str, tuple[Follows, ...]]:
        """Consequence rows by state code, for the states that have any."""
        found: dict[str, tuple[Follows, ...]] = {}
        for row in self.rows:
            if isinstance(row, Follows):
                found[row.source.value] = (*found.get(row.source.value, ()), row)
        return found

    @cached_property
    def spawning(self) -> tuple[Spawns, ...]:
        """Rows that bring instances into being by themselves."""
        return tuple(r for r in self.rows if isinstance(r, Spawns))

    @cached_property
    def commands(self) -> tuple[type[Command], ...]:
        """Every command of the table, in its order, once."""
        return tuple(dict.fromkeys(r.command for r in self.rows if isinstance(r, T)))

    @cached_property
    def done(self) -> frozenset[str]:
        """Codes of states in which nothing is open."""
        return frozenset(s.value for s in self.final | self.resting)

    def label_of(self, code: str | None) -> str:
        """A state's label by its code; the code itself where this version has no such state."""
        found = next((s.label for s in self.states if s.value == code), code)
        return "（新）" if found is None else found


@dataclass(frozen=True, slots=True)
class _Change:
    """What is changed in a table."""

    guards: Mapping[str, Guard]
    conditions: Mapping[str, Callable[..., Any]]
    rows: Mapping[tuple[State | None, type[Command]], T | None]

    def made(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows of a table with the change made."""
        for row in rows:
            if not isinstance(row, T):
                when: Any = self.conditions.get(_name_of(row.when), row.when)
                yield replace(row, when=when)
            elif (row.source, row.command) not in self.rows:
                only_if, marks = (tuple(self.guards.get(g.code, g) for g in had) for had in (row.only_if, row.marks))
                yield replace(row, only_if=only_if, marks=marks)
            elif (new := self.rows[row.source, row.command]) is not None:
                yield new

    def missing(self, rows: Iterable[Row]) -> Iterator[str]:
        """What it is to change and the rows do not have."""
        commanded = [row for row in rows if isinstance(row, T)]
        codes = {g.code for row in commanded for g in (*row.only_if, *row.marks)}
        names = {_name_of(row.when) for row in rows if not isinstance(row, T)}
        yield from (f"guard {code}" for code in self.guards if code not in codes)
        yield from (f"condition {name}" for name in self.conditions if name not in names)
        edges = {(row.source, row.command) for row in commanded}
        lost = (edge for edge in self.rows if edge not in edges)
        yield from (f"{command.name()} from {_code(source) or 'new'}" for source, command in lost)


def _name_of(condition: Callable[..., Any]) -> str:
    return getattr(condition, "__name__", "")


def _code(state: State | None) -> str | None:
    return None if state is None else str(state.value)


def _starts(machine: Machine) -> set[State]:
    starts = {r.target for r in machine.rows if r.source is None}
    return starts | ({machine.initial} if machine.initial else set())


def _reach(starts: set[State], edges: Iterable[tuple[State | None, State]]) -> set[State]:
    """All states to be reached from `starts` along `edges`."""
    pairs, seen, front = list(edges), set(starts), set(starts)
    while front:
        front = {b for a, b in pairs if a in front} - seen
        seen |= front
    return seen


def _words(states: Iterable[State]) -> str:
    return ", ".join(sorted(s.name for s in states))


def _unlabelled(m: Machine) -> Iterable[str]:
    named = [(m.name, m.label), *((s.name, s.label) for s in m.states)]
    named += [(c.name(), c.label) for c in m.commands] + [(r.records.name(), r.records.label) for r in m.rows]
    missing = sorted({name for name, label in named if not label})
    if missing:
        yield f"missing label: {', '.join(missing)}"


def _foreign(m: Machine) -> Iterable[str]:
    used = {s for r in m.rows for s in (r.source, r.target) if s is not None} | m.final | m.resting
    used |= {m.initial} if m.initial else set()
    foreign = {s for s in used if not isinstance(s, m.states)}
    if foreign:
        yield f"states of another machine: {_words(foreign)}"


def _duplicates(m: Machine) -> Iterable[str]:
    seen: set[tuple[str | None, type[Command]]] = set()
    for row in m.rows:
        if isinstance(row, T):
            edge = (_code(row.source), row.command)
            if edge in seen:
                yield f"two edges for {row.command.name()} from {edge[0] or 'new'}"
            seen.add(edge)


def _bare(m: Machine) -> Iterable[str]:
    for row in m.rows:
        if isinstance(row, T) and not row.by:
            yield f"nobody may {row.command.name()}"
        if not row.basis:
            yield f"{row.records.name()} has no basis"


def _unreachable(m: Machine) -> Iterable[str]:
    starts = _starts(m)
    if not starts:
        yield "no start: neither an initial state nor a row from None"
    lost = set(m.states) - _reach(starts, ((r.source, r.target) for r in m.rows))
    if starts and lost:
        yield f"unreachable: {_words(lost)}"


def _leaving_final(m: Machine) -> Iterable[str]:
    left = {r.source for r in m.rows if r.source in m.final and r.source is not None}
    if left:
        yield f"edges out of a final state: {_words(left)}"


def _trapped(m: Machine) -> Iterable[str]:
    ends = set(m.final | m.resting)
    if not ends:
        yield "no end: neither a final nor a resting state"
    trapped = set(m.states) - _reach(ends, ((r.target, r.source) for r in m.rows if r.source is not None))
    if ends and trapped:
        yield f"no way to an end from: {_words(trapped)}"


def _foreign_urgent(m: Machine) -> Iterable[str]:
    foreign = {s for s in m.shown.urgent if not isinstance(s, m.states)}
    if foreign:
        yield f"urgent states of another machine: {_words(foreign)}"


_CHECKS: tuple[Callable[[Machine], Iterable[str]], ...] = (
    _unlabelled,
    _foreign,
    _duplicates,
    _bare,
    _unreachable,
    _leaving_final,
    _trapped,
    _foreign_urgent,
)
