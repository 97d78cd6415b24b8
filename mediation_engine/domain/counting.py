"""What of a case figures count: declared by the content, worked out after each order, kept with when it was known.

A thing counted says no figure: figures are declared over kinds of things (`figure.Figure`), so that one more of them
costs no row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from msgspec import Struct

from .case import Case
from .command import Event
from .line import Line


class Counted(Struct, frozen=True, kw_only=True):
    """One thing that counts, as it stands."""

    what: str
    """The code of its kind, such as an acceptance or an agreement."""
    key: str = ""
    """The instance it is about; empty for the case as a whole. What a line tells gets its key from the line."""
    day: date | None
    """On which day it counts; None where nobody says: it is in no period."""
    kind: str = ""
    """How it stands or came out (code)."""
    form: str = ""
    """The form (code) of the agreement it rests on; empty where it rests on none."""
    amount: int | None = None
    """A sum in 分 or a number of days; None where it has none, or nobody says."""
    people: int | None = None


class Traits(Struct, frozen=True, kw_only=True):
    """By what figures are told apart: the same of all things of a case. Empty where it has no such thing."""

    district: str = ""
    dispute: str = ""
    source: str = ""
    mediator: str = ""
    level: str = ""


def _nothing(_case: Case, _line: Line, _event: Event[Any]) -> Iterable[Counted]:
    return ()


def _always(_case: Case) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """What of the cases of a workflow counts. It decides nothing."""

    of_case: Callable[[Case], Iterable[Counted]]
    """What counts as the case stands."""
    of_line: Callable[[Case, Line, Event[Any]], Iterable[Counted]] = _nothing
    """What a line that stands adds for good, whatever comes later; the case is as its order left it."""
    once: frozenset[str] = frozenset()
    """Kinds of things told by lines of which the first alone counts."""
    traits: Callable[[Case], Traits]
    counts: Callable[[Case], bool] = _always
    """Whether the case counts at all: one that was registered by mistake does not."""
