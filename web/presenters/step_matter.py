"""What a step is about: what there is already of the things it is given on, and what else could be done with them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from mediation_engine.descriptions.lines import Told
from mediation_engine.domain.case import machine_of
from mediation_engine.domain.command import Command
from mediation_engine.domain.presentation import Card, Wait
from mediation_engine.record.fold import DecodedLine

from . import naming
from .case_details import Casework
from .case_options import Asking
from .refusal_reasons import Way, step_for

MOST_MATTERS = 5
"""Things that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A thing as its card, and what was last written down of it."""

    card: Card
    told: Told | None
    time: str


def about_of(asked: Asking, kind: type[Command], on: Sequence[str]) -> tuple[str, ...]:
    """What a step is about: what it is given on, or what says why."""
    why = (key for wait in _waits(asked, kind, on) for key in wait.about)
    return tuple(dict.fromkeys(why)) or tuple(on)


def matters(asked: Asking, kind: type[Command], on: Sequence[str]) -> list[Matter]:
    """The first few of these."""
    work = Casework(asked.view)
    return [_matter(asked, work, key) for key in about_of(asked, kind, on)[:MOST_MATTERS]]


def alternatives(asked: Asking, kind: type[Command], on: Sequence[str]) -> list[Way]:
    """The other steps by which the reader can take up what waits."""
    allowed = {(o.command.name(), o.key) for o in asked.options if o.allowed}
    found = (
        (wait, name)
        for wait in _waits(asked, kind, on)
        for name in (wait.step, *wait.instead)
        if name != kind.name() and any((name, key) in allowed for key in on)
    )
    commands = asked.workflow.commands
    return [
        Way(
            label=commands[name].label,
            about=commands[name].help,
            address=step_for(asked.case, replace(wait, step=name, keys=tuple(k for k in wait.keys if k in on))),
        )
        for wait, name in found
    ]


def _waits(asked: Asking, kind: type[Command], on: Collection[str]) -> Iterator[Wait]:
    """What waits to be taken up by a step, or by another instead of it, among some things."""
    for wait in asked.workflow.waits(asked.case):
        if kind.name() in (wait.step, *wait.instead) and not set(on).isdisjoint(wait.keys):
            yield wait


def _matter(asked: Asking, work: Casework, key: str) -> Matter:
    """What stands in its card; and its last line, where the card is not made of what was written down."""
    machine = asked.workflow.machines[machine_of(key)]
    title, left = naming.thing(asked.case, asked.teller, key), asked.workflow.unfinished(asked.case, key)
    state = (left or work.state(key), work.tone(key))
    card = machine.shown.card(work, key) if machine.shown.card else None
    facts = card.facts if card else [("", words)] if (words := work.summary(key)) else []
    last = _last(work, key)
    told = asked.teller.line(last) if last else None
    facts = [pair for pair in facts if told is None or pair not in told.details]
    groups = [group for group in card.groups if group.columns] if card else []
    return Matter(
        card=Card(key=key, title=title, tags=[state], facts=facts, file=card.file if card else None, groups=groups),
        told=told,
        time=last.line.occurred.words() if last else "",
    )


def _last(work: Casework, key: str) -> DecodedLine | None:
    """The last that somebody did with a thing."""
    return next((it for it in reversed(work.lines_of(key)) if it.line.command), None)
