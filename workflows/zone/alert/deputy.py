"""One of the pair of deputy chiefs of the district (综治副片长、专职副片长), who both answer for the alert."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Event
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Follows, Machine, Spawns
from mediation_engine.domain.presentation import Presentation

from . import cards
from .facts import AlertFacts, Deputy, facts_of
from .vocabulary import DeputyLine


class S(Labelled):
    """Who was relieved answers for it no more: it was sent to another district."""

    ANSWERABLE = "answerable", "负责"
    RELIEVED = "relieved", "已改派"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyNamed(Event[None]):
    label: ClassVar[str] = "副片长负责"
    given: None = None
    staff: str
    line: DeputyLine

    def apply(self, facts: AlertFacts, line: Line) -> None:
        facts.naming = facts.naming[1:]
        facts.deputies[line.instance] = Deputy(staff=self.staff, line=self.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyRelieved(Event[None]):
    label: ClassVar[str] = "副片长不再负责"
    given: None = None


def named(case: Case) -> Iterator[DeputyNamed]:
    """The first of the pair who is not there yet."""
    for one in facts_of(case).naming[:1]:
        yield DeputyNamed(staff=one.staff, line=one.line)


def relieved(case: Case, key: str) -> DeputyRelieved | None:
    """The alert went to another district."""
    return DeputyRelieved() if facts_of(case).deputies[key].relieved else None


def relieve_all(facts: AlertFacts) -> None:
    """Those who answer for it answer for it no more."""
    facts.deputies = {key: replace(one, relieved=True) for key, one in facts.deputies.items()}


# fmt: off
ROWS = (
    Spawns(S.ANSWERABLE, named, DeputyNamed, POLICY),
    Follows(S.ANSWERABLE, S.RELIEVED, relieved, DeputyRelieved, POLICY),
)
# fmt: on

DEPUTY = Machine.declare(
    "deputy",
    "副片长",
    S,
    ROWS,
    final={S.RELIEVED},
    resting={S.ANSWERABLE},
    alive=ALWAYS,
    shown=Presentation(
        title="负责的副片长", rows=True, place=15, usual=frozenset({S.ANSWERABLE}), card=cards.deputy, joint=False
    ),
)
