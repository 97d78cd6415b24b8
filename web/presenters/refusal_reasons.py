"""Why something cannot be done, and where it is put right, by the steps that can open its gate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mediation_engine.decisions.options import Option
from mediation_engine.descriptions.lines import Teller
from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.command import Command
from mediation_engine.domain.guard import POLICY, Refusal, basis_words
from mediation_engine.domain.presentation import Wait
from mediation_engine.domain.roles import Office

from . import naming
from .visits import RECORDED_ON_SHEET, visit_number


@dataclass(frozen=True, slots=True)
class Address:
    """Where a step is given: the case, the command by name, the things it is given on."""

    case: str
    command: str
    on: tuple[str, ...] = ()
    form: tuple[tuple[str, str], ...] = ()
    """What the form begins with: names of fields, each with a code or an instance."""

    @property
    def fields(self) -> dict[str, list[str]]:
        """What the form begins with, as an address says it."""
        names = dict.fromkeys(name for name, _ in self.form)
        return {f"f.{name}": [value for key, value in self.form if key == name] for name in names}

    @property
    def visit(self) -> str:
        """The number of the visit recorded there, which has a sheet of its own; empty for any other step."""
        is_one = self.command in RECORDED_ON_SHEET and len(self.on) == 1
        return visit_number(self.on[0]) if is_one else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Something that can be done: what it is called, where it is done."""

    label: str
    address: Address
    about: str = ""
    why: str = ""
    """Why now, in a few words."""
    day: date | None = None
    """The day by which it is to be done, or on which it comes about."""
    is_aside: bool = False
    """Whether the case does not wait for it."""
    waives: bool = False
    """Whether only rules of ours stand in its way, which the reader may set aside with a reason."""
    before: tuple[Way, ...] = ()
    """What is done first, so that nothing need be set aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something cannot be done, and how it is put right."""

    code: str
    sentence: str
    basis: str
    about: str = ""
    ways: tuple[Way, ...] = ()
    others: str = ""
    """By whom, where it is not for the reader: 室主任可以办理“恢复调解”."""
    is_policy: bool = False


Allowed = Mapping[Office, Sequence[Option]]
"""What each office can do as things stand."""
MOST_NAMED = 6
MOST_CHOSEN = 60
"""Things that an address names one by one."""


def reasons(case: Case, refusals: Iterable[Refusal], teller: Teller, office: Office, allowed: Allowed) -> list[Reason]:
    """Refusals as a page shows them."""
    return [
        Reason(
            code=r.code,
            sentence=r.sentence,
            basis=basis_words(r.basis),
            about=named(case, r.about, teller),
            ways=tuple(_ways(case, r, _opening(r, teller), allowed.get(office, ()), teller)),
            others=_others(_opening(r, teller), office, allowed),
            is_policy=r.basis == POLICY,
        )
        for r in refusals
    ]


def named(case: Case, keys: Sequence[str], teller: Teller) -> str:
    """Things by their names, or how many where they are many."""
    shown = "、".join(naming.thing(case, teller, k) for k in keys[:MOST_NAMED])
    return shown if len(keys) <= MOST_NAMED else f"{shown}等{len(keys)}项"


def address(case_id: str, option: Option, keys: Sequence[str] = ()) -> Address:
    """Where a command is given, on some things; on all of their kind where they are many."""
    on = tuple(keys) if len(keys) <= MOST_NAMED else (machine_of(keys[0]),)
    return Address(case_id, option.command.name(), on)


def step_for(case: Case, wait: Wait) -> Address:
    """Where what waits is taken up; so many things as an address can name are chosen already."""
    return Address(case.id, wait.step, wait.keys[:MOST_CHOSEN])


def _opening(refusal: Refusal, teller: Teller) -> tuple[type[Command], ...]:
    """The steps that can open a gate."""
    return teller.workflow.guidance.opens.get(refusal.code, ()) if teller.workflow else ()


def _ways(
    case: Case, refusal: Refusal, commands: Iterable[type[Command]], allowed: Sequence[Option], teller: Teller
) -> Iterator[Way]:
    for command in commands:
        mine = [o for o in allowed if o.command is command]
        near = [o for o in mine if o.key in refusal.about] or mine
        keys = [o.key for o in near if o.key]
        if near:
            yield Way(
                label=near[0].command.label, address=address(case.id, near[0], keys), about=named(case, keys, teller)
            )


def _others(commands: Sequence[type[Command]], office: Office, allowed: Allowed) -> str:
    """Who else can put it right, where the reader cannot."""
    if any(o.command in commands for o in allowed.get(office, ())):
        return ""
    for other, options in allowed.items():
        labels = list(dict.fromkeys(o.command.label for o in options if o.command in commands))
        if labels:
            return f"{other.label}可以办理“{'”“'.join(labels)}”"
    return ""
