"""What a case leaves to be done in another: declared by the content, done by the worker as orders through the door.

It follows from how the case stands, so it is left by the commit that makes it so and gone with the one that says that
it was done. Killed in between, whoever comes next gives the same orders again, under the same ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from .case import Case
from .command import Command
from .occurred import Occurred


@dataclass(frozen=True, slots=True, kw_only=True)
class NextOrder:
    """The next order of a task."""

    case: str
    command: Command
    on: tuple[str, ...] = ()
    workflow: str = ""
    """The workflow (name) of a case that it opens."""
    occurred: Occurred | None = None
    """When that happened which it writes down, where it was not now."""


class Elsewhere(Protocol):
    """What a task may look at besides its own case."""

    def case(self, id: str) -> Case | None:
        """A case by its id or its number, as it stands; None where there is none, or it is no business of whose task it
        is."""

    def said(self, text: str | None) -> str:
        """The words of a text of the task's own case; empty where there are none, or they were erased."""

    def host_above(self, organisation: str) -> str | None:
        """The nearest organisation (id) above one that has staff to handle a case; None where none has."""

    def version_of(self, family: str) -> str:
        """The workflow (name) by which a case of a family is opened today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRule:
    """Something to be done in another case. It decides nothing: the tables do."""

    code: str
    """What a failure of it is put aside under."""
    label: str
    due: Callable[[Case], Iterable[str]]
    """The instances (keys) for which it is still to be done, as the case stands."""
    next: Callable[[Case, str, Elsewhere], NextOrder | str]
    """The next order for an instance, as all stands; or, in a sentence, why there can be none."""
