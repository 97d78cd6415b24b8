"""What cannot come before what: moments of a case, and the guards that hold a step to them.

An act that is dated before what it rests on, or rests on what came after it, is known to be wrong only where both days
are known; what is not reported is not held against anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from .case import Situation
from .guard import MET, POLICY, Answer, Guard
from .occurred import Occurred

PREFIX = "not_before_"
"""What the codes of these guards begin with."""
Happened = tuple[str | None, Occurred | None]
"""An instance, None for the case itself; and when it came to that, None where it has not."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened that a step may not come before: of the case, or of one or more of its instances."""

    code: str
    label: str
    """As in 发生时间不能早于…"""
    of: Callable[[Situation], Iterable[Happened]]


@dataclass(frozen=True, slots=True)
class NotBefore(Guard):
    """A guard that holds a step to a moment."""

    moment: Moment | None = None


def not_before(moment: Moment, basis: str = POLICY) -> NotBefore:
    """A step may not come before a moment; as a gate for what an office does, as a mark for what has happened."""
    sentence = f"发生时间不应早于{moment.label}，请核对两处日期"
    check = partial(_held_to, moment.of)
    return NotBefore(f"{PREFIX}{moment.code}", sentence, basis, check, fixed=True, of_form=True, moment=moment)


def _held_to(of: Callable[[Situation], Iterable[Happened]], s: Situation) -> Answer:
    later = [(key, when) for key, when in of(s) if when is not None and s.occurred.is_before(when)]
    if not later:
        return MET
    last = max((when.text for _, when in later), default="")
    return Answer(False, tuple(key for key, _ in later if key is not None), last)
