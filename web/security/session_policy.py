"""How long somebody stays signed in, by office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mediation_engine.domain.roles import Actor, Office
from mediation_engine.ports.accounts import SignIn
from mediation_engine.ports.store import Unit

from .age import is_younger

LONGEST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Limits:
    """After how long away, and after how long at all, somebody must sign in again."""

    idle: timedelta
    whole: timedelta


STAFF_LIMITS = Limits(timedelta(minutes=30), LONGEST)
AUDITOR_LIMITS = Limits(timedelta(minutes=15), timedelta(hours=8))


def limits_of(offices: Iterable[Office]) -> Limits:
    """The strictest of those for any office held."""
    return AUDITOR_LIMITS if Office.AUDITOR in offices else STAFF_LIMITS


def is_live(row: SignIn, actor: Actor, now: datetime) -> bool:
    """Whether somebody may still go on where he signed in."""
    limits = limits_of(actor.offices)
    return actor.active and is_younger(row.seen, now, limits.idle) and is_younger(row.began, now, limits.whole)


def live_sign_ins(unit: Unit, actor: Actor) -> list[SignIn]:
    """Where somebody is signed in."""
    return [row for row in unit.accounts.sign_ins(actor.id) if is_live(row, actor, unit.now)]
