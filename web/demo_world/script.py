"""What a story of the made-up room is written in: a case is a list of steps, each a command with when and by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Actor, Organisation

from .days import Days
from .papers import Drawn
from .people import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One order: so many working days before today, at a time of day, by a member of the staff."""

    back: int
    at: str
    by: str
    command: Command
    on: tuple[str, ...] = ()
    capacity: str = ""
    waives: Mapping[str, Text] = field(default_factory=dict)
    papers: tuple[Drawn, ...] = ()


def step(back: int, at: str, by: str, command: Command, *on: str, **more: Any) -> Step:
    """A step in one line."""
    return Step(back=back, at=at, by=by, command=command, on=on, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A case: its id, the family of workflows it goes by, and its steps in order, around today."""

    case: str
    family: str
    """Empty where it is opened by what became of another."""
    steps: Callable[[Days], Iterable[Step]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Stories with who is in them, who tells them, and where."""

    stories: tuple[Story, ...]
    people: Mapping[str, Known]
    organisations: tuple[Organisation, ...]
    staff: tuple[Actor, ...]
    reports: bool = False
    """Whether the committees around it report their months."""

    def __or__(self, other: Company) -> Company:
        """Both of them."""
        return Company(
            stories=self.stories + other.stories,
            people={**self.people, **other.people},
            organisations=self.organisations + other.organisations,
            staff=self.staff + other.staff,
            reports=self.reports or other.reports,
        )


FAST, PANEL, ALERT, MATTER, MEETING = "fast_track", "consultation", "alert", "matter", "meeting"
"""Families of workflows."""
