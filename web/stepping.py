"""One step in a case: from what a browser posted to an order, and to the page that asks again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from flask import abort
from werkzeug.datastructures import MultiDict

from mediation_engine.available import Option, available
from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import FieldSpec, Text
from mediation_engine.domain.formatting import heading
from mediation_engine.domain.guard import POLICY, Refusal
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import FormFaults
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.ports import Person
from mediation_engine.service import Preview
from mediation_engine.telling import Told

from . import nexts, reading
from .asking import Known, Sheet, Typed
from .choosing import FIND, Choosing
from .choosing import Option as Choice
from .happening import WHEN, happened
from .here import door, reader
from .mending import Reason, reasons
from .newcomers import Newcomers, bytes_from

ON, ID, SEEN, WAIVE = "on", "id", "v.", "waive."
LONGEST_REASON = 500
BARRING = frozenset({"office", "state", "phase", "other_kind"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something of the case that the step can be about."""

    key: str
    label: str
    state: str
    version: str
    """As the reader saw it."""


@dataclass(kw_only=True)
class Step:
    """A command about to be given."""

    case: Case
    workflow: Workflow
    kind: type[Command]
    typed: Typed
    faults: dict[str, list[str]] = field(default_factory=dict)
    refusals: Sequence[Refusal] = ()

    # -- what it is about

    @cached_property
    def machine(self) -> Machine | None:
        return self.workflow.machine_for(self.kind, self.case)

    @property
    def is_of_phase(self) -> bool:
        return self.machine in self.workflow.phases

    @property
    def sources(self) -> set[str | None]:
        return {s for s, c in self.machine.commanded if c is self.kind} if self.machine else set()

    @property
    def done(self) -> frozenset[str]:
        return self.machine.done if self.machine else frozenset()

    @cached_property
    def chosen(self) -> list[str]:
        """The instances it is given for; all that can be for the name of a machine alone."""
        if self.is_of_phase:
            return [key for key in self.typed.getlist(ON) if key in self.case.instances] or [self.case.phase]
        keys = [k for word in self.typed.getlist(ON) for k in (self._all() if word == self._name else [word])]
        return [key for key in dict.fromkeys(keys) if key in self.case.instances]

    @property
    def _name(self) -> str:
        return self.machine.name if self.machine else ""

    def _all(self) -> list[str]:
        mine = self.asked.allowed.get(reader().office, ())
        return [o.key for o in mine if o.command is self.kind and o.key]

    @cached_property
    def asked(self) -> nexts.Asking:
        return nexts.asking(self.case)

    @property
    def parties(self) -> str:
        """Who is in the case."""
        return heading([self.asked.teller.thing(key) for key in self.case.facts.people()])

    @property
    def is_new(self) -> bool:
        """Whether it brings something new into being."""
        return None in self.sources and not self.chosen

    @property
    def targets(self) -> list[Target]:
        """What it can be about, and what it is about; nothing for a step of the phase or for something new."""
        if self.is_of_phase or self.is_new or self.machine is None:
            return []
        keys = [k for k in self.case.of(self.machine.name) if self.case.state(k) in self.sources or k in self.chosen]
        keys.sort(key=lambda k: self.case.state(k) in self.done)  # what is open comes first
        return [self._target(key) for key in keys]

    def _target(self, key: str) -> Target:
        teller = self.asked.teller
        return Target(
            key=key,
            label=reading.thing(self.case, teller, key),
            state=teller.state(key, self.case.state(key)),
            version=self.seen(key),
        )

    def seen(self, key: str) -> str:
        """The version of an instance as the reader saw it."""
        return self.typed.get(SEEN + key) or str(self.case.instances[key].version)

    @property
    def is_for_each(self) -> bool:
        """Whether it is done for nobody unless chosen: a party's own act, or one that gives something up."""
        rows = self.machine.rows if self.machine else ()
        own = any(isinstance(r, T) and r.command is self.kind and Office.REPRESENTATIVE in r.by for r in rows)
        return own or self.kind.gives_up

    # -- the form

    @cached_property
    def sheet(self) -> Sheet:
        return Sheet(command=self.kind, typed=self.typed, known=known(self), faults=self.faults)

    def begin(self) -> None:
        """A fresh form."""
        self.typed.setdefault(ID, new_id(system_randomness, 16))
        self.typed.setdefault(WHEN, "now")
        self.sheet.begin()
        if self.is_for_each and len(self.chosen) > 1:
            self._choose([])

    def _choose(self, keys: Sequence[str]) -> None:
        self.typed.setlist(ON, list(keys))
        self.__dict__.pop("chosen", None)

    def pick(self, place: str, *, every: bool) -> None:
        """Tick all that is shown of a list of choices, or none of it."""
        if place == ON:
            self._choose(self.choosing.picked(every))
        else:
            self.sheet.pick(place, every=every)

    @property
    def choosing(self) -> Choosing:
        """What it can be about, as boxes to tick."""
        targets = self.targets
        return Choosing(
            name=ON,
            options=[(t.key, t.label) for t in targets],
            chosen=self.chosen,
            finding=self.typed.get(FIND + ON, "").strip(),
            states={t.key: t.state for t in targets},
        )

    def order(self) -> tuple[Order, list[Person]]:
        """What was ordered and who is new; FormFaults with every fault beside its field."""
        newcomers = Newcomers(bytes_from(self.typed.get(ID, "")))
        command = self._read(newcomers)
        given: dict[str, Any] = {"on": tuple(self.chosen), "expects": self._expected(), "waives": self._waived()}
        order = Order(
            id=self.typed.get(ID, "")[:64],
            case=self.case.id,
            command=command,
            actor=reader().actor.id,
            office=reader().office,
            occurred=happened(self.typed),
            **given,
        )
        return order, newcomers.of_kind(command)

    def _read(self, newcomers: Newcomers) -> Command:
        """The command, once everything else on the form is right too."""
        wrong = dict(self._wrong_besides())
        self.faults.update(wrong)
        command = self.sheet.read(newcomers.enter_once)
        if wrong:
            raise FormFaults(wrong)
        return command

    def _wrong_besides(self) -> Any:
        try:
            happened(self.typed)
        except FormFaults as fault:
            yield WHEN, fault.faults[WHEN]
        if not self.chosen and None not in self.sources:
            yield ON, ["请选择针对哪一项"]
        if not 8 <= len(self.typed.get(ID, "")) <= 64:
            yield ID, ["这张表不完整，请从案件页重新打开"]
        long = [name for name in self.typed if name.startswith(WAIVE) and len(self.typed[name]) > LONGEST_REASON]
        yield from ((name, [f"不能超过{LONGEST_REASON}个字"]) for name in long)

    def _expected(self) -> dict[str, int]:
        """The version of each instance as it was when the form was opened; a form without one is out of date."""
        seen = {key: self.typed.get(SEEN + key, "") for key in self.chosen}
        return {k: int(v) if v.isascii() and v.isdecimal() and len(v) < 10 else 0 for k, v in seen.items()}

    def _waived(self) -> dict[str, Text]:
        if reader().office is not Office.LEAD:
            return {}
        said = {name.removeprefix(WAIVE): self.typed[name].strip() for name in self.typed if name.startswith(WAIVE)}
        return {code: Text(why) for code, why in said.items() if why and code in self.workflow.policy_sentences}

    # -- what stands against it

    @property
    def against(self) -> list[Reason]:
        """Why it cannot be done."""
        asked = self.asked
        return reasons(self.case, self.refusals, asked.teller, asked.office, asked.allowed)

    @property
    def is_barred(self) -> bool:
        """Whether no way of filling in the form would help: another state, another office."""
        return any(r.code in BARRING for r in self.refusals)

    @property
    def waivable(self) -> list[tuple[str, str, str]]:
        """(name, sentence, what was typed) of the gates of policy that the lead may set aside here."""
        if reader().office is not Office.LEAD:
            return []
        policy = self.workflow.policy_sentences
        codes = [r.code for r in self.refusals if r.basis == POLICY and r.code in policy]
        said = [n.removeprefix(WAIVE) for n in self.typed if n.startswith(WAIVE) and self.typed[n].strip()]
        shown = dict.fromkeys(c for c in (*codes, *said) if c in policy)
        return [(WAIVE + code, policy[code], self.typed.get(WAIVE + code, "")) for code in shown]

    def look_ahead(self) -> None:
        """Before anything is filled in: what already stands against it."""
        mine = self._options()
        if self.machine is None:
            phase = self.workflow.phase_of(self.case)
            sentence = f"案件现在处于“{phase.label if phase else ''}”，不能办理“{self.kind.label}”"
            self.refusals = (Refusal("phase", sentence),)
        elif mine and not any(o.allowed for o in mine):
            self.refusals = tuple(dict.fromkeys(r for o in mine for r in o.refusals))

    def _options(self) -> list[Option]:
        """The step for each thing chosen; also for one whose state has no such step any more, to say so."""
        wanted: set[str | None] = {*self.chosen} or {None}
        mine = {o.key: o for o in self.asked.options if o.key in wanted and o.command is self.kind}
        today, office = door().today(), reader().office
        lost = (available(self.workflow, self.case, office, today, on=k) for k in self.chosen if k not in mine)
        return [*mine.values(), *(o for found in lost for o in found.options if o.command is self.kind)]

    def renew(self) -> None:
        """Go on from how things stand now, what was typed kept."""
        self.case = door().case(self.case.id)
        for name in [n for n in self.typed if n.startswith(SEEN)]:
            del self.typed[name]
        for name in ("asked", "machine", "sheet", "chosen"):
            self.__dict__.pop(name, None)
        if self.is_of_phase:
            self.typed.setlist(ON, [self.case.phase])


def open_step(case: Case, command: str, typed: Typed) -> Step:
    """A step of the case's workflow; 404 where there is none of this name."""
    workflow = door().catalogue.in_force(case.rules)
    kind = workflow.commands.get(command)
    if kind is None or kind is workflow.opening:
        abort(404)
    step = Step(case=case, workflow=workflow, kind=kind, typed=MultiDict(typed))
    if step.machine and not step.is_of_phase and any(machine_of(key) != step._name for key in step.chosen):
        abort(404)
    return step


# -- what there is to choose from


def known(step: Step) -> Known:
    """Things, people and codes of the case, in words."""
    case, teller = step.case, step.asked.teller

    def things(spec: FieldSpec) -> list[Choice]:
        return [(key, reading.thing(case, teller, key)) for key in case.of(spec.machine)]

    def codes(spec: FieldSpec) -> list[Choice]:
        return _codes(step, spec)

    people = {id: name for id, name in teller.names.items() if id in step_people(case, teller.names)}
    return Known(things=things, codes=codes, people=tuple(people.items()), presets=_presets(step))


def step_people(case: Case, names: Any) -> set[str]:
    """Ids of the people a case names: neither keys of instances nor codes of roles nor organisations."""
    roles = {role.code for role in door().catalogue.roles}
    return {id for id in names if "/" not in id and id not in roles and id != case.facts.organisation}


def _codes(step: Step, spec: FieldSpec) -> list[Choice]:
    """What is meant by a code: a track, a role, an organisation, the text that is signed."""
    match spec.name:
        case "track":
            return [(t.code, t.label) for t in step.workflow.tracks]
        case "role":
            return [(r.code, r.label) for r in door().catalogue.roles]
        case "organisation":
            with door().store.read() as unit:
                return [(o.id, o.name) for o in unit.register.organisations()]
    return list(step.case.facts.codes(spec.name, step.chosen))


def _presets(step: Step) -> dict[str, str]:
    """Whom a thing is about is whom the step will be about."""
    party = step.case.facts.with_party(step.chosen[0]) if step.chosen else None
    return {"party": party} if party else {}


# -- what it would write


def told_ahead(step: Step, preview: Preview, people: Sequence[Person]) -> list[tuple[Line, Told]]:
    """The lines of a preview in words."""
    assert preview.case is not None
    entered = {person.id: person.name for person in people}
    teller = reading.teller(door(), preview.case, reader().office, preview.lines, entered)
    teller = replace(teller, words={**teller.words, **preview.words})
    return [(line, teller.line(line)) for line in preview.lines]


def told_since(step: Step, since: Sequence[Line]) -> list[tuple[Line, Told]]:
    """What others have done meanwhile, in words."""
    teller = reading.teller(door(), step.case, reader().office)
    return [(line, teller.line(line)) for line in since]
