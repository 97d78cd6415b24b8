"""What can be done with each thing of a case, to stand where it is shown; and what can be begun anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mediation_engine.decisions.options import Option
from mediation_engine.domain.case import machine_of
from mediation_engine.domain.fields import fields_of

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
    """What the reader can do now, each step on one thing: of what is open the first few at once, the rest folded."""
    leading = [*_leading(asked)]
    open_now = set(asked.workflow.open_parts(asked.case))
    found: dict[str, list[Option]] = defaultdict(list)
    new: dict[str, list[Way]] = defaultdict(list)
    for option in asked.options:
        if not option.allowed or option.key == asked.case.phase:
            continue
        if option.key is None:
            new[option.machine.name].append(_way(asked, option))
        else:
            found[option.key].append(option)
    first: dict[str, list[Way]] = defaultdict(list)
    for key, option in leading:
        first[key].append(_way(asked, option, key))
    keys = dict.fromkeys((*first, *found))
    away = asked.workflow.guidance.from_elsewhere
    open_here = {key for key in open_now if machine_of(key) not in away}
    return CaseActs(of={key: _acts(asked, first[key], found[key], key in open_here) for key in keys}, new=new)


def _leading(asked: Asking) -> Iterator[tuple[str, Option]]:
    """With each thing that is open: the steps that lead on, on itself or to begin something about it."""
    allowed = [option for option in asked.options if option.allowed]
    for need in asked.needs:
        if need.key == asked.case.phase:
            continue
        for label in dict.fromkeys((*need.path[:1], *need.instead)):
            own = [o for o in allowed if o.command.label == label and o.key in (need.key, None)]
            yield from ((need.key, option) for option in own if option.key or _names(option, need.key))


def _acts(asked: Asking, leading: Sequence[Way], options: Iterable[Option], is_open: bool) -> Acts:
    """What leads on comes first; of what is at rest all is folded; what gives up stands last."""
    there = {way.address.command for way in leading}
    rest = sorted((o for o in options if o.command.name() not in there), key=lambda o: o.command.gives_up)
    ways = [*leading, *(_way(asked, option) for option in rest)]
    ready = len(leading) + sum(not option.command.gives_up for option in rest)
    count = min(FIRST, ready) if is_open else 0
    return Acts(ways[:count], ways[count:])


def _names(option: Option, key: str) -> str:
    """The field by which what is begun is about a thing; empty where it has none."""
    specs = fields_of(option.command)
    return next((s.name for s in specs if s.kind in ("ref", "refs") and s.machine == machine_of(key)), "")


def _with(asked: Asking, option: Option, about: str) -> Sequence[str]:
    """All about which a step mostly is, when it is about a thing."""
    together = asked.workflow.guidance.together.get(option.command.name())
    return together(asked.case, about) if together else (about,)


def _way(asked: Asking, option: Option, about: str = "") -> Way:
    """A step on its thing, or one that begins something about a thing."""
    on = (option.key,) if option.key else ()
    form = () if option.key or not about else tuple((_names(option, about), key) for key in _with(asked, option, about))
    address = Address(case=asked.case.id, command=option.command.name(), on=on, form=form)
    return Way(label=option.command.label, address=address)
