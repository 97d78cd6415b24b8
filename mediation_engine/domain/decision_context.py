"""What a decision needs from outside its case: the time, the rules, and answers to what the workflow asks.

A workflow declares its questions by name. Each answer is kept on the event that asked, in a field of that name; an
audit decides the same order again with the answers that stand there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar, cast

from .calendar import Calendar
from .roles import Organisation, Role
from .zone import Zone

A = TypeVar("A")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A case that has been closed: on which day, and its parties (ids in the register) by side."""

    day: date
    sides: tuple[frozenset[str], ...]


class Surroundings(Protocol):
    """What the answers to questions are made from. Only the door has one."""

    @property
    def now(self) -> datetime:
        """Time of the transaction, UTC."""

    @property
    def roles(self) -> Iterable[Role]:
        """The installed roles, in order."""

    @property
    def calendar(self) -> Calendar:
        """The working calendar in force: what `periods.period_end` counts on."""

    @property
    def zone(self) -> Zone:
        """The zone around the room, as the settings have it."""

    def organisation(self, id: str) -> Organisation | None:
        """An organisation of the register."""

    def mediates(self, staff: str) -> bool:
        """Whether somebody (id) is one of the staff who mediate."""

    def ended(self, case: str) -> Ended | None:
        """A case (id) that has been closed; None where there is none, or it is open."""

    def find(self, words: str, organisation: str) -> str | None:
        """What is known by an id or a number (its id), however typed, a case before anything else, or by the serial
        alone; None where an organisation, or one below it, has none, or where several have that serial."""

    def next_number(self, organisation: str, series: str, year: int) -> int:
        """The next number of an organisation, as it is called in numbers, in a series; gapless, taken where the order
        is carried out."""


@dataclass(frozen=True, slots=True)
class Question(Generic[A]):
    """Something that a workflow asks from outside when it decides."""

    name: str
    """Also the field of the event that keeps the answer."""
    answer: Callable[..., A]
    """Gives the answer, from the surroundings and what the question is about. Decides nothing."""


Answers = Callable[[Question[Any], tuple[Any, ...]], Any]
"""Gives the answer to a question about something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What a decision needs from outside the case."""

    now: datetime
    rules: str
    """The workflow's name and the fingerprint of its rules, ``fast_track_2026:1a2b…``."""
    hash_of: Callable[[object], str]
    """Gives the digest of a sealed command: what a confirmation is bound to."""
    answers: Answers

    def ask(self, question: Question[A], *about: object) -> A:
        """The answer to a question that the workflow declares."""
        return cast(A, self.answers(question, about))
