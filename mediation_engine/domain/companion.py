"""Steps that happen at one sitting: what goes together with a step on its form. For people; decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from .case import Case
from .command import Command

Filling = Mapping[str, str | Collection[str]]
"""What stands in fields, by name, as it would be typed; several things as a collection of keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """What is known of a sitting as the form of its step is opened."""

    case: Case
    on: tuple[str, ...]
    """The instances that the step is given on."""
    given: Command | None
    """The step as its form is filled in; None where that is not yet enough to read it."""
    today: date
    actor: str
    """Who has the form before him (id)."""

    def next_of(self, machine: str) -> str:
        """The key of what the step will bring into being."""
        return f"{machine}/{self.case.counts.get(machine, 0) + 1}"


def fields(*names: str) -> Callable[[Sitting], tuple[str, ...]]:
    """Always these."""
    return lambda _: names


def _nothing(_: Sitting) -> Filling:
    return {}


def _no(_: Sitting) -> bool:
    return False


def _any(_: Sitting, _key: str) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """A step that goes together with another: an order of its own, given after that and with it, or not at all."""

    command: type[Command]
    words: str
    """What its tick says."""
    about: Callable[[Sitting], Iterable[str | None]]
    """What it may be given on: instances, None for something new; nothing where there is nothing left to do.

    An instance that is not there yet is what the step brings into being.
    """
    concerns: Callable[[Sitting, str], bool] = _any
    """Whether the step as it was given is about one of these; asks nothing of the case that a step changes."""
    nobody: str = ""
    """What is said where it concerns none of them."""
    asks: Callable[[Sitting], tuple[str, ...]] = fields()
    """The fields that are asked for; all others are as is usual, or asked for on its own form."""
    begins: Callable[[Sitting], Filling] = _nothing
    """What it begins with, beside what is usual."""
    follows: Callable[[Sitting], Filling] = _nothing
    """What is not asked for because it follows from the step as it was given."""
    ticked: Callable[[Sitting], bool] = _no
    """Whether it is proposed ticked: the sentence of the step says as much."""
    at_once: bool = True
    """Whether it happened when the step did; else it happens now."""
