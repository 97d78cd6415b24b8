"""离结案还差什么: what stands between a case and its closing, in words; what is alike told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mediation_engine.decisions.closing import Need
from mediation_engine.domain.case import machine_of

from .case_options import Asking
from .refusal_reasons import Reason, Way, named, reasons
from .step_groups import leading_ways

FEW = 3
"""So many things that are alike are named; more are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """Something that is not done yet, in words: one thing, or several of which the same is true."""

    thing: str
    state: str
    path: tuple[str, ...]
    instead: str
    giving_up: str
    by: str
    ways: tuple[Way, ...]
    reasons: tuple[Reason, ...]


def lacking(asked: Asking) -> list[Lacking]:
    """What stands between a case and its closing."""
    alike: dict[tuple[object, ...], list[Need]] = {}
    for need in asked.needs:
        same = (machine_of(need.key), asked.case.state(need.key), need.path, need.instead, need.refusals)
        alike.setdefault(same, []).append(need)
    return [_lacking(asked, needs) for needs in alike.values()]


def _lacking(asked: Asking, alike: Sequence[Need]) -> Lacking:
    need = alike[0]
    return Lacking(
        thing=_things(asked, alike),
        state=asked.workflow.unfinished(asked.case, need.key)
        or asked.teller.state(need.key, asked.case.state(need.key)),
        path=tuple(step.removeprefix("⤷") for step in need.path),
        instead="、".join(step.removeprefix("⤷") for step in need.instead),
        giving_up="、".join(need.giving_up),
        by="、".join(o.label for o in need.by),
        ways=tuple(leading_ways(asked, alike)),
        reasons=tuple(reasons(asked.case, need.refusals, asked.teller, asked.office, asked.allowed)),
    )


def _things(asked: Asking, alike: Sequence[Need]) -> str:
    """A few by their names; many by how many they are."""
    if len(alike) > FEW:
        return f"{asked.workflow.machines[machine_of(alike[0].key)].label} {len(alike)} 项"
    return named(asked.case, [n.key for n in alike], asked.teller)
