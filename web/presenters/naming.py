"""What people and things of a case are called, where a key alone says too little."""

from __future__ import annotations

from mediation_engine.descriptions.lines import Teller
from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.matter import CASE
from mediation_engine.domain.workflow import Workflow


def thing(case: Case, teller: Teller, key: str) -> str:
    """An instance by its name; where that does not tell, with whom or what it is about."""
    called, number = teller.thing(key), teller.numbered(key)
    about = "" if key in teller.names or called != number else _about(case, teller, key)
    return f"{called}（{about}）" if about else called


def _about(case: Case, teller: Teller, key: str) -> str:
    by = case.facts.named_by(key)
    return "　".join(name for id in by if (name := teller.thing(id) if "/" in id else teller.names.get(id, "")))


def number_of(workflow: Workflow | None, case: Case) -> str:
    """By what number it is known; that it has none, in the words of what it is."""
    kind = workflow.matter if workflow else CASE
    return case.facts.number or ("尚无案号" if kind.code == CASE.code else f"{kind.label}，没有编号")


def standing_of(workflow: Workflow | None, case: Case) -> str:
    """Where a case stands, in words."""
    return standing(workflow, machine_of(case.phase), case.state(case.phase) or "")


def standing(workflow: Workflow | None, phase: str, state: str) -> str:
    """Phase and state in words."""
    machine = workflow.machines.get(phase) if workflow else None
    return f"{machine.label}·{machine.label_of(state)}" if machine else f"{phase}·{state}"
