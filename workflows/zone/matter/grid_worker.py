"""网格员: what a grid worker does with a matter that he reported, or that was given to him (本室规定)."""

from __future__ import annotations

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.guard import POLICY, Refusal
from mediation_engine.domain.roles import Office

from .entry import EndMatter
from .facts import facts_of
from .handling import AnswerMatter, SendBackMatter, SignForMatter, VerifyMatter
from .measure import RecordMeasure

GIVEN: frozenset[type[Command]] = frozenset({SignForMatter, RecordMeasure, AnswerMatter})
"""Done by who has it in hand."""
REPORTED: frozenset[type[Command]] = frozenset({EndMatter, VerifyMatter, SendBackMatter})
"""Done by who reported it."""
JUDGING: frozenset[type[Command]] = frozenset({VerifyMatter, SendBackMatter})
"""Nobody judges his own work."""

CODE = "not_own"

NOT_OWN = Refusal(CODE, "网格员只办自己上报的和交给自己的事项", POLICY)
NOT_GIVEN = Refusal(CODE, "这件事交给了别人，由承办的人办", POLICY)
NOT_REPORTED = Refusal(CODE, "这件事不是您上报的，由上报的人或调解室办", POLICY)
OWN_WORK = Refusal(CODE, "自己办的事不由自己核实，请调解室核实", POLICY)


def barred(case: Case, person: str, office: Office, command: type[Command]) -> Refusal | None:
    """Why a grid worker (id) may not give a command in a matter; of other offices nobody is kept out."""
    if office is not Office.GRID_WORKER or not case.version:
        return None
    facts = facts_of(case)
    if person not in (facts.reported_by, facts.handler):
        return NOT_OWN
    if command in GIVEN and facts.handler != person:
        return NOT_GIVEN
    if command in REPORTED and facts.reported_by != person:
        return NOT_REPORTED
    return OWN_WORK if command in JUDGING and facts.handler == person else None
