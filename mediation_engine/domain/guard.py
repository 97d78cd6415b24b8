"""Guards: conditions of law or policy on an edge. Met, unmet, or cannot be judged; each unmet one says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from .case import Situation
from .command import Command
from .occurred import Occurred

C = TypeVar("C", bound=Command)

POLICY = "policy"
"""The basis of a rule that is ours and no statute's."""


def basis_words(basis: str) -> str:
    """A rule's basis for people: the article, or that it is ours."""
    return "本室规定" if basis == POLICY else basis


@dataclass(frozen=True, slots=True)
class Answer:
    """What a guard says. `met` is None where it cannot be judged; `about` names the instances that are in the way."""

    met: bool | None
    about: tuple[str, ...] = ()
    since: str = ""
    """Where it comes too early: when that happened which it comes before, in EDTF."""


MET = Answer(True)
UNJUDGED = Answer(None)


def met_if(condition: bool, about: Iterable[str] = ()) -> Answer:
    """Met or unmet by a plain condition."""
    return MET if condition else Answer(False, tuple(about))


def none_of(about: Iterable[str]) -> Answer:
    """Met where nothing is in the way; else unmet, naming what is."""
    named = tuple(about)
    return Answer(not named, named)


Check = Callable[[Situation], Answer]


@dataclass(frozen=True, slots=True)
class Guard:
    """A named condition: `sentence` tells the user what to do, `basis` is a statute's article or ``policy``."""

    code: str
    sentence: str
    basis: str
    check: Check
    fixed: bool = False
    """Whether nobody may set it aside: without it the step would make no sense."""
    of_form: bool = False
    """Whether it asks of what is filled in alone: an empty form meets it, and is not held to it."""

    @property
    def may_be_waived(self) -> bool:
        """Whether the lead may set it aside, with a reason: rules of policy, where a step makes sense without them."""
        return self.basis == POLICY and not self.fixed


def guard(sentence: str, basis: str, *, fixed: bool = False, of_form: bool = False) -> Callable[[Check], Guard]:
    """Make a guard of a function; its name becomes the code."""
    return lambda check: Guard(check.__name__, sentence, basis, check, fixed, of_form)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a command is not possible now, for people: a code, a sentence, its basis, what it is about."""

    code: str
    sentence: str
    basis: str = POLICY
    about: tuple[str, ...] = ()


def with_day(sentence: str, since: str) -> str:
    """A guard's sentence, with the day that was not kept to."""
    return f"{sentence}（{Occurred(since).words()}）" if since else sentence


def given_as(situation: Situation, kind: type[C]) -> C | None:
    """The order's command where it is filled in and of this kind."""
    return situation.given if isinstance(situation.given, kind) else None
