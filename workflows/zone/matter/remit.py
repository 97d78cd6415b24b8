"""Who may do what with a matter: a grid worker what is his own, the lead alone what the kind leaves to him."""

from __future__ import annotations

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.guard import POLICY, Refusal
from mediation_engine.domain.roles import Office

from .entry import AssignMatter, EndMatter, FillInMatter
from .facts import facts_of
from .grid_worker import barred as barred_grid_worker

LEAD_ENDS = Refusal("lead_ends", "办好了先反馈，由室主任核实后办结（销号）", POLICY)

LEAD_SETS = Refusal("lead_sets", "交给谁办、哪天以前，由室主任改", POLICY)


def barred(case: Case, person: str, office: Office, command: type[Command]) -> Refusal | None:
    """Why somebody (id) may not give a command in a matter."""
    facts = facts_of(case)
    if facts.kind is not None and facts.kind.lead_ends and office not in (Office.LEAD, Office.AUTOMATIC):
        if command is EndMatter:
            return LEAD_ENDS
        if command is FillInMatter or (command is AssignMatter and facts.assigned):
            return LEAD_SETS
    return barred_grid_worker(case, person, office, command)
