"""下一步: what can be done in a case, by whom, and why the rest cannot be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mediation_engine.available import Option, available
from mediation_engine.domain.case import Case
from mediation_engine.domain.machine import Machine
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import RulesNotInForce, UnknownWorkflow
from mediation_engine.missing import Need, missing
from mediation_engine.telling import Teller

from . import reading
from .here import door, reader
from .mending import Allowed, Reason, Way, address, named, reasons

ACTING = (Office.MEDIATOR, Office.LEAD)
ONE_BY_ONE = 4
"""So many things of a kind have a link each, beside the one for all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A step that cannot be taken."""

    label: str
    about: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The steps of the phase, or of one kind of part."""

    label: str
    standing: str = ""
    ways: tuple[Way, ...] = ()
    others: tuple[str, ...] = ()
    """What another office can do: 室主任：受理、转办."""
    blocked: tuple[Blocked, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.ways or self.others or self.blocked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """All of the panel."""

    phase: Group | None = None
    waiting: tuple[Group, ...] = ()
    """Parts that are open."""
    new: tuple[Group, ...] = ()
    """Parts that can be begun."""
    settled: tuple[Group, ...] = ()
    """Parts at rest that can be moved all the same."""
    why_not: str = ""
    """Why nothing at all can be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A case being asked what can be done with it."""

    case: Case
    workflow: Workflow
    teller: Teller
    office: Office
    allowed: Allowed
    options: Sequence[Option]


def asking(case: Case, teller: Teller | None = None) -> Asking:
    """Ask for the reader. UnknownWorkflow, RulesNotInForce."""
    workflow, today, office = door().catalogue.in_force(case.rules), door().today(), reader().office
    found = {o: available(workflow, case, o, today, every=True).options for o in (*ACTING, office)}
    return Asking(
        case=case,
        workflow=workflow,
        teller=teller or reading.teller(door(), case, office),
        office=office,
        allowed={o: [x for x in options if x.allowed] for o, options in found.items()},
        options=found[office],
    )


def next_steps(case: Case) -> Next:
    """The panel, for the reader."""
    try:
        asked = asking(case)
    except (UnknownWorkflow, RulesNotInForce) as fault:
        return Next(why_not=fault.sentence)
    open_now = set(asked.workflow.open_parts(case))
    old = [o for o in asked.options if o.key and o.key != case.phase]
    return Next(
        phase=_phase(asked),
        waiting=_parts(asked, [o for o in old if o.key in open_now]),
        settled=_parts(asked, [o for o in old if o.key not in open_now]),
        new=_parts(asked, [o for o in asked.options if o.key is None]),
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
    ways = [way for own in by_command.values() for way in _ways(asked, [o for o in own if o.allowed])]
    blocked = [b for own in by_command.values() for b in _blocked(asked, [o for o in own if not o.allowed])]
    return Group(
        label=machine.label,
        standing=standing,
        ways=tuple(ways),
        others=tuple(_others(asked, [o for o in options if not o.allowed])),
        blocked=tuple(blocked),
    )


def _ways(asked: Asking, options: Sequence[Option]) -> Iterable[Way]:
    """One link for each thing where they are few, and one for all of them."""
    keys = [o.key for o in options if o.key and o.key != asked.case.phase]
    if not options:
        return
    label, case_id = options[0].command.label, asked.case.id
    if len(keys) <= 1:
        yield Way(label=label, address=address(case_id, options[0], keys), about=named(keys, asked.teller))
        return
    yield Way(
        label=f"{label} {len(keys)} 项", address=address(case_id, options[0], keys), about="可以一起办，也可以只选几项"
    )
    for key in keys if len(keys) <= ONE_BY_ONE else ():
        yield Way(label=label, address=address(case_id, options[0], [key]), about=asked.teller.thing(key))


def _others(asked: Asking, refused: Sequence[Option]) -> Iterable[str]:
    """Steps refused for the office alone that another office can take."""
    barred = {(o.command, o.key) for o in refused if any(r.code == "office" for r in o.refusals)}
    for office, options in asked.allowed.items():
        labels = dict.fromkeys(o.command.label for o in options if (o.command, o.key) in barred)
        if labels and office is not asked.office:
            yield f"{office.label}可以办理：{'、'.join(labels)}"


def _blocked(asked: Asking, refused: Sequence[Option]) -> Iterable[Blocked]:
    """What is refused for the same reasons is told once; what another office can do now is told elsewhere."""
    elsewhere = {(o.command, o.key) for options in asked.allowed.values() for o in options}
    merged: dict[tuple[str, ...], list[Option]] = {}
    for option in refused:
        if (option.command, option.key) not in elsewhere:
            merged.setdefault(tuple(r.sentence + str(r.about) for r in option.refusals), []).append(option)
    for own in merged.values():
        keys = [o.key for o in own if o.key and o.key != asked.case.phase]
        told = reasons(asked.case.id, own[0].refusals, asked.teller, asked.office, asked.allowed)
        yield Blocked(label=own[0].command.label, about=named(keys, asked.teller), reasons=tuple(told))


# -- 离结案还差什么


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """One thing that is not done yet, in words."""

    thing: str
    state: str
    path: tuple[str, ...]
    instead: str
    by: str
    ways: tuple[Way, ...]
    reasons: tuple[Reason, ...]


def lacking(case: Case) -> list[Lacking]:
    """What stands between a case and its closing. UnknownWorkflow, RulesNotInForce."""
    asked = asking(case)
    return [_lacking(asked, need) for need in missing(asked.workflow, case, door().today())]


def _lacking(asked: Asking, need: Need) -> Lacking:
    options = [o for o in asked.allowed.get(asked.office, ()) if o.key == need.key]
    next_up = [o for o in options if o.command.label in (*need.path[:1], *need.instead)]
    keys = [] if need.key == asked.case.phase else [need.key]
    return Lacking(
        thing=asked.teller.thing(need.key),
        state=asked.teller.state(need.key, asked.case.state(need.key)),
        path=tuple(step.removeprefix("⤷") for step in need.path),
        instead="、".join(step.removeprefix("⤷") for step in need.instead),
        by="、".join(o.label for o in need.by),
        ways=tuple(Way(label=o.command.label, address=address(asked.case.id, o, keys)) for o in next_up),
        reasons=tuple(reasons(asked.case.id, need.refusals, asked.teller, asked.office, asked.allowed)),
    )
