"""What a workflow proposes as usual next: a step, what about, and why now. For people; decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from .case import Case
from .command import Command
from .roles import Office

SEVERAL = "several"
"""What a form calls those for whom the same is given, beside the one it names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A step as it is proposed in a case."""

    on: tuple[str, ...] = ()
    """The instances it is given on; none for a step of the phase, or for what begins something new."""
    about: tuple[str, ...] = ()
    """The instances it is about, where these are others than those it is given on."""
    why: str = ""
    """Why now, in a few words; private words never."""
    day: date | None = None
    """The day by which it is to be done, or on which it comes about: until then it can wait."""
    form: tuple[tuple[str, str], ...] = ()
    """What its form begins with: names of fields, each with a code or an instance."""


Proposing = Callable[[Case, date], Iterable[Proposed]]


@dataclass(frozen=True, slots=True)
class Usual:
    """A step that is usual where something is so in a case, today."""

    step: type[Command]
    when: Proposing
    office: Office | None = None
    """The only office it is usual for; None: for every one that may."""
    is_aside: bool = False
    """Whether the case does not wait for it: it is done beside what leads on."""
