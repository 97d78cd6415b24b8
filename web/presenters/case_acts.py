"""What can be done with each thing of a case, to stand where it is shown; and what can be begun anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mediation_engine.decisions.options import Option

from .case_options import Asking
from .refusal_reasons import Address, Way

FIRST = 2
"""So many steps stand open, the others are folded."""


@dataclass(frozen=True, slots=True)
class Acts:
    """The steps of one thing."""

    first: Sequence[Way]
    others: Sequence[Way]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseActs:
    """The steps of all things, for the reader."""

    of: Mapping[str, Acts] = field(default_factory=dict)
    """By instance."""
    new: Mapping[str, Sequence[Way]] = field(default_factory=dict)
    """By kind of part (name of its machine): what begins one."""

    def on(self, keys: Sequence[str]) -> Acts:
        """The steps of some things that are shown together."""
        found = [self.of[key] for key in keys if key in self.of]
        return Acts([way for acts in found for way in acts.first], [way for acts in found for way in acts.others])


def case_acts(asked: Asking) -> CaseActs:
    """What the reader can do now, each step on one thing."""
    leading = {(step, need.at) for need in asked.needs for step in (*need.path[:1], *need.instead)}
    by_key: dict[str, list[Option]] = defaultdict(list)
    new: dict[str, list[Way]] = defaultdict(list)
    for option in asked.options:
        if not option.allowed or option.key == asked.case.phase:
            continue
        if option.key is None:
            new[option.machine.name].append(_way(asked, option))
        else:
            by_key[option.key].append(option)
    return CaseActs(of={key: _acts(asked, own, leading) for key, own in by_key.items()}, new=new)


def _acts(asked: Asking, options: Sequence[Option], leading: set[tuple[str, str | None]]) -> Acts:
    """What leads on comes first; what gives up stands last, and is folded."""

    def place(option: Option) -> tuple[bool, bool]:
        return option.command.gives_up, (option.command.label, option.key) not in leading

    options = sorted(options, key=place)
    ways = [_way(asked, option) for option in options]
    first = sum(not option.command.gives_up for option in options[:FIRST])
    return Acts(ways[:first], ways[first:])


def _way(asked: Asking, option: Option) -> Way:
    on = (option.key,) if option.key else ()
    return Way(label=option.command.label, address=Address(asked.case.id, option.command.name(), on))
