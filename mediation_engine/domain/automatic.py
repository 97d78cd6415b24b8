"""What the worker does of itself when a day has gone by: declared by the content, given as orders through the door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .case import Case
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticStep:
    """A step that the worker takes on what falls due and was left undone. It decides nothing: the table does."""

    code: str
    """What a failure of it is put aside under."""
    label: str
    kind: str
    """Of what falls due: the name of a machine."""
    after: int
    """So many days after its day the step is taken (policy)."""
    command: Callable[[Case, str, date], Command | None]
    """The step for an instance on a day; None where there is nothing to do."""
