"""A workflow: phases in order with their handoffs, the small machines beside them, the legal tracks it serves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from .automatic import AutomaticStep
from .calls import CallRule
from .case import Case, machine_of
from .command import Command, Event, PhaseEntered
from .companion import Companion
from .correcting import EVENTS as CORRECTED
from .counting import Counting
from .deadline import DeadlineRule
from .decision_context import Question
from .erasing import ErasureGround
from .facts import CaseFacts
from .fields import Text
from .guard import Refusal
from .labels import Labelled
from .machine import DeclarationFault, Machine, T
from .matter import CASE, Matter
from .message import Topic
from .occurred import Occurred
from .order import Order
from .paper import DossierRule, PaperKind
from .presentation import Wait
from .proposal import Usual
from .roles import MEDIATOR, Level, Office
from .self_check import CheckRule
from .task import TaskRule
from .track import Track

WAIT = "wait"
"""Kind of a day since which something waits to be taken up: nobody is late with it."""
CLOSES = None
"""In `handoffs`: the case closes here."""


Onward = Callable[[Case, str], tuple[type[Command] | tuple[type[Command], str], ...]]
"""The commands, on whatever it may be, that bring an instance nearer to its aim; none where others have to act."""


def _nothing_to_print(_case: Case) -> Iterable[tuple[str, str]]:
    return ()


Levels = tuple[Level | None, Level | None]
"""At which level a case was raised, and at which it was settled; None where that is not known, or not so."""


def _no_levels(_case: Case) -> Levels:
    return None, None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """What tells people their way: decides nothing, and no fingerprint covers it."""

    onward: Mapping[str, Onward] = field(default_factory=dict)
    """By machine: what leads on where the way is not in its own table."""
    from_elsewhere: frozenset[str] = frozenset()
    """Machines whose way is gone elsewhere: how they go on comes from there by itself, and is offered to nobody."""
    usual: Mapping[str, Callable[[Case, str], Mapping[str, str]]] = field(default_factory=dict)
    """By name of a command: what its form begins with on an instance, field by field as it would be typed.

    Several things stand with spaces between; of what begins something new the instance is empty.
    """
    opens: Mapping[str, tuple[type[Command], ...]] = field(default_factory=dict)
    """By code of a gate: the steps that can open it."""
    next: tuple[Usual, ...] = ()
    """What is usual next, the most pressing first."""
    also_called: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By name of a command: other words by which people look for it."""
    companions: Mapping[str, tuple[Companion, ...]] = field(default_factory=dict)
    """By name of a command: the steps that can be given with it in one form."""
    arranged_by: Mapping[str, type[Command]] = field(default_factory=dict)
    """By name of a command that tells what has happened: the one that arranges the same for a day to come."""
    met_in_form: frozenset[str] = frozenset()
    """Codes of gates that are met by what is filled in, or never: no other step opens them."""
    prints: Callable[[Case], Iterable[tuple[str, str]]] = _nothing_to_print
    """Papers (code, what about) that are to be printed now, so that somebody can sign."""
    for_all: frozenset[str] = frozenset()
    """Commands (names) that are given on all that they can be given on, unless somebody says otherwise."""
    together: Mapping[str, Callable[[Case, str], Sequence[str]]] = field(default_factory=dict)
    """By name of a command that begins something about an instance: about which others it mostly is, too."""
    on_its_way: Mapping[str, Callable[[Case], Iterable[tuple[str, ...]]]] = field(default_factory=dict)
    """By name of a command that begins something new: what of its kind is begun already and not yet done, each with
    what is to be done about it; its form leads there first."""
    for_several: Mapping[str, str] = field(default_factory=dict)
    """By name of a command: its field that names whom; the same can be given for several at once, an order for each."""
    answered_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By code of a gate: the fields that answer it together; it is told at those left empty."""
    detours: frozenset[Labelled] = frozenset()
    """Ends of phases that leave the usual way: what they lead to is not told beforehand."""


HINT = "hint_"
"""How the code of a refusal begins that a word on the form answers: the code of the hint follows."""
Authority = Callable[[Case, Order, Occurred, date], Iterable[Refusal]]
"""Why an order may not be given for the party it is about, by whom and in the capacity it names; the moment is when it
happened, the day is today."""
Barred = Callable[[Case, str, Office, type[Command]], Refusal | None]
"""Why somebody (id of an actor) may not give a command in a case under an office, whatever it says."""
Hints = Callable[[Case, Command, str | None, Callable[[str], str]], Iterable[Refusal]]
"""What is to be answered first of a step on an instance; given what turns a text of the case into its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopens:
    """What takes a closed case up again: once `when` is true of it, it enters `phase`. Nobody commands it."""

    label: str
    when: Callable[[Case], bool]
    phase: str
    basis: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Workflow:
    """A versioned set of rules; a case keeps the version it was opened under."""

    name: str
    """Carries the version: ``fast_track_2026``."""
    family: str
    """What it is a version of: ``fast_track``."""
    label: str
    phases: tuple[Machine, ...]
    parts: tuple[Machine, ...]
    handoffs: Mapping[Labelled, str | None]
    """For every end of every phase: the next phase's name, or CLOSES."""
    tracks: tuple[Track, ...]
    matter: Matter = CASE
    """What kind of thing a case of it is: lists of one kind show nothing of another. It decides nothing."""
    known_as: Callable[[Command], tuple[str, ...] | None] | None = None
    """By what number, and whose, what comes from outside is known: the same twice is one. It decides nothing."""
    facts: Callable[[], CaseFacts] = CaseFacts
    """Makes the facts of a new case: the workflow's own class of them."""
    questions: tuple[Question[Any], ...] = ()
    """What its decisions ask from outside the case."""
    deadlines: tuple[DeadlineRule, ...] = ()
    """The periods that run in its cases. They decide nothing."""
    reopens: tuple[Reopens, ...] = ()
    """What takes up a closed case; the first that is true of it."""
    authority: Authority | None = None
    """Holds whoever acts for a party to what they may; without it nobody does."""
    barred: Barred | None = None
    """Keeps whoever may not act in a case any more from acting in it, and who acts only in what is his own from the
    rest; without it nobody is."""
    handlers: frozenset[Office] = MEDIATOR
    """Offices one of which somebody must hold to be given a case of it."""
    hints: Hints | None = None
    """What people are asked about the words of a step before it is taken. It decides nothing: no audit reads words."""
    erasing: Callable[[Sequence[str], ErasureGround, Text, Text], Command] | None = None
    """Makes the order that erases files of a case: their instance keys, the ground, its basis, the reason."""
    papers: tuple[PaperKind, ...] = ()
    """What is printed of a case, in the order of the dossier. It decides nothing."""
    dossier: tuple[DossierRule, ...] = ()
    """The places of its dossier, in order. It decides nothing."""
    checks: tuple[CheckRule, ...] = ()
    """By what the room checks its own dossier of a case. It decides nothing."""
    topics: Mapping[str, Topic] = field(default_factory=dict)
    """What the staff are told, by the kind of what falls due and by the name of an event that tells. It decides
    nothing; what is not in it is told to whoever handles the case, by its label."""
    calls: tuple[CallRule, ...] = ()
    """Whom of the parties to call by telephone, about what falls due. It decides nothing."""
    automatic: tuple[AutomaticStep, ...] = ()
    """What the worker does of itself. It decides nothing."""
    tasks: tuple[TaskRule, ...] = ()
    """What its cases leave to be done in others. It decides nothing."""
    levels: Callable[[Case], Levels] = _no_levels
    """At which level its cases were raised and settled. It decides nothing."""
    counting: Counting | None = None
    """What of its cases figures count. It decides nothing."""
    guidance: Guidance = field(default_factory=lambda: Guidance())
    """What leads on and what puts a refusal right. It decides nothing."""
    in_force_from: date
    """The first day on which cases are opened under it. Once opened, a case stays under it whatever the day."""
    in_force_until: date | None = None
    """The last such day; None leaves it open until a later version of the family begins."""
    amends: Workflow | None = None
    """The version that it changes, where it was made by `amended`."""
    successor: str = ""
    """The version that cases are opened under afterwards; the catalogue fills it in."""

    def __post_init__(self) -> None:
        faults = [*self._handoff_faults(), *self._reopening_faults(), *self._name_faults(), *self._day_faults()]
        if faults:
            raise DeclarationFault(f"workflow {self.name}: " + "; ".join(faults))

    def _handoff_faults(self) -> Iterable[str]:
        ends = {end: phase for phase in self.phases for end in phase.final}
        for end, phase in ends.items():
            if end not in self.handoffs:
                yield f"end {phase.name}.{end.name} has no handoff"
        for end, target in self.handoffs.items():
            if end not in ends:
                yield f"handoff from {end.name}, which is no end of a phase"
            if target is not None and self.machines.get(target, self.phases[0]).initial is None:
                yield f"handoff to {target}, which is no phase with an initial state"

    def _reopening_faults(self) -> Iterable[str]:
        for reopening in self.reopens:
            phase = next((m for m in self.phases if m.name == reopening.phase), None)
            if phase is None or phase.initial is None:
                yield f"reopened into {reopening.phase}, which is no phase with an initial state"
            if not reopening.label or not reopening.basis:
                yield f"reopening into {reopening.phase} has no label or no basis"
        entered = {*self.handoffs.values(), *(r.phase for r in self.reopens)}
        for phase in self.phases[1:]:
            if phase.name not in entered:
                yield f"phase {phase.name} is never entered"

    def _name_faults(self) -> Iterable[str]:
        machines = (*self.phases, *self.parts)
        for name in _repeated(m.name for m in machines):
            yield f"two machines named {name}"
        for command in _repeated(c for m in self.parts for c in m.commands):
            yield f"{command.name()} belongs to two machines"
        for command in {c for m in self.parts for c in m.commands} & {c for m in self.phases for c in m.commands}:
            yield f"{command.name()} belongs to a phase and to a part"
        for name in _repeated({r.records: r.records.name() for m in machines for r in m.rows}.values()):
            yield f"two events named {name}"
        for name in _repeated(q.name for q in self.questions):
            yield f"two questions named {name}"
        for code in _repeated([*(rule.code for rule in self.deadlines), *(m.name for m in machines), WAIT]):
            yield f"two kinds of what falls due named {code}"
        for name in _repeated(c.name() for c in dict.fromkeys(c for m in machines for c in m.commands)):
            yield f"two commands named {name}"

    def _day_faults(self) -> Iterable[str]:
        if self.in_force_until is not None and self.in_force_until < self.in_force_from:
            yield "its last day is before its first"
        before = self.amends
        if before is not None and before.family != self.family:
            yield f"it amends {before.name}, which is of another family"
        if before is not None and self.in_force_from <= before.in_force_from:
            yield f"it amends {before.name}, which begins no earlier"

    # -- versions

    def is_in_force(self, day: date) -> bool:
        """Whether cases are opened under it on a day."""
        return self.in_force_from <= day and (self.in_force_until is None or day <= self.in_force_until)

    def amended(self, *, name: str, in_force_from: date, machines: Iterable[Machine] = (), **changes: Any) -> Workflow:
        """The next version: as this one, with machines in the place of those of their names, and other fields changed.

        It ends nothing: cases that were opened under this version go on under it.

        Raises:
            DeclarationFault: a machine takes no other's place; or the workflow then cannot be right.
        """
        new = {m.name: m for m in machines}
        lost = sorted(new.keys() - self.machines.keys())
        if lost:
            raise DeclarationFault(f"workflow {name}: no machine to amend named {', '.join(lost)}")
        phases, parts = (tuple(new.get(m.name, m) for m in kept) for kept in (self.phases, self.parts))
        rest: dict[str, Any] = {"phases": phases, "parts": parts, "in_force_until": None, "successor": ""} | changes
        return replace(self, name=name, in_force_from=in_force_from, amends=self, **rest)

    def tuned(self, settings: Mapping[str, int]) -> Workflow:
        """It with the deadlines as the room's own settings have them; itself where they are the usual ones."""
        deadlines = tuple(rule.tuned(settings) for rule in self.deadlines)
        return self if deadlines == self.deadlines else replace(self, deadlines=deadlines)

    def followed_by(self, later: Workflow) -> Workflow:
        """This version, ended on the day before a later one begins where no earlier day has been said.

        Raises:
            DeclarationFault: both would be in force on some day.
        """
        last = self.in_force_until or later.in_force_from - timedelta(days=1)
        if not self.in_force_from <= last < later.in_force_from:
            raise DeclarationFault(f"{self.name} and {later.name} are both in force on {later.in_force_from}")
        return replace(self, in_force_until=last, successor=later.name)

    # -- what it is made of

    def begin(self, case_id: str) -> Case:
        """A case that has no line yet, with facts of this workflow's own class."""
        return Case(case_id, facts=self.facts())

    @cached_property
    def machines(self) -> dict[str, Machine]:
        """Phases and parts by name."""
        return {m.name: m for m in (*self.phases, *self.parts)}

    @cached_property
    def changed(self) -> tuple[Machine, ...]:
        """The machines that the version it amends does not have; all of them where it amends none."""
        before = self.amends.machines if self.amends else {}
        return tuple(m for m in self.machines.values() if before.get(m.name) is not m)

    @cached_property
    def moving(self) -> tuple[Machine, ...]:
        """The parts with edges that nobody commands."""
        return tuple(m for m in self.parts if m.spawning or m.following)

    @cached_property
    def events(self) -> dict[str, type[Event[Any]]]:
        """Every event class that this workflow's lines may name."""
        own = {r.records.name(): r.records for m in self.machines.values() for r in m.rows}
        shared: tuple[type[Event[Any]], ...] = (PhaseEntered, *CORRECTED.values())
        return own | {event.name(): event for event in shared}

    @cached_property
    def commands(self) -> dict[str, type[Command]]:
        """Every command by name."""
        return {c.name(): c for m in self.machines.values() for c in m.commands}

    @cached_property
    def openings(self) -> tuple[type[Command], ...]:
        """The commands that open a case: those of the first phase that start from nothing."""
        rows = (r for r in self.phases[0].rows if isinstance(r, T) and r.source is None)
        return tuple(dict.fromkeys(row.command for row in rows))

    @property
    def opening(self) -> type[Command]:
        """The usual one of them: the first row of the first phase."""
        return self.openings[0]

    def opens_only(self, command: type[Command], case: Case) -> bool:
        """Whether a command is one that opens cases, and does nothing in this one as it stands."""
        phase = self.phase_of(case)
        goes_on = phase is not None and bool(case.phase) and (case.state(case.phase), command) in phase.commanded
        return command in self.openings and not goes_on

    @cached_property
    def guard_sentences(self) -> dict[str, str]:
        """Every guard's sentence by its code."""
        rows = (r for m in self.machines.values() for r in m.rows if isinstance(r, T))
        return {g.code: g.sentence for r in rows for g in (*r.only_if, *r.marks)}

    @cached_property
    def policy_sentences(self) -> dict[str, str]:
        """The gates of policy by their codes: what the lead may set aside with a reason."""
        rows = (r for m in self.machines.values() for r in m.rows if isinstance(r, T))
        return {g.code: g.sentence for r in rows for g in r.only_if if g.may_be_waived}

    @cached_property
    def deadline_rules(self) -> dict[str, DeadlineRule]:
        """The periods by code: the kind of what falls due by them."""
        return {rule.code: rule for rule in self.deadlines}

    @cached_property
    def warnings(self) -> dict[str, tuple[int, ...]]:
        """How many days before it what falls due is told of, by kind, the longest first; from the first on it is
        yellow."""
        near = {m.name: (m.shown.near,) for m in self.parts if m.shown.near}
        return near | {rule.code: rule.warns for rule in self.deadlines}

    def topic_of(self, kind: str) -> Topic | None:
        """What is told of a kind of what falls due, or of an event; None where nothing is declared."""
        rule = self.deadline_rules.get(kind)
        return self.topics.get(kind) or (rule.topic if rule else None)

    @cached_property
    def _part_of(self) -> dict[type[Command], Machine]:
        """The part that a command moves."""
        return {command: part for part in self.parts for command in part.commands}

    def machine_for(self, command: type[Command], case: Case) -> Machine | None:
        """The machine a command moves: a part, or the phase the case is in."""
        part, phase = self._part_of.get(command), self.phase_of(case)
        if part or (phase and command in phase.commands):
            return part or phase
        return None

    def phase_of(self, case: Case) -> Machine | None:
        """The phase machine the case is in; the first one for a case not yet opened."""
        return self.machines.get(machine_of(case.phase)) if case.phase else self.phases[0]

    @cached_property
    def _ends(self) -> dict[tuple[str, str], Labelled]:
        """The ends of all phases, by phase name and state code."""
        return {(phase.name, str(end.value)): end for phase in self.phases for end in phase.final}

    def end_of_phase(self, case: Case) -> Labelled | None:
        """The end the current phase has come to; None while it goes on."""
        return self._ends.get((machine_of(case.phase), case.state(case.phase) or ""))

    def next_phase(self, case: Case) -> str | None:
        """The phase a case goes on to from the end it has come to, handed on or reopened; None where it stays."""
        end = self.end_of_phase(case)
        if end is None or self.handoffs[end] is not CLOSES:
            return self.handoffs[end] if end else None
        return next((r.phase for r in self.reopens if r.when(case)), None)

    def has_ended(self, case: Case) -> bool:
        """Whether the case has come to an end at which it closes."""
        end = self.end_of_phase(case)
        return end is not None and self.handoffs[end] is CLOSES

    def is_alive(self, machine: Machine, case: Case) -> bool:
        """Whether a part may move now: in the case's phase, or everywhere."""
        return not machine.alive.isdisjoint(self._alive_in(case))

    def _alive_in(self, case: Case) -> tuple[str, ...]:
        """What a part that may move now is alive in."""
        return ("closed",) if self.has_ended(case) else ("open", machine_of(case.phase))

    def open_parts(self, case: Case) -> list[str]:
        """Instances of small machines in which something is still open and can still move, in order of their kind."""
        now = self._alive_in(case)
        alive = (m for m in self.parts if m.name in case.counts and not m.alive.isdisjoint(now))
        return [k for m in alive for k in case.of(m.name) if case.state(k) not in m.done or self.unfinished(case, k)]

    def unfinished(self, case: Case, key: str) -> str:
        """What is still to be done with an instance though it is at rest, in words; empty where nothing is."""
        machine = self.machines[machine_of(key)]
        if machine.shown.unfinished is None or case.state(key) not in machine.done:
            return ""
        return machine.shown.unfinished(case, key)

    def waits(self, case: Case) -> list[Wait]:
        """What waits to be taken up though it is at rest, kind by kind."""
        declared = (m.shown.waits for m in self.parts if m.shown.waits and m.name in case.counts)
        return [wait for waits in declared if (wait := waits(case))]

    def track(self, code: str) -> Track | None:
        """A track by its code."""
        return next((t for t in self.tracks if t.code == code), None)


def _repeated(names: Iterable[Any]) -> list[Any]:
    seen: set[Any] = set()
    return [n for n in names if n in seen or seen.add(n)]  # type: ignore[func-returns-value]
