"""What a case consists of, in words: its phases, and its parts section by section, as they are declared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from mediation_engine.domain.case import machine_of
from mediation_engine.domain.files import takes_files
from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.machine import Machine
from mediation_engine.domain.presentation import HIDDEN, Card, CardGroup, Pair, Section
from mediation_engine.domain.roles import MEDIATOR
from mediation_engine.domain.workflow import Workflow
from mediation_engine.record.fold import DecodedLine
from mediation_engine.record.sealing import TextRef
from mediation_engine.services.case_view import CaseView

from . import naming
from .case_cards import Stage
from .visibility import is_joint
from .visits import visit_number


@dataclass
class Casework:
    """One case for one reader; with `joint`, for a screen that everybody looks at. See `CaseReading`."""

    view: CaseView
    joint: bool = False
    _of: dict[str, list[DecodedLine]] = field(default_factory=lambda: defaultdict(list))
    """Lines by instance."""

    def __post_init__(self) -> None:
        self.case, self.workflow, self.teller = self.view.case, self.view.workflow, self.view.teller
        for it in self.view.lines:
            self._of[it.line.instance].append(it)

    @property
    def today(self) -> date:
        return self.view.today

    # -- where it stands

    def rail(self) -> Iterator[Stage]:
        """The phases in order: been through, the present one, those it can be handed on to from here."""
        case, workflow = self.case, self.workflow
        ahead = _ahead(workflow, machine_of(case.phase)) if workflow else set()
        for phase in workflow.phases if workflow else ():
            rounds = case.counts.get(phase.name, 0)
            if not rounds and phase.name not in ahead:
                continue
            is_now = phase.name == machine_of(case.phase)
            state = phase.label_of(case.state(case.phase)) if is_now else ""
            stands = "now" if is_now else "done" if rounds else "next"
            key = f"{phase.name}/{rounds}" if rounds else ""
            yield Stage(key=key, label=phase.label, stands=stands, state=state, rounds=rounds)

    def banners(self) -> list[Pair]:
        """What stands at the head while something is as it is, each with its tone."""
        found = (
            (words, "late" if state in machine.shown.urgent else "now")
            for machine in self._machines()
            for key in filter(self._shows, self.case.of(machine.name))
            for state, words in machine.shown.banner.items()
            if self.case.is_in(key, state)
        )
        return [*dict.fromkeys(found), *((words, "now") for words in self._marked())]

    def _marked(self) -> Iterator[str]:
        """How much stands on record that was not as it should have been; of that a shared screen says nothing."""
        void = {version for version, (_, is_void) in self.view.corrected.items() if is_void}
        standing = (it.line for it in self.view.lines if it.line.version not in void)
        marks = sum(not (it.unjudged or it.waived) for line in standing for it in line.defects)
        if marks and not self.joint:
            yield f"有 {marks} 处与规定不符（瑕疵），写在“经过”里那一步的旁边。"

    def open_keys(self) -> list[str]:
        """What the case waits for, as far as the reader is shown it."""
        return [*filter(self._shows, self.workflow.open_parts(self.case) if self.workflow else [])]

    def open_things(self) -> list[Section]:
        """The same, kind by kind."""
        cards: dict[str, list[Card]] = defaultdict(list)
        for key in self.open_keys():
            cards[machine_of(key)].append(self._waiting(key))
        labels = {m.name: m.label for m in self._machines()}
        return [
            Section(id=name, title=labels[name], groups=[CardGroup(title="", cards=own)]) for name, own in cards.items()
        ]

    def _waiting(self, key: str) -> Card:
        machine = self._machine(key)
        alarm = machine.shown.alarm(self, key) if machine and machine.shown.alarm else ""
        left = self.workflow.unfinished(self.case, key) if self.workflow else ""
        tags = [(left or self.state(key), self.tone(key)), *([(alarm, "late")] if alarm else [])]
        return self.card(key, title=naming.thing(self.case, self.teller, key), tags=tags, facts=self._waiting_for(key))

    def _waiting_for(self, key: str) -> list[Pair]:
        """When it falls due, where what it is called does not say so."""
        is_said = self._machine(key) is not None and self.thing(key) != self.numbered(key)
        return [] if is_said else [*self._due(key)]

    def _due(self, key: str) -> Iterator[Pair]:
        for _, day in self.case.facts.due_days({key}):
            yield "期限", day_words(day)

    # -- what it consists of

    def sides(self) -> list[list[str]]:
        """The two sides that face each other, each by its names."""
        return [[self.thing(key) for key in keys] for _, keys in self.case.facts.sides()[:2]]

    def sections(self) -> list[Section]:
        """Everything there is, kind by kind, as the parts declare it."""
        shown = [m for m in self._machines() if m.shown.title and (m.shown.joint or not self.joint)]
        sections = (self._section(machine) for machine in sorted(shown, key=lambda m: m.shown.place))
        return [section for section in sections if section.cards or section.empty]

    def _section(self, machine: Machine) -> Section:
        shown, keys = machine.shown, [*filter(self._shows, self.case.of(machine.name))]
        groups = shown.groups(self.case) if shown.groups else [("", keys[::-1] if shown.newest_first else keys)]
        cards = (CardGroup(title=title, cards=[self._card_of(machine, key) for key in own]) for title, own in groups)
        return Section(
            id=machine.name,
            title=shown.title,
            groups=[group for group in cards if group.cards],
            empty=shown.empty,
            papers=shown.papers,
            rows=shown.rows,
            tab=shown.tab,
            handing_in=next((c.name() for c in machine.commands if takes_files(c)), ""),
        )

    def _card_of(self, machine: Machine, key: str) -> Card:
        if machine.shown.card:
            card = machine.shown.card(self, key)
        else:
            card = self.card(key, title=self.thing(key), facts=[*self._due(key), *self.written(key)])
        return replace(card, line=self.summary(key)) if machine.shown.rows else card

    def summary(self, key: str) -> str:
        """A few words on an instance, for tables."""
        machine = self._machine(key)
        return "　".join(machine.shown.summary(self, key)) if machine and machine.shown.summary else ""

    def due_words(self, key: str) -> Pair:
        """What falls due with an instance, and who does it."""
        machine = self._machine(key)
        if machine is None or machine.shown.due is None or key not in self.case.instances:  # a list may be out of date
            return self.thing(key), ""
        return machine.shown.due(self, key)

    # -- in words

    def thing(self, key: str) -> str:
        return self.teller.thing(key)

    def numbered(self, key: str) -> str:
        return self.teller.numbered(key)

    def name(self, id: str) -> str:
        return self.teller.names.get(id, "")

    def said(self, text: str) -> str:
        ref = TextRef.read(text)
        return self.teller.words.get(ref.id, HIDDEN) if ref else text

    def details(self, value: Any) -> list[Pair]:
        return self._visible(dict(self.teller.details(value)))

    def written(self, key: str) -> list[Pair]:
        said: dict[str, str] = {}
        for found in self._of[key]:
            said |= dict(self.teller.given(found))
        return self._visible(said)

    def _visible(self, said: dict[str, str]) -> list[Pair]:
        return [pair for pair in said.items() if not (self.joint and pair[1] == HIDDEN)]

    def linked(self, id: str | None) -> Pair | None:
        found = self.view.linked.get(id or "")
        if found is None or self.joint:
            return None
        stands = naming.standing(found.workflow, found.row.phase, found.row.state)
        return found.row.case, f"{found.kind} {found.words}（{stands}）"

    def commands(self, key: str) -> list[Any]:
        return [it.given for it in self._of[key] if it.given]

    def lines_of(self, key: str) -> list[DecodedLine]:
        """Lines of an instance, in order."""
        return self._of[key]

    def card(self, key: str, **parts: Any) -> Card:
        usual = {"title": self.thing(key), "tags": [*self._standing(key)], "person": self._person(key)}
        return Card(key=key, case=self.case.id, sheet=self._sheet(key), **usual | parts)

    def _standing(self, key: str) -> Iterator[Pair]:
        """Its state, where that is not the usual one."""
        machine = self._machine(key)
        if machine is None or not self.case.is_in(key, *machine.shown.usual):
            yield self.state(key), self.tone(key)

    def _sheet(self, key: str) -> Pair | None:
        """The sheet of an open visit, for those who mediate."""
        machine, number = self._machine(key), visit_number(key)
        is_open = machine is not None and self.case.state(key) not in machine.done
        return (
            (self.case.id, number) if number and is_open and not self.joint and self.view.office in MEDIATOR else None
        )

    def _person(self, key: str) -> str | None:
        """Whom a card leads to in the register; nobody from a screen that all look at, or for who reads no numbers."""
        if self.joint or self.view.office not in MEDIATOR:
            return None
        return self.case.facts.people().get(key) or self.case.facts.others().get(key)

    def state(self, key: str) -> str:
        return self.teller.state(key, self.case.state(key))

    def tone(self, key: str) -> str:
        machine, state = self._machine(key), self.case.state(key)
        if machine is None:
            return ""
        shown = machine.shown
        if any(urgent.code == state for urgent in shown.urgent) and not (shown.calm and shown.calm(self.case, key)):
            return "late"
        left = self.workflow.unfinished(self.case, key) if self.workflow else ""
        return "" if state in machine.done and not left else "now"

    def _machines(self) -> tuple[Machine, ...]:
        return self.workflow.parts if self.workflow else ()

    def _machine(self, key: str) -> Machine | None:
        return self.workflow.machines.get(machine_of(key)) if self.workflow else None

    def _shows(self, key: str) -> bool:
        return not self.joint or is_joint(self.workflow, self.case, key)


def _ahead(workflow: Workflow, phase: str) -> set[str]:
    """The phases that handoffs lead to from one, step by step, on the usual way."""
    found, new, detours = set[str](), {phase}, workflow.guidance.detours
    while new:
        ends = {end for name in new for end in workflow.machines[name].final if end not in detours}
        new = {to for end, to in workflow.handoffs.items() if end in ends and to} - found
        found |= new
    return found
