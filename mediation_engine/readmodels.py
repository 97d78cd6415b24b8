"""Read models: what lists and calendars show, derived from a case; rebuilt from lines at any time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from .domain.case import Case, machine_of
from .domain.workflow import Workflow


class CaseRow(Struct, frozen=True, kw_only=True):
    """A case in a list. No names: those are in the register."""

    case: str
    version: int
    workflow: str
    organisation: str
    track: str
    number: str | None
    dispute: str
    phase: str
    state: str
    closed: str | None
    opened: datetime
    updated: datetime
    rounds: int
    parties: int
    agreed: int | None
    """Sum agreed over live agreements, in 分; None where nothing is agreed or no sum is reported."""
    open_parts: int


def by_opening(row: CaseRow) -> tuple[datetime, str]:
    """By when a case was registered; those of one moment by id."""
    return row.opened, row.case


class OpenPart(Struct, frozen=True, kw_only=True):
    """Something a case is waiting for: a part that is neither finished nor at rest."""

    case: str
    instance: str
    state: str


class DueDate(Struct, frozen=True, kw_only=True):
    """A day by which something should have happened. Overdue is computed from today, never stored."""

    case: str
    instance: str
    kind: str
    due: date


class Named(Struct, frozen=True, kw_only=True):
    """Somebody who is a party to a case: who it is stands in the register."""

    case: str
    instance: str
    person: str


def in_order(named: Named) -> tuple[str, int]:
    """By case and order of joining: party/2 comes before party/10."""
    return named.case, int(named.instance.rpartition("/")[2])


class Projection(Struct, frozen=True, kw_only=True):
    """All rows of one case."""

    row: CaseRow
    parts: frozenset[OpenPart]
    dues: frozenset[DueDate]
    named: frozenset[Named] = frozenset()


def project(workflow: Workflow | None, case: Case) -> Projection:
    """The rows of a case; where its workflow is not installed, what can be told without it."""
    facts = case.facts
    live = _live_agreements(workflow, case)
    sums = [s for s in (facts.agreements[k].total for k in live) if s is not None]
    parts = workflow.open_parts(case) if workflow else []
    assert case.opened is not None and case.recorded is not None
    row = CaseRow(
        case=case.id,
        version=case.version,
        workflow=case.workflow,
        organisation=facts.organisation,
        track=facts.track,
        number=facts.number,
        dispute=facts.dispute,
        phase=machine_of(case.phase),
        state=case.state(case.phase) or "",
        closed=facts.closed,
        opened=case.opened,
        updated=case.recorded,
        rounds=facts.sessions_held(),
        parties=len(facts.parties),
        agreed=sum(sums) if sums else None,
        open_parts=len(parts),
    )
    open_parts = frozenset(OpenPart(case=case.id, instance=k, state=case.state(k) or "") for k in parts)
    named = frozenset(Named(case=case.id, instance=k, person=p.person) for k, p in facts.parties.items())
    return Projection(row=row, parts=open_parts, dues=frozenset(_dues(workflow, case, set(parts))), named=named)


def _live_agreements(workflow: Workflow | None, case: Case) -> list[str]:
    """Agreements that bind or may come to bind: not at an end of theirs."""
    machine = workflow.machines.get("agreement") if workflow else None
    dead = {s.value for s in machine.final} if machine else set()
    return [k for k in case.facts.agreements if case.state(k) not in dead]


def _dues(workflow: Workflow | None, case: Case, waiting: set[str]) -> Iterator[DueDate]:
    ends = workflow.term_ends(case) if workflow and workflow.term_ends else None
    if ends is not None:
        yield DueDate(case=case.id, instance=case.phase, kind="term", due=ends)
    for kind, dated in (("obligation", case.facts.obligations), ("visit", case.facts.visits)):
        for key, value in dated.items():
            if key in waiting and value.due is not None:
                yield DueDate(case=case.id, instance=key, kind=kind, due=value.due)
