"""A colleague's open cases, to be handed over; and what came of it, case by case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mediation_engine.domain.formatting import heading
from mediation_engine.domain.roles import Actor
from mediation_engine.services.case_view import names_of
from mediation_engine.services.handover import MOST, Led, Outcome
from mediation_engine.services.mediation import MediationService


@dataclass(frozen=True, slots=True, kw_only=True)
class ToHandOver:
    """One case, by its parties."""

    led: Led
    parties: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """All that somebody leads, as much as is handed over at a time."""

    giver: Actor
    takers: Sequence[Actor]
    cases: Sequence[ToHandOver]
    more: bool
    """Whether there are more than that."""


def listing(door: MediationService, giver: Actor, takers: Sequence[Actor], led: Sequence[Led]) -> Listing:
    """The cases by the names of their parties."""
    shown = led[:MOST]
    with door.store.read() as unit:
        names = names_of(unit, [it.case for it in shown])
    cases = [ToHandOver(led=it, parties=heading(names[it.case]) or it.case) for it in shown]
    return Listing(giver=giver, takers=takers, cases=cases, more=len(led) > MOST)


def told(shown: Listing, outcomes: Sequence[Outcome]) -> list[tuple[str, str, str]]:
    """(case, parties, why not) of each case."""
    parties = {it.led.case: it.parties for it in shown.cases}
    return [(it.case, parties[it.case], it.why_not) for it in outcomes]
