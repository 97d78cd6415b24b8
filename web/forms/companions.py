"""一起办: the steps that happen at the sitting of another, on its form; each becomes an order of its own.

A companion is a step with a form of its own, whose controls stand on the form of the other under names that begin with
its place. What is carried there says what it may be given on: sent again, the form makes the same orders again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from mediation_engine.domain.command import Command
from mediation_engine.domain.companion import Companion, Sitting
from mediation_engine.domain.fields import fields_of
from mediation_engine.domain.guard import Refusal
from mediation_engine.domain.order import ABSENT, Order
from mediation_engine.errors import FormFaults
from mediation_engine.input.new_people import Newcomers, bytes_from
from mediation_engine.ports.register import Person

from ..presenters import naming
from ..presenters.refusal_reasons import Reason, reasons
from .checkboxes import FIND
from .command_form import ID, PREFIX, Typed, usual
from .form_fields import Asked, Run, runs_of
from .step_form import ON, SEEN, Step, step_of

TOGETHER, THERE = "together", "together.there"
"""What a form calls the companions that are ticked, and those that stand on it."""
ROOT = f"{TOGETHER}."
LONGEST_ID = 40
"""So much of a form's id goes into those of its companions' orders."""
TYPED = ("text", "person", "day", "time")
"""Kinds of fields that one types into."""
UNTICKED = "这里填了内容，但没有打勾：要一起办的请打勾，不办的请清空"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A companion on the form of a step."""

    companion: Companion
    step: Step
    """It, as its own form would have it."""
    keys: tuple[str, ...]
    """What it may be given on; nothing for something new."""
    is_ticked: bool
    refusals: Sequence[Refusal] = ()
    faults: tuple[str, ...] = ()
    """What is wrong with it beside its fields."""

    @property
    def code(self) -> str:
        return self.companion.command.name()

    @property
    def place(self) -> str:
        """How the names of its controls begin."""
        return f"{ROOT}{self.code}."

    @property
    def names(self) -> list[str]:
        """What it is still to be given on, in words, where that is there already and there are several kinds of it."""
        case, teller = self.step.case, self.step.asked.teller
        left = {*self.companion.about(sitting_of(self.step))} & {*case.facts.people()}
        return [naming.thing(case, teller, key) for key in self.keys if key in left]

    @property
    def fields(self) -> list[Asked]:
        """What is asked for: what is declared, what is filled in otherwise than is usual, what is wrong."""
        asked = self._declared
        return [
            _placed(a, self.place)
            for a in self.step.sheet.asked
            if a.spec.name in asked or a.is_wrong or (a.spec.name == "hints" and a.rows)
        ]

    @property
    def _declared(self) -> tuple[str, ...]:
        return self.companion.asks(sitting_of(self.step))

    @property
    def runs(self) -> list[Run]:
        return runs_of(self.fields)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the form says of it without asking."""
        shown = {a.name for a in self.fields}
        typed = ((f"{self.place}{name}", value) for name, value in self.step.typed.items(multi=True))
        kept = (pair for pair in typed if pair[0].startswith(self.place + PREFIX) and not _is_of(pair[0], shown))
        seen = [(f"{self.place}{SEEN}{key}", self._seen(key)) for key in self._watched]
        return [(THERE, self.code), *((f"{self.place}{ON}", key) for key in self.keys), *seen, *kept]

    def _seen(self, key: str) -> str:
        there = self.step.case.instances.get(key)
        return self.step.typed.get(SEEN + key) or str(there.seen if there else ABSENT)

    @property
    def _watched(self) -> tuple[str, ...]:
        """What it may be given on; of something new the key that was to come as the form was opened."""
        case, command = self.step.case, self.companion.command
        machine = self.step.asked.workflow.machine_for(command, case)
        if self.keys or machine is None:
            return self.keys
        place = f"{SEEN}{machine.name}/"
        known = tuple(name.removeprefix(SEEN) for name in self.step.typed if name.startswith(place))
        return known or (sitting_of(self.step).next_of(machine.name),)

    @property
    def versions(self) -> dict[str, int]:
        """The version of each thing that is not to have moved since the form was opened."""
        seen = {key: self._seen(key) for key in self._watched}
        return {k: int(v) if v.isascii() and v.isdecimal() and len(v) < 10 else ABSENT for k, v in seen.items()}

    @property
    def is_open(self) -> bool:
        """Whether its fields are shown though it is not ticked: something is wrong there."""
        return bool(self.faults or self.refusals or any(a.is_wrong for a in self.fields))

    @property
    def is_filled_in(self) -> bool:
        """Whether something was filled in that it did not begin with."""
        asked, known = self._declared, self.step.sheet.known
        mine = (a for a in self.step.sheet.fields if a.spec.name in asked)
        return any(a.told and a.spec.kind in TYPED and not usual(a.spec, known) for a in mine)

    @property
    def against(self) -> list[Reason]:
        """Why it cannot be given."""
        asked = self.step.asked
        return reasons(asked.case, self.refusals, asked.teller, asked.office, asked.allowed)

    def summary(self) -> Iterator[tuple[str, str, str]]:
        """(id, label, sentence) of all that is wrong with it."""
        for sentence in self.faults:
            yield self.place.removesuffix("."), self.companion.words, sentence
        for name, label, sentence in self.step.sheet.summary():
            yield self.place + name, f"{self.companion.command.label}：{label}", sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a form with its companions comes to, sound."""

    orders: tuple[Order, ...]
    people: tuple[Person, ...]
    by: tuple[Step, ...] = field(default=())
    """Whose each order is."""


def sitting_of(step: Step, given: Command | None = None, actor: str = "") -> Sitting:
    """What the form of a step says of a sitting, as far as it can be read."""
    if given is None:
        try:
            given = step.sheet.read(lambda _: "").completed(step.case)
        except FormFaults:
            given = None
    view = step.asked.view
    return Sitting(
        case=step.case, on=step.targets.chosen, given=given, today=view.today, actor=actor or view.access.by or ""
    )


def companions_of(step: Step, refused: Mapping[str, Sequence[Refusal]] | None = None) -> list[Beside]:
    """What goes together with a step: what stands on its form, else what could be given and is still to be done."""
    declared = step.asked.workflow.guidance.companions.get(step.kind.name(), ())
    declared = tuple(it for it in declared if it.command in step.asked.workflow.commands.values())
    there = step.typed.getlist(THERE)
    found = (_there(step, it) if it.command.name() in there else _begun(step, it) for it in declared)
    return [replace(it, refusals=(refused or {}).get(it.code, ())) for it in found if it is not None]


def _there(step: Step, companion: Companion) -> Beside:
    """As it was filled in."""
    code = companion.command.name()
    place = f"{ROOT}{code}."
    typed = _taken(step.typed, place)
    keys = tuple(dict.fromkeys(typed.getlist(ON)))
    faults = {name.removeprefix(place): said for name, said in step.faults.items() if name.startswith(place)}
    own = step_of(step.asked, companion.command, typed).wrong(faults)
    beside = tuple(step.faults.get(f"{ROOT}{code}", ()))
    return Beside(
        companion=companion, step=own, keys=keys, is_ticked=code in step.typed.getlist(TOGETHER), faults=beside
    )


def _begun(step: Step, companion: Companion) -> Beside | None:
    """As it begins; None where it could not be given, or nothing is left to do, or not all of the case is told."""
    if step.asked.view.access.apart:
        return None
    sitting = sitting_of(step)
    about = [key for key in companion.about(sitting) if _is_possible(step, companion.command, key)]
    if not about:
        return None
    keys = tuple(key for key in about if key is not None)
    typed: Typed = MultiDict([(ON, key) for key in keys])
    for name, value in companion.begins(sitting).items():
        typed.setlist(PREFIX + name, [value] if isinstance(value, str) else list(value))
    asked = companion.asks(sitting)
    for spec in fields_of(companion.command):
        if spec.row is not None and spec.name not in asked:
            typed[PREFIX + spec.name] = "0"
    own = step_of(step.asked, companion.command, typed)
    own = replace(own, sheet=own.sheet.begun())
    return Beside(companion=companion, step=own, keys=keys, is_ticked=companion.ticked(sitting))


def _is_possible(step: Step, command: type[Command], key: str | None) -> bool:
    """Whether it could be given, at least once the step is; of what is not there yet only that tells."""
    if key is not None and key not in step.case.instances:
        return True
    opens = step.asked.workflow.guidance.opens
    options = [o for o in step.asked.options_of(command) if o.key == key]
    return any(all(step.kind in opens.get(r.code, ()) for r in o.refusals) for o in options)


# -- what is ordered


def given_of(step: Step, order: Order | None, people: Sequence[Person], actor: str) -> Given:
    """The order of a step with those of its companions; FormFaults with every sentence under the name of its control.

    Without an order, which could not be read, only what is wrong is found.
    """
    sitting = sitting_of(step, order.command if order else None, actor)
    wrong = dict[str, list[str]]()
    orders, all_people, by, expects = list[Order](), [*people], [step], dict[str, int]()
    for it in companions_of(step):
        if not it.is_ticked:
            if it.is_filled_in:
                wrong[it.place.removesuffix(".")] = [UNTICKED]
            continue
        try:
            made, newcomers = _order_of(it, sitting, order, step.typed.get(ID, ""))
        except FormFaults as fault:
            wrong |= fault.faults
            continue
        if made is not None:
            orders.append(made)
            by.append(it.step)
            all_people += newcomers
            expects |= {key: seen for key, seen in it.versions.items() if key in made.on or not made.on}
    if wrong or order is None:
        raise FormFaults(wrong)
    first = replace(order, expects={**expects, **order.expects})
    return Given(orders=(first, *orders), people=tuple(all_people), by=tuple(by))


def _order_of(it: Beside, sitting: Sitting, main: Order | None, id: str) -> tuple[Order | None, list[Person]]:
    """The order of a companion; None where that of its step is not known. FormFaults."""
    on = tuple(key for key in it.keys if main is None or it.companion.concerns(sitting, key))
    if it.keys and not on:
        raise FormFaults({it.place.removesuffix("."): [it.companion.nobody or "请去掉这一项的勾"]})
    typed = MultiDict(it.step.typed)
    for name, value in it.companion.follows(sitting).items():
        typed.setlist(PREFIX + name, [value] if isinstance(value, str) else list(value))
    newcomers = Newcomers(bytes_from(it.step.case.id, _id_of(id, it.companion)))
    try:
        command: Any = it.step.sheet.with_typed(typed).read(newcomers.enter_once).completed(it.step.case)
    except FormFaults as fault:
        raise FormFaults({it.place + name: said for name, said in fault.faults.items()}) from fault
    if main is None:
        return None, []
    return _beside(main, it.companion, command, on), newcomers.of_kind(command)


def alongside(main: Order, companion: Companion, sitting: Sitting) -> Order:
    """The order of a companion that asks nothing."""
    command: Any = companion.command()
    return _beside(main, companion, command, tuple(key for key in companion.about(sitting) if key))


def _beside(main: Order, companion: Companion, command: Command, on: tuple[str, ...]) -> Order:
    return Order(
        id=_id_of(main.id, companion),
        case=main.case,
        command=command,
        actor=main.actor,
        office=main.office,
        on=on,
        occurred=main.occurred if companion.at_once else None,
    )


def _id_of(form: str, companion: Companion) -> str:
    """The id of a companion's order, by that of the form: sent again, it is the same."""
    return f"{form[:LONGEST_ID]}.{companion.command.name()}"[:64]


# -- filled in otherwise


def is_of_companion(place: str) -> bool:
    """Whether a part of the form belongs to a companion."""
    return place.startswith(ROOT)


def changed(step: Step, wanted: str, place: str) -> Step:
    """The form of a step with one more row, or other ticks, in a companion."""
    it = next((it for it in companions_of(step) if place.startswith(it.place)), None)
    if it is None:
        return step
    inner = place.removeprefix(it.place)
    own = it.step.with_row(inner) if wanted == "more" else it.step.with_picked(inner, every=wanted == "all")
    return _with(step, it, own.typed)


def asked_of(step: Step, code: str, refusals: Sequence[Refusal]) -> Step:
    """The form of a step whose companion is refused, with a row for each hint that is to be answered."""
    it = next((it for it in companions_of(step) if it.code == code), None)
    if it is None:
        return step
    own = it.step.asked_of(refusals)
    at = {it.place + name: said for name, said in own.faults.items()}
    return _with(step, it, own.typed).wrong({**step.faults, **at})


def forgotten(step: Step) -> Step:
    """The form of a step whose companions are given on things as they stand now."""
    typed = MultiDict((n, v) for n, v in step.typed.items(multi=True) if not (n.startswith(ROOT) and f".{SEEN}" in n))
    return replace(step, sheet=step.sheet.with_typed(typed))


def _with(step: Step, it: Beside, own: Typed) -> Step:
    others = [(n, v) for n, v in step.typed.items(multi=True) if not _belongs(n, it.place)]
    mine = [(_name(it.place, n), v) for n, v in own.items(multi=True)]
    return replace(step, sheet=step.sheet.with_typed(MultiDict([*others, *mine])))


def _taken(typed: Typed, place: str) -> Typed:
    """What was typed in a companion, by the names of its own form."""
    own = ((n, v) for n, v in typed.items(multi=True) if _belongs(n, place))
    return MultiDict((n.replace(place, "", 1), v) for n, v in own)


def _belongs(name: str, place: str) -> bool:
    return name.startswith((place, FIND + place))


def _name(place: str, name: str) -> str:
    return f"{FIND}{place}{name.removeprefix(FIND)}" if name.startswith(FIND) else f"{place}{name}"


def _is_of(name: str, shown: set[str]) -> bool:
    """Whether a control stands on the page with one of the fields shown."""
    return any(name == it or name.startswith(f"{it}.") for it in shown)


def _placed(a: Asked, place: str) -> Asked:
    """A field under the name that it has on the form of the other step."""
    rows = tuple(tuple(_placed(cell, place) for cell in row) for row in a.rows)
    return replace(a, name=place + a.name, rows=rows)
