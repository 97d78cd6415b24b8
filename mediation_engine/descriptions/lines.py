"""A line told to people: what happened, to what, and what was written down, from the labels that stand on the things.

Nothing here knows a particular event; a new command is told without a line of code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ..domain.case import Case, machine_of
from ..domain.command import PhaseEntered
from ..domain.fields import FieldSpec, fields_of
from ..domain.files import FileHeld
from ..domain.formatting import day_words, money_words
from ..domain.guard import basis_words, with_day
from ..domain.labels import Labelled
from ..domain.line import Defect, Line, Provenance
from ..domain.presentation import HIDDEN
from ..domain.roles import ACTING_LEAD, Office
from ..domain.workflow import Workflow
from ..record.fold import DecodedLine
from ..record.sealing import TextRef

ACTED = "由谁办理"
"""How it is asked and told who did what a party does: the party itself, or somebody in a capacity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line in words."""

    what: str
    about: str
    """The thing it happened to: 会议 1, or a party's name."""
    change: str
    """登记 → 受理; empty where the state stays."""
    details: tuple[tuple[str, str], ...]
    """(label, value) of what was filled in."""
    who: str
    """Office and actor; 自动 for a consequence."""
    notes: tuple[str, ...]
    """Provenance other than reported, and defects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Tells lines of one case: knows its workflow, its parties' names and the words its reader may read."""

    workflow: Workflow | None
    names: Mapping[str, str]
    """Of parties by instance key, of people and organisations by id."""
    words: Mapping[str, str]
    actors: Mapping[str, str]
    numbers: Mapping[str, str] = field(default_factory=dict)
    """By what instances (keys) are told apart, where not by their numbers in the record; empty for nothing."""
    of: Case | None = None
    """The case itself, whose things are called by what they are about; None where no name may stand."""
    today: date | None = None
    """A day of this year is told without the year."""
    _called: Counter[tuple[str, str]] = field(init=False, repr=False, compare=False)
    """How many things of a kind have a name."""
    _kinds: dict[str, Mapping[str, str]] = field(init=False, repr=False, compare=False, default_factory=dict)
    """By kind: what its things are called by what they are about, by key."""

    def __post_init__(self) -> None:
        called = Counter((machine_of(key), name) for key, name in self.names.items() if "/" in key)
        object.__setattr__(self, "_called", called)

    def thing(self, key: str) -> str:
        """An instance in words: a party is its name, told from another of that name by its number; else 会议2.

        What its kind is called by what it is about is called so: 走访王某，11月20日.
        """
        if key not in self.names:
            return self._about(key) or self.numbered(key)
        name = self.names[key]
        return f"{name}（{self.numbered(key)}）" if self._called[machine_of(key), name] > 1 else name

    def name(self, id: str) -> str:
        """The name of a person, a role or an organisation by id; empty where it is not known."""
        return self.names.get(id, "")

    @property
    def case(self) -> Case:
        """The case whose things are called something."""
        assert self.of is not None
        return self.of

    def _about(self, key: str) -> str:
        """What an instance is called by what it is about; empty where that is not known, or nobody may know of it."""
        kind = machine_of(key)
        if kind not in self._kinds:
            self._kinds[kind] = self._named_apart(kind)
        return self._kinds[kind].get(key, "")

    def _named_apart(self, kind: str) -> Mapping[str, str]:
        """The things of a kind that may be known of, each by a name of its own."""
        machine = self.workflow.machines.get(kind) if self.workflow else None
        if self.of is None or machine is None or machine.shown.called is None:
            return {}
        shown = (key for key in self.of.of(kind) if self.numbers.get(key) != "" and key not in self.names)
        named = {key: name for key in shown if (name := machine.shown.called(self, key))}
        often = Counter(named.values())
        return {key: f"{name}（{self.numbered(key)}）" if often[name] > 1 else name for key, name in named.items()}

    def numbered(self, key: str) -> str:
        """An instance by its kind and number: session/2 is 会议2, a phase entered once is plain 调解."""
        name, _, number = key.partition("/")
        machine = self.workflow.machines.get(name) if self.workflow else None
        is_phase = machine is not None and self.workflow is not None and machine in self.workflow.phases
        shown = "" if is_phase and number == "1" else self.numbers.get(key, number)
        return f"{machine.label if machine else name}{shown}"

    def state(self, key: str, code: str | None) -> str:
        """A state's label."""
        machine = self.workflow.machines.get(machine_of(key)) if self.workflow else None
        return machine.label_of(code) if machine else code or "（新）"

    def what(self, line: Line) -> str:
        """What happened; with the phase, where one was entered."""
        kind = self.workflow.events.get(line.event) if self.workflow else None
        return f"{kind.label if kind else line.event}{self.numbered(line.instance) if kind is PhaseEntered else ''}"

    def line(self, found: DecodedLine) -> Told:
        """One line in words."""
        line = found.line
        moved = line.source is not None and line.source != line.target
        change = f"{self.state(line.instance, line.source)} → {self.state(line.instance, line.target)}"
        return Told(
            what=self.what(line),
            about="" if line.event == PhaseEntered.name() else self.thing(line.instance),
            change=change if moved else "",
            details=(*self._capacity(line), *self.given(found)),
            who=self._who(line),
            notes=tuple(self._notes(line)),
        )

    def _capacity(self, line: Line) -> Iterator[tuple[str, str]]:
        """Who did what a party does, where that is said."""
        if line.capacity in self.names:
            own = machine_of(line.capacity) == "party"
            yield ACTED, f"{self.thing(line.capacity)}（{'本人' if own else self.numbered(line.capacity)}）"
        elif line.capacity:
            yield ACTED, self.numbered(line.capacity)

    def given(self, found: DecodedLine) -> Iterator[tuple[str, str]]:
        """What was filled in of a line, field by field; what it is about stands beside it already."""
        for said in found.said if found.given else ():
            kept = (spec.name for spec in fields_of(type(said)) if spec.kept)
            own = [name for name in kept if getattr(said, name) == found.line.instance]
            yield from self.details(replace(said, **dict.fromkeys(own)) if own else said)

    def details(self, value: Any) -> Iterator[tuple[str, str]]:
        """What a command or a row says, field by field, empty ones left out."""
        if getattr(value, "readers", None) == HIDDEN:  # of nothing in it is told even whether it is empty
            yield "内容", HIDDEN
            return
        for spec in fields_of(type(value)):
            held = getattr(value, spec.name)
            if held not in (None, "", (), False) and held != spec.default:
                yield spec.label, self._value(spec, held)

    def _value(self, spec: FieldSpec, held: Any) -> str:
        if spec.kind == "text":
            ref = TextRef.read(held)
            return self.words.get(ref.id, HIDDEN) if ref else held
        if held == HIDDEN:
            return HIDDEN
        if spec.kind == "files":
            return "\n".join(file.words for one in held if (file := FileHeld.read(one)))
        if spec.kind == "rows":
            # No space after the number: a screen would break the line there.
            return "\n".join(f"（{n}）{self._row(row)}" for n, row in enumerate(held, 1))
        if spec.kind == "money":
            return money_words(held)
        if spec.kind == "code":
            return self._code(spec, str(held))
        if spec.kind == "person":
            return self.names.get(held, HIDDEN)
        if spec.kind == "staff":
            return self.actors.get(held, held)
        return _plain(held, self)

    def _row(self, row: Any) -> str:
        return "，".join(f"{label}：{value}" for label, value in self.details(row) if value != HIDDEN) or HIDDEN

    def _code(self, spec: FieldSpec, code: str) -> str:
        track = self.workflow.track(code) if self.workflow and spec.name == "track" else None
        own = self.of.facts.code_words(spec.name, code) if self.of else ""
        other = re.fullmatch(r"[a-z_]+/(\d+)", code)  # a thing of another case
        shown = track.label if track else own or self.names.get(code, f"第{other[1]}项" if other else code)
        return shown if len(shown) <= 40 else f"{shown[:12]}…"

    def _who(self, line: Line) -> str:
        if line.office is None:
            return "自动"
        office, name = Office.named(line.office), self.actors.get(line.actor or "", line.actor or "")
        if line.substitution:
            return f"{name}（{ACTING_LEAD}）"
        return f"{office.label if office else line.office} {name}".strip()

    def _notes(self, line: Line) -> Iterator[str]:
        if line.provenance is not Provenance.REPORTED:
            yield f"［{line.provenance.label}］"
        for defect in line.defects:
            verdict = "无法判断" if defect.unjudged else "瑕疵"
            if defect.waived:
                ref = TextRef.read(defect.waived)
                reason = self.words.get(ref.id, HIDDEN) if ref else ""
                lead = ACTING_LEAD if line.substitution else Office.LEAD.label
                yield f"{lead}准予变通：{self.lacked(defect)}，理由：{reason}"
                continue
            yield f"{verdict}：{self.lacked(defect)}【{basis_words(defect.basis)}】"

    def lacked(self, defect: Defect) -> str:
        """What a line lacks by a rule: its sentence, the day that was not kept to, and what it is about."""
        sentences = self.workflow.guard_sentences if self.workflow else {}
        about = f"（{'、'.join(self.thing(k) for k in defect.about)}）" if defect.about else ""
        return f"{with_day(sentences.get(defect.code, defect.code), defect.since)}{about}"


def people_in(value: Any) -> Iterator[str]:
    """Ids of the people a command or a row names."""
    for spec in fields_of(type(value)):
        held = getattr(value, spec.name)
        if spec.kind == "person" and held:
            yield held
        elif spec.kind == "rows":
            yield from (id for row in held for id in people_in(row))


def _plain(held: Any, teller: Teller) -> str:
    if isinstance(held, Labelled):
        return held.label
    if isinstance(held, bool):
        return "是" if held else "否"
    if isinstance(held, date):
        return day_words(held)
    if isinstance(held, tuple):
        return "、".join(_plain(part, teller) for part in held)
    return teller.thing(held) if isinstance(held, str) and "/" in held else str(held)
