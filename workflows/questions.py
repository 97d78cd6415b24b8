"""What decisions about a dispute ask from outside the case. The event that asks keeps the answer."""

from __future__ import annotations

from mediation_engine.domain.decision_context import Question, Surroundings
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.roles import Level

from .facts import RoleRule
from .tracks import track_of

POLICY_REPEATS = 180
"""Up to so many days after the other was closed a new case between the same parties counts as 反复 (policy)."""
POLICY_VISIT_DAYS = (7, 30, 90)
"""Days after effect on which follow-up visits fall due (policy: no national rule fixes an interval)."""


def _host_kind(around: Surroundings, organisation: str) -> str:
    known = around.organisation(organisation)
    return known.kind if known else ""


def _level(around: Surroundings, organisation: str) -> Level | None:
    known = around.organisation(organisation)
    return known.level if known else None


def _case_number(around: Surroundings, organisation: str, track: str, year: int) -> str:
    """（2026）永开人调字第0001号, by the year of acceptance.

    Counted by the words it is made of: two organisations that are called the same for short share one series.
    """
    known, law = around.organisation(organisation), track_of(track)
    host, kind = known.short_name if known else "", law.number_word if law else ""
    serial = around.next_number(host, kind, year)
    return f"（{year}）{host}{kind}字第{serial:04d}号"


def _roles(around: Surroundings) -> tuple[RoleRule, ...]:
    return tuple(RoleRule(r.code, r.needs_consent, r.counts_for_quorum, r.public_organ) for r in around.roles)


def _visit_days(_around: Surroundings) -> tuple[int, ...]:
    return POLICY_VISIT_DAYS


def _sides_before(around: Surroundings, predecessor: str | None) -> tuple[tuple[str, ...], ...]:
    """Of a case that was closed not long ago, so that the same trouble again is 反复: who stood on each side."""
    before = around.ended(predecessor) if predecessor else None
    if before is None or (around.now.astimezone(CHINA).date() - before.day).days > POLICY_REPEATS:
        return ()
    return tuple(tuple(sorted(side)) for side in before.sides[:2])


HOST_KIND = Question("host_kind", _host_kind)
"""Legal nature of an organisation (id), as the register has it."""
LEVEL = Question("level", _level)
"""The level of the organisation (id) that hosts a case."""
RAISED = Question("raised", _level)
"""The level of the organisation (id) with which a case was raised."""
CASE_NUMBER = Question("number", _case_number)
"""The next case number of an organisation (id) on a track (code) in a year."""
ROLES = Question("roles", _roles)
"""The installed roles and what each needs."""
VISIT_DAYS = Question("visit_days", _visit_days)
"""The visiting policy in force."""

SIDES_BEFORE = Question("sides_before", _sides_before)
"""The people (ids) of each side of a case (id) that another follows on soon after; nothing where it does not."""

QUESTIONS = (HOST_KIND, LEVEL, RAISED, CASE_NUMBER, ROLES, VISIT_DAYS, SIDES_BEFORE)
