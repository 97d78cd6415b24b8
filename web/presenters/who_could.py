"""Which office could do what, and why not, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mediation_engine.decisions.options import Option
from mediation_engine.descriptions.lines import Teller
from mediation_engine.domain.roles import Office

MOST_NAMED = 8
"""More things than this in one cell are counted, not named."""
NEW = "新的一项"


@dataclass(frozen=True, slots=True, kw_only=True)
class Could:
    """A step on things of which the same is true."""

    able: str
    """The offices that could take it; empty where none could."""
    step: str
    reason: str
    things: list[str]

    @property
    def about(self) -> str:
        """What the step was about, in a row; empty where it begins something new."""
        return "" if self.things == [NEW] else several(self.things)


def who_could(doing: Mapping[Office, Sequence[Option]], teller: Teller) -> list[Could]:
    """Every step and which offices could take it, those that could be taken first; where none could, why."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for options in zip(*doing.values(), strict=True):  # the same step on the same thing, office by office
        able = "、".join(o.label for o, option in zip(doing, options, strict=True) if option.allowed)
        # Why an office that the rules let take it could not.
        barred = (x for x in options if not any(r.code == "office" for r in x.refusals))
        reason = "" if able else next((reasons(x, teller) for x in barred), "")
        rows.setdefault((able, options[0].command.label, reason), []).append(thing_of(options[0].key, teller))
    found = [Could(able=able, step=step, reason=reason, things=t) for (able, step, reason), t in rows.items()]
    return sorted(found, key=lambda row: not row.able)


def reasons(option: Option, teller: Teller) -> str:
    """Why a step cannot be taken."""
    return "；".join(r.sentence + about(r.about, teller.thing) for r in option.refusals)


def thing_of(key: str | None, teller: Teller) -> str:
    """What a step is about."""
    return NEW if key is None else teller.thing(key)


def several(things: Sequence[str]) -> str:
    """Things in a row, many of them counted."""
    if len(things) <= MOST_NAMED:
        return "、".join(things)
    return f"{'、'.join(things[:MOST_NAMED])}等{len(things)}项"


def about(keys: Sequence[str], name: Callable[[str], str]) -> str:
    """What a sentence is about, behind it: （王某、李某）."""
    return f"（{several([name(k) for k in keys])}）" if keys else ""
