"""What somebody is offered first in a case: what the workflow says is usual, then what lies on the way to closing.

The case page, the board and the console read the same list, so that they never disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from mediation_engine.decisions.closing import Need
from mediation_engine.decisions.options import Option
from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.guard import Refusal
from mediation_engine.domain.proposal import Proposed, Usual
from mediation_engine.domain.roles import Office

from . import naming
from .case_options import Asking
from .refusal_reasons import Address, Way, address, step_for

MOST_OFFERED = 5
MOST_ALIKE = 2
"""So many offers of one step."""
MOST_NAMED = 3
Options = Sequence[Option]
NOTHING_MORE = Proposed()
"""A step alone: nothing is said of why, on what or by when."""
ELSEWHERE = frozenset({"office", "state", "phase", "other_kind", "stepped_back", "not_own"})
"""Codes of refusals that nothing filled in would answer."""


def offered(asked: Asking, office: Office | None = None) -> Sequence[Way]:
    """What an office is offered, the reader's unless another is named: what can be done now, then what has a day."""
    office = office or asked.office
    if office not in asked.offers:
        asked.offers[office] = _offered(asked, office)
    return asked.offers[office]


def _offered(asked: Asking, office: Office) -> Sequence[Way]:
    if asked.view.stepped_back and office is asked.office:
        return ()
    waits = [*_waits(asked, office)]
    found = [way for way in waits if not way.is_aside]
    found += [*_usual(asked, office), *_onward(asked, office), *(way for way in waits if way.is_aside)]
    found.sort(key=lambda way: way.day if way.day is not None and is_later(asked, way) else date.min)
    return _few(found)


def first_now(asked: Asking, office: Office) -> Way | None:
    """The first of what an office can do today and the case waits for."""
    return next((way for way in offered(asked, office) if not way.is_aside and not is_later(asked, way)), None)


def is_later(asked: Asking, way: Way) -> bool:
    """Whether it waits for a day."""
    return way.day is not None and way.day > asked.view.today


def _few(ways: Iterable[Way]) -> Sequence[Way]:
    """The first of them: nothing twice, few of one step."""
    shown: list[Way] = []
    for way in ways:
        alike = [it for it in shown if it.address.command == way.address.command]
        is_said = any(_is_same(it.address, way.address) for it in alike)
        if not is_said and len(alike) < MOST_ALIKE:
            shown.append(way)
    return _told_apart(shown[:MOST_OFFERED])


def _told_apart(ways: Sequence[Way]) -> Sequence[Way]:
    """Several offers of one step, each with its day."""
    labels = Counter(way.label for way in ways)
    return [
        replace(way, label=f"{way.label}（{way.day.month}月{way.day.day}日）")
        if way.day is not None and labels[way.label] > 1
        else way
        for way in ways
    ]


def _is_same(one: Address, other: Address) -> bool:
    """Whether a step is given on the same thing twice, or once about nothing in particular."""
    if one.on and other.on:
        return not set(one.on).isdisjoint(other.on)
    return not (one.on or one.form) or not (other.on or other.form) or one == other


# -- what waits to be taken up


def _waits(asked: Asking, office: Office) -> Iterator[Way]:
    """What waits to be taken up though it is at rest, as far as an office can."""
    for wait in asked.workflow.waits(asked.case):
        names, commands = (wait.step, *wait.instead), asked.workflow.commands
        options = asked.options_for(office, {commands[name] for name in names})
        allowed = {(o.command.name(), o.key) for o in options if o.allowed}
        for name in (n for n in names if any((n, key) in allowed for key in wait.keys)):
            place = step_for(asked.case, replace(wait, step=name))
            yield Way(label=commands[name].label, address=place, about=wait.what, is_aside=wait.is_idle)


# -- what is usual


def _usual(asked: Asking, office: Office) -> Iterator[Way]:
    """What the workflow proposes, as far as an office may; or what opens the gate that is in the way."""
    case, today = asked.case, asked.view.today
    usual = (row for row in asked.workflow.guidance.next if row.office in (None, office))
    rows = [(row, it) for row in usual for it in _proposed(asked, row, case, today)]
    options = asked.options_for(office, {row.step for row, _ in rows})
    for row, it in rows:
        own = [o for o in options if o.command is row.step and _is_on(case, o, it)]
        ways = [*_ways(asked, [o for o in own if o.allowed], it)]
        barred = [o for o in own if not o.allowed and not any(r.code in ELSEWHERE for r in o.refusals)]
        if barred and len(barred) == len(own):
            ways += _past(asked, office, it, barred)
        yield from (replace(way, is_aside=row.is_aside) for way in ways)


def _proposed(asked: Asking, row: Usual, case: Case, today: date) -> Iterable[Proposed]:
    """What a row proposes; nothing for a workflow that has no such step."""
    return row.when(case, today) if row.step.name() in asked.workflow.commands else ()


def _is_on(case: Case, option: Option, it: Proposed) -> bool:
    return option.key in it.on if it.on else option.key is None or option.key == case.phase


def _ways(asked: Asking, options: Options, it: Proposed = NOTHING_MORE) -> Iterator[Way]:
    """A step on some things: together, or one by one where it is given so."""
    if not options:
        return
    step = options[0].command
    keys = [o.key for o in options if o.key and o.key != asked.case.phase]
    for some in [[key] for key in keys] if (step.single or step.one_by_one) and keys else [keys]:
        count = f" {len(some)} 项" if len(some) > 1 and not step.gives_up else ""
        place = replace(address(asked.case.id, options[0], some), form=it.form)
        yield Way(
            label=f"{step.label}{count}",
            address=place,
            about=_about(asked, it.about or some),
            why=it.why,
            day=it.day,
        )


def _past(asked: Asking, office: Office, it: Proposed, barred: Options) -> Iterator[Way]:
    """A step barred by gates: what opens them; where the reader may set them aside, the step, with that before it."""
    refusals = list(dict.fromkeys(r for o in barred for r in o.refusals))
    opening = [*_opening(asked, office, refusals)]
    policy = asked.workflow.policy_sentences
    if office is Office.LEAD and all(r.code in policy for r in refusals):
        why = "；".join(r.sentence for r in refusals)
        for way in _ways(asked, barred, replace(it, why=why)):
            yield replace(way, waives=True, before=tuple(opening))
    else:
        yield from opening


def _opening(asked: Asking, office: Office, refusals: Iterable[Refusal]) -> Iterator[Way]:
    """For each gate a step that opens it, of those that an office can take."""
    opens = asked.workflow.guidance.opens
    commands = {c for r in refusals for c in opens.get(r.code, ())}
    options = [o for o in asked.options_for(office, commands) if o.allowed] if commands else []
    for refusal in refusals:
        for command in opens.get(refusal.code, ()):
            if mine := [o for o in options if o.command is command]:
                near = [o for o in mine if o.key in refusal.about] or mine
                yield from _ways(asked, near, Proposed(why=refusal.sentence))
                break


def _about(asked: Asking, keys: Sequence[str]) -> str:
    """Things by the party they are about, else by their own name; of one alone what is still to be done with it."""
    called = dict.fromkeys(_called(asked, key) for key in keys)
    words = "、".join([*called][:MOST_NAMED]) + (f"等{len(called)}项" if len(called) > MOST_NAMED else "")
    left = asked.workflow.unfinished(asked.case, keys[0]) if len(keys) == 1 else ""
    return "，".join(filter(None, (words, left)))


def _called(asked: Asking, key: str) -> str:
    party = asked.case.facts.with_party(key) or ""
    return asked.teller.thing(party) if party in asked.teller.names else naming.thing(asked.case, asked.teller, key)


# -- what lies on the way to closing


def ready(case: Case, needs: Sequence[Need], office: Office, today: date) -> list[list[Need]]:
    """What an office can do now: the way of the case first, what stands open, what is begun; the same step together."""
    mine = [n for n in needs if office in n.by and not n.refusals and not waits(case, n, today)]
    mine.sort(key=lambda n: (n.key != case.phase, n.at is None))
    alike: dict[tuple[str, ...], list[Need]] = {}
    for need in mine:
        alike.setdefault((machine_of(need.key), *need.path, *need.instead), []).append(need)
    return list(alike.values())


def waits(case: Case, need: Need, today: date) -> bool:
    """Whether something is not due yet."""
    day = day_of(case, need)
    return day is not None and day > today


def day_of(case: Case, need: Need) -> date | None:
    """The day on which something falls due."""
    return dict(case.facts.due_days({need.key})).get(need.key)


def _onward(asked: Asking, office: Office) -> Iterator[Way]:
    """What leads to closing and is not among what is usual."""
    waiting = {key for wait in asked.workflow.waits(asked.case) for key in wait.keys}
    away = asked.workflow.guidance.from_elsewhere
    needs = [need for need in asked.needs if need.key not in waiting and machine_of(need.key) not in away]
    groups = ready(asked.case, needs, office, asked.view.today)
    labels = {label for alike in groups for label in (*alike[0].path[:1], *alike[0].instead)}
    options = asked.options_for(office, [c for c in asked.workflow.commands.values() if c.label in labels])
    for alike in groups:
        for found in leading(asked.case, alike, [o for o in options if o.allowed]):
            yield from _ways(asked, found)


def leading(case: Case, alike: Sequence[Need], allowed: Options) -> Iterator[list[Option]]:
    """Where the next steps of needs that are alike are given: on the things themselves, the phase, or something new."""
    need = alike[0]
    for label in (*need.path[:1], *need.instead):
        places = dict.fromkeys(place for n in alike for place in n.places)
        for keys in ([n.key for n in alike], [*places], [case.phase], [None]):
            options = [o for o in allowed if o.command.label == label and o.key in keys]
            if options:
                yield options
                break
