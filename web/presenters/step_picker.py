"""Any step of a case's workflow, found by its name, by other words for it, by pinyin or its first letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mediation_engine.decisions.decide import judge
from mediation_engine.domain.case import Situation
from mediation_engine.domain.command import Command
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.roles import MEDIATOR, Office

from .case_options import Asking
from .refusal_reasons import Address, Reason, Way
from .spoken import place_of, plain
from .step_groups import Blocked, blocked_of, others_of, ways_of

LONGEST = 40
"""So many characters of what is typed count."""
MOST_FOUND = 10
WHOLES, OF_THINGS, OF_HELP = 3, 6, 7
"""A whole name comes before a part of one; then what it can be done on, and what it is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A step, and what can be done with it now."""

    step: str
    """Name of the command."""
    label: str
    kind: str
    """What it is given on: the phase, or a kind of part."""
    help: str
    also_called: tuple[str, ...]
    ways: tuple[Way, ...] = ()
    """Where it can be done now."""
    others: tuple[str, ...] = ()
    """What another office can do."""
    blocked: tuple[Blocked, ...] = ()
    """Why not."""

    @property
    def is_able(self) -> bool:
        return bool(self.ways)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """All steps of the workflow that somebody of the staff may give."""

    picks: tuple[Pick, ...]


def picker(asked: Asking) -> Picker:
    """All steps, for the reader; of who has stepped back those that are left."""
    found = [_pick(asked, machine, command) for machine, command in _staffed(asked)]
    return Picker(picks=tuple(it for it in found if it.is_able or not asked.view.stepped_back))


def _staffed(asked: Asking) -> Iterator[tuple[Machine, type[Command]]]:
    """Each step with its machine, once; those of the phase of the case before those of other phases."""
    workflow, seen = asked.workflow, set[type[Command]]()
    now = workflow.phase_of(asked.case)
    phases = sorted(workflow.phases, key=lambda machine: machine is not now)
    for machine in (*phases, *workflow.parts):
        for row in (row for row in machine.rows if isinstance(row, T)):
            if MEDIATOR & set(row.by) and row.command not in seen.union(workflow.openings):
                seen.add(row.command)
                yield machine, row.command


def _pick(asked: Asking, machine: Machine, command: type[Command]) -> Pick:
    options = [o for o in asked.options if o.command is command]
    refused = [o for o in options if not o.allowed]
    given = asked.workflow.guidance.also_called.get(command.name(), ())
    pick = Pick(step=command.name(), label=command.label, kind=machine.label, help=command.help, also_called=given)
    if not options:
        return replace(pick, blocked=(_nowhere(asked, machine, command),))
    return replace(
        pick,
        ways=tuple(ways_of(asked, options)),
        others=tuple(others_of(asked, refused)),
        blocked=tuple(blocked_of(asked, refused)),
    )


def _nowhere(asked: Asking, machine: Machine, command: type[Command]) -> Blocked:
    """A step for which there is nothing in the case now: another phase, nothing of the kind, or not in that state."""
    situation = Situation(case=asked.case, key=None, given=None, today=asked.view.today)
    judged = judge(asked.workflow, command, situation, Office.LEAD, ask=asked.ask)
    sentence = next((r.sentence for r in judged.barred if r.code == "phase"), "") or _none_in_state(machine, command)
    return Blocked(label=command.label, about="", reasons=(Reason(code="state", sentence=sentence, basis=""),))


def _none_in_state(machine: Machine, command: type[Command]) -> str:
    """本案现在没有“有异议”的付款."""
    states = "”“".join(machine.label_of(s) for s, c in machine.commanded if c is command and s is not None)
    return f"本案现在没有“{states}”的{machine.label}"


# -- what is looked for


def found(picker: Picker, query: str) -> list[Pick]:
    """The steps that what is typed may mean, the likeliest first; what can be done now before what cannot."""
    words = [word for word in map(plain, query[:LONGEST].split()) if word]
    ranked = [(rank, pick) for pick in picker.picks if words and (rank := _rank(pick, words)) is not None]
    ranked.sort(key=lambda it: (it[0], not it[1].is_able, len(it[1].label)))
    return [_narrowed(pick, words) for _, pick in ranked[:MOST_FOUND]]


Rank = tuple[int, int, int]
"""In what it was found; how far from its beginning; how much of it was not asked for."""


def only_way(picks: Sequence[Pick], query: str) -> Address | None:
    """Where the step is given whose whole name is typed, if it is the only one found and there is one way to it."""
    addresses = [way.address for pick in picks for way in pick.ways if not way.waives]
    is_named = len(picks) == 1 and picks[0].label == query and not picks[0].blocked
    return addresses[0] if is_named and len(addresses) == 1 and not addresses[0].visit else None


def _rank(pick: Pick, words: Sequence[str]) -> Rank | None:
    """How well a step answers to all words; None where it does not."""
    whole = _in_words(pick, "".join(words))
    if whole is not None:
        return whole
    ranks = [_in_words(pick, word) or _in_things(pick, word) for word in words]
    return None if None in ranks else max(rank for rank in ranks if rank is not None)


def _in_words(pick: Pick, word: str) -> Rank | None:
    """In its label, in another name for it, in what it is for; help is met by characters alone."""
    ranks = []
    for number, several in enumerate(((pick.label,), pick.also_called, (pick.kind,))):
        for begin, outside in (place for it in several if (place := place_of(word, plain(it))) is not None):
            ranks.append((number if not outside else WHOLES + number, begin, outside))
    at = plain(pick.help).find(word) if not word.isascii() else -1
    return min(ranks, default=(OF_HELP, at, 0) if at >= 0 else None)


def _in_things(pick: Pick, word: str) -> Rank | None:
    """In what it can be done on now."""
    is_there = any(place_of(word, plain(way.about)) is not None for way in pick.ways)
    return (OF_THINGS, 0, 0) if is_there else None


def _narrowed(pick: Pick, words: Sequence[str]) -> Pick:
    """A step on the things that are named alone, where some are."""
    named = [word for word in words if _in_words(pick, word) is None]
    kept = tuple(way for way in pick.ways if all(place_of(word, plain(way.about)) is not None for word in named))
    return replace(pick, ways=kept) if named and kept else pick
