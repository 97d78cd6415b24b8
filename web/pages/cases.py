"""The list of cases, and one case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.fields import fields_of
from mediation_engine.domain.workflow import Workflow
from mediation_engine.labels import Labelled
from mediation_engine.readmodels import CaseRow
from mediation_engine.rights import reach

from ..here import door, look, reader
from ..reading import parties, standing, teller

pages = Blueprint("cases", __name__, url_prefix="/cases")
A_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A case in the list, in words."""

    row: CaseRow
    parties: str
    dispute: str
    standing: str
    organisation: str


@pages.get("")
def index() -> str:
    """Cases of one's organisation and those below it, a page at a time."""
    after = request.args.get("after", "")[:80]
    with door().store.read() as unit:
        own = reach(unit.register, reader().actor.organisation)
        names = {o.id: o.name for o in unit.register.organisations()}
        rows = unit.views.case_rows(after=after, most=A_PAGE + 1, organisations=own)
    listed = [_listed(row, names) for row in rows[:A_PAGE]]
    return render_template("cases.html", listed=listed, after=after, more=len(rows) > A_PAGE)


def _listed(row: CaseRow, names: dict[str, str]) -> Listed:
    workflow = door().catalogue.reading(row.workflow)
    return Listed(
        row=row,
        parties=parties(door(), door().case(row.case)),
        dispute=_dispute(workflow, row.dispute),
        standing=standing(workflow, row.phase, row.state),
        organisation=names.get(row.organisation, row.organisation),
    )


def _dispute(workflow: Workflow | None, code: str) -> str:
    """What a case is about, as the form that opened it calls it."""
    specs = fields_of(workflow.opening) if workflow else ()
    choices = next((s.choices for s in specs if s.name == "dispute"), None) or ()
    return next((c.label for c in choices if isinstance(c, Labelled) and c.value == code), code)


@pages.get("/<case_id>")
def show(case_id: str) -> str:
    """One case: where it stands, and how it came there."""
    case = look(case_id, "case")
    lines = door().history(case.id)
    workflow = door().catalogue.reading(case.workflow)
    telling = teller(door(), case, reader().office, lines)
    return render_template(
        "case.html",
        case=case,
        workflow=workflow,
        teller=telling,
        rail=list(rail(workflow, case)),
        waiting=workflow.open_parts(case) if workflow else (),
        parties=[telling.thing(key) for key in case.facts.parties],
        dispute=_dispute(workflow, case.facts.dispute),
        told=[(line, telling.line(line)) for line in lines],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A phase on the way of a case."""

    label: str
    stands: str
    """done | now | next"""
    state: str = ""
    rounds: int = 0


def rail(workflow: Workflow | None, case: Case) -> Iterator[Stage]:
    """The phases in order: been through, the present one, those it can be handed on to from here."""
    ahead = _ahead(workflow, machine_of(case.phase)) if workflow else set()
    for phase in workflow.phases if workflow else ():
        rounds = case.counts.get(phase.name, 0)
        if not rounds and phase.name not in ahead:
            continue
        is_now = phase.name == machine_of(case.phase)
        state = phase.label_of(case.state(case.phase)) if is_now else ""
        yield Stage(
            label=phase.label, stands="now" if is_now else "done" if rounds else "next", state=state, rounds=rounds
        )


def _ahead(workflow: Workflow, phase: str) -> set[str]:
    """The phases that handoffs lead to from one, step by step."""
    found: set[str] = set()
    new = {phase}
    while new:
        ends = {end for name in new for end in workflow.machines[name].final}
        new = {to for end, to in workflow.handoffs.items() if end in ends and to} - found
        found |= new
    return found
