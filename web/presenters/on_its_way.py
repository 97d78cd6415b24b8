"""What of its kind is begun already where a step would begin another: where that is taken on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mediation_engine.domain.command import Command

from . import naming
from .case_acts import case_acts
from .case_options import Asking
from .next_offers import offered
from .papers import ListedPaper, listed
from .refusal_reasons import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Something that is begun and not yet done."""

    name: str
    state: str
    prints: Sequence[ListedPaper]
    """What is to be printed for it."""
    ways: Sequence[Way]
    """How it is taken on."""


def on_its_way(asked: Asking, command: type[Command]) -> list[Begun]:
    """What is begun of the kind that a step begins; nothing where another would be nothing out of the way."""
    find = asked.workflow.guidance.on_its_way.get(command.name())
    return [_begun(asked, keys) for keys in find(asked.case)] if find else []


def _begun(asked: Asking, keys: Sequence[str]) -> Begun:
    key, case = keys[0], asked.case
    wanted = {*asked.workflow.guidance.prints(case)}
    return Begun(
        name=naming.thing(case, asked.teller, key),
        state=asked.teller.state(key, case.state(key)),
        prints=[it for it in listed(asked.view) if it.key == key and (it.code, key) in wanted],
        ways=[*_ways(asked, keys)],
    )


def _ways(asked: Asking, keys: Sequence[str]) -> Iterator[Way]:
    """What is offered about any of it, then what can be done with the thing itself."""
    found = [way for way in offered(asked) if not way.is_aside and not set(keys).isdisjoint(way.address.on)]
    acts = case_acts(asked).of.get(keys[0])
    own = (*acts.first, *acts.others) if acts else ()
    yield from found
    yield from (way for way in own if way.address.command not in {it.address.command for it in found})
