"""All steps of a case by what they are given on: what can be done, by whom, and why the rest cannot be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mediation_engine.decisions.closing import Need
from mediation_engine.decisions.options import Option
from mediation_engine.domain.machine import Machine
from mediation_engine.domain.roles import Office

from .case_options import Asking
from .next_offers import leading
from .refusal_reasons import Reason, Way, address, named, reasons

ONE_BY_ONE = 4
"""So many things of a kind have a link each, beside the one for all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A step that cannot be taken."""

    label: str
    about: str
    reasons: tuple[Reason, ...]
    waiver: Way | None = None
    """Where the lead can set aside all that is in the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The steps of the phase, or of one kind of part."""

    label: str
    standing: str = ""
    ways: tuple[Way, ...] = ()
    giving_up: tuple[Way, ...] = ()
    """Ways that end something short of its aim."""
    others: tuple[str, ...] = ()
    """What another office can do: 室主任：受理、转办."""
    blocked: tuple[Blocked, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.ways or self.giving_up or self.others or self.blocked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """All of them."""

    phase: Group | None = None
    waiting: tuple[Group, ...] = ()
    """Parts that are open."""
    new: tuple[Group, ...] = ()
    """Parts that can be begun."""
    settled: tuple[Group, ...] = ()
    """Parts at rest that can be moved all the same."""


def step_groups(asked: Asking) -> Groups:
    """For the reader; the few that are left to whoever has stepped back."""
    open_now = set(asked.workflow.open_parts(asked.case))
    options = [o for o in asked.options if o.allowed or not asked.view.stepped_back]
    old = [o for o in options if o.key and o.key != asked.case.phase]
    return Groups(
        phase=None if asked.view.stepped_back else _phase(asked),
        waiting=_parts(asked, [o for o in old if o.key in open_now]),
        settled=_parts(asked, [o for o in old if o.key not in open_now]),
        new=_parts(asked, [o for o in options if o.key is None]),
    )


def _phase(asked: Asking) -> Group | None:
    machine = asked.workflow.phase_of(asked.case)
    options = [o for o in asked.options if o.key == asked.case.phase]
    return _group(asked, machine, options, machine.label_of(asked.case.state(asked.case.phase))) if machine else None


def _parts(asked: Asking, options: Sequence[Option]) -> tuple[Group, ...]:
    """A group for each kind of part, in order; those of which nothing is to be said left out."""
    groups = (
        _group(asked, machine, own, _states(asked, machine, own))
        for machine in asked.workflow.parts
        if (own := [o for o in options if o.machine is machine])
    )
    return tuple(g for g in groups if not g.is_empty)


def _states(asked: Asking, machine: Machine, options: Iterable[Option]) -> str:
    """待确认 2 项，已确认 1 项."""
    keys = dict.fromkeys(o.key for o in options if o.key)
    states = [machine.label_of(asked.case.state(k)) for k in keys]
    return "，".join(f"{state} {states.count(state)} 项" for state in dict.fromkeys(states))


def _group(asked: Asking, machine: Machine, options: Sequence[Option], standing: str) -> Group:
    by_command: dict[str, list[Option]] = {}
    for option in options:
        by_command.setdefault(option.command.name(), []).append(option)
    ways = [(own[0].command.gives_up, w) for own in by_command.values() for w in ways_of(asked, own)]
    blocked = [b for own in by_command.values() for b in blocked_of(asked, [o for o in own if not o.allowed])]
    return Group(
        label=machine.label,
        standing=standing,
        ways=tuple(way for gives_up, way in ways if not gives_up),
        giving_up=tuple(way for gives_up, way in ways if gives_up),
        others=tuple(others_of(asked, [o for o in options if not o.allowed])),
        blocked=tuple(blocked),
    )


def ways_of(asked: Asking, options: Sequence[Option], *, apart: bool = True) -> Iterable[Way]:
    """One link for each thing that allows it where they are few, and one for all of them."""
    options = [o for o in options if o.allowed]
    keys = [o.key for o in options if o.key and o.key != asked.case.phase]
    if not options:
        return
    label, case_id = options[0].command.label, asked.case.id
    new = next((o for o in options if o.key is None), None)
    if new and keys and set(keys).isdisjoint(asked.workflow.open_parts(asked.case)):
        yield Way(label=label, address=address(case_id, new), about="新的一次")
    if len(keys) <= 1:
        yield Way(label=label, address=address(case_id, options[0], keys), about=_named(asked, keys))
        return
    single, each = options[0].command.single, options[0].command.one_by_one
    if not single and not each:
        about = "可以一起办，也可以只选几项"
        yield Way(label=f"{label} {len(keys)} 项", address=address(case_id, options[0], keys), about=about)
    elif each and len(keys) > ONE_BY_ONE:
        yield Way(label=label, address=address(case_id, options[0], keys), about=f"{len(keys)} 项，选一项办")
    for key in keys if single or ((apart or each) and len(keys) <= ONE_BY_ONE) else ():
        yield Way(label=label, address=address(case_id, options[0], [key]), about=_named(asked, [key]))


def _named(asked: Asking, keys: Sequence[str]) -> str:
    """Things by their names; of one alone also what is still to be done with it."""
    left = asked.workflow.unfinished(asked.case, keys[0]) if len(keys) == 1 else ""
    return "，".join(filter(None, (named(asked.case, keys, asked.teller), left)))


def others_of(asked: Asking, refused: Sequence[Option]) -> Iterable[str]:
    """Steps refused for the office alone that another office can take."""
    barred = {(o.command, o.key) for o in refused if any(r.code == "office" for r in o.refusals)}
    for office, options in asked.allowed.items():
        labels = dict.fromkeys(o.command.label for o in options if (o.command, o.key) in barred)
        if labels and office is not asked.office:
            yield f"{office.label}可以办理：{'、'.join(labels)}"


def blocked_of(asked: Asking, refused: Sequence[Option]) -> Iterable[Blocked]:
    """What is refused for the same reasons is told once; what another office can do now is told elsewhere."""
    elsewhere = {(o.command, o.key) for options in asked.allowed.values() for o in options}
    merged: dict[tuple[str, ...], list[Option]] = {}
    for option in refused:
        if (option.command, option.key) not in elsewhere:
            why = asked.why_not(option)
            merged.setdefault(tuple(r.sentence + str(r.about) for r in why.refusals), []).append(why)
    for own in merged.values():
        keys = [o.key for o in own if o.key and o.key != asked.case.phase]
        told = reasons(asked.case, own[0].refusals, asked.teller, asked.office, asked.allowed)
        yield Blocked(
            label=own[0].command.label,
            about=named(asked.case, keys, asked.teller),
            reasons=tuple(told),
            waiver=_waiver(asked, own[0], keys),
        )


def _waiver(asked: Asking, option: Option, keys: Sequence[str]) -> Way | None:
    """The step itself, where only rules of ours stand in its way and the reader may set them aside."""
    policy = asked.workflow.policy_sentences
    if asked.office is not Office.LEAD or not all(r.code in policy for r in option.refusals):
        return None
    return Way(label="写明理由变通办理", address=address(asked.case.id, option, keys))


def leading_ways(asked: Asking, alike: Sequence[Need]) -> Iterable[Way]:
    """Where the next steps of needs that are alike are given."""
    for options in leading(asked.case, alike, asked.allowed.get(asked.office, ())):
        yield from ways_of(asked, options, apart=False)
